"""What an Unknown keeps from a Rule: the whole Resource, or the one list element that holds it.

Rule authors write no guards: the engine looks at the paths a Rule ``reads`` before it runs.
"""

from collections.abc import Iterable
from typing import NamedTuple

from scanner.engine.projection import read_paths, without
from scanner.model.path import ANY, Path, covers, format_path, value_at
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.model.unknown import Unknown
from scanner.model.verdict import Verdict


class Withheld(NamedTuple):
    """What a Rule must not be asked about."""

    faults: tuple[Fault, ...]
    """One ``unknown`` for each Unknown that the Rule would read; empty where it reads none."""
    elements: tuple[Path, ...]
    """List elements to leave out; the Rule is asked about the rest."""
    everything: bool
    """Whether there is nothing left to ask."""


NOTHING = Withheld((), (), False)


def withheld(rule: Rule, resource: Resource) -> Withheld:
    """Return what the Unknowns of ``resource`` withhold from ``rule``."""
    faults: dict[Path, Fault] = {}
    elements: dict[Path, None] = {}
    everything = False
    for pattern in read_paths(rule.reads, resource.type):
        for path in resource.unknowns:
            if not _touches(pattern, path):
                continue
            faults[path] = _fault(resource, path)
            element = _element(pattern, path)
            if element is None:
                everything = True
            else:
                elements[element] = None
    return Withheld(tuple(faults.values()), tuple(elements), everything) if faults else NOTHING


def reduced(resource: Resource, elements: Iterable[Path]) -> Resource:
    """Return ``resource`` without ``elements``; the indexes of the others stay what they are."""
    attributes = resource.attributes
    for element in elements:
        attributes = without(attributes, element)
    return resource.reduced(attributes)


def outside(faults: Iterable[Fault], elements: tuple[Path, ...]) -> list[Fault]:
    """Return the faults that do not speak of a withheld element."""
    return [fault for fault in faults if not any(covers(element, fault.at) for element in elements)]


def _touches(pattern: Path, path: Path) -> bool:
    """Whether reading ``pattern`` meets the Unknown at ``path``: it stands on the way there, there, or below."""
    return all(step in (ANY, other) for step, other in zip(pattern, path, strict=False))


def _element(pattern: Path, path: Path) -> Path | None:
    """Return the innermost ``[*]`` element of ``pattern`` on the way to ``path``, or None where there is none."""
    for index in range(min(len(pattern), len(path)) - 1, -1, -1):
        if pattern[index] == ANY:
            return path[: index + 1]
    return None


def _fault(resource: Resource, path: Path) -> Fault:
    value = value_at(resource.attributes, path)
    cause = value.reason if isinstance(value, Unknown) else "its value is not known"
    return Fault(f"{format_path(_named(path))} is not known: {cause}", path, Verdict.UNKNOWN)


def _named(path: Path) -> Path:
    """Return ``path`` with ``[*]`` for list indexes, which have no place in a message."""
    return tuple(ANY if isinstance(step, int) else step for step in path)
