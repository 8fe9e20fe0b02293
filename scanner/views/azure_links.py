"""Which Azure resources point at which: joins by id, also where part of an id is not known before creation.

Equal texts mean the same thing, braces included, so most joins are one look into an index. Only where that finds
nothing it is asked whether something could still turn out to point there.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.views import azure_ids
from scanner.views.shapes import found

_NAME = "name"
"""Marks index keys that are the last name of an id instead of the whole id."""


class Indexed(Protocol):
    """What has Resources by whatever they are asked for: an Inventory."""

    def grouped(
        self, key: Callable[[Resource], Iterable[Hashable]], *types: str
    ) -> Mapping[Hashable, tuple[Resource, ...]]:
        """Return Resources of ``types`` grouped by every value that ``key`` yields for them."""


class Linked(NamedTuple):
    """What points at one id."""

    sure: tuple[Resource, ...]
    perhaps: Resource | None = None
    """One whose target is not fully known and may be that id; only looked for where nothing is sure."""


@dataclass(frozen=True, slots=True)
class Link:
    """How resources of some types point at others. Made once per rule: it is the identity of its index."""

    types: tuple[str, ...]
    paths: tuple[str, ...]
    """Attribute patterns that hold the id of what is pointed at."""

    def targets(self, resource: Resource) -> Iterator[Any]:
        """Yield what ``resource`` points at: ids, or Unknowns."""
        for path in self.paths:
            for _, value in found(resource, path):
                if isinstance(value, Unknown) or (isinstance(value, str) and value):
                    yield value

    def to(self, inventory: Indexed, target: str) -> Linked:
        """Return the Resources of ``inventory`` that point at the id ``target``."""
        index = inventory.grouped(self._keys, *self.types)
        sure = index.get(_folded(target), ())
        if sure:
            return Linked(sure)
        names = {(_NAME, _known_name(target)), (_NAME, "")}
        candidates = (resource for name in sorted(names) for resource in index.get(name, ()))
        return Linked((), next((one for one in candidates if self._may_mean(one, target, inventory)), None))

    def _may_mean(self, resource: Resource, target: str, inventory: Indexed) -> bool:
        for value in self.targets(resource):
            if isinstance(value, Unknown) or not value.startswith("/"):
                return True
            if azure_ids.may_be_same(value, target) and not _is_another(value, target, inventory):
                return True
        return False

    def _keys(self, resource: Resource) -> Iterator[Hashable]:
        for value in self.targets(resource):
            if isinstance(value, Unknown):
                yield _NAME, ""
            else:
                yield _folded(value)
                yield _NAME, _known_name(value)


def at_hand(inventory: Indexed, text: str, *types: str) -> Resource | None:
    """Return the Resource of one of ``types`` that has the id ``text``, in any case; None where there is none."""
    known = inventory.grouped(_own_id, *types).get(_folded(text), ())
    return known[0] if known else None


def _is_another(text: str, target: str, inventory: Indexed) -> bool:
    """Whether ``text`` is the id of a resource at hand that is not ``target``, however alike they look."""
    parsed = azure_ids.parse(target)
    same_kind = at_hand(inventory, text, parsed.type) if parsed and parsed.type else None
    return same_kind is not None and _folded(text) != _folded(target)


def _own_id(resource: Resource) -> Iterator[Hashable]:
    text = resource.attributes.get("id")
    if isinstance(text, str):
        yield _folded(text)


def _known_name(text: str) -> str:
    """The last name of an id in lower case; empty where it is not known."""
    name = azure_ids.name(text).lower()
    return "" if "{" in name else name


def _folded(text: str) -> str:
    return text.rstrip("/").lower()
