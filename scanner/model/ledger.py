"""The ledger: what was and was not read. Every input ends in it, with the reason."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What became of one input."""

    SCANNED = "scanned"
    PARTIAL = "partial"
    """Some of it was read; the reason says what was not."""
    UNPARSED = "unparsed"
    """It should have been read and could not be."""
    UNSUPPORTED = "unsupported"
    """It was understood to be something that no Source reads; not a fault."""
    EXCLUDED = "excluded"
    """Configuration or an ignore file says that it is not to be read."""
    UNREACHABLE = "unreachable"
    """It could not be opened."""


class Unseen(NamedTuple):
    """What may be there although nothing was read of it, so that nothing follows from not finding it."""

    scopes: tuple[str, ...]
    """Where: clusters by name, and lower-cased Azure ids of what it belongs to or is below."""
    types: tuple[str, ...] = ()
    """Types of which something may be missing, of Azure in any case; empty where that may be any."""


ALL_AZURE = "/subscriptions"
"""The scope of whatever is in some subscription."""


class LedgerEntry(NamedTuple):
    """One input (a file, a document, a scope) and what became of it."""

    input: str
    """Path as reports print it; ``path#2`` for the third document of a file."""
    state: State
    reason: str = ""
    """One sentence; empty for a clean ``scanned``."""
    line: int | None = None
    column: int | None = None
    resources: int = 0
    """Resources that came out of it."""
    incomplete: bool = False
    """Whether this entry makes the run incomplete (exit 3): set for partial, unparsed and unreachable inputs."""
    rule: str = ""
    """Rule id, where the entry is about a Rule that could not be evaluated."""
    unseen: Unseen | None = None
    """What was not seen because of it, where a Source of what really runs can tell."""


def in_order(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Return ``entries`` by input, line and reason; those about a whole input come before those about a line."""
    return tuple(sorted(entries, key=lambda entry: (entry.input, entry.line or 0, entry.column or 0, entry[1:3])))
