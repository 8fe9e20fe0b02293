"""Templates: quoted strings, heredocs and whole files, into text, interpolations and directives.

A template is read twice: first into a flat run of pieces, with strip markers and the indentation of ``<<-`` applied to
each literal as Terraform's scanner cuts it (a line of a heredoc is one literal), then directives are nested.
Knows of expressions only that somebody can read one.
"""

import re
from typing import Any, NamedTuple, Protocol, cast

from scanner.sources.terraform.syntax.fault import Stop, expected
from scanner.sources.terraform.syntax.nodes import (
    Expression,
    Literal,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    TemplateWrap,
)
from scanner.sources.terraform.syntax.patterns import (
    BARE_TOKEN,
    CLOSE_SEQUENCE,
    ESCAPE,
    GAP,
    HEREDOC_TOKEN,
    QUOTED_TOKEN,
)

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go calls a space; Python's own idea differs."""
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Reader(Protocol):
    """Who reads expressions."""

    text: str
    depth: int
    """Of the brackets that are open."""
    height: int
    """Of the tree that was read last."""

    def expression(self, pos: int, free: bool) -> Expression:
        """Return the expression at ``pos``; ``free`` where newlines mean nothing."""

    def need_word(self, pos: int, what: str) -> tuple[str, int]:
        """Return the identifier after ``pos`` and its end; the fault where there is none says ``what`` was expected."""


class _Directive(NamedTuple):
    """A ``%{ … }`` sequence before its end is known."""

    word: str
    start: int
    end: int
    key: str = ""
    value: str = ""
    subject: "Expression | None" = None
    """The test of an if, the collection of a for."""


def quoted(reader: Reader, start: int) -> Expression:
    """Return the quoted string whose opening quote is at ``start``."""
    scan = _Scan(reader, start)
    end = scan.quoted()
    return _node(scan, scan.flat, end)


def heredoc(reader: Reader, start: int, body: int, flush: bool, marker: str) -> Expression:
    """Return the heredoc whose ``<<`` is at ``start`` and whose first line is at ``body``."""
    text = reader.text
    closing = _closing_line(text, body, marker)
    if closing is None:
        raise _endless(text, marker, start)
    last, end = closing
    raw = text[body:last]
    if "${" not in raw and "%{" not in raw and ("\r" not in raw or raw.count("\r") == raw.count("\r\n")):
        if flush:
            raw = "".join(_flushed([line + "\n" for line in raw.split("\n")[:-1]]))
        return Literal(raw, start, end)
    scan = _Scan(reader, start)
    end = scan.heredoc(body, marker)
    return _node(scan, _flushed(scan.flat) if flush else scan.flat, end)


def bare(reader: Reader) -> Expression:
    """Return the whole text as a template, as ``templatefile`` reads a file."""
    scan = _Scan(reader, 0)
    end = scan.bare()
    return _node(scan, scan.flat, end)


def _closing_line(text: str, body: int, marker: str) -> tuple[int, int] | None:
    """Return start and end of the first line from ``body`` on that holds only ``marker`` and ends with a newline."""
    at = text.find(marker, body)
    while at >= 0:
        start = text.rfind("\n", body - 1, at) + 1
        newline = text.find("\n", at)
        if newline < 0:
            return None
        line = text[start:newline]
        if line.strip(SPACES) == marker:
            return start, start + len(line.removesuffix("\r"))
        at = text.find(marker, newline)
    return None


def _endless(text: str, marker: str, start: int) -> Stop:
    cause = f'expected a line with only "{marker}" to end the heredoc, found the end of the file'
    return Stop(cause, start, len(text))


