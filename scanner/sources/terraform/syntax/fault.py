"""What is wrong with a text, and where: data for the ledger, and the exception that carries it out of the parser.

The exception never leaves this package: every public function returns faults.
"""

from typing import NamedTuple

_LONGEST = 40
"""Characters of a word that a message repeats."""


class SyntaxFault(NamedTuple):
    """Why a stretch of text could not be read. The reader of the file adds its name, line and column."""

    message: str
    """Cause in lower case: what was expected and what was found."""
    start: int
    """Offset in code points."""
    end: int
    """Offset one past the last code point of what was found: ``start`` itself at the end of a line or of the text, the
    end of the text where something that starts at ``start`` is never closed."""


class Stop(Exception):  # noqa: N818 - not an error of the program: the way out of a deep descent
    """Ends the reading of one block or expression."""

    def __init__(self, message: str, start: int, end: int | None = None) -> None:
        self.fault = SyntaxFault(message, start, start if end is None else end)
        super().__init__(message)


def expected(what: str, text: str, pos: int) -> Stop:
    """Return the Stop that says ``what`` was expected at ``pos``, and names what stands there."""
    found, end = found_at(text, pos)
    return Stop(f"expected {what}, found {found}", pos, end)


def found_at(text: str, pos: int) -> tuple[str, int]:
    """Return how to name what stands at ``pos``, and where it ends."""
    if pos >= len(text):
        return "the end of the file", pos
    char = text[pos]
    if char == "\n" or text.startswith("\r\n", pos):
        return "the end of the line", pos
    end = pos + 1
    if char == "_" or char.isalnum():
        while end < len(text) and end - pos < _LONGEST and (text[end] in "_-" or text[end].isalnum()):
            end += 1
    return (f'"{text[pos:end]}"' if char != '"' and char.isprintable() else _name(char)), end


def _name(char: str) -> str:
    if char == '"':
        return "a quote"
    return f"the character U+{ord(char):04X}"
