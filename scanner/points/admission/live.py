"""An Inventory that changes: objects come and go one by one, and every index is kept up to date as they do.

Its answers are those of a fresh :class:`~scanner.inventory.Inventory` of the same Resources (a property test compares
them), at the cost of one object instead of all of them. A key is held once: a cluster has one object of a name.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from scanner.inventory import NAMESPACE, Index, Inventory, order_among, order_of
from scanner.model.resource import Resource
from scanner.points.admission.overlay import by_home, tenancy_of

if TYPE_CHECKING:
    from scanner.estate import Estate


class LiveInventory(Inventory):
    """Resources by key, with indexes that follow every change. Serves one thread."""

    def __init__(self, resources: Iterable[Resource] = (), estate: "Estate | None" = None) -> None:
        self._estate = estate
        self._by_key: dict[str, Resource] = {}
        self._groups: dict[tuple[object, ...], _Grouping] = {}
        for resource in resources:
            self.put(resource)

    def __iter__(self) -> Iterator[Resource]:
        return iter(sorted(self._by_key.values(), key=order_of))

    def __len__(self) -> int:
        return len(self._by_key)

    def put(self, resource: Resource) -> None:
        """Add ``resource``, or replace the one with its key; its tenancy is resolved here."""
        self._store(self._resolved(resource))
        self._follow(resource)

    def discard(self, key: str) -> None:
        """Remove the Resource with this key, where there is one."""
        gone = self._by_key.pop(key, None)
        if gone is not None:
            for grouping in self._groups.values():
                grouping.remove(gone)
            self._follow(gone)

    def keys_of_type(self, type_: str) -> tuple[str, ...]:
        """Return the keys of all Resources of a type."""
        return tuple(resource.key for resource in self.of_type(type_))

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        """Return Resources grouped by every value that ``key`` yields for them; kept up to date from then on."""
        grouping = self._groups.get((key, *types))
        if grouping is None:
            grouping = self._groups[(key, *types)] = _Grouping(key, types)
            for resource in sorted(self._by_key.values(), key=order_of):
                grouping.add(resource)
        return grouping

    def resolved(self, estate: "Estate") -> "Inventory":
        """Return the same Inventory with every Resource's tenancy resolved by ``estate``."""
        return LiveInventory(self, estate)

    def _resolved(self, resource: Resource) -> Resource:
        if self._estate is None:
            return resource
        return resource.resolved(tenancy_of(resource, self, self._estate))

    def _store(self, resource: Resource) -> None:
        old = self._by_key.get(resource.key)
        self._by_key[resource.key] = resource
        for grouping in self._groups.values():
            if old is not None:
                grouping.remove(old)
            grouping.add(resource)

    def _follow(self, changed: Resource) -> None:
        """Resolve anew what is in a Namespace that came, went or changed."""
        if self._estate is None or changed.type != NAMESPACE:
            return
        for resource in self.grouped(by_home).get((changed.cluster, changed.name), ()):
            again = self._resolved(resource)
            if again.tenancy != resource.tenancy:
                self._store(again)


class _Grouping(Mapping[Hashable, tuple[Resource, ...]]):
    """One index: value → Resources in order. A group becomes a tuple when it is asked for, and stays one till then."""

    def __init__(self, key: Callable[[Resource], Iterable[Hashable]], types: tuple[str, ...]) -> None:
        self._key = key
        self._types = frozenset(types)
        self._order = order_among(types)
        self._lists: dict[Hashable, list[Resource]] = {}
        self._tuples: dict[Hashable, tuple[Resource, ...]] = {}

    def add(self, resource: Resource) -> None:
        for value in self._values(resource):
            insort(self._lists.setdefault(value, []), resource, key=self._order)
            self._tuples.pop(value, None)

    def remove(self, resource: Resource) -> None:
        for value in self._values(resource):
            group = self._lists.get(value, [])
            at = bisect_left(group, self._order(resource), key=self._order)
            if at < len(group) and group[at].key == resource.key:
                del group[at]
            if not group:
                self._lists.pop(value, None)
            self._tuples.pop(value, None)

    def __getitem__(self, value: Hashable) -> tuple[Resource, ...]:
        found = self._tuples.get(value)
        if found is None:
            found = self._tuples[value] = tuple(self._lists[value])
        return found

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)

    def _values(self, resource: Resource) -> Iterable[Hashable]:
        if self._types and resource.type not in self._types:
            return ()
        return self._key(resource)
