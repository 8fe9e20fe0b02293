"""Private endpoints: which resource they lead to, which part of it, and whether the connection holds.

Source: Microsoft.Network/privateEndpoints REST reference. A declaration states no status; live connections do.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from scanner.model.resource import Resource
from scanner.views import azure_ids
from scanner.views.azure_links import Indexed, Link
from scanner.views.shapes import found, mapping, text, texts

ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE_GROUP = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"

_LISTS = ("properties.privateLinkServiceConnections[*]", "properties.manualPrivateLinkServiceConnections[*]")
_REFUSED = ("rejected", "disconnected", "pending")
_LINK = Link((ENDPOINT,), tuple(f"{path}.properties.privateLinkServiceId" for path in _LISTS))
_ZONES = Link((ZONE_GROUP,), ("parent",))


class Endpoints(NamedTuple):
    """The private endpoints that lead to one resource."""

    connected: tuple[Resource, ...]
    """For a part that was asked for, and not refused."""
    refused: tuple[Resource, ...]
    """For a part that was asked for, but rejected, disconnected or waiting for approval."""
    is_unknown: bool
    """Whether, where none is connected, one whose target is not known may be."""


def endpoints_of(inventory: Indexed, target: str, parts: Collection[str]) -> Endpoints:
    """Return the endpoints to the id ``target``, for one of ``parts`` (``blob``, ``vault``; in lower case)."""
    linked = _LINK.to(inventory, target)
    connected, refused = [], []
    for endpoint in linked.sure:
        states = list(_states(endpoint, target, parts))
        if any(state not in _REFUSED for state in states):
            connected.append(endpoint)
        elif states:
            refused.append(endpoint)
    return Endpoints(tuple(connected), tuple(refused), linked.perhaps is not None)


def resolves(inventory: Indexed, endpoint: Resource) -> bool | None:
    """Return whether a private DNS zone group belongs to ``endpoint``; None where one may."""
    groups = _ZONES.to(inventory, text(endpoint.attributes.get("id")))
    if any(next(found(group, "properties.privateDnsZoneConfigs[*]"), None) for group in groups.sure):
        return True
    return None if groups.perhaps is not None else False


def _states(endpoint: Resource, target: str, parts: Collection[str]) -> Iterator[str]:
    """The states, in lower case, of the connections of ``endpoint`` to one of ``parts`` of ``target``."""
    for path in _LISTS:
        for _, connection in found(endpoint, path):
            properties = mapping(mapping(connection).get("properties"))
            names = {name.lower() for name in texts(properties.get("groupIds"))}
            if names & set(parts) and azure_ids.same(text(properties.get("privateLinkServiceId")), target):
                yield text(mapping(properties.get("privateLinkServiceConnectionState")).get("status")).lower()
