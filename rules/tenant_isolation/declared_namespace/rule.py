from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import listed

STANDS_FOR_CLUSTER = "kube-system"
PRODUCTION = "production"


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.tenancy.standing is Standing.UNMAPPED:
        message = f"{resource.tenancy.reason}; every namespace is a declared tenant's or the platform's"
        yield resource.fail(message, at=("metadata", "name"))
    elif resource.name == STANDS_FOR_CLUSTER:
        missing = [name for name in _expected(resource.cluster, estate) if not inventory.namespace(*name)]
        if missing:
            names = listed([f"'{namespace}'" for _, namespace in missing])
            verb = "does" if len(missing) == 1 else "do"
            message = f"{names} {verb} not exist in cluster {resource.cluster}; the estate declares them for it"
            yield resource.fail(message if len(missing) > 1 else message.replace("them", "it"), at=("metadata", "name"))


def _expected(cluster: str, estate: Estate) -> Iterator[tuple[str, str]]:
    """The namespaces that must be in a cluster."""
    explicit = {(item.cluster, item.namespace) for item in estate.namespace_mapping.explicit}
    for name, (_, environment) in estate.namespaces.items():
        is_production = estate.environments[environment].class_ == PRODUCTION
        if name.cluster == cluster and (is_production or name in explicit):
            yield name
