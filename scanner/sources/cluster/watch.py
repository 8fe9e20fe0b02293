"""Follows one kind: what is there, then every change, for as long as the caller wants."""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.sources.cluster.answers import ApiError
from scanner.sources.cluster.client import JSON, METADATA, ClusterClient, Pacing
from scanner.sources.cluster.kinds import SECRET, Kind
from scanner.sources.cluster.listing import ListPage, RefusedError, list_pages
from scanner.sources.cluster.packages import require

_WATCH_S = 240
"""How long the server is asked to keep one watch open; up to a quarter more, so that not all end at once."""
_SILENCE_S = 100.0
"""Bookmarks come about once a minute (apiserver ``cacher``, ``defaultBookmarkFrequency``): more silence is a dead
connection."""
_SHORT_S = 1.0
"""A watch that the server ends sooner is not opened again at once."""
_GONE = 410


class EventType(StrEnum):
    """What an Event tells."""

    REPLACED = "REPLACED"
    """``objects`` is everything there is; forget all that was known."""
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    BOOKMARK = "BOOKMARK"
    """Nothing changed: what is known is as new as ``resource_version``."""
    LOST = "LOST"
    """What is known may be out of date from now on, for ``reason``; any other event ends that."""


class Event(NamedTuple):
    """One step of a watch."""

    type: EventType
    resource_version: str
    """From where to go on after this event."""
    object: Mapping[str, Any] = {}
    """The object as it is now (of DELETED: as it was last); empty for all others."""
    objects: tuple[Mapping[str, Any], ...] = ()
    """Of REPLACED only."""
    reason: str = ""
    """Of LOST only."""


def watch(
    client: ClusterClient,
    kind: Kind,
    resource_version: str = "",
    *,
    stop: threading.Event | None = None,
    pacing: Pacing | None = None,
) -> Iterator[Event]:
    """Yield what happens to a kind in the whole cluster, from ``resource_version`` on, or beginning with all of it.

    It goes on after whatever breaks off, with LOST in between, and lists anew where the server has forgotten the
    version (410). It ends when ``stop`` is set, at the next event or within a minute or two. Raises RefusedError where
    the credentials are not accepted any more, even renewed ones.
    """
    stop = stop or threading.Event()
    pacing = pacing or Pacing(sleep=lambda seconds: _ignore(stop.wait(seconds)))
    version, failures = resource_version, 0
    while not stop.is_set():
        try:
            if not version:
                event = _everything(client, kind)
                version, failures = event.resource_version, 0
                yield event
            opened = time.monotonic()
            for event in _changes(client, kind, version):
                version, failures = event.resource_version, 0
                yield event
                if stop.is_set():
                    return
            if time.monotonic() - opened < _SHORT_S:
                pacing.wait(1, _SHORT_S)
        except ApiError as error:
            if error.status == 401:
                raise RefusedError(error.reason) from error
            if error.status == _GONE:
                version = ""
            failures += 1
            yield Event(EventType.LOST, version, reason=error.reason)
            if error.status != _GONE or failures > 1:
                pacing.wait(min(failures, 7), error.retry_after_s)


def _ignore(_: bool) -> None:
    """Take what a wait returns, which nobody needs."""


def _everything(client: ClusterClient, kind: Kind) -> Event:
    orjson = require("orjson")
    objects: list[Mapping[str, Any]] = []
    version = ""
    for page in list_pages(client, kind):
        if isinstance(page, ListPage):
            listed = orjson.loads(page.data)
            common = {"apiVersion": listed.get("apiVersion"), "kind": kind.kind}
            objects += [{**common, **item} for item in listed.get("items") or ()]
            version = page.resource_version
        elif page.incomplete:
            raise ApiError(page.status, page.reason)
    return Event(EventType.REPLACED, version, objects=tuple(objects))


def _changes(client: ClusterClient, kind: Kind, version: str) -> Iterator[Event]:
    orjson = require("orjson")
    query: dict[str, str | int] = {
        "watch": "true",
        "allowWatchBookmarks": "true",
        "resourceVersion": version,
        "timeoutSeconds": int(_WATCH_S * (1 + random.random() / 4)),  # noqa: S311 - no secret
    }
    accept = METADATA if kind.type == SECRET else JSON
    with client.stream(kind.path(), query, accept, _SILENCE_S) as lines:
        for line in lines:
            try:
                told = orjson.loads(line)
                yield _event(told["type"], told["object"])
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
                raise ApiError(0, "an event of the watch cannot be read") from error


def _event(type_: str, told: Mapping[str, Any]) -> Event:
    if type_ == "ERROR":
        message = str(told.get("message") or "the watch ended with an error")[:300]
        raise ApiError(int(told.get("code") or 0), message)
    version = str(told["metadata"]["resourceVersion"])
    event = EventType(type_)
    return Event(event, version) if event is EventType.BOOKMARK else Event(event, version, told)
