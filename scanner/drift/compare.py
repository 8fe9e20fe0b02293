"""One declared Resource against the live one: what is declared is looked for in what is there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from scanner.drift.cause import cause_of
from scanner.drift.expected import is_written_by_others, whose_element
from scanner.drift.facts import Fact, Facts, facts_of
from scanner.drift.masking import is_secret
from scanner.drift.model import ABSENT, Change, Confidence, DriftClass, Method
from scanner.drift.pairing import Pairs, pair
from scanner.drift.values import is_nothing, same
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown


def changes(
    declared: Resource, live: Resource, notice: Callable[[Path, Any], None] | None = None
) -> tuple[Change, ...]:
    """Return what is declared of ``declared`` and different in ``live``, in the order of the declaration.

    What the declaration says nothing of does not count, but for what the control plane fills in by known rules: there
    silence means the default. What either side does not know (``Unknown``) is ``unreadable``. ``notice`` is called with
    the path and the live value of what the declaration is silent of.
    """
    comparison = Comparison(declared.type, live.attributes, notice)
    return tuple(comparison.of(declared.attributes, live.attributes, (), ()))


def agree(type_: str, one: Any, other: Any, path: Path) -> bool:
    """Whether two values mean the same at ``path`` of a type."""
    return not any(Comparison(type_, {}, None).of(one, other, path, ()))


class Comparison:
    """The walk through two Resources of one type: a projection, where silence means what the tables say it does."""

    method = Method.APPROXIMATE

    def __init__(self, type_: str, live: Mapping[str, Any], notice: Callable[[Path, Any], None] | None = None) -> None:
        """Take the type, and the whole live Resource; ``notice`` is as in :func:`changes`."""
        self._type = type_
        self._notice = notice
        self._live = live
        self._facts: Facts = facts_of(type_)

    def of(self, declared: Any, live: Any, path: Path, above: tuple[Any, ...]) -> Iterator[Change]:
        """Yield what is different at ``path``; ``above`` holds the live values on the way to it."""
        fact = self._facts.of(self._type, path)
        if fact.ignored or fact.unreadable:
            return
        if isinstance(declared, Unknown) or isinstance(live, Unknown):
            yield self._unreadable(declared, live, path)
        elif isinstance(declared, dict) and isinstance(live, dict):
            yield from self._mappings(declared, live, path, (*above, live))
        elif isinstance(declared, list) and isinstance(live, list):
            yield from self._lists(declared, live, path, fact, (*above, live))
        elif isinstance(declared, dict | list) and is_nothing(live):
            yield from self._gone(declared, live, path, fact, above)
        elif not same(declared, live, fact.kind, azure=self._facts.azure):
            yield self._change(declared, live, path, fact, above)

    def _mappings(
        self, declared: dict[str, Any], live: dict[str, Any], path: Path, above: tuple[Any, ...]
    ) -> Iterator[Change]:
        plurals = self._plurals(declared, live, path)
        if plurals:
            single = {plurals[key]: key for key in declared if key in plurals and not declared.get(plurals[key])}
            merged = self._mappings(_merged(declared, plurals), _merged(live, plurals), path, above)
            yield from (_as_declared(change, path, single) for change in merged)
            return
        spelled = {key.lower(): key for key in live} if self._facts.azure else {}
        for key, value in declared.items():
            there = live.get(key, ABSENT)
            if there is ABSENT and self._facts.azure:
                there = live.get(spelled.get(key.lower(), key), ABSENT)
            if there is ABSENT or there is None:
                yield from self._absent(value, (*path, key), above)
            elif value is not None and not (self._facts.azure and value == ""):
                yield from self.of(value, there, (*path, key), above)
        if path or not self._facts.azure:
            yield from self._silent(declared, live, path, above)
        if self._notice is not None:
            said = {key.lower() for key in declared}
            for key, value in live.items():
                if key not in declared and not (self._facts.azure and key.lower() in said):
                    self._notice((*path, key), value)

    def _plurals(self, declared: dict[str, Any], live: dict[str, Any], path: Path) -> dict[str, str]:
        """Return singular → plural for the keys of either side that may be said both ways."""
        if not self._facts.azure or not path:
            return {}
        keys = dict.fromkeys((*declared, *live))
        return {key: plural for key in keys if (plural := self._facts.of(self._type, (*path, key)).plural)}

    def _absent(self, declared: Any, path: Path, above: tuple[Any, ...]) -> Iterator[Change]:
        """Yield what it means that nothing is live at ``path``."""
        fact = self._facts.of(self._type, path)
        if fact.ignored or fact.unreadable or is_nothing(declared):
            return
        if isinstance(declared, Unknown):
            yield self._unreadable(declared, ABSENT, path)
        elif not self._is_default(declared, fact):
            yield from self._gone(declared, ABSENT, path, fact, above)

    def _gone(self, declared: Any, live: Any, path: Path, fact: Fact, above: tuple[Any, ...]) -> Iterator[Change]:
        """Yield the changes where a declared value is not there; of a mapping, one for each thing it says."""
        if isinstance(declared, dict):
            for key, value in declared.items():
                yield from self._absent(value, (*path, key), above)
        elif not is_nothing(declared) and not self._is_zero(declared):
            yield self._change(declared, ABSENT if is_nothing(live) else live, path, fact, above)

    def _is_zero(self, value: Any) -> bool:
        """Whether Kubernetes leaves the value out when it answers: its encoding drops what is zero."""
        return not self._facts.azure and isinstance(value, bool | int | float) and not value

    def _silent(
        self, declared: dict[str, Any], live: dict[str, Any], path: Path, above: tuple[Any, ...]
    ) -> Iterator[Change]:
        """Yield what is live and not declared, where silence is known to mean something else."""
        said = {key.lower() for key in declared} if self._facts.azure else declared.keys()
        for key, value in live.items():
            if (key.lower() if self._facts.azure else key) in said or isinstance(value, list | Unknown):
                continue
            fact = self._facts.of(self._type, (*path, key))
            if fact.ignored or fact.unreadable or is_nothing(value):
                continue
            if isinstance(value, dict):
                yield from self._silent({}, value, (*path, key), (*above, value))
            elif fact.default is not ABSENT and not self._is_default(value, fact):
                yield self._change(ABSENT, value, (*path, key), fact, above)

    def _is_default(self, value: Any, fact: Fact) -> bool:
        if fact.default is ABSENT:
            return False
        wanted = fact.default["oneOf"] if isinstance(fact.default, dict) and "oneOf" in fact.default else [fact.default]
        return any(same(one, value, fact.kind, azure=self._facts.azure) for one in wanted)

    def _lists(
        self, declared: list[Any], live: list[Any], path: Path, fact: Fact, above: tuple[Any, ...]
    ) -> Iterator[Change]:
        pairs = self.pairs(declared, live, path, above)
        for left, right in pairs.both:
            yield from self.of(declared[left], live[right], (*path, left), above)
        for left in pairs.only_declared:
            yield self._change(declared[left], ABSENT, (*path, left), fact, above)
        for right in pairs.only_live:
            yield self._added(live[right], path, fact, above)
        if pairs.moved:
            yield self._change(declared, live, path, fact, above, "the same elements in another order")

    def pairs(self, declared: list[Any], live: list[Any], path: Path, above: tuple[Any, ...] = ()) -> Pairs:
        """Return which elements of two lists at ``path`` belong together."""

        def agree(one: Any, other: Any) -> bool:
            alone = Comparison(self._type, self._live)
            return not any(alone.of(one, other, (*path, 0), above))

        fact = self._facts.of(self._type, path)
        defaults = {key: self._facts.of(self._type, (*path, 0, key)).default for key in fact.keys}
        absent = {key: value for key, value in defaults.items() if value is not ABSENT}
        return pair(declared, live, fact, absent, agree, azure=self._facts.azure)

    def _added(self, element: Any, path: Path, fact: Fact, above: tuple[Any, ...]) -> Change:
        change = self._change(ABSENT, element, path, fact, above)
        reason = whose_element(fact, element)
        if reason:
            return replace(change, class_=DriftClass.EXPECTED, reason=reason)
        return change

    def _change(
        self, declared: Any, live: Any, path: Path, fact: Fact, above: tuple[Any, ...], reason: str = ""
    ) -> Change:
        cause = None if self._facts.azure else cause_of(self._live, path, above, live)
        meant = is_written_by_others(fact, self._live, above, azure=self._facts.azure)
        if not meant and cause is not None and cause.manager in self._facts.writers:
            meant = f"{self._facts.writers[cause.manager]} writes it"
        return Change(
            path,
            declared,
            live,
            DriftClass.EXPECTED if meant else DriftClass.CHANGED,
            Confidence.HIGH if fact.known and not reason else Confidence.LOW,
            meant or reason,
            is_secret(path, above, declared, live),
            cause,
            method=None if self._facts.azure else self.method,
        )

    def _unreadable(self, declared: Any, live: Any, path: Path) -> Change:
        unknown = declared if isinstance(declared, Unknown) else live
        return Change(path, ABSENT, ABSENT, DriftClass.UNREADABLE, Confidence.HIGH, unknown.reason, True)


def _merged(body: dict[str, Any], plurals: Mapping[str, str]) -> dict[str, Any]:
    """Return ``body`` with what is said in the singular at the front of what is said in the plural."""
    merged = {key: value for key, value in body.items() if key not in plurals}
    for key, plural in plurals.items():
        if not is_nothing(body.get(key)):
            merged[plural] = [body[key], *(merged.get(plural) or ())]
    return merged


def _as_declared(change: Change, path: Path, single: Mapping[str, str]) -> Change:
    """Return ``change`` at the key that the declaration uses."""
    at = change.path[len(path) :]
    key = single.get(str(at[0])) if at else None
    return replace(change, path=(*path, key, *at[2:])) if key else change
