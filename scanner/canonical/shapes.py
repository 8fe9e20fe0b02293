"""ARM types as the tables know them: spelling of known paths, target types and words, defaults, nested children."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from scanner.canonical.tables import arm_paths, arm_type
from scanner.canonical.values import TYPES, Step
from scanner.model.path import Path
from scanner.views import azure_ids

_DEPTH = 100
"""Deeper levels of a body keep their spelling: no property that a rule knows stands there."""


class Node:
    """One known key of a body."""

    __slots__ = ("below", "convert", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        """In Azure's own spelling."""
        self.below: dict[str, Node] = {}
        """Known keys below, by lower-cased name; lists are transparent."""
        self.convert: Step | None = None
        """What makes a value of the target type of a known scalar."""


class Field(NamedTuple):
    """One property of a child that its parent has too."""

    source: Path
    target: Path
    words: Mapping[str, Any]
    """Text of the child's value → the parent's; others stay."""


class Nested(NamedTuple):
    """A kind of child that its parent's body holds."""

    at: Path
    """Where the list stands in the parent: ``("properties", "subnets")``; empty for ``fields``."""
    shape: str
    """``named``: elements are ``{name, properties}``; ``flat``: ``{name, …}``; ``list``: the child holds elements;
    ``fields``: the child says what the parent can say too."""
    source: Path
    """For ``list``: where the child's body holds the elements."""
    named: str
    """Only the child of this name, in lower case; empty for all."""
    fields: tuple[Field, ...]

    @property
    def targets(self) -> tuple[Path, ...]:
        """What a child writes in its parent."""
        return tuple(field.target for field in self.fields) or (self.at,)


class Default(NamedTuple):
    """What the service takes for an absent property."""

    path: tuple[str, ...]
    """Steps from the root of the body, through objects only."""
    by_version: tuple[tuple[str, Any], ...]
    """(condition on the API version or empty, value); the first that holds."""

    def value(self, api_version: str) -> tuple[bool, Any]:
        """Return (whether there is one, the value) for an API version; the newest where none is known."""
        for condition, value in self.by_version:
            if _holds(condition, api_version):
                return True, value
        return False, None


class Implied(NamedTuple):
    """A child that exists whether or not it is declared."""

    type: str
    name: str
    unless: tuple[tuple[str, str], ...]
    """(attribute, value): no such child where one holds."""


class Shape:
    """What is known of one ARM type."""

    __slots__ = ("_root", "defaults", "extension", "implied", "nested", "type")

    def __init__(self, type_: str, table: Mapping[str, Any]) -> None:
        self.type: str = table.get("type", type_)
        self.extension: bool = table.get("extension", False)
        """Whether it is attached to other resources, groups or subscriptions (role assignments, locks)."""
        self.nested = {child.lower(): _nested(entry) for child, entry in table.get("nested", {}).items()}
        self.defaults = tuple(
            Default(tuple(path.split(".")), _by_version(entry)) for path, entry in table.get("defaults", {}).items()
        )
        self.implied = tuple(_implied(entry) for entry in table.get("implies", ()))
        self._root: Node | None = None

    @property
    def root(self) -> Node:
        """The known keys of a body; read when a body is first to be spelled, which Terraform's never are."""
        if self._root is None:
            self._root = Node("")
            for path in _ENVELOPE:
                _add(self._root, path, "")
            for path, word in arm_paths(self.type.lower()).items():
                _add(self._root, path, word)
        return self._root


def _add(node: Node, path: str, word: Any) -> None:
    for step in path.split("."):
        found = node.below.get(step.lower())
        if found is None:
            found = node.below[step.lower()] = Node(step)
        node = found
    if word and node.convert is None:
        node.convert = TYPES[word] if isinstance(word, str) else _words(word)


