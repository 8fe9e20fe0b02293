"""What one scalar of YAML means to Kubernetes: the resolution of go-yaml v2, as text to value.

Source: ``resolve.go`` and ``decode.go`` of go.yaml.in/yaml/v2 v2.4.2 and ``yaml.go`` of sigs.k8s.io/yaml v1.6.0; the
table in ``tests/documents/test_scalars.py`` was produced by running them. It is neither YAML 1.1 (``0o777`` and ``1e3``
are numbers, ``12:30:45`` and ``2001-12-14`` are text) nor YAML 1.2 (``on``, ``y`` and ``0777`` are not text).
"""

import math
import re
import struct
from typing import Any

from scanner.model.unknown import Unknown

PREFIX = "tag:yaml.org,2002:"
MERGE_TAG = PREFIX + "merge"
COLLECTION_TAGS = frozenset((PREFIX + "map", PREFIX + "seq", PREFIX + "omap", PREFIX + "set", PREFIX + "pairs", "!"))
"""Tags of mappings and lists that go-yaml reads as if they were not there."""

_UNREPRESENTABLE = Unknown("infinity and not-a-number have no form in JSON, so Kubernetes refuses them")

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **{sign + word: _UNREPRESENTABLE for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), _UNREPRESENTABLE),
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]*)|(?P<dec>[1-9][0-9]*))"
)
_SIGNED_BINARY = re.compile(r"0b(?P<digits>[-+][01]+)")  # Go strips the prefix and parses what is left, sign included
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_POINT_FIRST = re.compile(r"\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?")
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_DECIMAL_DIGITS = 20  # of 2**64 - 1
_FIRST_SCIENTIFIC = 6  # power of ten from which Go writes an exponent


def resolve_plain(text: str) -> Any:
    """Return the value of a plain (unquoted, untagged) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    return text


def plain_key(text: str) -> str:
    """Return the text of a plain scalar as a key."""
    value = resolve_plain(text)
    return _infinite_key(text) if isinstance(value, Unknown) else key_text(value)


def resolve_tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with an explicit tag; an Unknown where the tag has no meaning or does not fit."""
    if tag in ("!", PREFIX + "str", PREFIX + "timestamp"):
        return text
    if tag == PREFIX + "binary":
        return _binary(text)
    expected = _TYPES.get(tag)
    if expected is None:
        return unknown_tag(tag)
    value = resolve_plain(text)
    if tag == PREFIX + "float" and type(value) is int and value < 2**63:
        return float(value)
    return value if type(value) is expected else Unknown(f"tag {short_tag(tag)} does not fit its value")


def unknown_tag(tag: str) -> Unknown:
    """Return what stands for a value whose tag only some other program can resolve."""
    return Unknown(f"tag {short_tag(tag)} is not resolved")


def short_tag(tag: str) -> str:
    """Return ``tag`` as people write it (``!!str``), cut where it is absurdly long."""
    return (f"!!{tag[len(PREFIX) :]}" if tag.startswith(PREFIX) else tag)[:80]


def key_text(value: Any) -> str:
    """Return the text that a resolved key becomes, since the keys of JSON are text.

    Where go-yaml refuses a key (null, integers above 2**63 - 1) it is the JSON text all the same.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float_text(value) if isinstance(value, float) else str(value)


def _infinite_key(text: str) -> str:
    return text.lower().removeprefix("+")


def _number(text: str) -> Any:
    if text[0] == ".":
        return _finite(text, text.replace("_", "")) if _POINT_FIRST.fullmatch(text) else text
    plain = text.replace("_", "")
    integer = _integer(plain)
    if integer is not None:
        return integer
    if _FLOAT.fullmatch(plain):
        return _finite(text, plain)
    binary = _SIGNED_BINARY.fullmatch(plain)
    if binary is not None and -(2**63) <= (value := int(binary["digits"], 2)) < 2**63:
        return value
    return text


def _integer(plain: str) -> int | None:
    match = _INTEGER.fullmatch(plain)
    if match is None or match.lastgroup is None:
        return None
    digits = match[match.lastgroup]
    if match.lastgroup == "dec" and len(digits) > _DECIMAL_DIGITS:
        return None
    if not digits:  # "0", or the octal prefix without digits
        return 0 if plain[-1] == "0" else None
    value = int(digits, _BASES[match.lastgroup])
    if match["sign"] == "-":
        return -value if value <= 2**63 else None
    return value if value < 2 ** (63 if match["sign"] else 64) else None


def _finite(text: str, plain: str) -> Any:
    value = float(plain)
    return text if value in (float("inf"), float("-inf")) else value


def _binary(text: str) -> Any:
    import base64
    import binascii

    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return Unknown("tag !!binary does not fit its value")


def _float_text(value: float) -> str:
    """Return ``value`` as Go's ``FormatFloat(value, 'g', -1, 32)`` does: the shortest text that is the same float32."""
    single = _single(value)
    if math.isinf(single):
        return "-.inf" if value < 0 else ".inf"
    shortest = next(text for digits in range(9) if _single(float(text := f"{single:.{digits}e}")) == single)
    mantissa, _, exponent = shortest.partition("e")
    power = int(exponent)
    if -4 <= power < _FIRST_SCIENTIFIC:
        return f"{single:.{max(len(mantissa.partition('.')[2]) - power, 0)}f}"
    return f"{mantissa}e{power:+03d}"


def _single(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


_TYPES: dict[str, type] = {
    PREFIX + "int": int,
    PREFIX + "bool": bool,
    PREFIX + "float": float,
    PREFIX + "null": type(None),
}
