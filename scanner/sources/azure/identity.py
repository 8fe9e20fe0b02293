"""One spelling for the ids of live resources: Azure answers the same id in several.

The group is lower-cased and the type spelled as the tables know it; names keep their case. Source: "Resource ID format"
of the Azure Resource Manager reference; ids compare without case.
"""

from functools import lru_cache
from typing import NamedTuple

from scanner.canonical.shapes import shape_of
from scanner.canonical.tables import arm_type
from scanner.model.types import RESOURCE_GROUP
from scanner.sources.azure.answers import rooted
from scanner.views import azure_ids
from scanner.views.azure_ids import Level

SUBSCRIPTION = "Microsoft.Resources/subscriptions"


class Identity(NamedTuple):
    """Who a row is about."""

    id: str
    type: str
    name: str
    """All segments: ``acct/default``."""


def identify(id_: str) -> Identity | None:
    """Return whom an id names; None where it is no id of a resource, group or subscription."""
    text = rooted(id_)
    parsed = azure_ids.parse(text)
    if parsed is None or parsed.level is Level.TENANT:
        return None
    if parsed.level is Level.SUBSCRIPTION:
        return Identity(_spelled(text), SUBSCRIPTION, parsed.names[0])
    if parsed.level is Level.RESOURCE_GROUP:
        return Identity(_spelled(text), RESOURCE_GROUP, parsed.names[0].lower())
    return Identity(_spelled(text), _type(parsed.type), "/".join(parsed.names))


def _spelled(id_: str) -> str:
    head, *parts = id_.split("/providers/") if "/providers/" in id_ else _split(id_)
    return _scope(head) + "".join(f"/providers/{_resource(part)}" for part in parts)


def _split(id_: str) -> list[str]:
    """Return the parts of an id between its ``providers``, whatever their case."""
    parts, start, lowered = [], 0, id_.lower()
    while (at := lowered.find("/providers/", start)) >= 0:
        parts.append(id_[start:at])
        start = at + len("/providers/")
    return [*parts, id_[start:]]


@lru_cache(maxsize=4096)
def _scope(text: str) -> str:
    segments = text.split("/")
    for index in range(1, len(segments), 2):
        word = segments[index].lower()
        if word == "subscriptions":
            segments[index] = word
            segments[index + 1 : index + 2] = [one.lower() for one in segments[index + 1 : index + 2]]
        elif word == "resourcegroups":
            segments[index] = "resourceGroups"
            segments[index + 1 : index + 2] = [one.lower() for one in segments[index + 1 : index + 2]]
    return "/".join(segments).rstrip("/")


def _resource(text: str) -> str:
    provider, *rest = text.rstrip("/").split("/")
    kinds, names = rest[::2], rest[1::2]
    spelled = _type("/".join((provider, *kinds))).split("/")
    if len(spelled) != len(kinds) + 1:
        return text
    return "/".join((spelled[0], *(f"{kind}/{name}" for kind, name in zip(spelled[1:], names, strict=False))))


@lru_cache(maxsize=4096)
def _type(text: str) -> str:
    """Return a type as the tables spell it, each step of it: a child may be unknown where its parent is not."""
    if arm_type(text.lower()) is not None or text.count("/") < 2:
        return shape_of(text).type
    outer, _, kind = text.rpartition("/")
    return f"{_type(outer)}/{kind}"
