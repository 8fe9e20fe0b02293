"""Which type several values can all become, and which types convert into which.

The rules are those of go-cty (cty/convert): they decide what ``cond ? a : b``, ``tolist``, ``coalesce`` and others
return. Works on types only; :mod:`.convert` moves the values.
"""

from collections.abc import Callable, Iterable, Sequence

from scanner.sources.terraform.values.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)

_SAFE = frozenset(((NUMBER, STRING), (BOOL, STRING)))
_UNSAFE = frozenset(((STRING, NUMBER), (STRING, BOOL)))


def unify(kinds: Iterable[Type]) -> Type | None:
    """Return the type that values of all of ``kinds`` can become; None where there is none.

    ``UNDETERMINED`` has no say; ``ANY`` where nothing is decided.
    """
    distinct = list(dict.fromkeys(kinds))
    known = [kind for kind in distinct if kind is not UNDETERMINED]
    if not known:
        return UNDETERMINED if distinct else ANY
    if len(known) == 1:
        return known[0]
    return _unify(known)


def _unify(kinds: Sequence[Type]) -> Type | None:
    concrete = [kind for kind in kinds if kind is not ANY]
    mixed = len(concrete) < len(kinds)
    classes = {type(kind) for kind in concrete}
    if Primitive in classes:
        return _by_preference(kinds)
    if classes == {MapType, ObjectType}:
        return _as_collection(kinds, ObjectType, MapType) or _by_preference(kinds)
    if classes == {ListType, TupleType}:
        return _as_collection(kinds, TupleType, ListType) or _by_preference(kinds)
    if ObjectType in classes and TupleType in classes:
        return None
    if len(classes) > 1:
        return _by_preference(kinds)
    return ANY if mixed else _UNIFIERS[classes.pop()](concrete)


def _unify_collections(kinds: Sequence[Type]) -> Type | None:
    element = unify(kind.element for kind in kinds)  # type: ignore[union-attr]
    return None if element is None else type(kinds[0])(element)  # type: ignore[arg-type]


def _unify_objects(kinds: Sequence[Type]) -> Type | None:
    names = kinds[0].attributes.keys()  # type: ignore[union-attr]
    if any(kind.attributes.keys() != names for kind in kinds):  # type: ignore[union-attr]
        return _to_element(kinds, MapType)
    merged: dict[str, Type] = {}
    for name in names:
        found = unify(kind.attributes[name] for kind in kinds)  # type: ignore[union-attr]
        if found is None:
            return None
        merged[name] = found
    wanted = ObjectType(merged)
    return wanted if all(kind == wanted or convertible(kind, wanted) for kind in kinds) else _to_element(kinds, MapType)


def _unify_tuples(kinds: Sequence[Type]) -> Type | None:
    if len({len(kind.elements) for kind in kinds}) > 1:  # type: ignore[union-attr]
        return _to_element(kinds, ListType)
    merged = []
    for column in zip(*(kind.elements for kind in kinds), strict=True):  # type: ignore[union-attr]
        found = unify(column)
        if found is None:
            return None
        merged.append(found)
    wanted = TupleType(merged)
    return (
        wanted if all(kind == wanted or convertible(kind, wanted) for kind in kinds) else _to_element(kinds, ListType)
    )


def _to_element(kinds: Sequence[Type], collection: type[MapType] | type[ListType]) -> Type | None:
    members = [part for kind in kinds for part in parts(kind)]
    element = unify(members)
    if element is None or not members:
        return None
    wanted = collection(element)
    return wanted if all(convertible(kind, wanted) for kind in kinds) else None


def parts(kind: Type) -> Iterable[Type]:
    """Return the types inside of a tuple or object type."""
    return kind.elements if isinstance(kind, TupleType) else kind.attributes.values()  # type: ignore[union-attr]


def _as_collection(kinds: Sequence[Type], structural: type, collection: type[MapType] | type[ListType]) -> Type | None:
    """Unify objects with maps, or tuples with lists, by reading the former as the latter."""
    unified = _to_element([kind for kind in kinds if isinstance(kind, structural)], collection)
    if unified is None:
        return None
    result = unify(unified if isinstance(kind, structural) else kind for kind in kinds)
    return result if isinstance(result, collection) else None


_UNIFIERS: dict[type, Callable[[Sequence[Type]], Type | None]] = {
    ListType: _unify_collections,
    SetType: _unify_collections,
    MapType: _unify_collections,
    ObjectType: _unify_objects,
    TupleType: _unify_tuples,
}


def _by_preference(kinds: Sequence[Type]) -> Type | None:
    """Return the first of ``kinds``, the more general ones first, that all others convert to."""
    for wanted in _by_generality(kinds):
        if all(kind == wanted or convertible(kind, wanted) for kind in kinds):
            return wanted
    return None


