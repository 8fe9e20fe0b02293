"""Drift as a stage of the audit: what `bulkhead drift` finds, kept from night to night."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")

from scanner.audit.store import Store, open_store
from scanner.cli import cli
from scanner.errors import AuditError, UsageError
from scanner.points.drift.conduct import drift
from scanner.points.request import NO_FLAGS
from scanner.report import Report
from tests.audit.estates import ESTATE, CutOffError, audit, flags, inline, write_dumps
from tests.conftest import ROOT

HERE = ROOT / "fixtures" / "erp-hosting"
BROKEN = ROOT / "fixtures" / "erp-hosting-broken"
CLUSTER, OTHER = "aks-prd-weu-01", "aks-npd-weu-01"
DECLARED = str(HERE / "clusters" / CLUSTER)
ONE: dict[str, Any] = {"only_scopes": (CLUSTER,), "only": ("ISO-010",), "config": str(HERE / "bulkhead.yaml")}
DEPLOYMENT = "apps/Deployment/erp-calderon-prd/odoo-web"


@pytest.fixture
def dumps(tmp_path: Path) -> dict[str, Path]:
    return write_dumps("erp-hosting", tmp_path / "dumps")


def change(dumps: dict[str, Path], how: Callable[[dict[str, Any]], None], kind: str = "deployment") -> None:
    """Change the objects of a kind in the dump of the cluster."""
    file = dumps[CLUSTER] / f"{kind}.json"
    listed = json.loads(file.read_text("utf-8"))
    how(listed)
    file.write_text(json.dumps(listed), "utf-8")


def scale(replicas: int) -> Callable[[dict[str, Any]], None]:
    """Scale one Deployment by hand."""

    def how(listed: dict[str, Any]) -> None:
        for one in listed["items"]:
            if (one["metadata"]["namespace"], one["metadata"]["name"]) == ("erp-calderon-prd", "odoo-web"):
                one["spec"]["replicas"] = replicas
                one["metadata"]["managedFields"] = [
                    {"manager": "kubectl", "operation": "Update", "subresource": "scale", "apiVersion": "apps/v1",
                     "time": "2026-11-19T10:00:00Z", "fieldsType": "FieldsV1",
                     "fieldsV1": {"f:spec": {"f:replicas": {}}}},
                ]  # fmt: skip

    return how


def drifts(report: Report) -> dict[str, str]:
    """Return the end of the Resource's key → message, of Findings of drift."""
    return {
        f"{one.rule} {one.resource.removeprefix(f'{CLUSTER}/')}": one.message
        for one in report.findings
        if one.rule.startswith("DRIFT-")
    }


def night(monkeypatch: pytest.MonkeyPatch, dumps: dict[str, Path], work: Path, day: int = 21, **others: Any) -> Report:
    given = {**ONE, "declared": (DECLARED,), "today": f"2026-11-{day:02}T06:00:00Z", **others}
    with inline(monkeypatch):
        return audit(flags(dumps, work, **given))


