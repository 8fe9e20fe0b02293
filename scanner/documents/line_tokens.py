r"""One line of plain YAML as a token: the part of the fast reader that knows what a line may look like.

A line is understood alone or not at all. What is not understood (flow style with nesting, escapes, anchors, tags,
tabs, anything odd) gets the form :data:`OTHER`, and the whole document then goes to libyaml. So this module may
be as small as it likes, but must never understand a line differently from libyaml; ``tests/documents/test_lines.py``
compares the two.

Manifests repeat themselves: the same lines recur within a file and from file to file. Tokens are therefore remembered
by line, which makes reading a line one dictionary access.
"""

import re
import sys
from typing import Any, Final, TypeAlias

from scanner.documents.scalars import plain_key, resolve_plain
from scanner.model.unknown import Unknown

MAX_LINE = 4096
"""Code points; a longer line goes to libyaml."""
_MAX_REMEMBERED_LINE = 160
_MAX_REMEMBERED = 1 << 15
"""Lines: about 10 MB of memory when full."""


# What a line holds besides its indent, and besides the dash when a mapping starts behind it (``- key: …``). Plain
# numbers, since comparing members of an Enum would double the time it takes to read a line.
KEY_SCALAR: Final = 0
KEY_OPEN: Final = 1
"""The value comes on deeper lines, or is null."""
KEY_FLOW: Final = 2
KEY_BLOCK: Final = 3
"""The value is the literal block scalar on the next lines."""
ITEM_SCALAR: Final = 4
ITEM_FLOW: Final = 5
ITEM_BLOCK: Final = 6
OTHER: Final = 7
"""Not understood."""

