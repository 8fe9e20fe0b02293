"""A value of one type made into one of another, as Terraform does it for arguments, variables and branches.

Types decide first whether it can be done at all (:mod:`.unify`), then the value is moved part by part.
"""

from collections.abc import Callable, Iterable, Sequence

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.order import make_set
from scanner.sources.terraform.values.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly,
    required,
    type_of,
    undetermined,
    without_optional,
)
from scanner.sources.terraform.values.unify import common_element, convertible, unify
from scanner.sources.terraform.values.value import (
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    Value,
    ValueFault,
    derive,
    first_unknown,
    hide,
    reveal,
)

_EXACT: dict[Type, tuple[type, ...]] = {STRING: (str,), BOOL: (bool,), NUMBER: (int, float)}


def convert(value: Value, wanted: Type) -> Value:
    """Return ``value`` as a ``wanted``; ValueFault where Terraform would refuse it.

    null becomes null of any type, an Unknown stays what it is. Optional attributes that are missing become null.
    """
    if value is None or wanted is ANY or type(value) in _EXACT.get(wanted, ()):
        return value
    if isinstance(value, Unknown):
        return hide(convert(value.value, wanted)) if isinstance(value, Sensitive) else value
    given = type_of(value)
    if given == wanted:
        return value
    if not convertible(given, wanted):
        raise ValueFault(mismatch(given, wanted))
    return _CONVERSIONS[type(wanted)](value, wanted)


def mismatch(given: Type, wanted: Type) -> str:
    """Return why ``given`` does not convert into ``wanted``."""
    if isinstance(wanted, ObjectType) and isinstance(given, ObjectType | MapType):
        return _object_mismatch(given, wanted)
    if isinstance(wanted, TupleType) and isinstance(given, TupleType) and len(given.elements) != len(wanted.elements):
        return f"tuple of {len(wanted.elements)} elements required, {len(given.elements)} given"
    if isinstance(wanted, ListType | SetType | MapType) and not isinstance(given, Primitive):
        return f"{required(wanted)}, {friendly(given)} does not convert to it"
    return required(wanted)


def _object_mismatch(given: ObjectType | MapType, wanted: ObjectType) -> str:
    has = given.attributes if isinstance(given, ObjectType) else dict.fromkeys(wanted.attributes, given.element)
    missing = [name for name in wanted.attributes if name not in has and name not in wanted.optional]
    if missing:
        return f"attribute {', '.join(map(_quote, missing))} is required"
    for name, kind in wanted.attributes.items():
        if name in has and not convertible(has[name], kind):
            return f"attribute {_quote(name)}: {mismatch(has[name], kind)}"
    return required(wanted)


def _quote(name: str) -> str:
    return f'"{name}"'


def _to_primitive(value: Value, wanted: Type) -> Value:
    if wanted is STRING:
        return to_text_of_scalar(value)
    if wanted is NUMBER:
        return numbers.parse(value) if type(value) is str else value
    return _to_bool(value)


