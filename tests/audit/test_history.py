"""An audit keeps its history, and tells of it: also of a run that was incomplete or given up."""

import csv
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")

from scanner.audit.store import Status, open_store
from scanner.errors import BulkheadError, ExecutorError, StoreError, UsageError
from tests.audit.estates import audit, flags, inline, write_dumps

ONE_RULE: dict[str, Any] = {"only": ("ISO-010",)}


@pytest.fixture
def dumps(tmp_path: Path) -> dict[str, Path]:
    return write_dumps("erp-hosting-broken", tmp_path / "dumps")


def _written(folder: Path) -> dict[str, Any]:
    looks = tuple(str(folder / f"audit.{suffix}") for suffix in ("html", "md", "csv"))
    return {"dashboards": looks, "metrics": str(folder / "bulkhead.prom"), "store": f"sqlite:///{folder / 'a.db'}"}


def test_dashboards_and_figures_tell_of_this_run_beside_the_one_before(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = flags(dumps, tmp_path / "work", **ONE_RULE, **_written(tmp_path))
    with inline(monkeypatch):
        first = audit(given)
        assert _changes(tmp_path) == {"new"}
        second = audit(given)
    assert first.incomplete(), "no Azure was read"
    assert len(first.findings) == len(second.findings) > 1
    assert _changes(tmp_path) == {"still open"}
    assert "subscription" in (tmp_path / "audit.html").read_text("utf-8")
    assert (tmp_path / "audit.md").read_text("utf-8").startswith("#")
    figures = (tmp_path / "bulkhead.prom").read_text("utf-8")
    assert 'bulkhead_audit_last_run_status{status="incomplete"} 1\n' in figures
    assert f"bulkhead_audit_resources {second.resources}\n" in figures


def _changes(folder: Path) -> set[str]:
    with (folder / "audit.csv").open(newline="", encoding="utf-8-sig") as stream:
        return {row["change"] for row in csv.DictReader(stream)}


def test_a_dashboard_for_one_tenant_has_nothing_of_others(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {**_written(tmp_path), "metrics": ""}
    with inline(monkeypatch):
        whole = audit(flags(dumps, tmp_path / "work", store=written["store"], **ONE_RULE))
        tenant = next(one for found in whole.findings for one in found.tenants if one)
        audit(flags(dumps, tmp_path / "work", tenant=tenant, **ONE_RULE, **written))
    with (tmp_path / "audit.csv").open(newline="", encoding="utf-8-sig") as stream:
        assert {row["tenant"] for row in csv.DictReader(stream)} == {tenant}
    page = (tmp_path / "audit.html").read_text("utf-8")
    assert f"tenant {tenant}" in page
    assert "subscription" not in page


def test_figures_say_that_a_run_was_given_up(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _written(tmp_path)
    monkeypatch.setattr("scanner.audit.run.Run.look", _no_process)
    with inline(monkeypatch), pytest.raises(ExecutorError):
        audit(flags(dumps, tmp_path / "work", **ONE_RULE, **written))
    assert 'status{status="failed"} 1\n' in (tmp_path / "bulkhead.prom").read_text("utf-8")
    store = open_store(written["store"])
    assert [(one.status, one.reason) for one in store.runs()] == [(Status.FAILED, "no process can be started")]
    store.close()


def _no_process(*_: object) -> None:
    raise ExecutorError("no process can be started")


def test_a_store_that_is_gone_hides_no_other_error(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreError("cannot write the store")

    monkeypatch.setattr("scanner.audit.run.Run.look", _no_process)
    monkeypatch.setattr("scanner.audit.store.Store.fail", gone)
    with inline(monkeypatch), pytest.raises(BulkheadError, match="no process can be started"):
        audit(flags(dumps, tmp_path / "work", **ONE_RULE, **_written(tmp_path)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dashboards": ("audit.html",)}, "none is kept"),
        ({"metrics": "b.prom"}, "none is kept"),
        ({"dashboards": ("audit.pdf",), "store": "sqlite:///a.db"}, "what kind of file"),
        ({"metrics": "b.prom", "store": "sqlite:///a.db", "tenant": "t04"}, "they count everybody"),
        (
            {"dashboards": ("a.html",), "reports": ("html=a.html",), "store": "sqlite:///a"},
            r"two reports to .*a\.html",
        ),
    ],
)
def test_what_cannot_be_written_is_said_before(
    changed: dict[str, Any], said: str, dumps: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        audit(flags(dumps, tmp_path / "work", **changed))


def test_history_is_kept_by_default_where_it_can_be(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULKHEAD_STORE", raising=False)
    with inline(monkeypatch):
        audit(flags(dumps, tmp_path / "work", store=None, **ONE_RULE))
        assert _runs("sqlite:///bulkhead-audit.db") == 1
        monkeypatch.setenv("BULKHEAD_STORE", "sqlite:///other.db")
        audit(flags(dumps, tmp_path / "work", store=None, **ONE_RULE))
        assert _runs("sqlite:///other.db") == 1
        report = audit(flags(dumps, tmp_path / "work", store="none", **ONE_RULE))
    assert (_runs("sqlite:///bulkhead-audit.db"), _runs("sqlite:///other.db")) == (1, 1)
    assert not any("history" in note.reason for note in report.notes)


def test_without_what_it_needs_it_is_said_that_none_is_kept(
    dumps: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BULKHEAD_STORE", raising=False)
    monkeypatch.setattr("scanner.points.audit.request.find_spec", lambda module: None)
    with inline(monkeypatch):
        report = audit(flags(dumps, tmp_path / "work", store=None, **ONE_RULE))
    assert any("no history is kept" in note.reason for note in report.notes)
    assert not (tmp_path / "bulkhead-audit.db").exists()


def _runs(url: str) -> int:
    store = open_store(url, create=False)
    number = len(store.runs())
    store.close()
    return number
