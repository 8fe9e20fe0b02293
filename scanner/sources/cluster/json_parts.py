"""Splits a large JSON text into parts that can be read on their own, in one pass and in bounded memory.

A dump of a cluster is one List of everything: hundreds of megabytes, twenty times that as Python values. Here it
becomes runs of list elements of about a megabyte. Nothing is parsed but brackets and strings; whether a part is JSON
is seen when it is read, so a fault is always seen, and costs one part.

``kubectl -o json`` indents, and no JSON string holds a line break. So in an indented list a line of exactly its
indentation and ``}`` ends an element, and most of the text is not even looked at.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

PART_BYTES = 1 << 20
"""About what a part weighs: 200 to 500 objects."""
MAX_VALUE_BYTES = 64 << 20
"""No object of the API is larger than 3 MiB (request limit of the API server); what is, is no dump."""

SEPARATORS = b", \t\r\n\x1e"
"""What may stand between values: commas of a list, white space, the record separator of RFC 7464."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[{}\[\]]', re.DOTALL)
_SPACE = re.compile(rb"[\s,\x1e]*+")
_ITEMS = re.compile(rb"\s*+:\s*+\[")
_INDENTED = re.compile(rb"\r?\n( *+)\{(?=\r?\n)")
_KIND = re.compile(rb'"kind"\s*+:\s*+"([^"]*+)"')
_OPENING = frozenset(b"{[")
_QUOTE = 0x22
_HEAD_BYTES = 64 << 10
"""What stands before the elements of a list is far shorter than this."""


class Part(NamedTuple):
    """A run of whole values in a text."""

    start: int
    """Offset of its first byte in the text (decompressed where it was compressed)."""
    length: int
    head: bytes
    """``{"apiVersion": …, "kind": …, "items": [`` where the values are elements of that list; ``[`` for a plain list;
    empty for values that stand on their own."""
    ends: tuple[int, ...]
    """Of values that stand on their own: where each ends, from the start of the part."""
    fault: str = ""
    """Why the text ends here, where it ends in the middle of a value."""


class _CutError(Exception):
    """The text ends inside a value, or a value is too large."""


def split(stream: BinaryIO) -> Iterator[tuple[Part, bytes]]:
    """Yield the parts of a text in order, each with its bytes. Reading errors of ``stream`` come through."""
    window = _Window(stream)
    window.ensure(3)
    if window.data.startswith(b"\xef\xbb\xbf"):
        window.position = 3
    run = _Run(window, b"")
    try:
        while window.skip_space():
            head = _list_head(window)
            if not head:
                yield from run.take_value()
                continue
            yield from run.flush()
            window.position += len(head)
            yield from _elements(window, head)
            if head != b"[":
                window.position = window.end_of_value(depth=1)
    except _CutError as error:
        yield from run.flush()
        yield Part(window.base + window.position, 0, b"", (), str(error)), b""
    else:
        yield from run.flush()


def list_around(head: bytes) -> dict[str, Any] | None:
    """Return the list that a head opens, without its elements; None where it is no JSON.

    One that does not say its kind before its elements is a ``List``.
    """
    try:
        value = json.loads(head + (b"]" if head == b"[" else b"]}"))
    except ValueError:
        return None
    listed = value if isinstance(value, dict) else {}
    return listed if "kind" in listed else {"apiVersion": "v1", **listed, "kind": "List"}


def single_values(elements: bytes) -> Iterator[bytes]:
    """Yield the values of a part of a list one by one: for a part that cannot be parsed because of one of them."""
    window = _Window(io.BytesIO(elements))
    try:
        while window.skip_space():
            start, window.position = window.position, window.end_of_value()
            yield window.data[start : window.position]
    except _CutError:
        yield window.data[window.position :]


def _list_head(window: "_Window") -> bytes:
    """Return the text up to the first element if a list starts here; empty for any other value."""
    window.ensure(_HEAD_BYTES)
    data, start = window.data, window.position
    if data[start : start + 1] == b"[":
        return b"["
    if data.find(b'"items"', start, start + _HEAD_BYTES) < 0:
        return b""
    level = 0
    for match in _TOKEN.finditer(data, start, start + _HEAD_BYTES):
        token = match[0]
        if token in b"{[":
            level += 1
        elif token in b"]}":
            level -= 1
        elif level == 1 and token == b'"items"' and (opening := _ITEMS.match(data, match.end())):
            head = data[start : opening.end()]
            kind = _KIND.search(head)
            return head if kind is None or kind[1].endswith(b"List") else b""
        if level <= 0:
            break
    return b""