class _Scan:
    """One pass over a template into flat pieces."""

    def __init__(self, reader: Reader, start: int) -> None:
        self.reader = reader
        self.text = reader.text
        self.start = start
        self.flat: list[Any] = []
        self.strip = False
        self.height = 0

    def quoted(self) -> int:
        pos = self.start + 1
        text = self.text
        while True:
            match = QUOTED_TOKEN(text, pos)
            if match is None:
                raise self._unclosed(pos)
            kind = match.lastindex
            if kind == 1:
                literal = match[1]
                self._literal(unescaped(literal, pos) if "\\" in literal else literal)
            elif kind == 5:
                return match.end()
            else:
                pos = self._sequence(match)
                continue
            pos = match.end()

    def heredoc(self, pos: int, marker: str) -> int:
        text = self.text
        line_start = True
        while True:
            match = HEREDOC_TOKEN(text, pos)
            if match is None:
                raise self._unclosed(pos) if pos < len(text) else _endless(text, marker, self.start)
            if match.lastindex == 1:
                literal = match[1]
                ends_line = literal[-1] == "\n"
                if line_start and ends_line and literal.strip(SPACES) == marker:
                    return pos + len(literal.removesuffix("\n").removesuffix("\r"))
                self._literal(literal)
                line_start = ends_line
                pos = match.end()
            else:
                line_start = False
                pos = self._sequence(match)

    def bare(self) -> int:
        text = self.text
        pos = 0
        while pos < len(text):
            match = BARE_TOKEN(text, pos)
            if match.lastindex == 1:
                self._literal(match[1])
                pos = match.end()
            else:
                pos = self._sequence(match)
        return pos

    def _literal(self, literal: str) -> None:
        if self.strip:
            literal = literal.lstrip(SPACES)
            self.strip = False
        self.flat.append(literal)

    def _sequence(self, match: "re.Match[str]") -> int:
        kind = match.lastindex
        if kind == 2:
            sigil = match[2]
            self._literal(sigil[1:] if len(sigil) == 3 else sigil)
            return match.end()
        flat = self.flat
        if flat and match[0][-1] == "~" and type(flat[-1]) is str:
            flat[-1] = flat[-1].rstrip(SPACES)
        # A template in a template takes more Python frames than a bracket in a bracket.
        self.reader.depth += 1
        if kind == 3:
            piece: Any = self.reader.expression(match.end(), True)
            end = piece.end
            self.height = max(self.height, self.reader.height)
        else:
            piece, end = self._directive(match.start(), match.end())
        self.reader.depth -= 1
        close = CLOSE_SEQUENCE(self.text, end)
        if close is None:
            raise expected('"}" at the end of the template sequence', self.text, _after_gap(self.text, end))
        self.strip = bool(close[1])
        flat.append(piece)
        return close.end()

    def _directive(self, start: int, pos: int) -> tuple[_Directive, int]:
        text = self.text
        word, pos = self.reader.need_word(pos, "a directive (if, else, endif, for, endfor)")
        if word in {"else", "endif", "endfor"}:
            return _Directive(word, start, pos), pos
        key = value = ""
        if word == "for":
            value, pos = self.reader.need_word(pos, "a variable name")
            comma = _after_gap(text, pos)
            if text.startswith(",", comma):
                key = value
                value, pos = self.reader.need_word(comma + 1, "a variable name")
            keyword, end = self.reader.need_word(pos, '"in"')
            if keyword != "in":
                raise expected('"in"', text, _after_gap(text, pos))
            pos = end
        elif word != "if":
            raise expected("a directive (if, else, endif, for, endfor)", text, pos - len(word))
        subject = self.reader.expression(pos, True)
        self.height = max(self.height, self.reader.height)
        return _Directive(word, start, subject.end, key, value, subject), subject.end

    def _unclosed(self, pos: int) -> Stop:
        text = self.text
        if text.startswith("\\", pos):
            return Stop("expected an escape sequence, found a backslash at the end of the line", pos, pos + 1)
        if pos < len(text) and text[pos] == "\r" and not text.startswith("\r\n", pos):
            return expected("text", text, pos)
        where = "the end of the file" if pos >= len(text) else "the end of the line"
        return Stop(f"expected a quote to end the string, found {where}", self.start, pos)


