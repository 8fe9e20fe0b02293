"""Values out of libyaml's events, in the dialect of go-yaml v2.

One thing differs from what YAML's authors meant, because go-yaml does it and so the cluster does: a merge key takes
effect where it stands. It overrides the keys above it and is overridden by those below it.
"""

from typing import Any, Final, NamedTuple

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

from scanner.documents.libyaml import RefusedError, events, refuse
from scanner.documents.problem import Limits, Problem
from scanner.documents.scalars import (
    COLLECTION_TAGS,
    MERGE_TAG,
    key_text,
    plain_key,
    resolve_plain,
    resolve_tagged,
    unknown_tag,
)
from scanner.model.unknown import Unknown

_NO_KEY: Final = object()
_MERGE: Final = object()
_UNFINISHED: Final = -1


class ReadDocument(NamedTuple):
    """One document of a text."""

    value: Any
    line: int
    """On which its value starts; one-based, within the text."""
    number: int
    """Position among the documents of the text, from 0."""
    suspicious: bool
    """Whether the tree of positions has notes to give."""
    has_unknowns: bool


class ReadEvents(NamedTuple):
    """What came out of a text."""

    documents: tuple[ReadDocument, ...]
    """Those that hold something."""
    total: int
    """Number of documents, the empty ones too."""
    problem: Problem | None
    """What ended the reading early."""


def read_events(text: str, limits: Limits) -> ReadEvents:
    """Return the documents of ``text``, up to the first that cannot be read."""
    reader = _Reader(limits)
    problem = None
    try:
        reader.read(text)
    except RefusedError as refused:
        problem = refused.problem
    return ReadEvents(tuple(reader.documents), reader.number + 1, problem)


class _Frame:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("before", "event", "key", "value")

    def __init__(self, value: Any, event: Any, before: int) -> None:
        self.value = value
        self.event = event
        """The one it started with."""
        self.key: Any = _NO_KEY
        """In a mapping: the key whose value comes next."""
        self.before = before
        """Number of values before it."""


class _Reader:
    """Builds values, with one method for each kind of event."""

    def __init__(self, limits: Limits) -> None:
        self.documents: list[ReadDocument] = []
        self._limits = limits
        self.number = -2
        self._start_document(None)

    def read(self, text: str) -> None:
        """Read all documents of ``text``; raises RefusedError at the first that cannot be read."""
        handlers = {
            ScalarEvent: self._scalar,
            AliasEvent: self._alias,
            MappingStartEvent: self._start_mapping,
            SequenceStartEvent: self._start_list,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            DocumentStartEvent: self._start_document,
            DocumentEndEvent: self._end_document,
        }
        for event in events(text):
            handler = handlers.get(event.__class__)
            if handler is not None:
                handler(event)

    def _start_document(self, event: Any) -> None:
        self.number += 1
        self._frame = _Frame([], event, 0)  # its one item will be the root
        self._open: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self._line = 0
        self._empty = self._suspicious = self._unknowns = False

    def _end_document(self, _: Any) -> None:
        if not self._empty:
            value = self._frame.value[0]
            self.documents.append(ReadDocument(value, self._line, self.number, self._suspicious, self._unknowns))

    def _scalar(self, event: Any) -> None:
        tag = event.tag
        if tag is not None:
            value = resolve_tagged(tag, event.value)
        else:
            value = resolve_plain(event.value) if event.implicit[0] else event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = value, 1
        frame = self._frame
        if frame.key is _NO_KEY and frame.value.__class__ is dict:
            frame.key = self._key(value, event)
        else:
            self._count_values(1, event)
            if value.__class__ is Unknown:
                self._unknowns = True
            self._place(value, event)

    def _key(self, value: Any, event: Any) -> Any:
        tag = event.tag
        if event.value == "<<" and (tag == MERGE_TAG or (tag is None and event.implicit[0])):
            return _MERGE
        if value.__class__ is str:
            return value
        if isinstance(value, Unknown):
            return event.value if tag is not None else plain_key(event.value)
        self._suspicious = self._suspicious or value is None
        return key_text(value)

    def _alias(self, event: Any) -> None:
        value, size = self._anchors.get(event.anchor, (None, 0))
        if size == 0:
            raise refuse("an alias has no anchor above it", event.start_mark)
        if size == _UNFINISHED:
            raise refuse("an alias stands inside the value that it repeats", event.start_mark)
        frame = self._frame
        if frame.key is _NO_KEY and frame.value.__class__ is dict:
            if isinstance(value, (dict, list, Unknown)):
                raise _bad_key(event)
            frame.key = key_text(value)
        else:
            self._count_values(size, event)
            self._place(value, event)

    def _start_mapping(self, event: Any) -> None:
        self._start({}, event)

    def _start_list(self, event: Any) -> None:
        self._start([], event)

    def _start(self, value: Any, event: Any) -> None:
        frame = self._frame
        if frame.key is _NO_KEY and frame.value.__class__ is dict:
            raise _bad_key(event)
        mark = event.start_mark
        if len(self._open) >= self._limits.max_depth:
            raise RefusedError(self._limits.depth_problem(mark.line + 1, mark.column + 1))
        if event.anchor is not None:
            self._anchors[event.anchor] = None, _UNFINISHED
        self._open.append(frame)
        self._frame = _Frame(value, event, self._count)
        self._line = self._line or mark.line + 1
        self._count_values(1, event)

    def _end(self, event: Any) -> None:
        ended = self._frame
        self._frame = self._open.pop()
        tag, anchor = ended.event.tag, ended.event.anchor
        value = ended.value
        if tag is not None and tag not in COLLECTION_TAGS:
            value, self._unknowns = unknown_tag(tag), True
        if anchor is not None:
            self._anchors[anchor] = value, self._count - ended.before
        self._place(value, event)

    def _place(self, value: Any, event: Any) -> None:
        frame = self._frame
        container, key = frame.value, frame.key
        if container.__class__ is list:
            container.append(value)
            if not self._open:
                self._note_root(event)
        elif key is _MERGE:
            self._merge(container, value, event)
        else:
            if key in container:
                self._suspicious = True
            container[key] = value
        frame.key = _NO_KEY

    def _note_root(self, event: Any) -> None:
        self._line = self._line or event.start_mark.line + 1
        self._empty = (
            event.__class__ is ScalarEvent
            and not event.value
            and event.implicit[0]
            and event.tag is None
            and event.anchor is None
        )

    def _merge(self, container: dict[str, Any], value: Any, event: Any) -> None:
        sources = value if value.__class__ is list else [value]
        for source in reversed(sources):
            if source.__class__ is not dict:
                raise refuse("a merge key needs a mapping or a list of mappings", event.start_mark)
            self._suspicious = self._suspicious or not container.keys().isdisjoint(source)
            container.update(source)

    def _count_values(self, number: int, event: Any) -> None:
        self._count += number
        if self._count > self._limits.max_nodes:
            raise RefusedError(self._limits.nodes_problem(event.start_mark.line + 1, event.start_mark.column + 1))


def _bad_key(event: Any) -> RefusedError:
    return refuse("a key is a mapping or a list; Kubernetes refuses that", event.start_mark)
