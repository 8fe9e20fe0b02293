"""One export of Azure in a file, read as a whole: for a scan of files, where places matter more than memory."""

import re
from bisect import bisect_right
from typing import Any, NamedTuple

from scanner.documents import DEFAULT_LIMITS, Problem
from scanner.documents.document import Document
from scanner.documents.encoding import decode
from scanner.documents.json_stream import read_json_text
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Origin, Placed, Region
from scanner.model.path import Path
from scanner.sources.azure.answers import Tally, is_export, rows_of
from scanner.sources.azure.parsing import DECODER, whole
from scanner.sources.azure.resources import Settled
from scanner.sources.interface import Locator, PageContent

MAX_BYTES = 256 << 20
"""Largest export that is read as a whole; an audit reads any size."""

_BLANK = re.compile(r"\s*")
_UNREAD = "the text after the last whole document cannot be read"


class _Part(NamedTuple):
    """One document of a text that may hold several."""

    value: Any
    start: int
    """Offset of its first character."""
    end: int


def read_export(data: bytes, name: str) -> tuple[PageContent, Locator] | None:
    """Return what an export holds and what finds places in it; None for what is none.

    A file may hold several documents one after the other: JSON Lines, or answers that were appended.
    """
    text = decode(data)
    if isinstance(text, Problem):
        return None
    parts, whole = _parts(text)
    if not is_export([part.value for part in parts]):
        return None
    tally = Tally()
    rows = [row._replace(at=(index, *row.at)) for index, part in enumerate(parts) for row in rows_of(part.value, tally)]
    if not whole:
        tally.stray(_UNREAD)
    settled = Settled(rows, tally, name)
    content = PageContent(tuple(settled.resources), (entry_of(name, len(settled.resources), tally.close()),))
    return content, _Places(text, parts, settled).locate


def entry_of(name: str, resources: int, shortfalls: tuple[str, ...]) -> LedgerEntry:
    """Return the entry of an export; one that says itself that it is not complete makes the run incomplete."""
    if not shortfalls:
        return LedgerEntry(name, State.SCANNED, resources=resources)
    reason = shortfalls[0] if len(shortfalls) == 1 else f"{shortfalls[0]}; and {len(shortfalls) - 1} more"
    return LedgerEntry(name, State.PARTIAL, reason, resources=resources, incomplete=True)


def _parts(text: str) -> tuple[list[_Part], bool]:
    """Return the documents of a text, and whether that is all of it."""
    parts: list[_Part] = []
    start = _after_blanks(text, 0)
    while start < len(text):
        try:
            value, end = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return parts, False
        parts.append(_Part(whole(value, text[start:end]), start, end))
        start = _after_blanks(text, end)
    return parts, True


def _after_blanks(text: str, start: int) -> int:
    match = _BLANK.match(text, start)
    return match.end() if match else start


class _Places:
    """Finds the places of attributes; the positions of a document are read when one of its places is asked for."""

    def __init__(self, text: str, parts: list[_Part], settled: Settled) -> None:
        self._text = text
        self._spans = [(part.start, part.end) for part in parts]
        self._settled = settled
        self._documents: dict[int, Document | None] = {}
        self._lines: list[int] | None = None
        """Where each line starts."""

    def locate(self, origin: Origin, path: Path) -> Placed | None:
        """Return the place of an attribute, which no report shows; a :data:`scanner.sources.interface.Locator`."""
        found = self._settled.source_path(origin, path)
        if not found:
            return None
        index, *inner = found
        document = self._document(int(index))
        region = self._in_file(int(index), document.region(tuple(inner))) if document is not None else None
        return Placed(Location(origin.file, path, region, secret=True))

    def _document(self, index: int) -> Document | None:
        if index not in self._documents:
            start, end = self._spans[index]
            limits = DEFAULT_LIMITS._replace(max_bytes=MAX_BYTES, max_nodes=MAX_BYTES)
            documents = read_json_text(self._text[start:end], limits).documents
            self._documents[index] = documents[0] if documents else None
        return self._documents[index]

    def _in_file(self, index: int, region: Region) -> Region:
        """Return where a region of a document is in the file: it is read alone, since an export may have a million."""
        if self._lines is None:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self._text))]
        start = self._spans[index][0]
        line = bisect_right(self._lines, start) - 1
        indent = start - self._lines[line]
        return Region(
            region.line + line,
            region.column + (indent if region.line == 1 else 0),
            region.end_line + line,
            region.end_column + (indent if region.end_line == 1 else 0),
        )
