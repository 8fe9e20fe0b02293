"""A code frame: the lines that a Finding points at, marked, with a line of context on either side."""

from collections.abc import Iterator
from typing import NamedTuple

from scanner.formats.printable import display_width, printable
from scanner.formats.text.layout import shorten
from scanner.formats.text.paint import Paint
from scanner.formats.text.source import SourceLines
from scanner.model.location import Location, Region
from scanner.model.severity import Severity

MOST_LINES = 3
"""Lines that are shown of a region of many lines."""
INDENT = "  "
_TAB = "    "


class _Line(NamedTuple):
    number: int
    text: str
    marked: tuple[int, int] | None
    """Characters of ``text`` to underline, end excluded."""


def frame(source: SourceLines, location: Location, severity: Severity, paint: Paint, width: int) -> Iterator[str]:
    """Yield the lines of the frame around ``location``; nothing where there is no region or no text to show."""
    if location.region is None:
        return
    region = _trimmed(location.region)
    lines, more = _lines(source, location.file, region)
    if not any(region.line <= line.number <= region.end_line for line in lines):
        return
    digits = max(3, len(str(lines[-1].number)))
    room = max(20, width - len(INDENT) - digits - 3)
    lines = _fitted(lines, room)
    block = region.end_line > region.line
    for line in lines:
        inside = region.line <= line.number <= region.end_line
        bar = paint.severity(severity, "┃") + " " if block and inside else "  " if block else ""
        number = paint("dim", f"{line.number:>{digits}} │")
        yield f"{INDENT}{number} {bar}{shorten(line.text, room)}".rstrip()
        if line.marked:
            yield INDENT + paint("dim", f"{'':>{digits}} │ ") + paint.severity(severity, _carets(line, room))
        if more and line.number == region.line + MOST_LINES - 1:
            yield INDENT + paint("dim", f"{'':>{digits}} │ ") + paint.severity(severity, "⋮")


def _trimmed(region: Region) -> Region:
    """Return the region without an empty last line: one that ends before the first column."""
    if region.end_line > region.line and region.end_column <= 1:
        return region._replace(end_line=region.end_line - 1, end_column=LONG)
    return region


LONG = 1 << 30


def _lines(source: SourceLines, file: str, region: Region) -> tuple[list[_Line], bool]:
    """Return the lines to show, and whether the region has more of them."""
    last = min(region.end_line, region.line + MOST_LINES - 1)
    found: list[_Line] = []
    before = source.neighbour(file, region.line - 1)
    if before is not None and before.strip():
        found.append(_line(region.line - 1, before, None))
    for number in range(region.line, last + 1):
        text = source.line(file, number)
        if text is not None:
            found.append(_line(number, text, region if region.line == region.end_line else None))
    after = source.neighbour(file, last + 1) if last == region.end_line else None
    if after is not None and after.strip():
        found.append(_line(last + 1, after, None))
    return found, last < region.end_line


def _line(number: int, text: str, region: Region | None) -> _Line:
    if region is None:
        return _Line(number, _shown(text), None)
    start = min(region.column - 1, len(text))
    end = max(start, min(region.end_column - 1, len(text)))
    before, marked = _shown(text[:start]), _shown(text[start:end])
    return _Line(
        number, before + marked + _shown(text[end:]), (len(before), max(len(before) + 1, len(before + marked)))
    )


def _shown(text: str) -> str:
    return printable(text.replace("\t", _TAB))


def _fitted(lines: list[_Line], room: int) -> list[_Line]:
    """Return the lines without the indentation they share, where they would not fit otherwise."""
    if all(display_width(line.text) <= room for line in lines):
        return lines
    shared = min(len(line.text) - len(line.text.lstrip(" ")) for line in lines if line.text.strip())
    return [_moved(line, shared, room) for line in lines]


def _moved(line: _Line, shared: int, room: int) -> _Line:
    """Return the line without its first ``shared`` characters, and from further on where its mark would be cut off."""
    text, marked = line.text[shared:], line.marked
    if marked is None:
        return _Line(line.number, text, None)
    start, end = marked[0] - shared, marked[1] - shared
    if start > room - 10:
        skipped = start - room // 2
        text, start, end = f"…{text[skipped:]}", start - skipped + 1, end - skipped + 1
    return _Line(line.number, text, (start, end))


def _carets(line: _Line, room: int) -> str:
    assert line.marked is not None, "only marked lines are underlined"
    start, end = line.marked
    before, marked = display_width(line.text[:start]), display_width(line.text[start:end])
    return " " * before + "^" * max(1, min(marked, room - before))
