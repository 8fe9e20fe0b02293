"""Equality as Terraform means it, and sets, which live by it.

``==`` of Python will not do: ``1 == True`` there, and a list equals a tuple. Source: go-cty (cty/value_ops.go,
cty/set_internals.go), which also fixes the order in which the members of a set are seen.
"""

from collections.abc import Iterable
from functools import cmp_to_key

from scanner.model.unknown import Unknown
from scanner.sources.terraform.values import numbers
from scanner.sources.terraform.values.types import ANY, Type, undetermined
from scanner.sources.terraform.values.value import (
    ListValue,
    MapValue,
    SetValue,
    Value,
    derive,
    first_unknown,
)


def equal(left: Value, right: Value) -> "bool | Unknown":
    """Tell whether two values without marks are equal: same type, same content; Unknown where that is not decided."""
    kind = type(left)
    if kind is str or kind is bool or left is None:
        return left == right if kind is type(right) else _with_unknown(False, left, right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _with_unknown(False, left, right)
    if kind in _CONTAINERS or type(right) in _CONTAINERS:
        return _equal_containers(left, right) if kind is type(right) else False
    if type(right) is str or type(right) is bool or right is None:
        return False
    return bool(left == right)


_CONTAINERS = frozenset((tuple, dict, ListValue, SetValue, MapValue))


def _with_unknown(answer: bool, left: Value, right: Value) -> "bool | Unknown":
    for side in (left, right):
        if isinstance(side, Unknown):
            return derive(side)
    return answer


def _equal_containers(left: Value, right: Value) -> "bool | Unknown":
    if isinstance(left, ListValue | SetValue | MapValue) and _differ(left.element, right.element):
        return False
    if len(left) != len(right):
        unsure = first_unknown(left) or first_unknown(right) if isinstance(left, SetValue) else None
        return derive(unsure) if unsure else False
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return False
        return _all_equal((item, right[key]) for key, item in left.items())
    return _all_equal(zip(left, right, strict=True))


def _differ(left: Type, right: Type) -> bool:
    return left != right and not undetermined(left) and not undetermined(right)


def _all_equal(pairs: "Iterable[tuple[Value, Value]]") -> "bool | Unknown":
    doubt: bool | Unknown = True
    for left, right in pairs:
        answer = equal(left, right)
        if answer is False:
            return False
        if answer is not True:
            doubt = answer
    return doubt


def make_set(items: Iterable[Value], element: Type = ANY) -> SetValue:
    """Return the set of ``items``, which are of type ``element`` and hold no marks: each once, in Terraform's order."""
    members = list(items)
    if all(type(item) is str for item in members):
        return SetValue(sorted(set(members)), element)
    unique: dict[bytes, list[Value]] = {}
    for item in members:
        alike = unique.setdefault(digest(item), [])
        if not any(equal(item, other) is True for other in alike):
            alike.append(item)
    found = [item for alike in unique.values() for item in alike]
    return SetValue(sorted(found, key=cmp_to_key(_compare)), element)


def _compare(left: Value, right: Value) -> int:
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1] or ranks[0] > 0:
        return ranks[0] - ranks[1]
    if type(left) in _CONTAINERS:
        left, right = digest(left), digest(right)
    return int(left > right) - int(left < right)


def _rank(item: Value) -> int:
    """Unknown values come after known ones, null last of all."""
    return 2 if item is None else int(isinstance(item, Unknown))


def digest(item: Value) -> bytes:
    """Return the bytes by which cty tells members of a set apart and orders those that are no scalars."""
    written: list[str] = []
    _write(item, written)
    return "".join(written).encode("utf-8", "surrogatepass")


def _write(item: Value, out: list[str]) -> None:
    match item:
        case Unknown():
            out.append("?")
        case None:
            out.append("~")
        case bool():
            out.append("T" if item else "F")
        case str():
            out.append(quoted(item))
        case MapValue():
            out.append("{")
            for key in sorted(item):
                out.append(quoted(key) + ":")
                _write(item[key], out)
                out.append(";")
            out.append("}")
        case dict():
            _write_members("<", [item[key] for key in sorted(item)], ">", out)
        case ListValue() | SetValue():
            _write_members("[", item, "]", out)
        case tuple():
            _write_members("<", item, ">", out)
        case _:
            out.append(_short(item))


def _write_members(opening: str, members: Iterable[Value], closing: str, out: list[str]) -> None:
    out.append(opening)
    for member in members:
        _write(member, out)
        out.append(";")
    out.append(closing)


def _short(number: "numbers.Number") -> str:
    """Return ``number`` with ten significant digits, as Go's ``%.10g`` does."""
    if type(number) is int and abs(number) < 10**10:
        return str(number)
    digits = f"{numbers.to_float(number):.10g}"
    mantissa, letter, exponent = digits.partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].zfill(2)}" if letter else digits


def quoted(text: str) -> str:
    """Return ``text`` as Go quotes a string."""
    out = ['"']
    for char in text:
        code = ord(char)
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char.isprintable() and (char == " " or not char.isspace()):
            out.append(char)
        elif code < 0x80:
            out.append(f"\\x{code:02x}")
        else:
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    out.append('"')
    return "".join(out)


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}
