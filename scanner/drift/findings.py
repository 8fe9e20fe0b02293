"""Drift as Findings: one for each changed attribute, one for each Resource that is missing, unmanaged or orphaned."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from scanner.drift.effects import Effect
from scanner.drift.masking import shown, veiled, written
from scanner.drift.model import ABSENT, Change, Confidence, Drift, DriftClass, Standing
from scanner.drift.remedy import remedy
from scanner.drift.touching import Touching
from scanner.engine.identity import tag_of
from scanner.model.finding import Difference
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict

_SHOWN_RULES = 4

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rules")
_TITLES = {
    DriftClass.CHANGED: ("DRIFT-001", "An attribute is not as declared", Severity.LOW),
    DriftClass.MISSING: ("DRIFT-002", "A declared resource is not there", Severity.MEDIUM),
    DriftClass.UNMANAGED: ("DRIFT-003", "A resource is declared nowhere", Severity.MEDIUM),
    DriftClass.ORPHANED: ("DRIFT-004", "A resource was applied once and is declared no longer", Severity.LOW),
    DriftClass.UNREADABLE: ("DRIFT-005", "Whether a resource drifted cannot be said", Severity.LOW),
}
_FIXES = {
    DriftClass.CHANGED: "Deploy the declaration again, or declare what is live.",
    DriftClass.MISSING: "Deploy the declaration again, or remove it.",
    DriftClass.UNMANAGED: "Declare it, or delete it.",
    DriftClass.ORPHANED: "Let the tool prune it, or delete it.",
    DriftClass.UNREADABLE: "Give the permission or the input that is missing.",
}


def _rule(class_: DriftClass) -> Rule:
    id_, title, severity = _TITLES[class_]
    return Rule(
        id=id_,
        title=title,
        severity=severity,
        language="python",
        pack="scanner/drift",
        folder=os.path.join(_FOLDER, f"drift_{class_.value}"),
        applies_to=(),
        reads=((),),
        looks_up={},
        needs=frozenset(),
        scope=Scope.ANY,
        points=("drift",),
        controls={},
        equivalents={},
        since="0.3.0",
        fix=_FIXES[class_],
    )


RULES: Mapping[DriftClass, Rule] = {class_: _rule(class_) for class_ in _TITLES}
"""The Rules that drift is reported under; what is expected has none."""


class Objection(NamedTuple):
    """What a Finding is made of."""

    rule: Rule
    """With the severity of this one case."""
    resource: Resource
    fault: Fault
    difference: Difference | None = None
    """The two sides, and what would bring them together."""
    tag: str | None = None
    """What tells the Finding apart where the values may be secrets; None for what does so otherwise."""


def objections(
    drifts: Iterable[Drift], rules: Iterable[Rule], effects: Callable[[Drift], Mapping[str, Effect]] | None = None
) -> Iterator[Objection]:
    """Yield what there is to object to in ``drifts``; ``rules`` are those whose severity drift takes.

    Attributes that are expected to differ, and those that cannot be compared, are no objections. ``effects`` says which
    Rules a drift breaks or heals, where that can be asked.
    """
    touching = Touching(rules)
    for drift in drifts:
        if drift.class_ is DriftClass.CHANGED:
            yield from _changed(drift, touching, effects(drift) if effects is not None else {})
            continue
        make = _MAKERS.get(drift.class_)
        if make is not None and not (drift.class_ is DriftClass.UNREADABLE and drift.changes):
            yield from make(drift, touching)


def _changed(drift: Drift, touching: Touching, effects: Mapping[str, Effect]) -> Iterator[Objection]:
    declared = drift.resource
    for change in drift.changes:
        if change.class_ is DriftClass.CHANGED:
            read_by = touching.attribute(declared.type, change.path)
            message = _message(declared, change)
            for effect in Effect:
                touched = tuple(rule for rule in read_by if effects.get(rule.id) is effect)
                message += f"; it {effect} {_names(touched)}" if touched else ""
            others = tuple(rule for rule in read_by if rule.id not in effects)
            message += _told(others, " reads it", " read it")
            heals = any(effects.get(rule.id) is Effect.HEALS for rule in read_by)
            difference = Difference(
                name_of(declared, change),
                _side(change.declared, change),
                _side(change.live, change),
                str(change.standing or ""),
                str(change.cause or ""),
                remedy(drift, change.standing, heals=heals),
                str(change.method or ""),
            )
            tag = name_of(declared, change) if change.secret else None
            yield Objection(_with(DriftClass.CHANGED, read_by), declared, Fault(message, change.path), difference, tag)


def name_of(declared: Resource, change: Change) -> str:
    """Return the attribute as people read it, elements by their names; one that may be a secret by its number."""
    attributes = veiled(declared.attributes, change.path) if change.secret else declared.attributes
    return tag_of(attributes, change.path)


def _side(value: Any, change: Change) -> str:
    return "" if value is ABSENT else written(value, secret=change.secret)


def _whole(drift: Drift) -> Difference:
    """Return the difference of a Resource that one of the sides does not have."""
    return Difference(
        "",
        drift.resource.title if drift.declared is not None else "",
        drift.resource.title if drift.live is not None else "",
        str(drift.standing or ""),
        str(drift.cause or ""),
        remedy(drift, drift.standing),
    )


def _missing(drift: Drift, touching: Touching) -> Iterator[Objection]:
    resource = drift.resource
    looked_up = touching.type(resource.type)
    message = f"{resource.title} is declared and not there{_doubt(drift.confidence, drift.reason)}"
    message += _stands(drift.standing) + (f"; {drift.cause}" if drift.cause else "")
    message += _told(looked_up, " looks for it", " look for it")
    yield Objection(_with(DriftClass.MISSING, looked_up), resource, Fault(message, ()), _whole(drift))


def _undeclared(drift: Drift, touching: Touching) -> Iterator[Objection]:
    resource = drift.resource
    looked_up = touching.type(resource.type)
    if drift.class_ is DriftClass.ORPHANED:
        message = f"{resource.title} is declared no longer; {drift.reason}"
        message += "; that it is not declared was not applied yet" if drift.standing else ""
    else:
        message = f"{resource.title} is there and declared nowhere"
        message += "; it was applied once: what is declared now was not applied yet" if drift.standing else ""
    message += f"; {drift.cause}" if drift.cause else ""
    yield Objection(_with(drift.class_, looked_up), resource, Fault(message, ()), _whole(drift))


def _unreadable(drift: Drift, touching: Touching) -> Iterator[Objection]:
    resource = drift.resource
    message = f"whether {resource.title} is as declared cannot be said: {drift.reason}"
    yield Objection(RULES[DriftClass.UNREADABLE], resource, Fault(message, (), Verdict.UNKNOWN))


_MAKERS: Mapping[DriftClass, Callable[[Drift, Touching], Iterator[Objection]]] = {
    DriftClass.MISSING: _missing,
    DriftClass.UNMANAGED: _undeclared,
    DriftClass.ORPHANED: _undeclared,
    DriftClass.UNREADABLE: _unreadable,
}


def _message(declared: Resource, change: Change) -> str:
    """Return one sentence: what is live, and what is declared."""
    name = name_of(declared, change) or "it"
    live, wanted = shown(change.live, secret=change.secret), shown(change.declared, secret=change.secret)
    if change.reason and change.declared is ABSENT and change.live is ABSENT:
        text = f"{name} is not declared, and is no longer what it was when it was accepted"
    elif change.reason:
        text = f"{name} holds {change.reason}"
    elif change.live is ABSENT:
        text = f"{name} is not there; {wanted} is declared"
    elif change.declared is ABSENT and isinstance(change.live, dict | list):
        text = f"{name} holds {live}, which is not declared"
    elif change.declared is ABSENT:
        text = f"{name} is {live}; nothing is declared, which means another value"
    else:
        text = f"{name} is {live}; {wanted} is declared"
    text += _doubt(change.confidence, "") + _stands(change.standing)
    return text + (f"; {change.cause}" if change.cause else "")


def _stands(standing: Standing | None) -> str:
    return f"; {standing}" if standing is not None else ""


def _doubt(confidence: Confidence, reason: str) -> str:
    if confidence is Confidence.HIGH:
        return ""
    return f" (low confidence: {reason or 'it may be noise that is not known here'})"


def _with(class_: DriftClass, read_by: tuple[Rule, ...]) -> Rule:
    """Return the Rule of a class with the severity of the gravest of ``read_by``."""
    rule = RULES[class_]
    severity = max((one.severity for one in read_by), default=rule.severity)
    return replace(rule, severity=max(severity, rule.severity))


def _told(rules: tuple[Rule, ...], one: str, several: str) -> str:
    if not rules:
        return ""
    return f"; {_names(rules)}{one if len(rules) == 1 else several}"


def _names(rules: tuple[Rule, ...]) -> str:
    names = ", ".join(rule.id for rule in rules[:_SHOWN_RULES])
    return f"{names} and {len(rules) - _SHOWN_RULES} more" if len(rules) > _SHOWN_RULES else names
