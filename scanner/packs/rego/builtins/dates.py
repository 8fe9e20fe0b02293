"""`time.parse_ns`, `time.format` and `time.add_date`, with the layouts and the calendar of Go.

The engine knows no layout without a time of day, writes offsets for names of zones, and moves the 31st of January by a
month to the end of February where Go goes on into March. Times are whole nanoseconds since 1970, from 1677 to 2262.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from scanner.packs.rego.builtins.operands import array, integer, is_set, string, type_name

NAMED_LAYOUTS = {
    "ANSIC": "Mon Jan _2 15:04:05 2006",
    "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
    "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST",
    "RFC822Z": "02 Jan 06 15:04 -0700",
    "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00",
    "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
}
"""Layouts that may be given by their name."""

_SECOND_NS = 1_000_000_000
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ELEMENT = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|__2|_2(?!006)|2006|2|3|4|5|PM|pm"
    r"|[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07|[.,]0+(?!\d)|[.,]9+(?!\d)"
)
"""What stands for a part of a time in a layout; everything else stands for itself."""


class _Moment(NamedTuple):
    """A wall clock in a zone, and the nanoseconds datetime has no room for."""

    clock: datetime
    nanosecond: int


def parse_ns(layout: object, text: object) -> int:
    """`time.parse_ns`: the time a text gives in a layout; without a zone it is UTC."""
    wanted, value = string(layout, 1), string(text, 2)
    wanted = NAMED_LAYOUTS.get(wanted, wanted)
    match = _pattern(wanted).fullmatch(value)
    if match is None:
        raise ValueError(f'parsing time "{value}" as "{wanted}": it does not fit')
    found = {name: part for name, part in match.groupdict().items() if part is not None}
    try:
        return _total(_moment(found))
    except (ValueError, OverflowError) as error:
        raise ValueError(f'parsing time "{value}": {error}') from None


def format_time(time: object) -> str:
    """`time.format`: a time as text; given alone, with a zone, or with a zone and a layout."""
    moment, layout = _operand(time)
    wanted = NAMED_LAYOUTS.get(layout, layout) or NAMED_LAYOUTS["RFC3339Nano"]
    return _ELEMENT.sub(lambda element: _shown(element[0], moment), wanted)


def add_date(time: object, years: object, months: object, days: object) -> int:
    """`time.add_date`: a time moved by years, months and days; a day that a month does not have runs over."""
    moment, _ = _operand(time)
    clock = moment.clock
    month = clock.month - 1 + integer(months, 3)
    first = (clock.year + integer(years, 2) + month // 12, month % 12 + 1)
    try:
        day = date(*first, 1) + timedelta(days=clock.day - 1 + integer(days, 4))
        moved = datetime.combine(day, clock.time(), clock.tzinfo)
        return _total(_Moment(moved, moment.nanosecond))
    except (ValueError, OverflowError):
        raise ValueError("time outside of valid range") from None


def _operand(value: object) -> tuple[_Moment, str]:
    """Return the moment and the layout of an operand: nanoseconds, or an array of them, a zone, and a layout."""
    parts = array(value, 1) if isinstance(value, list) and not is_set(value) else [value]
    if not parts or type_name(parts[0]) != "number":
        raise ValueError("operand 1 must be either number (ns) or [number (ns), string (tz)]")
    zone = _zone(string(parts[1], 1)) if len(parts) > 1 else UTC
    seconds, nanoseconds = divmod(integer(parts[0], 1), _SECOND_NS)
    try:
        clock = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
    except OverflowError:
        raise ValueError("timestamp too big") from None
    return _Moment(clock, nanoseconds), string(parts[2], 1) if len(parts) > 2 else ""


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        raise ValueError("the machine's own time zone is no part of the input")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name}") from None


def _total(moment: _Moment) -> int:
    elapsed = moment.clock - datetime(1970, 1, 1, tzinfo=UTC)
    total = (elapsed.days * 86_400 + elapsed.seconds) * _SECOND_NS + moment.nanosecond
    if not -(2**63) <= total < 2**63:
        raise ValueError("time outside of valid range")
    return total


def _shown(element: str, moment: _Moment) -> str:
    """Return the text of one element of a layout."""
    clock = moment.clock
    if element in _FORMATS:
        return _FORMATS[element](clock)
    if element[0] in ".,":
        digits = f"{moment.nanosecond:09}"[: len(element) - 1].ljust(len(element) - 1, "0")
        digits = digits.rstrip("0") if element[1] == "9" else digits
        return element[0] + digits if digits else ""
    return _offset(element, clock)


def _offset(element: str, clock: datetime) -> str:
    delta = clock.utcoffset()
    assert delta is not None, "every clock here has a zone"
    seconds = int(delta.total_seconds())
    if element[0] == "Z" and seconds == 0:
        return "Z"
    minutes, second = divmod(abs(seconds), 60)
    parts = [f"{minutes // 60:02}", f"{minutes % 60:02}", f"{second:02}"]
    count = {2: 1, 4: 2, 6: 3}[sum(character.isdigit() for character in element)]
    return ("-" if seconds < 0 else "+") + (":" if ":" in element else "").join(parts[:count])


_FORMATS: dict[str, Callable[[datetime], str]] = {
    "January": lambda clock: _MONTHS[clock.month - 1],
    "Jan": lambda clock: _MONTHS[clock.month - 1][:3],
    "1": lambda clock: str(clock.month),
    "01": lambda clock: f"{clock.month:02}",
    "Monday": lambda clock: _DAYS[clock.weekday()],
    "Mon": lambda clock: _DAYS[clock.weekday()][:3],
    "2": lambda clock: str(clock.day),
    "_2": lambda clock: f"{clock.day:2}",
    "02": lambda clock: f"{clock.day:02}",
    "002": lambda clock: f"{clock.timetuple().tm_yday:03}",
    "__2": lambda clock: f"{clock.timetuple().tm_yday:3}",
    "15": lambda clock: f"{clock.hour:02}",
    "3": lambda clock: str(clock.hour % 12 or 12),
    "03": lambda clock: f"{clock.hour % 12 or 12:02}",
    "4": lambda clock: str(clock.minute),
    "04": lambda clock: f"{clock.minute:02}",
    "5": lambda clock: str(clock.second),
    "05": lambda clock: f"{clock.second:02}",
    "2006": lambda clock: f"{clock.year:04}",
    "06": lambda clock: f"{clock.year % 100:02}",
    "PM": lambda clock: "PM" if clock.hour >= 12 else "AM",
    "pm": lambda clock: "pm" if clock.hour >= 12 else "am",
    "MST": lambda clock: clock.tzname() or "UTC",
}

_FRACTION = r"(?:[.,](?P<fraction>[0-9]+))?"
_PATTERNS = {
    "January": f"(?P<month_name>{'|'.join(_MONTHS)})",
    "Jan": f"(?P<month_name>{'|'.join(name[:3] for name in _MONTHS)})",
    "1": "(?P<month>[0-9]{1,2})",
    "01": "(?P<month>[0-9]{2})",
    "Monday": f"(?:{'|'.join(_DAYS)})",
    "Mon": f"(?:{'|'.join(name[:3] for name in _DAYS)})",
    "2": "(?P<day>[0-9]{1,2})",
    "_2": "(?P<day> ?[0-9]{1,2})",
    "02": "(?P<day>[0-9]{2})",
    "002": "(?P<day_of_year>[0-9]{3})",
    "__2": "(?P<day_of_year> {0,2}[0-9]{1,3})",
    "15": "(?P<hour>[0-9]{2})",
    "3": "(?P<half_hour>[0-9]{1,2})",
    "03": "(?P<half_hour>[0-9]{2})",
    "4": "(?P<minute>[0-9]{1,2})",
    "04": "(?P<minute>[0-9]{2})",
    "5": f"(?P<second>[0-9]{{1,2}}){_FRACTION}",
    "05": f"(?P<second>[0-9]{{2}}){_FRACTION}",
    "2006": "(?P<year>[0-9]{4})",
    "06": "(?P<short_year>[0-9]{2})",
    "PM": "(?P<half>AM|PM)",
    "pm": "(?P<half>am|pm)",
    "MST": "(?P<zone>UTC|GMT[+-][0-9]{1,2}|[A-Z]{3,4}|[+-][0-9]{2})",
}
_OFFSETS = {1: "[0-9]{2}", 2: "[0-9]{2}:?[0-9]{2}", 3: "[0-9]{2}:?[0-9]{2}:?[0-9]{2}"}


def _pattern(layout: str) -> re.Pattern[str]:
    """Return what a text of a layout looks like; an element that comes twice has to say the same twice."""
    pattern, at, seen = "", 0, set()
    for element in _ELEMENT.finditer(layout):
        part = _element_pattern(element[0], pattern)
        name = re.match(r"\(\?P<(\w+)>", part)
        if name and name[1] in seen:
            part = f"(?P={name[1]})"
        seen.add(name[1] if name else "")
        pattern += re.escape(layout[at : element.start()]) + part
        at = element.end()
    return re.compile(pattern + re.escape(layout[at:]), re.ASCII | re.IGNORECASE)


def _element_pattern(element: str, before: str) -> str:
    if element in _PATTERNS:
        return _PATTERNS[element]
    if element[0] in ".,":
        # Seconds already take their fraction along.
        return "" if before.endswith(_FRACTION) else f"(?:[.,](?P<fraction>[0-9]{{{len(element) - 1}}}))"
    count = sum(character.isdigit() for character in element) // 2
    offset = _OFFSETS[count].replace(":?", ":" if ":" in element else "")
    return f"(?P<offset>{'Z|' if element[0] == 'Z' else ''}[+-]{offset})"


def _moment(found: dict[str, Any]) -> _Moment:
    """Return the moment that the parts of a text give. Raises ValueError where it does not exist."""
    year = int(found.get("year", 0))
    if "short_year" in found:
        short = int(found["short_year"])
        year = short + (1900 if short >= 69 else 2000)
    month = int(found.get("month", 1))
    if "month_name" in found:
        month = 1 + [name[:3].lower() for name in _MONTHS].index(found["month_name"][:3].lower())
    if not year:
        raise ValueError("time outside of valid range")
    day = date(year, month, int(found.get("day", 1)))
    if "day_of_year" in found:
        day = date(year, 1, 1) + timedelta(days=int(found["day_of_year"]) - 1)
    clock = datetime(
        *(day.year, day.month, day.day, _hour(found), int(found.get("minute", 0)), int(found.get("second", 0))),
        tzinfo=_found_zone(found),
    )
    return _Moment(clock, int(found.get("fraction", "0")[:9].ljust(9, "0")))


def _hour(found: dict[str, Any]) -> int:
    if "half_hour" not in found:
        return int(found.get("hour", 0))
    hour = int(found["half_hour"])
    if not 0 <= hour <= 12:
        raise ValueError("hour out of range")
    half = found.get("half", "").upper()
    return hour % 12 + 12 * (half == "PM") if half else hour


def _found_zone(found: dict[str, Any]) -> tzinfo:
    """Return the zone of a text; the name of a zone means nothing without a place, and Go takes it for zero."""
    name = found.get("zone", "").upper()
    offset = found.get("offset") or (name.removeprefix("GMT") if name[:3] == "GMT" or name[:1] in "+-" else "")
    if not offset or offset in ("Z", "z"):
        return UTC
    digits = offset[1:].replace(":", "").ljust(6, "0") if len(offset) > 2 else f"{int(offset[1:]):02}0000"
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:6]))
    return timezone(-delta if offset[0] == "-" else delta)
