"""The kinds that Rules look up, followed in a cluster: each on a thread of its own, which reduces what it hears.

The threads only put :class:`Heard` on a queue; the one thread that reviews takes them off and changes the Inventory, so
nothing is shared that could be half done.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.engine.projection import Projection
from scanner.errors import BulkheadError
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.kinds import Kind
from scanner.sources.cluster.listing import RefusedError
from scanner.sources.cluster.watch import Event, EventType, watch
from scanner.sources.kubernetes_objects import KubernetesObject, read_object

AGAIN_S = 30.0
"""After which a kind that the cluster does not serve, or whose credentials were refused, is tried again."""


class Heard(NamedTuple):
    """What a thread heard of one type."""

    type: str
    at: float
    """Seconds of :func:`time.monotonic`."""
    put: tuple[Resource, ...] = ()
    discard: tuple[str, ...] = ()
    """Keys."""
    replaces: bool = False
    """Whether ``put`` is all there is."""
    lost: str = ""
    """Why what is known may be out of date; empty: it is up to date as of now."""
    is_single: bool = False
    """Whether it is about one object that was asked for: it says nothing of the others."""
    is_refused: bool = False
    """Whether asking again will not help until somebody gives permission."""


class Follower:
    """Follows some types of one cluster."""

    def __init__(self, client: ClusterClient, cluster: str, projections: Mapping[str, Projection]) -> None:
        """Take the client, the name that keys have, and what is kept of each type."""
        self._client = client
        self.cluster = cluster
        self._projections = projections
        self._stop = threading.Event()
        self.heard: deque[Heard] = deque()

    def start(self) -> None:
        """Start a thread for each type."""
        for type_ in sorted(self._projections):
            threading.Thread(target=self._follow, args=(type_,), name=f"follow {type_}", daemon=True).start()

    def stop(self) -> None:
        """Tell the threads to end; they do at their next event."""
        self._stop.set()

    def resource(self, type_: str, value: Mapping[str, Any]) -> Resource | None:
        """Return an object, reduced to what is looked up of it; None for what is none."""
        found = read_object(dict(value))
        if not isinstance(found, KubernetesObject) or not isinstance(found.attributes, dict):
            return None
        key = f"{self.cluster or '-'}/{type_}/{found.namespace or '-'}/{found.name}"
        whole = Resource(key, type_, found.attributes, _ORIGIN, self.cluster, found.namespace, found.name)
        return self._projections[type_].apply(whole)

    def tell(self, heard: Heard) -> None:
        """Put on the queue what was heard elsewhere: an answer to a single question."""
        self.heard.append(heard)

    def _follow(self, type_: str) -> None:
        while not self._stop.is_set():
            try:
                kind = kind_of(self._client, type_)
                if kind is None:
                    self.tell(Heard(type_, time.monotonic(), replaces=True))  # not served: there are none
                else:
                    self._watch(kind)
            except ApiError as error:
                self.tell(Heard(type_, time.monotonic(), lost=error.reason, is_refused=error.status == 403))
            except (RefusedError, BulkheadError) as error:
                self.tell(Heard(type_, time.monotonic(), lost=str(error), is_refused=True))
            except Exception as error:  # a thread that ends silently would let the Inventory grow old unnoticed
                self.tell(Heard(type_, time.monotonic(), lost=f"internal error: {type(error).__name__}"))
            self._stop.wait(AGAIN_S)

    def _watch(self, kind: Kind) -> None:
        for event in watch(self._client, kind, stop=self._stop):
            self.tell(self._heard(kind.type, event))

    def _heard(self, type_: str, event: Event) -> Heard:
        now = time.monotonic()
        match event.type:
            case EventType.LOST:
                return Heard(type_, now, lost=event.reason, is_refused=event.reason.startswith("forbidden"))
            case EventType.REPLACED:
                return Heard(type_, now, tuple(self._resources(type_, event.objects)), replaces=True)
            case EventType.BOOKMARK:
                return Heard(type_, now)
        resources = tuple(self._resources(type_, (event.object,)))
        if event.type is EventType.DELETED:
            return Heard(type_, now, discard=tuple(resource.key for resource in resources))
        return Heard(type_, now, put=resources)

    def _resources(self, type_: str, objects: Collection[Mapping[str, Any]]) -> Iterator[Resource]:
        for value in objects:
            resource = self.resource(type_, value)
            if resource is not None:
                yield resource


_ORIGIN = Origin("cluster", "cluster")


def kind_of(client: ClusterClient, type_: str) -> Kind | None:
    """Return how the cluster serves a type, in the version it prefers; None where it does not. Raises ApiError."""
    group, _, kind = type_.rpartition("/")
    group = "" if group == "core" else group
    found = _answer(lambda: client.json(f"/apis/{group}")) if group else {"preferredVersion": {"version": "v1"}}
    if found is None:
        return None
    version = str((found.get("preferredVersion") or {}).get("version") or "")
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    listed = _answer(lambda: client.json(root)) or {}
    for resource in listed.get("resources") or ():
        verbs = resource.get("verbs") or ()
        if resource.get("kind") == kind and "/" not in resource.get("name", "/") and {"list", "watch"} <= set(verbs):
            return Kind(group, version, resource["name"], kind, bool(resource.get("namespaced")))
    return None


def _answer(ask: Callable[[], Any]) -> dict[str, Any] | None:
    try:
        found = ask()
    except ApiError as error:
        if error.status == 404:
            return None
        raise
    return found if isinstance(found, dict) else {}
