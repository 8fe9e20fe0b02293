"""The dumps of the example estates' clusters, judged as an audit does: what only live resources show."""

import csv
from datetime import UTC, datetime
from functools import cache

import pytest

from scanner.config import ExemptionPolicy
from scanner.estate import load_estate
from scanner.exemptions import items_of_estate, load_exemptions
from scanner.model.finding import Finding
from scanner.model.verdict import Verdict
from scanner.packs.loader import builtin_packs, unique_rules
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.trimming import trimming_for
from scanner.sources.estate import EstateSource
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures"
BROKEN = "erp-hosting-broken"
CLOCK = datetime(2026, 11, 21, 6, tzinfo=UTC)
LIVE_ONLY = {"BAK-009", "GOV-008", "ISO-016"}

pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")


@cache
def audited(estate: str) -> Report:
    folder = FIXTURES / estate
    declared = load_estate(str(folder / "estate.yaml"))
    packs = builtin_packs()
    rules = unique_rules(packs).values()
    trimming = trimming_for(rules)
    dumps = [ClusterDump(path.name, path, trimming) for path in sorted((folder / "dumps").iterdir())]
    exemptions, _ = load_exemptions(str(folder / "exemptions.yaml"), ExemptionPolicy())
    return scan(
        [*dumps, EstateSource(str(folder / "estate.yaml"))],
        packs,
        rules,
        declared,
        [*items_of_estate(declared), *exemptions],
        Options(point="audit", today=CLOCK.date(), now=CLOCK, jobs=1),
    )


def open_findings(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.exemption is None]


def test_the_healthy_clusters_are_clean() -> None:
    report = audited("erp-hosting")
    assert [(one.rule, one.resource, one.message) for one in open_findings(report)] == []
    assert not list(report.incomplete())


def test_what_only_a_cluster_shows_is_found_and_nothing_else() -> None:
    report = audited(BROKEN)
    found = {
        (one.rule, *one.resource.split("/")[::4], one.resource.split("/")[2])
        for one in open_findings(report)
        if one.rule in LIVE_ONLY and one.verdict is Verdict.FAIL
    }
    with (FIXTURES / BROKEN / "live-expected.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert found == {(row["control"], row["cluster"], row["name"], row["kind"]) for row in rows}
    assert {rule for rule, *_ in found} == LIVE_ONLY


def test_a_dump_shows_what_the_manifests_it_is_made_of_show() -> None:
    declared = {(row["control"], row["cluster"], row["name"], row["kind"]) for row in _expected()}
    found = {
        (one.rule, *one.resource.split("/")[::4], one.resource.split("/")[2])
        for one in open_findings(audited(BROKEN))
        if one.rule not in LIVE_ONLY and one.verdict is Verdict.FAIL
    }
    assert declared - found == set()


def _expected() -> list[dict[str, str]]:
    with (FIXTURES / BROKEN / "expected.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_dumps_are_current() -> None:
    import subprocess
    import sys

    command = [sys.executable, "fixtures/dumps.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")
