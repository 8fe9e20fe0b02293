"""Fitting text into columns."""

from collections.abc import Iterator, Sequence

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


def plural(number: int, noun: str) -> str:
    """Return ``1 finding`` or ``1,234 findings``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def listed(words: Sequence[str], most: int = 3) -> str:
    """Return ``a, b, c and 4 more``."""
    if len(words) <= most + 1:  # naming one more takes no more room than counting it
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most:,} more"
