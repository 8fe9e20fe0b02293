"""The named functions a row of the map may use: value → value, pure, never raising on what an input may hold.

A value of a shape the function does not expect comes back as it was: the provider will refuse it, not we.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from scanner.model.unknown import Unknown

_DIGITS = re.compile(r"[0-9]{1,18}\Z")
_KEY_URL = re.compile(r"(https://[^/]+/)keys/([^/]+)(?:/([^/]*))?/?\Z")


def _unknown_in(values: list[Any]) -> Unknown | None:
    return next((value for value in values if isinstance(value, Unknown)), None)


def _joined(separator: str) -> Callable[[Any], Any]:
    def join(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return _unknown_in(value) or separator.join(str(item) for item in value)

    return join


def _epoch(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return Unknown("the text is not JSON")


def _duration(prefix: str, unit: str) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        return value if isinstance(value, str) and not _DIGITS.match(value) else f"{prefix}{value}{unit}"

    return write


def _key_url(value: Any) -> Any:
    match = _KEY_URL.match(value) if isinstance(value, str) else None
    if match is None:
        return value
    parts = {"keyname": match[2], "keyvaulturi": match[1]}
    return {**parts, "keyversion": match[3]} if match[3] else parts


def _after_underscore(value: Any) -> Any:
    return value.partition("_")[2] or value if isinstance(value, str) else value


def _before_underscore(value: Any) -> Any:
    return value.partition("_")[0] if isinstance(value, str) else value


def _gigabytes(value: Any) -> Any:
    number = int(value) if isinstance(value, str) and _DIGITS.match(value) else value
    return number // 1024 if isinstance(number, int) else value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "after_underscore": _after_underscore,
    "before_underscore": _before_underscore,
    "comma_list": _joined(", "),
    "days": _duration("P", "D"),
    "epoch": _epoch,
    "first": _first,
    "gigabytes": _gigabytes,
    "hours": _duration("PT", "H"),
    "json": _json,
    "key_url": _key_url,
    "list": _list,
    "lower": _lower,
    "minutes": _duration("PT", "M"),
    "semicolon_list": _joined(";"),
    "upper": _upper,
}
"""The closed list; the map's README says what each does."""
