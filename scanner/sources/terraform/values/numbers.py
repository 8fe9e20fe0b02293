"""Numbers as Terraform computes and prints them: binary floating point with a mantissa of 512 bits.

A number is an int where it is integral, else a Fraction; a float where Terraform itself has only 53 bits of mantissa
(``log``, ``pow``); ``INFINITY`` and its negative are numbers too. Fractions are imported when the first one is made.
Source: go-cty (cty/value_ops.go), Go's math/big Float (rounding to nearest even, shortest decimal text).
"""

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from scanner.sources.terraform.values.value import ValueFault

if TYPE_CHECKING:
    from fractions import Fraction

Number: TypeAlias = "int | float | Fraction"

PRECISION = 512
"""Bits of the mantissa."""
FLOAT_PRECISION = 53
INFINITY = math.inf
_EXACT = 1 << PRECISION
"""Integers below need no rounding."""
_MAX_DIGITS = 1300
_MAX_BITS = 4500
"""Magnitudes beyond, as digits and as binary exponent, are refused: nothing measures that, and they cost memory."""


def parse(text: str) -> Number:
    """Return the number that ``text`` is in decimal notation; ValueFault where it is none.

    Like Terraform also ``.5``, ``5.``, ``+1``, ``1e5``, ``Inf``, and ``1p3`` with a binary exponent.
    """
    if text.isdigit() and text.isascii() and len(text) < 150:
        return int(text)
    return _parse(text)


def _parse(text: str) -> Number:
    import re

    if text.lstrip("+-") in ("Inf", "inf") and len(text) <= 4:
        return -INFINITY if text[0] == "-" else INFINITY
    match = re.fullmatch(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([eEpP])([+-]?[0-9]+))?", text)
    if match is None or not (match[2] or match[3]):
        raise ValueFault("a number is required")
    sign, whole, part, letter, exponent = match.groups()
    digits = whole + (part or "")
    power = int(exponent[:12]) if exponent else 0
    if len(digits) > _MAX_DIGITS or abs(power) > _MAX_DIGITS:
        raise ValueFault(f"a number of more than {_MAX_DIGITS} digits is not supported")
    numerator, denominator = int(digits), 10 ** len(part or "")
    base = 10 if letter in ("e", "E") else 2
    if power < 0:
        denominator *= base**-power
    else:
        numerator *= base**power
    return _round(-numerator if sign == "-" else numerator, denominator)


def _round(numerator: int, denominator: int = 1) -> Number:
    """Return the quotient rounded to 512 bits, half to even."""
    if denominator == 1 and -_EXACT < numerator < _EXACT:
        return numerator
    if abs(numerator.bit_length() - denominator.bit_length()) > _MAX_BITS:
        raise ValueFault(f"a number of more than {_MAX_DIGITS} digits is not supported")
    negative = numerator < 0
    numerator = abs(numerator)
    shift = PRECISION - numerator.bit_length() + denominator.bit_length()
    mantissa, rest, divisor = _shifted(numerator, denominator, shift)
    if mantissa.bit_length() > PRECISION:
        shift -= 1
        mantissa, rest, divisor = _shifted(numerator, denominator, shift)
    if rest * 2 > divisor or (rest * 2 == divisor and mantissa & 1):
        mantissa += 1
    if negative:
        mantissa = -mantissa
    if shift <= 0:
        return mantissa << -shift
    return _ratio(mantissa, 1 << shift)


def _shifted(numerator: int, denominator: int, shift: int) -> tuple[int, int, int]:
    if shift >= 0:
        numerator <<= shift
    else:
        denominator <<= -shift
    return *divmod(numerator, denominator), denominator


def _ratio(numerator: int, denominator: int) -> Number:
    from fractions import Fraction

    made = Fraction(numerator, denominator)
    return made.numerator if made.denominator == 1 else made


def _rounded(exact: Any) -> Number:
    return _round(exact.numerator, exact.denominator)


