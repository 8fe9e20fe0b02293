"""Which Rules are asked about which type, decided once per run.

A Rule is *local* for a type when a Resource alone decides it: it is asked as soon as the Resource has been read, and
the Resource is then dropped. A Rule is *wide* when it needs the Inventory or the Estate: it is asked at the end, about
Resources reduced to the paths it reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scanner.engine.projection import Projection
from scanner.inventory import NAMESPACE
from scanner.model.path import Path
from scanner.model.rule import Rule, Scope
from scanner.model.types import AZURE, RESOURCE_GROUP, is_azure

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


@dataclass(frozen=True, slots=True)
class ForType:
    """What one type of Resource is asked."""

    local: tuple[Rule, ...] = ()
    wide: tuple[Rule, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Rule id → reason: Rules that cannot be asked in this run at all (no Estate)."""
    retained: Projection | None = None
    """What is kept of its Resources until the end; None where they are dropped once judged."""
    local_ids: tuple[str, ...] = ()
    """Ids of the local and withheld Rules, in the order in which their verdicts are stored."""
    wide_ids: tuple[str, ...] = ()


_NOTHING = ForType()
_IDENTITY = ForType(retained=Projection("", ALWAYS))
"""For Azure types of no Rule: whose a resource is cannot be told before its group is known."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The Rules of one run, by the types they apply to."""

    rules: Mapping[str, Rule]
    """All of them by id, sorted."""
    by_type: Mapping[str, ForType]
    """Types that some Rule looks at; :data:`scanner.model.types.AZURE` stands for all Azure types not named here."""
    resolves: bool
    """Whether it is said at the end whose Resources are: there is an Estate, and they are not placed when read."""

    def of(self, type_: str) -> ForType:
        """Return what Resources of a type are asked."""
        found = self.by_type.get(type_)
        if found is not None or not is_azure(type_):
            return found or _NOTHING
        return self.by_type.get(AZURE) or (_IDENTITY if self.resolves else _NOTHING)

    @property
    def has_wide(self) -> bool:
        """Whether any Rule waits for the whole Inventory."""
        return any(found.wide for found in self.by_type.values())


def select(rules: Iterable[Rule], *, point: str, estate: bool, placed: bool = False) -> Selection:
    """Return the Selection of ``rules`` for one enforcement point, with or without an Estate.

    ``placed`` says that whose a Resource is will be known when it is read: then only Rules that look others up wait.
    """
    chosen = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id) if point in rule.points}

    def waits(rule: Rule) -> bool:
        return "inventory" in rule.needs if placed else _needs_all(rule, estate)

    wide = [rule for rule in chosen.values() if waits(rule) and not _why_withheld(rule, point, estate)]
    looked_up = {type_ for rule in wide for type_ in rule.looks_up}
    needed = {NAMESPACE, RESOURCE_GROUP} if estate and wide and not placed else set()
    types = {type_ for rule in chosen.values() for type_ in rule.applies_to} | looked_up | needed
    by_type = {}
    for type_ in sorted(types):
        local: list[Rule] = []
        waiting: list[Rule] = []
        withheld: dict[str, str] = {}
        for rule in chosen.values():
            if not _applies(rule, type_):
                continue
            if type_ in rule.local:
                local.append(rule)
            elif reason := _why_withheld(rule, point, estate):
                withheld[rule.id] = reason
            elif waits(rule) and not (placed and type_ in rule.placed):
                waiting.append(rule)
            else:
                local.append(rule)
        by_type[type_] = ForType(
            local=tuple(local),
            wide=tuple(waiting),
            withheld=withheld,
            retained=_retained(type_, waiting, wide, type_ in needed or (estate and not placed and is_azure(type_))),
            local_ids=(*(rule.id for rule in local), *withheld),
            wide_ids=tuple(rule.id for rule in waiting),
        )
    return Selection(chosen, by_type, estate and not placed)


def _applies(rule: Rule, type_: str) -> bool:
    return type_ in rule.applies_to or (is_azure(type_) and AZURE in rule.applies_to)


def _retained(type_: str, applying: Iterable[Rule], wide: Iterable[Rule], identity: bool) -> Projection | None:
    """Return what is kept of a type that ``applying`` Rules are asked about and ``wide`` ones may look up."""
    paths: dict[Path, None] = {}
    for rule in applying:
        paths.update(dict.fromkeys(rule.looks_at))
    looked_up = [rule.looks_up[type_] for rule in wide if type_ in rule.looks_up]
    for found in looked_up:
        paths.update(dict.fromkeys(found))
    is_needed = bool(paths or looked_up or identity or any(True for _ in applying))
    return Projection(type_, (*ALWAYS, *paths)) if is_needed else None


def _needs_all(rule: Rule, estate: bool) -> bool:
    """Whether ``rule`` waits for the whole Inventory; without an Estate only needs are a reason."""
    return bool(rule.needs) or (estate and (bool(rule.wants) or rule.scope is not Scope.ANY))


def _why_withheld(rule: Rule, point: str, estate: bool) -> str:
    if "estate" in rule.needs and not estate:
        return "it needs an estate; name one with --estate"
    if "live" in rule.needs and point != "audit":
        return "it needs live resources"
    return ""
