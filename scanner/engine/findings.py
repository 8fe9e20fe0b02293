"""Turns what a check objects to into a Finding: location, tag, fingerprint, content."""

from collections.abc import Callable
from typing import TypeAlias

from scanner.engine.content import content_of
from scanner.engine.identity import fingerprint, tag_of
from scanner.engine.projection import Projection
from scanner.model.finding import Finding, Related
from scanner.model.location import Location, Origin, Placed, Region
from scanner.model.path import Path
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule

Locator: TypeAlias = Callable[[Origin, Path], Region | Placed | None]
"""Finds the place of an attribute path of the Resource that has this origin; see :mod:`scanner.sources.interface`."""


class FindingMaker:
    """Makes Findings; keeps the projections that tags are derived from."""

    def __init__(self) -> None:
        self._projections: dict[tuple[str, str], Projection] = {}

    def make(self, rule: Rule, resource: Resource, fault: Fault, locate: Locator) -> Finding:
        """Return the Finding that ``fault`` is.

        The tag is derived from what the Rule reads and nothing else, so it is the same whether the Resource was judged
        whole or reduced, and whichever other rules were loaded.
        """
        placed = _placed(resource, fault.at, locate)
        read = self._projection(rule, resource.type).attributes(resource.attributes)
        tag = tag_of(read, fault.at)
        return Finding(
            rule=rule.id,
            severity=rule.severity,
            verdict=fault.verdict,
            resource=resource.key,
            type=resource.type,
            message=fault.message,
            location=placed.location,
            tag=tag,
            fingerprint=fingerprint(rule.id, resource.key, tag),
            tenancy=resource.tenancy,
            related=(
                *(Related(other.key, why, _placed(other, path, locate).location) for other, path, why in fault.related),
                *(Related("", step.role, step.location) for step in placed.trail),
            ),
            address=resource.origin.address,
            declared=resource.origin.declared,
            content=content_of(rule.id, resource, fault.at, read),
        )

    def _projection(self, rule: Rule, type_: str) -> Projection:
        projection = self._projections.get((rule.id, type_))
        if projection is None:
            projection = self._projections[(rule.id, type_)] = Projection(type_, rule.looks_at)
        return projection


def _placed(resource: Resource, path: Path, locate: Locator) -> Placed:
    found = locate(resource.origin, path)
    return found if isinstance(found, Placed) else Placed(Location(resource.origin.file, path, found))
