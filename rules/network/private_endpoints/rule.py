from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import azure_ids, text
from scanner.views.azure_links import at_hand
from scanner.views.private_links import endpoints_of, resolves

NETWORK = "Microsoft.Network/virtualNetworks"
PARTS = {
    "Microsoft.Storage/storageAccounts": ("blob", "file", "dfs", "queue", "table", "web"),
    "Microsoft.KeyVault/vaults": ("vault",),
    "Microsoft.ContainerRegistry/registries": ("registry",),
    "Microsoft.Cache/redis": ("rediscache",),
}
"""What an endpoint may lead to, by type, in lower case."""
AT = ("name",)


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    class_ = resource.tenancy.environment_class
    if class_ is None:
        yield resource.unknown(f"its environment is not known: {_why(resource)}", ("tags",))
        return
    if class_ != "production":
        yield resource.skip(f"it is {class_}, not production")
        return
    endpoints = endpoints_of(inventory, str(resource.attributes.get("id", "")), PARTS[resource.type])
    reachable = [one for one in endpoints.connected if not _is_of_another(one, resource, inventory)]
    if not reachable:
        if endpoints.is_unknown:
            yield resource.unknown("where every private endpoint leads is not known", AT)
        else:
            yield _missing(resource, endpoints.connected, endpoints.refused)
        return
    answers = [resolves(inventory, one) for one in reachable]
    if not any(answers):
        if None in answers:
            yield resource.unknown("which endpoint every private DNS zone group is for is not known", AT)
            return
        related = [(one, ("properties",), "its private endpoint") for one in reachable]
        message = (
            f"its private endpoint '{reachable[0].name}' has no private DNS zone group; its name resolves publicly"
        )
        yield resource.fail(message, AT, related)


def _missing(resource: Resource, strangers: tuple[Resource, ...], refused: tuple[Resource, ...]) -> Fault:
    if strangers:
        related = [
            (one, ("properties", "subnet", "id"), "an endpoint in another tenant's network") for one in strangers
        ]
        return resource.fail(
            "its private endpoint is in the network of another tenant; its own is expected", AT, related
        )
    if refused:
        related = [(one, ("properties",), "its private endpoint") for one in refused]
        return resource.fail("its private endpoint is not approved; production is reached privately", AT, related)
    return resource.fail("it has no private endpoint; production is reached privately", AT)


def _is_of_another(endpoint: Resource, resource: Resource, inventory: Inventory) -> bool:
    """Whether the endpoint stands in a network of a tenant that is not the resource's."""
    subnet = text(endpoint.value("properties", "subnet", "id"))
    network = at_hand(inventory, azure_ids.parent(subnet), NETWORK) if subnet else None
    owner = network.tenancy if network is not None else endpoint.tenancy
    return owner.standing is Standing.TENANT and owner.tenant != resource.tenancy.tenant


def _why(resource: Resource) -> str:
    if resource.tenancy.standing is Standing.UNMAPPED:
        return resource.tenancy.reason
    return "neither its tags nor its group or subscription name one"
