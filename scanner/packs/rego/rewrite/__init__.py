"""Closes the gap between the Rego people write for OPA and the Rego the native engine reads, in the source text.

A module that needs nothing costs a few searches; one that does keeps its lines, and `restore` leads an error back to
what the author wrote. The files beside this one each know one kind of change; none of them knows an engine.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from scanner.packs.rego.builtins import ARITIES
from scanner.packs.rego.rewrite.calls import call_edits
from scanner.packs.rego.rewrite.candidates import candidate
from scanner.packs.rego.rewrite.edits import Edit, apply, character_column, column_before, ordered
from scanner.packs.rego.rewrite.imports import import_edits
from scanner.packs.rego.rewrite.keywords import keyword_edits
from scanner.packs.rego.rewrite.metadata import metadata_edits
from scanner.packs.rego.rewrite.negation import negation_edits
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.templates import template_edits

__all__ = ["restore", "rewrite"]

_NEGATIONS = 8
"""How deep negations inside of negated expressions are followed."""


def rewrite(text: str, siblings: Sequence[str] | None = None) -> str:
    """Return the module as the native engine reads it: the same lines, the same object where nothing is to do.

    `siblings` are the sources of all modules that are loaded together; only `rego.metadata.chain` needs them. A source
    that is no Rego comes back as it is; the engine says what is wrong with it.
    """
    if not candidate(text, ARITIES):
        return text
    for before, edits in _passes(text, None if siblings is None else tuple(siblings)):
        text = apply(before, edits)
    return text


def restore(text: str, line: int, column: int, siblings: Sequence[str] | None = None) -> tuple[int, int]:
    """Return where the author finds a place of the rewritten text: line and column in characters, both from 1.

    `text` and `siblings` are what `rewrite` was given. `column` is the native engine's, which counts bytes and a tab as
    four.
    """
    if candidate(text, ARITIES):
        for before, edits in reversed(_passes(text, None if siblings is None else tuple(siblings))):
            column = column_before(before, edits, line, column)
    return line, character_column(text, line, column)


@lru_cache(maxsize=16)
def _passes(text: str, siblings: tuple[str, ...] | None) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
    """Return each text that is to be changed and its changes, the author's first. Kept for the errors of a module."""
    passes: list[tuple[str, tuple[Edit, ...]]] = []
    try:
        for step in range(1 + _NEGATIONS):
            source = Source(text)
            found = negation_edits(source, f"negated__{step}_") if step else _reading(source, siblings)
            edits = ordered(found)
            if edits:
                passes.append((text, edits))
                text = apply(text, edits)
            elif step:
                break
    except ValueError:
        return ()
    return tuple(passes)


def _reading(source: Source, siblings: tuple[str, ...] | None) -> Iterator[Edit]:
    """Yield the changes that let the engine read a module at all."""
    yield from template_edits(source)
    yield from import_edits(source)
    yield from keyword_edits(source)
    yield from call_edits(source, ARITIES)
    if "rego.metadata." in source.text:
        yield from metadata_edits(source, siblings)