def _by_generality(kinds: Sequence[Type]) -> list[Type]:
    """Sort so that a more general type comes before what converts to it; the order is kept otherwise."""
    more_general: list[list[int]] = [[] for _ in kinds]
    waiting = [0] * len(kinds)
    for left in range(len(kinds)):
        for right in range(left + 1, len(kinds)):
            order = _compare(kinds[left], kinds[right])
            if order:
                first, second = (left, right) if order < 0 else (right, left)
                more_general[first].append(second)
                waiting[second] += 1
    ready = [index for index, count in enumerate(waiting) if count == 0]
    for index in ready:  # grows while it is walked
        for following in more_general[index]:
            waiting[following] -= 1
            if waiting[following] == 0:
                ready.append(following)
    return [kinds[index] for index in ready]


def _compare(left: Type, right: Type) -> int:
    """Return -1 where ``left`` is the more general type, 1 where ``right`` is, 0 where neither is."""
    if left is ANY or right is ANY:
        return (right is not ANY) - (left is not ANY) if left is not right else 0
    if isinstance(left, Primitive) and isinstance(right, Primitive):
        return (right is STRING) - (left is STRING)
    if type(left) is type(right):
        return _compare_alike(left, right)
    if isinstance(right, SetType) and isinstance(left, TupleType | ListType):
        return -1
    if isinstance(left, SetType) and isinstance(right, TupleType | ListType):
        return 1
    if (isinstance(left, ListType) and isinstance(right, TupleType)) or (
        isinstance(left, MapType) and isinstance(right, ObjectType)
    ):
        return -1
    if (isinstance(left, TupleType) and isinstance(right, ListType)) or (
        isinstance(left, ObjectType) and isinstance(right, MapType)
    ):
        return 1
    return 0


def _compare_alike(left: Type, right: Type) -> int:
    if isinstance(left, ListType | SetType | MapType):
        return _compare(left.element, right.element)  # type: ignore[union-attr]
    if isinstance(left, ObjectType) and left.attributes.keys() != right.attributes.keys():  # type: ignore[union-attr]
        return 0
    ours, theirs = list(parts(left)), list(parts(right))
    if len(ours) != len(theirs):
        return 0
    orders = {_compare(mine, other) for mine, other in zip(ours, theirs, strict=True)}
    return (1 in orders) - (-1 in orders) if not {1, -1} <= orders else 0


def convertible(given: Type, wanted: Type) -> bool:
    """Tell whether some value of ``given`` may become a ``wanted``: by type alone, a value can still be refused."""
    if given is wanted or wanted is ANY or given is ANY or UNDETERMINED in (given, wanted):
        return True
    if isinstance(wanted, Primitive):
        return (given, wanted) in _SAFE or (given, wanted) in _UNSAFE
    if isinstance(given, Primitive):
        return False
    return _CONVERTIBLE[type(wanted)](given, wanted)


def _to_sequence(given: Type, wanted: ListType | SetType) -> bool:
    if isinstance(given, ListType | SetType):
        return convertible(given.element, wanted.element)
    if not isinstance(given, TupleType):
        return False
    if wanted.element is ANY:
        return common_element(given.elements) is not None
    return all(convertible(kind, wanted.element) for kind in given.elements)


def _to_map(given: Type, wanted: MapType) -> bool:
    if isinstance(given, MapType):
        return convertible(given.element, wanted.element)
    if not isinstance(given, ObjectType):
        return False
    if wanted.element is ANY:
        return unify(given.attributes.values()) is not None
    return all(convertible(kind, wanted.element) for kind in given.attributes.values())


def common_element(kinds: Sequence[Type]) -> Type | None:
    """Return the element type of a list or set of members of ``kinds``; None where they have none in common."""
    element = unify(kinds)
    if element is ANY and any(kind is not ANY and kind is not UNDETERMINED for kind in kinds):
        return None
    return element


def _to_object(given: Type, wanted: ObjectType) -> bool:
    if isinstance(given, MapType):
        return all(
            name in wanted.optional or convertible(given.element, kind) for name, kind in wanted.attributes.items()
        )
    return isinstance(given, ObjectType) and all(
        convertible(given.attributes[name], kind) if name in given.attributes else name in wanted.optional
        for name, kind in wanted.attributes.items()
    )


def _to_tuple(given: Type, wanted: TupleType) -> bool:
    return (
        isinstance(given, TupleType)
        and len(given.elements) == len(wanted.elements)
        and all(map(convertible, given.elements, wanted.elements))
    )


_CONVERTIBLE: dict[type, Callable[..., bool]] = {
    ListType: _to_sequence,
    SetType: _to_sequence,
    MapType: _to_map,
    ObjectType: _to_object,
    TupleType: _to_tuple,
}
