"""The JSON report: everything a Report holds, for programs. ``report.schema.json`` beside this file describes it.

Readers rely on it, so it has a version of its own: keys are added within 1.x, never renamed or removed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.formats.interface import Comparison, Format, Presentation
from scanner.formats.shown import change_of, changes
from scanner.formats.streamed import json_document
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location
from scanner.model.path import format_path
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report, RuleTally

SCHEMA_VERSION = "1.0"


class JsonFormat(Format):
    """A Report as one JSON object."""

    name = "json"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the document in pieces, one line for each entry of an array."""
        yield from json_document(_members(report, presentation))


def document(report: Report, presentation: Presentation) -> dict[str, Any]:
    """Return the whole document as data, for a reader in this process."""
    return {
        name: list(value) if isinstance(value, Iterator) else value for name, value in _members(report, presentation)
    }


def _members(report: Report, presentation: Presentation) -> Iterator[tuple[str, Any]]:
    """Yield the members of the document; arrays as iterators."""
    comparison = presentation.comparison
    known = changes(comparison)
    blocking = {id(finding) for finding in report.blocking()}
    yield "schema_version", SCHEMA_VERSION
    yield "version", SCHEMA_VERSION
    yield "tool", {"name": "bulkhead", "version": report.tool_version, "rego_engine": report.rego_engine or None}
    yield "today", report.today.isoformat() if report.today else None
    yield "estate", {"name": report.estate_name, "digest": report.estate_digest} if report.estate_digest else None
    yield "gate", _gate(report, len(blocking))
    yield "packs", (dict(pack._asdict()) for pack in sorted(report.packs))
    yield "counts", _counts(report)
    tallies = report.tallies()
    yield "rules", (_rule(rule, tallies[rule.id]) for rule in report.rules.values())
    yield (
        "findings",
        (_finding(finding, id(finding) in blocking, change_of(finding, known)) for finding in report.findings),
    )
    if comparison is not None:
        yield "comparison", _comparison(comparison)
    if presentation.include_passes:
        yield "verdicts", (_verdicts(judged) for judged in report.judged)
    yield (
        "exemptions",
        {
            "used": [_exemption(exemption) for exemption in report.exemptions_used],
            "expired": [_exemption(exemption) for exemption in report.exemptions_expired],
            "unused": [_exemption(exemption) for exemption in report.exemptions_unused],
            "unseen": [_exemption(exemption) for exemption in report.exemptions_unseen],
        },
    )
    yield "notes", (_entry(note) for note in report.notes)
    yield "ledger", (_entry(entry) for entry in report.ledger)
    yield "elapsed_s", round(report.elapsed_s, 3)


def _gate(report: Report, blocking: int) -> dict[str, Any]:
    exit_code = report.exit_code()
    return {
        "fail_on": report.gate.fail_on.label,
        "unknown": report.gate.unknown,
        "incomplete": report.gate.incomplete,
        "outcome": {0: "passed", 1: "failed"}.get(exit_code, "incomplete"),
        "exit_code": exit_code,
        "blocking": blocking,
    }


def _counts(report: Report) -> dict[str, Any]:
    counts = report.counts()
    return {
        "resources": counts.resources,
        "findings": counts.findings,
        "unknown": counts.unknown,
        "errors": counts.errors,
        "exempted": counts.exempted,
        "by_verdict": {verdict.value: counts.by_verdict.get(verdict, 0) for verdict in Verdict},
        "by_severity": {severity.label: counts.by_severity.get(severity, 0) for severity in reversed(Severity)},
        "by_rule": _sorted(counts.by_rule),
        "by_concern": _sorted(counts.by_concern),
        "by_tenant": _sorted(counts.by_tenant),
        "ledger": {state.value: counts.ledger.get(state, 0) for state in State},
    }


def _rule(rule: Rule, tally: RuleTally) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.label,
        "concern": rule.concern,
        "pack": rule.pack,
        "language": rule.language,
        "fix": rule.fix,
        "controls": _sorted({name: list(ids) for name, ids in rule.controls.items()}),
        "verdicts": {verdict.value: tally.verdicts.get(verdict, 0) for verdict in Verdict},
        "exempted": tally.exempted,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "base": comparison.base,
        "introduced": len(comparison.introduced),
        "unchanged": len(comparison.unchanged),
        "became_unknown": len(comparison.became_unknown),
        "fixed": [_finding(finding, False) for finding in comparison.fixed],
        "elapsed_s": round(comparison.elapsed_s, 3),
        "peak_bytes": comparison.peak_bytes or None,
    }


def _finding(finding: Finding, blocks: bool, change: str = "") -> dict[str, Any]:
    tenancy = finding.tenancy
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "verdict": finding.verdict.value,
        "blocking": blocks,
        "resource": finding.resource,
        "type": finding.type,
        "tenant": tenancy.tenant,
        "tenancy": {
            "standing": tenancy.standing.value,
            "tenant_name": tenancy.tenant_name,
            "environment": tenancy.environment,
            "environment_class": tenancy.environment_class,
            "tier": tenancy.tier,
            "hosting": tenancy.hosting,
            "reason": tenancy.reason,
        },
        "location": _location(finding.location),
        "message": finding.message,
        "tag": finding.tag,
        "fingerprint": finding.fingerprint,
        "related": [
            {
                "resource": related.resource,
                "message": related.message,
                "location": _location(related.location),
            }
            for related in finding.related
        ],
        "exemption": _exemption(finding.exemption) if finding.exemption is not None else None,
        **_declared(finding),
        **({"difference": finding.difference._asdict()} if finding.difference is not None else {}),
        **({"change": change} if change else {}),
    }


def _declared(finding: Finding) -> dict[str, Any]:
    """Return what only Findings on declared Resources (Terraform) have."""
    if not finding.address:
        return {}
    occurrences = [
        {
            "resource": occurrence.resource,
            "address": occurrence.address,
            "tenant": occurrence.tenancy.tenant,
            "fingerprint": occurrence.fingerprint,
        }
        for occurrence in finding.occurrences
    ]
    return {"address": finding.address, "occurrences": occurrences}


def _location(location: Location) -> dict[str, Any]:
    region = location.region
    return {
        "file": location.file,
        "line": region.line if region else None,
        "column": region.column if region else None,
        "end_line": region.end_line if region else None,
        "end_column": region.end_column if region else None,
        "path": format_path(location.path),
    }


def _exemption(exemption: Exemption) -> dict[str, Any]:
    return {
        "id": exemption.id,
        "rules": list(exemption.rules),
        "reason": exemption.reason,
        "owner": exemption.owner,
        "ticket": exemption.ticket,
        "approved_by": exemption.approved_by,
        "expires": exemption.expires.isoformat() if exemption.expires else None,
        "source": exemption.source,
        "file": exemption.file,
        "line": exemption.line,
        "selector": _sorted(exemption.selector),
    }


def _verdicts(judged: Judged) -> dict[str, Any]:
    return {
        "resource": judged.key,
        "type": judged.type,
        "tenant": judged.tenancy.tenant,
        "file": judged.origin.file,
        "address": judged.origin.address or None,
        "verdicts": {rule: verdict.value for rule, verdict in judged.verdicts()},
        "reasons": {rule: reason for rule, reason in sorted(judged.reasons.items()) if rule in judged.rules},
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "input": entry.input,
        "state": entry.state.value,
        "reason": entry.reason,
        "line": entry.line,
        "column": entry.column,
        "resources": entry.resources,
        "incomplete": entry.incomplete,
        "rule": entry.rule or None,
    }


def _sorted(table: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(table.items()))
