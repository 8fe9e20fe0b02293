"""A Report as rows, pure: one row for each Finding on each Resource, and how often each Rule said what to whom."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from scanner.audit.store.chunks import storable
from scanner.audit.store.differences import row_of
from scanner.audit.store.past import moment_row
from scanner.audit.store.sight import Part, parts_as_text, scope_of
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.path import format_path
from scanner.model.verdict import Verdict
from scanner.report import Report
from scanner.report.compare import Unit, units

Row: TypeAlias = dict[str, Any]
Identity: TypeAlias = tuple[str, str]
"""Fingerprint and tenant. A Resource that changes hands is a new Finding for the new tenant and over for the old one,
so that what one tenant can read of it never holds anything of the other's time."""

OwnText: TypeAlias = Callable[[str, str | None], str]
"""Gives a text of a Finding as the tenant with that id may read it; empty where it cannot be shown."""

_WORST = {Verdict.FAIL: 0, Verdict.ERROR: 1, Verdict.UNKNOWN: 2}


class SeenFinding(NamedTuple):
    """One Finding on one Resource, as this run has it."""

    facts: Row
    """Columns of ``audit_finding`` that say what it is."""
    verdict: Verdict
    exemption: str | None
    difference: Row | None = None
    """Columns of ``audit_difference``, where it is about drift."""

    @property
    def counts(self) -> str:
        """Column of ``audit_tally`` it counts in."""
        if self.exemption is not None:
            return "exempted"
        return {Verdict.FAIL: "failing", Verdict.ERROR: "errors"}.get(self.verdict, "unknown")


def findings_of(report: Report, scopes: Iterable[str], own: OwnText | None = None) -> dict[Identity, SeenFinding]:
    """Return every Finding of ``report`` on each Resource; of two with one identity the worse verdict stays."""
    known = tuple(scope.lower() for scope in scopes)
    found: dict[Identity, SeenFinding] = {}
    for unit in units(report.findings):
        finding, tenant = unit.finding, unit.occurrence.tenancy.tenant or ""
        identity = (unit.identity, storable(tenant))
        old = found.get(identity)
        if old is not None and _WORST[old.verdict] <= _WORST[finding.verdict]:
            continue
        facts = _facts(unit, report, known)
        facts["own_message"] = storable(own(finding.message, tenant or None)) if own is not None else ""
        exemption = storable(finding.exemption.id) if finding.exemption is not None else None
        found[identity] = SeenFinding(facts, finding.verdict, exemption, _difference(finding, tenant, own))
    return found


def moments_of(report: Report, own: OwnText | None = None) -> Iterator[Row]:
    """Yield what happened to the Resources that drifted, for each tenant that has Findings on them."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for unit in units(report.findings):
        if unit.occurrence.resource in report.timelines:
            owners[unit.occurrence.resource].add(unit.occurrence.tenancy.tenant or "")
    for resource, tenants in owners.items():
        for tenant in sorted(tenants):
            for moment in report.timelines[resource]:
                yield moment_row(resource, tenant, moment, own(moment.what, tenant or None) if own is not None else "")


def _difference(finding: Finding, tenant: str, own: OwnText | None) -> Row | None:
    if finding.difference is None:
        return None
    return row_of(finding.difference, None if own is None or not tenant else lambda text: own(text, tenant))


def _facts(unit: Unit, report: Report, scopes: tuple[str, ...]) -> Row:
    finding, occurrence = unit.finding, unit.occurrence
    rule = report.rules.get(finding.rule)
    parts = [Part(scope_of(occurrence.resource, scopes), storable(finding.location.file), _kind(finding.type))]
    parts.extend(
        Part(scope_of(related.resource, scopes), storable(related.location.file))
        for related in finding.related
        if related.resource and related.resource != occurrence.resource
    )
    return {
        "fingerprint": unit.identity,
        "tenant": storable(occurrence.tenancy.tenant or ""),
        "rule": finding.rule,
        "severity": int(finding.severity),
        "concern": rule.concern if rule is not None else "",
        "type": storable(finding.type),
        "resource": storable(occurrence.resource),
        "environment": storable(occurrence.tenancy.environment or ""),
        "input": storable(finding.location.file),
        "path": storable(format_path(finding.path)),
        "message": storable(finding.message),
        "parts": parts_as_text(tuple(dict.fromkeys(parts))),
    }


def rules_of(report: Report, evidence: Mapping[str, str]) -> Iterator[Row]:
    """Yield one row for each Rule that was asked."""
    for id_, tally in report.tallies().items():
        rule = report.rules.get(id_)
        if rule is None:
            continue
        number = tally.verdicts
        yield {
            "rule": id_,
            "title": rule.title,
            "severity": int(rule.severity),
            "concern": rule.concern,
            "controls": json.dumps({name: list(ids) for name, ids in sorted(rule.controls.items())}),
            "passed": number.get(Verdict.PASS, 0),
            "failed": number.get(Verdict.FAIL, 0),
            "unknown": number.get(Verdict.UNKNOWN, 0),
            "skipped": number.get(Verdict.SKIP, 0),
            "errors": number.get(Verdict.ERROR, 0),
            "exempted": tally.exempted,
            "evidence": evidence.get(id_, ""),
        }


def tallies_of(found: Mapping[Identity, SeenFinding]) -> Iterator[Row]:
    """Yield one row for each Rule and tenant that has Findings."""
    counted: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_, tenant), seen in found.items():
        counted[(seen.facts["rule"], tenant)][seen.counts] += 1
    for (rule, tenant), numbers in sorted(counted.items()):
        kinds = ("failing", "unknown", "errors", "exempted")
        yield {"rule": rule, "tenant": tenant, **{kind: numbers[kind] for kind in kinds}}


def ledger_of(entries: Iterable[LedgerEntry]) -> Iterator[Row]:
    """Yield one row for each entry of the ledger."""
    for number, entry in enumerate(entries):
        texts = {"input": storable(entry.input), "reason": storable(entry.reason), "rule": entry.rule}
        facts = {name: value for name, value in entry._asdict().items() if name != "unseen"}
        yield {**facts, **texts, "number": number, "state": entry.state.value}


def exemptions_of(report: Report) -> Iterator[Row]:
    """Yield one row for each Exemption and what became of it."""
    numbers = Counter(finding.exemption.id for finding in report.findings if finding.exemption is not None)
    states = (
        ("used", report.exemptions_used),
        ("expired", report.exemptions_expired),
        ("unused", report.exemptions_unused),
    )
    for state, exemptions in states:
        # an id may be that of several: one entry for each line of a file that was written twice
        for exemption in {storable(one.id): one for one in exemptions}.values():
            yield {**_exemption(exemption), "state": state, "findings": numbers[exemption.id] if state == "used" else 0}


def _exemption(exemption: Exemption) -> Row:
    return {
        "id": storable(exemption.id),
        "rules": storable(", ".join(exemption.rules)),
        "reason": storable(exemption.reason),
        "owner": storable(exemption.owner),
        "ticket": storable(exemption.ticket),
        "approved_by": storable(exemption.approved_by),
        "expires": exemption.expires.isoformat() if exemption.expires else None,
    }


def _kind(type_: str) -> str:
    return type_.rpartition("/")[2].lower()
