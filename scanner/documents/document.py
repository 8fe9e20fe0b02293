"""What reading a text gives: documents, and what could not be read.

The position of a value is not kept beside it: a Document holds its text and builds the tree of positions when it is
first asked for one. Most documents never are, and it is cheaper to read those few again than to carry positions for
all.
"""

import bisect
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from scanner.documents import nodes
from scanner.documents.nodes import Span, Tree
from scanner.documents.problem import Problem
from scanner.model.location import Region
from scanner.model.path import Path


class Document:
    """One document of a stream: a value, and the place of everything in it."""

    __slots__ = ("_build", "_paths", "_scalars", "_tree", "has_unknowns", "index", "line", "notes", "value")

    index: int
    """Position in the stream from 0; empty and comment-only documents count but are not returned."""
    value: Any
    """A dict, list, str, int, float, bool, None or ``Unknown``; keys are always str. Aliased values are shared objects:
    treat the whole as frozen."""
    line: int
    """Line on which its first value starts, one-based."""
    notes: tuple[Problem, ...]
    """What was read although it is suspicious: keys that are set twice, with both positions."""

    has_unknowns: bool
    """Whether ``value`` holds an ``Unknown`` anywhere; saves a search."""

    def __init__(
        self,
        index: int,
        value: Any,
        line: int,
        build: Callable[[], Tree],
        *,
        suspicious: bool = False,
        has_unknowns: bool = False,
    ) -> None:
        """Take what the reader knows; ``build`` reads the text again for positions.

        ``suspicious`` says that the tree may have notes to give, so that it is built now.
        """
        self.index = index
        self.value = value
        self.line = line
        self.has_unknowns = has_unknowns
        self._build = build
        self._paths: dict[int, Path] | None = None
        self._scalars: list[Span] | None = None
        self._tree = build() if suspicious else None
        self.notes = self._tree.notes() if self._tree is not None else ()

    def region(self, path: Path) -> Region:
        """Return the place of ``path``: from its key (or list item) to the end of a scalar, else only the key.

        Where ``path`` is absent the place is that of its nearest existing ancestor. Aliases and merge keys are followed
        to where the effective value stands.
        """
        return nodes.region(self._root(), path)

    def exists(self, path: Path) -> bool:
        """Whether ``path`` has a place in the text."""
        return nodes.exists(self._root(), path)

    def path_at(self, line: int) -> Path | None:
        """Return the path of the outermost value whose key or list item starts on ``line``; None where none does."""
        if self._paths is None:
            self._paths = nodes.paths_by_line(self._root())
        return self._paths.get(line)

    def in_scalar(self, line: int, column: int) -> bool:
        """Whether the place stands inside a scalar, so that a ``#`` there starts no comment."""
        if self._scalars is None:
            self._scalars = nodes.scalar_spans(self._root())
        before = bisect.bisect_right(self._scalars, (line, column, sys.maxsize, 0))
        return before > 0 and (line, column) < self._scalars[before - 1][2:]

    def _root(self) -> nodes.Node:
        if self._tree is None:
            self._tree = self._build()
        return self._tree.root


class Stream(NamedTuple):
    """All documents of a text, and what could not be read of it."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()
    """Empty for a clean text. With documents the text was read in part, without any it was not read."""
    unread: tuple[int | None, ...] = ()
    """For each problem the index of the document that could not be read; None where it is about the whole text."""

    @classmethod
    def of_problem(cls, problem: Problem) -> "Stream":
        """Return the stream of a text that could not be read at all."""
        return cls((), (problem,), (None,))
