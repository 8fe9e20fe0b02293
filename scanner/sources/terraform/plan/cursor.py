"""Walks a JSON text value by value, so that a plan of many megabytes is never in memory as one tree.

The values themselves are read by the standard library's scanner, which is written in C; here is only what stands
between them. Offsets are in code points.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # it is there in every version
from typing import Any, NoReturn

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN_KEY = re.compile(r'("([^"\\\x00-\x1f]*)")[ \t\n\r]*:[ \t\n\r]*')
_SEPARATOR = re.compile(r"[ \t\n\r]*([,\]}])[ \t\n\r]*")


class ConstantError(ValueError):
    """NaN or Infinity, which the standard library reads and JSON does not have."""


def _refuse_constant(name: str) -> NoReturn:
    raise ConstantError(f"{name} is not JSON")


_SCAN = json.JSONDecoder(parse_constant=_refuse_constant).scan_once  # type: ignore[attr-defined]


class Cursor:
    """A place in a JSON text, which moves forward.

    Every method raises :class:`json.JSONDecodeError` where the text is not what it has to be, and RecursionError where
    it is nested too deeply.
    """

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = _blank(text, position)
        self.key: tuple[int, int] = (0, 0)
        """Where the key that :meth:`members` yielded last starts and ends, quotes included."""

    def at(self, character: str) -> bool:
        """Whether the next character is ``character``."""
        return self.text.startswith(character, self.position)

    def value(self) -> Any:
        """Read the value that starts here."""
        try:
            value, self.position = _SCAN(self.text, self.position)
        except StopIteration as error:
            raise json.JSONDecodeError("expecting value", self.text, error.value) from None
        return value

    def skip(self) -> bool:
        """Move past the value that starts here; false, so that a search goes on."""
        self.value()
        return False

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that starts here, each with the cursor on its value.

        Whoever asks for the next key has moved the cursor past the value.
        """
        self._expect("{", "an object")
        if self._took("}"):
            return
        while True:
            plain = _PLAIN_KEY.match(self.text, self.position)
            if plain is not None:  # nearly every key: one match instead of four steps
                self.key = plain.span(1)
                self.position = plain.end()
                yield plain[2]
            else:
                yield self._key()
            if self._ended("}"):
                return

    def _key(self) -> str:
        start = self.position
        if not self.at('"'):
            self._fail("expecting property name enclosed in double quotes")
        key: str
        key, self.position = scanstring(self.text, start + 1, True)
        self.key = (start, self.position)
        self._skip_blank()
        self._expect(":", "':' delimiter")
        return key

    def elements(self) -> Iterator[int]:
        """Yield the indexes of the list that starts here, each with the cursor on the element; as with members."""
        self._expect("[", "a list")
        if self._took("]"):
            return
        index = 0
        while True:
            yield index
            index += 1
            if self._ended("]"):
                return

    def finish(self) -> None:
        """Make sure that nothing follows."""
        self._skip_blank()
        if self.position != len(self.text):
            self._fail("extra data")

    def _ended(self, bracket: str) -> bool:
        separator = _SEPARATOR.match(self.text, self.position)
        if separator is None or separator[1] not in (",", bracket):
            self._skip_blank()
            self._fail(f"expecting ',' delimiter or '{bracket}'")
        if separator[1] == bracket:
            self.position = separator.end(1)
            return True
        self.position = separator.end()
        return False

    def _took(self, character: str) -> bool:
        if not self.at(character):
            return False
        self.position += 1
        return True

    def _expect(self, character: str, what: str) -> None:
        if not self._took(character):
            self._fail(f"expecting {what}")
        self._skip_blank()

    def _skip_blank(self) -> None:
        self.position = _blank(self.text, self.position)

    def _fail(self, message: str) -> NoReturn:
        if self.position >= len(self.text):
            message = f"the text ends too early, {message}"
        raise json.JSONDecodeError(message, self.text, self.position)


class LineStarts:
    """Turns offsets of a text into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = array("Q", [0])
        self._starts.extend(match.end() for match in re.finditer("\n", text))

    def place(self, offset: int) -> tuple[int, int]:
        """Return the one-based line and column of ``offset``."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    assert match is not None, "the pattern matches the empty text"
    return match.end()
