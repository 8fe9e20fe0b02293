"""An API server of a few lines, for the answers that a real one gives only on bad days."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from scanner.sources.cluster.access import Access
from scanner.sources.cluster.client import Pacing
from scanner.sources.cluster.kinds import NAMESPACES, Kind

DEPLOYMENTS = Kind("apps", "v1", "deployments", "Deployment")
ROUTES = Kind("traefik.io", "v1alpha1", "ingressroutes", "IngressRoute")


class Answer(NamedTuple):
    """What to send back."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    length: int = -1
    """To claim in Content-Length; the connection is cut where it is more than there is."""
    events: tuple[Any, ...] | None = None
    """Of a watch: sent one by one; bytes as they are, all else as JSON in a line of its own."""
    is_cut: bool = False
    """Whether a watch ends without saying so."""


class Asked(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


def told(value: Any, status: int = 200, **headers: str) -> Answer:
    """The answer that holds a value as JSON."""
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Answer(status, json.dumps(value, separators=(",", ":")).encode(), pairs)


def refused(status: int, message: str = "no", token: str = "", **headers: str) -> Answer:
    """The answer with the Status object that the API has for a refusal."""
    metadata = {"continue": token} if token else {}
    body = {"kind": "Status", "apiVersion": "v1", "metadata": metadata, "message": message, "code": status}
    return told(body, status, **headers)


def items(kind: Kind, *names: str, namespace: str = "shop", token: str = "") -> Answer:
    """A page of a list, written as the API writes built-in kinds, or custom ones."""
    metadata = {"resourceVersion": "7", **({"continue": token} if token else {})}
    found = [{"metadata": {"name": name, **({"namespace": namespace} if kind.namespaced else {})}} for name in names]
    version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    if "." in kind.group:
        found = [{"apiVersion": version, "kind": kind.kind, **one} for one in found]
        return told({"apiVersion": version, "items": found, "kind": f"{kind.kind}List", "metadata": metadata})
    return told({"kind": f"{kind.kind}List", "apiVersion": version, "metadata": metadata, "items": found})


class FakeCluster:
    """Answers by path; a list of answers is used up one by one, its last one stays."""

    def __init__(self, folder: Path, kinds: Sequence[Kind] = (NAMESPACES, DEPLOYMENTS, ROUTES)) -> None:
        self.folder = folder
        self.asked: list[Asked] = []
        self.waited: list[float] = []
        self.answers: dict[str, Any] = {"/version": Answer(), "/api": [], "/apis": []}
        self.discovers(kinds)
        for kind in kinds:
            self.answers[kind.path()] = items(kind)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients break off on purpose
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def discovers(self, kinds: Sequence[Kind], stale: Sequence[tuple[str, str]] = ()) -> None:
        """Set what aggregated discovery tells."""
        for path, core in (("/api", True), ("/apis", False)):
            groups: dict[str, list[dict[str, Any]]] = {}
            for kind in kinds:
                if (not kind.group) is core:
                    scope = "Namespaced" if kind.namespaced else "Cluster"
                    resource = {
                        "resource": kind.plural,
                        "responseKind": {"kind": kind.kind},
                        "scope": scope,
                        "verbs": ["list"],
                    }
                    groups.setdefault(kind.group, []).append({"version": kind.version, "resources": [resource]})
            for group, version in stale:
                if not core:
                    groups.setdefault(group, []).append({"version": version, "freshness": "Stale"})
            found = [{"metadata": {"name": name}, "versions": versions} for name, versions in groups.items()]
            self.answers[path] = told({"kind": "APIGroupDiscoveryList", "items": found})

    def access(self, **user: Any) -> Access:
        """A kubeconfig that leads here, with what its user has for credentials."""
        return Access(kubeconfig=str(self.kubeconfig(user or {"token": "t1"})))

    def kubeconfig(self, user: dict[str, Any], **cluster: Any) -> Path:
        """Write one."""
        path = self.folder / "kubeconfig"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": self.url, **cluster}}],
            "users": [{"name": "me", "user": user}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "me"}}],
        }
        path.write_text(json.dumps(config), "utf-8")
        return path

    @property
    def pacing(self) -> Pacing:
        """Waits for nothing, but notes for how long it would have."""
        return Pacing(sleep=self.waited.append, jitter=lambda: 0.0)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [one.path for one in self.asked]

    def answer(self, asked: Asked) -> Answer:
        """What to say to a request."""
        self.asked.append(asked)
        found = self.answers.get(asked.path, refused(404, "the server could not find the requested resource"))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Callable):
            found = found(asked)
        assert isinstance(found, Answer)
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeCluster

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        size = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(size)
        answer = self.fake.answer(Asked(self.command, split.path, query, dict(self.headers.items())))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.events is not None:
            self._send_events(answer)
            return
        self.send_header("Content-Length", str(answer.length if answer.length >= 0 else len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.length > len(answer.body):
            self.close_connection = True

    def _send_events(self, answer: Answer) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in answer.events or ():
            data = event if isinstance(event, bytes) else json.dumps(event).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if answer.is_cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    do_POST = do_PATCH = do_GET  # noqa: N815 - the names that the standard library calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def fake_cluster(folder: Path) -> Iterator[FakeCluster]:
    """Run one."""
    fake = FakeCluster(folder)
    thread = threading.Thread(target=fake.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.server.shutdown()
        fake.server.server_close()
        thread.join()
