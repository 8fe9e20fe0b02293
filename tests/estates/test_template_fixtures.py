"""The Bicep and ARM halves of the two example estates, end to end; each is the twin of the other."""

import csv
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.documents import DEFAULT_LIMITS
from scanner.model.resource import Resource
from scanner.sources.arm import closures, run, syntax
from scanner.sources.arm.functions import FUNCTIONS, UNKNOWN, function
from scanner.sources.arm.page import ArmContext, ArmPage
from scanner.sources.arm.scoped import SCOPED
from scanner.sources.arm.values import MAX_TEXT
from scanner.sources.bicep import content, files
from scanner.sources.bicep.source import BicepSource
from scanner.sources.walk import walk
from tests.cli.running import bulkhead
from tests.conftest import ROOT
from tests.estates.test_fixtures import TODAY, compare

FIXTURES = ROOT / "fixtures"
BROKEN = "erp-hosting-broken"
ESTATES = ["erp-hosting", BROKEN]
LANGUAGES = ["bicep", "arm"]
TWINS = [pytest.param(estate, language, id=f"{estate}-{language}") for estate in ESTATES for language in LANGUAGES]

ONLY_TERRAFORM = {"BAK-004", "GOV-009", "RBAC-006"}
"""No template has a state."""
NOT_ASKED = {"NET-002"}
"""The healthy servers are in their network and have no firewall that could be judged."""
NOT_TRACED = {
    "BAK-013": "the value is max() of the parameter",
    "BAK-015": "the name of the SKU is put together from the parameter",
    "ENC-006": "the parameters of the server are merged from two objects, and looped over",
    "ENC-007": "the parameters of the server are merged from two objects, and looped over",
    "ENC-011": "the parameter goes through ??",
    "ENC-014": "the pools are an array that is put together and looped over",
    "NET-001": "the parameter goes through ??",
    "NET-011": "the parameter goes through ??",
    "NET-017": "the source is in a lambda over the rules",
}
"""Controls whose value comes from further away than the places of a Finding lead, and why they end earlier."""


class Scanned(NamedTuple):
    """One run."""

    code: int
    screen: str
    errors: str
    report: Any


@cache
def scan(estate: str, language: str, file: str = "") -> Scanned:
    path = f"fixtures/{estate}/{language}/{file}".rstrip("/")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "report.json"
        reports = ("--report", "text=-", "--report", f"json={target}", "--include-passes")
        config = ("--config", f"fixtures/{estate}/bulkhead.yaml", "--today", TODAY)
        code, out, err = bulkhead("scan", path, *config, *reports, cwd=ROOT)
        return Scanned(code, out, err, json.loads(target.read_text("utf-8")))


def failures(language: str, file: str = "") -> list[Any]:
    return [one for one in scan(BROKEN, language, file).report["findings"] if one["verdict"] == "fail"]


def place(location: Any) -> tuple[str, int]:
    return str(location["file"]).removeprefix(f"fixtures/{BROKEN}/"), int(location["line"])


