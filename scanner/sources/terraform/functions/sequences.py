"""Functions that make a sequence of sequences: cut, joined, sorted, filtered."""

from collections.abc import Sequence

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach, Unevaluated
from scanner.sources.terraform.values import numbers, order
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import (
    ANY,
    NUMBER,
    STRING,
    ListType,
    friendly,
    type_of,
)
from scanner.sources.terraform.values.unify import unify
from scanner.sources.terraform.values.value import (
    ListValue,
    Sensitive,
    SetValue,
    Value,
    derive,
    hide,
)

_MAX_MEMBERS = 1_000_000
_MAX_RANGE = 1024
"""Terraform's own limit."""
_ANY_LIST = ListType(ANY)


def _like(given: Value, items: Sequence[Value]) -> Value:
    """Return ``items`` as the kind of sequence that ``given`` is; a set becomes a list."""
    return ListValue(items, given.element) if isinstance(given, ListValue | SetValue) else tuple(items)


def _chunk(items: ListValue, size: "numbers.Number") -> Value:
    step = numbers.to_int(size)
    if step < 0:
        raise FunctionError("the size argument must be positive", 1)
    element = ListType(items.element)
    if not items:
        return ListValue((), element)
    if step == 0:
        return ListValue((items,), element)
    chunks = (ListValue(items[start : start + step], items.element) for start in range(0, len(items), step))
    return ListValue(chunks, element)


def _compact(items: ListValue) -> ListValue:
    return ListValue((item for item in items if item), STRING)


def _concat(*given: Value) -> Value:
    if not given:
        raise FunctionError("at least one argument is required")
    for index, item in enumerate(given):
        if not isinstance(item, tuple) or isinstance(item, SetValue):
            raise FunctionError(f"all arguments must be lists or tuples; got {friendly(type_of(item))}", index)
    if sum(map(len, given)) > _MAX_MEMBERS:
        raise Unevaluated(f"sequences of more than {_MAX_MEMBERS} members are not evaluated")
    if all(isinstance(item, ListValue) for item in given):
        wanted = unify(map(type_of, given))
        if isinstance(wanted, ListType):
            lists = [convert(item, wanted) for item in given]
            return ListValue((member for items in lists for member in items), wanted.element)
    return tuple(member for items in given for member in items)


def _distinct(items: ListValue) -> ListValue:
    if all(type(item) is str for item in items):
        return ListValue(dict.fromkeys(items), items.element)
    seen: dict[bytes, list[Value]] = {}
    kept: list[Value] = []
    for item in items:
        alike = seen.setdefault(order.digest(item), [])
        if not any(order.equal(item, other) is True for other in alike):
            alike.append(item)
            kept.append(item)
    return ListValue(kept, items.element)


def _flatten(items: Value) -> Value:
    if not isinstance(items, tuple):
        raise FunctionError("can only flatten lists, sets and tuples", 0)
    flat: list[Value] = []
    marked = False
    pending = list(reversed(items))
    while pending:
        if len(flat) > _MAX_MEMBERS:
            raise Unevaluated(f"sequences of more than {_MAX_MEMBERS} members are not evaluated")
        item = pending.pop()
        if isinstance(item, Sensitive) and isinstance(item.value, tuple):
            marked, item = True, item.value
        if isinstance(item, tuple):
            pending.extend(reversed(item))
        elif isinstance(item, Unknown) and not isinstance(item, Sensitive):
            return derive(item)
        else:
            flat.append(item)
    return hide(tuple(flat)) if marked else tuple(flat)


def _match_keys(values: ListValue, keys: ListValue, wanted: ListValue) -> Value:
    element = unify((keys.element, wanted.element))
    if element is None:
        raise FunctionError("keys and searchset must be of the same type")
    if len(values) != len(keys):
        raise FunctionError("length of keys and values should be equal")
    keys, wanted = convert(keys, ListType(element)), convert(wanted, ListType(element))
    kept = [
        value
        for value, key in zip(values, keys, strict=True)
        if any(order.equal(key, candidate) is True for candidate in wanted)
    ]
    return ListValue(kept, values.element)


def _range(*params: "numbers.Number") -> ListValue:
    if not 1 <= len(params) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    start, end = (0, params[0]) if len(params) == 1 else params[:2]
    step = params[2] if len(params) == 3 else (-1 if end < start else 1)
    if step == 0:
        raise FunctionError("step must not be zero", 2)
    if (end > start) if step < 0 else (end < start):
        raise FunctionError("end must lie in the direction of step", 1)
    found: list[numbers.Number] = []
    number = start
    while number > end if step < 0 else number < end:
        if len(found) >= _MAX_RANGE:
            raise FunctionError(f"more than {_MAX_RANGE} values were generated")
        found.append(number)
        number = numbers.add(number, step)
    return ListValue(found, NUMBER)


def _reverse(items: Value) -> Value:
    if not isinstance(items, tuple):
        raise FunctionError(f"can only reverse list or tuple values, not {friendly(type_of(items))}", 0)
    return _like(items, items[::-1])


def _slice(items: Value, start: "numbers.Number", end: "numbers.Number") -> Value:
    if isinstance(items, SetValue):
        raise FunctionError("cannot slice a set, because its elements do not have indices", 0)
    if not isinstance(items, tuple):
        raise FunctionError("must be a list or tuple value", 0)
    first, last = numbers.to_int(start), numbers.to_int(end)
    for place, name, at in ((1, "start", first), (2, "end", last)):
        if at < 0:
            raise FunctionError(f"{name} index must not be less than zero", place)
        if at > len(items):
            raise FunctionError(f"{name} index must not be greater than the length of the list", place)
    if first > last:
        raise FunctionError("start index must not be greater than end index", 1)
    return _like(items, items[first:last])


def _sort(items: ListValue) -> ListValue:
    if any(item is None for item in items):
        raise FunctionError("a null string cannot be sorted", 0)
    return ListValue(sorted(items), STRING)


FUNCTIONS = {
    "chunklist": Function(_chunk, _ANY_LIST, NUMBER, reach=Reach.MEMBERS),
    "compact": Function(_compact, ListType(STRING)),
    "concat": Function(_concat, rest=ANY, reach=Reach.MEMBERS),
    "distinct": Function(_distinct, _ANY_LIST),
    "flatten": Function(_flatten, ANY, reach=Reach.MEMBERS),
    "matchkeys": Function(_match_keys, _ANY_LIST, _ANY_LIST, _ANY_LIST),
    "range": Function(_range, rest=NUMBER),
    "reverse": Function(_reverse, ANY, reach=Reach.MEMBERS),
    "slice": Function(_slice, ANY, NUMBER, NUMBER, reach=Reach.MEMBERS),
    "sort": Function(_sort, ListType(STRING)),
}
