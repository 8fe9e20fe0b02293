"""A real API server for tests: etcd and kube-apiserver on free ports of this machine, empty, gone afterwards.

By hand, with the address of its kubeconfig printed, until it is interrupted:

    python -m tests.tools.kube

There are no controllers: no ReplicaSet comes of a Deployment, and a Namespace that is deleted stays Terminating.
"""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.tools.oracles import find_kubernetes

USERS = {"admin": "system:masters", "builder": "system:masters", "reader": "readers", "nobody": "strangers"}
"""Name and group; each has a context of that name and the token ``token-of-NAME``. Only admin may do anything, and
builder, who is there to set something up past what a test is about."""
_START_S = 60.0


class Kube(NamedTuple):
    """A running API server."""

    folder: Path
    server: str
    """``https://127.0.0.1:port``"""
    etcd: str
    """``http://127.0.0.1:port``"""
    tools: Path

    @property
    def kubeconfig(self) -> str:
        """Path of the kubeconfig; its current context is admin."""
        return str(self.folder / "kubeconfig")

    @property
    def authority(self) -> str:
        """Path of the certificate to trust."""
        return str(self.folder / "pki" / "apiserver.crt")

    def request(self, method: str, path: str, value: Any = None, user: str = "admin") -> Any:
        """Send a request as a user and return the parsed answer; raises HTTPError."""
        headers = {"Authorization": f"Bearer token-of-{user}", "Content-Type": "application/json"}
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.server + path, body, headers, method=method)
        context = ssl.create_default_context(cafile=self.authority)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)

    def create(self, path: str, *objects: Mapping[str, Any]) -> None:
        """Create objects in the collection at ``path``, over one connection; one that is there already is left."""
        import http.client

        host = self.server.removeprefix("https://")
        connection = http.client.HTTPSConnection(host, context=ssl.create_default_context(cafile=self.authority))
        headers = {"Authorization": "Bearer token-of-admin", "Content-Type": "application/json"}
        for value in objects:
            connection.request("POST", path, json.dumps(value), headers)
            answer = connection.getresponse()
            told = answer.read()
            assert answer.status in (201, 409), told
        connection.close()

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl as admin and return what it prints."""
        command = [str(self.tools / "kubectl"), "--kubeconfig", self.kubeconfig, *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True, timeout=120).stdout


@contextmanager
def running_kube(folder: Path, *flags: str) -> Iterator[Kube]:
    """Start one with its data in ``folder`` and stop it in the end. Skips the test where something is missing."""
    tools = find_kubernetes()
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make the API server's keys with")
    api, etcd, peer = _free_ports(3)
    kube = Kube(folder, f"https://127.0.0.1:{api}", f"http://127.0.0.1:{etcd}", tools)
    (folder / "pki").mkdir(parents=True)
    _write_access(kube)
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_start(_etcd(kube, peer), folder / "etcd.log"))
        _wait(started[-1], folder / "etcd.log", f"{kube.etcd}/health", None)
        started.append(_start(_api_server(kube, api, flags), folder / "apiserver.log"))
        _wait(started[-1], folder / "apiserver.log", f"{kube.server}/readyz", kube)
        yield kube
    finally:
        for process in reversed(started):
            process.kill()  # the data is thrown away, so nothing is gained by asking
            process.wait()


def _etcd(kube: Kube, peer: int) -> list[str]:
    between = f"http://127.0.0.1:{peer}"
    return [
        str(kube.tools / "etcd"),
        f"--data-dir={kube.folder / 'etcd'}",
        "--unsafe-no-fsync=true",
        "--log-level=error",
        f"--listen-client-urls={kube.etcd}",
        f"--advertise-client-urls={kube.etcd}",
        f"--listen-peer-urls={between}",
        f"--initial-advertise-peer-urls={between}",
        f"--initial-cluster=default={between}",
    ]


def _api_server(kube: Kube, port: int, flags: Sequence[str]) -> list[str]:
    pki = kube.folder / "pki"
    return [
        str(kube.tools / "kube-apiserver"),
        f"--etcd-servers={kube.etcd}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={pki}",  # it makes its own certificate there
        "--authorization-mode=RBAC",
        f"--token-auth-file={kube.folder / 'tokens.csv'}",
        f"--service-account-issuer={kube.server}",
        f"--service-account-key-file={pki / 'accounts.pub'}",
        f"--service-account-signing-key-file={pki / 'accounts.key'}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--allow-privileged=true",
        "--disable-admission-plugins=ServiceAccount",  # no controller makes the accounts that it asks for
        "--endpoint-reconciler-type=none",
        *flags,
    ]


def _write_access(kube: Kube) -> None:
    key, public = kube.folder / "pki" / "accounts.key", kube.folder / "pki" / "accounts.pub"
    for command in (["genrsa", "-out", str(key), "2048"], ["rsa", "-in", str(key), "-pubout", "-out", str(public)]):
        subprocess.run(["openssl", *command], capture_output=True, check=True, timeout=60)
    lines = [f'token-of-{name},{name},{name},"{group}"' for name, group in USERS.items()]
    (kube.folder / "tokens.csv").write_text("\n".join(lines) + "\n", "utf-8")
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "admin",
        "clusters": [{"name": "kube", "cluster": {"server": kube.server, "certificate-authority": kube.authority}}],
        "users": [{"name": name, "user": {"token": f"token-of-{name}"}} for name in USERS],
        "contexts": [{"name": name, "context": {"cluster": "kube", "user": name}} for name in USERS],
    }
    Path(kube.kubeconfig).write_text(json.dumps(config), "utf-8")


def _start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as stream:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)


def _wait(process: "subprocess.Popen[bytes]", log: Path, url: str, kube: Kube | None) -> None:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if kube is None:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5).close()
            else:
                kube.request("GET", "/api/v1/namespaces/default")
        except (OSError, ValueError):
            time.sleep(0.05)
        else:
            return
    tail = log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"{process.args} did not start within {_START_S:g} s:\n{tail}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory() as temporary, running_kube(Path(temporary) / "kube") as running:
        print(f"export KUBECONFIG={running.kubeconfig}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass
