"""The operators of the language, indexing, attributes and text, on values.

The common case, known values of the expected type, is answered in the first lines of each function; Unknown,
hidden and foreign operands go the slow way. All raise ValueFault with the cause. Evaluation order, short-circuiting
and positions are the evaluator's business.
Source: HCL (hclsyntax/expression_ops.go, ops.go), go-cty (cty/value_ops.go).
"""

from collections.abc import Callable, Sequence
from typing import Any

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values import numbers, order
from scanner.sources.terraform.values.convert import convert, one_type, to_text_of_scalar
from scanner.sources.terraform.values.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    friendly,
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
    derive,
    hide,
    normal,
    reveal,
)

_EXACT = 1 << numbers.PRECISION
"""Integers below need no rounding."""


def lift(function: Callable[..., Value], *operands: Value) -> Value:
    """Apply ``function`` to operands some of which are Unknown or hidden.

    A plain Unknown gives an Unknown; hidden values are taken out, and the result is hidden again.
    """
    for operand in operands:
        if isinstance(operand, Unknown) and not isinstance(operand, Sensitive):
            return derive(operand)
    return hide(function(*(item.value if isinstance(item, Sensitive) else item for item in operands)))


def _number(value: Value, side: str) -> Any:
    if value is None:
        raise ValueFault("argument must not be null")
    try:
        return convert(value, NUMBER)
    except ValueFault as fault:
        raise ValueFault(f"unsuitable value for {side} operand: {fault}") from None


