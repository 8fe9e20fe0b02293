"""The tree of positions of one document, out of libyaml's events.

It is asked for after the values were read, so nothing can be wrong with the text any more, and the rules for aliases,
merge keys and keys that are set again are those of :mod:`scanner.documents.event_values`.
"""

from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from scanner.documents.libyaml import events, split_lines
from scanner.documents.nodes import Duplicate, Entry, Node, Span, Tree
from scanner.documents.scalars import MERGE_TAG, key_text, plain_key, resolve_plain, resolve_tagged
from scanner.model.unknown import Unknown


def tree(text: str, number: int, first_line: int) -> Tree:
    """Return the tree of document ``number`` (from 0) of ``text``, whose first line is ``first_line`` of the file."""
    builder = _Builder(text, first_line)
    count = -1
    for event in events(text):
        kind = event.__class__
        count += kind is DocumentStartEvent
        if count == number:
            if kind is DocumentEndEvent:
                break
            builder.add(event)
    return builder.tree()


class _Frame:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("anchor", "key", "merged", "merges", "node")

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: tuple[str, Span] | None = None
        """In a mapping: the key whose value comes next."""
        self.merges = False
        """Whether that is a merge key."""
        self.merged: set[str] = set()
        """Keys that came out of a merge key: setting them again is what merge keys are for."""

    @property
    def expects_key(self) -> bool:
        return self.node.entries is not None and self.key is None


class _Builder:
    """Builds nodes; the frame at the bottom is a list whose one item is the root."""

    def __init__(self, text: str, first_line: int) -> None:
        self._lines = split_lines(text)
        self._first_line = first_line
        self._frames = [_Frame(Node((1, 1, 1, 1), items=[]), None)]
        self._anchors: dict[str, tuple[Node, str]] = {}
        """Anchor → its node and, for a scalar, the text it has as a key."""
        self._duplicates: list[Duplicate] = []
        self._null_keys: list[Span] = []

    def tree(self) -> Tree:
        items = self._frames[0].node.items
        assert items
        return Tree(items[0], tuple(self._duplicates), tuple(self._null_keys))

    def add(self, event: Any) -> None:
        kind = event.__class__
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is MappingStartEvent:
            self._frames.append(_Frame(Node(self._span(event), entries={}), event.anchor))
        elif kind is SequenceStartEvent:
            self._frames.append(_Frame(Node(self._span(event), items=[]), event.anchor))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            ended = self._frames.pop()
            node = ended.node
            node.span = (*node.span[:2], *self._span(event)[2:])
            if ended.anchor is not None:
                self._anchors[ended.anchor] = node, ""
            self._place(node, aliased=False)

    def _scalar(self, event: Any) -> None:
        span, frame = self._span(event), self._frames[-1]
        key = _key_text(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = Node(span), key
        if frame.expects_key:
            frame.key, frame.merges = (key, span), _is_merge(event)
            if key == "null" and _is_null(event):
                self._null_keys.append(span)
        else:
            self._place(Node(span), aliased=False)

    def _alias(self, event: Any) -> None:
        node, key = self._anchors[event.anchor]
        frame = self._frames[-1]
        if frame.expects_key:
            frame.key, frame.merges = (key, self._span(event)), False
        else:
            self._place(node, aliased=True)

    def _place(self, node: Node, *, aliased: bool) -> None:
        frame = self._frames[-1]
        if frame.node.items is not None:
            frame.node.items.append(node)
        elif frame.node.entries is not None and frame.key is not None:
            if frame.merges:
                self._merge(frame, frame.node.entries, frame.key[1], node)
            else:
                self._set(frame, frame.node.entries, frame.key, (frame.key[1], node, aliased))
            frame.key = None

    def _set(self, frame: _Frame, entries: dict[str, Entry], key: tuple[str, Span], entry: Entry) -> None:
        name, span = key
        if name in entries and name not in frame.merged:
            self._duplicates.append(Duplicate(name, entries[name][0], span, merged=False))
        entries[name] = entry
        frame.merged.discard(name)

    def _merge(self, frame: _Frame, entries: dict[str, Entry], span: Span, node: Node) -> None:
        for source in reversed(node.items if node.items is not None else [node]):
            for name, entry in (source.entries or {}).items():
                if name in entries and name not in frame.merged:
                    self._duplicates.append(Duplicate(name, entries[name][0], span, merged=True))
                entries[name] = entry
                frame.merged.add(name)

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        end_line, end_column = end.line, end.column
        if end_column == 0 and end_line > start.line and event.__class__ is ScalarEvent:
            end_line -= 1  # a block scalar ends where the next thing starts: go back to its last line with text
            while end_line > start.line and not self._lines[end_line].strip():
                end_line -= 1
            end_column = len(self._lines[end_line])
        offset = self._first_line
        return start.line + offset, start.column + 1, end_line + offset, end_column + 1


def _is_merge(event: Any) -> bool:
    return bool(event.value == "<<" and (event.tag == MERGE_TAG or (event.tag is None and event.implicit[0])))


def _is_null(event: Any) -> bool:
    if event.tag is None:
        return bool(event.implicit[0]) and resolve_plain(event.value) is None
    return resolve_tagged(event.tag, event.value) is None


def _key_text(event: Any) -> str:
    text: str = event.value
    if event.tag is None:
        return plain_key(text) if event.implicit[0] else text
    value = resolve_tagged(event.tag, text)
    return text if isinstance(value, Unknown) else key_text(value)
