"""What happened to a Resource, and when: one line of a timeline."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Moment(NamedTuple):
    """One thing that happened."""

    time: str
    """RFC 3339, UTC; sorts."""
    what: str
    """A few words for people, no values: "changed by alice@example.net with Azure Portal"."""


def in_time(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Return ``moments`` each once, the oldest first."""
    return tuple(sorted(set(moments)))


def joined(*timelines: Mapping[str, Iterable[Moment]]) -> dict[str, tuple[Moment, ...]]:
    """Return all ``timelines`` as one, each by the key of a Resource."""
    keys = dict.fromkeys(key for one in timelines for key in one)
    return {key: in_time(moment for one in timelines for moment in one.get(key, ())) for key in keys}
