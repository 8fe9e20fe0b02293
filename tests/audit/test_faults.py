"""What goes wrong in the middle of an audit is said precisely, and ``--resume`` loses and doubles nothing."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")

from scanner.audit.kept import KeptInventory
from scanner.audit.run import Named
from scanner.audit.store import Status, open_store
from scanner.audit.work_file import WorkFile
from scanner.audit.work_folder import abandoned
from scanner.errors import AuditError, StoreError
from scanner.model.ledger import State
from scanner.points.audit import conduct
from scanner.report import Report
from scanner.sources.interface import Page, PageContent, Source
from tests.audit.estates import CLUSTERS, ESTATE, audit, flags, inline, write_dumps
from tests.conftest import ROOT
from tests.tools.postgres import PostgreSQL, postgresql

FEW: dict[str, Any] = {"only": ("ISO-0*",)}


@pytest.fixture
def dumps(tmp_path: Path) -> dict[str, Path]:
    return write_dumps("erp-hosting-broken", tmp_path / "dumps")


def _said(report: Report) -> list[tuple[str, str, str]]:
    return sorted((one.fingerprint, one.resource, one.verdict.value) for one in report.findings)


@dataclass
class At:
    """Does something once, when a number of pages have been kept."""

    left: int
    act: Any

    def __call__(self, what: str, resources: int) -> None:
        self.left -= 1
        if self.left == 0:
            self.act()


@pytest.mark.slow
def test_a_database_that_stops_in_the_middle(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.audit.store.engine.PAUSES_S", (0.1, 0.1))
    with postgresql() as server, inline(monkeypatch):
        url = server.database()
        given = flags(dumps, tmp_path / "work", store=url, **FEW)
        with pytest.raises(StoreError, match="the server cannot be reached") as raised:
            audit(given, At(9, lambda: server.stop("immediate")))
        assert "look at the server" in raised.value.diagnostics()
        server.start()
        report = audit({**given, "resume": True})
        _holds_each_once(url, report, runs=1)
        again = audit(given, At(5, lambda: _restart(server)))
        assert _said(again) == _said(report)
        _holds_each_once(url, again, runs=2)


def _restart(server: PostgreSQL) -> None:
    server.stop("immediate")
    server.start()


def _holds_each_once(url: str, report: Report, runs: int) -> None:
    store = open_store(url, create=False)
    assert [one.status for one in store.runs()] == [Status.INCOMPLETE] * runs
    first, last = store.runs()[-1].id, store.runs()[0].id  # a server that crashed leaves out numbers
    stored = Counter((one.fingerprint, one.tenant) for one in store.findings(last))
    assert set(stored.values()) == {1}
    assert {fingerprint for fingerprint, _ in stored} >= {one.fingerprint for one in report.findings}
    assert {one.first_seen for one in store.findings(last)} == {store.run(first).run.started}
    store.close()


@pytest.mark.slow
def test_two_audits_at_once_in_one_store_and_one_folder(dumps: dict[str, Path], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    named = [argument for name, path in dumps.items() for argument in ("--cluster-dump", f"{name}={path}")]
    command = [sys.executable, "-m", "scanner", "audit", "--estate", str(ESTATE), *named, "--store", url]
    command += ["--work", str(tmp_path / "work"), "--executor", "local=1", "--today", "2026-11-21T06:00:00Z"]
    runs = [
        subprocess.Popen([*command, "--report", f"json={tmp_path / name}.json"], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("one", "two")
    ]
    for run in runs:
        _, said = run.communicate(timeout=300)
        assert run.returncode == 1, said.decode()
    one, two = (json.loads((tmp_path / f"{name}.json").read_text("utf-8")) for name in ("one", "two"))
    assert one["findings"] == two["findings"] != []
    store = open_store(url, create=False)
    assert [run.status for run in store.runs()] == [Status.INCOMPLETE] * 2
    changes = store.compare(1, 2)
    assert (changes.introduced, changes.fixed) == ((), ())
    assert changes.still_open
    store.close()
    assert abandoned(str(tmp_path / "work"), "erp-hosting") == ()


def test_a_disk_that_is_full_while_pages_are_kept(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = flags(dumps, tmp_path / "work", **FEW)
    keep, kept = WorkFile.keep, 0

    def full(self: WorkFile, *what: Any) -> None:
        nonlocal kept
        kept += 1
        if kept == 10:  # as large as it is, and no larger
            (pages,) = self._db.execute("PRAGMA page_count").fetchone()
            self._db.execute(f"PRAGMA max_page_count = {pages}")
        keep(self, *what)

    with inline(monkeypatch):
        with monkeypatch.context() as disk:
            disk.setattr(WorkFile, "keep", full)
            with pytest.raises(AuditError, match=r"cannot keep the state of the audit in .*is full") as raised:
                audit(given)
        assert "--resume" in raised.value.diagnostics()
        report = audit({**given, "resume": True})
        assert _said(report) == _said(audit(given))


def test_a_disk_that_is_full_while_indexes_are_built(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = flags(dumps, tmp_path / "work", only=("ISO-*", "NET-*", "BAK-*"))

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as disk, inline(monkeypatch):
        disk.setattr(KeptInventory, "_build", full)
        with pytest.raises(AuditError, match="disk is full"):
            audit(given)
    with inline(monkeypatch):
        report = audit({**given, "resume": True})
        assert _said(report) == _said(audit(given))


def test_a_work_file_that_is_damaged_is_said_so(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(self: WorkFile) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(WorkFile, "finished_sources", damaged)
    with inline(monkeypatch), pytest.raises(AuditError, match="image is malformed"):
        audit(flags(dumps, tmp_path / "work", **FEW))


class Poison(Page):
    """A page that kills the process that reads it."""

    name = "cluster poison: pods.json"

    def read(self) -> PageContent:
        """End this process, as the kernel does when memory is short."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it is dead")


class Poisoned(Source):
    """A source with such a page."""

    kind = "cluster"

    def pages(self) -> Any:
        """Yield it."""
        yield Poison()

    def places(self) -> Any:
        """Yield nothing: it says of nobody whose he is."""
        yield from ()


@pytest.mark.slow
def test_a_page_that_kills_who_reads_it_is_in_the_ledger(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes_of = conduct.scopes_of

    def with_poison(*given: Any) -> Any:
        scopes = scopes_of(*given)
        first, *others = scopes.sources
        return scopes._replace(sources=(first, Named("cluster poison", Poisoned()), *others))

    monkeypatch.setattr(conduct, "scopes_of", with_poison)
    given = flags(dumps, tmp_path / "work", executor="local=2", only_scopes=CLUSTERS, **FEW)
    report = audit({**given, "fail_on": "critical"})
    (entry,) = report.incomplete()
    assert (entry.input, entry.state) == (Poison.name, State.UNREACHABLE)
    assert "the process that read it died" in entry.reason
    assert report.exit_code() in (1, 3)
    assert len(report.findings) > 10, "everything else was read"
