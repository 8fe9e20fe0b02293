"""What ``bulkhead baseline`` does: a run, and the baseline file beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from scanner.errors import UsageError
from scanner.exemptions.terms import protected
from scanner.formats.write import write_report
from scanner.points.gate import evaluate
from scanner.points.known import load_baseline, notes, written
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.baseline import Coverage, Entry, coverage, entry_of
from scanner.report.compare import Unit


def write_baseline(file: str, flags: Mapping[str, Any]) -> str:
    """Write every open Finding of a run to ``file``; returns what was done. Raises BulkheadError."""
    report, covered = _covered((), flags)
    found = _coverable(covered)
    _save(file, [entry_of(unit, _day(report)) for unit in found])
    left = len(covered.protected)
    note = f", {_findings(left)} of protected rules left out: {_rules(covered.protected)}" if left else ""
    return f"{file}: {_findings(len(found))} written down{note}"


def update_baseline(file: str, flags: Mapping[str, Any], add: Sequence[str] = ()) -> str:
    """Take out of ``file`` what covers nothing, follow what moved, add what ``add`` names; returns what was done."""
    report, covered = _covered(load_baseline(file), flags)
    found = _coverable(covered)
    for wanted in add:
        if any(_named(unit, wanted) for unit in found):
            continue
        if any(_named(unit, wanted) for unit in covered.protected):
            why = f"nothing may accept findings of {_rules(covered.protected)} (exemptions.protected)"
            raise UsageError(f"cannot add '{wanted}': {why}")
        raise UsageError(f"cannot add '{wanted}': no open finding has that rule or fingerprint")
    added = [entry_of(unit, _day(report)) for unit in found if any(_named(unit, wanted) for wanted in add)]
    kept = [entry_of(unit, entry.first_seen) for unit, entry in covered.known]
    _save(file, [*kept, *added])
    gone = len(covered.stale) + len(covered.lapsed) + len(covered.refused)
    return f"{file}: {len(kept)} kept, {len(added)} added, {gone} taken out"


def check_baseline(file: str, flags: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return a line for each entry of ``file`` that covers nothing, and a summary."""
    _, covered = _covered(load_baseline(file), flags)
    lines = [f"{file}: {note.reason}" for note in notes(covered, file)]
    refused = f", {len(covered.refused)} of protected rules" if covered.refused else ""
    return lines, (
        f"{file}: {len(covered.known)} hold, {len(covered.lapsed)} lapsed, {len(covered.stale)} over{refused}; "
        f"{_findings(len(covered.others))} not in it"
    )


def _covered(entries: Iterable[Entry], flags: Mapping[str, Any]) -> tuple[Report, Coverage]:
    """Return the Report of a run without a baseline, and what ``entries`` cover of it."""
    request = replace(Request.of(flags), baseline="")
    report = evaluate(request)
    unread = report.incomplete()
    if unread:
        first = unread[0]
        raise UsageError(
            f"cannot judge a baseline: {first.input} could not be read in full ({first.reason})",
            hint="what is not read cannot be known; mend or exclude it first",
        )
    return report, coverage(entries, report, lambda rule: protected(rule, request.options.policy))


def _coverable(covered: Coverage) -> list[Unit]:
    """Return what is not covered and may be."""
    protected_ = set(map(id, covered.protected))
    return [unit for unit in covered.others if id(unit) not in protected_]


def _rules(units: Iterable[Unit]) -> str:
    return ", ".join(sorted({unit.finding.rule for unit in units}))


def _save(file: str, entries: Iterable[Entry]) -> None:
    write_report(file, written(entries))


def _named(unit: Unit, wanted: str) -> bool:
    if fnmatchcase(unit.finding.rule, wanted.upper()):
        return True
    prefix = wanted.lower()
    return len(prefix) >= 6 and (unit.identity.startswith(prefix) or unit.finding.fingerprint.startswith(prefix))


def _day(report: Report) -> Any:
    assert report.today is not None
    return report.today


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"