def test_what_is_live_as_declared_has_not_drifted_and_without_a_declaration_nothing_is_compared(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = night(monkeypatch, dumps, tmp_path / "work")
    alone = night(monkeypatch, dumps, tmp_path / "work", declared=())
    assert drifts(compared) == {}
    assert {"DRIFT-001", "DRIFT-005"} < compared.rules.keys()
    assert compared.tallies()["DRIFT-001"].verdicts == compared.tallies()["DRIFT-005"].verdicts
    assert sum(compared.tallies()["DRIFT-001"].verdicts.values()) > 100
    assert not any(rule.startswith("DRIFT-") for rule in alone.rules)
    assert alone.findings == compared.findings
    assert alone.resources == compared.resources
    assert alone.timelines == {}


def test_a_declaration_of_what_is_left_out_on_request_is_a_note_and_no_finding(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = night(monkeypatch, dumps, tmp_path / "work", declared=(str(HERE / "clusters"),))
    assert drifts(report) == {}
    assert any("where this run was not to look" in note.reason for note in report.notes)


def test_the_findings_are_those_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Manifests, Terraform with instances of one declaration, dumps, an export: of an estate that has drifted much."""
    live = {name: BROKEN / "dumps" / name for name in (CLUSTER, OTHER)}
    inventory = str(BROKEN / "azure" / "inventory.json")
    log = tmp_path / "audit.jsonl"
    monkeypatch.chdir(HERE)
    declared = ("clusters", "terraform")
    common = {**NO_FLAGS, "estate": "estate.yaml", "today": "2026-11-21T06:00:00Z", "reports": ("json=/dev/null",)}
    against = (*(f"{name}={path}" for name, path in live.items()), inventory)
    first = drift({**common, "paths": declared, "against": against})
    victim = next(one for one in first.findings if one.rule == "DRIFT-001" and one.type == "apps/Deployment")
    cluster, _, _, namespace, name = victim.resource.split("/")
    log.write_text(json.dumps(write_to(name, namespace, requestObject=None)), "utf-8")
    told = drift({**common, "paths": declared, "against": against, "audit_logs": (f"{cluster}={log}",)})
    with inline(monkeypatch):
        given = {
            "exports": (inventory,),
            "declared": declared,
            "audit_logs": (f"{cluster}={log}",),
            "only": ("ISO-0*",),
        }
        found = audit(flags(live, tmp_path / "work", **given))
    mine = {one.fingerprint: one for one in found.findings if one.rule.startswith("DRIFT-")}
    theirs = {one.fingerprint: one for one in told.findings}
    assert len(theirs) == len(told.findings) > 1_000
    assert mine.keys() == theirs.keys()
    for fingerprint, one in theirs.items():
        known = mine[fingerprint]
        assert (known.verdict, known.resource, known.location[:3]) == (one.verdict, one.resource, one.location[:3])
        sides = (one.difference[:3], known.difference[:3]) if one.difference and known.difference else (None, None)
        assert sides[0] == sides[1]
    assert "mallory@example.net" in mine[victim.fingerprint].message
    assert any(one.declared for one in mine.values())
    assert not any(one.occurrences for one in mine.values())
    assert found.timelines == told.timelines != {}


def write_to(name: str, namespace: str = "erp-calderon-prd", **facts: Any) -> dict[str, Any]:
    """Return the record that the API server makes of somebody's write to a Deployment."""
    return {
        "stage": "ResponseComplete",
        "verb": "patch",
        "auditID": "a-1",
        "userAgent": "kubectl/v1.31 (linux)",
        "user": {"username": "mallory@example.net"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": "2026-11-12T09:00:00Z",
        "requestURI": "/apis/apps/v1/…",
        "objectRef": {"apiGroup": "apps", "resource": "deployments", "namespace": namespace, "name": name},
        "requestObject": {"spec": {"replicas": 7}},
        **facts,
    }


@pytest.mark.parametrize("tasks", [3, -1])
def test_a_run_that_goes_on_finds_the_same(
    tasks: int, dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(dumps, scale(7))
    night(monkeypatch, dumps, tmp_path / "whole")
    given = flags(dumps, tmp_path / "work", **ONE, declared=(DECLARED,))
    with monkeypatch.context() as patch, inline(patch, tasks):
        if tasks < 0:  # between what was found and what is said of it
            patch.setattr("scanner.points.audit.conduct.conclude", _cut_off)
        with pytest.raises(CutOffError):
            audit(given)
    with inline(monkeypatch), pytest.raises(AuditError, match="no longer the same"):
        audit({**given, "declared": (str(HERE / "clusters"),), "resume": True})
    with inline(monkeypatch):
        audit({**given, "resume": True})
    whole, resumed = (json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in ("whole", "work"))
    del whole["elapsed_s"], resumed["elapsed_s"]
    assert resumed == whole
    assert [one["resource"] for one in whole["findings"] if one["rule"] == "DRIFT-001"] == [f"{CLUSTER}/{DEPLOYMENT}"]


def _cut_off(*_: object) -> None:
    raise CutOffError


def test_what_could_not_be_read_is_not_missing(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dumps[CLUSTER] / "deployment.json"
    file.write_text(file.read_text("utf-8")[:-3_000], "utf-8")
    report = night(monkeypatch, dumps, tmp_path / "work")
    found = drifts(report)
    assert {name.split()[0] for name in found} == {"DRIFT-005"}
    assert report.incomplete()
    assert sum("deployment.json" in entry.input and entry.incomplete for entry in report.ledger) == 1


def test_a_dump_that_lies_among_what_is_declared_declares_nothing(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whatever is live would be declared too."""
    copytree(DECLARED, tmp_path / "clusters")
    (tmp_path / "bulkhead.yaml").write_text(f"clusters: {{{CLUSTER}: .}}\n", "utf-8")
    (tmp_path / "clusters" / "tenants" / "calderon-prd" / "odoo.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    here = {name: path.relative_to(tmp_path) for name, path in dumps.items()}
    report = night(monkeypatch, here, Path("work"), declared=(".",), config=None)
    assert drifts(report).keys() >= {f"DRIFT-003 {DEPLOYMENT}"}


@pytest.mark.parametrize("flag", ["states", "change_logs", "audit_logs", "accepted"])
def test_what_only_tells_of_drift_needs_something_declared(flag: str, dumps: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is declared that could be compared"):
        audit(flags(dumps, tmp_path / "work", **{flag: "a" if flag == "accepted" else ("a",)}))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[str, Store]]:
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    store = open_store(url)
    yield url, store
    store.close()


def test_drift_has_a_history(
    kept: tuple[str, Store], dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, store = kept
    page = tmp_path / "audit.html"

    def after(day: int, replicas: int, **others: Any) -> str:
        change(dumps, scale(replicas))
        night(monkeypatch, dumps, tmp_path / "work", day, store=url, dashboards=(str(page),), **others)
        return page.read_text("utf-8")

    declared = 2
    after(10, 7)
    after(11, 7)
    (first,) = [one for one in store.findings(2) if one.rule == "DRIFT-001"]
    assert (first.first_seen, first.last_seen) == ("2026-11-10T06:00:00Z", "2026-11-11T06:00:00Z")
    assert first.difference is not None
    assert (first.difference.attribute, first.difference.live) == ("spec.replicas", "7")
    assert "Drift <small>" not in after(12, 7, declared=()), "nothing was compared"
    after(13, 7, declared=(f"{DECLARED}/platform",))
    assert store.findings(1)[0].resolved is None, "neither run has looked at it"
    healed = after(14, declared)
    assert [one.resolved for one in store.findings(1) if one.rule == "DRIFT-001"] == ["2026-11-14T06:00:00Z"]
    assert "No longer drifted" in healed
    again = after(15, 9)
    moments = [one for one in store.past([first.resource])[first.resource] if "run" in one.what]
    assert [(one.time[:10], one.what) for one in moments] == [
        ("2026-11-10", "spec.replicas is not as declared, first seen by run 1"),
        ("2026-11-14", "spec.replicas is as declared again, run 5"),
        ("2026-11-15", "spec.replicas is not as declared again, run 6"),
    ]
    shown = json.loads(CliRunner().invoke(cli, ["runs", "show", "6", "--format", "json", "--store", url]).output)
    (one,) = [one for one in shown["findings"] if one["rule"] == "DRIFT-001"]
    assert (one["first_seen"][:10], one["difference"]["declared"], one["difference"]["live"]) == (
        "2026-11-10",
        "2",
        "9",
    )
    assert [one for one in shown["scopes"] if "clusters" in one] == [f"declared {DECLARED}"]
    compared = CliRunner().invoke(cli, ["runs", "compare", "5", "6", "--store", url]).output
    assert "introduced (1)\n  low      DRIFT-001" in compared
    assert (
        "in 1 scopes\n  compared with what is declared"
        in CliRunner().invoke(cli, ["runs", "show", "6", "--store", url]).output
    )
    assert "last write by kubectl (scale), Update" in again
    assert "5 days" in again
    assert "kubectl" in again
    assert [one.what for one in store.past([first.resource], until=4)[first.resource] if "again" in one.what] == []


def test_that_it_can_no_longer_be_told_mends_nothing(
    kept: tuple[str, Store], dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, store = kept
    change(dumps, scale(7))
    night(monkeypatch, dumps, tmp_path / "work", 10, store=url)
    (dumps[CLUSTER] / "deployment.json").unlink()  # nobody knows whether they were asked for
    told = night(monkeypatch, dumps, tmp_path / "work", 11, store=url)
    assert f"DRIFT-005 {DEPLOYMENT}" in drifts(told)
    assert [one.resolved for one in store.findings(1) if one.rule == "DRIFT-001"] == [None]
    change_back = write_dumps("erp-hosting", tmp_path / "again")
    night(monkeypatch, change_back, tmp_path / "work", 12, store=url)
    found = {one.rule: one for one in (*store.findings(1), *store.findings(2)) if one.resource.endswith(DEPLOYMENT)}
    assert {rule: one.resolved for rule, one in found.items() if rule in ("DRIFT-001", "DRIFT-005")} == {
        "DRIFT-001": "2026-11-12T06:00:00Z",
        "DRIFT-005": "2026-11-12T06:00:00Z",
    }


def test_who_did_it_is_known_after_the_log_is_gone(
    kept: tuple[str, Store], dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, store = kept
    change(dumps, scale(7))
    log = tmp_path / "audit.jsonl"
    written = {"spec": {"replicas": 7, "secret": "CANARY-VALUE"}}
    record = write_to("odoo-web", requestReceivedTimestamp="2026-11-01T09:00:00Z", requestObject=written)
    elsewhere = write_to("another", auditID="a-2")
    log.write_text("\n".join(map(json.dumps, (record, elsewhere))), "utf-8")
    with_log = night(monkeypatch, dumps, tmp_path / "work", 2, store=url, audit_logs=(f"{CLUSTER}={log}",))
    assert "mallory@example.net" in drifts(with_log)[f"DRIFT-001 {DEPLOYMENT}"]
    log.unlink()
    without = night(monkeypatch, dumps, tmp_path / "work", 21, store=url)
    message = drifts(without)[f"DRIFT-001 {DEPLOYMENT}"]
    assert "changed by mallory@example.net with kubectl/v1.31 at 2026-11-01T09:00:00Z" in message
    assert message.endswith("correlation a-1, likely)"), message
    target = f"{CLUSTER}/{DEPLOYMENT}".lower()
    (event,) = store.writes([target, target.replace("odoo-web", "another")])
    assert event.values == {("spec", "replicas"): None, ("spec", "secret"): None}
    assert not any(b"CANARY-VALUE" in path.read_bytes() for path in tmp_path.glob("audit.db*"))
    assert drifts(night(monkeypatch, dumps, tmp_path / "work", 21)) != drifts(without), "it is the store that knows"


def test_the_command_remembers_in_the_store_too(
    kept: tuple[str, Store], dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = kept
    change(dumps, scale(7))
    night(monkeypatch, dumps, tmp_path / "work", 10, store=url)
    log = tmp_path / "audit.jsonl"
    record = write_to("odoo-web")
    log.write_text(json.dumps(record), "utf-8")
    page = tmp_path / "drift.html"
    given = {**NO_FLAGS, "config": ONE["config"], "estate": str(ESTATE), "paths": (DECLARED,), "store": url,
             "against": (f"{CLUSTER}={dumps[CLUSTER]}",), "today": "2026-11-21T06:00:00Z",
             "reports": (f"html={page}",)}  # fmt: skip
    drift({**given, "audit_logs": (f"{CLUSTER}={log}",)})
    log.unlink()
    report = drift(given)
    assert "mallory@example.net" in drifts(report)[f"DRIFT-001 {DEPLOYMENT}"]
    text = page.read_text("utf-8")
    assert "Timelines <small>1 resource that drifted" in text
    told = [one.what for one in report.timelines[f"{CLUSTER}/{DEPLOYMENT}"]]
    assert told == [
        "spec.replicas is not as declared, first seen by run 1",
        "changed by mallory@example.net with kubectl/v1.31: spec.replicas",
        "last write by kubectl (scale), Update",
    ]
    assert all(one in text for one in told)
