"""What goes wrong with a store: each a precise message with a hint, never a password."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from scanner.audit.store import engine as engine_module
from scanner.audit.store import open_store
from scanner.audit.store.engine import engine_of
from scanner.errors import StoreError
from tests.audit.store.runs import begin, found, made, recorded
from tests.conftest import ROOT
from tests.tools.postgres import PostgreSQL


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:////nowhere/at/all.db", "cannot open store /nowhere/at/all.db: the file cannot be opened"),
        ("nonsense:::hunter2", "its URL cannot be understood"),
        ("mysql://me:hunter2@db/x", "'mysql' is no database file or server it can use"),
        ("sqlite://", "'sqlite' is no database file or server"),
        (
            "postgresql://me:hunter2@127.0.0.1:1/x?password=hunter2",
            "the server cannot be reached (connection to server",
        ),
        ("postgresql+psycopg://me:hunter2@no-such-host.invalid/x", "the server cannot be reached"),
    ],
)
def test_what_cannot_be_opened(url: str, message: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert message in str(caught.value)
    assert "hunter2" not in caught.value.diagnostics()
    assert "help: " in caught.value.diagnostics()


def test_a_store_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such file"):
        open_store(f"sqlite:///{tmp_path / 'audit.db'}", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    path.write_text("apiVersion: v1\nkind: Pod\n" * 100, "utf-8")
    with pytest.raises(StoreError, match="it is not a SQLite database"):
        open_store(f"sqlite:///{path}")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the file cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    store = open_store(f"sqlite:///{path}")
    recorded(store, *(found(f"web-{number}") for number in range(200)))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="the file is damaged") as caught:
        open_store(f"sqlite:///{path}").runs()
    assert "backup" in caught.value.diagnostics()


@pytest.fixture
def filling() -> Iterator[list[int]]:
    """A list: what is put into it is how many pages a SQLite file may have from then on."""
    limits: list[int] = []

    def limited(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        if limits:
            connection.execute(f"PRAGMA max_page_count = {limits[-1]}")

    event.listen(Pool, "checkout", limited)
    yield limits
    event.remove(Pool, "checkout", limited)


def test_a_full_disk_loses_nothing_and_the_run_can_be_recorded_later(tmp_path: Path, filling: list[int]) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
    run = begin(store)
    many = made(*(found(f"web-{number}") for number in range(3_000)))
    filling.append(60)
    with pytest.raises(StoreError, match=r"cannot write store .*audit\.db: the disk is full") as caught:
        store.record(run, many)
    assert "free some space" in caught.value.diagnostics()
    assert (store.runs()[0].status.value, store.findings(run)) == ("running", ())
    filling.append(1_000_000)
    assert store.record(run, many)
    assert len(store.findings(run)) == 3_000
    store.close()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "setuid") or os.getuid() != 0, reason="only root can mount a small file system")
def test_a_file_system_that_is_really_full(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small file system: {mounted.stderr.decode().strip()}")
    try:
        store = open_store(f"sqlite:///{tmp_path / 'audit.db'}")
        run = begin(store)
        with pytest.raises(StoreError, match="the disk is full"):
            store.record(run, made(*(found(f"web-{number}") for number in range(3_000))))
        assert store.findings(run) == ()
        store.close()
    finally:
        subprocess.run(["umount", tmp_path], check=True)


AS_NOBODY = """
import os, sys
import alembic.command, scanner.audit.store.connected
from scanner.audit.store import open_store
from scanner.errors import StoreError
from tests.audit.store.runs import begin
url = f"sqlite:///{sys.argv[1]}"
warm = open_store("sqlite:////tmp/" + os.urandom(8).hex())  # imports what this account may not be able to read
os.remove(warm.name)
warm.close()
if os.getuid() == 0:
    os.setuid(65534)
print(len(open_store(url, create=False).runs()))
try:
    begin(open_store(url))
except StoreError as error:
    print(error.diagnostics())
"""


def test_a_file_that_may_only_be_read_can_be_read_and_says_so_when_written() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "audit.db"
        store = open_store(f"sqlite:///{path}")
        recorded(store, found("web"))
        store.close()
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        folder.chmod(0o555)
        command = [sys.executable, "-c", AS_NOBODY, str(path)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        count, told = done.stdout.split("\n", 1)
        assert count == "1"
        assert f"cannot write store {path}: the file cannot be written" in told
        assert "help: give this account the right to write it" in told
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_another_writer_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audit.db"
    monkeypatch.setattr(engine_module, "BUSY_S", 0.1)
    store = open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process has been writing it for too long"):
        begin(store)
    assert store.runs() == (), "readers do not wait"
    other.execute("ROLLBACK")
    other.close()
    begin(store)
    store.close()


def test_a_missing_package_names_the_extra() -> None:
    script = (
        "import sys\nsys.modules[{0!r}] = None\n"
        "from scanner.audit.store.open import open_store\nfrom scanner.errors import StoreError\n"
        "try:\n    open_store({1!r})\nexcept StoreError as error:\n    print(error.diagnostics())\n"
    )
    for module, url, extra in (("alembic", "sqlite:///x.db", "audit"), ("psycopg", "postgresql://h/x", "postgresql")):
        done = subprocess.run(
            [sys.executable, "-c", script.format(module, url)], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert f"the Python package '{module}' is not installed" in done.stdout, done.stderr
        assert f"pip install 'bulkhead-scanner[{extra}]'" in done.stdout


@pytest.mark.slow
def test_postgresql_that_refuses_names_what_it_refuses(server: PostgreSQL) -> None:
    address = f"127.0.0.1:{server.port}"
    with pytest.raises(StoreError, match=r"the server refuses the connection \(.* \"nowhere\" does not exist\)"):
        open_store(f"postgresql://bulkhead:hunter2@{address}/nowhere")
    with pytest.raises(StoreError, match=r"the server refuses the connection \(.*stranger") as caught:
        open_store(f"postgresql://stranger:hunter2@{address}/postgres")
    assert "hunter2" not in caught.value.diagnostics()
    url = server.database()
    open_store(url).close()
    store = open_store(f"{url}?options=-c%20default_transaction_read_only%3Don")
    with pytest.raises(StoreError, match="the server only reads"):
        begin(store)
    store.close()


@pytest.mark.slow
def test_postgresql_that_restarts_in_the_middle_loses_nothing(
    server: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(server.database())
    run = begin(store)
    pauses: list[float] = []

    def restarted(pause_s: float) -> None:
        pauses.append(pause_s)
        server.start()

    monkeypatch.setattr(engine_module, "pause", restarted)
    server.stop("immediate")
    assert store.record(run, made(found("web")))
    assert pauses == [0.5]
    assert len(store.findings(run)) == 1

    server.stop("immediate")
    monkeypatch.setattr(engine_module, "pause", pauses.append)
    with pytest.raises(StoreError, match=r"cannot write store postgresql\+psycopg://bulkhead@127.0.0.1:\d+/\w+: the"):
        begin(store)
    assert pauses == [0.5, *engine_module.PAUSES_S]
    server.start()
    begin(store)
    store.close()


def test_an_engine_names_no_password() -> None:
    from sqlalchemy.engine import make_url

    assert "hunter2" not in repr(engine_of(make_url("postgresql+psycopg://me:hunter2@host/x")))
