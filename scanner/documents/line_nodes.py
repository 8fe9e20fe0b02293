"""The tree of positions of one plain document, out of the same lines and tokens as its value.

It is asked for after :func:`scanner.documents.lines.read_plain` understood the document, so it checks nothing again.
"""

from scanner.documents.line_tokens import ITEM_BLOCK, ITEM_FLOW, KEY_BLOCK, KEY_FLOW, KEY_OPEN, Token, flow_parts
from scanner.documents.lines import TOKENS
from scanner.documents.nodes import Node, Span, Tree


def tree(text: str, first_line: int) -> Tree:
    """Return the tree of the document in ``text``, whose first line is ``first_line`` of the file."""
    builder = _Builder()
    block: Node | None = None
    prefix = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if block is not None and (not line or line.isspace() or line.startswith(prefix)):
            if line.strip(" "):
                block.span = (*block.span[:2], number, len(line) + 1)
            continue
        block = None
        token = TOKENS[line]
        if token is not None:
            node = builder.add(token, number, line)
            if token[1] in _BLOCKS:
                block, prefix = node, " " * (builder.level // 2 + 1)
    assert builder.root is not None
    return Tree(builder.root)


_BLOCKS = (KEY_BLOCK, ITEM_BLOCK)
_FLOWS = (KEY_FLOW, ITEM_FLOW)


class _Builder:
    """Puts the node of each line in its place."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.level = -1
        self._current = Node((1, 1, 1, 1), items=[])
        self._opened: str | None = None
        """The key whose value comes on deeper lines."""
        self._stack: list[tuple[int, Node]] = []

    def add(self, token: Token, number: int, line: str) -> Node:
        """Add the line that is ``token``, and return the node of its value."""
        level, form, key, _, inner, (key_start, key_end, start, end) = token
        if level > self.level:
            self._descend(_collection(level, number), level)
        while self.level > level:
            self.level, self._current = self._stack.pop()
        self._opened = None
        if inner:
            self._descend(_collection(inner, number), inner)
        if form == KEY_OPEN:
            start = end = key_end + 1
        span = (number, start + 1, number, end + 1)
        node = _flow(line, token, span) if form in _FLOWS else Node(span)
        if self._current.entries is not None:
            self._current.entries[key] = (number, key_start + 1, number, key_end + 1), node, False
            self._opened = key if form == KEY_OPEN else None
        elif self._current.items is not None:
            self._current.items.append(node)
        return node

    def _descend(self, node: Node, level: int) -> None:
        """Make ``node`` the current one, below the opened key or as the next item of the current list."""
        current = self._current
        if self.root is None:
            self.root = node
        elif self._opened is not None and current.entries is not None:
            current.entries[self._opened] = current.entries[self._opened][0], node, False
        elif current.items is not None:
            current.items.append(node)
        self._stack.append((self.level, current))
        self._current, self.level = node, level


def _collection(level: int, number: int) -> Node:
    span = (number, level // 2 + 1, number, level // 2 + 1)
    return Node(span, None, []) if level & 1 else Node(span, {})


def _flow(line: str, token: Token, span: Span) -> Node:
    """Return the node of a mapping or list in flow style with its parts."""
    number, value, (_, _, start, end) = span[0], token[3], token[5]
    node = Node(span, entries={}) if isinstance(value, dict) else Node(span, items=[])
    for key, (key_start, key_end), (part_start, part_end) in flow_parts(line, start, end):
        part = Node((number, part_start + 1, number, part_end + 1))
        if node.entries is not None:
            node.entries[key] = (number, key_start + 1, number, key_end + 1), part, False
        elif node.items is not None:
            node.items.append(part)
    return node
