"""Reads JSON element by element: an export may be larger than the memory there is.

One buffer is kept, of the size of a chunk or of the largest element. The standard library finds where an element ends;
its offsets are told in bytes, so that whoever judges the element can read it again by itself.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from scanner.sources.azure.answers import ROWS
from scanner.sources.azure.parsing import DECODER

CHUNK_BYTES = 4 << 20
MAX_ELEMENT = 64 << 20
"""Characters of one element; Resource Graph answers at most 16 MB at once."""

_BLANK = re.compile(r"\s*")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8"))


class Element(NamedTuple):
    """A resource, or an answer that was read as a whole."""

    value: Any
    start: int
    """Offset in bytes of its first character."""
    end: int
    """Offset in bytes after its last character."""
    listed: bool
    """Whether it stands in an array, where a comma separates it from the next one."""
    run: int
    """The same for elements between which nothing else stands."""


class Answer(NamedTuple):
    """The end of an answer, of which the rows were given as elements."""

    members: Mapping[str, Any]
    """All but the rows."""
    rows: int
    first: Any


class BrokenError(ValueError):
    """The text is no JSON from some place on; the message says which."""


def encoding_of(head: bytes) -> tuple[str, int]:
    """Return the encoding that a text begins in, and the size of its byte order mark."""
    return next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), ("utf-8", 0))


def elements(stream: BinaryIO) -> Iterator[Element | Answer]:
    """Yield what a stream at its beginning holds; raises BrokenError where it cannot be read on."""
    reader = _Reader(stream)
    run = 0
    while sign := reader.peek():
        if sign == "[":
            yield from _array(reader, run + 1)
            run += 2
        elif sign == "{":
            for found in _object(reader, run):
                yield found
                run += 2 * isinstance(found, Answer)
        else:
            start = reader.offset()
            yield Element(reader.value(), start, reader.offset(), False, run)


def _array(reader: "_Reader", run: int) -> Iterator[Element]:
    reader.take("[")
    if reader.peek() == "]":
        reader.take("]")
        return
    while True:
        reader.peek()
        start = reader.offset()
        yield Element(reader.value(), start, reader.offset(), True, run)
        if reader.peek() == "]":
            reader.take("]")
            return
        reader.take(",")


def _object(reader: "_Reader", run: int) -> Iterator[Element | Answer]:
    start = reader.offset()
    reader.take("{")
    members: dict[str, Any] = {}
    rows = -1
    first = None
    while reader.peek() != "}":
        key = str(reader.value())
        reader.take(":")
        if reader.peek() == "[" and key in ROWS and rows < 0:
            rows = 0
            for element in _array(reader, run + 1):
                first = element.value if rows == 0 else first
                rows += 1
                yield element
        else:
            members[key] = reader.value()
        if reader.peek() == ",":
            reader.take(",")
    reader.take("}")
    yield Answer(members, rows, first) if rows >= 0 else Element(members, start, reader.offset(), False, run)


class _Reader:
    """A text that is read in chunks; positions are told in bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        head = stream.read(4)
        self._encoding, mark = encoding_of(head)
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._stream = stream
        self._bytes = mark
        """Offset of the character at ``_marked``."""
        self._marked = self._at = 0
        self._ended = False
        self._text = ""
        self._text = self._decoded(head[mark:])

    def peek(self) -> str:
        """Return the next character that is no blank; empty at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, sign: str) -> None:
        """Go past ``sign``."""
        if self.peek() != sign:
            raise BrokenError(f"{sign!r} is expected at byte {self.offset()}")
        self._at += 1

    def value(self) -> Any:
        """Return the value that comes next, and go past it."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
                if end < len(self._text) or not self._more():  # a number may go on in the next chunk
                    self._at = end
                    return value
            except RecursionError:
                raise BrokenError(f"the value at byte {self.offset()} is nested too deeply") from None
            except ValueError:
                if len(self._text) - self._at > MAX_ELEMENT or not self._more():
                    raise BrokenError(f"the value at byte {self.offset()} cannot be read") from None

    def offset(self) -> int:
        """Return the offset in bytes of where it stands."""
        between = self._text[self._marked : self._at]
        self._bytes += len(between) if self._is_narrow(between) else len(between.encode(self._encoding))
        self._marked = self._at
        return self._bytes

    def _is_narrow(self, text: str) -> bool:
        return self._encoding == "utf-8" and text.isascii()

    def _more(self) -> bool:
        """Read one more chunk behind what is left; return whether there was any."""
        if self._ended:
            return False
        self.offset()
        self._text = self._text[self._at :] + self._decoded(self._stream.read(CHUNK_BYTES))
        self._at = self._marked = 0
        return not self._ended

    def _decoded(self, data: bytes) -> str:
        self._ended = not data
        try:
            return self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise BrokenError(f"the text is not {self._encoding.upper()} after byte {self.offset()}") from None
