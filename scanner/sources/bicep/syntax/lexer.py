"""Cuts Bicep text into tokens. Knows strings and their holes, and nothing of grammar.

One regular expression takes blanks, comments and the token behind them in one match; line breaks are tokens, since
they end statements, and a run of blank and commented lines is one of them. No part of the expression can be matched
in two ways, so the time is linear in the text.
Source: the Bicep language specification (Azure/bicep, docs/grammar.md) and the compiler's own samples.
"""

import re
from typing import Final, NamedTuple

NAME: Final = "name"
TEXT: Final = "text"
"""A whole string; its text is the value."""
LEFT: Final = "left"
"""What stands before the first hole of a string."""
MIDDLE: Final = "middle"
RIGHT: Final = "right"
NUMBER: Final = "number"
LINE: Final = "line"
"""One or more line breaks."""
END: Final = "end"
BAD: Final = "bad"
"""Something that was complained about."""

MAX_IDENTIFIER: Final = 255
_MAX_PROBLEMS: Final = 100
_MAX_HOLES: Final = 100

_COMMENT = r"//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_DIRECTIVE = r"\#(?:disable-next-line|disable-diagnostics|restore-diagnostics)[ \t]+[\w-][^\r\n]*+"
_ESCAPE = r"\\[nrt\\'$]|\\u\{0{0,8}(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\}"
_PLAIN = rf"[^'\\$\r\n]++|\$(?!\{{)|{_ESCAPE}"

_TOKEN = re.compile(
    rf"""(?:[ \t]++|{_COMMENT})*+(?:
      ([A-Za-z_][A-Za-z0-9_]*+)
    | ([{{}}\[\](),@]|::?|\.\.\.|\.|=[=>~]?|![=~]?|<=?|>=?|&&|\|\|?|\?\??|[-+*%^]|/(?!\*))
    | ((?:\r\n?|\n)(?:[ \t\r\n]++|{_COMMENT}|{_DIRECTIVE})*+)
    | (\$*+''')
    | '((?:{_PLAIN})*+)'
    | ([0-9]++)
    | (')
    | (/\*)
    | (.)
    | \Z
    )""",
    re.VERBOSE,
)
_IS_NAME, _IS_SIGN, _IS_LINE, _IS_MULTI, _IS_TEXT, _IS_NUMBER, _IS_QUOTE, _IS_COMMENT = range(1, 9)
_START = re.compile(rf"(?:[ \t\r\n\ufeff]|{_COMMENT}|{_DIRECTIVE})*+")
_PIECE = re.compile(rf"((?:{_PLAIN})*+)('|\$\{{)")
_BROKEN = re.compile(rf"(?:{_PLAIN})*+(\\)?")
_REST = re.compile(r"(?:[^'\\\r\n]|\\[^\r\n])*+'?")
_MULTI_STOP = re.compile(r"('{3,})|(\$++)\{")
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Complaint(NamedTuple):
    """Something the text should not say."""

    reason: str
    offset: int


class Tokens(NamedTuple):
    """The tokens of a text, as columns: reading three lists by one index is faster than reading objects."""

    kinds: list[str]
    """One of the kinds above; for an operator or a bracket, itself. The last is :data:`END`."""
    texts: list[str]
    """The value of strings, else what was written."""
    starts: list[int]
    ends: list[int]
    complaints: list[Complaint]