def unescaped(literal: str, start: int) -> str:
    """Return the text that ``literal`` (between quotes, at ``start``) stands for."""

    def one(match: "re.Match[str]") -> str:
        kind = match.lastindex or 0
        if kind == 3:
            found = _ESCAPED.get(match[3])
            if found is None:
                raise Stop(f'expected an escape sequence, found "\\{match[3]}"', *_span(match, start))
            return found
        code = int(match[kind], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise Stop(f"expected an escape sequence, found U+{code:04X}, which is no character", *_span(match, start))
        return chr(code)

    return ESCAPE.sub(one, literal)


def _span(match: "re.Match[str]", start: int) -> tuple[int, int]:
    return start + match.start(), start + match.end()


def _after_gap(text: str, pos: int) -> int:
    return GAP(text, pos).end()


def _flushed(pieces: list[Any]) -> list[Any]:
    """Take the smallest indentation of any line off every line; blank lines neither count nor change."""
    smallest: int | None = None
    indented: list[int] = []
    line_start = True
    for index, piece in enumerate(pieces):
        literal = type(piece) is str
        if line_start:
            line_start = False
            indent = 0
            blank = False
            if literal:
                rest = piece.lstrip(SPACES)
                blank = not rest and piece.endswith("\n")
                if not blank:
                    indent = len(piece) - len(rest)
                    indented.append(index)
            if not blank and (smallest is None or indent < smallest):
                smallest = indent
        if literal and piece.endswith("\n"):
            line_start = True
    if smallest:
        pieces = pieces.copy()
        for index in indented:
            pieces[index] = pieces[index][smallest:]
    return pieces


def _node(scan: _Scan, flat: list[Any], end: int) -> Expression:
    start = scan.start
    scan.reader.height = scan.height + 1
    if len(flat) == 1 and type(flat[0]) is not str and type(flat[0]) is not _Directive:
        return TemplateWrap(flat[0], start, end)
    parts = _nested(scan.reader, flat)
    if not parts:
        return Literal("", start, end)
    if len(parts) == 1 and type(parts[0]) is str:
        return Literal(parts[0], start, end)
    return Template(parts, start, end)


def _nested(reader: Reader, flat: list[Any]) -> tuple[TemplatePart, ...]:
    """Return the parts with every directive around what it governs."""
    open_directives: list[tuple[_Directive, list[Any], list[Any] | None]] = []
    deepest = 0
    parts: list[Any] = []
    for piece in flat:
        if type(piece) is not _Directive:
            parts.append(piece)
            continue
        word = piece.word
        if word in {"if", "for"}:
            open_directives.append((piece, parts, None))
            deepest = max(deepest, len(open_directives))
            parts = []
            continue
        opener, outer, then = open_directives.pop() if open_directives else (None, parts, None)
        if word == "else" and opener is not None and opener.word == "if" and then is None:
            open_directives.append((opener, outer, parts))
            parts = []
        elif opener is not None and word == "end" + opener.word:
            outer.append(_closed(opener, parts, then, piece))
            parts = outer
        else:
            wanted = "no directive to end" if opener is None else f'"end{opener.word}"'
            raise Stop(f'expected {wanted}, found "{word}"', piece.start, piece.end)
    if open_directives:
        opener = open_directives[-1][0]
        raise Stop(f'expected "end{opener.word}", found the end of the template', opener.start, opener.end)
    reader.height += deepest
    return _melded(parts)


def _closed(opener: _Directive, parts: list[Any], then: list[Any] | None, closer: _Directive) -> Any:
    subject = cast(Expression, opener.subject)
    if opener.word == "for":
        return TemplateFor(opener.key, opener.value, subject, _melded(parts), opener.start, closer.end)
    first, second = (parts, []) if then is None else (then, parts)
    return TemplateIf(subject, _melded(first), _melded(second), opener.start, closer.end)


def _melded(pieces: list[Any]) -> tuple[TemplatePart, ...]:
    """Join neighbouring text and drop empty text."""
    parts: list[Any] = []
    run: list[str] = []
    for piece in pieces:
        if type(piece) is str:
            run.append(piece)
            continue
        if run and (joined := "".join(run)):
            parts.append(joined)
        run = []
        parts.append(piece)
    if run and (joined := "".join(run)):
        parts.append(joined)
    return tuple(parts)
