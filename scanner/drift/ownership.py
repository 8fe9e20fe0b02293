"""What a live Resource that nobody declares is: somebody's by-product, left over, or unmanaged."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from scanner.drift.facts import facts_of
from scanner.drift.matching import identity
from scanner.drift.model import DriftClass
from scanner.model.resource import Resource
from scanner.model.types import CLUSTER_SCOPED, RESOURCE_GROUP, is_azure
from scanner.views import azure_ids

_CLUSTER = "Microsoft.ContainerService/managedClusters"


class Managed:
    """What is under management: the places in which anything is declared."""

    def __init__(self, declared: Iterable[Resource]) -> None:
        self._places: set[str] = set()
        self._types: set[str] = set()
        for resource in declared:
            self._types.add(resource.type)
            self._places.add(_place(resource))

    def holds(self, live: Resource) -> bool:
        """Whether somebody who declares everything would have declared ``live``."""
        place = _place(live)
        if live.type == RESOURCE_GROUP:
            return False  # it stands in a subscription, and who deploys into a group need not be who made it
        if is_azure(live.type):
            return any(_same_place(known, place) for known in self._places) if place else False
        if live.namespace:
            return place in self._places
        return live.type in self._types and live.type in CLUSTER_SCOPED


def judge_undeclared(live: Resource, managed: Managed) -> tuple[DriftClass, str] | None:
    """Return (class, reason) of a live Resource without a declaration; None where it is nobody's to declare."""
    if _is_made_by_platform(live) or _owned(live):
        return None
    tool = _mark(live)
    if tool and managed.holds(live):
        if _is_kept(live):
            return DriftClass.EXPECTED, f"{tool} applied it; a mark says that it is kept"
        return DriftClass.ORPHANED, f"{tool} applied it"
    return (DriftClass.UNMANAGED, "") if managed.holds(live) else None


def group_of(resource: Resource) -> str:
    """Return the resource group that a Resource of Azure stands in, in lower case; empty where it is in none."""
    parsed = azure_ids.parse(identity(resource) or "/")
    return f"{parsed.subscription}/{parsed.group}".lower() if parsed is not None and parsed.group else ""


def made_by(resource: Resource) -> Iterator[str]:
    """Yield the resource groups, as :func:`group_of` has them, that a Resource says are a service's own.

    The node resource group of an AKS cluster; a group that its ``managedBy`` gives to an application or a service.
    """
    if resource.type == RESOURCE_GROUP and resource.attributes.get("managedBy"):
        yield group_of(resource)
    elif resource.type == _CLUSTER:
        name = resource.value("properties", "nodeResourceGroup")
        parsed = azure_ids.parse(identity(resource) or "/")
        if isinstance(name, str) and parsed is not None:
            yield f"{parsed.subscription}/{name}".lower()


def _place(resource: Resource) -> str:
    """Return the resource group, or the namespace of a cluster, that a Resource stands in."""
    if is_azure(resource.type):
        parsed = azure_ids.parse(identity(resource) or "/")
        if parsed is None or not parsed.group:
            return ""
        return f"/subscriptions/{parsed.subscription}/resourcegroups/{parsed.group}".lower()
    namespace = resource.name if resource.type == "core/Namespace" else resource.namespace
    return f"{resource.cluster}/{namespace}"


def _same_place(one: str, other: str) -> bool:
    return one == other or ("{" in one and azure_ids.may_be_same(one, other))


def _is_made_by_platform(live: Resource) -> bool:
    facts = facts_of(live.type)
    table = facts.unmanaged
    if live.type in facts.unmanaged_types:
        return True
    if not facts.azure:
        if live.name in table["names"].get(live.type, ()):
            return True
        if any(live.labels.get(key) == value for key, value in table["labels"].items()):
            return True
        return live.name.startswith(tuple(table["prefixes"].get(live.type, ())))
    group = azure_ids.parse(identity(live) or "/")
    name = group.group.lower() if group else ""
    if any(fnmatchcase(name, pattern) for pattern in table["groups"]):
        return True
    return any(fnmatchcase(tag.lower(), pattern) for tag in live.labels for pattern in table["tags"])


def _owned(live: Resource) -> bool:
    """Whether something else made it, which answers for it."""
    if is_azure(live.type):
        return bool(live.attributes.get("managedBy")) or "/" in live.type.partition("/")[2]
    return bool(live.value("metadata", "ownerReferences"))


def _mark(live: Resource) -> str:
    marks = facts_of(live.type).marks
    for kind in ("annotations", "labels"):
        there: Any = live.value("metadata", kind)
        for key, tool in marks.get(kind, {}).items():
            if isinstance(there, dict) and key in there:
                return tool
    return ""


def _is_kept(live: Resource) -> bool:
    kept: Mapping[str, Mapping[str, str]] = facts_of(live.type).kept
    for kind, wanted in kept.items():
        there: Any = live.value("metadata", kind)
        if isinstance(there, dict) and any(value in str(there.get(key, "")) for key, value in wanted.items()):
            return True
    return False
