"""One page of an export: some stretches of a file, read when they are judged."""

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.model.ledger import ALL_AZURE, LedgerEntry, State, Unseen
from scanner.sources.azure.answers import Row, Tally, rooted, rows_of
from scanner.sources.azure.parsing import DECODER, parse, uncollected, whole
from scanner.sources.azure.resources import Settled
from scanner.sources.files import cause
from scanner.sources.interface import Page, PageContent
from scanner.views import azure_ids


class Part(NamedTuple):
    """A stretch of a file, in bytes."""

    start: int
    end: int
    listed: bool
    """Whether commas stand between its elements."""


class ExportPage(Page):
    """Some rows of an export."""

    def __init__(
        self,
        path: str,
        file: str,
        name: str,
        parts: tuple[Part, ...],
        left_out: tuple[str, ...],
        encoding: str,
        stamp: tuple[int, int],
        refused: tuple[str, ...] = (),
    ) -> None:
        """Take where the rows are; those with an id in ``left_out`` are in another page.

        Rows of the subscriptions in ``refused``, lower-cased and sorted, are in none. ``stamp`` is the size and the
        time of change that the file had when it was indexed.
        """
        self._path = path
        self._file = file
        self._name = name
        self._parts = parts
        self._left_out = tuple(sorted(left_out))  # not a set: a page has to pickle to the same bytes every time
        self._encoding = encoding
        self._stamp = stamp
        self._refused = refused

    @property
    def name(self) -> str:
        """The file and the rows: ``inventory.json[0:500]``."""
        return self._name

    @property
    def size_bytes(self) -> int:
        """Size of its stretches."""
        return sum(part.end - part.start for part in self._parts)

    def read(self) -> PageContent:
        """Read the rows and make Resources of them."""
        with uncollected():
            return self._read()

    def _read(self) -> PageContent:
        try:
            values = list(self._values())
        except OSError as error:
            return self._unread(State.UNREACHABLE, f"cannot read the file: {cause(error)}")
        except (ValueError, RecursionError):
            return self._unread(State.UNPARSED, "the file was changed while it was read")
        tally = Tally()
        counted = Tally()  # what answers say of themselves, the index has noted
        settled = Settled(self._rows(values, counted), tally, self._file, self._name)
        strays = tuple(dict.fromkeys(tally.shortfalls))
        state = State.PARTIAL if strays else State.SCANNED
        reason = "; ".join(strays)
        unseen = Unseen((ALL_AZURE,)) if strays else None
        count = len(settled.resources)
        entry = LedgerEntry(self._name, state, reason, resources=count, incomplete=bool(strays), unseen=unseen)
        return PageContent(tuple(settled.resources), (entry,))

    def _rows(self, values: list[Any], tally: Tally) -> Iterator[Row]:
        left_out, refused = frozenset(self._left_out), frozenset(self._refused)
        for index, value in enumerate(values):
            for row in rows_of(value, tally):
                id_ = rooted(row.value["id"]).lower() if left_out or refused else ""
                if id_ not in left_out and (not refused or azure_ids.subscription_guid(id_) not in refused):
                    yield row._replace(at=(index, *row.at))

    def _values(self) -> Iterator[Any]:
        """Yield the documents of the stretches, and each stretch of an array as one."""
        with open(self._path, "rb") as stream:
            status = os.fstat(stream.fileno())
            if (status.st_size, status.st_mtime_ns) != self._stamp:
                raise ValueError(self._path)
            for part in self._parts:
                stream.seek(part.start)
                data = stream.read(part.end - part.start)
                if self._encoding != "utf-8":
                    data = data.decode(self._encoding).encode()
                yield from [parse(b"[%b]" % data)] if part.listed else _each(data)

    def _unread(self, state: State, reason: str) -> PageContent:
        unseen = Unseen((ALL_AZURE,))
        return PageContent(entries=(LedgerEntry(self._name, state, reason, incomplete=True, unseen=unseen),))


def _each(data: bytes) -> Iterator[Any]:
    """Yield the values of a text in which they follow each other, mostly one a line."""
    lines = data.splitlines()
    try:
        yield from [parse(line) for line in lines if line]
    except ValueError:
        yield from _written_anyhow(data.decode())


def _written_anyhow(text: str) -> Iterator[Any]:
    rest = text.lstrip()
    while rest:
        value, end = DECODER.raw_decode(rest)
        yield whole(value, rest[:end])
        rest = rest[end:].lstrip()
