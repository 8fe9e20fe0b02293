"""An Inventory as it would be after the request: the object under review in the place of its old self.

Nothing is copied and nothing of the Inventory below changes, so a review costs the same beside ten objects and beside
fifty thousand, and Rules look at a frozen moment.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from scanner.inventory import NAMESPACE, Index, Inventory, Resolver, order_among, order_of
from scanner.model.resource import Resource
from scanner.model.tenancy import Tenancy

if TYPE_CHECKING:
    from scanner.estate import Estate


class Overlay(Inventory):
    """An Inventory with a few Resources replaced or added, by key."""

    def __init__(self, base: Inventory, replacements: Iterable[Resource]) -> None:
        self._base = base
        self._new = {resource.key: resource for resource in replacements}
        self._overlaid: dict[tuple[object, ...], Index] = {}

    def __iter__(self) -> Iterator[Resource]:
        kept = [resource for resource in self._base if resource.key not in self._new]
        return iter(sorted((*kept, *self._new.values()), key=order_of))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        """Return the groups of the Inventory below with the replacements in their places."""
        index = self._overlaid.get((key, *types))
        if index is None:
            added: defaultdict[Hashable, list[Resource]] = defaultdict(list)
            for resource in self._new.values():
                if not types or resource.type in types:
                    for value in key(resource):
                        added[value].append(resource)
            index = self._overlaid[(key, *types)] = _Groups(
                self._base.grouped(key, *types), added, self._new, order_among(types)
            )
        return index

    def resolved(self, estate: "Estate") -> "Inventory":
        """Return the same Inventory with every Resource's tenancy resolved by ``estate``."""
        return Inventory(self).resolved(estate)


def overlaid(base: Inventory, resource: Resource, estate: "Estate | None") -> Overlay:
    """Return ``base`` with ``resource``, whose tenancy is resolved, in the place of its old self.

    A Namespace whose labels say something else than before takes all that is in it along.
    """
    replacements = [resource]
    if estate is not None and resource.type == NAMESPACE:
        stored = base.namespace(resource.cluster, resource.name)
        labels = (stored.labels if stored else {}, resource.labels)
        before, after = (estate.resolve(resource.cluster, resource.name, found) for found in labels)
        if before != after:
            resolver = Resolver(estate, Overlay(base, replacements))
            within = base.grouped(by_home).get((resource.cluster, resource.name), ())
            replacements += [other.resolved(resolver.tenancy(other)) for other in within if other.key != resource.key]
    return Overlay(base, replacements)


def tenancy_of(resource: Resource, inventory: Inventory, estate: "Estate") -> Tenancy:
    """Return whose ``resource`` is; a Namespace says so itself, whatever is stored under its name."""
    seen = Overlay(inventory, (resource,)) if resource.type == NAMESPACE else inventory
    return Resolver(estate, seen).tenancy(resource)


def by_home(resource: Resource) -> Iterable[Hashable]:
    """Index key: the cluster and namespace that say whose a Resource is; a volume is whose its claim is."""
    home = resource.namespace or resource.value("spec", "claimRef", "namespace", default="")
    return ((resource.cluster, home),) if home else ()


class _Groups(Mapping[Hashable, tuple[Resource, ...]]):
    """Groups of an index with some Resources replaced; each is made when it is asked for."""

    def __init__(
        self,
        base: Index,
        added: Mapping[Hashable, list[Resource]],
        replaced: Mapping[str, Resource],
        order: Callable[[Resource], tuple[object, ...]],
    ) -> None:
        self._base = base
        self._added = added
        self._replaced = replaced
        self._order = order

    def __getitem__(self, value: Hashable) -> tuple[Resource, ...]:
        group = self._base.get(value, ())
        added = self._added.get(value, ())
        if any(resource.key in self._replaced for resource in group):
            group = tuple(resource for resource in group if resource.key not in self._replaced)
        if added:
            group = tuple(sorted((*group, *added), key=self._order))
        if not group:
            raise KeyError(value)
        return group

    def __iter__(self) -> Iterator[Hashable]:
        return (value for value in {**dict.fromkeys(self._base), **dict.fromkeys(self._added)} if value in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
