"""Starts the real webhook in a process of its own, and asks it as an API server does."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.points.admission.serving.pki import Authority, authority, write


@dataclass
class Webhook:
    """A webhook that runs."""

    process: "subprocess.Popen[bytes]"
    port: int
    health: int
    authority: Authority
    folder: Path
    lines: list[dict[str, Any]]
    reading: threading.Thread

    def renew(self, days: float = 60) -> None:
        """Put a new pair where the webhook looks for it."""
        write(self.folder, self.authority.leaf(days))

    def tls(self) -> ssl.SSLContext:
        """What an API server trusts."""
        return ssl.create_default_context(cadata=self.authority.pem.decode())

    def resident_kb(self) -> int:
        """Memory of the process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])

    def end(self) -> int:
        """Ask it to end, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.reading.join(5)
            assert self.process.stderr is not None
            self.process.stderr.close()


def webhook(folder: Path, *arguments: str, ca: Authority | None = None) -> Webhook:
    """Start a webhook; it is ready when this returns."""
    ca = ca or authority()
    certificate, key = write(folder, ca.leaf())
    (folder / "ca.crt").write_bytes(ca.pem)
    command = [sys.executable, "-m", "scanner", "webhook", "serve", "--listen", "127.0.0.1:0"]
    command += ["--health-listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key, *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    assert process.stderr is not None
    lines: list[dict[str, Any]] = []
    text = b""
    for raw in process.stderr:
        text += raw
        if raw.startswith(b"{"):
            lines.append(json.loads(raw))
            if lines[-1]["event"] == "serving":
                break
    else:
        process.wait()
        raise AssertionError(f"the webhook did not start: {text.decode()}")
    reading = threading.Thread(target=_drain, args=(process.stderr, lines), daemon=True)
    port, health = lines[-1]["ports"]
    reading.start()
    return Webhook(process, port, health, ca, folder, lines, reading)


def _drain(stream: Any, lines: list[dict[str, Any]]) -> None:
    for raw in stream:
        lines.append(json.loads(raw) if raw.startswith(b"{") else {"event": "text", "text": raw.decode()})


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int, tls: ssl.SSLContext | None) -> None:
        self._port = port
        self._tls = tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.opened = 0

    async def ask(self, content: bytes, path: str = "/validate?timeout=5s", method: str = "POST") -> tuple[int, bytes]:
        """Send a request and return status and body, over the connection that is open if there is one."""
        if self._streams is None:
            name = "127.0.0.1" if self._tls else None
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._tls, server_hostname=name)
            self.opened += 1
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content)
        head_bytes = await reader.readuntil(b"\r\n\r\n")
        lines = head_bytes.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), answer

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


def ask_once(
    port: int, tls: ssl.SSLContext | None, content: bytes, path: str = "/validate?timeout=5s", method: str = "POST"
) -> tuple[int, bytes]:
    """Ask over a connection of its own."""

    async def once() -> tuple[int, bytes]:
        connection = Connection(port, tls)
        try:
            return await connection.ask(content, path, method)
        finally:
            connection.close()
            await asyncio.sleep(0.01)

    return asyncio.run(once())


@dataclass
class Load:
    """What became of many requests."""

    answered: int = 0
    failures: list[str] = field(default_factory=list)
    opened: int = 0


async def load(
    webhook: Webhook, content: bytes, connections: int, go_on: Callable[[Load], bool], renewing: int = 0
) -> Load:
    """Ask over several connections for as long as ``go_on`` says; with ``renewing`` each is opened anew so often."""
    found = Load()
    tls = webhook.tls()

    async def one() -> None:
        connection = Connection(webhook.port, tls)
        while go_on(found):
            try:
                code, answer = await connection.ask(content)
                if code != 200 or b'"allowed":true' not in answer:
                    found.failures.append(f"HTTP {code}: {answer[:100]!r}")
                found.answered += 1
            except (OSError, asyncio.IncompleteReadError, ssl.SSLError) as error:
                found.failures.append(repr(error))
                connection.close()
            if renewing and found.answered % renewing == 0:
                connection.close()
        found.opened += connection.opened
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return found
