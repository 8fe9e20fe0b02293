"""Comments that exempt, in the gate over the very change that brings them: they do not count."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from scanner.engine.identity import fingerprint
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.report.compare import Before, Unit, matched, narrowed, units
from scanner.report.report import Report


def without_new_inline(before: Before, after: Report) -> Report:
    """Return ``after`` without what comments accept that ``before`` did not accept.

    A Finding that was accepted before stays accepted, also where it was moved; what a comment accepts that the change
    itself brings is a Finding like any other.
    """
    if not any(_accepted_inline(finding) for finding in after.findings):
        return after
    refused = {
        (id(unit.finding), unit.occurrence.resource, unit.occurrence.address): unit.finding
        for unit, old in matched(before.findings, after.findings)[0]
        if _accepted_inline(unit.finding) and (old is None or not old.accepted)
    }
    if not refused:
        return after
    findings = tuple(part for finding in after.findings for part in _parts(finding, refused))
    holding = {_written(finding) for finding in findings if _accepted_inline(finding)}
    notes = [
        LedgerEntry(file, State.SCANNED, _REFUSED, line)
        for file, line in sorted({_written(finding) for finding in refused.values()})
    ]
    used = tuple(one for one in after.exemptions_used if one.source != "inline" or (one.file, one.line) in holding)
    return replace(after, findings=findings, exemptions_used=used).with_notes(notes)


def _parts(finding: Finding, refused: Mapping[tuple[int, str, str], Finding]) -> Iterator[Finding]:
    """Yield ``finding`` as what stays accepted and what does not."""
    kept: list[Unit] = []
    open_: list[Unit] = []
    for unit in units((finding,)):
        key = (id(finding), unit.occurrence.resource, unit.occurrence.address)
        (open_ if key in refused else kept).append(unit)
    yield from narrowed(kept)
    for part in narrowed(open_):
        apart = f"{finding.declared}@{part.resource}" if kept else ""
        identity = fingerprint(finding.rule, apart, finding.tag) if apart else finding.fingerprint
        yield replace(part, exemption=None, fingerprint=identity)


def _written(finding: Finding) -> tuple[str, int]:
    """Return the file and line of the Exemption that accepts ``finding``."""
    return (finding.exemption.file, finding.exemption.line) if finding.exemption is not None else ("", 0)


def _accepted_inline(finding: Finding) -> bool:
    return finding.exemption is not None and finding.exemption.source == "inline"


_REFUSED = (
    "inline exemption does not count for the change that brings it (exemptions.inline_in_change is forbid); "
    "have it merged first, or accept the finding in an exemptions file of the base"
)
