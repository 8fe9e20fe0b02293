"""What can be wrong with a text, and how much of it is read at all."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Something that could not be read, or was read and is suspicious."""

    reason: str
    """One sentence in lower case; holds no values of the text beyond the name of a key."""
    line: int | None = None
    """One-based; None where the whole text is meant."""
    column: int | None = None
    """One-based, in code points."""


class Limits(NamedTuple):
    """How much is read before a text is refused; what is beyond becomes a :class:`Problem`."""

    max_bytes: int = 20 * 1024 * 1024
    """Size of the text."""
    max_depth: int = 200
    """Nesting of mappings and lists in one document."""
    max_nodes: int = 1_000_000
    """Values in one document, those behind an alias counted every time it is used."""
    max_documents: int = 10_000
    """Documents in one stream."""

    def size_problem(self) -> Problem:
        """Return what to say of a text that is larger than ``max_bytes``."""
        return Problem(f"the file is larger than {self.max_bytes / 1024 / 1024:g} MiB")

    def depth_problem(self, line: int | None = None, column: int | None = None) -> Problem:
        """Return what to say of a document that is nested deeper than ``max_depth``."""
        return Problem(f"the document is nested deeper than {self.max_depth} levels", line, column)

    def nodes_problem(self, line: int | None = None, column: int | None = None) -> Problem:
        """Return what to say of a document that has more than ``max_nodes`` values."""
        return Problem(f"the document has more than {self.max_nodes} values, aliases expanded", line, column)


DEFAULT_LIMITS = Limits()
"""What is read where nothing else is asked for."""