def _exact(number: Number) -> Any:
    """Return a float as the fraction that it is, for mixing with the other kinds."""
    if type(number) is float:
        from fractions import Fraction

        return Fraction(number)
    return number


def from_float(number: float) -> Number:
    """Return what Terraform makes of a float of 53 bits; ValueFault for no number at all."""
    if math.isnan(number):
        raise ValueFault("the result is not a number")
    return int(number) if number.is_integer() and abs(number) <= 1 << FLOAT_PRECISION else number


def to_float(number: Number) -> float:
    """Return the nearest float; ValueFault where there is none."""
    try:
        return float(number)
    except OverflowError:
        raise ValueFault("value must be between -1.7976931348623157e+308 and 1.7976931348623157e+308") from None


def add(left: Number, right: Number) -> Number:
    """Return the sum."""
    if type(left) is float or type(right) is float:
        return _with_floats(left, right, "+")
    return _rounded(left + right)


def subtract(left: Number, right: Number) -> Number:
    """Return the difference."""
    return add(left, -right)


def multiply(left: Number, right: Number) -> Number:
    """Return the product."""
    if type(left) is float or type(right) is float:
        if _infinite(left) or _infinite(right):
            return _signed_infinity(left, right)
        return _rounded(_exact(left) * _exact(right))
    return _rounded(left * right)


def divide(left: Number, right: Number) -> Number:
    """Return the quotient; infinity where only the divisor is zero."""
    if right == 0:
        if left == 0:
            raise ValueFault("can't divide zero by zero or infinity by infinity")
        return INFINITY if left > 0 else -INFINITY
    if type(left) is float or type(right) is float:
        return _with_floats(left, right, "/")
    return _round(*_crossed(left, right))


def _crossed(left: Any, right: Any) -> tuple[int, int]:
    numerator, denominator = left.numerator * right.denominator, left.denominator * right.numerator
    return (-numerator, -denominator) if denominator < 0 else (numerator, denominator)


def modulo(left: Number, right: Number) -> Number:
    """Return the remainder of a division that truncates towards zero; ``left`` where ``right`` is zero."""
    if right == 0:
        return left
    if _infinite(left) or _infinite(right):
        raise ValueFault("can't compute the remainder of a division by or of infinity")
    if type(left) is int and type(right) is int and -_EXACT < left < _EXACT:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return _remainder(left, right)


def _remainder(left: Number, right: Number) -> Number:
    whole = _rounded(math.trunc(_exact(divide(left, right))))
    return subtract(_exact(left), multiply(_exact(right), whole))


def _infinite(number: Number) -> bool:
    return type(number) is float and math.isinf(number)


def _signed_infinity(left: Number, right: Number) -> Number:
    if left == 0 or right == 0:
        raise ValueFault("can't multiply zero by infinity")
    return INFINITY if (left > 0) == (right > 0) else -INFINITY


def _with_floats(left: Number, right: Number, operator: str) -> Number:
    """Return sum or quotient where a float takes part: in 53 bits if both are floats, else in 512."""
    if _infinite(left) or _infinite(right):
        return _with_infinity(left, right, operator)
    if type(left) is float and type(right) is float:
        return from_float(left + right if operator == "+" else left / right)
    return add(_exact(left), _exact(right)) if operator == "+" else _round(*_crossed(_exact(left), _exact(right)))


def _with_infinity(left: Number, right: Number, operator: str) -> Number:
    if operator == "/":
        if _infinite(left) and _infinite(right):
            raise ValueFault("can't divide zero by zero or infinity by infinity")
        return 0 if _infinite(right) else _signed_infinity(left, right)
    if _infinite(left) and _infinite(right) and left != right:
        raise ValueFault("can't compute sum of opposing infinities")
    return left if _infinite(left) else right


