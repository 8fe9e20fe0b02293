"""Functions of dates. All are in universal time; without a format a date is written as ``4/7/2023 2:53:14 PM``."""

import re
from typing import TYPE_CHECKING, Any, Final

from scanner.sources.arm.functions.function import Function, want_int, want_text
from scanner.sources.arm.values import EvaluationError

if TYPE_CHECKING:
    from datetime import datetime

_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?\Z"
)
_PART: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|t+|z+|K)|(.)", re.DOTALL)
_STANDARD: Final = {
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "f": "dddd, MMMM d, yyyy h:mm tt",
    "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt",
    "G": "M/d/yyyy h:mm:ss tt",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "h:mm tt",
    "T": "h:mm:ss tt",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
}
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
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
)


def date_time_add(base: Any, duration: Any, form: Any = "G") -> str:
    """Return a date that lies an ISO 8601 duration after ``base``."""
    moment = _read("dateTimeAdd", want_text("dateTimeAdd", base))
    match = _DURATION.match(want_text("dateTimeAdd", duration))
    if match is None or not any(match.group(*range(2, 9))):
        raise EvaluationError("dateTimeAdd() cannot read the duration", by_value=True)
    try:
        return written(_added(moment, match), want_text("dateTimeAdd", form))
    except (OverflowError, ValueError):
        raise EvaluationError("dateTimeAdd() leaves the calendar", by_value=True) from None


def _added(moment: "datetime", match: re.Match[str]) -> "datetime":
    from datetime import timedelta

    sign = -1 if match["sign"] else 1
    amounts = {name: sign * int(text or 0) for name, text in match.groupdict().items() if name not in _NOT_WHOLE}
    months = moment.year * 12 + moment.month - 1 + amounts["years"] * 12 + amounts["months"]
    year, month = divmod(months, 12)
    day = moment.day
    while True:  # the last day of February stands for days it does not have
        try:
            moment = moment.replace(year=year, month=month + 1, day=day)
            break
        except ValueError:
            day -= 1
            if day < 28:
                raise
    return moment + timedelta(
        days=amounts["days"] + 7 * amounts["weeks"],
        hours=amounts["hours"],
        minutes=amounts["minutes"],
        seconds=sign * float(match["seconds"] or 0),
    )


_NOT_WHOLE: Final = frozenset({"sign", "seconds"})


def date_time_from_epoch(seconds: Any) -> str:
    """Return the date that many seconds after the start of 1970."""
    from datetime import UTC, datetime, timedelta

    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=want_int("dateTimeFromEpoch", seconds))
    except OverflowError:
        raise EvaluationError("dateTimeFromEpoch() leaves the calendar", by_value=True) from None
    return written(moment, "yyyy-MM-ddTHH:mm:ssK")


def date_time_to_epoch(text: Any) -> int:
    """Return the seconds from the start of 1970 to a date."""
    return int(_read("dateTimeToEpoch", want_text("dateTimeToEpoch", text)).timestamp())


def _read(name: str, text: str) -> "datetime":
    from datetime import UTC, datetime

    for attempt in (text.strip(), text.strip().upper().replace("Z", "")):
        try:
            moment = datetime.fromisoformat(attempt)
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    for pattern in ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise EvaluationError(f"{name}() cannot read the date", by_value=True)


def written(moment: "datetime", form: str) -> str:
    """Return a moment in a date format of .NET, standard or custom."""
    form = _STANDARD.get(form, form)
    return "".join(_part(moment, match) for match in _PART.finditer(form))


def _part(moment: "datetime", match: re.Match[str]) -> str:
    part = match[4]
    if part is None:
        return next(text for text in (match[1], match[2], match[3], match[5]) if text is not None)
    letter, size = part[0], len(part)
    if letter == "y":
        return f"{moment.year % 100:0{size}d}" if size < 3 else f"{moment.year:0{size}d}"
    if letter == "M" and size > 2:
        return _MONTHS[moment.month - 1][: 3 if size == 3 else None]
    if letter == "d" and size > 2:
        return _DAYS[moment.weekday()][: 3 if size == 3 else None]
    if letter == "f":
        return f"{moment.microsecond:06d}0"[:size].ljust(min(size, 7), "0")
    if letter == "t":
        return ("AM" if moment.hour < 12 else "PM")[: 1 if size == 1 else 2]
    if letter == "K":
        return "Z"
    if letter == "z":
        return ("+0", "+00", "+00:00")[min(size, 3) - 1]
    number = {
        "M": moment.month,
        "d": moment.day,
        "H": moment.hour,
        "h": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }[letter]
    return f"{number:0{min(size, 2)}d}"


TABLE: Final = {
    "datetimeadd": Function(date_time_add, 2, 3),
    "datetimefromepoch": Function(date_time_from_epoch, 1, 1),
    "datetimetoepoch": Function(date_time_to_epoch, 1, 1),
}
