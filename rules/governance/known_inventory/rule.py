from collections.abc import Iterator

from scanner import Estate, Resource
from scanner.model.resource import Fault
from scanner.views import azure_ids, text

SUBSCRIPTION = "Microsoft.Resources/subscriptions"
MANAGED_CLUSTER = "Microsoft.ContainerService/managedClusters"
STANDS_FOR_CLUSTER = "kube-system"


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    id_ = text(resource.value("id"))
    if resource.type == SUBSCRIPTION:
        name = azure_ids.name(id_) or resource.name
        if estate.subscription(name) is None:
            yield resource.fail(
                f"subscription '{name}' is not in the estate; all subscriptions are declared", at=("id",)
            )
    elif resource.type == MANAGED_CLUSTER:
        if not any(azure_ids.same(cluster.resource_id, id_) for cluster in estate.clusters):
            message = f"managed cluster '{resource.name}' is not in the estate; every cluster is declared by its id"
            yield resource.fail(message, at=("id",))
    elif resource.name != STANDS_FOR_CLUSTER:
        yield resource.skip("the namespace kube-system stands for the cluster")
    elif estate.cluster(resource.cluster) is None:
        message = f"cluster '{resource.cluster}' is not in the estate; every cluster is declared by its name"
        yield resource.fail(message, at=("metadata", "name"))
