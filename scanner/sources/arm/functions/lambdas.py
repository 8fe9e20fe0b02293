"""Functions that take a lambda. It comes as a callable, which takes as many of the values it is given as it names."""

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import Function, want_dict, want_list
from scanner.sources.arm.values import EvaluationError, unknown_call


def _lambda(name: str, value: Any) -> Callable[..., Any]:
    if not callable(value):
        raise EvaluationError(f"{name}() wants a lambda")
    return value  # type: ignore[no-any-return]


def map_(values: Any, body: Any) -> list[Any]:
    """Return what the lambda makes of each member."""
    body = _lambda("map", body)
    return [body(value, index) for index, value in enumerate(want_list("map", values))]


def filter_(values: Any, test: Any) -> Any:
    """Return the members for which the lambda is true."""
    test = _lambda("filter", test)
    kept: list[Any] = []
    for index, value in enumerate(want_list("filter", values)):
        result = test(value, index)
        if isinstance(result, Unknown):
            return unknown_call("filter", (values, result))
        if result is True:
            kept.append(value)
        elif result is not False:
            raise EvaluationError("filter() wants a lambda that gives a bool", by_value=True)
    return kept


def reduce_(values: Any, start: Any, body: Any) -> Any:
    """Return what the lambda makes of ``start`` and all members, one after the other."""
    body = _lambda("reduce", body)
    if isinstance(values, Unknown):
        return unknown_call("reduce", (values, start))
    for index, value in enumerate(want_list("reduce", values)):
        start = body(start, value, index)
    return start


def sort(values: Any, before: Any) -> Any:
    """Return the members so that the lambda is true of each and the next ones."""
    before = _lambda("sort", before)

    def compare(first: Any, second: Any) -> int:
        result = before(first, second)
        if isinstance(result, Unknown):
            raise _UnknownOrderError(result)
        if result is True:
            return -1
        return 1 if before(second, first) is True else 0

    try:
        return sorted(want_list("sort", values), key=cmp_to_key(compare))
    except _UnknownOrderError as error:
        return unknown_call("sort", (values, error.args[0]))


class _UnknownOrderError(Exception):
    """Two members whose order is not known."""


def to_object(values: Any, key: Any, value: Any = None) -> Any:
    """Return an object with a property for each member; lambdas give its name and value."""
    key = _lambda("toObject", key)
    take = _lambda("toObject", value) if value is not None else None
    result: dict[str, Any] = {}
    for item in want_list("toObject", values):
        name = key(item)
        if isinstance(name, Unknown):
            return unknown_call("toObject", (values, name))
        result[_name("toObject", name)] = take(item) if take is not None else item
    return result


def group_by(values: Any, key: Any) -> Any:
    """Return an object with an array for each name that the lambda gives."""
    key = _lambda("groupBy", key)
    result: dict[str, list[Any]] = {}
    for item in want_list("groupBy", values):
        name = key(item)
        if isinstance(name, Unknown):
            return unknown_call("groupBy", (values, name))
        result.setdefault(_name("groupBy", name), []).append(item)
    return result


def map_values(values: Any, body: Any) -> dict[str, Any]:
    """Return an object of the same names with what the lambda makes of each value."""
    body = _lambda("mapValues", body)
    return {key: body(value) for key, value in want_dict("mapValues", values).items()}


def _name(function: str, value: Any) -> str:
    if not isinstance(value, str):
        raise EvaluationError(f"{function}() wants a lambda that gives a string for the key", by_value=True)
    return value


TABLE: Final = {
    "filter": Function(filter_, 2, 2),
    "groupby": Function(group_by, 2, 2),
    "map": Function(map_, 2, 2),
    "mapvalues": Function(map_values, 2, 2),
    "reduce": Function(reduce_, 3, 3, lenient=True),
    "sort": Function(sort, 2, 2),
    "toobject": Function(to_object, 2, 3),
}
