"""The cluster's other objects as they are now: an Inventory that follows the cluster, and how old it is.

Its age is bounded. A type is up to date as of the last thing that was heard of it: an event, a bookmark (about one a
minute), a list. Beyond the bound it is missing until a lookup has gone to the API server; where that fails, the Rules
that need it cannot be evaluated and their failure policy decides.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from scanner.inventory import NAMESPACE
from scanner.points.admission.context import Moment
from scanner.points.admission.following import Follower, Heard, kind_of
from scanner.points.admission.live import LiveInventory
from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.kinds import NAMESPACES
from scanner.sources.cluster.watch import EventType, watch

if TYPE_CHECKING:
    from scanner.estate import Estate

READ, FAILED = "read", "failed"
_ABSENT_S = 2.0
"""For which a Namespace that the API server does not have is taken not to be there."""
_LOOKUPS = 8
_MOST_NAMES = 1000
_Value = TypeVar("_Value")


class ClusterContext:
    """Answers lookups from a cluster that is followed. ``moment`` and ``wanted`` serve one thread."""

    def __init__(
        self, client: ClusterClient, follower: Follower, types: Iterable[str], estate: "Estate | None", bound_s: float
    ) -> None:
        self._client = client
        self._follower = follower
        self._inventory = LiveInventory(estate=estate)
        self._resolves = estate is not None
        self._bound_s = bound_s
        self._heard_at: dict[str, float] = {}
        """Type → when it was last known to be up to date; types that were never read are not in it."""
        self._trouble = dict.fromkeys(types, "it has not been read yet")
        self._refused: set[str] = set()
        self._types = frozenset(self._trouble)
        self._absent: dict[str, float] = {}
        self._namespace_trouble: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="lookup")
        self._under_way: dict[str, Future[None]] = {}
        self._asking = Lock()

    def start(self) -> None:
        """Begin to follow the cluster."""
        self._follower.start()

    def stop(self) -> None:
        """Stop following it."""
        self._follower.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def moment(self, namespace: str) -> Moment:
        """Return what is known now, and which types are too old or were never read."""
        self._catch_up()
        missing = self._missing(time.monotonic())
        if NAMESPACE not in missing and not self._is_known(namespace):
            reason = self._namespace_trouble.get(namespace, "it is not known, and was not asked for in time")
            missing[NAMESPACE] = f"namespace '{namespace}': {reason}"
        return Moment(self._inventory, missing)

    def wanted(self, types: Collection[str], namespace: str) -> tuple[str, ...]:
        """Return what has to be read live: types beyond the bound, and the Namespace where it is not known."""
        self._catch_up()
        missing = self._missing(time.monotonic())
        wanted = [type_ for type_ in types if type_ in missing and type_ not in self._refused]
        if NAMESPACE in types and NAMESPACE not in wanted and not self._is_known(namespace):
            wanted.append(NAMESPACE)
        return tuple(wanted)

    def fetch(self, wanted: Collection[str], namespace: str, budget_s: float) -> str:
        """Read ``wanted`` live; several reviews that want the same wait for one answer."""
        tasks = []
        if namespace and NAMESPACE in wanted:
            tasks.append(self._once(f"Namespace {namespace}", partial(self._read_namespace, namespace)))
        types = [type_ for type_ in wanted if type_ != NAMESPACE or not namespace or self._is_old(NAMESPACE)]
        tasks += [self._once(type_, partial(self._read_all, type_)) for type_ in types]
        done, waiting = wait(tasks, timeout=max(budget_s, 0.0))
        return FAILED if waiting or any(task.exception() for task in done) else READ

    def why_not_ready(self) -> str:
        """Return which types were not read yet; those that may not be read are errors of their Rules, and no reason."""
        self._catch_up()
        unread = sorted(self._types - self._heard_at.keys() - self._refused)
        return f"not read yet: {', '.join(unread)}" if unread else ""

    def ages_s(self) -> Mapping[str, float]:
        """Return the seconds since each type was known to be up to date."""
        self._catch_up()
        now = time.monotonic()
        return {type_: now - at for type_, at in self._heard_at.items()}

    def _catch_up(self) -> None:
        heard = self._follower.heard
        while heard:
            self._take(heard.popleft())

    def _take(self, heard: Heard) -> None:
        if heard.lost:
            self._trouble[heard.type] = heard.lost
            if heard.is_refused:
                self._refused.add(heard.type)
            return
        if heard.replaces:
            there = {resource.key for resource in heard.put}
            for key in self._inventory.keys_of_type(heard.type):
                if key not in there:
                    self._inventory.discard(key)
        for key in heard.discard:
            self._inventory.discard(key)
        for resource in heard.put:
            self._inventory.put(resource)
        if heard.replaces or (heard.type in self._heard_at and not heard.is_single):
            self._heard_at[heard.type] = heard.at
            self._refused.discard(heard.type)
            self._trouble.pop(heard.type, None)

    def _missing(self, now: float) -> dict[str, str]:
        missing: dict[str, str] = {}
        for type_ in self._types:
            at = self._heard_at.get(type_)
            if at is None:
                missing[type_] = self._trouble.get(type_, "it has not been read yet")
            elif now - at > self._bound_s:
                why = self._trouble.get(type_, "nothing was heard since")
                missing[type_] = f"what is known of it is {now - at:.0f} s old: {why}"
        return missing

    def _is_old(self, type_: str) -> bool:
        at = self._heard_at.get(type_)
        return at is None or time.monotonic() - at > self._bound_s

    def _is_known(self, namespace: str) -> bool:
        if not namespace or not self._resolves or self._inventory.namespace(self._follower.cluster, namespace):
            return True
        return time.monotonic() < self._absent.get(namespace, 0.0)

    def _once(self, name: str, read: Callable[[], None]) -> Future[None]:
        with self._asking:
            found = self._under_way.get(name)
            if found is None or found.done():
                found = _bounded(self._under_way)[name] = self._pool.submit(read)
            return found

    def _read_namespace(self, name: str) -> None:
        try:
            value = self._client.json(f"{NAMESPACES.path()}/{name}")
        except ApiError as error:
            if error.status != 404:
                _bounded(self._namespace_trouble)[name] = error.reason
                raise
            _bounded(self._absent)[name] = time.monotonic() + _ABSENT_S
            return
        self._namespace_trouble.pop(name, None)
        resource = self._follower.resource(NAMESPACE, {**value, "apiVersion": "v1", "kind": "Namespace"})
        if resource is not None:
            self._follower.tell(Heard(NAMESPACE, time.monotonic(), (resource,), is_single=True))

    def _read_all(self, type_: str) -> None:
        kind = kind_of(self._client, type_)
        if kind is None:
            self._follower.tell(Heard(type_, time.monotonic(), replaces=True))
            return
        event = next(watch(self._client, kind))
        if event.type is not EventType.REPLACED:
            raise ApiError(0, event.reason)
        put = (self._follower.resource(type_, value) for value in event.objects)
        found = tuple(resource for resource in put if resource is not None)
        self._follower.tell(Heard(type_, time.monotonic(), found, replaces=True))


def _bounded(names: dict[str, _Value]) -> dict[str, _Value]:
    """Return ``names``, emptied where there are too many: whoever sends requests chooses them."""
    if len(names) >= _MOST_NAMES:
        names.clear()
    return names
