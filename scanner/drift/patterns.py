"""Patterns of attribute paths, as the tables of this folder write them, and a fast way to ask which of them match.

``spec.replicas`` is a path from the root; lists are transparent. ``**.env`` matches wherever a path ends so, ``*``
stands for any one key. ``apps/Deployment:spec.replicas`` holds for one type only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from scanner.model.path import ANY, Path, parse_path

V = TypeVar("V")
Keys = tuple[str, ...]
"""A path without list indexes, in the spelling of the table's side: lower case for Azure."""

_ANYWHERE = "**."


class _Loose(NamedTuple, Generic[V]):
    """A pattern that is no plain path."""

    type: str
    """Empty for all."""
    anywhere: bool
    keys: Keys
    value: V


class Patterns(Generic[V]):
    """Values by pattern; the first that matches counts, those of one type before those of all."""

    def __init__(self, table: Mapping[str, V], *, lower: bool) -> None:
        self._lower = lower
        self._exact: dict[tuple[str, Keys], V] = {}
        self._loose: defaultdict[str, list[_Loose[V]]] = defaultdict(list)
        for text, value in table.items():
            type_, pattern = _typed(text)
            anywhere = pattern.startswith(_ANYWHERE)
            keys = tuple(str(step) for step in parse_path(pattern.removeprefix(_ANYWHERE)))
            if lower:
                type_, keys = type_.lower(), tuple(key.lower() for key in keys)
            if anywhere or ANY in keys:
                self._loose[keys[-1]].append(_Loose(type_, anywhere, keys, value))
            else:
                self._exact[type_, keys] = value

    def find(self, type_: str, keys: Keys, default: V) -> V:
        """Return what is said of ``keys`` in a type (both lower-cased where the table is), else ``default``."""
        for asked in (type_, ""):
            if (asked, keys) in self._exact:
                return self._exact[asked, keys]
        loose: tuple[_Loose[V], ...] = (*self._loose.get(keys[-1], ()), *self._loose.get(ANY, ()))
        for known, anywhere, pattern, value in loose:
            if known in ("", type_) and _matches(pattern, keys, anywhere=anywhere):
                return value
        return default


def _typed(text: str) -> tuple[str, str]:
    """Return (type or nothing, pattern). A colon inside quotes belongs to a key."""
    head, colon, tail = text.partition(":")
    return (head, tail) if colon and "/" in head and '"' not in head else ("", text)


def _matches(pattern: Keys, keys: Keys, *, anywhere: bool) -> bool:
    if len(keys) < len(pattern) or (not anywhere and len(keys) != len(pattern)):
        return False
    tail = keys[len(keys) - len(pattern) :]
    return all(wanted in (ANY, key) for wanted, key in zip(pattern, tail, strict=True))


def keys_of(path: Path, *, lower: bool) -> Keys:
    """Return ``path`` without list indexes."""
    keys = (step for step in path if isinstance(step, str))
    return tuple(key.lower() for key in keys) if lower else tuple(keys)


def as_table(patterns: Iterable[str], value: V) -> dict[str, V]:
    """Return a table that says ``value`` of each pattern."""
    return dict.fromkeys(patterns, value)