def _arithmetic(function: Callable[..., Value], left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return lift(lambda a, b: _arithmetic(function, a, b), left, right)
    return function(_number(left, "left"), _number(right, "right"))


def add(left: Value, right: Value) -> Value:
    """Return ``left + right``."""
    if type(left) is int and type(right) is int and -_EXACT < (result := left + right) < _EXACT:
        return result
    return _arithmetic(numbers.add, left, right)


def subtract(left: Value, right: Value) -> Value:
    """Return ``left - right``."""
    if type(left) is int and type(right) is int and -_EXACT < (result := left - right) < _EXACT:
        return result
    return _arithmetic(numbers.subtract, left, right)


def multiply(left: Value, right: Value) -> Value:
    """Return ``left * right``."""
    if type(left) is int and type(right) is int and -_EXACT < (result := left * right) < _EXACT:
        return result
    return _arithmetic(numbers.multiply, left, right)


def divide(left: Value, right: Value) -> Value:
    """Return ``left / right``: infinity where the divisor is zero, a fault where both are."""
    return _arithmetic(numbers.divide, left, right)


def modulo(left: Value, right: Value) -> Value:
    """Return ``left % right``."""
    return _arithmetic(numbers.modulo, left, right)


def negate(operand: Value) -> Value:
    """Return ``-operand``."""
    if type(operand) is int:
        return -operand
    if isinstance(operand, Unknown):
        return lift(negate, operand)
    return -_number(operand, "unary")


def less(left: Value, right: Value) -> Value:
    """Return ``left < right``."""
    if type(left) is int and type(right) is int:
        return left < right
    return _arithmetic(lambda a, b: a < b, left, right)


def less_or_equal(left: Value, right: Value) -> Value:
    """Return ``left <= right``."""
    if type(left) is int and type(right) is int:
        return left <= right
    return _arithmetic(lambda a, b: a <= b, left, right)


def greater(left: Value, right: Value) -> Value:
    """Return ``left > right``."""
    return less(right, left)


def greater_or_equal(left: Value, right: Value) -> Value:
    """Return ``left >= right``."""
    return less_or_equal(right, left)


def equal(left: Value, right: Value) -> Value:
    """Return ``left == right``: without conversion, ``1 == "1"`` is false."""
    kind = type(left)
    if kind is type(right) and (kind is str or kind is bool or kind is int):
        return left == right
    left, left_marked = reveal(left)
    right, right_marked = reveal(right)
    answer = order.equal(left, right)
    return hide(answer) if left_marked or right_marked else answer


def not_equal(left: Value, right: Value) -> Value:
    """Return ``left != right``."""
    answer = equal(left, right)
    return (not answer) if type(answer) is bool else negation(answer)


def boolean(value: Value) -> Value:
    """Return ``value`` as an operand of ``&&``, ``||``, ``!`` and ``?``: a bool, or Unknown."""
    if type(value) is bool:
        return value
    if value is None:
        raise ValueFault("argument must not be null")
    return convert(value, BOOL)


def negation(operand: Value) -> Value:
    """Return ``!operand``."""
    if type(operand) is bool:
        return not operand
    if isinstance(operand, Unknown):
        return lift(negation, operand)
    return not boolean(operand)


def both(left: Value, right: Value) -> Value:
    """Return ``left && right``; false if one is false, whatever the other."""
    return _logical(boolean(left), boolean(right), False)


def either(left: Value, right: Value) -> Value:
    """Return ``left || right``; true if one is true, whatever the other."""
    return _logical(boolean(left), boolean(right), True)


def _logical(left: Value, right: Value, decisive: bool) -> Value:
    shown = [item.value if isinstance(item, Sensitive) else item for item in (left, right)]
    marked = isinstance(left, Sensitive) or isinstance(right, Sensitive)
    if decisive in [item for item in shown if type(item) is bool]:
        return hide(decisive) if marked else decisive
    for item in shown:
        if isinstance(item, Unknown):
            return derive(item)
    return hide(not decisive) if marked else not decisive


def choose(chosen: Value, other: Value) -> Value:
    """Return the branch that a condition chose, in the type that both branches share.

    ValueFault where they share none; an Unknown as ``other`` decides nothing.
    """
    kind = type(chosen)
    if kind is type(other) and (kind is str or kind is bool or kind is int):
        return chosen
    if chosen is None or other is None:
        return chosen
    kinds = type_of(chosen), type_of(other)
    if kinds[0] == kinds[1] or UNDETERMINED in kinds or ANY in kinds:
        return chosen
    wanted = unify(kinds)
    if wanted is None:
        raise ValueFault(
            "the true and false result expressions must have consistent types, not "
            f"{friendly(kinds[0])} and {friendly(kinds[1])}"
        )
    if type(kinds[1]) is type(wanted) and isinstance(wanted, ListType | MapType) and wanted.element is ANY:
        # Beside a collection of anything Terraform does not unify the members of a tuple or object.
        one_type(chosen.values() if isinstance(chosen, dict) else chosen)
    return convert(chosen, wanted)


def to_text(value: Value) -> Any:
    """Return ``value`` as a part of a template: str, or Unknown."""
    kind = type(value)
    if kind is str:
        return value
    if kind is int:
        return numbers.text(value)
    if value is None:
        raise ValueFault("the expression result is null, cannot include a null value in a string template")
    try:
        return convert(value, STRING)
    except ValueFault as fault:
        raise ValueFault(f"cannot include the given value in a string template: {fault}") from None


def join_text(parts: Sequence[Value]) -> Any:
    """Return the value of a template of these parts: str; Unknown where a part is, hidden where a part is."""
    for part in parts:
        if type(part) is not str:
            break
    else:
        return normal("".join(parts))
    texts = [part if type(part) is str else to_text(part) for part in parts]
    marked = False
    for index, text in enumerate(texts):
        if isinstance(text, Sensitive):
            marked = True
            texts[index] = text.value
        elif isinstance(text, Unknown):
            return _below_id(texts) or derive(text)
    joined = normal("".join(texts))
    return hide(joined) if marked else joined


def _below_id(texts: Sequence[Value]) -> Unknown | None:
    """Return what ``"${azurerm_x.y.id}/below"`` is, whose origin still says what it is below; None for another text."""
    first, rest = texts[0], texts[1:]
    if type(first) is not Unknown or not first.origin.endswith(".id") or not rest:
        return None
    if not all(type(text) is str for text in rest) or not rest[0].startswith("/"):
        return None
    return Unknown(derive(first).reason, first.origin + "".join(rest))


def get_attr(value: Value, name: str) -> Value:
    """Return ``value.name``; of an Unknown an Unknown whose origin ends in ``.name``."""
    if isinstance(value, dict):
        try:
            return value[name]
        except KeyError:
            if isinstance(value, MapValue):
                raise ValueFault(f'this map does not have an element with the key "{name}"') from None
            raise ValueFault(f'this object does not have an attribute named "{name}"') from None
    if isinstance(value, Unknown):
        if isinstance(value, Sensitive):
            return hide(get_attr(value.value, name))
        return Unknown(value.reason, f"{value.origin}.{name}" if value.origin else "")
    if value is None:
        raise ValueFault("this value is null, so it does not have any attributes")
    if isinstance(value, ListValue | SetValue):
        word = "list" if isinstance(value, ListValue) else "set"
        raise ValueFault(f"can't access attributes on a {word} of values, only on its elements")
    if isinstance(value, tuple):
        raise ValueFault("this value does not have any attributes")
    raise ValueFault(f"can't access attributes on a primitive-typed value ({friendly(type_of(value))})")


def index(value: Value, key: Value) -> Value:
    """Return ``value[key]``; of an Unknown an Unknown whose origin ends in ``[key]``."""
    kind = type(value)
    if type(key) is int and (kind is tuple or kind is ListValue) and 0 <= key < len(value):
        return value[key]
    if type(key) is str and isinstance(value, dict) and key in value:
        return value[key]
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return _index_unknown(value, key)
    if value is None:
        raise ValueFault("this value is null, so it does not have any indices")
    if key is None:
        raise ValueFault("can't use a null value as an indexing key")
    if isinstance(value, SetValue):
        raise ValueFault("elements of a set are identified only by their value and don't have any index")
    if isinstance(value, tuple):
        return _item(value, _key(key, NUMBER))
    if isinstance(value, dict):
        name = _key(key, STRING)
        if name in value:
            return value[name]
        raise ValueFault("the given key does not identify an element in this collection value")
    raise ValueFault("this value does not have any indices")


def _key(key: Value, wanted: Any) -> Any:
    try:
        return convert(key, wanted)
    except ValueFault as fault:
        raise ValueFault(f"the given key does not identify an element in this collection value: {fault}") from None


def _item(value: "tuple[Value, ...]", number: "numbers.Number") -> Value:
    if type(number) is not int:
        raise ValueFault("indexing a sequence requires a whole number, but the given index has a fractional part")
    if number < 0:
        raise ValueFault("a negative number is not a valid index for a sequence")
    if number >= len(value):
        what = "the given index is greater than or equal to the length of the collection"
        raise ValueFault(what if value else "the collection has no elements")
    return value[number]


def _index_unknown(value: Value, key: Value) -> Value:
    if isinstance(value, Sensitive) or isinstance(key, Sensitive):
        shown = [item.value if isinstance(item, Sensitive) else item for item in (value, key)]
        return hide(index(*shown))
    if isinstance(key, Unknown):
        if value is None or isinstance(value, SetValue | str | int):
            return index(value, 0)
        return derive(key)
    if key is None:
        raise ValueFault("can't use a null value as an indexing key")
    if isinstance(key, tuple | dict):
        raise ValueFault("the given key does not identify an element in this collection value")
    step = f'"{key}"' if type(key) is str else to_text_of_scalar(key)
    return Unknown(value.reason, f"{value.origin}[{step}]" if value.origin else "")
