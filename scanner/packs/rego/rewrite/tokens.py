"""The words of a Rego source, each with its place, as far as the rewrite needs them.

A scanner, not a parser: it knows strings, comments and the parts of template strings, so that nothing inside of them is
taken for code. What the words mean is for the files beside it.
"""

import re
from typing import NamedTuple

KEYWORDS = frozenset(
    (
        *("as", "contains", "default", "else", "every", "false", "if", "import", "in"),
        *("not", "null", "package", "some", "true", "with"),
    )
)
"""Words that are no names in Rego v1. `input` and `data` are names."""

_WORD = re.compile(
    r"""
    (?P<space>[ \t\r\n]+|\#[^\n]*)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)
    | (?P<template>\$["`])
    | (?P<symbol>:=|==|!=|<=|>=|.)
    """,
    re.VERBOSE,
)
_QUOTES = frozenset(('"', "`"))
_LITERAL = {
    '"': re.compile(r'(?:\\.|[^"\\\n{])*'),
    "`": re.compile(r"(?:\\\{|[^`{])*"),
}


class Token(NamedTuple):
    """One word."""

    kind: str
    """`name`, `number`, `string`, `symbol`; of a template string `template` (its `$"`), `literal` (text between holes,
    may be empty), `hole` and `hole end` (its braces), `template end` (its last quote)."""
    text: str
    """As written."""
    start: int
    """Offset in the source."""
    end: int
    """Offset behind it."""


def tokenize(text: str) -> list[Token]:
    """Return the words of a source without spaces and comments.

    Raises ValueError where a string does not end: such a module is for the engine to refuse.
    """
    if '$"' in text or "$`" in text:
        return _Scanner(text).tokens
    tokens = [
        Token(match.lastgroup or "", match[0], match.start(), match.end())
        for match in _WORD.finditer(text)
        if match.lastgroup != "space"
    ]
    if any(token.text in _QUOTES for token in tokens):
        raise ValueError("a string does not end")
    return tokens


class _Scanner:
    """One pass over a source, with a stack for the holes of template strings."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._holes: list[tuple[str, int]] = []
        self._depth = 0
        self.tokens: list[Token] = []
        while self._at < len(text):
            self._next()
        if self._holes:
            raise ValueError("a template string does not end")

    def _next(self) -> None:
        match = _WORD.match(self._text, self._at)
        if match is None or match[0] in _QUOTES:
            raise ValueError(f"a string does not end at offset {self._at}")
        kind = match.lastgroup or ""
        if self._holes and match[0] == "}" and self._depth == self._holes[-1][1]:
            quote, self._depth = self._holes.pop()
            self._add("hole end", match.end())
            self._literal(quote)
            return
        if kind == "symbol":
            self._depth += (match[0] == "{") - (match[0] == "}")
        if kind == "space":
            self._at = match.end()
            return
        self._add(kind, match.end())
        if kind == "template":
            self._literal(match[0][1])

    def _literal(self, quote: str) -> None:
        """Take the text of a template string up to its next hole or its end."""
        match = _LITERAL[quote].match(self._text, self._at)
        assert match is not None, "an empty literal matches"
        self._add("literal", match.end())
        if self._text[self._at : self._at + 1] == "{":
            self._holes.append((quote, self._depth))
            self._add("hole", self._at + 1)
        elif self._text[self._at : self._at + 1] == quote:
            self._add("template end", self._at + 1)
        else:
            raise ValueError(f"a template string does not end at offset {self._at}")

    def _add(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self._text[self._at : end], self._at, end))
        self._at = end
