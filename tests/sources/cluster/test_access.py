"""How one gets into a cluster, and what is said where one does not; nothing is asked through a proxy by accident."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scanner.errors import ClusterError
from scanner.model.ledger import State
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.live import LiveCluster
from tests.sources.cluster.fake_cluster import FakeCluster, told


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kubeconfig and no Pod but those of the test."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        monkeypatch.delenv(name, raising=False)


def version(fake: FakeCluster, access: Access) -> object:
    fake.answers["/version"] = told({"gitVersion": "v1.35.4"})
    return ClusterClient(access, fake.pacing).json("/version")["gitVersion"]


def test_a_kubeconfig_is_found_where_kubectl_finds_it(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = fake.kubeconfig({"token": "t1"})
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join((str(tmp_path / "none"), str(path))))
    assert version(fake, Access()) == "v1.35.4"
    monkeypatch.delenv("KUBECONFIG")
    (tmp_path / "home" / ".kube").mkdir(parents=True)
    path.rename(tmp_path / "home" / ".kube" / "config")
    assert version(fake, Access("fake")) == "v1.35.4"
    assert fake.asked[-1].headers["Authorization"] == "Bearer t1"


@pytest.mark.parametrize(
    ("user", "cluster", "context", "message"),
    [
        ({"token": "t"}, {}, "aks-prd", "cannot use context 'aks-prd' of "),
        ({}, {}, "", "it gives no credentials"),
        (
            {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/no/such/plugin"}},
            {},
            "",
            "it gives no credentials",
        ),
        ({"token": "t"}, {"server": "10.0.0.1"}, "", "its server is '10.0.0.1'; an URL is expected"),
        (
            {"token": "t"},
            {"server": "https://10.0.0.1", "certificate-authority": "/no/such/file"},
            "",
            "cannot use the current context of ",
        ),
        ({"token": "t"}, {"proxy-url": "nonsense"}, "", "cannot use the current context of "),
    ],
)
def test_what_cannot_be_used_is_said(fake: FakeCluster, user: dict, cluster: dict, context: str, message: str) -> None:
    path = str(fake.kubeconfig(user, **cluster))
    with pytest.raises(ClusterError) as raised:
        ClusterClient(Access(context, path))
    assert message in str(raised.value)
    assert "help: " in raised.value.diagnostics()
    source = LiveCluster("c", Access(context, path), ("core/Namespace",))
    assert list(source.pages()) == list(source.places()) == []
    (entry,) = source.entries()
    assert (entry.input, entry.state, entry.incomplete) == ("cluster c", State.UNREACHABLE, True)
    assert message in entry.reason


@pytest.mark.parametrize("text", ["", "[]", "{", "kind: Config\n", "contexts: 3\n", "\t"])
def test_a_file_that_is_no_kubeconfig(fake: FakeCluster, tmp_path: Path, text: str) -> None:
    (tmp_path / "broken").write_text(text, "utf-8")
    with pytest.raises(ClusterError, match="cannot use the current context of "):
        ClusterClient(Access(kubeconfig=str(tmp_path / "broken")))


def test_no_kubeconfig_at_all(fake: FakeCluster) -> None:
    with pytest.raises(ClusterError, match=r"cannot find a kubeconfig: there is no .*/home/.kube/config"):
        ClusterClient(Access())
    with pytest.raises(ClusterError, match="cannot use the service account of this Pod: service host/port is not set"):
        ClusterClient(Access(in_cluster=True))


def test_what_a_plugin_says_is_passed_on(fake: FakeCluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_text("#!/bin/sh\necho 'run az login first' >&2\nexit 1\n")
    plugin.chmod(0o755)
    user = {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "interactiveMode": "Never"}
    }
    with pytest.raises(ClusterError, match=r"it gives no credentials \(exec: process returned 1"):
        ClusterClient(fake.access(**user))
    assert capfd.readouterr().out == ""


def test_the_message_holds_no_credentials(fake: FakeCluster) -> None:
    path = fake.kubeconfig({"token": "canary-1", "client-certificate-data": "canary-2", "client-key-data": "canary-2"})
    config = json.loads(path.read_text())
    config["clusters"][0]["cluster"]["certificate-authority-data"] = "canary-3"
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    path.write_text(json.dumps(config))
    with pytest.raises(ClusterError) as raised:
        ClusterClient(Access(kubeconfig=str(path)))
    assert "canary" not in raised.value.diagnostics()


def test_in_a_pod_its_service_account_is_used(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from kubernetes.config import incluster_config

    (tmp_path / "token").write_text("pod-token")
    (tmp_path / "ca.crt").write_text("ca")
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "ca.crt"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    client = ClusterClient(Access())
    assert client.host == "https://10.0.0.1:443"
    assert client._session.authorization() == "bearer pod-token"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"])
def test_a_proxy_in_the_environment_is_not_asked(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert version(fake, fake.access()) == "v1.35.4"


def test_the_proxy_of_the_kubeconfig_is_asked(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with proxy() as (url, asked):
        path = fake.kubeconfig({"token": "t"}, **{"proxy-url": url, "server": "http://api.example:80"})
        assert ClusterClient(Access(kubeconfig=str(path))).json("/version") == {"through": "the proxy"}
    assert asked == ["http://api.example:80/version"]


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"through": "the proxy"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
