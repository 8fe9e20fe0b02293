"""Secrets of what is audited are in nothing that an audit writes: reports, store, logs, work files of a killed run."""

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
pytest.importorskip("orjson", reason="dumps are read with orjson: the extra kubernetes")

from scanner.audit.work_folder import abandoned
from scanner.formats import FORMATS
from scanner.points.drift.conduct import drift
from scanner.points.request import NO_FLAGS
from tests.audit import canaries
from tests.audit.estates import ESTATE, CutOffError, audit, flags, inline, write_dumps
from tests.audit.test_drift import write_to
from tests.conftest import ROOT

CLUSTER = "aks-prd-weu-01"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-canary"
INVENTORY = ROOT / "fixtures" / "erp-hosting-broken" / "azure" / "inventory.json"


class Sources(NamedTuple):
    """What is audited."""

    dumps: dict[str, Path]
    export: Path
    planted: tuple[canaries.Planted, ...]
    """In the cluster, in Azure."""

    def found_in(self, folder: Path) -> set[str]:
        """Return where in the files below ``folder`` a planted secret stands."""
        return {
            f"{path.relative_to(folder)}: {form.decode()}"
            for path in folder.rglob("*")
            if path.is_file()
            for content in [path.read_bytes()]
            for planted in self.planted
            for form in planted.forms()
            if form in content
        }


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    folder = tmp_path / "sources"
    dumps = write_dumps("erp-hosting-broken", folder)
    in_cluster, in_azure = canaries.Planted("cluster"), canaries.Planted("azure")
    canaries.write(dumps[CLUSTER], canaries.cluster(in_cluster, "erp-kestrel"))
    rows = [json.dumps(row) for row in canaries.azure(in_azure, GROUP)]
    export = folder / "inventory.json"
    export.write_text(INVENTORY.read_text("utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", "utf-8")
    return Sources(dumps, export, (in_cluster, in_azure))


def _outputs(folder: Path) -> Iterator[tuple[str, str]]:
    for name in FORMATS:
        if name != "template":  # its text is the user's own
            yield name, str(folder / f"report.{name}")


def _flags(sources: Sources, out: Path, **others: Any) -> dict[str, Any]:
    return flags(
        sources.dumps,
        out / "work",
        exports=(str(sources.export),),
        **{
            "reports": tuple(f"{name}={path}" for name, path in _outputs(out)),
            "store": f"sqlite:///{out / 'audit.db'}",
            "dashboards": (str(out / "board.html"), str(out / "board.md"), str(out / "board.csv")),
            "metrics": str(out / "bulkhead.prom"),
            "include_passes": True,
            "verbose": True,
            **others,
        },
    )


def test_the_planted_secrets_are_in_what_is_read(sources: Sources, tmp_path: Path) -> None:
    told = sources.found_in(tmp_path / "sources")
    for planted in sources.planted:
        assert len(planted.values) >= 50
        for value in planted.values:
            encoded = b64encode(value.encode())[4:-4].decode()
            assert any(value in one or encoded in one for one in told)


def test_nothing_that_is_written_has_one(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with inline(monkeypatch):
        report = audit(_flags(sources, out))
        audit(_flags(sources, out, tenant="kestrel", metrics="", reports=(f"json={out / 'tenant.json'}",)))
    assert any("canary" in one.resource for one in report.findings), "rules look at what holds them"
    assert all(Path(path).stat().st_size for _, path in _outputs(out))
    assert sources.found_in(out) == set()


def _declared(folder: Path) -> tuple[dict[str, Any], canaries.Planted, canaries.Planted]:
    """Return flags to compare with a declaration of the same objects with other secrets, and with logs full of them."""
    planted, logged = canaries.Planted("declared"), canaries.Planted("logged")
    folder.mkdir()
    contents = canaries.cluster(planted, "erp-kestrel")
    for kind, items in contents.items():
        (folder / f"{kind}.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}), "utf-8")
    log = folder.parent / "audit.jsonl"
    bodies = [one for items in canaries.cluster(logged, "erp-kestrel").values() for one in items]
    log.write_text("\n".join(json.dumps(_write(body)) for body in bodies), "utf-8")
    config = folder.parent / "bulkhead.yaml"
    config.write_text(f"clusters: {{{CLUSTER}: {folder}}}\n", "utf-8")
    return {"declared": (str(folder),), "audit_logs": (f"{CLUSTER}={log}",), "config": str(config)}, planted, logged


def _write(body: dict[str, Any]) -> dict[str, Any]:
    group = body["apiVersion"].rpartition("/")[0]
    of = {"apiGroup": group, "resource": f"{body['kind'].lower()}s", **body["metadata"], "annotations": None}
    return write_to("x", objectRef=of, requestObject=body)


def test_nor_has_what_is_said_of_drift(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every secret differs between what is declared, what is live, and what the log holds of who wrote it."""
    out = tmp_path / "out"
    out.mkdir()
    given, planted, logged = _declared(tmp_path / "declared")
    whole = sources._replace(planted=(*sources.planted, planted, logged))
    extra = {"only_scopes": (CLUSTER,), "exports": (), **given}
    with inline(monkeypatch):
        report = audit({**_flags(sources, out), **extra})
        audit({**_flags(sources, out, tenant="kestrel", metrics="", reports=(f"html={out / 'tenant.html'}",)), **extra})
    drifted = [one for one in report.findings if one.rule == "DRIFT-001" and "/erp-kestrel/" in one.resource]
    assert {one.type for one in drifted} >= {
        "core/ConfigMap",
        "apps/Deployment",
        "batch/CronJob",
        "traefik.io/Middleware",
    }
    assert sum("(not shown)" in one.message for one in drifted) >= 25
    assert any("mallory" in one.message for one in drifted)
    told = whole.found_in(out)
    assert told == set(), sorted(told)
    with inline(monkeypatch):
        drift({**NO_FLAGS, **_drift_flags(sources, out), **given, "paths": given["declared"]})
    assert whole.found_in(out) == set()


def _drift_flags(sources: Sources, out: Path) -> dict[str, Any]:
    against = {"against": (f"{CLUSTER}={sources.dumps[CLUSTER]}",), "estate": str(ESTATE)}
    reports = tuple(f"{name}={path}.drift" for name, path in _outputs(out))
    return {**against, "reports": reports, "store": f"sqlite:///{out / 'audit.db'}"}


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_nor_has_what_a_killed_run_leaves(
    share: float, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    given = _flags(sources, out, reports=(), store="none", dashboards=(), metrics="")
    read: list[str] = []
    with inline(monkeypatch):
        audit(given, lambda what, resources: read.append(what))
    with inline(monkeypatch, int(len(read) * share)), pytest.raises(CutOffError):
        audit(given)
    (left,) = abandoned(str(out / "work"), "erp-hosting")
    assert b"canary" in b"".join(path.read_bytes() for path in Path(left).iterdir()), "something is kept of them"
    assert sources.found_in(out) == set()


def _command(sources: Sources, out: Path) -> list[str]:
    dumps = [argument for name, path in sources.dumps.items() for argument in ("--cluster-dump", f"{name}={path}")]
    command = [sys.executable, "-m", "scanner", "--debug", "audit", "--estate", str(ESTATE), *dumps, "--verbose"]
    return [*command, "--azure-export", str(sources.export), "--work", str(out / "work"), "--store", "none"]


@pytest.mark.slow
def test_nor_what_is_said_while_it_runs(sources: Sources, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    run = subprocess.run(_command(sources, out), cwd=ROOT, capture_output=True, check=False, timeout=300)
    assert run.returncode in (1, 3), run.stderr.decode()
    (out / "said").write_bytes(run.stdout + run.stderr)
    assert sources.found_in(out) == set()


@pytest.mark.slow
def test_nor_has_what_is_left_where_the_process_is_killed(sources: Sources, tmp_path: Path) -> None:
    """With all of SQLite's journals, which a run that ends by itself puts away."""
    out = tmp_path / "out"
    out.mkdir()
    run = subprocess.Popen(_command(sources, out), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while run.poll() is None and not _is_kept(out):
        time.sleep(0.01)
    run.kill()
    run.wait(timeout=60)
    assert _is_kept(out), "it was killed in the middle"
    assert sources.found_in(out) == set()


def _is_kept(folder: Path) -> bool:
    """Whether something of a planted resource has been written."""
    try:
        return any(b"canary" in path.read_bytes() for path in folder.rglob("audit.work*"))
    except FileNotFoundError:  # it has come to its end
        return False
