import copy
import json
from pathlib import Path
from typing import Any

import pytest

import scanner.formats
from scanner.formats.interface import Presentation
from scanner.formats.json_report import JsonFormat
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location
from scanner.model.verdict import Verdict
from scanner.report import Gate, Report
from tests.formats.builder import at, finding, report, rule
from tests.formats.snapshots_of import assert_snapshot

SCHEMA = Path(scanner.formats.__file__).parent / "report.schema.json"
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "json-report.md"


def rendered(about: Report, **choices: Any) -> str:
    return "".join(JsonFormat().render(about, Presentation(**choices)))


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


def closed(part: Any) -> Any:
    """Return a schema that allows no key it does not name: what we write is documented in full."""
    if isinstance(part, list):
        return [closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {key: closed(value) for key, value in part.items()}
    if part.get("type") == "object" and "properties" in part:
        found.setdefault("additionalProperties", False)
    return found


def validator(described: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(described)
    return Draft202012Validator(described, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_whole_output(full: Report) -> None:
    assert_snapshot("report.json", rendered(full))


def test_the_whole_output_with_passes(full: Report) -> None:
    assert_snapshot("report-passes.json", rendered(full, include_passes=True))


@pytest.mark.parametrize("include_passes", [False, True])
def test_it_is_valid_against_the_published_schema_which_names_every_key(full: Report, include_passes: bool) -> None:
    document = json.loads(rendered(full, include_passes=include_passes))

    assert list(validator(closed(schema())).iter_errors(document)) == []


def test_the_smallest_report_is_valid_too() -> None:
    document = json.loads(rendered(report([], ledger=(), packs=(), today=None)))

    assert list(validator(closed(schema())).iter_errors(document)) == []
    assert document["today"] is None
    assert document["estate"] is None
    assert document["tool"]["rego_engine"] is None


def test_the_schema_rejects_what_is_not_a_report(full: Report) -> None:
    document = json.loads(rendered(full))
    check = validator(schema())
    for damage in ("findings", "ledger", "elapsed_s", "packs", "counts", "tool", "version"):
        damaged = copy.deepcopy(document)
        del damaged[damage]
        assert not check.is_valid(damaged), damage
    document["findings"][0]["severity"] = "terrible"
    assert not check.is_valid(document)


def test_every_key_is_documented_for_people() -> None:
    page = DOCUMENTATION.read_text("utf-8")
    described = schema()
    names = {*described["properties"], *described["$defs"]["finding"]["properties"]}
    names |= {*described["properties"]["counts"]["properties"], *described["$defs"]["entry"]["properties"]}

    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("changes", "outcome", "exit_code"),
    [
        ({}, "failed", 1),
        ({"findings": ()}, "passed", 0),
        ({"findings": (), "ledger": (LedgerEntry("a", State.UNPARSED, incomplete=True),)}, "incomplete", 3),
    ],
)
def test_the_outcome_of_the_gate(changes: dict[str, Any], outcome: str, exit_code: int) -> None:
    about = rule("ISO-001", "t")
    changes = {"findings": (finding(about, "Pod a/b", "m", at("f.yaml", 1)),), **changes}
    gate = json.loads(rendered(report([about], **changes)))["gate"]

    assert (gate["outcome"], gate["exit_code"]) == (outcome, exit_code)


def test_an_unknown_finding_says_whether_it_blocks() -> None:
    about = rule("ISO-001", "t")
    unknown = finding(about, "Pod a/b", "m", at("f.yaml", 1), verdict=Verdict.UNKNOWN)
    blocking = [
        json.loads(rendered(report([about], [unknown], gate=Gate(unknown=choice))))["findings"][0]["blocking"]
        for choice in ("ignore", "warn", "fail")
    ]

    assert blocking == [False, False, True]


def test_values_are_exact_and_the_text_is_ascii() -> None:
    about = rule("ISO-001", "t")
    message = "\x1b[2Jname 'größe\u202e' is \"x\""
    text = rendered(report([about], [finding(about, "Pod a/b", message, Location("bad\udcff.yaml", ()))]))

    assert text.isascii()
    assert "\x1b" not in text
    found = json.loads(text)["findings"][0]
    assert found["message"] == message
    assert found["location"]["file"] == "bad\ufffd.yaml"
    assert found["location"]["line"] is None


def test_it_comes_in_pieces() -> None:
    about = rule("ISO-001", "t")
    findings = [finding(about, f"Pod a/b{number}", "m", at("f.yaml", number)) for number in range(1, 1001)]
    longest = max(len(piece) for piece in JsonFormat().render(report([about], findings), Presentation()))

    assert longest < 2_000
