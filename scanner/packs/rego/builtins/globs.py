"""`regex.globs_match`: whether two globs have a text in common; and `glob.quote_meta`.

A glob of the first is a row of characters, `.` for any and `[a-z]` sets, each with `+` or `*` behind it or nothing; a
backslash takes a character's meaning away. Both are run side by side over the pairs of places they can be at.
"""

from collections.abc import Iterator
from typing import NamedTuple

from scanner.packs.rego.builtins.operands import string

_ANY = None
_META = "*?\\[]{}"


class _Part(NamedTuple):
    """What one place of a glob takes: a set of characters, or any where it is None; and how often."""

    characters: frozenset[str] | None
    flag: str


def globs_match(one: object, other: object) -> bool:
    """Say whether a text that is not empty matches both globs."""
    first, second = _parse(string(one, 1)), _parse(string(other, 2))
    if not first or not second:
        return False
    seen: set[tuple[int, int, bool]] = set()
    pending = [(0, 0, False)]
    while pending:
        place = pending.pop()
        if place == (len(first), len(second), True):
            return True
        if place not in seen:
            seen.add(place)
            pending += _steps(first, second, *place)
    return False


def quote_meta(text: object) -> str:
    """`glob.quote_meta`: a text as a glob of `glob.match` that nothing else matches."""
    return "".join(f"\\{character}" if character in _META else character for character in string(text, 1))


def _steps(first: list[_Part], second: list[_Part], i: int, j: int, any_text: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield the places that can follow: one glob skips a starred part, or both take a character."""
    if i < len(first) and first[i].flag == "*":
        yield i + 1, j, any_text
    if j < len(second) and second[j].flag == "*":
        yield i, j + 1, any_text
    if i < len(first) and j < len(second) and _meet(first[i].characters, second[j].characters):
        for next_i in (i, i + 1) if first[i].flag else (i + 1,):
            for next_j in (j, j + 1) if second[j].flag else (j + 1,):
                yield next_i, next_j, True


def _meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is _ANY or other is _ANY or not one.isdisjoint(other)


def _parse(glob: str) -> list[_Part]:
    parts: list[_Part] = []
    at = 0
    while at < len(glob):
        characters, at = _characters(glob, at)
        flag = glob[at : at + 1] if glob[at : at + 1] in ("+", "*") else ""
        parts.append(_Part(characters, flag))
        at += len(flag)
    return parts


def _characters(glob: str, at: int) -> tuple[frozenset[str] | None, int]:
    """Return the characters of the part that starts at an offset, and the offset behind it."""
    character = glob[at]
    if character == ".":
        return _ANY, at + 1
    if character == "[":
        return _set(glob, at + 1)
    if character == "]":
        raise _invalid(glob, at + 1, "set-close ']' with no preceding '['")
    if character in "+*":
        raise _invalid(glob, at + 1, f"flag '{character}' must be preceded by a non-flag")
    if character == "\\":
        return _escaped(glob, at)
    return frozenset(character), at + 1


def _escaped(glob: str, at: int) -> tuple[frozenset[str], int]:
    if at + 1 == len(glob):
        raise _invalid(glob, at, "input ends with a \\ (escape) character")
    return frozenset(glob[at + 1]), at + 2


def _set(glob: str, at: int) -> tuple[frozenset[str], int]:
    """Return the members of a set whose bracket is before the offset."""
    members: set[str] = set()
    low = ""
    while glob[at : at + 1] != "]":
        if glob[at : at + 1] == "-":
            high, following = _member(glob, at + 1)
            if not low or low > high or glob[at + 1] in "]-":
                raise _invalid(glob, at + 1, "range character '-' must be between two characters in order")
            members.update(map(chr, range(ord(low), ord(high) + 1)))
            low, at = "", following
        else:
            low, at = _member(glob, at)
            members.add(low)
    return frozenset(members), at + 1


def _member(glob: str, at: int) -> tuple[str, int]:
    """Return the character at an offset of a set, and the offset behind it."""
    if at >= len(glob):
        raise _invalid(glob, at, "found [ without matching ]")
    if glob[at] != "\\":
        return glob[at], at + 1
    characters, at = _escaped(glob, at)
    return next(iter(characters)), at


def _invalid(glob: str, at: int, what: str) -> ValueError:
    return ValueError(f"input:{glob}, pos:{at}, {what}: the input provided is invalid")
