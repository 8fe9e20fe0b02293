"""How far apart the runs of a cron schedule can be, as operators written in Go read one.

Velero has five fields, CloudNativePG six (the first is seconds); both know descriptors (``@daily``, ``@every 6h``) and
a leading ``TZ=`` or ``CRON_TZ=``. Days on which a clock is put forward or back are not counted in. Source: package
robfig/cron v3, *CRON Expression Format*.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from scanner.views.go_durations import parse_go_duration

DAY_S = 86_400
_DESCRIPTORS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_EVERY = "@every "
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_WEEKDAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_YEARS = (2001, 2041)
"""Forty years hold every pairing of dates, weekdays and leap days that the calendar makes until 2100."""


class _Field(NamedTuple):
    name: str
    first: int
    last: int
    names: Mapping[str, int] = MappingProxyType({})


_FIELDS = (
    _Field("second", 0, 59),
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 6, _WEEKDAYS),
)


class _Values(NamedTuple):
    """What one field allows."""

    values: frozenset[int]
    starred: bool
    """Whether it is ``*`` or ``?``: then the other day field decides alone."""


@lru_cache(maxsize=4096)
def longest_gap_s(expression: str, seconds: bool = False) -> int:
    """Return the most seconds between two runs of a schedule in a row.

    ``seconds`` says that the first of six fields is seconds; else there are five. Raises ValueError with the reason for
    what is no schedule, or one that never runs.
    """
    text = expression.strip()
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith(_EVERY):
        return max(1, int(parse_go_duration(text.removeprefix(_EVERY))))
    described = _DESCRIPTORS.get(text)
    parts = (described or text).split()
    if not seconds and described is None:
        parts = ["0", *parts]
    if len(parts) != len(_FIELDS):
        wanted = "six fields, the first is seconds" if seconds else "five fields"
        raise ValueError(f"'{expression}' is no cron schedule of {wanted}")
    second, minute, hour, day, month, weekday = (
        _values(part, field) for part, field in zip(parts, _FIELDS, strict=True)
    )
    times = sorted(h * 3600 + m * 60 + s for h in hour.values for m in minute.values for s in second.values)
    within = max((after - before for before, after in pairwise(times)), default=0)
    days = _longest_days(day, month, weekday)
    if not days:
        raise ValueError(f"'{expression}' is a cron schedule of days that no year has")
    return max(within, days * DAY_S - times[-1] + times[0])


@lru_cache(maxsize=256)
def _longest_days(day: _Values, month: _Values, weekday: _Values) -> int:
    """Return the most days from one day that matches to the next; 0 where fewer than two match."""
    if day.starred and month.starred and weekday.starred:
        return 1
    first, last = (date(year, 1, 1).toordinal() for year in _YEARS)
    matching = [number for number in range(first, last) if _matches(date.fromordinal(number), day, month, weekday)]
    return max((after - before for before, after in pairwise(matching)), default=0)


def _matches(one: date, day: _Values, month: _Values, weekday: _Values) -> bool:
    if one.month not in month.values:
        return False
    by_day, by_weekday = one.day in day.values, one.isoweekday() % 7 in weekday.values
    return by_day and by_weekday if day.starred or weekday.starred else by_day or by_weekday


def _values(text: str, field: _Field) -> _Values:
    found: set[int] = set()
    starred = False
    for part in text.split(","):
        bounds, slash, step = part.partition("/")
        every = bounds in ("*", "?")
        first, dash, last = bounds.partition("-")
        low = field.first if every else _number(first, field)
        high = field.last if every or (slash and not dash) else _number(last, field) if dash else low
        width = _number(step, field._replace(first=1, last=10_000, names=MappingProxyType({}))) if slash else 1
        if low > high:
            raise ValueError(f"'{part}' is no range of {field.name}")
        starred |= every and width == 1
        found.update(range(low, high + 1, width))
    return _Values(frozenset(found), starred)


def _number(text: str, field: _Field) -> int:
    known = field.names.get(text.lower())
    number = known if known is not None else int(text) if text.isascii() and text.isdigit() else -1
    if not field.first <= number <= field.last:
        raise ValueError(f"'{text}' is no {field.name}")
    return number
