"""The baseline file: read, written, and laid beside a Report."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from scanner.config import ExemptionPolicy
from scanner.errors import BaselineError
from scanner.exemptions.terms import protected
from scanner.model.ledger import LedgerEntry, State
from scanner.report import Report
from scanner.report.baseline import Coverage, Entry, beside, coverage
from scanner.validation import Text, faults, read_valid, shown

if TYPE_CHECKING:
    from scanner.points.base import BaseTree

_HEAD = """# Known findings, which do not block. Written by 'bulkhead baseline'; an entry
# lapses when its resource changes in what the rule reads.
apiVersion: baseline/v1
"""


def load_baseline(path: str) -> tuple[Entry, ...]:
    """Return the entries of a baseline file. Raises BaselineError, with one detail per fault."""
    text = read_valid(path, "baseline")
    if not isinstance(text, Text):
        raise BaselineError(f"cannot use baseline {shown(path)}: it has {faults(text)}", details=text)
    return tuple(
        Entry(**{"at": "", **entry, "first_seen": date.fromisoformat(entry["first_seen"])})
        for entry in text.value["findings"]
    )


def written(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the text of a baseline file: sorted, one line for each fact, so that it can be reviewed as a change."""
    yield _HEAD
    lines = sorted(entries)
    yield "findings:\n" if lines else "findings: []\n"
    for entry in lines:
        yield f"  - rule: {entry.rule}\n    resource: {_quoted(entry.resource)}\n"
        if entry.at:
            yield f"    at: {_quoted(entry.at)}\n"
        if entry.verdict != "fail":
            yield f"    verdict: {entry.verdict}\n"
        yield f'    fingerprint: "{entry.fingerprint}"\n    content: "{entry.content}"\n'
        yield f"    first_seen: {entry.first_seen}\n"


def beside_baseline(report: Report, path: str, policy: ExemptionPolicy, tree: "BaseTree | None" = None) -> Report:
    """Return ``report`` with what the baseline at ``path`` covers as unchanged; notes tell what covers nothing."""
    covered = coverage(load_baseline(path), report, lambda rule: protected(rule, policy))
    name = tree.shown(path) if tree is not None else shown(path)
    return beside(report, covered, name).with_notes(notes(covered, name))


def notes(covered: Coverage, name: str) -> Iterator[LedgerEntry]:
    """Yield a note for each entry that covers nothing."""
    for entry in covered.refused:
        reason = f"does not count: nothing may accept findings of {entry.rule} (exemptions.protected)"
        yield LedgerEntry(name, State.SCANNED, f"entry {entry.rule} on {entry.resource} {reason}")
    for entry in covered.lapsed:
        reason = "has lapsed: the resource has changed in what the rule reads, and still fails"
        yield LedgerEntry(name, State.SCANNED, f"entry {entry.rule} on {entry.resource} {reason}")
    for entry in covered.stale:
        reason = "covers no finding any more: remove it with 'bulkhead baseline update'"
        yield LedgerEntry(name, State.SCANNED, f"entry {entry.rule} on {entry.resource} {reason}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
