"""`semver.compare` and `semver.is_valid`: unlike the engine's they take a leading `v`, as Kubernetes writes it."""

import re
from typing import NamedTuple

from scanner.packs.rego.builtins.operands import string

_NUMBER = r"0|[1-9][0-9]*"
_WORDS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(rf"v?({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_WORDS}))?(?:\+{_WORDS})?")
_LEADING_ZERO = re.compile(r"(?:^|\.)0[0-9]+(?:\.|$)")


class _Version(NamedTuple):
    """Orders as semver.org, section 11, has it."""

    numbers: tuple[int, int, int]
    is_release: bool
    pre_release: tuple[tuple[bool, int, str], ...]
    """Of each word whether it is no number, its number, its text."""


def compare(one: object, other: object) -> int:
    """`semver.compare`: -1, 0 or 1; words behind a `+` count for nothing."""
    first, second = _parsed(string(one, 1), 1), _parsed(string(other, 2), 2)
    return (first > second) - (first < second)


def is_valid(text: object) -> bool:
    """`semver.is_valid`: whether a value is a text that `semver.compare` takes."""
    try:
        _parsed(string(text, 1), 1)
    except ValueError:
        return False
    return True


def _parsed(text: str, position: int) -> _Version:
    match = _VERSION.fullmatch(text)
    if match is None or _LEADING_ZERO.search(match[4] or ""):
        raise ValueError(f"operand {position}: string {text} is not a valid SemVer")
    words = match[4].split(".") if match[4] else []
    pre_release = tuple((False, int(word), "") if word.isdigit() else (True, 0, word) for word in words)
    return _Version((int(match[1]), int(match[2]), int(match[3])), not words, pre_release)