def tokenise(text: str) -> Tokens:
    """Return the tokens of ``text``. Never raises: what cannot be read is complained about and left out."""
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.kinds: list[str] = []
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.complaints: list[Complaint] = []

    def run(self) -> Tokens:
        position: int | None = _START.match(self.text).end()  # type: ignore[union-attr]  # it matches nothing as well
        while position is not None and len(self.complaints) < _MAX_PROBLEMS:
            position = self._plain(position)
        self._add(END, "", len(self.text), len(self.text))
        return Tokens(self.kinds, self.texts, self.starts, self.ends, self.complaints)

    def _plain(self, position: int) -> int | None:
        """Read tokens outside of strings; return where to go on behind a token that needed a closer look.

        The loop decides the speed of the parser: nothing in it is called that is not needed for nearly every token.
        """
        add_kind, add_text = self.kinds.append, self.texts.append
        add_start, add_end = self.starts.append, self.ends.append
        for match in _TOKEN.finditer(self.text, position):
            index = match.lastindex
            if index is None:
                break
            start, end = match.span(index)
            if index == _IS_NAME:
                add_kind(NAME)
                add_text(match[1])
            elif index == _IS_SIGN:
                sign = match[2]
                add_kind(sign)
                add_text(sign)
            elif index == _IS_LINE:
                add_kind(LINE)
                add_text("")
            elif index == _IS_TEXT:
                value = match[5]
                add_kind(TEXT)
                add_text(unescape(value) if "\\" in value else value)
                start -= 1
                end += 1
            elif index == _IS_NUMBER:
                add_kind(NUMBER)
                add_text(match[6])
            else:
                return self._special(match, index)
            add_start(start)
            add_end(end)
        return None

    def _special(self, match: re.Match[str], index: int) -> int | None:
        """Read the token of ``match`` that the loop does not understand; return where to go on."""
        start, end = match.span(index)
        if index == _IS_QUOTE:
            return self._holes(start, -1, end)
        if index == _IS_MULTI:
            return self._holes(start, end - start - 3, end)
        if index == _IS_COMMENT:
            self._complain("the comment is not closed; expected '*/'", start)
            return None
        shown = match[index]
        hint = "; strings stand in single quotes" if shown == '"' else ""
        self._complain(f"unexpected character {shown!r}{hint}", start)
        self._add(BAD, shown, start, end)
        return end

    def _holes(self, start: int, dollars: int, position: int) -> int | None:
        """Read a string from its opening quotes to its end, holes and what is in them included.

        ``dollars`` is -1 for a string on one line, else how many dollar signs open a hole in a string of many lines.
        Strings in holes are kept on a stack of our own, so that their depth is no danger.
        """
        stack = [(dollars, 0)]
        after = self._piece(start, dollars, position, first=True)
        while after is not None and stack:
            kind = self.kinds[-1]
            if kind in (TEXT, RIGHT):
                stack.pop()
                if not stack:
                    return after
            elif len(stack) > _MAX_HOLES:
                self._complain(f"strings are nested in each other deeper than {_MAX_HOLES} levels", start)
                return None
            after = self._in_hole(stack, after)
        return after

    def _in_hole(self, stack: list[tuple[int, int]], position: int) -> int | None:
        """Read up to and including the next piece of a string; changes ``stack`` where a string opens."""
        dollars, depth = stack[-1]
        while True:
            match = _TOKEN.match(self.text, position)
            index = match.lastindex if match else None
            if match is None or index is None:
                self._complain("the string is not closed: its '${' has no '}'", self.starts[-1])
                return None
            start, position = match.span(index)
            if index == _IS_SIGN:
                sign = match[2]
                if sign == "}" and not depth:
                    stack[-1] = (dollars, 0)
                    return self._piece(start, dollars, position, first=False)
                depth += (sign == "{") - (sign == "}")
                self._add(sign, sign, start, position)
            elif index == _IS_TEXT:
                self._add(TEXT, unescape(match[5]), start - 1, position + 1)
                position += 1
            elif index in (_IS_QUOTE, _IS_MULTI):
                stack[-1] = (dollars, depth)
                inner = -1 if index == _IS_QUOTE else position - start - 3
                stack.append((inner, 0))
                return self._piece(start, inner, position, first=True)
            elif index == _IS_NAME:
                self._add(NAME, match[1], start, position)
            elif index == _IS_LINE:
                self._add(LINE, "", start, position)
            elif index == _IS_NUMBER:
                self._add(NUMBER, match[6], start, position)
            else:
                after = self._special(match, index)
                if after is None:
                    return None
                position = after

    def _piece(self, start: int, dollars: int, position: int, *, first: bool) -> int | None:
        """Read the text of a string from ``position`` to its next hole or its end."""
        if dollars >= 0:
            return self._multi_piece(start, dollars, position, first=first)
        match = _PIECE.match(self.text, position)
        if match is not None:
            closed = match[2] == "'"
            kind = (TEXT if first else RIGHT) if closed else (LEFT if first else MIDDLE)
            self._add(kind, unescape(match[1]), start, match.end())
            return match.end()
        broken = _BROKEN.match(self.text, position)
        if broken is not None and broken[1]:
            reason = r"unknown escape sequence; expected one of \\, \', \n, \r, \t, \$, \u{...}"
            self._complain(reason, broken.end() - 1)
        else:
            self._complain("the string is not closed on its line", start)
        end = _REST.match(self.text, position).end()  # type: ignore[union-attr]  # it matches nothing as well
        self._add(TEXT if first else RIGHT, "", start, end)
        return end

    def _multi_piece(self, start: int, dollars: int, position: int, *, first: bool) -> int | None:
        text = self.text
        begin = position
        if first:  # the line break behind the opening quotes is not part of the value
            begin += text.startswith("\r", begin)
            begin += text.startswith("\n", begin)
        for stop in _MULTI_STOP.finditer(text, position):
            if stop[1]:  # quotes beyond three belong to the text
                value = text[begin : stop.end() - 3]
                self._add(TEXT if first else RIGHT, value, start, stop.end())
                return stop.end()
            if dollars and len(stop[2]) >= dollars:
                value = text[begin : stop.end() - 1 - dollars]
                self._add(LEFT if first else MIDDLE, value, start, stop.end())
                return stop.end()
        self._complain("the string is not closed; expected '''", start)
        return None

    def _add(self, kind: str, text: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)

    def _complain(self, reason: str, offset: int) -> None:
        self.complaints.append(Complaint(reason, offset))


def unescape(text: str) -> str:
    r"""Return what ``text``, the inside of a string on one line, stands for: ``\n``, ``\'``, ``\${``, ``\u{1F600}``."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPES.get(match[2], match[2]), text)
