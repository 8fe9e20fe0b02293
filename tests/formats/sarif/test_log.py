import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner.formats.interface import Presentation
from scanner.formats.sarif import SarifFormat
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Report
from tests.formats.builder import DUNMORE, at, finding, judged, report, rule
from tests.formats.snapshots_of import assert_snapshot


def rendered(about: Report, **choices: Any) -> str:
    return "".join(SarifFormat().render(about, Presentation(**choices)))


def run_of(about: Report, **choices: Any) -> dict[str, Any]:
    (run,) = json.loads(rendered(about, **choices))["runs"]
    found: dict[str, Any] = run
    return found


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.sarif", rendered(full))


def test_the_whole_output_with_passes(full: Report) -> None:
    assert_snapshot("report-passes.sarif", rendered(full, include_passes=True))


@pytest.mark.parametrize("include_passes", [False, True])
def test_it_is_valid_against_the_official_schema(full: Report, valid: Any, include_passes: bool) -> None:
    valid(rendered(full, include_passes=include_passes))


def test_the_smallest_report_is_valid_too(valid: Any) -> None:
    text = rendered(report([], ledger=(), packs=(), today=None))

    valid(text)
    (run,) = json.loads(text)["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["automationDetails"] == {"id": "bulkhead/"}


def test_hostile_input_is_valid_and_harmless(valid: Any) -> None:
    evil = "\x1b[2J\u202e[click](https://evil.example) <img src=x> \udcff {0}"
    about = rule("ISO-001", evil, fix=evil)
    entry = LedgerEntry(evil, State.UNPARSED, evil, 1, incomplete=True)
    text = rendered(report([about], [finding(about, "Pod \x1b[m/x", evil, at(f"{evil}.yaml"))], ledger=(entry,)))

    valid(text)
    assert text.isascii()
    (run,) = json.loads(text)["runs"]
    message = run["results"][0]["message"]["text"]
    assert message == r"\x1b\[2J\u202e\[click\](https://evil.example) <img src=x> \xff {0}"
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("%1B%5B2J%E2%80%AE%5Bclick%5D(https%3A//evil.example)%20%3Cimg%20src=x%3E%20%FF%20%7B0%7D")


def test_equal_reports_are_equal_bytes(full: Report) -> None:
    assert rendered(full) == rendered(replace(full, elapsed_s=99.0))


def test_nothing_of_this_machine_is_in_it(full: Report, tmp_path: Path) -> None:
    assert str(tmp_path) not in rendered(full, include_passes=True)


def test_no_source_text_is_in_it(full: Report) -> None:
    text = rendered(full, include_passes=True)

    assert "correct-horse" not in text
    assert "snippet" not in text


def test_every_index_points_at_its_rule(full: Report) -> None:
    run = run_of(full, include_passes=True)
    driver = run["tool"]["driver"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    invocation = run["invocations"][0]
    for note in invocation["toolExecutionNotifications"] + invocation["toolConfigurationNotifications"]:
        assert driver["notifications"][note["descriptor"]["index"]]["id"] == note["descriptor"]["id"]
        if "associatedRule" in note:
            assert driver["rules"][note["associatedRule"]["index"]]["id"] == note["associatedRule"]["id"]


@pytest.mark.parametrize(
    ("changes", "successful", "exit_code", "words"),
    [
        ({}, True, 1, "blocking findings"),
        ({"findings": ()}, True, 0, "passed"),
        (
            {"findings": (), "ledger": (LedgerEntry("a", State.UNPARSED, incomplete=True),)},
            False,
            3,
            "incomplete: something could not be read or evaluated",
        ),
    ],
)
def test_the_invocation_says_how_it_ended(
    changes: dict[str, Any], successful: bool, exit_code: int, words: str
) -> None:
    about = rule("ISO-001", "t")
    changes = {"findings": (finding(about, "Pod a/b", "m", at("f.yaml", 1)),), **changes}
    invocation = run_of(report([about], **changes))["invocations"][0]

    assert invocation["executionSuccessful"] is successful
    assert invocation["exitCode"] == exit_code
    assert invocation["exitCodeDescription"] == words


def large(number: int) -> Report:
    severities = list(Severity)
    rules = [rule(f"TST-{i:03}", f"Rule number {i} holds", severities[i % 4], fix="Mend it.") for i in range(60)]
    findings = [
        finding(
            rules[i % 60],
            f"Deployment ns{i % 97}/web{i}",
            f"attribute {i} is wrong; it must be right",
            at(f"deploy/ns{i % 97}/file{i % 500}.yaml", i % 300 + 1, 7, 24, path="spec.template.spec.hostNetwork"),
            tenancy=DUNMORE,
        )
        for i in range(number)
    ]
    return report(rules, findings)


@pytest.mark.slow
@pytest.mark.parametrize("number", [24_000, 30_000, 60_000])
def test_a_large_report_stays_within_what_code_scanning_accepts(number: int, valid: Any) -> None:
    text = rendered(large(number))
    (run,) = json.loads(text)["runs"]
    results = run["results"]

    assert len(results) <= 25_000
    assert len(gzip.compress(text.encode())) < 10 * 1024 * 1024
    assert sum(result.get("occurrenceCount", 1) for result in results) == number
    assert max(len(result.get("relatedLocations", ())) for result in results) <= 100
    fingerprints = [result["partialFingerprints"]["bulkhead/v1"] for result in results]
    assert len(set(fingerprints)) == len(fingerprints)
    valid(json.dumps({**json.loads(text), "runs": [{**run, "results": results[:50] + results[-50:]}]}))


def notices(run: dict[str, Any], id_: str) -> list[str]:
    notes = run["invocations"][0]["toolExecutionNotifications"]
    return [note["message"]["text"] for note in notes if note["descriptor"]["id"] == id_]


@pytest.mark.slow
def test_it_says_what_was_grouped_and_what_will_not_be_shown() -> None:
    run = run_of(large(30_000))

    assert notices(run, "results/grouped") == [
        f"30,000 findings are written as {len(run['results']):,} results, since code scanning accepts 25,000 for one "
        "run; the JSON report has each of them"
    ]
    assert notices(run, "results/shown") == [
        f"code scanning shows the 5,000 worst of these {len(run['results']):,} results"
    ]
    single = [result for result in run["results"] if "occurrenceCount" not in result]
    critical = [result for result in run["results"] if result["level"] == "error"]
    assert len(critical) == 15_000
    assert all(result in single for result in critical[:100])


def test_a_small_report_speaks_of_no_limit(full: Report) -> None:
    run = run_of(full)

    assert notices(run, "results/grouped") == []
    assert notices(run, "results/shown") == []


def test_passes_never_push_findings_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.formats.sarif import grouping

    monkeypatch.setattr(grouping, "MOST_RESULTS", 40)
    rules = [rule(f"TST-{i:03}", "t") for i in range(4)]
    findings = [finding(rules[0], f"Pod a/b{i}", "m", at(f"f{i}.yaml", 1)) for i in range(20)]
    verdicts = tuple(
        judged(f"Pod a/b{i}", f"f{i}.yaml", {one.id: Verdict.PASS for one in rules[1:3]} | {"TST-003": Verdict.SKIP})
        for i in range(20)
    )
    run = run_of(report(rules, findings, judged=verdicts), include_passes=True)

    kinds = [result["kind"] for result in run["results"]]
    assert kinds == ["fail"] * 20 + ["pass", "pass", "notApplicable"]
    assert [result["message"]["text"] for result in run["results"][20:]] == [
        "20 resources pass",
        "20 resources pass",
        "20 resources are not concerned",
    ]
    assert notices(run, "results/grouped") == [
        "60 verdicts pass or skip are written as one result for each rule, since code scanning accepts 40 results for "
        "one run; the JSON report has each of them"
    ]


def test_an_inline_exemption_is_in_source() -> None:
    about = rule("ISO-001", "t")
    inline = Exemption("inline:f.yaml:3", ("ISO-001",), "we know", "inline", "f.yaml", 3, expires=date(2027, 1, 1))
    exempted: Finding = finding(about, "Pod a/b", "m", at("f.yaml", 4), exemption=inline)
    (result,) = run_of(report([about], [exempted]))["results"]

    assert result["kind"] == "fail"
    assert result["suppressions"] == [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": "we know",
            "location": {
                "physicalLocation": {
                    "artifactLocation": {"uri": "f.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3},
                }
            },
            "properties": {"id": "inline:f.yaml:3", "expires": "2027-01-01"},
        }
    ]
