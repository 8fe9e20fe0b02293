"""An `opa` server of our own: started on the loopback interface, gone when we are.

It gets an empty environment (policies can read it), no telemetry, and answers only requests with a token that is on no
command line: another user of the machine must not change verdicts. It must not know rules.
"""

import atexit
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from scanner.packs.rego.engine import RegoError

READY_WITHIN_S = 10.0
_ATTEMPTS = 3

_GUARD = """
import os, shutil, subprocess, sys, threading
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, env={})
asked = threading.Event()
def follow():
    os.read(0, 1)
    asked.set()
    server.kill()
threading.Thread(target=follow, daemon=True).start()
server.wait()
if asked.is_set():
    shutil.rmtree(os.getcwd(), ignore_errors=True)
os._exit(0)
"""
"""Ends the server, and removes its folder, at the end of its own input: that comes even when this process is killed."""

_AUTHORIZATION = """package system.authz

default allow := false

allow if input.identity == %s

allow if input.path == ["health"]
"""


class OpaServer:
    """A running server. Raises RegoError of kind "engine" where it does not get ready."""

    host = "127.0.0.1"
    port: int
    token: str
    """To be sent with every request."""

    def __init__(self, executable: Path, modules: Mapping[str, str] | None = None) -> None:
        """`modules` are sources by the name the server shall know them by: a relative path."""
        self.token = secrets.token_urlsafe(32)
        self._folder = tempfile.TemporaryDirectory(prefix="bulkhead-opa-", ignore_cleanup_errors=True)
        self._log = Path(self._folder.name, "log")
        policies = {"authz.rego": _AUTHORIZATION % json.dumps(self.token), **(modules or {})}
        self._sources = sorted({name.partition("/")[0] for name in policies})
        for name, text in policies.items():
            path = Path(self._folder.name, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self._guard: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)
        for attempt in range(_ATTEMPTS):
            self.port = _free_port(self.host)
            self._start(executable)
            # Somebody else may have taken the port in between.
            if self._is_ready():
                return
            reason = self._last_words()
            self._end_guard()
            if "address already in use" not in reason or attempt + 1 == _ATTEMPTS:
                break
        self.stop()
        raise RegoError("engine", f"cannot start {executable}: {reason}")

    def stop(self) -> None:
        """End the server; may be called more than once."""
        atexit.unregister(self.stop)
        self._end_guard()
        self._folder.cleanup()

    def _start(self, executable: Path) -> None:
        server = (str(executable), "run", "--server", "--addr", f"{self.host}:{self.port}")
        quiet = ("--log-level", "error", "--skip-version-check", "--authentication=token", "--authorization=basic")
        with self._log.open("wb") as log:
            self._guard = subprocess.Popen(  # noqa: S603 (the executable is the one the user has put on the PATH, the arguments are ours)
                [sys.executable, "-I", "-S", "-c", _GUARD, *server, *quiet, *self._sources],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder.name,
                env={},
            )

    def _is_ready(self) -> bool:
        """Wait until the server answers; False where it ended or took too long."""
        from http.client import HTTPConnection, HTTPException

        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline and self._guard is not None and self._guard.poll() is None:
            connection = HTTPConnection(self.host, self.port, timeout=1.0)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return True
            except (OSError, HTTPException):
                time.sleep(0.01)
            finally:
                connection.close()
        return False

    def _end_guard(self) -> None:
        if self._guard is not None:
            assert self._guard.stdin is not None, "it was started with a pipe"
            self._guard.stdin.close()
            self._guard.wait()
            self._guard = None

    def _last_words(self) -> str:
        """Return the last line the server has written, which it does only on errors."""
        lines = self._log.read_text("utf-8", "replace").splitlines() if self._log.exists() else []
        return lines[-1].strip() if lines else ""


def find_opa() -> Path | None:
    """Return the `opa` executable on the PATH."""
    found = shutil.which("opa")
    return Path(found).absolute() if found else None


def _free_port(host: str) -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
