import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import scanner.formats
from scanner.formats.interface import Comparison
from scanner.report import Gate, Report
from tests.formats.comparisons import compared, new_only
from tests.formats.rendering import rendered
from tests.formats.snapshots_of import assert_snapshot

SCHEMA = Path(scanner.formats.__file__).parent / "report.schema.json"


def test_the_whole_text(full: Report) -> None:
    assert_snapshot("compared.txt", rendered("text", new_only(full), comparison=compared(full)))


def test_the_text_of_everything_has_what_is_unchanged(full: Report) -> None:
    text = rendered("text", new_only(full), comparison=compared(full), verbose=True)

    head, _, rest = text.partition("Unchanged · 5 findings as in the base")
    assert "ISO-003" in head
    assert "ENC-025" not in head
    assert "ENC-025" in rest


def test_the_json_report_says_what_became_of_each_finding(full: Report) -> None:
    comparison = compared(full)
    document = json.loads(rendered("json", full, comparison=comparison))

    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    changes = [one.get("change") for one in document["findings"]]
    assert [changes.count(name) for name in ("introduced", "unchanged", "became_unknown", None)] == [3, 5, 1, 2]
    fixed = document["comparison"].pop("fixed")
    assert document["comparison"] == {
        "base": "origin/main", "introduced": 3, "unchanged": 5, "became_unknown": 1,
        "elapsed_s": 0.0, "peak_bytes": None,
    }  # fmt: skip
    assert [one["fingerprint"] for one in fixed] == ["f0" * 16]


def test_reports_for_people_say_what_the_base_took(full: Report) -> None:
    comparison = replace(compared(full), elapsed_s=1.204, peak_bytes=222 << 20)

    assert "elapsed    0.84 s · for the base 1.20 s, at most 222 MiB\n" in rendered("text", full, comparison=comparison)
    footer = rendered("markdown", full, comparison=comparison).splitlines()[-1]
    assert "base judged in 1.20 s, at most 222 MiB" in footer
    document = json.loads(rendered("json", full, comparison=comparison))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(document)
    assert (document["comparison"]["elapsed_s"], document["comparison"]["peak_bytes"]) == (1.204, 222 << 20)


@pytest.mark.parametrize("name", ["sarif", "gitlab", "csv", "github", "azure-pipelines"])
def test_what_services_compare_says_nothing_of_it(full: Report, name: str) -> None:
    quick, slow = (replace(compared(full), elapsed_s=took, peak_bytes=int(took) << 20) for took in (1.0, 9.0))

    assert rendered(name, full, comparison=quick) == rendered(name, full, comparison=slow)


def test_without_a_comparison_there_is_no_such_key(full: Report) -> None:
    document = json.loads(rendered("json", full))

    assert "comparison" not in document
    assert not [one for one in document["findings"] if "change" in one]


def test_a_change_that_introduces_nothing_passes_with_that_said(full: Report) -> None:
    clean = replace(full, findings=(), ledger=(), gate=Gate(new_only=True))

    text = rendered("text", clean, comparison=Comparison("v1.0", unchanged=full.findings[:2]))

    assert "GATE PASSED: no blocking findings (0 introduced, 0 fixed, 2 unchanged)" in text
