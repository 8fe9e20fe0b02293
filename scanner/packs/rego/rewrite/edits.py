"""Small changes of a source that keep its lines, and the way back from a place in the changed text.

Errors of an engine point into the text it was given; authors look at their own.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

_TAB_WIDTH = 4


class Edit(NamedTuple):
    """Replace the characters from `start` to `end` by `text`. Neither holds a line break."""

    start: int
    end: int
    text: str


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return edits by their place, those at the same place as they came. Raises ValueError where two overlap."""
    found = tuple(sorted(edits, key=lambda edit: edit[:2]))
    if any(one.end > other.start for one, other in pairwise(found)):
        raise ValueError("edits overlap")
    return found


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; they come in order."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at:]))


def column_before(text: str, edits: Sequence[Edit], line: int, column: int) -> int:
    """Return where a place in the changed text was before.

    `text` is the one before. Columns are the engine's: regorus counts bytes from 1, a tab as four. A place inside of
    new text is that of its edit.
    """
    start, end = _line(text, line)
    width, at = column - 1, start
    for edit in edits[bisect_left(edits, (start,)) : bisect_left(edits, (end + 1,))]:
        kept = _width(text[at : edit.start])
        if width < kept:
            break
        width, at = width - kept, edit.start
        added = _width(edit.text)
        if width < added:
            return _width(text[start:at]) + 1
        width, at = width - added, edit.end
    return _width(text[start:at]) + width + 1


def character_column(text: str, line: int, column: int) -> int:
    """Return the column in characters, from 1, for one of the engine's."""
    start, end = _line(text, line)
    width = column - 1
    for at in range(start, end):
        width -= _width(text[at])
        if width < 0:
            return at - start + 1
    return end - start + 1


def _line(text: str, line: int) -> tuple[int, int]:
    """Return the offsets of the start and the end of a line, counted from 1; of the last one where there is none."""
    start = 0
    for _ in range(line - 1):
        following = text.find("\n", start) + 1
        if not following:
            break
        start = following
    end = text.find("\n", start)
    return start, len(text) if end < 0 else end


def _width(text: str) -> int:
    """Return how many columns the engine counts for a text."""
    return len(text.encode(errors="surrogatepass")) + (_TAB_WIDTH - 1) * text.count("\t")
