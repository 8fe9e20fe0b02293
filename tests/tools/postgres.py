"""A real PostgreSQL on loopback for tests, without root: made in a folder of its own, stopped when they end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ACCOUNT = os.environ.get("PG_USER", "postgres")
"""Account to run under when the tests run as root, which PostgreSQL refuses."""
_QUICK = "-c fsync=off -c full_page_writes=off"
"""What a commit has written survives a crash of the server all the same, though not one of the machine."""


class PostgreSQL:
    """One server."""

    def __init__(self, binaries: Path, data: Path, port: int) -> None:
        self._binaries = binaries
        self._data = data
        self.port = port

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {_QUICK}"
        log = self._data.parent / "log"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(log), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is what a crash is."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def make(self) -> None:
        """Make the folder of its data."""
        self._run("initdb", "-D", str(self._data), "-U", "bulkhead", "--auth=trust", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def database(self) -> str:
        """Make an empty database and return its URL."""
        import psycopg

        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=bulkhead dbname=postgres", autocommit=True) as one:
            one.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://bulkhead@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", _ACCOUNT, "--", *command]
        # the server inherits what it is started with: a pipe would never end
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd="/",
                              timeout=120)  # fmt: skip
        assert done.returncode == 0, f"{program} ended with {done.returncode}"


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Give a running server, or skip the test with the reason."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL is there: Debian's package 'postgresql' has initdb and pg_ctl")
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra 'postgresql' has it")
    if os.getuid() == 0 and subprocess.run(["id", _ACCOUNT], capture_output=True, check=False).returncode:
        pytest.skip(f"PostgreSQL refuses root, and there is no account {_ACCOUNT}; name one in PG_USER")
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, _ACCOUNT)
    server = PostgreSQL(binaries, folder / "data", _free_port())
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    """Return the folder with initdb and the server: Debian keeps it off the PATH, a folder for each version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    return next((one for one in folders if all((one / name).is_file() for name in ("initdb", "pg_ctl"))), None)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