def _elements(window: "_Window", head: bytes) -> Iterator[tuple[Part, bytes]]:
    """Yield the parts of the list whose first element is next, and go behind its closing bracket."""
    window.ensure(_HEAD_BYTES)
    indented = _INDENTED.match(window.data, window.position)
    if indented:
        window.position = indented.end() - 1
        yield from _indented_elements(window, head, indented[1])
        return
    run = _Run(window, head)
    is_empty = True
    try:
        while window.skip_space():
            if window.data[window.position : window.position + 1] == b"]":
                yield from run.flush()
                if is_empty:
                    yield window.cut(window.position, window.position, head)
                window.position += 1
                return
            is_empty = False
            yield from run.take_value()
    except _CutError:
        yield from run.flush()
        raise
    yield from run.flush()
    raise _CutError("the file is cut off: it ends between two elements of a list")


def _indented_elements(window: "_Window", head: bytes, indentation: bytes) -> Iterator[tuple[Part, bytes]]:
    closing = b"\n" + indentation + b"}"
    last = re.compile(re.escape(closing) + rb"\r?\n *+\]")
    while True:
        window.ensure(PART_BYTES + _HEAD_BYTES)
        start = window.position
        end = last.search(window.data, start)
        comma = window.data.find(closing + b",", start + PART_BYTES)
        if end and (comma < 0 or end.start() < comma):
            yield window.cut(start, end.start() + len(closing), head)
            window.position = end.end() - (end.start() + len(closing))
            return
        if comma < 0 and not window.more(start):
            comma = window.data.rfind(closing + b",", start)
            if comma < 0:
                raise _CutError(window.why_cut(start))
        if comma >= 0:
            yield window.cut(start, comma + len(closing), head)
            window.skip_space()


class _Run:
    """Values that stand beside each other and become one part."""

    def __init__(self, window: "_Window", head: bytes) -> None:
        self._window = window
        self._head = head
        self._start = 0
        self._ends: list[int] = []

    def take_value(self) -> Iterator[tuple[Part, bytes]]:
        """Add the value that is next; yields the part if it has become large enough."""
        window = self._window
        if not self._ends:
            self._start = window.position
        window.position = window.end_of_value()
        self._ends.append(window.position)
        if window.position - self._start >= PART_BYTES:
            yield from self.flush()

    def flush(self) -> Iterator[tuple[Part, bytes]]:
        """Yield what was added as a part, if there is anything."""
        if self._ends:
            start, ends = self._start, self._ends
            rest = self._window.position - ends[-1]
            own = () if self._head else tuple(end - start for end in ends)
            self._ends = []
            yield self._window.cut(start, ends[-1], self._head, own)
            self._window.position = rest


class _Window:
    """The stretch of the text that is held in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self.data = b""
        self.base = 0
        """Offset of ``data`` in the text."""
        self.position = 0
        """In ``data``; before it everything is done with."""
        self._stream = stream
        self._ended = False

    def fill(self, size: int = 0) -> bool:
        """Read on, at least ``size`` bytes where there are as many; False at the end of the text."""
        if self._ended:
            return False
        block = self._stream.read(max(size, PART_BYTES))
        self._ended = not block
        self.data += block
        return bool(block)

    def ensure(self, size: int) -> None:
        """Hold ``size`` bytes behind the position, or all there are."""
        while len(self.data) - self.position < size and self.fill():
            pass

    def more(self, start: int) -> bool:
        """Read on behind a value that starts at ``start``; False at the end of the text."""
        held = len(self.data) - start
        if held > MAX_VALUE_BYTES:
            raise _CutError(f"the value at offset {self.base + start} is larger than {MAX_VALUE_BYTES >> 20} MiB")
        return self.fill(held)  # twice as much each time, so that the whole stays linear

    def cut(self, start: int, end: int, head: bytes, ends: tuple[int, ...] = ()) -> tuple[Part, bytes]:
        """Return the part between two places and forget everything up to its end, which the position then is."""
        data = self.data[start:end]
        part = Part(self.base + start, end - start, head, ends)
        self.data = self.data[end:]
        self.base += end
        self.position = 0
        return part, data

    def skip_space(self) -> bool:
        """Go to the next value; False at the end of the text."""
        while True:
            match = _SPACE.match(self.data, self.position)
            assert match is not None, "it matches nothing, too"
            self.position = match.end()
            if self.position < len(self.data):
                return True
            if not self.fill():
                return False

    def end_of_value(self, depth: int = 0) -> int:
        """Return where the value that is next ends, or the one that has ``depth`` brackets open here."""
        start = position = self.position
        level = depth
        while True:
            for match in _TOKEN.finditer(self.data, position):
                token = self.data[match.start()]
                if token == _QUOTE:
                    if not match[1]:
                        break  # the string goes on behind what is held
                elif token in _OPENING:
                    level += 1
                else:
                    level -= 1
                position = match.end()
                if level <= 0:
                    return position
            if not self.more(start):
                raise _CutError(self.why_cut(start))

    def why_cut(self, start: int) -> str:
        """Return why the value that starts at ``start`` is none, when the text ends inside it."""
        if self.data[start : start + 1] not in (b"{", b"[") and not (self.base + start):
            return "it is no JSON"
        return f"the file is cut off: what starts at offset {self.base + start} does not end"
