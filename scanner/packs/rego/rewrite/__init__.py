"""Closes the gap between the Rego people write for OPA and the Rego the native engine reads, in the source text.

A module that needs nothing costs a few searches; one that does keeps its lines, and `restore` leads an error back to
what the author wrote. The files beside this one each know one kind of change; none of them knows an engine.
"""

from collections.abc import Sequence

from scanner.packs.rego.rewrite.candidates import needs

__all__ = ["restore", "rewrite"]


def rewrite(text: str, siblings: Sequence[str] | None = None) -> str:
    """Return the module as the native engine reads it: the same lines, the same object where nothing is to do.

    `siblings` are the sources of all modules that are loaded together; only `rego.metadata.chain` needs them. A source
    that is no Rego comes back as it is; the engine says what is wrong with it.
    """
    if not needs(text):
        return text
    # Only here: most modules need none of it, and the patterns cost time to compile.
    from scanner.packs.rego.rewrite.passes import rewritten

    return rewritten(text, None if siblings is None else tuple(siblings))


def restore(text: str, line: int, column: int, siblings: Sequence[str] | None = None) -> tuple[int, int]:
    """Return where the author finds a place of the rewritten text: line and column in characters, both from 1.

    `text` and `siblings` are what `rewrite` was given. `column` is the native engine's, which counts bytes and a tab as
    four.
    """
    from scanner.packs.rego.rewrite.passes import restored

    return line, restored(text, line, column, None if siblings is None else tuple(siblings))
