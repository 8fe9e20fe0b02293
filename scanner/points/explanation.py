"""One Finding, explained: the value that decided, where each part of it came from, and why it fails or is unknown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from scanner.engine.projection import read_paths
from scanner.errors import UsageError
from scanner.model.finding import Finding
from scanner.model.location import Location, Placed, Step
from scanner.model.path import ANY, Path, format_path, value_at
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.unknown import Unknown
from scanner.points.gate import evaluate
from scanner.points.inputs import load_inputs, source_of
from scanner.points.request import Request
from scanner.report.compare import Unit, units
from scanner.sources.interface import Locator

SHORTEST = 6
"""Digits of a fingerprint that are enough to try."""
_MOST_PARTS = 12
_ABSENT = object()


class Part(NamedTuple):
    """One value that the Rule reads, and where it came from."""

    path: str
    value: str
    """As JSON; what it is not where it is absent, unknown or secret."""
    location: Location | None
    trail: tuple[Step, ...]
    """What it came through, outwards: module calls, variables, defaults, values files."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All there is to say of one Finding on one Resource."""

    rule: Rule
    finding: Finding
    resource: str
    address: str
    fingerprint: str
    others: int
    """Further Resources that the Finding is about."""
    deciding: tuple[Part, ...]
    """The value it points at, and the parts of it."""
    read: tuple[Part, ...]
    """What else the Rule reads of the Resource."""


def explain(prefix: str, flags: Mapping[str, Any]) -> Explanation:
    """Return the Explanation of the Finding whose fingerprint begins with ``prefix``.

    Raises UsageError where there is none, or more than one.
    """
    request = Request.of(flags)
    report = evaluate(replace(request, baseline=""))
    unit = _only(prefix, list(units(report.findings)))
    inputs = load_inputs(request)
    resource, locate = _resource(request, inputs.estate, unit)
    rule = report.rules[unit.finding.rule]
    at = unit.finding.path
    deciding = tuple(_parts(resource, at, locate)) if resource is not None else ()
    shown = {part.path for part in deciding}
    read = tuple(part for part in _read(rule, resource, locate) if part.path not in shown) if resource else ()
    return Explanation(
        rule=rule,
        finding=unit.finding,
        resource=unit.occurrence.resource,
        address=unit.occurrence.address,
        fingerprint=unit.identity,
        others=max(0, len(unit.finding.occurrences) - 1),
        deciding=deciding,
        read=read,
    )


def _only(prefix: str, found: list[Unit]) -> Unit:
    digits = prefix.lower()
    alone = [unit for unit in found if unit.identity.startswith(digits)]
    grouped = [unit for unit in found if unit.finding.fingerprint.startswith(digits)]
    findings = {id(unit.finding) for unit in (*alone, *grouped)}
    if not findings:
        raise UsageError(
            f"cannot explain finding {prefix}: no finding here has that fingerprint",
            hint="fingerprints are in the JSON and SARIF reports; give the paths and options of that run",
        )
    if len(findings) > 1:
        names = sorted({f"{unit.identity} ({unit.finding.rule})" for unit in (*alone, *grouped)})
        raise UsageError(f"cannot explain finding {prefix}: several begin so", hint=f"one of {', '.join(names[:5])}")
    return (alone or grouped)[0]


def _resource(request: Request, estate: Any, unit: Unit) -> tuple[Resource | None, Locator | None]:
    """Return the Resource as its page gives it, read once more, and what finds places in it."""
    file = unit.finding.location.file
    pages = sorted(source_of(request, estate).pages(), key=lambda page: page.name != file)
    for page in pages:
        for resource in page.read().resources:
            if resource.key == unit.occurrence.resource and resource.type == unit.finding.type:
                return resource, page.locator()
    return None, None


def _parts(resource: Resource, at: Path, locate: Locator | None) -> Iterator[Part]:
    yield _part(resource, at, locate)
    value = value_at(resource.attributes, at, _ABSENT)
    below = [path for path in _leaves(value, at) if path != at]
    yield from (_part(resource, path, locate) for path in below[:_MOST_PARTS])


def _read(rule: Rule, resource: Resource, locate: Locator | None) -> Iterator[Part]:
    for pattern in read_paths(rule.looks_at, resource.type):
        for path in _matching(resource.attributes, pattern)[:_MOST_PARTS]:
            yield _part(resource, path, locate)


def _part(resource: Resource, path: Path, locate: Locator | None) -> Part:
    found = locate(resource.origin, path) if locate is not None else None
    placed = found if isinstance(found, Placed) else Placed(Location(resource.origin.file, path, found))
    value = value_at(resource.attributes, path, _ABSENT)
    shown = "not shown: it may hold secrets" if placed.location.secret else _text(value)
    return Part(format_path(path), shown, placed.location, placed.trail)


def _text(value: Any) -> str:
    if value is _ABSENT:
        return "not set"
    if isinstance(value, Unknown):
        return f"not known: {value.reason}" + (f" ({value.origin})" if value.origin else "")
    text = json.dumps(value, ensure_ascii=False, default=lambda other: f"<{_text(other)}>")
    return text if len(text) <= 200 else f"{text[:197]}..."


def _leaves(value: Any, at: Path) -> Iterator[Path]:
    """Yield the path of each part of ``value`` that holds no other."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from _leaves(below, (*at, key))
    elif isinstance(value, list) and value:
        for index, below in enumerate(value):
            yield from _leaves(below, (*at, index))
    else:
        yield at


def _matching(value: Any, pattern: Path, at: Path = ()) -> list[Path]:
    """Return the paths in ``value`` that ``pattern`` means; where it ends early, as far as it goes."""
    if not pattern:
        return [at]
    step, rest = pattern[0], pattern[1:]
    if step == ANY:
        keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        return [path for key in keys for path in _matching(value[key], rest, (*at, key))]
    if isinstance(value, dict) and step in value:
        return _matching(value[step], rest, (*at, step))
    return [(*at, *(part for part in pattern if part != ANY))] if isinstance(value, dict) and ANY not in pattern else []
