"""Functions on sets, and the product of sequences."""

from collections.abc import Callable
from functools import reduce
from itertools import product

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach, Unevaluated
from scanner.sources.terraform.values import order
from scanner.sources.terraform.values.convert import convert, one_type
from scanner.sources.terraform.values.types import ANY, SetType, TupleType, Type, type_of
from scanner.sources.terraform.values.unify import unify
from scanner.sources.terraform.values.value import ListValue, SetValue, Value, first_unknown, hide, reveal

MAX_PRODUCT = 100_000
"""Larger products are Unknown: nobody deploys that many resources, and the memory is gone first."""

_ANY_SET = SetType(ANY)


def _combine(operation: Callable[[SetValue, SetValue], list[Value]]) -> Callable[..., Value]:
    def run(*given: SetValue) -> Value:
        element = unify(item.element for item in given if item or item.element is not ANY)
        if element is None:
            raise FunctionError("given sets must all have compatible element types")
        sets = [convert(item, SetType(element)) for item in given]
        return reduce(lambda left, right: order.make_set(operation(left, right), element), sets)

    return run


def _has(members: SetValue, item: Value) -> bool:
    if type(item) is str:
        return item in members
    return any(order.equal(item, other) is True for other in members)


def _union(left: SetValue, right: SetValue) -> list[Value]:
    return [*left, *right]


def _intersection(left: SetValue, right: SetValue) -> list[Value]:
    return [item for item in left if _has(right, item)]


def _difference(left: SetValue, right: SetValue) -> list[Value]:
    return [item for item in left if not _has(right, item)]


def _product(*given: Value) -> Value:
    if len(given) < 2:
        raise FunctionError("at least two arguments are required")
    elements = [_element(item, index) for index, item in enumerate(given)]
    size = 1
    for item in given:
        size *= len(item)
    if size > MAX_PRODUCT:
        raise Unevaluated(f"the product has {size} elements, more than {MAX_PRODUCT} are not evaluated")
    columns = [[convert(member, element) for member in item] for item, element in zip(given, elements, strict=True)]
    for column in columns:
        one_type(column)
    element = TupleType(elements)
    if any(isinstance(item, SetValue) for item in given):
        return _product_set(columns, element)
    return ListValue(product(*columns), element)


def _product_set(columns: list[list[Value]], element: Type) -> Value:
    cause = first_unknown(tuple(map(tuple, columns)))
    if cause is not None:
        return Unknown(cause.reason)
    shown, marked = reveal(tuple(product(*columns)))
    made = order.make_set(shown, element)
    return hide(made) if marked else made


def _element(item: Value, index: int) -> Type:
    if isinstance(item, ListValue | SetValue):
        return item.element
    if isinstance(item, tuple):
        element = unify(map(type_of, item))
        if element is not None:
            return element
        raise FunctionError("all elements must be of the same type", index)
    raise FunctionError("a set or a list is required", index)


FUNCTIONS = {
    "setintersection": Function(_combine(_intersection), _ANY_SET, rest=_ANY_SET),
    "setproduct": Function(_product, rest=ANY, reach=Reach.MEMBERS),
    "setsubtract": Function(_combine(_difference), _ANY_SET, _ANY_SET),
    "setunion": Function(_combine(_union), _ANY_SET, rest=_ANY_SET),
}
