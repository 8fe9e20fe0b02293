"""All changes of a source in their order: first what lets the engine read it, then what makes it mean the same."""

from collections.abc import Iterator
from functools import lru_cache

from scanner.packs.rego.builtins import ARITIES
from scanner.packs.rego.rewrite.calls import call_edits
from scanner.packs.rego.rewrite.candidates import Need, needs
from scanner.packs.rego.rewrite.edits import Edit, apply, character_column, column_before, ordered
from scanner.packs.rego.rewrite.imports import import_edits
from scanner.packs.rego.rewrite.keywords import keyword_edits
from scanner.packs.rego.rewrite.negation import negation_edits
from scanner.packs.rego.rewrite.source import Source
from scanner.packs.rego.rewrite.templates import template_edits

_NEGATIONS = 8
"""How deep negations inside of negated expressions are followed."""


def rewritten(text: str, siblings: tuple[str, ...] | None) -> str:
    """Return a source with all changes made."""
    for before, edits in _passes(text, siblings):
        text = apply(before, edits)
    return text


def restored(text: str, line: int, column: int, siblings: tuple[str, ...] | None) -> int:
    """Return the column, in characters, of a place the engine has found in the rewritten source."""
    for before, edits in reversed(_passes(text, siblings)):
        column = column_before(before, edits, line, column)
    return character_column(text, line, column)


@lru_cache(maxsize=16)
def _passes(text: str, siblings: tuple[str, ...] | None) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
    """Return each text that is to be changed and its changes, the author's first. Kept for the errors of a module."""
    passes: list[tuple[str, tuple[Edit, ...]]] = []
    need = needs(text)
    if not need:
        return ()
    try:
        source = Source(text)
        edits = ordered(_reading(source, need, siblings))
        if edits:
            passes.append((text, edits))
        if Need.NEGATION not in need:
            return tuple(passes)
        source = Source(apply(text, edits)) if edits else source
        for step in range(_NEGATIONS):
            edits = ordered(negation_edits(source, f"negated__{step}_"))
            if not edits:
                break
            passes.append((source.text, edits))
            # What was moved may hold negations itself; nothing else is new.
            if not any("not" in edit.text for edit in edits):
                break
            source = Source(apply(source.text, edits))
    except ValueError:
        return ()
    return tuple(passes)


def _reading(source: Source, need: Need, siblings: tuple[str, ...] | None) -> Iterator[Edit]:
    """Yield the changes that let the engine read a module at all."""
    if Need.TEMPLATES in need:
        yield from template_edits(source)
    if Need.IMPORTS in need:
        yield from import_edits(source)
    if Need.KEYWORDS in need:
        yield from keyword_edits(source)
    if Need.CALLS in need:
        yield from call_edits(source, ARITIES)
    if Need.METADATA in need:
        from scanner.packs.rego.rewrite.metadata import metadata_edits

        yield from metadata_edits(source, siblings)
