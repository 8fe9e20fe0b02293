from dataclasses import replace

import pytest

from scanner.formats.interface import Comparison
from scanner.formats.shown import (
    by_severity,
    change_of,
    changes,
    comparison_words,
    exemptions_beyond,
    not_read,
    shown,
    worst_first,
)
from scanner.model.finding import Occurrence
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from tests.formats.builder import DUNMORE, at, finding, report, rule
from tests.formats.comparisons import compared, new_only
from tests.formats.rendering import rendered


def test_without_a_comparison_everything_open_is_shown(full: Report) -> None:
    found = shown(full, None)

    assert (len(found.failing), len(found.unknown), len(found.exempted)) == (8, 1, 1)
    assert (found.fixed, found.unchanged) == ((), ())


def test_with_one_only_what_is_new(full: Report) -> None:
    comparison = compared(full)

    found = shown(new_only(full), comparison)

    assert found.failing == comparison.introduced
    assert found.unknown == comparison.became_unknown
    assert (len(found.fixed), len(found.unchanged), len(found.exempted)) == (1, 5, 1)


def test_what_became_of_each_finding(full: Report) -> None:
    known = changes(compared(full))

    assert [change_of(one, known) for one in full.findings] == [
        "introduced", "introduced", "introduced", "unchanged", "unchanged", "unchanged", "unchanged", "unchanged",
        "became_unknown", "", "",
    ]  # fmt: skip
    assert change_of(full.findings[0], changes(None)) == ""


def test_worst_first_keeps_the_order_of_equals() -> None:
    low, high = rule("A-001", "a", Severity.LOW), rule("A-002", "b", Severity.HIGH)
    findings = [finding(one, f"Deployment a/{n}", "m", at("a", n + 1)) for n, one in enumerate((low, high, low, high))]

    assert [(one.rule, one.location.region and one.location.region.line) for one in worst_first(findings)] == [
        ("A-002", 2), ("A-002", 4), ("A-001", 1), ("A-001", 3),
    ]  # fmt: skip
    assert by_severity(findings) == "2 high, 2 low"


def test_what_makes_the_run_incomplete_comes_first(full: Report) -> None:
    assert [entry.state.value for entry in not_read(full)] == ["unparsed", "partial"]
    assert not_read(report([])) == ()


def test_a_comparison_in_words() -> None:
    assert comparison_words(Comparison("main")) == ["0 introduced", "0 fixed", "0 unchanged"]


def test_a_gate_that_minds_everything_is_shown_everything(full: Report) -> None:
    found = shown(full, compared(full))

    assert (len(found.failing), len(found.unknown), len(found.unchanged), len(found.fixed)) == (8, 1, 0, 1)


def test_what_is_new_and_unknown_is_newly_unknown(full: Report) -> None:
    comparison = replace(compared(full), introduced=full.findings, became_unknown=())

    found = shown(new_only(full), comparison)

    assert [one.verdict for one in found.unknown] == [Verdict.UNKNOWN]
    assert {one.verdict for one in found.failing} == {Verdict.FAIL}


def test_of_a_finding_on_several_resources_one_that_is_new_makes_it_new() -> None:
    bad = rule("A-001", "a")
    whole = finding(bad, "Deployment a/b", "m", at("main.tf", 1))
    occurrences = tuple(Occurrence(f"k{n}", f"a[{n}]", "0" * 32, DUNMORE) for n in range(3))
    whole = replace(whole, occurrences=occurrences)
    parts = Comparison(
        "main", introduced=(replace(whole, occurrences=occurrences[2:], fingerprint="1"),), unchanged=(whole,)
    )

    assert change_of(whole, changes(parts)) == "introduced"


def test_more_exemptions_than_permitted_are_told_in_every_log(full: Report) -> None:
    beyond = replace(full, findings=(), ledger=(), gate=Gate(max_exemptions=1))

    assert exemptions_beyond(full) == ""
    assert exemptions_beyond(beyond) == "2 exemptions where at most 1 may hold"
    for name in ("text", "markdown", "html", "junit", "github", "azure-pipelines"):
        assert "2 exemptions where at most 1 may hold" in rendered(name, beyond)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_what_is_introduced_is_marked_where_it_stands_among_the_rest(full: Report, name: str) -> None:
    among = rendered(name, full, comparison=compared(full))
    alone = rendered(name, new_only(full), comparison=compared(full))
    mark = {"markdown": "critical, introduced |", "html": "<span>introduced · dunmore"}[name]

    assert mark in among
    assert mark not in alone
