from collections.abc import Iterator

from scanner import Inventory, Resource
from scanner.model.resource import Fault
from scanner.views.private_links import endpoints_of

SUBNET = ("properties", "network", "delegatedSubnetResourceId")


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    if resource.value(*SUBNET):
        return
    endpoints = endpoints_of(inventory, str(resource.attributes.get("id", "")), ("postgresqlserver",))
    if endpoints.connected:
        return
    if endpoints.refused:
        related = [(one, ("properties",), "its private endpoint") for one in endpoints.refused]
        yield resource.fail("its private endpoint is not approved, and it has no delegated subnet", SUBNET, related)
    elif endpoints.is_unknown:
        yield resource.unknown("where every private endpoint leads is not known", SUBNET)
    else:
        yield resource.fail("it has neither a delegated subnet nor a private endpoint; one of them is expected", SUBNET)
