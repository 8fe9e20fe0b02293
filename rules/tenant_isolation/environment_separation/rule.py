from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.estate.azure import ENVIRONMENT
from scanner.inventory import NAMESPACE
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import azure_ids, found, tag, text, why_untagged

NETWORK = "Microsoft.Network/virtualNetworks"
SERVER = "Microsoft.DBforPostgreSQL/flexibleServers"
DATABASE = f"{SERVER}/databases"
SUBSCRIPTION = "Microsoft.Resources/subscriptions"
MANAGED_CLUSTER = "Microsoft.ContainerService/managedClusters"
STANDS_FOR_CLUSTER = "kube-system"
APART = frozenset(("production", "nonproduction"))
SUBNETS = (
    "properties.agentPoolProfiles[*].vnetSubnetID",
    "properties.network.delegatedSubnetResourceId",
    "properties.subnet.id",
    "properties.subnetId",
    "properties.ipConfigurations[*].properties.subnet.id",
)


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.type == NAMESPACE:
        yield from _namespace(resource, estate)
    elif resource.type == SUBSCRIPTION:
        declared = estate.subscription(azure_ids.name(text(resource.value("id"))))
        yield from _mixed(resource, declared.name, declared.environments, estate) if declared else ()
    else:
        yield from _azure(resource, inventory, estate)


def _namespace(resource: Resource, estate: Estate) -> Iterator[Fault]:
    environment, cluster = resource.tenancy.environment, estate.cluster(resource.cluster)
    if resource.tenancy.standing is Standing.PLATFORM:
        if resource.name == STANDS_FOR_CLUSTER and cluster is not None:
            yield from _mixed(resource, cluster.name, cluster.environments, estate)
        else:
            yield resource.skip("the platform's own namespaces are out of its scope")
        return
    at: Path = ("metadata", "labels", estate.namespace_labels.environment)
    if environment is None:
        yield resource.unknown(f"its environment is not known: {resource.tenancy.reason}", at)
    elif cluster is None:
        name = f"cluster '{resource.cluster}' is not in the estate" if resource.cluster else "its cluster is not named"
        yield resource.unknown(f"where it may be is not known: {name}", at)
    elif environment not in cluster.environments:
        allowed = ", ".join(cluster.environments)
        message = f"environment '{environment}' is in cluster {cluster.name}, which is for {allowed} only"
        yield resource.fail(message, at)


def _azure(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    id_ = azure_ids.parse(text(resource.value("id")))
    if resource.type == DATABASE:
        yield from _on_server(resource, inventory)
        return
    reason = why_untagged(resource, estate.tags.exempt_types)
    if reason:
        yield resource.skip(reason)
        return
    at: Path = ("tags", tag(resource, ENVIRONMENT)[0] or ENVIRONMENT)
    environment = resource.tenancy.environment
    if environment is None:
        yield resource.unknown(
            "nothing says which environment it is for: tags, resource group and subscription name none", at
        )
        return
    if resource.type == MANAGED_CLUSTER:
        for one in estate.clusters:
            if azure_ids.same(one.resource_id, text(resource.value("id"))):
                yield from _mixed(resource, one.name, one.environments, estate)
    networks = list(_networks(resource, inventory))
    for subnet, network in networks:
        yield from _apart(resource, network, subnet, "has its address in virtual network")
    if id_ is None or not id_.subscription or not azure_ids.is_known(id_.subscription):
        if not networks:
            yield resource.skip("which subscription it is deployed to is not said here")
        return
    declared = estate.subscription(id_.subscription)
    if declared is None:
        yield resource.unknown(
            f"where it may be is not known: subscription '{id_.subscription}' is not in the estate", at
        )
    elif environment not in declared.environments:
        allowed = ", ".join(declared.environments)
        yield resource.fail(
            f"environment '{environment}' is in subscription {declared.name}, which is for {allowed} only", at
        )


def _mixed(resource: Resource, name: str, environments: tuple[str, ...], estate: Estate) -> Iterator[Fault]:
    """What the estate itself declares for both."""
    classes = {estate.environments[one].class_: one for one in reversed(environments)}
    if classes.keys() >= APART:
        names = f"'{classes['production']}' and '{classes['nonproduction']}'"
        at: Path = ("metadata", "name") if resource.type == NAMESPACE else ("id",)
        yield resource.fail(f"{name} is declared for {names}; production stands alone", at)


def _networks(resource: Resource, inventory: Inventory) -> Iterator[tuple[Path, Resource]]:
    """The virtual networks that it has addresses in, as far as they are at hand."""
    for at, value in (pair for pattern in SUBNETS for pair in found(resource, pattern)):
        network = azure_ids.parent(text(value)).lower()
        for other in inventory.grouped(_id, NETWORK).get(network, ()):
            yield at, other


def _on_server(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    server = azure_ids.parent(text(resource.value("id"))).lower()
    for other in inventory.grouped(_id, SERVER).get(server, ()):
        yield from _apart(resource, other, ("id",), "is on server")
    if resource.tenancy.environment_class is None:
        yield resource.skip("it carries no tags; the server's say what it is for")


def _apart(resource: Resource, other: Resource, at: Path, stands: str) -> Iterator[Fault]:
    mine, theirs = resource.tenancy.environment_class, other.tenancy.environment_class
    if {mine, theirs} == APART:
        message = f"it is of class {mine} and {stands} {other.name} of class {theirs}; the two stay apart"
        yield resource.fail(message, at, [(other, ("tags",), f"it is of class {theirs}")])


def _id(resource: Resource) -> Iterator[Hashable]:
    yield text(resource.value("id")).lower()
