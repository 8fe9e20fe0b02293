"""JUnit XML, as build servers show test results: a suite for each Rule, a case for each Resource it is about.

A case fails exactly where the gate closes, so that the tab of test results and the gate never contradict each other;
what does not block, is unknown or is exempted is ``skipped`` with the reason. A Rule that found nothing has one case,
which passes. There is no standard, only what Jenkins, GitLab, Azure Pipelines and others read in common.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.shown import clipped, exemptions_beyond, not_read
from scanner.formats.titles import addresses, finding_title, owner, resource_title
from scanner.formats.wording import plural
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry
from scanner.model.rule import Rule
from scanner.model.verdict import Verdict
from scanner.report import Report, RuleTally

LONGEST = 2_000
"""Characters of one text."""
LEDGER = "inputs"
"""Name of the suite of what was and was not read."""


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    outcome: str = ""
    """``failure``, ``error``, ``skipped``, or empty for one that passes."""
    kind: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


class JunitFormat(Format):
    """A Report as JUnit XML."""

    name = "junit"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the document suite by suite; no clock, and the time of the whole run only."""
        suites = list(_suites(report, presentation))
        everything = [case for _, cases in suites for case in cases]
        totals = f'{_totals(everything)} time="{report.elapsed_s:.3f}"'
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bulkhead" {totals}>\n'
        for name, cases in suites:
            yield f"  <testsuite name={_quoted(name)} {_totals(cases)}>\n"
            yield from (_written(name, case) for case in cases)
            yield "  </testsuite>\n"
        yield "</testsuites>\n"


def _suites(report: Report, presentation: Presentation) -> Iterator[tuple[str, Sequence[_Case]]]:
    blocking = {id(finding) for finding in report.blocking()}
    compared = presentation.comparison is not None and report.gate.new_only
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    passes = _passes(report) if presentation.include_passes else {}
    for id_, tally in report.tallies().items():
        rule = report.rules.get(id_)
        cases = [_of_finding(rule, finding, id(finding) in blocking, compared) for finding in by_rule[id_]]
        cases += passes.get(id_, ())
        yield f"{id_} {rule.title}" if rule is not None else id_, cases or [_holds(tally)]
    yield LEDGER, [*_ledger(report)] or [_Case(f"{plural(len(report.ledger), 'input')} read as far as they concern us")]


def _of_finding(rule: Rule | None, finding: Finding, blocks: bool, compared: bool) -> _Case:
    region = finding.location.region
    place = f"{finding.location.file}:{region.line}:{region.column}" if region else finding.location.file
    lines = [f"{finding.severity.label}: {finding.message}", f"at {place}"]
    if len(finding.occurrences) > 1:
        lines.append(f"in {', '.join(addresses(finding))}")
    if owner(finding.tenancy):
        lines.append(f"of {owner(finding.tenancy)}")
    if rule is not None and rule.fix:
        lines.append(f"fix: {rule.fix}")
    outcome, kind, message = _outcome(finding, blocks, compared)
    name = f"{finding_title(finding)} [{finding.tag}]" if finding.tag else finding_title(finding)
    return _Case(name, outcome, kind, message, tuple(lines), finding.location.file, region.line if region else 0)


def _outcome(finding: Finding, blocks: bool, compared: bool) -> tuple[str, str, str]:
    """Return element, type and message for what became of a Finding."""
    exemption = finding.exemption
    if exemption is not None:
        return "skipped", "exempted", f"exempted by {exemption.id}: {exemption.reason}"
    if finding.verdict is Verdict.ERROR:
        return "error", "rule-error", finding.message
    if blocks:
        return "failure", finding.verdict.value, finding.message
    if finding.verdict is Verdict.UNKNOWN:
        return "skipped", "unknown", f"unknown: {finding.message}"
    why = "does not block this change" if compared else "does not block"
    return "skipped", finding.severity.label, f"{finding.severity.label}, {why}: {finding.message}"


def _holds(tally: RuleTally) -> _Case:
    asked = tally.verdicts.get(Verdict.PASS, 0)
    return _Case(f"holds for {plural(asked, 'resource')}" if asked else "concerns nothing here")


def _passes(report: Report) -> dict[str, list[_Case]]:
    cases: defaultdict[str, list[_Case]] = defaultdict(list)
    for judged in report.judged:
        for rule, verdict in judged.verdicts():
            if verdict is Verdict.PASS or verdict is Verdict.SKIP:
                cases[rule].append(_of_verdict(judged, verdict, judged.reasons.get(rule, "")))
    return cases


def _of_verdict(judged: Judged, verdict: Verdict, reason: str) -> _Case:
    title = printable(judged.origin.address) or resource_title(judged.key, judged.type)
    if verdict is Verdict.PASS:
        return _Case(title, file=judged.origin.file)
    return _Case(title, "skipped", "not-concerned", f"not concerned: {reason}", file=judged.origin.file)


def _ledger(report: Report) -> Iterator[_Case]:
    if beyond := exemptions_beyond(report):
        yield _Case("exemptions", "failure", "exemptions", beyond)
    outcome = "error" if report.gate.incomplete == "fail" else "skipped"
    for entry in not_read(report):
        yield _of_entry(entry, outcome if entry.incomplete else "skipped")


def _of_entry(entry: LedgerEntry, outcome: str) -> _Case:
    place = f"{entry.input}:{entry.line}" if entry.line else entry.input
    reason = entry.reason or entry.state.value
    return _Case(entry.input, outcome, entry.state.value, reason, (f"at {place}",), entry.input, entry.line or 0)


def _totals(cases: Iterable[_Case]) -> str:
    outcomes = [case.outcome for case in cases]
    numbers = {"tests": len(outcomes), "failures": outcomes.count("failure"), "errors": outcomes.count("error")}
    numbers["skipped"] = outcomes.count("skipped")
    return " ".join(f'{name}="{number}"' for name, number in numbers.items())


def _written(suite: str, case: _Case) -> str:
    place = f" file={_quoted(case.file)}" if case.file and case.file != "-" else ""
    place += f' line="{case.line}"' if place and case.line else ""
    head = f"    <testcase classname={_quoted(suite)} name={_quoted(case.name)}{place}"
    if not case.outcome:
        return f"{head}/>\n"
    message = f"<{case.outcome} message={_quoted(case.message)}"
    if case.outcome != "skipped":  # a skipped test has no type
        message += f" type={_quoted(case.kind)}"
    body = "\n".join(escape(_text(line)) for line in case.lines)
    return f"{head}>\n      {message}>{body}</{case.outcome}>\n    </testcase>\n"


def _quoted(text: str) -> str:
    return quoteattr(_text(text))


def _text(text: str) -> str:
    """Return ``text`` without what XML 1.0 forbids: control characters appear as escapes."""
    return clipped(printable(text), LONGEST)
