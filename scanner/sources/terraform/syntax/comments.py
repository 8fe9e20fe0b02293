"""Comments, for those who look for a word in them: inline exemptions.

The parser throws comments away. This reads a text again, only as far as strings, heredocs and comments go, and only
when the word is in it at all; a text with faults is read too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.sources.terraform.syntax.patterns import HEREDOC_TOKEN, QUOTED_TOKEN
from scanner.sources.terraform.syntax.templates import SPACES


class Comment(NamedTuple):
    """One comment, with its marker (``#``, ``//``, ``/* */``) and without the end of its line."""

    start: int
    """Offset in code points."""
    end: int
    text: str


def comments_with(word: str, text: str) -> Iterator[Comment]:
    """Yield the comments of ``text`` that hold ``word``, in order."""
    if word not in text:
        return
    for start, end in _comments(text):
        comment = text[start:end]
        if word in comment:
            yield Comment(start, end, comment)


# 1 line comment, 2 "/*", 3 quote, 4 heredoc with 5 its marker, 6 "{", 7 "}".
_MARK = re.compile(r'(\#[^\r\n]*+|//[^\r\n]*+)|(/\*)|(")|(<<-?([^\W\d][\w-]*+)\r?\n)|(\{)|(\})').search


def _comments(text: str) -> Iterator[tuple[int, int]]:
    # One entry for each template around the place: what ends it, and how many braces are open in its interpolation.
    outer: list[tuple[str, int]] = []
    braces = 0
    pos = 0
    while (match := _MARK(text, pos)) is not None:
        kind = match.lastindex
        pos = match.end()
        if kind == 1:
            yield match.start(), pos
        elif kind == 2:
            end = text.find("*/", pos)
            if end < 0:
                return
            pos = end + 2
            yield match.start(), pos
        elif kind == 6:
            braces += 1
        elif kind == 7 and (braces or not outer):
            braces = max(0, braces - 1)
        else:
            if kind == 7:
                closer, braces = outer.pop()
                line_start = False
            else:
                closer, line_start = (match[5], True) if kind == 4 else ('"', False)
            pos, inside = _template(text, pos, closer, line_start)
            if inside:
                outer.append((closer, braces))
                braces = 0


def _template(text: str, pos: int, closer: str, line_start: bool) -> tuple[int, bool]:
    """Return where the template ends, or where an interpolation in it starts, and which of the two it is."""
    token = QUOTED_TOKEN if closer == '"' else HEREDOC_TOKEN
    while (match := token(text, pos)) is not None:
        kind = match.lastindex
        pos = match.end()
        if kind in (3, 4):
            return pos, True
        if kind == 5:
            return pos, False
        ends_line = text[pos - 1] == "\n"
        if closer != '"' and line_start and ends_line and match[0].strip(SPACES) == closer:
            return pos - 1, False
        line_start = ends_line
    return pos, False
