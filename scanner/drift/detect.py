"""All drift between what is declared and what is live."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from scanner.drift.compare import changes
from scanner.drift.facts import facts_of
from scanner.drift.matching import Declarations, identity, is_comparable
from scanner.drift.model import Change, Confidence, Drift, DriftClass
from scanner.drift.ownership import Managed, group_of, judge_undeclared, made_by
from scanner.model.path import parse_path, value_at
from scanner.model.resource import Resource
from scanner.model.types import is_azure
from scanner.views import azure_ids

_NOTHING_READ = "nothing of its type was read"
_NOT_LISTED = f"{_NOTHING_READ}, and a dump does not say whether it was asked for"
_REPLICAS = ("spec", "replicas")
_ORDER = (DriftClass.CHANGED, DriftClass.UNREADABLE, DriftClass.EXPECTED)
"""The gravest first."""


class Sight(NamedTuple):
    """How much of what is there was seen: what was not seen is not missing."""

    gap: Callable[[], str] = str
    """Asked once everything was read: why something may be there that was not; empty where there is no such reason."""
    clusters: frozenset[str] | None = None
    """The clusters that were read; None for all."""
    azure: bool = True
    """Whether Azure was read."""
    listed: Callable[[Resource], bool] = lambda declared: True
    """Asked once everything was read, of an object of whose type its cluster has none: whether the type was listed."""


EVERYTHING = Sight()


def detect(
    declared: Iterable[Resource],
    live: Iterable[Resource],
    sight: Sight = EVERYTHING,
    compare: Callable[[Resource, Resource], tuple[Change, ...]] = changes,
) -> Iterator[Drift]:
    """Yield the drift of each Resource: of live ones in their order, then what else is declared, in its order.

    ``compare`` returns the changes of one declared and one live Resource. ``live`` is read once; what is kept of it are
    Resources whose declarations are not sure, those of Azure that have none, and what scales others.
    """
    wanted = [resource for resource in declared if is_comparable(resource)]
    state = _State(wanted, sight, compare)
    for resource in live:
        yield from state.see(resource)
    yield from state.rest()


class _State:
    """What is known of the declared Resources while live ones come in."""

    def __init__(
        self, wanted: list[Resource], sight: Sight, compare: Callable[[Resource, Resource], tuple[Change, ...]]
    ) -> None:
        self._changes = compare
        self._wanted = wanted
        self._sight = sight
        self._declarations = Declarations(wanted)
        self._managed = Managed(wanted)
        self._found: set[int] = set()
        self._possible: defaultdict[int, list[Resource]] = defaultdict(list)
        self._scaled = {target for resource in wanted for target in _scaled_by(resource)}
        self._waiting: list[Drift] = []
        """Drift of replicas: whoever scales them may be read later."""
        self._undeclared: list[Drift] = []
        """In resource groups that may turn out to be somebody else's."""
        self._foreign = {group for resource in wanted for group in made_by(resource)}
        self._types: set[tuple[str, str]] = set()
        """Cluster, empty of Azure, and type."""
        self._subscriptions: set[str] = set()

    def see(self, live: Resource) -> Iterator[Drift]:
        """Take a live Resource in and yield what is to be said of it already."""
        self._types.add((live.cluster, live.type))
        self._subscriptions.add(_subscription(live))
        self._scaled.update(_scaled_by(live))
        self._foreign.update(made_by(live))
        certain, possible = self._declarations.certain(live), self._declarations.possible(live)
        for one in possible:
            self._possible[id(one)].append(live)
        for one in certain:
            self._found.add(id(one))
            yield from self._compare(one, live)
        if not certain and not possible:
            undeclared = judge_undeclared(live, self._managed)
            if undeclared is not None:
                found = Drift(undeclared[0], None, live, reason=undeclared[1])
                if is_azure(live.type):
                    self._undeclared.append(found)
                else:
                    yield found

    def rest(self) -> Iterator[Drift]:
        """Yield what could not be said before everything was seen."""
        yield from (one for one in self._undeclared if group_of(one.resource) not in self._foreign)
        for declared in self._wanted:
            alike = self._possible.get(id(declared), [])
            if len(alike) == 1:
                yield from self._compare(declared, alike[0])
            elif id(declared) not in self._found:
                yield self._unseen(declared, len(alike))
        for drift in self._waiting:
            yield _scaled(drift) if identity(drift.resource) in self._scaled else drift

    def _compare(self, declared: Resource, live: Resource) -> Iterator[Drift]:
        drift = _compared(declared, live, self._changes(declared, live))
        if drift is not None and _touches_replicas(drift):
            self._waiting.append(drift)
        elif drift is not None:
            yield drift

    def _unseen(self, declared: Resource, alike: int) -> Drift:
        gap = f"its id is not known beforehand, and {alike} live resources may be it" if alike else self._gap(declared)
        if gap:
            return Drift(DriftClass.UNREADABLE, declared, None, reason=gap)
        return Drift(DriftClass.MISSING, declared, None)

    def _gap(self, declared: Resource) -> str:
        """Return why ``declared`` may be there though it was not seen; empty where it is not."""
        if not is_azure(declared.type):
            if self._sight.clusters is not None and declared.cluster not in self._sight.clusters:
                return f"cluster {declared.cluster} was not read" if declared.cluster else "its cluster is not known"
            gap = self._sight.gap()
            if gap or (declared.cluster, declared.type) in self._types or self._sight.listed(declared):
                return gap
            return _NOT_LISTED
        if not self._sight.azure:
            return "Azure was not read"
        if not identity(declared):
            return "its id is not known beforehand"
        subscription = _subscription(declared)
        if "{" not in subscription and subscription not in self._subscriptions:
            return "nothing of its subscription was read"
        if ("", declared.type) not in self._types:  # many types are in no table of Resource Graph
            return _NOTHING_READ
        return self._sight.gap()


def _compared(declared: Resource, live: Resource, different: tuple[Change, ...]) -> Drift | None:
    if not different:
        return None
    gravest = min((change.class_ for change in different), key=_ORDER.index)
    sure = any(change.confidence is Confidence.HIGH for change in different if change.class_ is gravest)
    return Drift(gravest, declared, live, different, Confidence.HIGH if sure else Confidence.LOW)


def _touches_replicas(drift: Drift) -> bool:
    return not is_azure(drift.resource.type) and any(change.path == _REPLICAS for change in drift.changes)


def _scaled(drift: Drift) -> Drift:
    """Return ``drift`` where its replicas are somebody's who scales it."""
    reason = "an autoscaler sets it"
    different = tuple(
        replace(change, class_=DriftClass.EXPECTED, reason=reason) if change.path == _REPLICAS else change
        for change in drift.changes
    )
    gravest = min((change.class_ for change in different), key=_ORDER.index)
    return replace(drift, class_=gravest, changes=different)


def _scaled_by(resource: Resource) -> Iterator[str]:
    """Yield the key of what ``resource`` scales."""
    where = facts_of(resource.type).scalers.get(resource.type)
    target = value_at(resource.attributes, parse_path(where)) if where else None
    if isinstance(target, dict) and isinstance(target.get("name"), str):
        group = str(target.get("apiVersion") or "apps/v1").rpartition("/")[0] or "core"
        kind = target.get("kind") or "Deployment"
        yield "/".join((resource.cluster or "-", group, kind, resource.namespace or "-", target["name"]))


def _subscription(resource: Resource) -> str:
    return azure_ids.subscription(identity(resource)).lower() if is_azure(resource.type) else ""
