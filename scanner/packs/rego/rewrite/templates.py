"""Template strings, `$"from {a} to {b}"`, as a call of a built-in of ours.

Each hole becomes a set comprehension, so that an expression without a value is an empty set: OPA prints `<undefined>`
for it where everything else would make the rule undefined.
"""

from collections.abc import Iterator

from scanner.packs.rego.rewrite.edits import Edit
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.tokens import Token

FUNCTION = "internal.template_string"
"""The built-in: takes an array of strings and of sets with at most one member, returns their text in a row."""

LOCAL = "bulkhead__"
"""The variable of comprehensions the rewrite makes; inner ones hide outer ones."""


def template_edits(source: Source) -> Iterator[Edit]:
    """Yield the changes for all template strings."""
    quotes: list[str] = []
    for token in source.words:
        if token.kind == "template":
            quotes.append(token.text[1])
            yield Edit(token.start, token.end, f"{FUNCTION}([{quotes[-1]}")
        elif token.kind == "literal":
            yield from _unescaped(token)
        elif token.kind == "hole":
            yield Edit(token.start, token.end, f"{quotes[-1]}, {{{LOCAL} | {LOCAL} := ")
        elif token.kind == "hole end":
            yield Edit(token.start, token.end, f"}}, {quotes[-1]}")
        elif token.kind == "template end":
            yield Edit(token.start, token.end, f"{quotes.pop()}])")


def _unescaped(literal: Token) -> Iterator[Edit]:
    r"""Yield the removal of the backslash of each `\{`; other escapes stay."""
    at = literal.text.find("\\")
    while at >= 0:
        if literal.text[at + 1 : at + 2] == "{":
            yield Edit(literal.start + at, literal.start + at + 1, "")
        at = literal.text.find("\\", at + 2)
