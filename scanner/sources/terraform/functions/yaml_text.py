"""``yamlencode`` and ``yamldecode``: the same emitter and parser family as Terraform's, fed with its own decisions.

Strings are double-quoted, or literal blocks where they hold a line break; plain scalars resolve as go-cty-yaml does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.convert import to_text_of_scalar
from scanner.sources.terraform.values.types import ANY, STRING
from scanner.sources.terraform.values.value import Value, ValueFault, normal

if TYPE_CHECKING:
    import yaml

_TAG = "tag:yaml.org,2002:"
_MAX_DEPTH = 150
_MAX_NODES = 200_000
"""What aliases may unfold to; more is refused."""


def _encode(value: Value) -> str:
    import yaml

    dumper: Any = getattr(yaml, "CDumper", yaml.Dumper)
    start: list[yaml.Event] = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False)]
    end: list[yaml.Event] = [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    written: str = yaml.emit([*start, *_events(value), *end], Dumper=dumper, allow_unicode=True)
    # Versions of the emitter differ on when to close an open end; Terraform's does after plain scalars only.
    written = written.removesuffix("...\n")
    return written if isinstance(value, str | tuple | dict) else f"{written}...\n"


def _events(value: Value) -> "Iterator[yaml.Event]":
    import yaml

    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for name in sorted(value):
            yield _scalar(name)
            yield from _events(value[name])
        yield yaml.MappingEndEvent()
    elif isinstance(value, tuple):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for item in value:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value)


def _scalar(value: Value) -> "yaml.ScalarEvent":
    import yaml

    if type(value) is str:
        style = "|" if "\n" in value else '"'
        return yaml.ScalarEvent(None, None, (True, True), value, style=style)
    text = "null" if value is None else to_text_of_scalar(value)
    return yaml.ScalarEvent(None, None, (True, True), text, style="")


def _decode(text: str) -> Value:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Reader(yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"on line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise FunctionError(f"{where}{getattr(error, 'problem', None) or error}", 0) from None


class _Reader:
    """Builds the value of one document from its events."""

    def __init__(self, events: "Iterator[yaml.Event]") -> None:
        self._events = events
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._nodes = 0

    def document(self) -> Value:
        import yaml

        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            raise FunctionError("missing start of document", 0)
        value = self._value(next(self._events), 0)
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise FunctionError("only a single document is allowed", 0)
        return value

    def _value(self, event: "yaml.Event", depth: int) -> Value:
        import yaml

        before = self._nodes
        self._count(1)
        if depth > _MAX_DEPTH:
            raise FunctionError(f"documents nested deeper than {_MAX_DEPTH} levels are not supported", 0)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor or "")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self._anchors.pop(event.anchor, None)
        if isinstance(event, yaml.ScalarEvent):
            value = _resolve(event)
            value = "<<" if value is _MERGE else value
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(event, depth)
        else:
            assert isinstance(event, yaml.SequenceStartEvent)
            value = self._sequence(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = value, self._nodes - before
        return value

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > _MAX_NODES:
            raise FunctionError(f"documents of more than {_MAX_NODES} values are not supported", 0)

    def _alias(self, name: str) -> Value:
        if name not in self._anchors:
            raise FunctionError(f'reference to undefined anchor "{name}"', 0)
        value, size = self._anchors[name]
        self._count(size)
        return value

    def _sequence(self, event: "yaml.SequenceStartEvent", depth: int) -> Value:
        import yaml

        _check_tag(event.tag, "seq")
        items: list[Value] = []
        while not isinstance(following := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(following, depth + 1))
        return tuple(items)

    def _mapping(self, event: "yaml.MappingStartEvent", depth: int) -> Value:
        import yaml

        _check_tag(event.tag, "map")
        found: dict[str, Value] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise FunctionError("only strings are allowed as mapping keys", 0)
            name = _resolve(key)
            value = self._value(next(self._events), depth + 1)
            if name is _MERGE:
                if not isinstance(value, dict):
                    raise FunctionError("cannot merge into mapping what is none", 0)
                found.update(value)
            elif name is None:
                raise FunctionError("mapping key cannot be null", 0)
            else:
                found[to_text_of_scalar(name)] = value
        return found


def _check_tag(tag: str | None, wanted: str) -> None:
    if tag not in (None, "", _TAG + wanted):
        raise FunctionError(f"can't interpret it as {tag}", 0)


_MERGE = object()
_WORDS: dict[str, Value] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(["", *["~", "null", "Null", "NULL"]], None),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], numbers.INFINITY),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -numbers.INFINITY),
}
_INTEGER = r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_HINTED = frozenset("+-.0123456789yYnNtTfFoO~")


def _resolve(event: "yaml.ScalarEvent") -> Value:
    """Return the value of a scalar: by its tag, else by how it looks, unless it is quoted."""
    tag = (event.tag or "").removeprefix(_TAG)
    if tag not in ("", "!", "str", "bool", "int", "float", "null", "timestamp", "binary"):
        raise FunctionError(f'unsupported tag "{event.tag}"', 0)
    text: str = event.value
    quoted = event.style in ("'", '"')
    if tag in ("str", "binary") or quoted or tag == "!":
        return _tagged_text(tag, text)
    if not text or text[0] in _HINTED or text[0] == "N":
        if text in _WORDS:
            return _WORDS[text]
        value = _looks(text, tag)
        if value is not None:
            return value
    if not tag and text == "<<":
        return _MERGE
    return _tagged(tag, text)


def _tagged_text(tag: str, text: str) -> str:
    if tag == "binary":
        import binascii

        try:
            binascii.a2b_base64(text.replace("\n", "").encode("ascii"), strict_mode=True)
        except ValueError:
            raise FunctionError("cannot parse the value as !!binary: not valid base64", 0) from None
    return normal(text)


def _looks(text: str, tag: str) -> Value:
    """Return the number or date that ``text`` looks like; None where it is neither."""
    import re

    if not tag and text in (".nan", ".NaN", ".NAN"):
        raise FunctionError("floating point NaN is not supported", 0)
    if text[:1] == ".":
        try:
            return numbers.parse(text)
        except ValueFault:
            return None
    if text[:1] not in "+-0123456789":
        return None
    if tag in ("", "timestamp"):
        stamp = _timestamp(text)
        if stamp is not None:
            return stamp
    return _number(text) if re.fullmatch(f"{_INTEGER}|{_FLOAT}", text) else None


def _number(text: str) -> Value:
    compact = text.replace("_", "")
    try:
        return numbers.parse(compact)
    except ValueFault:
        try:
            return int(compact, 0)
        except ValueError:
            raise FunctionError(f'cannot parse "{text}" as a number', 0) from None


def _tagged(tag: str, text: str) -> Value:
    if not tag:
        return normal(text)
    if tag == "null":
        return None
    if tag in ("int", "float"):
        return _number(text)
    raise FunctionError(f'cannot parse "{text}" as !!{tag}', 0)


def _timestamp(text: str) -> str | None:
    """Return a date of YAML's as RFC 3339 text."""
    import re
    from datetime import datetime

    match = re.fullmatch(
        r"(\d{4})-(\d\d?)-(\d\d?)(?:([Tt ])(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?)?", text, re.ASCII
    )
    if match is None or (match[4] is not None and (match[8] is None) != (match[4] == " ")):
        return None
    parts = [int(match[group] or 0) for group in (1, 2, 3, 5, 6, 7)]
    try:
        datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return None
    year, month, day, hour, minute, second = parts
    zone = "Z" if match[8] in (None, "Z", "+00:00", "-00:00") else match[8]
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


FUNCTIONS = {
    "yamldecode": Function(_decode, STRING),
    "yamlencode": Function(_encode, ANY, nullable=True),
}
