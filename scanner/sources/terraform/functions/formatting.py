"""``format`` and ``formatlist``: the verbs of C's printf, as Go and go-cty define them.

Source: go-cty (cty/function/stdlib/format.go), Go's math/big (Int.Format, Float.Format).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scanner.sources.terraform.functions import graphemes
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach
from scanner.sources.terraform.functions.json_text import encode, quote
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, BOOL, NUMBER, STRING, Type
from scanner.sources.terraform.values.value import (
    ListValue,
    Value,
    ValueFault,
    derive,
    first_unknown,
    hide,
    normal,
    reveal,
)

_MAX_WIDTH = 100_000


class _Verb(NamedTuple):
    """One ``%`` sequence."""

    raw: str
    flags: str
    width: int
    """-1 where none is given."""
    precision: int
    """-1 where none is given."""
    letter: str


_VERB = re.compile(r"%([0#+\- ]*)([1-9][0-9]*)?(?:(\.)([0-9]*))?(?:\[([1-9][0-9]*)\])?([a-zA-Z])")


def _format(layout: str, *args: Value) -> str:
    out: list[str] = []
    place, following, highest = 0, 1, 0
    while place < len(layout):
        percent = layout.find("%", place)
        if percent < 0:
            out.append(layout[place:])
            break
        out.append(layout[place:percent])
        if layout.startswith("%%", percent):
            out.append("%")
            place = percent + 2
            continue
        verb, number, place = _read(layout, percent, following)
        if number > len(args):
            raise FunctionError(
                f'not enough arguments for "{verb.raw}": need index {number} but have {len(args)} total'
            )
        out.append(_formatted(verb, args[number - 1]))
        following, highest = number + 1, max(highest, number)
    if highest < len(args):
        raise FunctionError(f"too many arguments; only {highest} used by format string", highest + 1)
    return normal("".join(out))


def _read(layout: str, place: int, following: int) -> tuple[_Verb, int, int]:
    match = _VERB.match(layout, place)
    if match is None:
        raise FunctionError(f"unrecognized format sequence at offset {place}", 0)
    flags, width, dot, precision, number, letter = match.groups()
    sizes = int((width or "0")[:9]), int((precision or "0")[:9])
    if max(sizes) > _MAX_WIDTH:
        raise FunctionError(f"widths above {_MAX_WIDTH} are not supported", 0)
    verb = _Verb(match[0], flags, sizes[0] if width else -1, sizes[1] if dot else -1, letter)
    return verb, int(number[:9]) if number else following, match.end()


def _formatted(verb: _Verb, arg: Value) -> str:
    if verb.letter == "v":
        return _padded(verb, _default(verb, arg))
    if arg is None:
        raise FunctionError(f'unsupported value for "{verb.raw}": null value cannot be formatted')
    if verb.letter == "t":
        return "true" if _converted(verb, arg, BOOL) else "false"
    if verb.letter in "sq":
        return _string(verb, _converted(verb, arg, STRING))
    if verb.letter in "bdoxX":
        return _integer(verb, _converted(verb, arg, NUMBER))
    if verb.letter in "eEfgG":
        return _float(verb, _converted(verb, arg, NUMBER))
    raise FunctionError(f'unsupported format verb "{verb.letter}" in "{verb.raw}"')


def _converted(verb: _Verb, arg: Value, wanted: Type) -> Value:
    try:
        return convert(arg, wanted)
    except ValueFault as fault:
        raise FunctionError(f'unsupported value for "{verb.raw}": {fault}') from None


def _default(verb: _Verb, arg: Value) -> str:
    if "#" not in verb.flags:
        if type(arg) is str:
            return arg
        if not isinstance(arg, bool | tuple | dict | type(None)):
            return _general(arg, -1, "e")
    return encode(arg)


def _padded(verb: _Verb, text: str) -> str:
    missing = verb.width - graphemes.count(text)
    if missing <= 0:
        return text
    padding = ("0" if "0" in verb.flags else " ") * missing
    return text + padding if "-" in verb.flags else padding + text


def _string(verb: _Verb, text: str) -> str:
    if verb.precision > 0:
        text = "".join(graphemes.split(text)[: verb.precision])
    return _padded(verb, quote(text) if verb.letter == "q" else text)


def _sign(verb: _Verb, *, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


def _integer(verb: _Verb, number: "numbers.Number") -> str:
    if type(number) is not int:
        if type(number) is not float or not number.is_integer():
            raise FunctionError(f'unsupported value for "{verb.raw}": an integer is required')
        number = int(number)
    digits = format(abs(number), verb.letter)
    sign = _sign(verb, negative=number < 0)
    prefix = _PREFIXES.get(verb.letter, "") if "#" in verb.flags else ""
    if number == 0 and verb.precision == 0:
        return ""
    digits = digits.zfill(verb.precision)
    missing = verb.width - len(sign) - len(prefix) - len(digits)
    if missing > 0:
        if "-" in verb.flags:
            return f"{sign}{prefix}{digits}{' ' * missing}"
        if "0" in verb.flags and verb.precision < 0:
            digits = "0" * missing + digits
        else:
            sign = " " * missing + sign
    return f"{sign}{prefix}{digits}"


def _float(verb: _Verb, number: "numbers.Number") -> str:
    sign = _sign(verb, negative=number < 0)
    infinite = abs(number) == numbers.INFINITY
    if infinite:
        digits, sign = "Inf", sign or "+"
    elif verb.letter in "gG":
        digits = _general(numbers.magnitude(number), verb.precision, "E" if verb.letter == "G" else "e")
    elif verb.letter == "f":
        digits = _fixed(numbers.magnitude(number), 6 if verb.precision < 0 else verb.precision)
    else:
        digits = _scientific(numbers.magnitude(number), 6 if verb.precision < 0 else verb.precision, verb.letter)
    missing = " " * (verb.width - len(sign) - len(digits))
    if "-" in verb.flags:
        return sign + digits + missing
    return sign + "0" * len(missing) + digits if "0" in verb.flags and not infinite else missing + sign + digits


def _fixed(number: "numbers.Number", precision: int) -> str:
    digits, point = numbers.exact_digits(number)
    digits, point = numbers.rounded_digits(digits, point, point + precision)
    whole = digits[: max(point, 0)].ljust(max(point, 0), "0") or "0"
    part = ("0" * max(-point, 0) + digits[max(point, 0) :])[:precision].ljust(precision, "0")
    return f"{whole}.{part}" if precision else whole


def _scientific(number: "numbers.Number", precision: int, letter: str) -> str:
    digits, point = numbers.exact_digits(number)
    return _with_exponent(*numbers.rounded_digits(digits, point, 1 + precision), precision, letter)


def _with_exponent(digits: str, point: int, precision: int, letter: str) -> str:
    exponent = point - 1 if digits else 0
    digits = digits.ljust(1 + precision, "0")
    part = f".{digits[1 : 1 + precision]}" if precision > 0 else ""
    return f"{digits[0]}{part}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: "numbers.Number", precision: int, letter: str) -> str:
    """Format as ``%g``: with an exponent where it is below -4 or too large for the precision."""
    if abs(number) == numbers.INFINITY:
        return "+Inf" if number > 0 else "-Inf"
    sign, number = ("-", -number) if number < 0 else ("", number)
    if precision < 0:
        digits, point = numbers.shortest_digits(number)
        limit, size = 6, len(digits)
    else:
        size = precision or 1
        digits, point = numbers.rounded_digits(*numbers.exact_digits(number), size)
        limit = len(digits) if size > len(digits) >= point else size
    exponent = point - 1
    if digits and (exponent < -4 or exponent >= limit):
        return sign + _with_exponent(digits, point, min(size, len(digits)) - 1, letter)
    return sign + numbers.positional(digits, point)


def _format_one(layout: str, args: Sequence[Value]) -> Value:
    cause = first_unknown(tuple(args))
    if cause is not None:
        return derive(cause)
    shown, marked = reveal(tuple(args))
    made = _format(layout, *shown)
    return hide(made) if marked else made


def _format_list(layout: str, *args: Value) -> Value:
    if not args:
        return ListValue((_format(layout),), STRING)
    lengths = {len(arg) for arg in args if isinstance(arg, tuple)}
    if len(lengths) > 1:
        raise FunctionError("arguments have inconsistent lengths")
    rows = lengths.pop() if lengths else 1
    columns = [arg if isinstance(arg, tuple) else (arg,) * rows for arg in args]
    return ListValue([_format_one(layout, row) for row in zip(*columns, strict=True)], STRING)


FUNCTIONS = {
    "format": Function(_format, STRING, rest=ANY, nullable=True),
    "formatlist": Function(_format_list, STRING, rest=ANY, nullable=True, reach=Reach.MEMBERS),
}
