"""Number literals, as exact as Terraform has them.

Terraform keeps numbers as binary floating point with a mantissa of 512 bits (cty.ParseNumberVal); whole numbers are an
int here, others a Fraction. What lies beyond every practical exponent is refused, so that no text of ten characters
makes a number of a billion digits.
"""

import re
from fractions import Fraction

MANTISSA_BITS = 512
LARGEST_EXPONENT = 4000
"""Of ten. Terraform accepts more, prints it digit by digit, and ends at infinity near 1e646456993."""
_EXACT_DIGITS = 154
"""Whole numbers of so many digits always fit the mantissa."""
_SHAPE = re.compile(r"([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?").fullmatch


def number(text: str) -> int | Fraction:
    """Return the value of an unsigned decimal ``text``; a ValueError says what was expected instead."""
    if len(text) <= _EXACT_DIGITS and text.isdigit():
        return int(text)
    match = _SHAPE(text)
    if match is None:
        raise ValueError(f'expected a number, found "{_shown(text)}"')
    whole, fraction, exponent = match.groups("")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    power = _bounded(exponent) - len(fraction)
    if abs(len(digits) + power) > LARGEST_EXPONENT:
        raise ValueError(f'expected a number of at most {LARGEST_EXPONENT} digits, found "{_shown(text)}"')
    return _rounded(digits, power)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _bounded(exponent: str) -> int:
    """Return the exponent, or one that is too large anyway where converting it would be slow."""
    return int(exponent or "0") if len(exponent) <= 12 else 10**12


def _rounded(digits: str, power: int) -> int | Fraction:
    if len(digits) > LARGEST_EXPONENT:
        # What follows only decides a tie, and a 1 says so as well as a million digits do.
        power += len(digits) - LARGEST_EXPONENT
        digits = digits[: LARGEST_EXPONENT - 1] + "1"
    value = Fraction(int(digits)) * Fraction(10) ** power
    scale = Fraction(2) ** (_bits(value) - MANTISSA_BITS)
    # round() of a Fraction goes to the even neighbour, as the float of Terraform does.
    value = round(value / scale) * scale
    return value.numerator if value.denominator == 1 else value


def _bits(value: Fraction) -> int:
    """Return the k with 2**(k-1) <= value < 2**k."""
    estimate = value.numerator.bit_length() - value.denominator.bit_length()
    return estimate + 1 if value >= Fraction(2) ** estimate else estimate
