"""Fitting text into columns."""

from collections.abc import Iterator

from scanner.formats.printable import display_width

MAX_MEASURE = 110
"""Columns beyond which a line of prose is hard to read; wider terminals leave the rest free."""


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield the lines of ``text``, none wider than ``width`` columns unless one word alone is."""
    line = ""
    room = max(20, min(width, MAX_MEASURE))
    for word in text.split():
        if line and display_width(line) + 1 + display_width(word) > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def pad(text: str, width: int) -> str:
    """Return ``text`` filled up to ``width`` columns."""
    return text + " " * (width - display_width(text))


def shorten(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` columns, the end replaced by ``…``."""
    if display_width(text) <= width:
        return text
    kept = text[: width - 1]
    while display_width(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept}…"
