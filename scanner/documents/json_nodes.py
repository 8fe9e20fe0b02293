"""The tree of positions of a JSON text that is known to be valid."""

import json
import re

from scanner.documents.encoding import replace_halves
from scanner.documents.nodes import Duplicate, Node, Span, Tree

_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|[^\s\[\]{}:,"]++|[\[\]{}:,]|\n')


def tree(text: str) -> Tree:
    """Return the tree of ``text``, which ``json.loads`` has accepted."""
    builder = _Builder()
    line, line_start = 1, 0
    for match in _PART.finditer(text):
        part, start = match[0], match.start()
        if part == "\n":
            line, line_start = line + 1, start + 1
        elif part not in ":,":
            builder.add(part, (line, start - line_start + 1, line, match.end() - line_start + 1))
    return builder.tree()


class _Builder:
    """Puts parts in their place; ``open`` are the mappings and lists whose end has not come yet."""

    def __init__(self) -> None:
        self._root: Node | None = None
        self._open: list[Node] = []
        self._duplicates: list[Duplicate] = []
        self._key: tuple[str, Span] | None = None

    def add(self, part: str, span: Span) -> None:
        parent = self._open[-1] if self._open else None
        if part in ("}", "]"):
            ended = self._open.pop()
            ended.span = (*ended.span[:2], *span[2:])
        elif part in ("{", "["):
            node = Node(span, entries={}) if part == "{" else Node(span, items=[])
            self._place(parent, node)
            self._open.append(node)
        elif parent is not None and parent.entries is not None and self._key is None:
            self._key = replace_halves(json.loads(part)), span
        else:
            self._place(parent, Node(span))

    def tree(self) -> Tree:
        assert self._root is not None
        return Tree(self._root, tuple(self._duplicates))

    def _place(self, parent: Node | None, node: Node) -> None:
        if parent is None:
            self._root = node
        elif parent.items is not None:
            parent.items.append(node)
        elif parent.entries is not None and self._key is not None:
            name, key = self._key
            if name in parent.entries:
                self._duplicates.append(Duplicate(name, parent.entries[name][0], key, merged=False))
            parent.entries[name] = (key, node, False)
            self._key = None