Token: TypeAlias = tuple[int, int, str, Any, int, tuple[int, int, int, int]]
"""A line that holds something: (level, form, key, value, inner, columns); a plain tuple, which unpacks faster.

- level: twice the column of a mapping's keys, or twice the column of a list's dashes plus one. So a list that stands in
  the same column as the key it belongs to is still deeper, and the parity tells mapping from list.
- form: one of the numbers above.
- key: text of the key; empty where there is none.
- value: the scalar; for flow style a dict or list to copy; for a block scalar its chomping: empty, ``-`` or ``+``.
- inner: level of the mapping that starts behind the dash (``- key: …``), else 0.
- columns: zero-based start and end of the key, start and end of the value; 0 for what is absent.
"""

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_ODD = re.compile(r"[\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""Line breaks, marks and what no text may hold, beyond Latin-1: apart from the rest, where it would slow the start."""
_DOUBLE = rf'"[^"\\{_CONTROL}]*+"'
_SINGLE = rf"'[^'{_CONTROL}]*+(?:''[^'{_CONTROL}]*+)*+'"
_FLOW_WORD = r"(?:[A-Za-z0-9_/$]|-(?=[A-Za-z0-9_/]))[A-Za-z0-9_/.$-]*+"  # no point first: .inf is for the full reader
_FLOW_ITEM = rf"(?:{_DOUBLE}|{_SINGLE}|{_FLOW_WORD})\ *+"
_FLOW_PAIR = rf"{_FLOW_WORD}:\ ++{_FLOW_ITEM}"
_PLAIN_START = rf"""(?:[^\s\-?:,\[\]{{}}\#&*!|>'"%@`{_CONTROL}]|-++(?=[A-Za-z0-9_/.]))"""
_PLAIN_MORE = rf"[^:\#{_CONTROL}]*+(?:(?::(?=[^\ ])|(?<=[^\ ])\#)[^:\#{_CONTROL}]*+)*+"
_LINE = re.compile(
    rf"""
    (?P<indent>\ *+)
    (?P<dash>-\ ++)?
    (?:(?P<key>[A-Za-z_][A-Za-z0-9_./-]{{0,127}}+|"[^"\\{_CONTROL}]{{0,127}}+"|'[^'{_CONTROL}]{{0,127}}+'):(?:\ ++|$))?
    (?P<value>
        {_PLAIN_START}{_PLAIN_MORE}
      | {_DOUBLE}
      | {_SINGLE}
      | \[\ *+(?:{_FLOW_ITEM}(?:,\ *+{_FLOW_ITEM})*+)?\]
      | \{{\ *+(?:{_FLOW_PAIR}(?:,\ *+{_FLOW_PAIR})*+)?\}}
      | [|][-+]?
    )?
    \ *+(?:(?<![^\ ])\#[^{_CONTROL}]*+)?
    """,
    re.VERBOSE,
)
_FLOW_PARTS = re.compile(rf"(?:(?P<key>{_FLOW_WORD}):\ ++)?(?P<value>{_DOUBLE}|{_SINGLE}|{_FLOW_WORD})")
_OTHER: Token = (0, OTHER, "", None, 0, (0, 0, 0, 0))


class LineMemo(dict[str, Token | None]):
    """Line → its token. Bounded: it starts anew when it is full."""

    def __missing__(self, line: str) -> Token | None:
        token = read_line(line)
        if len(line) <= _MAX_REMEMBERED_LINE:
            if len(self) >= _MAX_REMEMBERED:
                self.clear()
            self[line] = token
        return token


def read_line(line: str) -> Token | None:
    """Return the token of ``line`` (without its line break); None for an empty line or a comment."""
    if len(line) > MAX_LINE or (not line.isascii() and _ODD.search(line)):
        return _OTHER
    match = _LINE.fullmatch(line)
    if match is None:
        return _OTHER
    indent, dash, key, value = match.groups()
    if dash is None and key is None:
        return _OTHER if value else None
    name = _key(key) if key else ""
    if name is None:
        return _OTHER
    form, meaning = _meaning(value.rstrip(" ")) if value else (KEY_OPEN, None)
    if key is None:
        form = _ITEM_FORMS[form]
    if form == OTHER or meaning.__class__ is Unknown:  # the full reader keeps count of those
        return _OTHER
    start = match.start("value") if value else 0
    end = start + len(value.rstrip(" ")) if value else 0
    columns = (match.start("key"), match.end("key"), start, end) if key else (0, 0, start, end)
    level = 2 * len(indent) + (dash is not None)
    inner = 2 * (len(indent) + len(dash)) if key and dash else 0
    return level, form, sys.intern(name), meaning, inner, columns


def flow_parts(line: str, start: int, end: int) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Return (key, its columns, columns of the value) for each part of a flow mapping or list in ``line``."""
    return [
        (_key(match["key"] or "''") or "", match.span("key"), match.span("value"))
        for match in _FLOW_PARTS.finditer(line, start + 1, end - 1)
    ]


_ITEM_FORMS = {KEY_SCALAR: ITEM_SCALAR, KEY_FLOW: ITEM_FLOW, KEY_BLOCK: ITEM_BLOCK, KEY_OPEN: OTHER, OTHER: OTHER}


def _meaning(value: str) -> tuple[int, Any]:
    """Return the form of ``key: value``, and what ``value`` means."""
    first = value[0]
    if first in "\"'":
        return KEY_SCALAR, _unquoted(value)
    if first == "|":
        return KEY_BLOCK, value[1:]
    if first == "[":
        return KEY_FLOW, [_flow_scalar(text) for _, text in _FLOW_PARTS.findall(value[1:-1])]
    if first == "{":
        return _flow_mapping(value)
    return KEY_SCALAR, resolve_plain(value)


def _flow_mapping(text: str) -> tuple[int, Any]:
    mapping: dict[str, Any] = {}
    for key, value in _FLOW_PARTS.findall(text[1:-1]):
        name = _key(key)
        if name is None or name in mapping:
            return OTHER, None
        mapping[name] = _flow_scalar(value)
    return KEY_FLOW, mapping


def _flow_scalar(text: str) -> Any:
    return _unquoted(text) if text[0] in "\"'" else resolve_plain(text)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1]


def _key(text: str) -> str | None:
    """Return the text of a key; None for a null key, which needs a note."""
    if text[0] in "\"'":
        return _unquoted(text)
    return plain_key(text) if resolve_plain(text) is not None else None
