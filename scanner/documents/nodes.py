"""The tree of positions of one document, and the questions that are asked of it.

A tree is built from YAML lines, from libyaml's events or from JSON text; what is asked of it is the same for all three.
Lines and columns are one-based code points here already. Nothing here recurses: text decides how deep a tree is.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from scanner.documents.problem import Problem
from scanner.model.location import Region
from scanner.model.path import Path

_MAX_NOTES = 100

Span: TypeAlias = tuple[int, int, int, int]
"""A :class:`Region` as a bare tuple (line, column, end line, end column): a tree has thousands, and these are cheap."""

Entry: TypeAlias = "tuple[Span, Node, bool]"
"""One key of a mapping: place of the key, node of the value, and whether the value is an alias, so that its node stands
elsewhere and not behind the key."""


class Node:
    """One value: where it stands and, for a mapping or list, what stands in it."""

    __slots__ = ("entries", "items", "span")

    span: Span
    """From the first to behind the last character; of a mapping or list only the start counts."""
    entries: dict[str, Entry] | None
    """For a mapping: the effective entries, keys as in the document's value."""
    items: "list[Node] | None"
    """For a list: its items."""

    def __init__(self, span: Span, entries: dict[str, Entry] | None = None, items: "list[Node] | None" = None) -> None:
        self.span = span
        self.entries = entries
        self.items = items

    @property
    def is_scalar(self) -> bool:
        """Whether it is neither a mapping nor a list."""
        return self.entries is None and self.items is None


class Duplicate(NamedTuple):
    """A key that is set twice in one mapping; the second counts."""

    key: str
    first: Span
    second: Span
    merged: bool
    """Whether the second comes out of a merge key (``<<``), which overrides what stands before it."""

    def problem(self) -> Problem:
        """Return it as a sentence with both positions, at the second."""
        how = "set again by a merge key" if self.merged else "set twice"
        first = f"first at line {self.first[0]}, column {self.first[1]}"
        reason = f"key '{self.key[:80]}' is {how}: {first}; the last one counts"
        return Problem(reason, self.second[0], self.second[1])


class Tree(NamedTuple):
    """The root, and what was found suspicious while the tree was built."""

    root: Node
    duplicates: tuple[Duplicate, ...] = ()
    """In the order of the second position."""
    null_keys: tuple[Span, ...] = ()
    """Keys that are null: they become the text ``null`` here, and Kubernetes refuses them."""

    def notes(self) -> tuple[Problem, ...]:
        """Return what was found suspicious as sentences, each at the place that counts; the first hundred of a kind."""
        notes = [duplicate.problem() for duplicate in self.duplicates[:_MAX_NOTES]]
        nulls = self.null_keys[:_MAX_NOTES]
        notes += [Problem("a key is null; Kubernetes refuses that", line, column) for line, column, *_ in nulls]
        return tuple(notes)


def region(root: Node, path: Path) -> Region:
    """Return the place of ``path``, or of its nearest existing ancestor."""
    *_, found = _steps(root, path)
    return Region(*_place(*found))


def exists(root: Node, path: Path) -> bool:
    """Whether every step of ``path`` is there."""
    return sum(1 for _ in _steps(root, path)) == len(path) + 1


def paths_by_line(root: Node) -> dict[int, Path]:
    """Return for each line the path of the outermost value whose key or list item starts on it."""
    paths: dict[int, Path] = {}
    for path, start, _ in _walk(root):
        if path:
            paths.setdefault(start[0], path)
    return paths


def scalar_spans(root: Node) -> list[Span]:
    """Return the places of all scalar values, in the order of the text. They never overlap."""
    return sorted(node.span for _, _, node in _walk(root) if node.is_scalar)


def _walk(root: Node) -> Iterator[tuple[Path, Span, Node]]:
    """Yield (path, start, node) for each node once, outer ones before inner ones, in the order they are written."""
    seen = {id(root)}
    pending: list[tuple[Path, Span, Node]] = [((), root.span, root)]
    while pending:
        path, start, node = pending.pop()
        yield path, start, node
        below = [child for child in _children(path, node) if id(child[2]) not in seen]
        seen.update(id(child[2]) for child in below)
        pending.extend(reversed(below))


def _steps(root: Node, path: Path) -> Iterator[tuple[Span | None, Node, bool]]:
    """Yield (key, node, aliased) for the root and for every step of ``path`` that exists."""
    node = root
    yield None, root, False
    for step in path:
        if isinstance(step, str):
            entry = node.entries.get(step) if node.entries is not None else None
            if entry is None:
                return
            yield entry
            node = entry[1]
        else:
            if node.items is None or step >= len(node.items):
                return
            node = node.items[step]
            yield None, node, False


def _place(key: Span | None, node: Node, aliased: bool) -> Span:
    if node.is_scalar:
        return node.span if key is None or aliased else (*key[:2], *node.span[2:])
    if key is not None:
        return key
    while not node.is_scalar:  # a list item or the root: its first key or value stands for it
        if node.entries:
            return next(iter(node.entries.values()))[0]
        if not node.items:
            break
        node = node.items[0]
    return node.span


def _children(path: Path, node: Node) -> Iterator[tuple[Path, Span, Node]]:
    if node.entries is not None:
        for name, (key, value, _) in node.entries.items():
            yield (*path, name), key, value
    elif node.items is not None:
        for index, item in enumerate(node.items):
            yield (*path, index), item.span, item