def to_text_of_scalar(value: Value) -> str:
    """Return a string, number or bool as text."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    return numbers.text(value)


def _to_bool(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    if text.lower() in ("true", "false"):
        raise ValueFault(f'a bool is required; to convert from string, use lowercase "{text.lower()}"')
    raise ValueFault("a bool is required")


def _to_list(value: Sequence[Value], wanted: ListType) -> Value:
    hidden = _unsettled(value)
    if hidden is not None:
        return hidden
    items, element = _to_members(value, wanted.element)
    return ListValue(items, element)


def _unsettled(value: Sequence[Value]) -> Unknown | None:
    """Return an Unknown for a set with an Unknown in it: how many members it will have is not known."""
    if isinstance(value, SetValue):
        cause = first_unknown(value)
        return derive(cause) if cause else None
    return None


def _to_set(value: Sequence[Value], wanted: SetType) -> Value:
    items, element = _to_members(value, wanted.element)
    members, marked = reveal(tuple(items))
    made = make_set(members, element)
    return hide(made) if marked else made


def _to_members(value: Sequence[Value], wanted: Type) -> tuple[list[Value], Type]:
    """Convert the members of a sequence; with ``any`` wanted they decide on a type of their own."""
    element = _element_of(value, wanted)
    items = [convert(item, element) for item in value]
    return _settled(items, element)


def _settled(items: list[Value], element: Type) -> tuple[list[Value], Type]:
    """Return converted members and their one type; where ``any`` is inside of the type, the members decide it."""
    if not _has_any(element) or not items:
        return items, without_optional(element)
    if element is ANY:
        return items, one_type(items)
    found = unify(element if item is None else type_of(item) for item in items)
    if found is None:
        raise ValueFault("cannot find a common base type for all elements")
    items = [convert(item, found) for item in items]
    return items, one_type(items, found)


def one_type(items: Iterable[Value], default: Type = ANY) -> Type:
    """Return the type that all of ``items`` have, null aside; ValueFault where they have several."""
    common: Type = ANY
    for kind in dict.fromkeys(map(type_of, items)):
        if not undetermined(kind):
            agreed = _agreed(common, kind)
            if agreed is None:
                raise ValueFault("element types must all match")
            common = agreed
    return default if common is ANY else common


def _agreed(left: Type, right: Type) -> Type | None:
    """Return the one type that both are, where ``any`` is the type of a null; None where they differ."""
    if left == right or right is ANY:
        return left
    if left is ANY:
        return right
    if isinstance(left, TupleType) and isinstance(right, TupleType) and len(left.elements) == len(right.elements):
        parts = [_agreed(mine, other) for mine, other in zip(left.elements, right.elements, strict=True)]
        return None if None in parts else TupleType(part for part in parts if part is not None)
    if (
        isinstance(left, ObjectType)
        and isinstance(right, ObjectType)
        and left.attributes.keys() == right.attributes.keys()
    ):
        merged = {name: _agreed(kind, right.attributes[name]) for name, kind in left.attributes.items()}
        return None if None in merged.values() else ObjectType({name: kind for name, kind in merged.items() if kind})
    return None


def _has_any(kind: Type) -> bool:
    match kind:
        case ListType() | SetType() | MapType():
            return _has_any(kind.element)
        case ObjectType():
            return any(map(_has_any, kind.attributes.values()))
        case TupleType():
            return any(map(_has_any, kind.elements))
    return kind is ANY


def _element_of(value: "Sequence[Value] | MapValue", wanted: Type) -> Type:
    if wanted is not ANY:
        return wanted
    if isinstance(value, ListValue | SetValue | MapValue):
        return value.element
    kinds = [type_of(item) for item in (value.values() if isinstance(value, dict) else value)]
    element = unify(kinds) if isinstance(value, dict) else common_element(kinds)
    if element is None:
        raise ValueFault("all elements must have the same type")
    return element


def _to_map(value: "dict[str, Value]", wanted: MapType) -> Value:
    element = _element_of(value, wanted.element)  # type: ignore[arg-type]
    names = sorted(value)
    items, element = _settled([convert(value[name], element) for name in names], element)
    return MapValue(zip(names, items, strict=True), element)


def _to_object(value: "dict[str, Value]", wanted: ObjectType) -> Value:
    made: dict[str, Value] = {}
    for name, kind in wanted.attributes.items():
        if name in value:
            made[name] = _attribute(name, value[name], kind)
        elif name in wanted.optional:
            made[name] = None
        else:
            raise ValueFault(f"attribute {_quote(name)} is required")
    return made


def _attribute(name: str, value: Value, kind: Type) -> Value:
    try:
        return convert(value, kind)
    except ValueFault as fault:
        raise ValueFault(f"attribute {_quote(name)}: {fault}") from None


def _to_tuple(value: Sequence[Value], wanted: TupleType) -> Value:
    return tuple(map(convert, value, wanted.elements))


_CONVERSIONS: dict[type, Callable[..., Value]] = {
    Primitive: _to_primitive,
    ListType: _to_list,
    SetType: _to_set,
    MapType: _to_map,
    ObjectType: _to_object,
    TupleType: _to_tuple,
}
