"""Who did it, from what control planes write down of themselves: change analysis, activity log, API audit log.

What such a record says of a difference is more or less sure, and that is said with it. *certain*: the record holds the
attribute with its live value, or the deletion of what is missing. *likely*: it holds the attribute. *possible*: it is
the last known write to the resource, whatever it wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.drift.cause import Cause
from scanner.drift.compare import agree
from scanner.drift.matching import identity
from scanner.drift.model import ABSENT, Change, Drift, DriftClass
from scanner.model.types import is_azure


class Verb(StrEnum):
    """What was done to the resource."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


class Sureness(StrEnum):
    """How sure it is that a record is the cause."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible: the last write that is known"


@dataclass(frozen=True, slots=True)
class Event:
    """One record of a write."""

    target: str
    """Lower-cased resource id; of an object ``cluster/group/kind/namespace/name``, the cluster ``*`` where unknown."""
    verb: Verb
    time: str
    """RFC 3339."""
    by: str = ""
    """Principal: a user name, an object id; empty where the record does not name one."""
    client: str = ""
    operation: str = ""
    correlation: str = ""
    """Id that one request has in all logs."""
    values: Mapping[tuple[str, ...], Any] | None = None
    """Attribute in lower case, without indexes → what was written there, None where that is not known; None where the
    record does not name attributes."""
    manager: str = ""
    """Name of the client in ``managedFields``; empty where that is not known."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the record apart: the same wherever it is read from, and whoever it turns out to have been."""
        return (self.target, self.verb.value, self.time, self.operation, self.correlation, self.manager)


class Attribution(NamedTuple):
    """Who did it."""

    event: Event
    sureness: Sureness

    def __str__(self) -> str:
        event = self.event
        who = event.by or "somebody whom the record does not name"
        through = f" with {event.client}" if event.client else ""
        facts = [event.operation, f"correlation {event.correlation}" if event.correlation else "", str(self.sureness)]
        return f"{event.verb} by {who}{through} at {event.time} ({', '.join(fact for fact in facts if fact)})"


class Events:
    """Records of writes, by what they are of."""

    def __init__(self, events: Iterable[Event]) -> None:
        """Take the records in any order; what two logs say of one request is put together."""
        self._of: defaultdict[str, list[Event]] = defaultdict(list)
        for event in _joined(events):
            self._of[event.target].append(event)
        for found in self._of.values():
            found.sort(key=lambda one: one.time)

    def __iter__(self) -> Iterator[Event]:
        """Yield all records, put together."""
        for found in self._of.values():
            yield from found

    def attribute(self, drift: Drift) -> Drift:
        """Return ``drift`` with who did it, as far as the records tell."""
        events = self.about(drift)
        if not events:
            return drift
        if drift.class_ is DriftClass.MISSING:
            return replace(drift, cause=_last(events, Verb.DELETED))
        if drift.declared is None:
            return replace(drift, cause=_last(events, Verb.CREATED))
        changes = tuple(replace(change, cause=_cause(drift, change, events)) for change in drift.changes)
        return replace(drift, changes=changes)

    def about(self, drift: Drift) -> list[Event]:
        """Return the records of writes to what drifted."""
        resource = drift.live or drift.resource
        key = identity(resource)
        if is_azure(resource.type):
            return self._of.get(key, [])
        anywhere = f"*/{key.partition('/')[2]}"
        return [*self._of.get(anywhere.lower(), ()), *self._of.get(key.lower(), ())]


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the records; one that does not name who did it takes the name from another of the same request."""
    given = list(events)
    named = {(one.target, one.correlation): one for one in given if one.correlation and one.by}
    by_request = {one.correlation: one for one in given if one.correlation and one.by}
    for event in given:
        other = named.get((event.target, event.correlation)) or by_request.get(event.correlation)
        if event.by or other is None:
            yield event
        else:
            yield replace(event, by=other.by, client=event.client or other.client)


def _last(events: list[Event], verb: Verb) -> Attribution | None:
    found = next((one for one in reversed(events) if one.verb is verb), None)
    return Attribution(found, Sureness.CERTAIN) if found is not None else None


def _cause(drift: Drift, change: Change, events: list[Event]) -> Any:
    """Return the best that is known: a record of the value, of the attribute, the object's own word, any record."""
    wanted = tuple(step.lower() for step in change.path if isinstance(step, str))
    latest = None
    for event in reversed(events):
        there = _value(event, wanted)
        if there is ABSENT:
            continue
        if (
            there is not None
            and change.live is not ABSENT
            and agree(drift.resource.type, there, change.live, change.path)
        ):
            return Attribution(event, Sureness.CERTAIN)
        latest = latest or Attribution(event, Sureness.LIKELY)
    if latest is not None:
        return latest
    if isinstance(change.cause, Cause):
        mine = [one for one in events if one.manager == change.cause.manager and _near(one.time, change.cause)]
        return Attribution(mine[-1], Sureness.LIKELY) if mine else change.cause
    written = [one for one in events if one.verb is not Verb.DELETED and one.values is None]
    return Attribution(written[-1], Sureness.POSSIBLE) if written else None


def _value(event: Event, wanted: tuple[str, ...]) -> Any:
    """Return what a record holds of an attribute: of a part of it too; ABSENT where it holds nothing."""
    if event.values is None:
        return ABSENT
    if wanted in event.values:
        return event.values[wanted]
    spelled = ".".join(wanted)  # keys of free mappings may hold dots, which a record does not quote
    for path, value in event.values.items():
        if ".".join(path) == spelled:
            return value
    for path, value in event.values.items():
        if path[: len(wanted)] == wanted or (path and wanted[: len(path)] == path):
            return value
    return ABSENT


def _near(time: str, cause: Cause) -> bool:
    """Whether a record is of the second that the object names; it keeps no smaller part."""
    return bool(cause.not_after) and time[:19] == cause.not_after[:19]
