"""Bicep types → the notation of ARM templates, as far as values depend on them: nullability, secrets, allowed values.

Source of the notation: the template syntax page on learn.microsoft.com ("Type definitions").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from scanner.model.unknown import Unknown
from scanner.sources.bicep.functions import TYPES
from scanner.sources.bicep.syntax import nodes

Shape: TypeAlias = dict[str, Any]
"""A type in ARM's notation: ``{"type": "object", "properties": {…}, "nullable": true}``; empty for any."""
Lookup: TypeAlias = Callable[[str, str], "tuple[nodes.Type, Lookup, tuple[nodes.Decorator, ...]] | Shape | None"]
"""Finds a declared type by (namespace or nothing, name): its node and where its own names are found."""

_MAX_DEPTH: Final = 40
_ANY: Final[Mapping[str, Any]] = {}
_JSON_TYPES: Final = {bool: "bool", int: "int", str: "string", list: "array", dict: "object"}
_SECURE: Final = {"string": "securestring", "object": "secureobject"}


class TypeReader:
    """Reads types; remembers what a declared type is, so that many uses of one cost little."""

    def __init__(self) -> None:
        self._known: dict[int, Shape] = {}
        self._open: set[int] = set()

    def shape(self, node: nodes.Node, lookup: Lookup, depth: int = 0) -> Shape:
        """Return the shape of a type; a type that holds itself, or is nested too deep, is any from there on."""
        if depth > _MAX_DEPTH:
            return {}
        if isinstance(node, nodes.Name):
            return self._named("", node.name, lookup, depth)
        if isinstance(node, nodes.Literal):
            return _literal(node.value)
        if isinstance(node, nodes.Parens):
            return self.shape(node.inner, lookup, depth + 1)
        if isinstance(node, nodes.NullableType):
            return {**self.shape(node.of, lookup, depth + 1), "nullable": True}
        if isinstance(node, nodes.NonNull):
            return {key: value for key, value in self.shape(node.of, lookup, depth + 1).items() if key != "nullable"}
        if isinstance(node, nodes.ArrayType):
            return {"type": "array", "items": self.shape(node.of, lookup, depth + 1)}
        if isinstance(node, nodes.ObjectType):
            return self._object(node, lookup, depth)
        if isinstance(node, nodes.TupleType):
            items = [self._decorated(item.type, item.decorators, lookup, depth) for item in node.items]
            return {"type": "array", "prefixItems": items, "items": False}
        if isinstance(node, nodes.UnionType):
            return self._union(node, lookup, depth)
        return self._step(node, lookup, depth)

    def _step(self, node: nodes.Node, lookup: Lookup, depth: int) -> Shape:
        """Return the shape of what is taken out of another type."""
        if isinstance(node, nodes.TypeMember):
            if isinstance(node.of, nodes.Name):
                if node.of.name == "sys" and node.name in TYPES:
                    return {} if node.name == "any" else {"type": node.name}
                found = lookup(node.of.name, node.name)
                if found is not None:
                    return self._found(found, depth)
            of = self.shape(node.of, lookup, depth + 1)
            member = of.get("properties", _ANY).get(node.name, of.get("additionalProperties"))
            return member if isinstance(member, dict) else {}
        if isinstance(node, nodes.TypeElement):
            of = self.shape(node.of, lookup, depth + 1)
            element = of.get("items", of.get("additionalProperties"))
            return element if isinstance(element, dict) else {}
        if isinstance(node, nodes.TypeIndex) and isinstance(node.index, nodes.Literal):
            items = self.shape(node.of, lookup, depth + 1).get("prefixItems", [])
            index = node.index.value
            return items[index] if isinstance(index, int) and 0 <= index < len(items) else {}
        if isinstance(node, nodes.Unary):
            of = self.shape(node.operand, lookup, depth + 1)
            values = of.get("allowedValues", [None])
            if node.operator == "-" and isinstance(values[0], int):
                return {**of, "allowedValues": [-values[0]]}
            return {**of, "allowedValues": [not values[0]]} if isinstance(values[0], bool) else {}
        return {}

    def _named(self, namespace: str, name: str, lookup: Lookup, depth: int) -> Shape:
        found = lookup(namespace, name)
        if found is not None:
            return self._found(found, depth)
        return {"type": name} if name in TYPES and name != "any" else {}

    def _found(self, found: Any, depth: int) -> Shape:
        if isinstance(found, dict):
            return found
        node, lookup, decorators = found
        key = id(node)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            return {}
        self._open.add(key)
        shape = self._decorated(node, decorators, lookup, depth)
        self._open.discard(key)
        self._known[key] = shape
        return shape

    def _object(self, node: nodes.ObjectType, lookup: Lookup, depth: int) -> Shape:
        shape: Shape = {"type": "object", "properties": {}}
        for item in node.properties:
            inner = self._decorated(item.type, item.decorators, lookup, depth)
            if item.key is None:
                shape["additionalProperties"] = inner
            else:
                shape["properties"][item.key] = inner
        return shape

    def _decorated(
        self, node: nodes.Node, decorators: tuple[nodes.Decorator, ...], lookup: Lookup, depth: int
    ) -> Shape:
        return decorate(self.shape(node, lookup, depth + 1), decorators)

    def _union(self, node: nodes.UnionType, lookup: Lookup, depth: int) -> Shape:
        """Return the shape of a union: its literals are the allowed values; of objects only that they are is kept."""
        members = [self.shape(member, lookup, depth + 1) for member in node.members]
        nullable = any(member.get("nullable") for member in members)
        members = [member for member in members if not member.get("isNull")]
        kinds = {member.get("type") for member in members}
        shape: Shape = {"type": kinds.pop()} if len(kinds) == 1 else {}
        if members and all("allowedValues" in member for member in members):
            shape["allowedValues"] = [value for member in members for value in member["allowedValues"]]
        if shape.get("type") is None:
            shape.pop("type", None)
        return {**shape, "nullable": True} if nullable else shape


