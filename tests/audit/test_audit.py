"""An audit gives the gate's verdicts, counts everything once, and goes on where it was cut off."""

import json
import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.audit.work_folder import abandoned, working
from scanner.errors import AuditError, UsageError
from scanner.estate import load_estate
from scanner.model.ledger import State
from scanner.packs.loader import builtin_packs
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.repository import RepositorySource
from tests.audit.estates import CLUSTERS, ESTATE, CutOffError, audit, flags, inline, write_dumps
from tests.conftest import ROOT


@pytest.fixture(scope="module", params=["erp-hosting", "erp-hosting-broken"])
def estate(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def dumps(tmp_path: Path) -> dict[str, Path]:
    return write_dumps("erp-hosting-broken", tmp_path / "dumps")


def written(path: Path) -> Mapping[str, Any]:
    """Return a JSON report without what no two runs have in common."""
    report: dict[str, Any] = json.loads(Path(f"{path}.json").read_text("utf-8"))
    del report["elapsed_s"]
    return report


def test_gate_and_audit_give_the_same_verdicts(estate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clusters = {name: str(ROOT / "fixtures" / estate / "clusters" / name) for name in CLUSTERS}
    packs = builtin_packs()
    at_gate = scan(
        [RepositorySource([*clusters.values(), str(ESTATE)], base=str(ROOT), clusters=clusters, estate=str(ESTATE))],
        packs,
        [rule for pack in packs for rule in pack.rules],
        load_estate(str(ESTATE)),
        options=Options(point="audit", today=date(2026, 11, 21), now=datetime(2026, 11, 21, 6, tzinfo=UTC)),
    )
    with inline(monkeypatch):
        at_night = audit(flags(write_dumps(estate, tmp_path / "dumps"), tmp_path / "work"))
    assert at_night.resources == at_gate.resources > 500
    assert _said(at_night) == _said(at_gate)
    assert {rule: tally.verdicts for rule, tally in at_night.tallies().items()} == {
        rule: tally.verdicts for rule, tally in at_gate.tallies().items()
    }


def _said(report: Report) -> list[tuple[object, ...]]:
    return sorted(
        (one.rule, one.resource, one.verdict.value, one.message, one.fingerprint, str(one.tenancy.tenant))
        for one in report.findings
    )


def test_an_audit_that_is_cut_off_goes_on(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch):
        audit(flags(dumps, tmp_path / "whole"))
    whole = written(tmp_path / "whole")
    moments = random.Random(7)
    for attempt in range(12):
        work = tmp_path / f"cut-{attempt}"
        given = flags(dumps, work)
        for _ in range(3):
            with inline(monkeypatch, moments.randrange(1, 20)), pytest.raises(CutOffError):
                audit(given)
            given["resume"] = True
        with inline(monkeypatch):
            audit(given)
        assert written(work) == whole
        assert abandoned(str(work), "erp-hosting") == ()


def test_what_is_read_twice_counts_once(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch):
        once = audit(flags(dumps, tmp_path / "once"))
        for folder in dumps.values():
            for path in list(folder.iterdir()):
                (folder / f"again-{path.name}").write_bytes(path.read_bytes())
        twice = audit(flags(dumps, tmp_path / "twice"))
    assert once.resources == twice.resources
    assert once.tallies() == twice.tallies()
    assert once.counted is not None
    assert twice.counted is not None
    assert once.counted.evidence == twice.counted.evidence
    assert [one.fingerprint for one in once.findings] == [one.fingerprint for one in twice.findings]


def test_evidence_is_another_where_another_resource_passes(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch):
        before = audit(flags(dumps, tmp_path / "before")).counted
        path = dumps[CLUSTERS[0]] / "rolebinding.json"
        path.write_text(path.read_text("utf-8").replace('"name": "', '"name": "other-', 1), "utf-8")
        after = audit(flags(dumps, tmp_path / "after")).counted
    assert before is not None
    assert after is not None
    assert before.verdicts == after.verdicts
    assert before.evidence != after.evidence


def test_what_nobody_reads_is_in_the_ledger(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del dumps[CLUSTERS[0]]
    with inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work", only=("ISO-033",), fail_on="critical"))
    missing = {entry.input: entry.reason for entry in report.incomplete()}
    assert f"--cluster-dump {CLUSTERS[0]}=DIR" in missing[f"cluster {CLUSTERS[0]}"]
    assert sum(name.startswith("subscription ") for name in missing) == 3
    assert report.exit_code() == 3


def test_what_is_left_out_on_request_is_no_gap(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work", only_scopes=("aks-prd-*",), only=("ISO-010",)))
    states = {entry.input: entry.state for entry in report.ledger}
    assert states[f"cluster {CLUSTERS[0]}"] is State.EXCLUDED
    assert not any(name.startswith(f"cluster {CLUSTERS[0]}:") for name in states)
    assert report.incomplete() == ()


def test_a_share_reads_its_part_and_says_that_the_rest_is_elsewhere(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters: set[str] = set()
    with inline(monkeypatch):
        for index in range(2):
            report = audit(flags(dumps, tmp_path / f"work{index}", shard=f"{index}/3", only=("ISO-029",)))
            scanned = [entry.input for entry in report.ledger if entry.state is State.SCANNED]
            read = {name for name in CLUSTERS if any(name in entry for entry in scanned)}
            assert len(read) == 1
            assert not read & clusters
            clusters |= read
            excluded = {entry.input for entry in report.ledger if entry.state is State.EXCLUDED}
            assert {f"cluster {name}" for name in CLUSTERS if name not in read} <= excluded
    assert clusters == set(CLUSTERS)


def test_a_cluster_that_the_estate_does_not_know_is_a_finding(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = ROOT / "fixtures" / "erp-hosting-broken" / "dumps" / "aks-lab-weu-01"
    with inline(monkeypatch):
        report = audit(flags({**dumps, "aks-lab-weu-01": lab}, tmp_path / "work", only=("GOV-008",)))
    assert any(one.resource.startswith("aks-lab-weu-01/") for one in report.findings)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"shard": "3/3"}, "cannot read share '3/3'"),
        ({"shard": "8/9"}, "there is nothing in it"),
        ({"shard": "0/3", "only_scopes": ("aks-*",)}, "give either"),
        ({"dumps": ("aks-prd-weu-01",)}, "cannot read --cluster-dump 'aks-prd-weu-01'"),
        ({"dumps": (f"{CLUSTERS[0]}=a", f"{CLUSTERS[0]}=b")}, "twice"),
        ({"contexts": (f"{CLUSTERS[0]}=a",)}, "from a dump and live at once"),
        ({"only_scopes": ("gke-*",)}, "declares no such cluster"),
        ({"dumps": ()}, "no cluster and no subscription is named"),
        ({"exports": ("nowhere.json",)}, "there is no such file"),
        ({"estate": ""}, "without an estate"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    changed: dict[str, Any], said: str, dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=said):
        audit({**flags(dumps, tmp_path / "work"), **changed})


def test_a_run_goes_on_only_with_the_same_rules(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch, 3), pytest.raises(CutOffError):
        audit(flags(dumps, tmp_path / "work"))
    with inline(monkeypatch), pytest.raises(AuditError, match="no longer the same"):
        audit(flags(dumps, tmp_path / "work", resume=True, skip=("ISO-010",)))
    with inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work"))
    assert any("was cut off and is not gone on with" in note.reason for note in report.notes)


def test_there_must_be_something_to_go_on_with(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inline(monkeypatch), pytest.raises(AuditError, match="was cut off"):
        audit(flags(dumps, tmp_path / "work", resume=True))


def test_what_a_clock_starts_goes_on_where_it_can_and_begins_anew_where_not(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    given = flags(dumps, work, resume_if_any=True, only=("ISO-010",))
    read: list[str] = []
    with inline(monkeypatch):
        audit(given, lambda what, resources: read.append(what))
    pages = len(read)
    with inline(monkeypatch, 5), pytest.raises(CutOffError):
        audit(given)
    read.clear()
    with inline(monkeypatch):
        audit(given, lambda what, resources: read.append(what))
    assert len(read) == pages - 5
    with inline(monkeypatch, 5), pytest.raises(CutOffError):
        audit(given)
    with inline(monkeypatch):
        report = audit({**given, "skip": ("ISO-001",), "only": ("ISO-*",)})
    assert any("is not gone on with" in note.reason for note in report.notes)


def test_what_a_clock_starts_removes_what_is_too_old_to_go_on_with(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    given = flags(dumps, work, only=("ISO-010",))
    with inline(monkeypatch, 5), pytest.raises(CutOffError):
        audit(given)
    (old,) = abandoned(str(work), "erp-hosting")
    yesterday = Path(old).with_name("20261120T011700-0123abcd")
    Path(old).rename(yesterday)
    with inline(monkeypatch):
        report = audit({**given, "resume_if_any": True})
    assert not yesterday.exists()
    assert not any("is not gone on with" in note.reason for note in report.notes)


def test_a_run_under_way_is_not_taken_for_one_that_was_cut_off(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(str(tmp_path / "work"), "erp-hosting", "another"), inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work", only=("ISO-010",)))
        with pytest.raises(AuditError, match=r"no audit in .* was cut off"):
            audit(flags(dumps, tmp_path / "work", only=("ISO-010",), resume=True))
    assert not any("cut off" in note.reason for note in report.notes)


def test_to_insist_and_not_to_insist_is_refused(dumps: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one of the --resume flags"):
        audit(flags(dumps, tmp_path / "work", resume=True, resume_if_any=True))


def test_whose_database_a_workload_is_led_to_is_judged_when_it_is_read_and_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = write_dumps("erp-hosting", tmp_path / "dumps")
    path = dumps["aks-prd-weu-01"] / "configmap.json"
    text = path.read_text("utf-8")
    own = json.loads(text)["items"]
    (name,) = [one["metadata"]["name"] for one in own if one["metadata"]["namespace"] == "erp-dunmore-prd"]
    changed = [
        {**one, "data": {"db": "psql-zennor-prd-weu.postgres.database.azure.com"}}
        if one["metadata"]["namespace"] == "erp-dunmore-prd"
        else one
        for one in own
    ]
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": changed}), "utf-8")
    with inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work", only=("ISO-026",)))
    assert [(one.rule, one.resource) for one in report.findings] == [
        ("ISO-026", f"aks-prd-weu-01/core/ConfigMap/erp-dunmore-prd/{name}")
    ]
    assert "'psql-zennor-prd-weu' is the own PostgreSQL server of tenant t25 (zennor)" in report.findings[0].message
