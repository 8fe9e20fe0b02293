"""The types of Terraform's values, and what a value's type is.

Knows no conversion between them (:mod:`.convert`) and no syntax of type constraints (:mod:`.constraints`).
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values.value import ListValue, MapValue, Sensitive, SetValue, Value


class Primitive:
    """``string``, ``number``, ``bool``, ``any``; compared by identity."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")
"""The type of null where nothing says more, and of whatever is not decided yet."""
UNDETERMINED = Primitive("undetermined")
"""The type of an Unknown: agrees with every other one."""


class _Compound:
    """A type made of others; its hash is computed once, because unification compares types by the thousand."""

    __slots__ = ("_hash", "_key")

    def __init__(self, key: tuple[object, ...]) -> None:
        self._key = key
        self._hash = hash(key)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Compound) and self._hash == other._hash and self._key == other._key)

    def __hash__(self) -> int:
        return self._hash


class ListType(_Compound):
    """``list(element)``."""

    __slots__ = ("element",)

    def __init__(self, element: "Type") -> None:
        self.element = element
        super().__init__(("list", element))

    def __repr__(self) -> str:
        return f"list({self.element!r})"


class SetType(_Compound):
    """``set(element)``."""

    __slots__ = ("element",)

    def __init__(self, element: "Type") -> None:
        self.element = element
        super().__init__(("set", element))

    def __repr__(self) -> str:
        return f"set({self.element!r})"


class MapType(_Compound):
    """``map(element)``."""

    __slots__ = ("element",)

    def __init__(self, element: "Type") -> None:
        self.element = element
        super().__init__(("map", element))

    def __repr__(self) -> str:
        return f"map({self.element!r})"


class TupleType(_Compound):
    """``tuple([a, b])``."""

    __slots__ = ("elements",)

    def __init__(self, elements: "Iterable[Type]") -> None:
        self.elements = tuple(elements)
        super().__init__(("tuple", self.elements))

    def __repr__(self) -> str:
        return f"tuple([{', '.join(map(repr, self.elements))}])"


class ObjectType(_Compound):
    """``object({a = type, b = optional(type)})``."""

    __slots__ = ("attributes", "optional")

    def __init__(self, attributes: "Mapping[str, Type]", optional: Iterable[str] = ()) -> None:
        self.attributes = dict(sorted(attributes.items()))
        self.optional = frozenset(optional)
        super().__init__(("object", tuple(self.attributes.items()), self.optional))

    def __repr__(self) -> str:
        return f"object({{{', '.join(f'{name}={kind!r}' for name, kind in self.attributes.items())}}})"


Type: TypeAlias = Primitive | ListType | SetType | MapType | TupleType | ObjectType
"""Any type."""
Collection: TypeAlias = ListType | SetType | MapType
"""A type with one type of element."""

_OF_SCALARS: dict[type, Type] = {str: STRING, bool: BOOL, int: NUMBER, float: NUMBER, type(None): ANY}


def type_of(value: Value) -> Type:
    """Return the type of ``value``; of a hidden one that of what it hides."""
    found = _OF_SCALARS.get(type(value))
    if found is not None:
        return found
    if isinstance(value, ListValue):
        return ListType(value.element)
    if isinstance(value, SetValue):
        return SetType(value.element)
    if isinstance(value, MapValue):
        return MapType(value.element)
    if isinstance(value, tuple):
        return TupleType(map(type_of, value))
    if isinstance(value, dict):
        return ObjectType({name: type_of(item) for name, item in value.items()})
    if isinstance(value, Sensitive):
        return type_of(value.value)
    return UNDETERMINED if isinstance(value, Unknown) else NUMBER


def without_optional(wanted: Type) -> Type:
    """Return ``wanted`` as the type of a value: no attribute is optional any more, at any depth."""
    match wanted:
        case ObjectType():
            return ObjectType({name: without_optional(kind) for name, kind in wanted.attributes.items()})
        case TupleType():
            return TupleType(map(without_optional, wanted.elements))
        case ListType() | SetType() | MapType():
            return type(wanted)(without_optional(wanted.element))
    return wanted


def undetermined(kind: Type) -> bool:
    """Tell whether an Unknown has part in ``kind``, so that it cannot be compared with another type."""
    match kind:
        case ObjectType():
            return any(map(undetermined, kind.attributes.values()))
        case TupleType():
            return any(map(undetermined, kind.elements))
        case ListType() | SetType() | MapType():
            return undetermined(kind.element)
    return kind is UNDETERMINED


def friendly(kind: Type) -> str:
    """Return ``kind`` in the words of Terraform's messages: ``list of string``, ``object``."""
    match kind:
        case ListType():
            return f"list of {friendly(kind.element)}"
        case SetType():
            return f"set of {friendly(kind.element)}"
        case MapType():
            return f"map of {friendly(kind.element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
    return "dynamic" if kind is ANY else kind.name


def required(wanted: Type) -> str:
    """Return what a message says is missing: ``a number is required``."""
    match wanted:
        case Primitive():
            return f"{'any value' if wanted is ANY else f'a {wanted.name}'} is required"
        case ListType() | SetType() | MapType():
            return f"{friendly(wanted)} required"
        case TupleType():
            return "tuple required"
    return "object required"
