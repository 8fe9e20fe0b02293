"""Which Findings of a Report a format shows, and in which order, so that all formats agree.

Where the run compares with a base, people are shown what is new; the rest is counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scanner.formats.interface import Comparison
from scanner.formats.wording import plural
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report
from scanner.report import report as reports

QUIET = frozenset((State.SCANNED, State.EXCLUDED, State.UNSUPPORTED))
"""States of inputs that nobody needs to look at."""

_Identity: TypeAlias = tuple[str, Verdict, str, str, str]
Changes: TypeAlias = Mapping[_Identity, str]
"""What became of each Finding on each Resource: ``introduced``, ``unchanged`` or ``became_unknown``."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The Findings of a Report by what they mean to a reader; each part in the order of the Report."""

    failing: tuple[Finding, ...]
    """Fail and are not exempted; of a gate that minds only what is new, the introduced ones."""
    unknown: tuple[Finding, ...]
    """Could not be decided and are not exempted; of such a gate, those that are so since the base."""
    exempted: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    """What such a gate does not mind: they fail or are unknown as in the base."""
    fixed: tuple[Finding, ...]
    """Of the base; empty without a Comparison."""


def shown(report: Report, comparison: Comparison | None) -> Shown:
    """Return what is to be shown of ``report``.

    Where the gate minds all Findings, all of them are shown, whatever the report is compared with.
    """
    exempted = tuple(finding for finding in report.findings if finding.exemption is not None)
    open_ = [finding for finding in report.findings if finding.exemption is None]
    fixed = comparison.fixed if comparison is not None else ()
    if comparison is None or not report.gate.new_only:
        return Shown(_with(Verdict.FAIL, open_), _with(Verdict.UNKNOWN, open_), exempted, (), fixed)
    unknown = (*_with(Verdict.UNKNOWN, comparison.introduced), *comparison.became_unknown)
    unchanged = tuple(finding for finding in comparison.unchanged if finding.verdict is not Verdict.ERROR)
    return Shown(_with(Verdict.FAIL, comparison.introduced), unknown, exempted, unchanged, fixed)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return ``findings`` by severity, else in the order given."""
    return sorted(findings, key=lambda finding: -finding.severity)


def changes(comparison: Comparison | reports.Comparison | None) -> Changes:
    """Return what became of each Finding on each Resource, for :func:`change_of`."""
    if comparison is None:
        return {}
    # a Finding on several Resources may be in more than one part, with those Resources only that belong there
    named = (
        ("unchanged", comparison.unchanged),
        ("became_unknown", comparison.became_unknown),
        ("introduced", comparison.introduced),
    )
    return {identity: name for name, findings in named for one in findings for identity in _identities(one)}


def introduced_among(report: Report, comparison: Comparison | None) -> Changes:
    """Return :func:`changes` where what is new is shown among what is not; nothing where it stands alone."""
    return {} if report.gate.new_only else changes(comparison)


def change_of(finding: Finding, known: Changes) -> str:
    """Return ``introduced``, ``became_unknown`` or ``unchanged``, the first that holds for one of its Resources.

    Empty where the Comparison does not say.
    """
    found = changes_of(finding, known)
    return next((change for change in ("introduced", "became_unknown", "unchanged") if change in found), "")


def changes_of(finding: Finding, known: Changes) -> frozenset[str]:
    """Return what became of a Finding on any of its Resources; ``""`` among it for one the Comparison does not name."""
    return frozenset(known.get(identity, "") for identity in _identities(finding))


def comparison_words(comparison: Comparison) -> list[str]:
    """Return the figures of a comparison: ``3 introduced``, ``2 fixed`` and so on; nothing new is said too."""
    words = [
        f"{len(comparison.introduced):,} introduced",
        f"{len(comparison.fixed):,} fixed",
        f"{len(comparison.unchanged):,} unchanged",
    ]
    return [*words, f"{len(comparison.became_unknown):,} became unknown"] if comparison.became_unknown else words


def by_severity(findings: Iterable[Finding]) -> str:
    """Return ``2 critical, 5 low``; empty for no Findings."""
    numbers = Counter(finding.severity for finding in findings)
    return ", ".join(f"{numbers[severity]:,} {severity.label}" for severity in reversed(Severity) if numbers[severity])


def not_read(report: Report) -> tuple[LedgerEntry, ...]:
    """Return the entries of the ledger that a reader should know of, those that make the run incomplete first."""
    entries = [entry for entry in report.ledger if entry.incomplete or entry.state not in QUIET]
    return tuple(sorted(entries, key=lambda entry: not entry.incomplete))


def inputs(report: Report) -> str:
    """Return what became of the inputs: ``95 scanned, 10 unsupported``."""
    numbers = report.counts().ledger
    return ", ".join(f"{numbers[state]:,} {state.value}" for state in State if numbers.get(state)) or "none"


def scope(report: Report) -> str:
    """Return what was judged by what: ``832 resources judged by 68 rules of 12 packs``."""
    rules = f"{plural(len(report.rules), 'rule')} of {plural(len(report.packs), 'pack')}"
    return f"{plural(report.resources, 'resource')} judged by {rules}"


def clipped(text: str, most: int) -> str:
    """Return ``text`` with at most ``most`` characters, the end replaced by ``…``."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def rules_of(findings: Iterable[Finding]) -> Sequence[str]:
    """Return the ids of the Rules of ``findings``, each once, worst first."""
    return list(dict.fromkeys(finding.rule for finding in worst_first(findings)))


def unknown_gate(report: Report) -> str:
    """Return what an unknown verdict that is shown does: ``ignore``, ``warn`` or ``fail``."""
    return (report.gate.new_only and report.gate.became_unknown) or report.gate.unknown


def exemptions_beyond(report: Report) -> str:
    """Return that more Exemptions hold than the gate permits, in words; empty where they do not."""
    if not report.too_many_exemptions():
        return ""
    return f"{plural(report.holding_exemptions(), 'exemption')} where at most {report.gate.max_exemptions} may hold"


def _with(verdict: Verdict, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.verdict is verdict)


def _identities(finding: Finding) -> Iterator[_Identity]:
    resources = [one.resource for one in finding.occurrences] or [finding.resource]
    for resource in resources:
        yield (finding.rule, finding.verdict, finding.tag, resource, finding.message)
