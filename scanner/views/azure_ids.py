"""Azure resource ids, taken apart and compared. Rules ask here instead of splitting text.

Segments that are not known before creation stand in braces (``{subscription}``, ``{var.group}``); the same text means
the same thing. Source: "Resource ID format" of the Azure Resource Manager reference.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_SEGMENT = re.compile(r"(?:\{[^}]*\}|[^/{])+")


class Level(StrEnum):
    """How far up something stands."""

    TENANT = "tenant"
    MANAGEMENT_GROUP = "management group"
    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resource group"
    RESOURCE = "resource"


class AzureId(NamedTuple):
    """An id, taken apart."""

    level: Level
    scope: str
    """Id of what it stands in: of the group, or of the target of an extension resource; ``/`` for the tenant."""
    type: str
    """``Microsoft.Storage/storageAccounts/blobServices``; empty for subscriptions and groups, as written."""
    names: tuple[str, ...]
    """One name per part of the type; the name of the subscription or group itself for those."""
    subscription: str
    group: str


def split(text: str) -> list[str]:
    """Return the segments of ``text``; a ``/`` in braces separates nothing."""
    return _SEGMENT.findall(text) if "{" in text else [part for part in text.split("/") if part]


@lru_cache(maxsize=8192)
def parse(text: str) -> AzureId | None:
    """Return the parts of an id; None where ``text`` is none (``/`` is the tenant's)."""
    if not text.startswith("/"):
        return None
    parts = split(text)
    if not parts:
        return AzureId(Level.TENANT, "/", "", (), "", "")
    words = split(text.lower())
    subscription = parts[1] if words[0] == "subscriptions" and len(parts) > 1 else ""
    group = parts[3] if subscription and len(parts) > 3 and words[2] == "resourcegroups" else ""
    if "providers" not in words:
        return _container(parts, subscription, group)
    last = len(words) - 1 - words[::-1].index("providers")
    rest = parts[last + 1 :]
    if len(rest) < 3 or len(rest) % 2 == 0:
        return None
    scope = "/" + "/".join(parts[:last])
    type_ = "/".join((rest[0], *rest[1::2]))
    level = Level.MANAGEMENT_GROUP if type_.lower() == "microsoft.management/managementgroups" else Level.RESOURCE
    return AzureId(level, scope, type_, tuple(rest[2::2]), subscription, group)


def _container(parts: list[str], subscription: str, group: str) -> AzureId | None:
    if group and len(parts) == 4:
        return AzureId(Level.RESOURCE_GROUP, f"/subscriptions/{subscription}", "", (group,), subscription, group)
    if subscription and len(parts) == 2:
        return AzureId(Level.SUBSCRIPTION, "/", "", (subscription,), subscription, "")
    return None


def level(text: str) -> Level | None:
    """Return how far up ``text`` stands; None where it is no id."""
    parsed = parse(text)
    return parsed.level if parsed else None


def subscription(text: str) -> str:
    """Return the id of the subscription that ``text`` is in (or is); empty where it is in none."""
    parsed = parse(text)
    return f"/subscriptions/{parsed.subscription}" if parsed and parsed.subscription else ""


def subscription_guid(text: str) -> str:
    """Return the bare id of the subscription that an id is in, as it is written there; empty where it is in none.

    Nothing else of the id is looked at: for many of them.
    """
    steps = text.split("/", 3)
    return steps[2] if len(steps) > 2 and steps[1].lower() == "subscriptions" else ""


def resource_group(text: str) -> str:
    """Return the id of the resource group that ``text`` is in (or is); empty where it is in none."""
    parsed = parse(text)
    if not parsed or not parsed.group:
        return ""
    return f"/subscriptions/{parsed.subscription}/resourceGroups/{parsed.group}"


def parent(text: str) -> str:
    """Return the id of what ``text`` belongs to: parent resource, target, group, subscription; empty at the top."""
    parsed = parse(text)
    if parsed is None or parsed.level is Level.TENANT:
        return ""
    if len(parsed.names) > 1:
        return "/" + "/".join(split(text)[:-2])
    return parsed.scope


def name(text: str) -> str:
    """Return the last name of ``text``; empty where it is no id."""
    parsed = parse(text)
    return parsed.names[-1] if parsed and parsed.names else ""


def same(one: str, other: str) -> bool:
    """Whether both ids name the same thing: Azure compares them without case."""
    return one.rstrip("/").lower() == other.rstrip("/").lower()


def within(text: str, scope: str) -> bool:
    """Whether ``text`` is ``scope`` or stands in it; everything stands in the tenant ``/``."""
    inner, outer = text.rstrip("/").lower(), scope.rstrip("/").lower()
    return inner == outer or inner.startswith(f"{outer}/")


def is_known(text: str) -> bool:
    """Whether every segment of ``text`` is known."""
    return "{" not in text


def may_be_same(one: str, other: str) -> bool:
    """Whether both could turn out to be the same thing once the segments in braces are known."""
    left, right = split(one.lower()), split(other.lower())
    if len(left) != len(right):
        return False
    return all(a == b or "{" in a or "{" in b for a, b in zip(left, right, strict=True))
