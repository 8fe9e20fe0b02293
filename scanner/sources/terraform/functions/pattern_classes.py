"""Classes of characters in regular expressions, as ranges of code points: Perl's, POSIX's, Unicode's categories."""

from collections.abc import Iterator
from typing import TypeAlias

from scanner.sources.terraform.functions.function import Unevaluated

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Sorted, disjoint code points, both ends included."""

MAX_CODE = 0x10FFFF

_DIGIT: Ranges = ((48, 57),)
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
PERL = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
POSIX: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}


def merged(ranges: "list[tuple[int, int]]") -> Ranges:
    """Return ``ranges`` sorted and joined."""
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple(out)


def inverted(ranges: Ranges) -> Ranges:
    """Return all other code points."""
    out: list[tuple[int, int]] = []
    following = 0
    for low, high in ranges:
        if low > following:
            out.append((following, low - 1))
        following = high + 1
    if following <= MAX_CODE:
        out.append((following, MAX_CODE))
    return tuple(out)


def folded(ranges: Ranges) -> Ranges:
    """Add the other cases of every character."""
    if sum(high - low + 1 for low, high in ranges) > 5000:
        if ranges[0][0] <= 65 and any(low <= 97 and high >= 122 for low, high in ranges):
            return ranges
        raise Unevaluated("regex cannot be evaluated: a large class without regard to case")
    out = list(ranges)
    for low, high in ranges:
        for code in range(low, high + 1):
            out.extend((other, other) for other in _cases(code))
    return merged(out)


_EXTRA_CASES = {"k": "\u212a", "s": "\u017f", "å": "\u212b", "ß": "ẞ", "µ": "μ", "μ": "µ"}


def _cases(code: int) -> Iterator[int]:
    char = chr(code)
    for other in (char.lower(), char.upper(), _EXTRA_CASES.get(char.lower(), "")):
        if len(other) == 1:
            yield ord(other)


def category_ranges(name: str) -> Ranges:
    """Return the characters of a general category such as ``L`` or ``Lu``; scripts are not known here."""
    if name == "Any":
        return ((0, MAX_CODE),)
    if name not in _CATEGORIES:
        raise Unevaluated(f"regex cannot be evaluated: the character class {name}")
    from sys import maxunicode
    from unicodedata import category

    codes = (code for code in range(maxunicode + 1) if category(chr(code)).startswith(name))
    return merged([(code, code) for code in codes])


_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
    ]
)
