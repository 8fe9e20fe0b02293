"""Counting and listing in words, the same in every format."""

from collections.abc import Sequence


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