def decorate(shape: Shape, decorators: tuple[nodes.Decorator, ...]) -> Shape:
    """Return ``shape`` with what decorators add to it: that it is a secret, and which values are allowed."""
    for decorator in decorators:
        name, args = decorator_call(decorator)
        if name == "secure" and shape.get("type", "string") in _SECURE:
            shape = {**shape, "type": _SECURE[shape.get("type", "string")]}
        elif name == "allowed" and args:
            values = constant(args[0])
            if isinstance(values, list):
                shape = {**shape, "allowedValues": values}
    return shape


def misfit(value: Any, shape: Mapping[str, Any], depth: int = 0) -> str:
    """Return why a value is not of a type, to be read behind "the value"; empty where it is, or is not known."""
    wanted = str(shape.get("type", "")).removeprefix("secure")
    if not wanted or isinstance(value, Unknown) or depth > _MAX_DEPTH or (value is None and shape.get("nullable")):
        return ""
    found = "null" if value is None else _JSON_TYPES.get(type(value), "")
    if found and found != wanted:
        return f"must be of type {wanted}, not {found}"
    if wanted in ("string", "int", "bool") and value not in shape.get("allowedValues", [value]):
        return f"is none of {', '.join(map(repr, shape['allowedValues'][:10]))}"
    if isinstance(value, list) and isinstance(shape.get("items"), dict):
        inner = next((found for item in value if (found := misfit(item, shape["items"], depth + 1))), "")
        return f"has an item that {inner}" if inner else ""
    if isinstance(value, dict):
        return _misfit_of_members(value, shape, depth)
    return ""


def _misfit_of_members(value: dict[str, Any], shape: Mapping[str, Any], depth: int) -> str:
    for name, below in shape.get("properties", {}).items():
        if name in value:
            inner = misfit(value[name], below, depth + 1)
            if inner:
                return f"has a property '{name}' that {inner}"
        elif below and not below.get("nullable"):
            return f"has no property '{name}', which its type requires"
    return ""


def decorator_call(decorator: nodes.Decorator) -> tuple[str, tuple[nodes.Expression, ...]]:
    """Return the name of a decorator without its namespace, and its arguments."""
    call = decorator.call
    if isinstance(call, nodes.Call):
        return call.name.name, call.args
    return call.name, ()


def _literal(value: Any) -> Shape:
    if value is None:
        return {"nullable": True, "isNull": True}
    return {"type": _JSON_TYPES[type(value)], "allowedValues": [value]}


NOT_CONSTANT: Final = object()
"""Returned for an expression whose value is not written down."""


def constant(node: nodes.Node, depth: int = 0) -> Any:
    """Return the value that ``node`` writes down: literals, and arrays and objects of them."""
    if depth > _MAX_DEPTH:
        return NOT_CONSTANT
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Parens):
        return constant(node.inner, depth + 1)
    if isinstance(node, nodes.Unary) and node.operator == "-":
        value = constant(node.operand, depth + 1)
        return -value if type(value) is int else NOT_CONSTANT
    if isinstance(node, nodes.Array):
        items = [constant(item, depth + 1) for item in node.items]
        return NOT_CONSTANT if any(item is NOT_CONSTANT for item in items) else items
    if isinstance(node, nodes.Object):
        return _constant_object(node, depth)
    return NOT_CONSTANT


def _constant_object(node: nodes.Object, depth: int) -> Any:
    result: dict[str, Any] = {}
    for item in node.properties:
        if isinstance(item, nodes.Spread) or not isinstance(item.key, str):
            return NOT_CONSTANT
        value = constant(item.value, depth + 1)
        if value is NOT_CONSTANT:
            return NOT_CONSTANT
        result[item.key] = value
    return result
