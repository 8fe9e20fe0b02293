"""Functions on timestamps in RFC 3339 notation."""

import re
from datetime import datetime, timedelta, timezone

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values.types import STRING
from scanner.sources.terraform.values.value import normal

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _parse(text: str, argument: int) -> tuple[datetime, int]:
    """Return the moment in its own zone, and the nanoseconds that datetime has no room for."""
    match = _STAMP.fullmatch(text)
    if match is None:
        raise FunctionError(f'not a valid RFC3339 timestamp: "{text}"', argument)
    fields = tuple(int(match[group]) for group in range(1, 7))
    hours, minutes = int(match[10] or 0), int(match[11] or 0)
    shift = timedelta(hours=hours, minutes=minutes)
    fault = FunctionError(f'not a valid RFC3339 timestamp: "{text}"', argument)
    if hours > 23 or minutes > 59:
        raise fault
    try:
        moment = datetime(*fields, tzinfo=timezone(-shift if match[9] == "-" else shift))  # type: ignore[misc,arg-type]
    except ValueError:
        raise fault from None
    return moment, int((match[7] or "0")[:9].ljust(9, "0"))


def _offset(moment: datetime, colon: str) -> str:
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{colon}{abs(minutes) % 60:02d}"


def _rfc3339(moment: datetime) -> str:
    zone = "Z" if not moment.utcoffset() else _offset(moment, ":")
    return (
        f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
        f"T{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}{zone}"
    )


def _verb(verb: str, moment: datetime) -> str | None:
    """Return what a run of one letter in a format stands for; None where it stands for nothing."""
    hour = moment.hour % 12 or 12
    numbers = {"M": moment.month, "D": moment.day, "h": moment.hour, "H": hour, "m": moment.minute, "s": moment.second}
    if verb[0] in numbers and len(verb) <= 2:
        return f"{numbers[verb[0]]:0{len(verb)}d}"
    utc = not moment.utcoffset()
    return {
        "YY": f"{moment.year % 100:02d}",
        "YYYY": f"{moment.year:04d}",
        "MMM": _MONTHS[moment.month - 1][:3],
        "MMMM": _MONTHS[moment.month - 1],
        "EEE": _DAYS[moment.weekday()][:3],
        "EEEE": _DAYS[moment.weekday()],
        "AA": "PM" if moment.hour >= 12 else "AM",
        "aa": "pm" if moment.hour >= 12 else "am",
        "Z": "Z" if utc else _offset(moment, ":"),
        "ZZZ": "UTC" if utc else _offset(moment, ""),
        "ZZZZ": _offset(moment, ""),
        "ZZZZZ": _offset(moment, ":"),
    }.get(verb)


_PART = re.compile(r"''|'(?:[^']|'')*'|'|([a-zA-Z])\1*|[^a-zA-Z']+")


def _format(layout: str, stamp: str) -> str:
    moment, _ = _parse(stamp, 1)
    out: list[str] = []
    for match in _PART.finditer(layout):
        part = match[0]
        if match[1]:
            text = _verb(part, moment)
            if text is None:
                raise FunctionError(f'invalid date format verb "{part}"', 0)
            out.append(text)
        elif part == "''":
            out.append("'")
        elif part[0] == "'":
            if part == "'":
                raise FunctionError("unterminated literal '", 0)
            out.append(part[1:-1].replace("''", "'"))
        else:
            out.append(part)
    return normal("".join(out))


_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_SPAN = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)


def _nanoseconds(text: str) -> int:
    """Return a duration such as ``-1h30.5m`` in nanoseconds."""
    fault = FunctionError(f'invalid duration "{text}"', 1)
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total = place = 0
    while place < len(rest):
        match = _SPAN.match(rest, place)
        if match is None or not (match[1] or match[2]):
            raise fault
        unit = _UNITS[match[3]]
        total += int(match[1] or 0) * unit + int(match[2] or 0) * unit // 10 ** len(match[2] or "")
        place = match.end()
    if not rest or total >= 1 << 63:
        raise fault
    return sign * total


def _add(stamp: str, duration: str) -> str:
    moment, nanoseconds = _parse(stamp, 0)
    seconds = (nanoseconds + _nanoseconds(duration)) // 10**9
    try:
        return _rfc3339(moment + timedelta(seconds=seconds))
    except OverflowError:
        raise FunctionError("the result is beyond the years 1 to 9999") from None


def _compare(left: str, right: str) -> int:
    first, second = _parse(left, 0), _parse(right, 1)
    return (first > second) - (first < second)


FUNCTIONS = {
    "formatdate": Function(_format, STRING, STRING),
    "timeadd": Function(_add, STRING, STRING),
    "timecmp": Function(_compare, STRING, STRING),
}
