"""What SARIF says of results beside those of the base."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scanner.formats.interface import Comparison
from scanner.formats.sarif import grouping
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding, Occurrence
from scanner.model.tenancy import UNDECLARED
from scanner.model.verdict import Verdict
from scanner.report import Report
from scanner.report.report import Comparison as Compared
from tests.formats.builder import at, finding, report, rule
from tests.formats.comparisons import compared
from tests.formats.rendering import rendered

ABOUT = rule("ISO-001", "t")


def run_of(text: str) -> dict[str, Any]:
    (run,) = json.loads(text)["runs"]
    found: dict[str, Any] = run
    return found


def states(about: Report, comparison: Comparison, **choices: Any) -> list[str | None]:
    run = run_of(rendered("sarif", about, comparison=comparison, **choices))
    return [result.get("baselineState") for result in run["results"]]


def one(number: int, **changes: Any) -> Finding:
    return finding(ABOUT, f"Pod a/b{number}", "m", at(f"f{number}.yaml"), tag="t", **changes)


def test_every_result_says_whether_it_is_new(full: Report) -> None:
    comparison = compared(full)
    exempted = tuple(found for found in full.findings if found.exemption is not None)
    whole = Compared("main", comparison.introduced, unchanged=(*comparison.unchanged, *exempted))
    text = rendered("sarif", replace(full, comparison=whole), comparison=comparison)
    found = Counter(result["baselineState"] for result in run_of(text)["results"])
    assert found == {"new": 4, "unchanged": 5 + len(exempted)}
    assert rendered("sarif", replace(full, comparison=replace(whole, elapsed_s=9.0)), comparison=comparison) == text


def test_without_a_base_no_result_has_a_state(full: Report) -> None:
    run = run_of(rendered("sarif", full))
    assert not any("baselineState" in result for result in run["results"])
    assert "baseline" not in run["properties"]


def test_what_is_fixed_is_counted_and_makes_no_alert(full: Report) -> None:
    comparison = compared(full)
    run = run_of(rendered("sarif", full, comparison=comparison))
    assert run["properties"]["baseline"] == {
        "name": "origin/main", "introduced": 3, "becameUnknown": 1, "unchanged": 5, "fixed": 1,
    }  # fmt: skip
    assert "f0" * 16 not in json.dumps(run["results"])


def test_with_everything_wanted_what_is_fixed_is_absent(full: Report) -> None:
    text = rendered("sarif", full, comparison=compared(full), include_passes=True)
    (gone,) = (result for result in run_of(text)["results"] if result.get("baselineState") == "absent")
    assert gone["partialFingerprints"] == {"bulkhead/v1": "f0" * 16}


def test_a_result_of_which_a_part_is_new_is_updated() -> None:
    both = tuple(Occurrence(key, key, "0" * 32, UNDECLARED) for key in ("k1", "k2"))
    several = replace(one(1), occurrences=both)
    narrow = [replace(several, resource=key.resource, occurrences=()) for key in both]
    about = report([ABOUT], [several])
    assert states(about, Comparison("main", (narrow[0],), unchanged=(narrow[1],))) == ["updated"]
    assert states(about, Comparison("main", unchanged=tuple(narrow))) == ["unchanged"]
    assert states(about, Comparison("main", became_unknown=tuple(narrow))) == ["new"]


def test_a_group_is_updated_where_a_part_of_it_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_RESULTS", 1)
    several = tuple(replace(one(number), location=at("f.yaml", number)) for number in (1, 2))
    assert states(report([ABOUT], several), Comparison("main", several[:1], unchanged=several[1:])) == ["updated"]


def test_everything_together_stays_within_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_RESULTS", 12)
    findings = tuple(one(number) for number in range(20))
    gone = tuple(one(number) for number in range(20, 40))
    found = states(report([ABOUT], findings), Comparison("main", findings, gone), include_passes=True)
    assert 0 < found.count("absent") <= len(found) <= 12


@pytest.mark.parametrize("include_passes", [False, True])
def test_it_is_valid(full: Report, valid: Any, include_passes: bool) -> None:
    valid(rendered("sarif", full, comparison=compared(full), include_passes=include_passes))


def test_an_accepted_finding_that_is_new_is_new() -> None:
    accepted = one(1, exemption=Exemption("EX-1", ("*",), "r", "file", "e.yaml", 1), verdict=Verdict.FAIL)
    about = replace(report([ABOUT], [accepted]), comparison=Compared("main", introduced=(accepted,)))
    assert states(about, Comparison("main")) == ["new"]
