"""Functions of objects, and the set functions, which take arrays too."""

from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.arrays import distinct, identity
from scanner.sources.arm.functions.function import Function, bounded_list, want_dict, want_list, want_text
from scanner.sources.arm.values import EvaluationError, Token, same, unknown_call

_MAX_DEPTH: Final = 200


def create_object(*pairs: Any) -> Any:
    """Return an object of keys and values in turn."""
    if len(pairs) % 2:
        raise EvaluationError("createObject() wants a value for every key")
    keys = [key.text if isinstance(key, Token) else key for key in pairs[::2]]
    if any(isinstance(key, Unknown) for key in keys):
        return unknown_call("createObject", pairs)
    return {want_text("createObject", key): value for key, value in zip(keys, pairs[1::2], strict=True)}


def union(*values: Any) -> Any:
    """Return all members once, or all properties: objects in objects are merged, later values win."""
    if any(isinstance(value, Unknown) for value in values):
        return unknown_call("union", values)
    if isinstance(values[0], list):
        return bounded_list(distinct([item for value in values for item in want_list("union", value)]))
    merged = want_dict("union", values[0])
    for value in values[1:]:
        merged = _merge(merged, want_dict("union", value), 0)
    return merged


def _merge(first: dict[str, Any], second: dict[str, Any], depth: int) -> dict[str, Any]:
    if depth > _MAX_DEPTH:
        raise EvaluationError(f"union() merges objects that are nested deeper than {_MAX_DEPTH} levels")
    merged = dict(first)
    for key, value in second.items():
        before = merged.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[key] = _merge(before, value, depth + 1) if both else value  # type: ignore[arg-type]
    return merged


def intersection(*values: Any) -> Any:
    """Return the members that are in all arrays, or the properties that are the same in all objects."""
    result: Any = values[0]
    for value in values[1:]:
        if isinstance(result, list):
            others = {identity(other) for other in want_list("intersection", value)}
            result = distinct([item for item in result if identity(item) in others])
        else:
            here, there = want_dict("intersection", result), want_dict("intersection", value)
            result = {key: item for key, item in here.items() if key in there and same(item, there[key])}
    return result


def items(value: Any) -> list[dict[str, Any]]:
    """Return the properties as objects of ``key`` and ``value``, sorted by key."""
    value = want_dict("items", value)
    return [{"key": key, "value": value[key]} for key in sorted(value)]


def object_keys(value: Any) -> list[str]:
    """Return the names of the properties."""
    return list(want_dict("objectKeys", value))


def shallow_merge(values: Any) -> Any:
    """Return the properties of all objects; later ones win, nothing is merged below."""
    merged: dict[str, Any] = {}
    for value in want_list("shallowMerge", values):
        if isinstance(value, Unknown):
            return unknown_call("shallowMerge", (values,))
        merged.update(want_dict("shallowMerge", value))
    return merged


TABLE: Final = {
    "createobject": Function(create_object, 0, None, lenient=True),
    "intersection": Function(intersection, 1, None, deep=True),
    "items": Function(items, 1, 1),
    "objectkeys": Function(object_keys, 1, 1),
    "shallowmerge": Function(shallow_merge, 1, 1),
    "union": Function(union, 1, None, lenient=True),
}
