"""Closes the gap between the Rego people write for OPA and the Rego the native engine reads, in the source text.

A module that needs nothing costs one search; one that does keeps its lines, and `restore` leads an error back to what
the author wrote. The files beside this one each know one kind of change; none of them knows an engine.
"""

import re
from collections.abc import Iterator, Sequence

from scanner.packs.rego.builtins import ARITIES
from scanner.packs.rego.rewrite.calls import call_edits
from scanner.packs.rego.rewrite.edits import Edit, apply, character_column, column_before
from scanner.packs.rego.rewrite.imports import import_edits
from scanner.packs.rego.rewrite.keywords import keyword_edits
from scanner.packs.rego.rewrite.metadata import metadata_edits
from scanner.packs.rego.rewrite.negation import negation_edits
from scanner.packs.rego.rewrite.statements import statements
from scanner.packs.rego.rewrite.templates import template_edits
from scanner.packs.rego.rewrite.tokens import KEYWORDS, tokenize

__all__ = ["restore", "rewrite"]

_NEGATIONS = 8
"""How deep negations inside of negated expressions are followed."""

_KEYWORD = "|".join(sorted(KEYWORDS))
_CANDIDATE = re.compile(
    "|".join(
        (
            r"""\$["`]""",  # a template string
            r"\bfuture\s*\.\s*keywords\b",
            rf"\.(?:{_KEYWORD})\b",  # a keyword in a reference
            rf"\b(?:{_KEYWORD})\.",  # and at its start
            r"\bwalk\(|\brego\.metadata\.",
            r"(?:[-+*/%&|=<>,;:({\[]|\b(?:if|in|not))\s*-\s*[A-Za-z_]",  # a minus with nothing before it
            r"\bnot\b[^\n]*[(.\[<>!+*/%&|-]|\bnot\b[^\n]*\bin\b",  # a negation of more than a name
            rf"\b(?:{'|'.join(sorted(map(re.escape, ARITIES)))})\(",  # it may have its result as an argument
        )
    )
)


def rewrite(text: str, siblings: Sequence[str] | None = None) -> str:
    """Return the module as the native engine reads it: the same lines, the same object where nothing is to do.

    `siblings` are the sources of all modules that are loaded together; only `rego.metadata.chain` needs them. A source
    that is no Rego comes back as it is; the engine says what is wrong with it.
    """
    for before, edits in _passes(text, siblings):
        text = apply(before, edits)
    return text


def restore(text: str, line: int, column: int, siblings: Sequence[str] | None = None) -> tuple[int, int]:
    """Return where the author finds a place of the rewritten text: line and column in characters, both from 1.

    `text` and `siblings` are what `rewrite` was given. `column` is the native engine's, which counts bytes and a tab as
    four.
    """
    passes = list(_passes(text, siblings))
    for before, edits in reversed(passes):
        column = column_before(before, edits, line, column)
    return line, character_column(text, line, column)


def _passes(text: str, siblings: Sequence[str] | None) -> Iterator[tuple[str, list[Edit]]]:
    """Yield each text that is to be changed and its changes, the author's first."""
    if _CANDIDATE.search(text) is None:
        return
    try:
        edits = list(_reading(text, siblings))
        if edits:
            yield text, edits
            text = apply(text, edits)
        for number in range(_NEGATIONS):
            tokens = tokenize(text)
            edits = list(negation_edits(text, tokens, list(statements(tokens)), f"negated__{number}_"))
            if not edits:
                return
            yield text, edits
            text = apply(text, edits)
    except ValueError:
        return


def _reading(text: str, siblings: Sequence[str] | None) -> Iterator[Edit]:
    """Yield the changes that let the engine read a module at all."""
    tokens = tokenize(text)
    known = list(statements(tokens))
    yield from template_edits(tokens)
    yield from import_edits(tokens)
    yield from keyword_edits(tokens)
    yield from call_edits(tokens, known, ARITIES)
    if "rego.metadata." in text:
        yield from metadata_edits(text, tokens, siblings)