@cache
def expected(language: str) -> list[dict[str, str]]:
    with (FIXTURES / BROKEN / f"{language}-expected.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("estate", "language"), TWINS)
def test_the_report_on_the_screen(estate: str, language: str) -> None:
    code, screen, errors, _ = scan(estate, language)
    assert (code, errors) == (int(estate == BROKEN), "")
    compare(f"{estate}-{language}.txt", screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_with_the_healthy_estate_and_nothing_is_unknown(language: str) -> None:
    counts = scan("erp-hosting", language).report["counts"]
    assert (counts["findings"], counts["unknown"], counts["errors"], counts["exempted"]) == (0, 0, 0, 0)
    assert counts["resources"] > 400
    assert {entry["state"] for entry in scan("erp-hosting", language).report["ledger"]} == {"scanned"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_that_the_broken_estate_breaks_passes_in_the_healthy_one(language: str) -> None:
    verdicts = scan("erp-hosting", language).report["verdicts"]
    passed = {rule for one in verdicts for rule, verdict in one["verdicts"].items() if verdict == "pass"}
    assert {row["control"] for row in expected(language)} - passed == NOT_ASKED


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_control_is_found_where_it_is_broken_and_nowhere_else(language: str) -> None:
    found = {(finding["rule"], *place(finding["location"])) for finding in failures(language)}
    assert found == {(row["control"], row["file"], int(row["line"])) for row in expected(language)}
    assert scan(BROKEN, language).report["counts"]["unknown"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_break_what_terraform_breaks(language: str) -> None:
    with (FIXTURES / BROKEN / "terraform-expected.csv").open(newline="") as stream:
        controls = {row["control"] for row in csv.DictReader(stream)}
    assert {row["control"] for row in expected(language)} == controls - ONLY_TERRAFORM
    assert len(controls) == 47


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_leads_to_where_its_value_comes_from(language: str) -> None:
    missing = {}
    for row in expected(language):
        related = [
            step["location"]
            for finding in failures(language)
            if (finding["rule"], *place(finding["location"])) == (row["control"], row["file"], int(row["line"]))
            for step in finding["related"]
        ]
        for carrier in row["carried_by"].split():
            file, line = carrier.rsplit(":", 1)
            if not any(place(one)[0] == file and one["line"] <= int(line) <= one["end_line"] for one in related):
                missing[row["control"]] = carrier
    assert missing.keys() == NOT_TRACED.keys()
    carried = {row["control"] for row in expected(language) if row["carried_by"]}
    assert carried - missing.keys() == {"GOV-001", "RBAC-009", "TAG-002", "TAG-006"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_in_a_module_leads_through_its_calls(language: str) -> None:
    (finding,) = [one for one in failures(language) if one["rule"] == "NET-001"]
    calls = [place(step["location"])[0] for step in finding["related"] if step["message"] == "deployed here"]
    assert calls == (
        ["bicep/modules/tenant.bicep", "bicep/main.bicep"] if language == "bicep" else ["arm/main.json"] * 2
    )
    assert finding["address"] == "cells[0]/server/server"
    assert finding["resource"].endswith("[production]:cells[0]/server/server")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_places_of_all_findings_exist(language: str) -> None:
    for finding in failures(language):
        for location in (finding["location"], *(step["location"] for step in finding["related"])):
            lines = (ROOT / location["file"]).read_text("utf-8").splitlines()
            assert 1 <= location["line"] <= location["end_line"] <= len(lines), finding
            assert 1 <= location["column"] <= len(lines[location["line"] - 1]) + 1


@pytest.mark.parametrize("estate", ESTATES)
def test_the_verdicts_of_the_twins_are_the_same(estate: str) -> None:
    bicep, arm = (_verdicts(estate, language) for language in LANGUAGES)
    assert bicep == arm
    assert len(bicep) > 500


def _verdicts(estate: str, language: str) -> Counter[tuple[str, ...]]:
    """Environment, address, type, tenant, rule, verdict and reason of everything that was judged."""
    return Counter(
        (
            one["resource"].partition("main.")[2].partition("[")[2],
            one["type"],
            str(one["tenant"]),
            rule,
            verdict,
            reason,
        )
        for one in scan(estate, language).report["verdicts"]
        for rule, verdict in one["verdicts"].items()
        for reason in (one["reasons"].get(rule, ""),)
    )


def test_the_findings_of_the_twins_say_the_same() -> None:
    bicep, arm = (_findings(language) for language in LANGUAGES)
    assert bicep == arm
    assert len({rule for _, _, rule, _, _ in bicep}) == 44


def _findings(language: str) -> Counter[tuple[str, str, str, str, str]]:
    """Type, environment and address, rule, path and message of every occurrence."""
    return Counter(
        (
            finding["type"],
            one["resource"].partition("[")[2],
            finding["rule"],
            finding["location"]["path"],
            finding["message"],
        )
        for finding in failures(language)
        for one in finding["occurrences"] or [finding]
    )


@pytest.mark.parametrize("estate", ESTATES)
def test_the_twins_declare_the_same_resources(estate: str) -> None:
    folder = str(FIXTURES / estate)
    source = BicepSource(walk([f"{folder}/bicep"], folder).files, base=folder)
    bicep = _declared([resource for page in source.pages() for resource in page.read().resources])
    page = ArmPage(ArmContext("arm/main.json", f"{folder}/arm/main.json", folder, folder))
    arm = _declared(list(page.read().resources))
    assert bicep.keys() == arm.keys()
    assert {path for key in bicep for path in _differences(bicep[key], arm[key], key[1])} == set()
    assert len(bicep) > 150


def _declared(resources: list[Resource]) -> dict[tuple[str, str], Any]:
    """Attributes by environment and address, and by type."""
    found = {(resource.key.partition("[")[2], resource.type): resource.attributes for resource in resources}
    assert len(found) == len(resources)
    return found


def _differences(one: Any, other: Any, path: str) -> Iterator[str]:
    """Yield where two values differ; an Unknown equals one with the same reason and origin."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from _differences(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for ours, theirs in zip(one, other, strict=True):
            yield from _differences(ours, theirs, path)
    elif repr(one) != repr(other):
        yield path


@pytest.mark.parametrize(
    "file", ["storage", *(pytest.param(name, marks=pytest.mark.slow) for name in ("postgresql", "private-endpoint"))]
)
def test_a_module_alone_gets_the_verdicts_that_it_gets_among_the_others(file: str) -> None:
    path = f"modules/{file}.bicep"

    def told(findings: list[Any]) -> Counter[tuple[Any, ...]]:
        return Counter(
            (finding["rule"], one["resource"], *place(finding["location"]))
            for finding in findings
            if place(finding["location"])[0] == f"bicep/{path}"
            for one in finding["occurrences"] or [finding]
        )

    assert told(failures("bicep", path)) == told(failures("bicep"))
    assert [entry["input"] for entry in scan(BROKEN, "bicep", path).report["ledger"]] == [
        f"fixtures/{BROKEN}/bicep/{path}"
    ]


def test_the_generated_fixtures_are_current() -> None:
    command = [sys.executable, "fixtures/template_twins.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


DOCUMENTATION = ROOT / "docs" / "arm-bicep.md"


def test_the_documentation_names_every_function_in_its_group() -> None:
    from scanner.sources.arm.calls import _LAZY

    tables = {"computed": {*FUNCTIONS, *_LAZY}, "by scope": {*SCOPED}, "unknown": {*UNKNOWN}}
    text = DOCUMENTATION.read_text("utf-8")
    for name, functions in tables.items():
        (part,) = re.findall(rf"<!-- functions: {name} -->(.*?)<!-- end -->", text, re.DOTALL)
        assert sorted(each.lower() for each in re.findall(r"`(\w+)\(?\)?`", part)) == sorted(functions), name
    for name, reason in UNKNOWN.items():
        assert re.search(rf"`{name}`.*\| {re.escape(reason)} \|", text, re.IGNORECASE), name


def test_the_documentation_names_every_key_of_the_configuration() -> None:
    schema = json.loads((ROOT / "scanner" / "config.schema.json").read_text("utf-8"))
    (part,) = re.findall(r"\| Key \| Answers \|\n(.*?)\n\n", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    assert set(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) == schema["properties"]["azure"]["properties"].keys()


@pytest.mark.parametrize(
    ("bound", "values"),
    [
        ("rounds of one loop", (closures.MAX_ROUNDS,)),
        ("resources of a root", (run.MAX_OBJECTS,)),
        ("nested deployments of a root", (run.MAX_DEPLOYMENTS, run.MAX_NESTING)),
        ("values that a root expands to", (run.MAX_VALUES,)),
        ("what waits for each other's values", (run.MAX_DEPTH,)),
        ("one expression", (syntax.MAX_LENGTH, syntax.MAX_DEPTH)),
        ("members of one array", (function.MAX_ITEMS,)),
        ("one text", (MAX_TEXT >> 20,)),
        ("one Bicep file, one JSON file", (files.MAX_BYTES >> 20, DEFAULT_LIMITS.max_bytes >> 20)),
        ("a text, JSON or YAML, binary", (content.MAX_TEXT, content.MAX_DATA, content.MAX_BINARY)),
        ("files of a folder", (content.MAX_ENTRIES,)),
    ],
)
def test_the_documentation_states_the_bounds(bound: str, values: tuple[int, ...]) -> None:
    (row,) = re.findall(rf"^\| {re.escape(bound)}.* \| (.*) \|$", DOCUMENTATION.read_text("utf-8"), re.MULTILINE)
    stated = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", row)]
    assert stated[: len(values)] == list(values)


def test_the_screen_of_the_documentation_is_what_is_printed() -> None:
    text = DOCUMENTATION.read_text("utf-8")
    (shown,) = [block for block in text.split("```")[1::2] if block.startswith("text\n$ bulkhead ")]
    command, screen = shown.removeprefix("text\n$ bulkhead ").split("\n", 1)
    printed = bulkhead(*shlex.split(command), "--today", TODAY, cwd=ROOT).stdout
    assert printed.split("\nNotes")[0].split("\nSummary")[0].rstrip() == screen.rstrip()
