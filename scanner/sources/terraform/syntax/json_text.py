"""JSON text into pieces that know where they stand; nothing of Terraform.

As strict as Terraform's own reader: no comments, no trailing commas, one value. Source: RFC 8259; hashicorp/hcl,
json/parser.go.
"""

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # the C scanner of the json module
from typing import Any, NamedTuple

from scanner.sources.terraform.syntax.fault import Stop, expected
from scanner.sources.terraform.syntax.numbers import number

MAX_DEPTH = 64
"""Levels of brackets; each leaf may be a template with as many levels as native syntax has."""


class Piece(NamedTuple):
    """A JSON value: a str, a number, a bool, None, a list of Pieces, or for an object a list of :class:`Property`."""

    value: Any
    start: int
    end: int
    is_object: bool = False


class Property(NamedTuple):
    """A key of an object and its value; keys may come twice."""

    key: str
    start: int
    end: int
    """Of the key with its quotes."""
    value: Piece


_SPACE = re.compile(r"[ \t\r\n]*+").match
# 1 text without escapes, 2 number, 3 word, 4 bracket or quote.
_VALUE = re.compile(
    r'[ \t\r\n]*+(?:"([^"\\\x00-\x1f]*+)"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![\w.+-])'
    r'|(true|false|null)(?!\w)|(["\[{]))?'
).match
_WORDS = {"true": True, "false": False, "null": None}


def read(text: str) -> Piece:
    """Return the one value of ``text``; raises :class:`Stop` where it is no JSON."""
    piece = _value(text, 0, 0)
    end = _space(text, piece.end)
    if end < len(text):
        raise expected("the end of the file", text, end)
    return piece


def _space(text: str, pos: int) -> int:
    match = _SPACE(text, pos)
    return match.end() if match is not None else pos


def _value(text: str, pos: int, depth: int) -> Piece:
    match = _VALUE(text, pos)
    kind = match.lastindex if match is not None else None
    if match is None or kind is None:
        raise expected("a value", text, _space(text, pos))
    end = match.end()
    if kind == 1:
        return Piece(match[1], match.start(1) - 1, end)
    start = match.start(kind)
    if kind == 2:
        return Piece(_number(match[2], start), start, end)
    if kind == 3:
        return Piece(_WORDS[match[3]], start, end)
    if match[4] == '"':
        return Piece(*_string(text, start))
    if depth >= MAX_DEPTH:
        raise Stop(f"expected at most {MAX_DEPTH} levels of nesting, found more", start, end)
    return _object(text, start, depth + 1) if match[4] == "{" else _array(text, start, depth + 1)


def _number(literal: str, start: int) -> Any:
    try:
        return -number(literal[1:]) if literal[0] == "-" else number(literal)
    except ValueError as error:
        raise Stop(str(error), start, start + len(literal)) from None


def _string(text: str, start: int) -> tuple[str, int, int]:
    try:
        value, end = scanstring(text, start + 1, True)
    except JSONDecodeError as error:
        if error.msg.startswith("Unterminated"):
            raise Stop("expected a quote to end the string, found the end of the file", start, len(text)) from None
        raise expected("text or an escape sequence", text, error.pos) from None
    if "\\u" in text[start:end]:
        from scanner.documents.encoding import replace_halves

        value = replace_halves(value)
    return value, start, end


def _object(text: str, start: int, depth: int) -> Piece:
    properties: list[Property] = []
    pos = _space(text, start + 1)
    if text.startswith("}", pos):
        return Piece(properties, start, pos + 1, True)
    while True:
        if not text.startswith('"', pos):
            raise expected("a key in quotes", text, pos)
        key, key_start, key_end = _string(text, pos)
        pos = _space(text, key_end)
        if not text.startswith(":", pos):
            raise expected('":" after the key', text, pos)
        value = _value(text, pos + 1, depth)
        properties.append(Property(key, key_start, key_end, value))
        pos = _space(text, value.end)
        if text.startswith("}", pos):
            return Piece(properties, start, pos + 1, True)
        if not text.startswith(",", pos):
            raise expected('"," or "}"', text, pos)
        pos = _space(text, pos + 1)


def _array(text: str, start: int, depth: int) -> Piece:
    items: list[Piece] = []
    pos = _space(text, start + 1)
    if text.startswith("]", pos):
        return Piece(items, start, pos + 1)
    while True:
        items.append(_value(text, pos, depth))
        pos = _space(text, items[-1].end)
        if text.startswith("]", pos):
            return Piece(items, start, pos + 1)
        if not text.startswith(",", pos):
            raise expected('"," or "]"', text, pos)
        pos += 1
