"""The audits of the two example estates, all clusters and all subscriptions, as a user starts them."""

import csv
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.running import bulkhead
from tests.conftest import ROOT

pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")

FIXTURES = ROOT / "fixtures"
HEALTHY = "erp-hosting"
BROKEN = "erp-hosting-broken"
WHOLE_ESTATE = {
    *("ISO-016", "ISO-017", "ISO-025", "ISO-026", "ISO-027"),
    *("RBAC-001", "RBAC-002", "RBAC-005", "RBAC-006", "RBAC-025"),
    *("TAG-003", "TAG-006", "TAG-010"),
    *("BAK-004", "BAK-006", "BAK-008", "BAK-009", "BAK-021"),
    *("OBS-001", "OBS-007", "NET-003", "NET-008", "GOV-008", "GOV-014"),
}
"""Rules that only a whole estate can decide."""


class Audited(NamedTuple):
    """One run."""

    code: int
    screen: str
    errors: str
    report: Any


@cache
def audited(estate: str) -> Audited:
    folder = f"fixtures/{estate}"
    dumps = [f"{path.name}={folder}/dumps/{path.name}" for path in sorted((FIXTURES / estate / "dumps").iterdir())]
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "report.json"
        code, out, err = bulkhead(
            *("audit", "--config", f"{folder}/bulkhead.yaml"),
            *(f"--cluster-dump={dump}" for dump in dumps),
            *("--azure-export", f"{folder}/azure/inventory.json"),
            *("--store", "none", "--work", work, "--today", "2026-11-21T06:00:00Z"),
            *("--report", "text=-", "--report", f"json={target}"),
            cwd=ROOT,
        )
        return Audited(code, out, err, json.loads(target.read_text("utf-8")))


def table(name: str) -> Iterator[dict[str, str]]:
    with (FIXTURES / BROKEN / name).open(newline="") as stream:
        yield from csv.DictReader(stream)


def failed() -> set[tuple[str, str]]:
    """Rule and key of every Resource that fails in the broken estate."""
    return {
        (finding["rule"], one["resource"])
        for finding in audited(BROKEN).report["findings"]
        if finding["verdict"] == "fail"
        for one in finding.get("occurrences") or (finding,)
    }


def test_the_audit_of_the_healthy_estate_is_clean_and_has_seen_everything() -> None:
    run = audited(HEALTHY)
    assert (run.code, run.errors) == (0, "")
    assert "GATE PASSED: no blocking findings" in run.screen
    open_findings = [one for one in run.report["findings"] if one["exemption"] is None]
    assert [(one["rule"], one["verdict"], one["message"]) for one in open_findings] == []
    assert "unknown" not in {one["verdict"] for one in run.report["findings"]}
    assert {entry["state"] for entry in run.report["ledger"]} == {"scanned"}


def test_the_audit_of_the_broken_estate_blocks_and_has_seen_everything() -> None:
    run = audited(BROKEN)
    assert (run.code, run.errors) == (1, "")
    assert {entry["state"] for entry in run.report["ledger"]} == {"scanned"}


def test_every_rule_that_needs_the_whole_estate_finds_what_is_marked() -> None:
    found = failed()
    of_clusters = {
        (row["control"], row["cluster"], row["kind"], row["name"])
        for row in (*table("expected.csv"), *table("live-expected.csv"))
        if row["control"] in WHOLE_ESTATE
    }
    parts = {(rule, *_parts(key)) for rule, key in found}
    assert sorted(of_clusters - parts) == []
    of_azure = {row["control"] for row in table("azure-expected.csv")}
    assert WHOLE_ESTATE - of_azure == {rule for rule, *_ in of_clusters} - of_azure


def _parts(key: str) -> tuple[str, str, str]:
    """Cluster, kind and name in the key of an object; of an id of Azure nothing."""
    parts = key.split("/")
    return (parts[0], parts[2], parts[-1]) if parts[0] else ("", "", "")


def test_what_the_template_marks_and_what_only_azure_shows_is_found_where_it_is_deployed() -> None:
    found = failed()
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in table("azure-expected.csv"):
        places[row["control"], row["mark"] or row["resource"]].append(row["resource"].lower())
    missed = {place for place, ids in places.items() if not any((place[0], id_) in found for id_ in ids)}
    assert missed == set()
    assert len(places) > 60


def test_an_audit_of_one_subscription_leaves_the_rows_of_the_others_out_and_says_how_many(tmp_path: Path) -> None:
    export = f"fixtures/{BROKEN}/azure/inventory.json"
    run = bulkhead(
        *("audit", "--config", f"fixtures/{BROKEN}/bulkhead.yaml", "--azure-export", export, "--only", "sub-erp-mt-*"),
        *("--store", "none", "--work", str(tmp_path), "--today", "2026-11-21T06:00:00Z", "--report", "json=-"),
        cwd=ROOT,
    )
    assert (run.code, run.stderr) == (1, "")
    report = json.loads(run.stdout)
    subscriptions = {one["resource"].split("/")[2] for one in report["findings"] if one["resource"].startswith("/sub")}
    assert subscriptions == {"00000000-0000-0000-0000-000000000102"}
    lines = (FIXTURES / BROKEN / "azure" / "inventory.json").read_text("utf-8").splitlines()
    for number in ("101", "103"):
        id_ = f"00000000-0000-0000-0000-000000000{number}"
        rows = sum(line.startswith(f'{{"id": "/subscriptions/{id_}') for line in lines)
        said = {entry["input"]: (entry["state"], entry["reason"]) for entry in report["ledger"]}
        assert said[f"{export}: subscription {id_}"] == ("excluded", f"{rows} rows; --only leaves it out")
        assert said[f"subscription {id_}"][0] == "excluded"
    assert not any(entry["incomplete"] for entry in report["ledger"])
