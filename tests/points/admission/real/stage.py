"""Puts the objects of a case into a real API server past the webhook, takes them away again, says what is there."""

import copy
import http.client
import json
import ssl
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.model.types import CLUSTER_SCOPED
from scanner.points.admission.registration import plural
from tests.points.admission.real.cases import type_of
from tests.points.admission.real.conftest import CLUSTER_WIDE
from tests.tools.kube import Kube

MERGE, STRATEGIC = "application/merge-patch+json", "application/strategic-merge-patch+json"


class Said(NamedTuple):
    """What the API server said to a request."""

    code: int
    value: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """Of a Status: why not."""
        return str(self.value.get("message", ""))


class Client:
    """One connection of one user."""

    def __init__(self, kube: Kube, user: str) -> None:
        context = ssl.create_default_context(cafile=kube.authority)
        self._connection = http.client.HTTPSConnection(
            kube.server.removeprefix("https://"), context=context, timeout=60
        )
        self._user = user

    def send(self, method: str, path: str, value: Any = None, kind: str = "application/json") -> Said:
        """Send a request."""
        headers = {"Authorization": f"Bearer token-of-{self._user}", "Content-Type": kind}
        self._connection.request(method, path, None if value is None else json.dumps(value), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        told = tuple(answer.headers.get_all("Warning") or ())
        return Said(answer.status, json.loads(content) if content[:1] == b"{" else {}, told)

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class Stored(NamedTuple):
    """An object of a case as the API server keeps it."""

    sent: dict[str, Any]
    kept: dict[str, Any]

    @property
    def path(self) -> str:
        """Of the object."""
        return f"{collection(self.kept)}/{self.kept['metadata']['name']}"


class Stage:
    """What one case has put there."""

    def __init__(self, builder: Client) -> None:
        self._builder = builder
        self._before: dict[str, dict[str, Any] | None] = {}
        """Path → what was there before; None for nothing. In the order of making."""

    def put(self, value: dict[str, Any]) -> Stored | Said:
        """Store an object, and its namespace if there is none; returns the refusal where it is none to be stored."""
        home = value["metadata"].get("namespace")
        if home is not None:
            if not isinstance(home, str):
                return Said(422, {"message": f"namespace {home!r} is no name"}, ())
            self._make({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": home}}, anew=False)
        sent = copy.deepcopy(value)
        if value["kind"] == "Pod":  # nothing can be created with them; they come by a request of their own
            sent["spec"].pop("ephemeralContainers", None)
        said = self._make(sent, anew=True)
        return Stored(sent, said.value) if said.code in (200, 201) else said

    def clear(self) -> None:
        """Take away what was put there, and put back what was there before."""
        for path, before in reversed(self._before.items()):
            if before is not None:
                before["metadata"].pop("resourceVersion", None)
                self._builder.send("PUT", path, before)
                continue
            self._builder.send("DELETE", f"{path}?gracePeriodSeconds=0&propagationPolicy=Background")
            if "/namespaces/" in path and path.count("/") == 4:  # no controller ends a namespace here
                left = self._builder.send("GET", path).value
                left.setdefault("spec", {})["finalizers"] = []
                self._builder.send("PUT", f"{path}/finalize", left)
        self._before.clear()

    def _make(self, value: dict[str, Any], *, anew: bool) -> Said:
        said = self._builder.send("POST", collection(value), value)
        path = f"{collection(value)}/{value['metadata'].get('name') or said.value.get('metadata', {}).get('name')}"
        if said.code == 201:
            self._before[path] = None
        elif said.code == 409 and anew:
            before = self._builder.send("GET", path).value
            self._before.setdefault(path, before)
            version = {"resourceVersion": before["metadata"]["resourceVersion"]}
            said = self._builder.send("PUT", path, {**value, "metadata": {**value["metadata"], **version}})
        return said


def collection(value: dict[str, Any]) -> str:
    """Return the path that objects like this are created at."""
    group, _, version = value["apiVersion"].rpartition("/")
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    home = value["metadata"].get("namespace")
    if type_of(value) in CLUSTER_SCOPED or value["kind"] in CLUSTER_WIDE:
        return f"{root}/{plural(value['kind'])}"
    return f"{root}/namespaces/{home}/{plural(value['kind'])}"


def listed(builder: Client, api_version: str, kind: str) -> Iterator[dict[str, Any]]:
    """Yield all objects of a kind, as an API server lists them to whoever asks."""
    group, _, version = api_version.rpartition("/")
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    for one in builder.send("GET", f"{root}/{plural(kind)}").value.get("items", ()):
        yield {**one, "apiVersion": api_version, "kind": kind}