_ENVELOPE = (
    "id", "name", "type", "apiVersion", "location", "tags", "kind", "zones", "scope", "parent", "sku.name", "sku.tier",
    "sku.capacity", "sku.family", "sku.size", "identity.type", "identity.userAssignedIdentities", "plan.name",
    "extendedLocation", "managedBy", "properties",
)  # fmt: skip


def _nested(entry: Mapping[str, Any]) -> Nested:
    fields = (
        Field(_steps(source), _steps(field["to"]), field.get("enum", {}))
        for source, field in entry.get("fields", {}).items()
    )
    steps = _steps(entry.get("at", "")), _steps(entry.get("from", ""))
    return Nested(steps[0], entry["shape"], steps[1], entry.get("named", "").lower(), tuple(fields))


def _implied(entry: Mapping[str, Any]) -> Implied:
    return Implied(entry["type"], entry["name"], tuple(entry.get("unless", {}).items()))


def _words(words: list[str]) -> Step:
    spelled = {word.lower(): word for word in words}

    def spell(value: Any) -> Any:
        return spelled.get(value.lower(), value) if value.__class__ is str else value

    return spell


def _steps(text: str) -> Path:
    return tuple(text.split(".")) if text else ()


def _by_version(entry: Any) -> tuple[tuple[str, Any], ...]:
    if isinstance(entry, dict) and entry and all(key[:1] in "<>" for key in entry):
        return tuple(entry.items())
    return (("", entry),)


def _holds(condition: str, version: str) -> bool:
    """Whether an API version meets ``<2019-04-01`` or ``>=2019-04-01``; versions compare as text, as their dates do."""
    if not condition:
        return True
    if not version:
        return condition.startswith(">")
    operator = condition.rstrip("0123456789-")
    bound, date = condition[len(operator) :], version[:10]
    return {"<": date < bound, "<=": date <= bound, ">": date > bound, ">=": date >= bound}[operator]


@cache
def shape_of(type_: str) -> Shape:
    """Return what is known of an ARM type, in any case; of an unknown one only the envelope."""
    table = arm_type(type_.lower())
    return Shape(_canonical(type_), table or {})


def _canonical(type_: str) -> str:
    provider, slash, rest = type_.partition("/")
    name, dot, below = provider.partition(".")
    return f"Microsoft{dot}{below}{slash}{rest}" if name.lower() == "microsoft" else type_


def location(value: Any) -> Any:
    """Return a location in its normal form: ``West Europe`` is ``westeurope``."""
    return value.replace(" ", "").lower() if value.__class__ is str else value


def parent_type(type_: str) -> str:
    """Return the type of the parent of a child type; empty for a top-level type."""
    outer = type_.rpartition("/")[0]
    return outer if "/" in outer else ""


def is_extension(id_: str) -> bool:
    """Whether an id is of a resource that is attached to another resource."""
    parsed = azure_ids.parse(id_)
    return parsed is not None and "/providers/" in parsed.scope.lower()


def spelled(value: Any, node: Node, depth: int = 0) -> Any:
    """Return a copy of ``value`` with its keys spelled and its scalars typed as far as ``node`` knows them.

    Shares what it does not change.
    """
    cls = value.__class__
    if cls is dict:
        below = node.below
        if not below or depth > _DEPTH:
            return value
        result: dict[str, Any] = {}
        for key, item in value.items():
            if item is None:  # ARM takes null for what is not written
                continue
            known = below.get(key.lower())
            if known is None:
                result[key] = item
            elif item.__class__ is dict or item.__class__ is list:
                result[known.name] = spelled(item, known, depth + 1)
            else:
                convert = known.convert
                result[known.name] = item if convert is None else convert(item)
        return result
    if cls is list:
        if depth > _DEPTH:
            return value
        convert = node.convert
        return [
            spelled(item, node, depth + 1)
            if item.__class__ is dict or item.__class__ is list
            else item
            if convert is None
            else convert(item)
            for item in value
        ]
    return spelled(dict(value), node, depth) if isinstance(value, Mapping) else value
