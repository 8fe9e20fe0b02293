"""Fits parts of a document into a limit: what is cut is counted in the document itself.

A comment above the limit is refused whole, so the length is kept by construction and not by cutting the end off.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document: rows between a head and a tail."""

    head: str
    """Markdown before the rows, with its line breaks."""
    rows: Sequence[str] = ()
    """Those that are worth showing, each with its line break."""
    total: int = 0
    """How many rows there would be, where ``rows`` are only the first of them."""
    tail: str = ""
    more: Callable[[int], str] = lambda number: f"\n… and {number:,} more.\n"
    """What to say of rows that are left out; comes before the tail."""
    share: float = 1.0
    """Of what room is left, what this part may take where not all fits."""


def fitted(parts: Sequence[Part], limit: int, size: Callable[[str], int]) -> Iterator[str]:
    """Yield the parts in their order, rows left out where the whole would exceed ``limit`` as ``size`` measures."""
    least = [size(part.head) + size(part.tail) + size(part.more(max(part.total, len(part.rows)))) for part in parts]
    room = limit - sum(least)
    wanted = [sum(map(size, part.rows)) for part in parts]
    for number, part in enumerate(parts):
        later = sum(wanted[number + 1 :])
        allowed = room if wanted[number] + later <= room else max(int(room * part.share), room - later)
        rows, used = _rows(part, allowed, size)
        room -= used
        yield part.head
        yield from rows
        left = max(part.total, len(part.rows)) - len(rows)
        if left:
            yield part.more(left)
        yield part.tail


def _rows(part: Part, allowed: int, size: Callable[[str], int]) -> tuple[list[str], int]:
    rows: list[str] = []
    used = 0
    for row in part.rows:
        if used + size(row) > allowed:
            break
        used += size(row)
        rows.append(row)
    return rows, used
