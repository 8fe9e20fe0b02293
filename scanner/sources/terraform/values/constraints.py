"""The ``type`` of a variable: a type constraint read from its expression, with the defaults of optional attributes.

Knows the syntax tree, which the other modules here do not. Source: HCL (ext/typeexpr).
"""

from collections.abc import Callable
from typing import NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    type_of,
)
from scanner.sources.terraform.values.unify import unify
from scanner.sources.terraform.values.value import (
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    Value,
    ValueFault,
    hide,
)


class Defaults(NamedTuple):
    """Defaults of optional attributes, as a tree beside the type."""

    values: dict[str, Value]
    """Of the attributes of this object, by name."""
    children: "dict[str | int, Defaults]"
    """By attribute name, by index of a tuple; ``""`` for all elements of a collection."""


class Constraint(NamedTuple):
    """What a variable accepts."""

    type: Type = ANY
    defaults: Defaults | None = None


_KEYWORDS: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}
_QUOTED = {"string": Constraint(STRING), "list": Constraint(ListType(ANY)), "map": Constraint(MapType(ANY))}
"""Terraform 0.11 wrote ``type = "string"``; still accepted."""


def parse_constraint(node: "nodes.Expression", evaluate: Callable[["nodes.Expression"], Value]) -> Constraint:
    """Return the constraint that ``node`` writes; ValueFault where it is none.

    ``evaluate`` gives the value of the default of an ``optional``, which refers to nothing.
    """
    if isinstance(node, nodes.Literal) and node.value in _QUOTED:
        return _QUOTED[node.value]
    return _parse(node, evaluate)


def _parse(node: "nodes.Expression", evaluate: Callable[["nodes.Expression"], Value]) -> Constraint:
    if isinstance(node, nodes.Parens):
        return _parse(node.inner, evaluate)
    if isinstance(node, nodes.Name):
        if node.name not in _KEYWORDS:
            raise ValueFault(f'the keyword "{node.name}" is not a valid type specification')
        return Constraint(_KEYWORDS[node.name])
    if not isinstance(node, nodes.Call):
        raise ValueFault("a type is a keyword (string, number, bool, any) or a constructor such as list(string)")
    if len(node.args) != 1 or node.expand:
        raise ValueFault(f"the type constructor {node.name} takes one argument")
    if node.name in _COLLECTIONS:
        inner = _parse(node.args[0], evaluate)
        return Constraint(_COLLECTIONS[node.name](inner.type), _below({"": inner.defaults}))
    if node.name == "object":
        return _parse_object(node.args[0], evaluate)
    if node.name == "tuple":
        return _parse_tuple(node.args[0], evaluate)
    raise ValueFault(f'the keyword "{node.name}" is not a valid type constructor')


def _below(children: "dict[str | int, Defaults | None]", values: dict[str, Value] | None = None) -> Defaults | None:
    kept = {key: child for key, child in children.items() if child is not None}
    return Defaults(values or {}, kept) if kept or values else None


def _parse_tuple(node: "nodes.Expression", evaluate: Callable[["nodes.Expression"], Value]) -> Constraint:
    if not isinstance(node, nodes.TupleCons):
        raise ValueFault("the tuple type constructor requires a list of element types")
    inner = [_parse(item, evaluate) for item in node.items]
    return Constraint(
        TupleType(item.type for item in inner), _below({index: item.defaults for index, item in enumerate(inner)})
    )


def _parse_object(node: "nodes.Expression", evaluate: Callable[["nodes.Expression"], Value]) -> Constraint:
    if not isinstance(node, nodes.ObjectCons):
        raise ValueFault("the object type constructor requires a map of attribute names and types")
    kinds: dict[str, Type] = {}
    optional: list[str] = []
    values: dict[str, Value] = {}
    children: dict[str | int, Defaults | None] = {}
    for key, written in node.items:
        name = _attribute_name(key)
        if name in kinds:
            raise ValueFault("object constructor map keys must be unique")
        kind, default = _unwrap_optional(written, optional, name)
        inner = _parse(kind, evaluate)
        kinds[name] = inner.type
        children[name] = inner.defaults
        if default is not None:
            values[name] = _default(name, evaluate(default), inner.type)
    return Constraint(ObjectType(kinds, optional), _below(children, values))


def _attribute_name(key: "nodes.Expression") -> str:
    if isinstance(key, nodes.Literal) and type(key.value) is str:
        return key.value
    if isinstance(key, nodes.Name):
        return key.name
    raise ValueFault("object constructor map keys must be attribute names")


def _unwrap_optional(
    node: "nodes.Expression", optional: list[str], name: str
) -> "tuple[nodes.Expression, nodes.Expression | None]":
    if not isinstance(node, nodes.Call) or node.name != "optional":
        return node, None
    if not 1 <= len(node.args) <= 2:
        raise ValueFault("optional takes the attribute's type and at most a default value")
    optional.append(name)
    return node.args[0], node.args[1] if len(node.args) == 2 else None


def _default(name: str, value: Value, kind: Type) -> Value:
    try:
        return convert(value, kind)
    except ValueFault as fault:
        raise ValueFault(f'the default value of attribute "{name}" does not fit its type: {fault}') from None


def conform(value: Value, constraint: Constraint) -> Value:
    """Return ``value`` as a variable of ``constraint`` holds it: defaults filled in, then converted."""
    if constraint.defaults is not None:
        value = apply_defaults(value, constraint.defaults)
    return convert(value, constraint.type)


def apply_defaults(value: Value, defaults: Defaults) -> Value:
    """Return ``value`` with defaults where optional attributes are absent or null, at any depth."""
    if value is None:
        return value
    if isinstance(value, Unknown):
        return hide(apply_defaults(value.value, defaults)) if isinstance(value, Sensitive) else value
    if isinstance(value, dict):
        return _fill_object(value, defaults)
    if isinstance(value, tuple):
        return _fill_sequence(value, defaults)
    return value


def _fill_object(value: "dict[str, Value]", defaults: Defaults) -> Value:
    every = defaults.children.get("")
    filled: dict[str, Value] = {}
    for name, item in value.items():
        child = defaults.children.get(name, every)
        filled[name] = apply_defaults(item, child) if child else item
    for name, default in defaults.values.items():
        if filled.get(name) is None:
            child = defaults.children.get(name)
            filled[name] = apply_defaults(default, child) if child else default
    if not isinstance(value, MapValue):
        return filled
    element = unify(map(type_of, filled.values())) if filled else value.element
    if element is None:
        return filled
    return MapValue({name: convert(item, element) for name, item in filled.items()}, element)


def _fill_sequence(value: "tuple[Value, ...]", defaults: Defaults) -> Value:
    every = defaults.children.get("")
    children = [defaults.children.get(index, every) for index in range(len(value))]
    filled = tuple(apply_defaults(item, child) if child else item for item, child in zip(value, children, strict=True))
    if not isinstance(value, ListValue | SetValue):
        return filled
    element = unify(map(type_of, filled)) if filled else value.element
    if element is None:
        return filled
    members = [convert(item, element) for item in filled]
    if isinstance(value, SetValue):
        from scanner.sources.terraform.values.order import make_set

        return make_set(members, element)
    return ListValue(members, element)
