"""The two example estates, end to end, as a user sees them."""

import csv
import json
import os
import re
from pathlib import Path

import pytest

from tests.cli.running import Run, bulkhead
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures"
SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = "2026-11-21"
JUDGED_HERE = re.compile(r".*/(clusters/.*|estate\.yaml)").fullmatch
"""What expected.csv speaks of; infrastructure has tables of its own."""


def scan(estate: str, *arguments: str) -> Run:
    return bulkhead("scan", f"fixtures/{estate}", "--today", TODAY, *arguments, cwd=ROOT)


def compare(name: str, text: str) -> None:
    """Compare with a stored screen; UPDATE_SNAPSHOTS=1 stores it."""
    text = re.sub(r"\d+\.\d+ s\b", "0.00 s", text)
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_the_compliant_estate_passes() -> None:
    run = scan("erp-hosting")
    assert (run.code, run.stderr) == (0, "")
    compare("erp-hosting.txt", run.stdout)


def test_the_broken_estate_shows_every_fault() -> None:
    run = scan("erp-hosting-broken")
    assert (run.code, run.stderr) == (1, "")
    compare("erp-hosting-broken.txt", run.stdout)


def test_each_of_the_41_controls_is_found_where_it_is_broken_and_nowhere_else() -> None:
    report = json.loads(scan("erp-hosting-broken", "--report", "json=-").stdout)
    found = {
        (finding["rule"], *finding["resource"].split("/")[::4], finding["resource"].split("/")[2])
        for finding in report["findings"]
        if finding["verdict"] == "fail" and finding["exemption"] is None and JUDGED_HERE(finding["location"]["file"])
    }
    with (FIXTURES / "erp-hosting-broken" / "expected.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    expected = {(row["control"], row["cluster"], row["name"], row["kind"]) for row in rows}
    assert found == expected
    assert len({rule for rule, *_ in found}) == 41


def test_every_finding_of_the_broken_estate_points_at_a_line_that_exists() -> None:
    report = json.loads(scan("erp-hosting-broken", "--report", "json=-").stdout)
    for finding in report["findings"]:
        location = finding["location"]
        lines = (ROOT / location["file"]).read_text("utf-8").splitlines()
        assert 1 <= location["line"] <= len(lines), finding
        assert 1 <= location["column"] <= len(lines[location["line"] - 1]) + 1


def test_the_verdicts_are_the_same_on_one_process_and_on_several() -> None:
    one = json.loads(scan("erp-hosting-broken", "--report", "json=-", "--jobs", "1").stdout)
    two = json.loads(scan("erp-hosting-broken", "--report", "json=-", "--jobs", "3").stdout)
    del one["elapsed_s"], two["elapsed_s"]
    assert one == two


@pytest.mark.parametrize("estate", ["erp-hosting", "erp-hosting-broken"])
def test_sarif_of_an_estate_is_valid(estate: str, corpus: Path) -> None:
    from jsonschema import Draft7Validator

    sarif = json.loads(scan(estate, "--report", "sarif=-", "--include-passes").stdout)
    schema = json.loads((corpus / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(sarif)] == []
    kinds = {result["kind"] for result in sarif["runs"][0]["results"]}
    assert {"pass", "notApplicable"} <= kinds


def test_without_an_estate_the_rules_that_need_one_are_skipped_and_say_so(tmp_path: Path) -> None:
    arguments = ("scan", str(FIXTURES / "erp-hosting-broken" / "clusters"), "--report", "json=-")
    report = json.loads(bulkhead(*arguments, cwd=tmp_path).stdout)
    assert "ISO-013" not in {finding["rule"] for finding in report["findings"]}
    assert report["counts"]["by_verdict"]["skip"] > 0


def test_the_generated_fixtures_are_current() -> None:
    import subprocess
    import sys

    command = [sys.executable, "fixtures/generate.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, run.stdout + run.stderr)
