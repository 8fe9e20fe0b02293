"""When two values are the same though they are written differently."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scanner.canonical.shapes import location
from scanner.estate.durations import parse_duration
from scanner.views.azure_ids import may_be_same
from scanner.views.quantities import parse_quantity

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|z|[+-]\d\d:?\d\d)?")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.0+)?")
"""Not ``1.30``, which is a version and not ``1.3``."""
_GO_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+")
_GO_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
_GO_SECONDS = {"h": "3600", "m": "60", "s": "1", "ms": "0.001", "us": "0.000001", "µs": "0.000001", "ns": "0.000000001"}


def is_nothing(value: Any) -> bool:
    """Whether a value says no more than its absence: control planes drop and add these as they like."""
    return value is None or value == "" or value == [] or value == {}


def same(declared: Any, live: Any, kind: str, *, azure: bool) -> bool:
    """Whether two scalars mean the same at an attribute of ``kind`` (see :attr:`scanner.drift.facts.Fact.kind`)."""
    if declared == live and isinstance(declared, bool) == isinstance(live, bool):
        return True
    match kind:
        case "exact":
            return _as_timestamps(str(declared), str(live))  # sources cut them to milliseconds wherever they stand
        case "quantity":
            return _as_quantities(declared, live)
        case "duration":
            return _as_durations(declared, live)
        case "text":
            return _text(declared) == _text(live)
        case "region":
            return bool(location(declared) == location(live))
    return azure and _same_in_azure(declared, live)


def _same_in_azure(declared: Any, live: Any) -> bool:
    one, other = _text(declared), _text(live)
    if one.casefold() == other.casefold() or one.rstrip("/").casefold() == other.rstrip("/").casefold():
        return True
    if one.startswith("/") and other.startswith("/") and may_be_same(one, other):
        return True
    if "{" in one and _fits(one, other):
        return True
    return _as_numbers(one, other) or _as_durations(one, other) or _as_timestamps(one, other)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fits(template: str, text: str) -> bool:
    """Whether ``text`` may be what ``template`` becomes once what is in braces is known."""
    parts = [re.escape(part) for part in re.split(r"\{[^{}]*\}", template)]
    return re.fullmatch(".*".join(parts), text, re.IGNORECASE | re.DOTALL) is not None


def _as_quantities(one: Any, other: Any) -> bool:
    try:
        return parse_quantity(one) == parse_quantity(other)
    except (ValueError, TypeError):
        return False


def _as_numbers(one: str, other: str) -> bool:
    return bool(_WHOLE.fullmatch(one) and _WHOLE.fullmatch(other)) and Decimal(one) == Decimal(other)


def _as_timestamps(one: str, other: str) -> bool:
    """Whether two times are the same to the millisecond: that is what Resource Graph keeps."""
    times = []
    for text in (one, other):
        if not _TIMESTAMP.fullmatch(text):
            return False
        try:
            time = datetime.fromisoformat(re.sub(r"\.(\d{1,6})\d*", _six, text.upper()))
        except ValueError:
            return False
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        times.append(int(time.timestamp() * 1000))
    return times[0] == times[1]


def _six(match: "re.Match[str]") -> str:
    return "." + match[1].ljust(6, "0")


def _as_durations(one: Any, other: Any) -> bool:
    first, second = _seconds(one), _seconds(other)
    return first is not None and first == second


def _seconds(value: Any) -> Decimal | None:
    """Return the seconds of ``PT24H`` or, as Go writes it, ``1h30m``; None for anything else."""
    text = str(value)
    if _GO_DURATION.fullmatch(text):
        return sum(
            (Decimal(number) * Decimal(_GO_SECONDS[unit]) for number, unit in _GO_PART.findall(text)), Decimal(0)
        )
    try:
        return Decimal(parse_duration(text))
    except ValueError:
        return None