def to_int(number: Number) -> int:
    """Return ``number`` where it is a whole one that 64 bits can hold; ValueFault otherwise."""
    if type(number) is not int:
        if type(number) is not float or not number.is_integer():
            raise ValueFault("value must be a whole number")
        number = int(number)
    if not -(1 << 63) <= number < 1 << 63:
        raise ValueFault("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    return number


def text(number: Number) -> str:
    """Return ``number`` as Terraform prints it: without exponent, as few digits as tell it from its neighbours."""
    if type(number) is int and -_EXACT < number < _EXACT:
        return str(number)
    if _infinite(number):
        return "-Inf" if number < 0 else "+Inf"
    return ("-" if number < 0 else "") + positional(*shortest_digits(number))


def exact_digits(number: Number) -> tuple[str, int]:
    """Return all decimal digits of ``number`` without sign, and where the point is; no digits for zero."""
    exact = _exact(number)
    return _decimal(abs(exact.numerator), 1 - exact.denominator.bit_length()) if exact else ("", 0)


def shortest_digits(number: Number) -> tuple[str, int]:
    """Return as few digits as tell ``number`` from its neighbours, and where the point is."""
    exact = _exact(number)
    if not exact:
        return "", 0
    precision = FLOAT_PRECISION if type(number) is float else PRECISION
    return _shortest(abs(exact.numerator), exact.denominator.bit_length() - 1, precision)


def rounded_digits(digits: str, point: int, length: int) -> tuple[str, int]:
    """Return ``digits`` cut to ``length``, rounded half to even, without trailing zeros."""
    if length < 0 or length >= len(digits):
        return ("", 0) if length < 0 else (digits, point)
    return _cut(digits, point, length, up=_rounds_up(digits, length))


def magnitude(number: Number) -> Number:
    """Return ``number`` without its sign."""
    return -number if number < 0 else number


def positional(digits: str, point: int) -> str:
    """Return digits with their decimal point, never with an exponent."""
    if not digits:
        return "0"
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


def _shortest(numerator: int, scale: int, precision: int) -> tuple[str, int]:
    """Return the digits and the position of the decimal point of ``numerator / 2**scale``.

    Walks the digits of the value and of both ends of the interval that rounds to it, until either end allows to stop.
    """
    shift = precision + 1 - numerator.bit_length()
    half_steps = numerator << shift if shift >= 0 else numerator >> -shift
    exponent = -scale - shift
    digits, point = _decimal(half_steps, exponent)
    lower = _decimal(half_steps - 1, exponent)[0]
    upper = _decimal(half_steps + 1, exponent)[0]
    inclusive = not half_steps & 2
    for place, digit in enumerate(digits):
        low = lower[place] if place < len(lower) else "0"
        high = upper[place] if place < len(upper) else "0"
        down = low != digit or (inclusive and place + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or place + 1 < len(upper))
        if down and up:
            return _cut(digits, point, place + 1, up=_rounds_up(digits, place + 1))
        if down or up:
            return _cut(digits, point, place + 1, up=up)
    return digits, point


def _decimal(mantissa: int, exponent: int) -> tuple[str, int]:
    """Return the digits of ``mantissa * 2**exponent`` without trailing zeros, and where the point is."""
    whole = mantissa << exponent if exponent >= 0 else mantissa * 5**-exponent
    written = str(whole)
    return written.rstrip("0"), len(written) + min(exponent, 0)


def _rounds_up(digits: str, length: int) -> bool:
    if length >= len(digits):
        return False
    if digits[length] == "5" and length + 1 == len(digits):
        return length > 0 and int(digits[length - 1]) % 2 == 1
    return digits[length] >= "5"


def _cut(digits: str, point: int, length: int, *, up: bool) -> tuple[str, int]:
    kept = digits[:length]
    if up and not kept:
        return "1", point + 1
    if up:
        kept = str(int(kept) + 1)
        if len(kept) > length:
            point += 1
    return kept.rstrip("0"), point
