from collections.abc import Iterator, Mapping
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, found, mapping, sequence, text
from scanner.views.azure_links import at_hand

NETWORK = "Microsoft.Network/virtualNetworks"
PEERING = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
TABLE = "Microsoft.Network/routeTables"
REMOTE = ("properties", "remoteVirtualNetwork", "id")
FORWARDED = ("properties", "allowForwardedTraffic")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.tenancy.hosting != "dedicated":
        yield resource.skip("it is of no dedicated tenant")
        return
    if resource.type == PEERING:
        peerings: list[tuple[Path, Any]] = [((), resource.attributes)]
        network = at_hand(inventory, azure_ids.parent(text(resource.attributes.get("id"))), NETWORK)
    else:
        peerings = list(found(resource, "properties.virtualNetworkPeerings[*]"))
        network = resource
    for at, peering in peerings:
        yield from _judged(resource, at, mapping(peering), network, inventory, estate)


def _judged(
    resource: Resource,
    at: Path,
    peering: Mapping[str, Any],
    network: Resource | None,
    inventory: Inventory,
    estate: Estate,
) -> Iterator[Fault]:
    properties = mapping(peering.get("properties"))
    remote = text(mapping(properties.get("remoteVirtualNetwork")).get("id"))
    if not remote:
        return
    name = azure_ids.name(remote) or remote
    if _is_hub(remote, estate):
        is_filtered = properties.get("allowForwardedTraffic") is not True or _is_behind_firewall(network, inventory)
        if is_filtered is None:
            yield resource.unknown("what leads out of its subnets is not known", (*at, *FORWARDED))
        elif not is_filtered:
            message = (
                f"the peering with hub '{name}' admits forwarded traffic; it must not, or a firewall must filter it"
            )
            yield resource.fail(message, (*at, *FORWARDED))
        return
    other = at_hand(inventory, remote, NETWORK)
    if other is not None and other.tenancy.tenant is not None:
        if other.tenancy.tenant != resource.tenancy.tenant:
            whose = f"of tenant {other.tenancy.tenant} ({other.tenancy.tenant_name})"
            yield resource.fail(
                f"peered with '{name}' {whose}; only a hub or its own networks are allowed", (*at, *REMOTE)
            )
        return
    own = estate.tenant(resource.tenancy.tenant or "")
    if own is not None and own.vnet is not None and own.vnet.lower() == name.lower():
        return
    if not azure_ids.is_known(name):
        yield resource.unknown(f"which network it is peered with is not known: {remote}", (*at, *REMOTE))
        return
    where = "" if _is_ours(remote, estate) else " in a subscription that the estate does not declare"
    yield resource.fail(
        f"peered with '{name}'{where}, which is neither a hub of the estate nor its own", (*at, *REMOTE)
    )


def _is_hub(remote: str, estate: Estate) -> bool:
    """Hubs are declared by name or id; a name counts in subscriptions of the Estate only."""
    hubs = {*estate.network.hub_vnets, *(one.hub_vnet for one in estate.subscriptions if one.hub_vnet)}
    if any(azure_ids.same(remote, hub) for hub in hubs):
        return True
    return _is_ours(remote, estate) and azure_ids.name(remote).lower() in {hub.lower() for hub in hubs}


def _is_ours(text: str, estate: Estate) -> bool:
    """Whether an id is in a subscription of the Estate; one that is not known may be."""
    subscription = azure_ids.subscription(text).rpartition("/")[2]
    return not azure_ids.is_known(subscription) or estate.subscription(subscription) is not None


def _is_behind_firewall(network: Resource | None, inventory: Inventory) -> bool | None:
    """Whether every subnet of ``network`` sends what leaves it to an appliance; None where that is not known."""
    subnets = network.value("properties", "subnets") if network is not None else ()
    routed = [mapping(mapping(one).get("properties")).get("routeTable") for one in sequence(subnets)]
    ids = [mapping(table).get("id") for table in routed]
    if any(isinstance(one, Unknown) for one in (subnets, *sequence(subnets), *routed, *ids)):
        return None
    tables = [text(one) for one in ids]
    return bool(tables) and all(table and _leads_to_appliance(at_hand(inventory, table, TABLE)) for table in tables)


def _leads_to_appliance(table: Resource | None) -> bool:
    if table is None:
        return False
    routes = [mapping(mapping(route).get("properties")) for _, route in found(table, "properties.routes[*]")]
    return any(
        route.get("addressPrefix") == "0.0.0.0/0" and text(route.get("nextHopType")).lower() == "virtualappliance"
        for route in routes
    )
