"""Makes one Finding of those that say the same of several instances of one declaration.

A module that is called for forty tenants has one line to correct, not forty. What is put together has the same Rule,
verdict, message, place and Exemption; an instance that differs in any of these stays apart. This comes after
Exemptions are applied, since an Exemption for one tenant's instance must not hide the others'.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from scanner.engine.identity import fingerprint
from scanner.model.finding import Finding, Occurrence, Related
from scanner.model.tenancy import Standing, Tenancy

SEVERAL = Tenancy(Standing.SEVERAL, reason="its instances are not all one tenant's")
"""The Tenancy of a Finding whose occurrences differ in it."""

_Alike: TypeAlias = tuple[object, ...]
_Order: TypeAlias = tuple[str, str, str]


def together(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return ``findings`` in their order, those that say the same of one declaration as one, where the first stood."""
    groups: dict[_Alike, list[Finding]] = {}
    for number, finding in enumerate(findings):
        groups.setdefault(_alike(finding) if finding.declared else (number,), []).append(finding)
    if not any(group[0].declared for group in groups.values()):
        return tuple(group[0] for group in groups.values())
    ordered = [sorted(group, key=_order) if group[0].declared else group for group in groups.values()]
    identities = _identities(ordered)
    return tuple(_joined(group, identities.get(number, "")) for number, group in enumerate(ordered))


def _alike(finding: Finding) -> _Alike:
    """Return what Findings have in common that say the same of one declaration.

    In a plan without its configuration every instance has a place of its own, and the declaration stands for it.
    """
    location = finding.location
    place: object = finding.declared if location.secret else (location.file, location.region)
    exemption = finding.exemption.id if finding.exemption is not None else None
    return (finding.rule, finding.verdict, finding.message, finding.type, location.path, place, exemption)


def _order(finding: Finding) -> _Order:
    return (finding.declared, finding.address, finding.resource)


def _identities(groups: Sequence[Sequence[Finding]]) -> dict[int, str]:
    """Return number of the group → fingerprint, for the groups of declared Resources.

    It is that of the declaration, so that one more instance, or one less, leaves it as it is. Where groups of one
    declaration stay apart, the first has it and each other one is told apart by its first instance.
    """
    same: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        first = group[0]
        if first.declared:
            same[(first.rule, first.declared, first.tag)].append(number)
    identities = {}
    for (rule, declared, tag), numbers in same.items():
        for place, number in enumerate(sorted(numbers, key=lambda number: _order(groups[number][0]))):
            first = groups[number][0]
            apart = f"{declared}@{first.resource}" if place else declared
            identities[number] = fingerprint(rule, apart, tag)
    return identities


def _joined(group: Sequence[Finding], identity: str) -> Finding:
    first = group[0]
    if not first.declared:
        return first
    occurrences = _occurrences(group)
    if len(occurrences) == 1:
        return replace(first, fingerprint=identity)
    tenancies = {occurrence.tenancy for occurrence in occurrences}
    return replace(
        first,
        fingerprint=identity,
        tenancy=first.tenancy if len(tenancies) == 1 else SEVERAL,
        related=_related(group),
        occurrences=occurrences,
    )


def _occurrences(group: Sequence[Finding]) -> tuple[Occurrence, ...]:
    """Return each Resource once: a plan and its configuration may both speak of it."""
    found: dict[tuple[str, str], Occurrence] = {}
    for one in group:
        occurrence = Occurrence(one.resource, one.address, one.fingerprint, one.tenancy, one.content)
        found.setdefault((one.resource, one.address), occurrence)
    return tuple(found.values())


def _related(group: Sequence[Finding]) -> tuple[Related, ...]:
    """Return the places that play a part in any of them, each once."""
    return tuple(dict.fromkeys(related for one in group for related in one.related))
