"""Reads JSON as the service reads templates: with comments, trailing commas, single quotes and line breaks in strings.

The values come from the standard library, which is given the text without what it does not read. The positions, and
the place of what nobody reads, come from a parser of its own, which is asked for them seldom: it reads about 5 MB/s.
It keeps its own stack, so that no text can exhaust Python's.
"""

import bisect
import json
import re
from typing import Any, Final

from scanner.documents import Document, Limits, Problem
from scanner.documents.json_stream import read_json_text
from scanner.documents.nodes import Duplicate, Node, Span, Tree

_TOKEN: Final = re.compile(
    r"""(?P<skip>[\s\ufeff]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)
      | (?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
      | (?P<sign>[\[\]{}:,])
      | (?P<word>[^\s\[\]{}:,"'/]++)""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
_ESCAPED: Final = re.compile(r"\\(.)|\"", re.DOTALL)
_WORDS: Final = {"true": True, "false": False, "null": None}
_MAX_DIGITS: Final = 400


_TEXT: Final = r'"(?:[^"\\]|\\.)*+"'
_BEFORE_COMMENT: Final = re.compile(
    rf"((?:[^\"/]++|{_TEXT}|/(?![/*]))*+)(//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/|\Z)", re.DOTALL
)
_BEFORE_TRAILING: Final = re.compile(rf"((?:[^\",]++|{_TEXT}|,(?!\s*[\]}}]))*+)(,|\Z)", re.DOTALL)
_COMMENT_MARK: Final = re.compile(r"(?<!:)//|/\*")  # not that of an address
_TRAILING_MARK: Final = re.compile(r",\s*[\]}]")
_STRING: Final = re.compile(_TEXT, re.DOTALL)
_NOT_BREAK: Final = re.compile(r"[^\n]")
_CONTROL: Final = re.compile(r"[\x00-\x1f]")


def read_blanked(text: str, limits: Limits) -> Document | None:
    """Return the document of ``text`` with blanks in place of comments and trailing commas, so that places stay.

    None where that is not enough: then :func:`read_tolerant` reads it, or knows why not.
    """
    if _COMMENT_MARK.search(text):
        text = "".join([match[1] + _NOT_BREAK.sub(" ", match[2]) for match in _BEFORE_COMMENT.finditer(text)])
    if _TRAILING_MARK.search(text):
        text = "".join([match[1] + " " * len(match[2]) for match in _BEFORE_TRAILING.finditer(text)])
    documents = read_json_text(text, limits).documents
    return documents[0] if documents else None


def read_escaped(text: str, limits: Limits) -> Any:
    """Return the value of ``text`` where besides those there are line breaks in strings; :data:`NOT_READ` else.

    A key that is set twice has a place, and is left to :func:`read_tolerant` too.
    """
    text = "".join([match[1] for match in _BEFORE_COMMENT.finditer(text)])
    text = "".join([match[1] for match in _BEFORE_TRAILING.finditer(text)])
    documents = read_json_text(_STRING.sub(lambda match: _CONTROL.sub(_escaped, match[0]), text), limits).documents
    return documents[0].value if documents and not documents[0].notes else NOT_READ


NOT_READ: Final = object()
"""In place of a value."""


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def read_tolerant(text: str, limits: Limits) -> Document | Problem:
    """Return the document of ``text``, or why there is none, with its place."""
    reader = _Reader(text, limits)
    try:
        value = reader.read()
    except _NotReadError as error:
        return Problem(error.reason, *reader.place(error.offset))
    tree = Tree(reader.root, tuple(reader.duplicates))
    return Document(0, value, reader.root.span[0], lambda: tree, suspicious=bool(reader.duplicates))


class _NotReadError(Exception):
    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class _Reader:
    """Puts tokens in their place; ``_open`` are the containers that are not closed yet."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._open: list[tuple[Any, Node]] = []
        self._key: tuple[str, Span] | None = None
        self._values = 0
        self._result: Any = None
        self.root = Node((1, 1, 1, 1))
        self.duplicates: list[Duplicate] = []

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def read(self) -> Any:
        """Return the value. Raises :class:`_NotReadError`."""
        position, wants, length = 0, "value", len(self._text)
        while position < length:
            match = _TOKEN.match(self._text, position)
            if match is None:
                raise _NotReadError(self._broken(position), position)
            start, position = position, match.end()
            if match.lastgroup != "skip":
                wants = self._take(match.lastgroup or "", match[0], start, position, wants)
        if wants != "end":
            raise _NotReadError(f"the text ends where {_WANTED[wants]} is expected", length)
        return self._result

    def _broken(self, position: int) -> str:
        character = self._text[position]
        if character in "\"'":
            return "a string has no end"
        return "a comment has no end" if self._text.startswith("/*", position) else f"unexpected '{character}'"

    def _take(self, kind: str, part: str, start: int, end: int, wants: str) -> str:
        """Place one token and return what may come next."""
        if kind == "sign" and part in "]}":
            return self._close(part, start, wants)
        if wants == "key" and kind == "string":
            self._key = (self._string(part, start), self._span(start, end))
            return "colon"
        if wants == "colon" and part == ":":
            return "value"
        if wants == "comma" and part == ",":
            return "key" if self._open[-1][1].entries is not None else "item"
        if wants in ("value", "item"):
            if part == "{":
                return self._begin({}, Node(self._span(start, end), entries={}), start, "key")
            if part == "[":
                return self._begin([], Node(self._span(start, end), items=[]), start, "item")
            if kind == "string":
                return self._add(self._string(part, start), Node(self._span(start, end)), start)
            if kind == "word":
                return self._add(self._word(part, start), Node(self._span(start, end)), start)
        raise _NotReadError(f"{_WANTED[wants]} is expected, not '{part[:40]}'", start)

    def _span(self, start: int, end: int) -> Span:
        return (*self.place(start), *self.place(end))

    def _begin(self, value: Any, node: Node, start: int, wants: str) -> str:
        self._add(value, node, start)
        if len(self._open) >= self._limits.max_depth:
            raise _NotReadError(self._limits.depth_problem().reason, start)
        self._open.append((value, node))
        return wants

    def _close(self, part: str, start: int, wants: str) -> str:
        is_object = bool(self._open) and self._open[-1][1].entries is not None
        if not self._open or is_object is not (part == "}") or wants not in ("comma", "key", "item"):
            raise _NotReadError(f"{_WANTED[wants]} is expected, not '{part}'", start)
        _, node = self._open.pop()
        node.span = (*node.span[:2], *self.place(start + 1))
        return "comma" if self._open else "end"

    def _add(self, value: Any, node: Node, start: int) -> str:
        self._values += 1
        if self._values > self._limits.max_nodes:
            raise _NotReadError(self._limits.nodes_problem().reason, start)
        if not self._open:
            self._result, self.root = value, node
            return "end"
        container, parent = self._open[-1]
        if parent.items is not None:
            container.append(value)
            parent.items.append(node)
        elif self._key is not None and parent.entries is not None:
            name, key = self._key
            if name in container:
                self.duplicates.append(Duplicate(name, parent.entries[name][0], key, merged=False))
            container[name] = value
            parent.entries[name] = (key, node, False)
        return "comma"

    def _string(self, part: str, start: int) -> str:
        if part[0] == "'":
            part = '"' + _ESCAPED.sub(_requoted, part[1:-1]) + '"'
        try:
            text = json.loads(part, strict=False)
        except ValueError:
            raise _NotReadError("a string has an escape that JSON does not know", start) from None
        assert isinstance(text, str)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in part else text

    def _word(self, part: str, start: int) -> Any:
        if part in _WORDS:
            return _WORDS[part]
        if len(part) <= _MAX_DIGITS and _NUMBER.match(part):
            return json.loads(part)
        raise _NotReadError(f"a value is expected, not '{part[:40]}'", start)


def _requoted(match: re.Match[str]) -> str:
    if match[0] == '"':
        return '\\"'
    return "'" if match[1] == "'" else match[0]


_WANTED: Final = {
    "value": "a value",
    "item": "a value or ']'",
    "key": "a key in quotation marks or '}'",
    "colon": "':'",
    "comma": "',' or the end of the object or array",
    "end": "the end of the text",
}
