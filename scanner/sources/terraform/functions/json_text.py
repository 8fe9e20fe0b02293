"""``jsonencode`` and ``jsondecode``: JSON as Go writes it, values as Terraform reads them."""

import json
import re
from typing import Any

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.types import ANY, STRING
from scanner.sources.terraform.values.value import Value, normal

_MAX_DEPTH = 150
"""Deeper documents are refused before Python's own limit is met."""
_ESCAPED = re.compile(r'["\\\x00-\x1f<>&\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(match: "re.Match[str]") -> str:
    char = match[0]
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def quote(text: str) -> str:
    """Return ``text`` as a JSON string, with what is special in HTML escaped, as Go does."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def encode(value: Value) -> str:
    """Return a known value as JSON without spaces, keys in order; FunctionError for an infinity."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Value, out: list[str]) -> None:
    if value is None:
        out.append("null")
    elif type(value) is str:
        out.append(quote(value))
    elif type(value) is bool:
        out.append("true" if value else "false")
    elif isinstance(value, dict):
        _write_members("{", [(quote(name) + ":", value[name]) for name in sorted(value)], "}", out)
    elif isinstance(value, tuple):
        _write_members("[", [("", item) for item in value], "]", out)
    else:
        out.append(_number(value))


def _write_members(opening: str, members: list[tuple[str, Value]], closing: str, out: list[str]) -> None:
    out.append(opening)
    for index, (lead, item) in enumerate(members):
        out.append(f",{lead}" if index else lead)
        _write(item, out)
    out.append(closing)


def _number(value: "numbers.Number") -> str:
    written = numbers.text(value)
    if written.endswith("Inf"):
        raise FunctionError("cannot serialize infinity as JSON")
    return written


def _reject(word: str) -> Any:
    raise FunctionError(f"invalid JSON: {word} is not a value", 0)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {_clean(name): value for name, value in pairs}


def _clean(text: str) -> str:
    """Return text with half of a surrogate pair replaced, as Go does."""
    return normal(re.sub("[\ud800-\udfff]", "\ufffd", text))


def _decode(text: str) -> Value:
    if text.count("[") + text.count("{") > _MAX_DEPTH and _depth(text) > _MAX_DEPTH:
        raise FunctionError(f"documents nested deeper than {_MAX_DEPTH} levels are not supported", 0)
    try:
        data = json.loads(
            text,
            parse_int=numbers.parse,
            parse_float=numbers.parse,
            parse_constant=_reject,
            object_pairs_hook=_pairs,
        )
    except json.JSONDecodeError as error:
        raise FunctionError(f"invalid JSON: {error.msg.lower()} at offset {error.pos}", 0) from None
    return _value(data)


def _depth(text: str) -> int:
    level = deepest = 0
    for char in text:
        if char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest


def _value(data: Any) -> Value:
    if type(data) is str:
        return _clean(data)
    if isinstance(data, list):
        return tuple(map(_value, data))
    if isinstance(data, dict):
        return {name: _value(item) for name, item in data.items()}
    return data


FUNCTIONS = {
    "jsondecode": Function(_decode, STRING),
    "jsonencode": Function(encode, ANY, nullable=True),
}
