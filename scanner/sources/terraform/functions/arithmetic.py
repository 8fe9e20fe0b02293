"""Functions on numbers."""

import math

from scanner.sources.terraform.functions.function import Function, FunctionError
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, NUMBER
from scanner.sources.terraform.values.value import ListValue, SetValue, Value, ValueFault


def _infinite(number: "numbers.Number") -> bool:
    return type(number) is float and math.isinf(number)


def _ceil(number: "numbers.Number") -> "numbers.Number":
    return number if _infinite(number) else math.ceil(number)


def _floor(number: "numbers.Number") -> "numbers.Number":
    return number if _infinite(number) else math.floor(number)


def _log(number: "numbers.Number", base: "numbers.Number") -> "numbers.Number":
    top, bottom = _logarithm(numbers.to_float(number)), _logarithm(numbers.to_float(base))
    if bottom == 0:
        return numbers.from_float(math.nan if top == 0 or math.isnan(top) else math.copysign(math.inf, top))
    return numbers.from_float(top / bottom)


def _logarithm(number: float) -> float:
    if number < 0:
        return math.nan
    return math.log(number) if number else -math.inf


def _pow(number: "numbers.Number", power: "numbers.Number") -> "numbers.Number":
    base, exponent = numbers.to_float(number), numbers.to_float(power)
    special = base in (0, 1) or exponent in (0, 1) or math.isinf(base) or abs(exponent) >= 1 << 62
    try:
        return numbers.from_float(math.pow(base, exponent) if special else _go_pow(base, exponent))
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return numbers.from_float(math.inf if base == 0 else math.nan)


def _go_pow(base: float, exponent: float) -> float:
    """Multiply in the order in which Go's math.Pow does, for the same last digit."""
    if abs(exponent) == 0.5:
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    part, whole = math.modf(abs(exponent))
    if part and base < 0:
        return math.nan
    result, scale = 1.0, 0
    if part:
        if part > 0.5:
            part, whole = part - 1, whole + 1
        result = math.exp(part * math.log(base))
    mantissa, shift = math.frexp(base)
    count = int(whole)
    while count:
        if abs(shift) > 1 << 12:
            scale += shift
            break
        if count & 1:
            result, scale = result * mantissa, scale + shift
        mantissa, shift = mantissa * mantissa, shift << 1
        if mantissa < 0.5:
            mantissa, shift = mantissa + mantissa, shift - 1
        count >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    return math.ldexp(result, scale)


def _signum(number: "numbers.Number") -> int:
    whole = numbers.to_int(number)
    return (whole > 0) - (whole < 0)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _parseint(text: Value, base: "numbers.Number") -> int:
    if type(text) is not str:
        raise FunctionError("first argument must be a string", 0)
    radix = numbers.to_int(base)
    if not 2 <= radix <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive", 1)
    digits = text[1:] if text[:1] in ("+", "-") else text
    if radix <= 36:
        digits = digits.lower()
    allowed = _DIGITS[:radix]
    if not digits or len(digits) > 1000 or any(digit not in allowed for digit in digits):
        raise FunctionError(f'cannot parse "{text}" as a base {radix} integer', 0)
    result = 0
    for digit in digits:
        result = result * radix + allowed.index(digit)
    return -result if text[0] == "-" else result


def _sum(values: Value) -> "numbers.Number":
    if not isinstance(values, ListValue | SetValue | tuple):
        raise FunctionError("argument must be list, set, or tuple of numbers", 0)
    if not values:
        raise FunctionError("cannot sum an empty list", 0)
    total: numbers.Number = 0
    for item in values:
        if item is None:
            raise FunctionError("argument must be list, set, or tuple of number values", 0)
        try:
            total = numbers.add(total, convert(item, NUMBER))
        except ValueFault:
            raise FunctionError("argument must be list, set, or tuple of number values", 0) from None
    return total


def _largest(*values: "numbers.Number") -> "numbers.Number":
    if not values:
        raise FunctionError("must pass at least one number")
    return max(values)


def _smallest(*values: "numbers.Number") -> "numbers.Number":
    if not values:
        raise FunctionError("must pass at least one number")
    return min(values)


FUNCTIONS = {
    "abs": Function(numbers.magnitude, NUMBER),
    "ceil": Function(_ceil, NUMBER),
    "floor": Function(_floor, NUMBER),
    "log": Function(_log, NUMBER, NUMBER),
    "max": Function(_largest, rest=NUMBER),
    "min": Function(_smallest, rest=NUMBER),
    "parseint": Function(_parseint, ANY, NUMBER),
    "pow": Function(_pow, NUMBER, NUMBER),
    "signum": Function(_signum, NUMBER),
    "sum": Function(_sum, ANY),
}
