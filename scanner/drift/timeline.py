"""What is known to have happened to a Resource that drifted: writes that logs record, and who owns which of its fields.

Values are in neither: a moment says who did what with what, and to which attributes.
"""

from collections.abc import Iterable, Iterator, Sequence

from scanner.drift.cause import writes
from scanner.drift.events import Event, Events
from scanner.drift.matching import identity
from scanner.drift.model import Drift, DriftClass
from scanner.model.moment import Moment, in_time
from scanner.model.types import is_azure

_NONE = (DriftClass.EXPECTED, DriftClass.UNREADABLE)
"""What is no drift, or cannot be told to be any."""
_SHOWN = 3
"""Attributes of one write that are named."""


def timelines(drifts: Iterable[Drift], events: Events) -> dict[str, tuple[Moment, ...]]:
    """Return key of the Resource → what is known to have happened to it, the oldest first, for what drifted."""
    found: dict[str, tuple[Moment, ...]] = {}
    for drift in drifts:
        if drift.class_ in _NONE:
            continue
        moments = in_time((*_of_log(events.about(drift)), *_of_object(drift)))
        if moments:
            found[drift.resource.key] = in_time((*found.get(drift.resource.key, ()), *moments))
    return found


def drifted(drifts: Iterable[Drift]) -> tuple[str, ...]:
    """Return the identities, in lower case, of what has drifted, each once."""
    found = (identity(one.live or one.resource).lower() for one in drifts if one.class_ not in _NONE)
    return tuple(dict.fromkeys(found))


def concerned(drifts: Iterable[Drift], declared: Iterable[str]) -> frozenset[str]:
    """Return what events may be about that have to be remembered: identities in lower case.

    ``declared`` are the identities of all that is declared.
    """
    names = {name.lower() for name in declared if name}
    names.update(identity(drift.live or drift.resource).lower() for drift in drifts)
    return frozenset(names | {f"*/{name.partition('/')[2]}" for name in names if not name.startswith("/")})


def _of_log(events: Sequence[Event]) -> Iterator[Moment]:
    for event in events:
        who = event.by or "somebody whom the record does not name"
        through = f" with {event.client}" if event.client else ""
        yield Moment(event.time, f"{event.verb} by {who}{through}{_attributes(event)}")


def _attributes(event: Event) -> str:
    """Return which attributes a record holds; a part that a longer path goes on from is not named."""
    paths = sorted(event.values or ())
    named = [
        ".".join(path)
        for path, following in zip(paths, (*paths[1:], ()), strict=False)
        if path and following[: len(path)] != path
    ]
    if not named:
        return f" ({event.operation})" if event.operation else ""
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return f": {', '.join(named[:_SHOWN])}{more}"


def _of_object(drift: Drift) -> Iterator[Moment]:
    if drift.live is None or is_azure(drift.live.type):
        return
    for manager, operation, subresource, time in writes(drift.live.attributes):
        through = f" ({subresource})" if subresource else ""
        yield Moment(time, f"last write by {manager}{through}, {operation or 'Update'}")
