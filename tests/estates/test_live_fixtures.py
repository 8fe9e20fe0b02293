"""What Azure would answer of the two example estates, judged as an audit judges it."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import cache

from scanner.estate import load_estate
from scanner.model.verdict import Verdict
from scanner.packs.loader import builtin_packs
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from tests.cli.running import bulkhead
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures"
BROKEN = "erp-hosting-broken"
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
ASKED = {
    *("BAK-004", "BAK-006", "BAK-009", "ISO-025", "ISO-026", "NET-003", "NET-008", "OBS-001", "OBS-007"),
    *("RBAC-001", "RBAC-002", "RBAC-005", "RBAC-006", "RBAC-025", "TAG-003", "TAG-010"),
}
"""Rules that look beyond one resource, or are for live ones only."""


@cache
def audit(estate: str) -> Report:
    packs = builtin_packs()
    return scan(
        [RepositorySource(["azure/inventory.json"], base=str(FIXTURES / estate))],
        packs,
        [rule for pack in packs for rule in pack.rules],
        load_estate(str(FIXTURES / estate / "estate.yaml")),
        options=Options(point="audit", jobs=1, today=NOW.date(), now=NOW),
    )


def verdicts(estate: str) -> Counter[tuple[str, Verdict]]:
    return Counter((rule, verdict) for judged in audit(estate).judged for rule, verdict in judged.verdicts())


def test_nothing_is_wrong_with_the_healthy_estate_and_nothing_is_unknown() -> None:
    report = audit("erp-hosting")
    assert [(finding.rule, finding.message) for finding in report.findings] == []
    assert [(entry.input, entry.state.value) for entry in report.ledger] == [("azure/inventory.json", "scanned")]
    subscriptions = [one.name for one in report.judged if one.type == "Microsoft.Resources/subscriptions"]
    assert sorted(subscriptions) == [f"00000000-0000-0000-0000-000000000{number}" for number in (101, 102, 103)]
    assert len(report.judged) > 500


def test_the_healthy_estate_holds_what_the_rules_look_at() -> None:
    passed = {rule for rule, verdict in verdicts("erp-hosting") if verdict is Verdict.PASS}
    assert passed >= ASKED


def test_each_of_the_rules_finds_the_damage() -> None:
    failed = {rule for rule, verdict in verdicts(BROKEN) if verdict is Verdict.FAIL}
    assert failed >= ASKED
    assert not [finding for finding in audit(BROKEN).findings if finding.verdict is Verdict.UNKNOWN]


def test_what_only_a_running_estate_can_have_is_found_where_it_is() -> None:
    found = {
        (finding.rule, occurrence.resource)
        for finding in audit(BROKEN).findings
        for occurrence in finding.occurrences or (finding,)
    }
    with (FIXTURES / BROKEN / "azure-expected.csv").open(newline="") as stream:
        expected = {(row["control"], row["resource"].lower()) for row in csv.DictReader(stream) if not row["mark"]}
    assert expected <= found
    assert {control for control, _ in expected} == {"BAK-004", "BAK-009", "RBAC-005", "RBAC-006", "TAG-010"}


def test_the_gate_passes_the_healthy_estate_and_asks_nothing_that_it_cannot_know() -> None:
    run = bulkhead(
        "scan",
        "fixtures/erp-hosting/azure/inventory.json",
        *("--estate", "fixtures/erp-hosting/estate.yaml", "--today", "2026-11-21"),
        cwd=ROOT,
    )
    assert (run.code, run.stderr) == (0, "")
    assert "GATE PASSED" in run.stdout


def test_the_files_are_current() -> None:
    command = [sys.executable, "fixtures/live_estate.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert (run.returncode, run.stderr) == (0, "")
