"""A run of 30,000 Findings within what the services document, and within memory.

GitHub: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
Azure DevOps: https://learn.microsoft.com/azure/devops/repos/security/github-advanced-security-code-scanning-third-party
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reports import MOST_GZIP_MB, MOST_MIB, report_of
from scanner.formats.sarif.grouping import MOST_RESULTS, MOST_SHOWN
from tests.formats.rendering import rendered

pytestmark = pytest.mark.slow

FINDINGS, RESOURCES = 30_000, 6_000
LEVELS = {"error": 0, "warning": 1, "note": 2, "none": 3}


@pytest.fixture(scope="module")
def large() -> str:
    return rendered("sarif", report_of(FINDINGS, RESOURCES))


@pytest.fixture(scope="module")
def run(large: str) -> dict[str, Any]:
    (found,) = json.loads(large)["runs"]  # both take at most 20 runs
    run_: dict[str, Any] = found
    return run_


def test_counts_are_within_the_limits_of_both_services(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]

    assert len(run["results"]) <= MOST_RESULTS == 25_000
    assert len(rules) <= 25_000
    assert max(len(rule["properties"]["tags"]) for rule in rules) <= 20
    assert max(len(one["locations"]) + len(one.get("relatedLocations", ())) for one in run["results"]) <= 1_000
    assert max(len(one["message"]["text"]) for one in run["results"]) <= 5_000
    assert max(len(rule["fullDescription"]["text"]) for rule in rules) <= 1_024
    assert max(len(rule["name"]) for rule in rules) <= 255


def test_the_file_is_small_enough_when_packed(large: str) -> None:
    assert len(gzip.compress(large.encode())) < MOST_GZIP_MB * 1_000_000


def test_the_5000_that_are_shown_are_the_worst(run: dict[str, Any]) -> None:
    """Azure DevOps takes the first ones as they come, GitHub sorts them itself."""
    ranks = [("suppressions" in one, LEVELS[one["level"]]) for one in run["results"]]

    assert ranks == sorted(ranks)
    assert {level for _, level in ranks[:MOST_SHOWN]} == {0}


def test_every_finding_is_counted(run: dict[str, Any]) -> None:
    grouped = [one["properties"]["groupedFindings"] for one in run["results"] if "groupedFindings" in one["properties"]]

    assert sum(grouped) + len(run["results"]) - len(grouped) == FINDINGS


def test_what_azure_devops_asks_for_is_there(run: dict[str, Any]) -> None:
    driver = run["tool"]["driver"]

    assert driver["fullName"] == f"Bulkhead {driver['version']}"
    for one in run["results"]:
        assert one["ruleId"]
        assert one["message"]["text"].strip()
        assert one["partialFingerprints"]
        for place in (*one["locations"], *one.get("relatedLocations", ())):
            assert place["physicalLocation"]["region"]["startLine"] >= 1
            assert place["physicalLocation"]["artifactLocation"]["uri"]


def test_a_sample_is_valid_against_the_official_schema(large: str, corpus: Path) -> None:
    from jsonschema import Draft4Validator

    path = corpus / "schemas" / "sarif-schema-2.1.0.json"
    if not path.is_file():
        pytest.skip(f"the official SARIF schema is not at {path}")
    document = json.loads(large)
    results = document["runs"][0]["results"]
    grouped = [one for one in results if "groupedFindings" in one["properties"]]
    document["runs"][0]["results"] = [*results[::250], *grouped[:20], results[-1]]

    faults = list(Draft4Validator(json.loads(path.read_text("utf-8"))).iter_errors(document))

    assert faults == []


@pytest.mark.parametrize("name", ["sarif", "json", "html", "junit", "csv", "markdown", "gitlab"])
def test_it_is_written_in_little_memory_and_twice_the_same(name: str) -> None:
    command = [sys.executable, "-m", "benchmarks.reports", "--child", name, "--findings", str(FINDINGS)]
    root = Path(__file__).parents[2]

    told = subprocess.run([*command, "--resources", "6000"], capture_output=True, text=True, check=True, cwd=root)

    figures = json.loads(told.stdout)
    assert figures["equal"]
    assert figures["peak"] <= MOST_MIB
