"""Which Rules are asked about which type, decided once per run.

A Rule is *local* when a Resource alone decides it: it is asked as soon as the Resource has been read, and the
Resource is then dropped. A Rule is *wide* when it needs the Inventory or the Estate: it is asked at the end, about
Resources reduced to the paths it reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner.engine.projection import Projection
from scanner.inventory import NAMESPACE
from scanner.model.path import Path
from scanner.model.rule import Rule, Scope
from scanner.model.types import RESOURCE_GROUP, is_azure

ALWAYS: tuple[Path, ...] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("metadata", "labels"),
    ("id",),
    ("name",),
    ("tags",),
)
"""What every retained Resource keeps: its identity, and the labels or tags that exemptions and selectors match on."""


_IDENTITY = Projection("", ALWAYS)


@dataclass(frozen=True, slots=True)
class Selection:
    """The Rules of one run, by the types they apply to."""

    rules: Mapping[str, Rule]
    """All of them by id, sorted."""
    local: Mapping[str, tuple[Rule, ...]]
    wide: Mapping[str, tuple[Rule, ...]]
    withheld: Mapping[str, Mapping[str, str]]
    """Type → Rule id → reason: Rules that cannot be asked in this run at all (no Estate)."""
    projections: Mapping[str, Projection]
    """Types that are retained for wide Rules, and what is kept of them."""
    resolves: bool
    """Whether there is an Estate that says whose Resources are."""

    ids: Mapping[str, tuple[str, ...]]
    """Type → ids of its local and withheld Rules, in the order in which their verdicts are stored."""

    def local_ids(self, type_: str) -> tuple[str, ...]:
        """Ids of the local and withheld Rules of a type; one tuple shared by all its Resources."""
        return self.ids.get(type_, ())

    def retained(self, type_: str) -> Projection | None:
        """Return what is kept of Resources of a type until the end; None where they are dropped once judged.

        Whose an Azure resource is cannot be told before its group is known, so its identity is kept.
        """
        projection = self.projections.get(type_)
        return _IDENTITY if projection is None and self.resolves and is_azure(type_) else projection

    @property
    def types(self) -> frozenset[str]:
        """Types that some Rule looks at."""
        return frozenset((*self.local, *self.wide, *self.withheld, *self.projections))


def select(rules: Iterable[Rule], *, point: str, estate: bool) -> Selection:
    """Return the Selection of ``rules`` for one enforcement point, with or without an Estate."""
    chosen = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id) if point in rule.points}
    local: defaultdict[str, list[Rule]] = defaultdict(list)
    wide: defaultdict[str, list[Rule]] = defaultdict(list)
    withheld: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for rule in chosen.values():
        reason = _why_withheld(rule, estate)
        for type_ in rule.applies_to:
            if reason:
                withheld[type_][rule.id] = reason
            elif is_wide(rule, estate):
                wide[type_].append(rule)
            else:
                local[type_].append(rule)
    return Selection(
        rules=chosen,
        local={type_: tuple(found) for type_, found in local.items()},
        wide={type_: tuple(found) for type_, found in wide.items()},
        withheld=withheld,
        ids={
            type_: (*(rule.id for rule in local.get(type_, ())), *withheld.get(type_, ()))
            for type_ in {*local, *withheld}
        },
        resolves=estate,
        projections=_projections([rule for found in wide.values() for rule in found], estate),
    )


def is_wide(rule: Rule, estate: bool) -> bool:
    """Whether ``rule`` waits for the whole Inventory; without an Estate only needs are a reason."""
    return bool(rule.needs) or (estate and (bool(rule.wants) or rule.scope is not Scope.ANY))


def _why_withheld(rule: Rule, estate: bool) -> str:
    if "estate" in rule.needs and not estate:
        return "it needs an estate; name one with --estate"
    if "live" in rule.needs:
        return "it needs live resources"
    return ""


def _projections(wide: list[Rule], estate: bool) -> dict[str, Projection]:
    paths: defaultdict[str, dict[Path, None]] = defaultdict(dict)
    for rule in wide:
        for type_ in rule.applies_to:
            paths[type_].update(dict.fromkeys(rule.reads))
        for type_, looked_up in rule.looks_up.items():
            paths[type_].update(dict.fromkeys(looked_up))
    if estate and wide:
        paths[NAMESPACE]
        paths[RESOURCE_GROUP]
    return {type_: Projection(type_, (*ALWAYS, *found)) for type_, found in paths.items()}
