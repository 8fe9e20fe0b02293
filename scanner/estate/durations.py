"""ISO 8601 durations as whole seconds.

Only designators of fixed length are durations here: weeks, days, hours, minutes, seconds. Years and months have no
fixed length, so two of them could not be compared. Source: ISO 8601-1:2019, 5.5.2.
"""

import re
from functools import lru_cache

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,9})W|(?=\d|T\d)(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?)",
    re.ASCII,
)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


@lru_cache(maxsize=256)
def parse_duration(text: str) -> int:
    """Return the seconds of ``PT15M``, ``P1D``, ``P1DT12H`` or ``P2W``; raises ValueError saying what is expected."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no ISO 8601 duration of weeks, days, hours, minutes and seconds, such as PT15M")
    return sum(int(number) * _SECONDS[unit] for unit, number in match.groupdict().items() if number is not None)


def format_duration(seconds: int) -> str:
    """Return seconds in the words of a report: ``15 min``, ``6 h``, ``1 d 12 h``."""
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts) or "0 s"
