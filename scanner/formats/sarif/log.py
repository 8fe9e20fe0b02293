"""The SARIF file as a whole: one run, its results streamed at the end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import sarif_om as om

from scanner.formats.interface import Format, Presentation
from scanner.formats.printable import printable
from scanner.formats.sarif import grouping, notifications, rules
from scanner.formats.sarif.objects import plain
from scanner.formats.sarif.places import ROOT
from scanner.formats.sarif.results import KINDS, Results, passes
from scanner.formats.shown import changes
from scanner.formats.streamed import json_array, to_json
from scanner.model.finding import Finding
from scanner.model.verdict import Verdict
from scanner.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"
_INDENT = " " * 6
_EXITS = {0: "passed", 1: "blocking findings", 3: "incomplete: something could not be read or evaluated"}
_BREAKS = ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"]
"""The line breaks of YAML 1.1: lines are counted as the files themselves are read."""


class SarifFormat(Format):
    """A Report as SARIF 2.1.0, within what code scanning accepts."""

    name = "sarif"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the file in pieces, one line for each result and rule; no clock, so equal Reports are equal bytes."""
        # what is listed only where everything is wanted takes at most two results for each Rule and kind
        rest = 2 * len(report.rules) if presentation.include_passes else 0
        groups = _groups(report.findings, grouping.MOST_RESULTS - 2 * rest)
        gone = _gone(presentation, grouping.MOST_RESULTS - len(groups) - rest)
        yield f'{{\n  "$schema": "{SCHEMA}",\n  "version": "{VERSION}",\n  "runs": [\n    {{\n'
        for name, value in _run(report, groups, presentation).items():
            yield f'{_INDENT}"{name}": {to_json(value)},\n'
        yield f'{_INDENT}"tool": {{"driver": '
        yield from _driver(report)
        yield f'}},\n{_INDENT}"results": '
        yield from json_array(_results(report, groups, gone, presentation), _INDENT)
        yield "\n    }\n  ]\n}\n"


def _groups(findings: Iterable[Finding], limit: int) -> list[grouping.Group]:
    return grouping.grouped((finding for finding in findings if finding.verdict in KINDS), limit)


def _gone(presentation: Presentation, limit: int) -> list[grouping.Group]:
    """Return what the base had and is no more: only where everything is wanted, since code scanning alerts to it."""
    compared = presentation.comparison
    return _groups(compared.fixed, limit) if compared is not None and presentation.include_passes else []


def _run(report: Report, groups: list[grouping.Group], presentation: Presentation) -> dict[str, Any]:
    """Return the run without its tool and results."""
    run = om.Run(
        tool=None,
        automation_details=om.RunAutomationDetails(id="/".join(filter(None, ("bulkhead", report.estate_name))) + "/"),
        column_kind="unicodeCodePoints",
        invocations=[_invocation(report, groups, presentation.include_passes)],
        newline_sequences=_BREAKS,
        original_uri_base_ids={
            ROOT: om.ArtifactLocation(description=om.Message(text="the folder that Bulkhead was run in"))
        },
        properties=_properties(report, presentation),
    )
    return {name: value for name, value in plain(run).items() if value is not None}


def _driver(report: Report) -> Iterator[str]:
    driver = om.ToolComponent(
        name="Bulkhead",
        full_name=f"Bulkhead {report.tool_version}",  # Azure DevOps Advanced Security asks for one
        version=report.tool_version,
        semantic_version=report.tool_version,
        notifications=notifications.descriptors(),
    )
    yield to_json(plain(driver))[:-1]
    yield ', "rules": '
    yield from json_array((plain(found) for found in rules.descriptors(report.rules.values())), _INDENT)
    yield "}"


def _invocation(report: Report, groups: list[grouping.Group], include_passes: bool) -> Any:
    exit_code = report.exit_code()
    made = notifications.Notifications(report.rules)
    return om.Invocation(
        execution_successful=not report.incomplete(),
        exit_code=exit_code,
        exit_code_description=_EXITS[exit_code],
        tool_execution_notifications=[
            *made.of_ledger(report.ledger, report.counts()),
            *_limit_notices(made, groups),
            *(_pass_notice(made, report, groups) if include_passes else ()),
        ],
        tool_configuration_notifications=[*made.of_notes(report.notes), *made.of_rule_errors(report.ledger)] or None,
    )


def _limit_notices(made: notifications.Notifications, groups: list[grouping.Group]) -> Iterator[Any]:
    findings = sum(len(group.findings) for group in groups)
    if findings > len(groups):
        yield made.notice(
            "results/grouped",
            "warning",
            f"{findings:,} findings are written as {len(groups):,} results, since code scanning accepts "
            f"{grouping.MOST_RESULTS:,} for one run; the JSON report has each of them",
        )
    if len(groups) > grouping.MOST_SHOWN:
        yield made.notice(
            "results/shown",
            "note",
            f"code scanning shows the {grouping.MOST_SHOWN:,} worst of these {len(groups):,} results",
        )


def _pass_notice(made: notifications.Notifications, report: Report, groups: list[grouping.Group]) -> Iterator[Any]:
    number = passes(report.judged)
    if number > grouping.MOST_RESULTS - len(groups):
        yield made.notice(
            "results/grouped",
            "note",
            f"{number:,} verdicts pass or skip are written as one result for each rule, since code scanning accepts "
            f"{grouping.MOST_RESULTS:,} results for one run; the JSON report has each of them",
        )


def _properties(report: Report, presentation: Presentation) -> dict[str, Any]:
    counts = report.counts()
    found: dict[str, Any] = {
        "packs": [dict(pack._asdict()) for pack in sorted(report.packs)],
        "verdicts": {verdict.value: counts.by_verdict.get(verdict, 0) for verdict in Verdict},
        "ledger": {state.value: number for state, number in sorted(Counter(counts.ledger).items())},
        "resources": counts.resources,
    }
    if report.estate_digest:
        found["estate"] = {"name": report.estate_name, "digest": report.estate_digest}
    if report.rego_engine:
        found["regoEngine"] = report.rego_engine
    if report.today is not None:
        found["today"] = report.today.isoformat()
    compared = presentation.comparison
    if compared is not None:
        found["baseline"] = {
            "name": printable(compared.base),
            "introduced": len(compared.introduced),
            "becameUnknown": len(compared.became_unknown),
            "unchanged": len(compared.unchanged),
            "fixed": len(compared.fixed),
        }
    return found


def _results(
    report: Report, groups: list[grouping.Group], gone: list[grouping.Group], presentation: Presentation
) -> Iterator[Any]:
    # the Report's own Comparison knows of accepted Findings too; every result is to have a state, or none
    known = changes(report.comparison or presentation.comparison) if presentation.comparison is not None else None
    made = Results(report.rules, known)
    for group in groups:
        yield plain(made.of_group(group))
    for group in gone:
        yield plain(made.of_group(group, absent=True))
    if presentation.include_passes:
        for result in made.of_verdicts(report.judged, grouping.MOST_RESULTS - len(groups) - len(gone)):
            yield plain(result)
