"""What a store remembers of drift: who changed what, longer than Azure keeps it, and what earlier audits have seen."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from scanner.drift.events import Event
from scanner.model.moment import Moment

if TYPE_CHECKING:
    from scanner.audit.store import Store


class Memory(Protocol):
    """What is remembered of drift, and remembers it."""

    @property
    def events(self) -> Callable[[Collection[str]], Iterable[Event]] | None:
        """Gives the writes to some targets that are remembered, without values; None where nothing is remembered."""

    def past(self, resources: Iterable[str]) -> Mapping[str, tuple[Moment, ...]]:
        """Return key → what audits have seen of the drift of ``resources``."""

    def keep(self, events: Iterable[Event], now: datetime) -> None:
        """Remember writes, without values."""


class _Nothing:
    """Remembers nothing."""

    events = None

    def past(self, resources: Iterable[str]) -> Mapping[str, tuple[Moment, ...]]:
        return {}

    def keep(self, events: Iterable[Event], now: datetime) -> None:
        return None


class _Stored:
    """Remembers in a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @property
    def events(self) -> Callable[[Collection[str]], Iterable[Event]]:
        return self._store.writes

    def past(self, resources: Iterable[str]) -> Mapping[str, tuple[Moment, ...]]:
        return self._store.past(frozenset(resources))

    def keep(self, events: Iterable[Event], now: datetime) -> None:
        self._store.keep_writes(tuple(events), now)


@contextmanager
def memory_of(url: str) -> Iterator[Memory]:
    """Give what the store at ``url`` remembers; nothing where it is empty. Raises StoreError."""
    if not url:
        yield _Nothing()
        return
    from scanner.audit.store import open_store

    store = open_store(url)
    try:
        yield _Stored(store)
    finally:
        store.close()
