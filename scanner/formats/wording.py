"""Counting and listing in words, the same in every format."""

from collections.abc import Sequence


def plural(number: int, noun: str) -> str:
    """Return ``1 finding`` or ``1,234 findings``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def elapsed(seconds: float) -> str:
    """Return a duration for people: ``0.84 s``, ``12.3 s``, ``2 min 05 s``."""
    if seconds >= 60:
        return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def effort(seconds: float, peak_bytes: int) -> str:
    """Return what something took: ``1.20 s, at most 212 MiB``; ``peak_bytes`` is 0 where it is not known."""
    memory = f", at most {max(1, round(peak_bytes / (1 << 20))):,} MiB" if peak_bytes else ""
    return elapsed(seconds) + memory


def listed(words: Sequence[str], most: int = 3) -> str:
    """Return ``a, b, c and 4 more``."""
    if len(words) <= most + 1:  # naming one more takes no more room than counting it
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most:,} more"
