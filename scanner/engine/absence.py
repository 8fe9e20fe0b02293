"""What does not follow from not finding: verdicts that rest on Resources that were perhaps not seen.

A Rule that finds no NetworkPolicy in a namespace has found out nothing where nobody was allowed to list them. So a
Rule says which types it ``looks_for``: those that it fails without. Where one of them was not all seen, *fail* becomes
*unknown*; a pass came of one that was found, and stays. With any other type it looks up it is the other way round: what
is found may make it fail, and stays; a pass for which nothing at all was found becomes *unknown*.

Whether a check has looked at a type is observed, not declared: most verdicts do not depend on what is missing.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scanner.engine.programs import Context, Failure, Outcome, Programs
from scanner.inventory import Index, Inventory
from scanner.model.ledger import LedgerEntry, Unseen
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.model.types import is_azure
from scanner.model.verdict import Verdict


class Absence:
    """Looks through outcomes for those that rest on what was not seen. One instance serves one thread."""

    def __init__(self, programs: Programs, context: Context) -> None:
        self._programs = programs
        self._context = context
        self._entries: defaultdict[str, list[tuple[LedgerEntry, Unseen]]] = defaultdict(list)
        for entry in context.inventory.unseen if context.inventory is not None else ():
            if entry.unseen is not None:
                for scope in entry.unseen.scopes:
                    self._entries[scope].append((entry, entry.unseen))

    def __bool__(self) -> bool:
        """Whether anything was not seen."""
        return bool(self._entries)

    def weighed(self, rules: tuple[Rule, ...], resource: Resource, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the ``outcomes`` of ``rules`` on a Resource, those that do not follow replaced by ``unknown``."""
        return [self._weighed(rule, resource, outcome) for rule, outcome in zip(rules, outcomes, strict=True)]

    def _weighed(self, rule: Rule, resource: Resource, outcome: Outcome) -> Outcome:
        missing = self._missing(rule, resource)
        if not missing or isinstance(outcome, Failure):
            return outcome
        fails = any(fault.verdict is Verdict.FAIL for fault in outcome)
        if outcome and not fails:
            return outcome
        sighting = self._observed(rule, resource)
        doubted = [type_ for type_ in sorted(missing.keys() & sighting.types) if (type_ in rule.looks_for) is fails]
        if not doubted or not (fails or sighting.found_nothing):
            return outcome
        why = _why(doubted[0], missing[doubted[0]])
        if not fails:
            return (resource.unknown(why),)
        return tuple(_doubted(fault, why) if fault.verdict is Verdict.FAIL else fault for fault in outcome)

    def _missing(self, rule: Rule, resource: Resource) -> dict[str, LedgerEntry]:
        """Return the types that a Rule looks up and that were not all seen where the Resource is."""
        if not rule.looks_up:
            return {}
        found: dict[str, LedgerEntry] = {}
        spelled = {type_.lower(): type_ for type_ in rule.looks_up}
        for scope in _scopes_of(resource):
            for entry, unseen in self._entries.get(scope, ()):
                for type_ in map(str.lower, unseen.types or rule.looks_up):
                    if type_ in spelled:
                        found.setdefault(spelled[type_], entry)
        return found

    def _observed(self, rule: Rule, resource: Resource) -> "_Observed":
        """Run the check once more and return what it looked at; a Rule in Rego may have looked at everything."""
        assert self._context.inventory is not None, "a Rule that looks something up has an Inventory"
        observed = _Observed(self._context.inventory, resource, rule)
        if rule.language == "python":
            self._programs.run((rule,), resource, replace(self._context, inventory=observed))
        else:
            observed.types, observed.found_nothing = set(rule.looks_up), False
        return observed


def _scopes_of(resource: Resource) -> Iterator[str]:
    """Yield the scopes a Resource is in: its cluster; of Azure every id that its own begins with, itself included."""
    if not is_azure(resource.type):
        yield resource.cluster
        return
    steps = resource.key.lower().split("/")
    yield from ("/".join(steps[:end]) for end in range(2, len(steps) + 1))


def _why(type_: str, entry: LedgerEntry) -> str:
    return f"{type_} was not all seen ({entry.input}: {entry.reason})"


def _doubted(fault: Fault, why: str) -> Fault:
    return fault._replace(message=f"{why}, so this is not known: {fault.message}", verdict=Verdict.UNKNOWN)


class _Observed(Inventory):
    """An Inventory that notes which types are looked up in it, and whether any other Resource is found."""

    def __init__(self, inner: Inventory, resource: Resource, rule: Rule) -> None:
        super().__init__()
        self._inner = inner
        self._own = resource.key
        self._all = rule.looks_up.keys()
        self.types: set[str] = set()
        self.found_nothing = True

    def __iter__(self) -> Iterator[Resource]:
        self.types |= self._all
        return iter(self._noted(tuple(self._inner)))

    def __len__(self) -> int:
        self.types |= self._all
        return len(self._inner)

    def of_type(self, type_: str, cluster: str | None = None, namespace: str | None = None) -> tuple[Resource, ...]:
        self.types.add(type_)
        return self._noted(self._inner.of_type(type_, cluster, namespace))

    def get(self, type_: str, cluster: str, namespace: str, name: str) -> Resource | None:
        self.types.add(type_)
        found = self._inner.get(type_, cluster, namespace, name)
        self._noted(() if found is None else (found,))
        return found

    def of_tenant(self, tenant: str, type_: str) -> tuple[Resource, ...]:
        self.types.add(type_)
        return self._noted(self._inner.of_tenant(tenant, type_))

    def declares(self, id_: str) -> bool:
        self.types |= self._all
        found = self._inner.declares(id_)
        self.found_nothing &= not found
        return found

    def first(self, key: Callable[[Resource], Iterable[Hashable]], value: Hashable, *types: str) -> Resource | None:
        self.types |= set(types) or self._all
        found = self._inner.first(key, value, *types)
        self._noted(() if found is None else (found,))
        return found

    def has_any(self, *types: str) -> bool:
        self.types.update(types)
        found = self._inner.has_any(*types)
        self.found_nothing &= not found
        return found

    def selected(
        self, selector: Mapping[str, Any], type_: str, cluster: str, namespace: str | None = None
    ) -> Iterator[Resource]:
        self.types.add(type_)
        return iter(self._noted(tuple(self._inner.selected(selector, type_, cluster, namespace))))

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        self.types |= set(types) or self._all
        return _ObservedIndex(self._inner.grouped(key, *types), self._noted)

    def _noted(self, found: tuple[Resource, ...]) -> tuple[Resource, ...]:
        if any(resource.key != self._own for resource in found):
            self.found_nothing = False
        return found


class _ObservedIndex(Mapping[Hashable, tuple[Resource, ...]]):
    """An index that tells what is found in it."""

    def __init__(self, inner: Index, noted: Callable[[tuple[Resource, ...]], tuple[Resource, ...]]) -> None:
        self._inner = inner
        self._noted = noted

    def __getitem__(self, value: Hashable) -> tuple[Resource, ...]:
        return self._noted(self._inner[value])

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._inner)

    def __len__(self) -> int:
        return len(self._inner)
