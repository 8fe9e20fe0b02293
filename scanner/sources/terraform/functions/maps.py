"""Functions on maps and objects, which are walked in the order of their keys."""

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, STRING, ListType, MapType, friendly, type_of
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


def _keys(value: Value) -> Value:
    if not isinstance(value, dict):
        raise FunctionError("must have map or object type", 0)
    names = sorted(value)
    return ListValue(names, STRING) if isinstance(value, MapValue) else tuple(names)


def _values(value: Value) -> Value:
    if not isinstance(value, dict):
        raise FunctionError("values() requires a map as the first argument", 0)
    items = [value[name] for name in sorted(value)]
    return ListValue(items, value.element) if isinstance(value, MapValue) else tuple(items)


def _lookup(*args: Value) -> Value:
    if len(args) > 3:
        raise FunctionError("lookup() takes two or three arguments")
    if type(args[0]) is dict and type(args[1]) is str and args[1] in args[0]:
        return args[0][args[1]]
    marked = any(isinstance(item, Sensitive) for item in args[:2])
    mapping, key = (item.value if isinstance(item, Sensitive) else item for item in args[:2])
    if mapping is None or key is None:
        raise FunctionError("argument must not be null", 0 if mapping is None else 1)
    for item in (mapping, key):
        if isinstance(item, Unknown):
            return derive(item)
    if not isinstance(mapping, dict):
        raise FunctionError("lookup() requires a map as the first argument", 0)
    found = _found(mapping, convert(key, STRING), args[2:])
    return hide(found) if marked else found


def _found(mapping: "dict[str, Value]", key: str, default: tuple[Value, ...]) -> Value:
    if isinstance(mapping, MapValue) and default:
        try:
            default = (convert(default[0], mapping.element),)
        except ValueFault:
            raise FunctionError("the default value must have the same type as the map elements", 2) from None
    if key in mapping:
        return mapping[key]
    if default:
        return default[0]
    raise FunctionError(f'the given object has no attribute "{key}"', 0)


def _merge(*given: Value) -> Value:
    marked = any(isinstance(item, Sensitive) for item in given)
    shown = [item.value if isinstance(item, Sensitive) else item for item in given]
    unsure: Unknown | None = None
    merged: dict[str, Value] = {}
    for item in shown:
        if isinstance(item, Unknown):
            unsure = unsure or item
        elif isinstance(item, dict):
            merged.update(item)
        elif item is not None:
            raise FunctionError(f"arguments must be maps or objects, got {friendly(type_of(item))}")
    if unsure is not None:
        return derive(unsure)
    result = _as_map(merged, shown)
    return hide(result) if marked else result


def _as_map(merged: dict[str, Value], given: list[Value]) -> Value:
    """Return a map where all of ``given`` are maps of one type, an object otherwise."""
    first = given[0] if given else None
    if isinstance(first, MapValue) and all(
        isinstance(item, MapValue) and item.element == first.element for item in given
    ):
        return MapValue(merged, first.element)
    return merged


def _transpose(mapping: MapValue) -> MapValue:
    turned: dict[str, list[str]] = {}
    for name in sorted(mapping):
        if mapping[name] is None:
            raise FunctionError("the map must not hold a null list", 0)
        for item in mapping[name]:
            if item is None:
                raise FunctionError("input must not contain null strings", 0)
            turned.setdefault(item, []).append(name)
    return MapValue({name: ListValue(turned[name], STRING) for name in sorted(turned)}, ListType(STRING))


def _zipmap(keys: ListValue, values: Value) -> Value:
    names, marked = reveal(keys)
    cause = first_unknown(names)
    if cause is not None:
        return derive(cause)
    if not isinstance(values, tuple) or isinstance(values, SetValue):
        raise FunctionError("values argument must be a list or tuple value", 1)
    if len(names) != len(values):
        raise FunctionError(f"number of keys ({len(names)}) does not match number of values ({len(values)})")
    if any(name is None for name in names):
        raise FunctionError("keys list has a null value", 0)
    pairs = dict(zip(names, values, strict=True))
    made = MapValue(pairs, values.element) if isinstance(values, ListValue) else pairs
    return hide(made) if marked else made


FUNCTIONS = {
    "keys": Function(_keys, ANY, reach=Reach.MEMBERS),
    "lookup": Function(_lookup, ANY, STRING, rest=ANY, reach=Reach.ALL),
    "merge": Function(_merge, rest=ANY, reach=Reach.ALL),
    "transpose": Function(_transpose, MapType(ListType(STRING))),
    "values": Function(_values, ANY, reach=Reach.MEMBERS),
    "zipmap": Function(_zipmap, ListType(STRING), ANY, reach=Reach.MEMBERS),
}
