"""``bulkhead runs``: what a user sees of the store."""

import json
from pathlib import Path

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")

from scanner.audit.store import open_store
from tests.audit.store.runs import begin, found, recorded, unread
from tests.cli.running import Run, bulkhead
from tests.formats.builder import KESTREL


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('runs') / 'audit.db'}"
    store = open_store(url)
    recorded(store, found("web"), found("api", tenancy=KESTREL, message="beside \x1b[2Jkestrel"))
    recorded(store, found("web"), found("new"), ledger=[unread("test", "403 forbidden")], day=1)
    store.fail(begin(store, day=2), "the token expired")
    store.close()
    return url


def runs(url: str, *arguments: str) -> Run:
    return bulkhead("runs", *arguments, "--store", url)


def test_list_shows_the_newest_first(url: str) -> None:
    assert runs(url, "list").stdout == (
        "  run  started               status      resources  critical      high    medium       low  unknown\n"
        "    3  2026-11-03T02:00:00Z  failed              0         0         0         0         0        0\n"
        "    2  2026-11-02T02:00:00Z  incomplete          0         0         2         0         0        0\n"
        "    1  2026-11-01T02:00:00Z  complete            0         0         2         0         0        0\n"
    )
    listed = json.loads(runs(url, "list", "--format", "json", "--limit", "1").stdout)
    assert [(one["id"], one["status"], one["reason"]) for one in listed] == [(3, "failed", "the token expired")]


def test_show_tells_what_was_not_read_and_since_when_findings_are_there(url: str) -> None:
    shown = runs(url, "show", "latest").stdout
    assert "run 2: incomplete\n" in shown
    assert "not read (1)\n  unreachable test: 403 forbidden\n" in shown
    assert "  high     ISO-001 t04 prod/apps/Deployment/shop/web, since 2026-11-01T02:00:00Z\n" in shown
    whole = json.loads(runs(url, "show", "1", "--format", "json").stdout)
    assert len(whole["findings"]) == 2
    assert whole["rules"][0]["rule"] == "ISO-001"
    assert "\x1b" not in runs(url, "show", "1").stdout


def test_compare_tells_what_is_new_and_what_is_over(url: str) -> None:
    compared = runs(url, "compare", "previous", "latest").stdout
    assert compared.startswith("run 1 (2026-11-01T02:00:00Z) -> run 2 (2026-11-02T02:00:00Z)\nintroduced (1)\n")
    assert "fixed (1)\n  high     ISO-001 t11 prod/apps/Deployment/shop/api" in compared
    assert "still open (1)\n" in compared
    data = json.loads(runs(url, "compare", "1", "2", "--format", "json").stdout)
    assert [len(data[name]) for name in ("introduced", "fixed", "still_open", "out_of_sight")] == [1, 1, 1, 0]


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_tenant_sees_nothing_of_another(url: str, format_: str) -> None:
    for command in (("show", "1"), ("compare", "1", "2")):
        told = runs(url, *command, "--tenant", "t04", "--format", format_).stdout
        assert "shop/web" in told
        for theirs in ("kestrel", "t11", "shop/api", "403", '"test"'):
            assert theirs not in told


def test_what_cannot_be_done_is_said_with_a_hint(url: str, tmp_path: Path) -> None:
    for arguments, message in (
        (("show", "99"), "cannot find run 99"),
        (("show", "yesterday"), "cannot find run 'yesterday'"),
        (("compare", "1", "3"), "cannot compare run 3: it is failed and has no findings"),
        (("prune",), "neither --keep nor --older-than is given"),
    ):
        run = runs(url, *arguments)
        assert (run.code, run.stdout) == (2, "")
        assert message in run.stderr
        assert "help: " in run.stderr
    missing = runs(f"sqlite:///{tmp_path / 'none.db'}", "list")
    assert (missing.code, "there is no such file" in missing.stderr) == (2, True)
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    open_store(empty).close()
    assert "cannot find the latest run: the store has 0 recorded" in runs(empty, "show", "latest").stderr


def test_prune_says_how_many_went(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    store = open_store(url)
    for day in range(3):
        recorded(store, day=day)
    store.close()
    assert runs(url, "prune", "--keep", "1").stdout == "2 runs deleted\n"
    assert json.loads(runs(url, "prune", "--older-than", "1", "--format", "json").stdout) == {"deleted": []}
