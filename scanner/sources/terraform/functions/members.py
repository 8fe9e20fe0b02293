"""Functions that ask a sequence about its members, or pick one."""

from collections.abc import Iterable

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions import graphemes
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach
from scanner.sources.terraform.values import numbers, operators, order
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, BOOL, NUMBER, ListType, friendly, type_of
from scanner.sources.terraform.values.unify import unify
from scanner.sources.terraform.values.value import (
    ListValue,
    Sensitive,
    SetValue,
    Value,
    derive,
    first_unknown,
    hide,
    reveal,
)


def _all_true(items: ListValue) -> Value:
    return _quantified(items, False)


def _any_true(items: ListValue) -> Value:
    return _quantified(items, True)


def _quantified(items: ListValue, decisive: bool) -> Value:
    """Look for a member that decides the answer; null decides like false for "all", and not at all for "any"."""
    shown, marked = reveal(items)
    unsure: Unknown | None = None
    answer: Value = not decisive
    for item in shown:
        if isinstance(item, Unknown):
            unsure = item
        elif bool(item) is decisive:
            return hide(decisive) if marked else decisive
    if unsure is not None:
        return derive(unsure)
    return hide(answer) if marked else answer


def _coalesce(*values: Value) -> Value:
    if not values:
        raise FunctionError("at least one argument is required")
    wanted = unify(map(type_of, values))
    if wanted is None:
        raise FunctionError("all arguments must have the same type")
    marked = any(isinstance(item, Sensitive) for item in values)
    for item in values:
        shown = item.value if isinstance(item, Sensitive) else item
        if isinstance(shown, Unknown):
            return shown
        converted = convert(shown, wanted)
        if converted is not None and converted != "":
            return hide(converted) if marked else converted
    raise FunctionError("no non-null, non-empty-string arguments")


def _coalesce_list(*values: Value) -> Value:
    if not values:
        raise FunctionError("at least one argument is required")
    marked = any(isinstance(item, Sensitive) for item in values)
    shown = [item.value if isinstance(item, Sensitive) else item for item in values]
    for item in shown:
        if isinstance(item, Unknown):
            break
        if item is not None and (not isinstance(item, tuple) or isinstance(item, SetValue)):
            raise FunctionError("coalescelist arguments must be lists or tuples")
    for item in shown:
        if isinstance(item, Unknown):
            return derive(item)
        if item:
            return hide(item) if marked else item
    raise FunctionError("no non-null arguments")


def _contains(items: Value, wanted: Value) -> Value:
    if not isinstance(items, tuple):
        raise FunctionError("argument must be list, tuple, or set", 0)
    return _decided(operators.equal(wanted, item) for item in items)


def _decided(answers: Iterable[Value]) -> Value:
    """Return true where one answer is, hidden where one is hidden, Unknown where one may be."""
    marked = False
    unsure: Unknown | None = None
    for answer in answers:
        if isinstance(answer, Sensitive):
            marked, answer = True, answer.value
        if answer is True:
            return hide(True) if marked else True
        if isinstance(answer, Unknown):
            unsure = answer
    if unsure is not None:
        return unsure
    return hide(False) if marked else False


def _element(items: Value, index: "numbers.Number") -> Value:
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise FunctionError(f"cannot read elements from {friendly(type_of(items))}", 0)
    place = numbers.to_int(index)
    if place < 0:
        raise FunctionError("cannot use element function with a negative index", 1)
    if not items:
        raise FunctionError("cannot use element function with an empty list")
    return items[place % len(items)]


def _index(items: Value, wanted: Value) -> Value:
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise FunctionError("argument must be a list or tuple", 0)
    if not items:
        raise FunctionError("cannot search an empty list")
    for place, item in enumerate(items):
        if order.equal(item, wanted) is True:
            return place
    raise FunctionError("item not found")


def _length(value: Value) -> Value:
    if type(value) is str:
        return graphemes.count(value)
    if isinstance(value, SetValue) and len(value) > 1:
        cause = first_unknown(value)
        if cause is not None:
            return derive(cause)
    if isinstance(value, tuple | dict):
        return len(value)
    raise FunctionError("argument must be a string, a collection type, or a structural type", 0)


def _one(items: Value) -> Value:
    if not isinstance(items, tuple):
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)
    if isinstance(items, SetValue) and len(items) > 1:
        cause = first_unknown(items)
        if cause is not None:
            return derive(cause)
    if len(items) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)
    return items[0] if items else None


FUNCTIONS = {
    "alltrue": Function(_all_true, ListType(BOOL), reach=Reach.MEMBERS),
    "anytrue": Function(_any_true, ListType(BOOL), reach=Reach.MEMBERS),
    "coalesce": Function(_coalesce, rest=ANY, reach=Reach.ALL),
    "coalescelist": Function(_coalesce_list, rest=ANY, reach=Reach.ALL),
    "contains": Function(_contains, ANY, ANY, reach=Reach.MEMBERS),
    "element": Function(_element, ANY, NUMBER, reach=Reach.MEMBERS),
    "index": Function(_index, ANY, ANY),
    "length": Function(_length, ANY, reach=Reach.MEMBERS),
    "one": Function(_one, ANY, reach=Reach.MEMBERS),
}
