import json
from dataclasses import replace
from pathlib import Path

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
    }  # fmt: skip
    assert [one["fingerprint"] for one in fixed] == ["f0" * 16]


def test_without_a_comparison_there_is_no_such_key(full: Report) -> None:
    document = json.loads(rendered("json", full))

    assert "comparison" not in document
    assert not [one for one in document["findings"] if "change" in one]


def test_a_change_that_introduces_nothing_passes_with_that_said(full: Report) -> None:
    clean = replace(full, findings=(), ledger=(), gate=Gate(new_only=True))

    text = rendered("text", clean, comparison=Comparison("v1.0", unchanged=full.findings[:2]))

    assert "GATE PASSED: no blocking findings (0 introduced, 0 fixed, 2 unchanged)" in text
