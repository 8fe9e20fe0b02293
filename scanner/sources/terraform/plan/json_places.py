"""Finds attributes in the JSON of a plan or state, which nobody keeps: it is read again when a place is asked for.

Only the piece that holds one resource is looked at, and of that only the way to the attribute, so thousands of places
in a plan of 60 MB are found in a second.
"""

from collections.abc import Callable
from typing import NamedTuple

from scanner.model.location import Region
from scanner.model.path import Path
from scanner.sources.terraform.instance import Place
from scanner.sources.terraform.plan.cursor import Cursor, LineStarts


class Span(NamedTuple):
    """The piece of the text that holds one resource, in code points, and where in it the attributes are."""

    start: int
    end: int
    attributes: Path
    """``("change", "after")`` in a plan, ``("attributes",)`` in a state."""


class JsonPlaces:
    """Finds places in one file."""

    def __init__(self, file: str, read: Callable[[], str]) -> None:
        """Take the file's name in reports, and what returns its text, or ``""`` where it is gone."""
        self.file = file
        self._read = read
        self._text: str | None = None
        self._lines: LineStarts | None = None

    def places(self, span: Span, path: Path) -> tuple[Place, ...]:
        """Return the one place of an attribute path of the resource that ``span`` holds."""
        return (Place(self.file, self._region(span, path)),)

    def _region(self, span: Span, path: Path) -> Region | None:
        if self._text is None or self._lines is None:
            self._text = self._read()
            self._lines = LineStarts(self._text)
        if self._text[span.start : span.start + 1] != "{" or self._text[span.end - 1 : span.end] != "}":
            return None  # the file is another one by now
        try:
            start, end = locate(self._text, span.start, (*span.attributes, *path))
        except ValueError:
            return None
        return Region(*self._lines.place(start), *self._lines.place(end))


def locate(text: str, start: int, path: Path) -> tuple[int, int]:
    """Return where ``path`` of the JSON value at ``start``, or its nearest ancestor that is there, starts and ends.

    Of a single value that is from its key to its end, of an object or list its key alone; an element of a list has no
    key, and its first key or value stands for it. Raises ValueError where the text is no JSON.
    """
    cursor = Cursor(text, start)
    key: tuple[int, int] | None = None
    for step in path:
        before = cursor.position
        if not _enter(cursor, step):
            cursor.position = before
            break
        key = cursor.key if isinstance(step, str) else None
    if key is not None and (cursor.at("{") or cursor.at("[")):
        return key
    while cursor.at("["):
        before = cursor.position
        if not _enter(cursor, 0):
            cursor.position = before
            break
    first = Cursor(text, cursor.position)
    if cursor.at("{") and any(True for _ in first.members()):
        return first.key
    begin = cursor.position
    cursor.value()
    return (key[0] if key is not None else begin), cursor.position


def _enter(cursor: Cursor, step: str | int) -> bool:
    """Move to the value of a key or index; whether there is one."""
    if isinstance(step, str):
        return cursor.at("{") and any(key == step or cursor.skip() for key in cursor.members())
    return cursor.at("[") and any(index == step or cursor.skip() for index in cursor.elements())
