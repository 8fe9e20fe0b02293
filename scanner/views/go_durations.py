"""Durations as Go writes them: ``720h0m0s``, ``1h30m``, ``-1.5h``. Source: Go standard library, time.ParseDuration."""

import re
from fractions import Fraction
from functools import lru_cache

_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_SECONDS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_LENGTH = 64


@lru_cache(maxsize=1024)
def parse_go_duration(text: str) -> Fraction:
    """Return the seconds of a duration, exactly. Raises ValueError naming what is none."""
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return Fraction(0)
    parts = list(_PART.finditer(unsigned)) if len(text) <= _LENGTH else []
    if not parts or "".join(part[0] for part in parts) != unsigned:
        raise ValueError(f"{text[:_LENGTH]!r} is no duration, such as 720h0m0s")
    total = sum((Fraction(part[1]) * _SECONDS[part[2]] for part in parts), Fraction(0))
    return -total if text.startswith("-") else total
