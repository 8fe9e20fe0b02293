"""Writing values into ARM-shaped bodies: paths, target types, and what a value becomes on the way.

Every function here is made once per row of the map and called once per instance, so they are closures over what is
fixed: this is where the time of a translation goes.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeAlias

from scanner.canonical.functions import FUNCTIONS
from scanner.canonical.templates import Resolve
from scanner.model.unknown import Unknown

Put: TypeAlias = Callable[[dict[str, Any], Any], None]
"""Writes a value at a fixed path of a body, unless something stands there."""
Step: TypeAlias = Callable[[Any], Any]
_SCALARS = frozenset((str, int, bool, float))


def setter(path: tuple[str, ...]) -> Put:
    """Return what writes at ``path``: objects on the way are made, nothing is written over."""
    head, last = path[:-1], path[-1]

    if not head:

        def put_here(base: dict[str, Any], value: Any) -> None:
            if last not in base:
                base[last] = value

        return put_here

    def put(base: dict[str, Any], value: Any) -> None:
        for step in head:
            below = base.get(step)
            if below is None:
                below = base[step] = {}
            elif below.__class__ is not dict:
                return
            base = below
        if last not in base:
            base[last] = value

    return put


def ensure(base: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the object at ``path``, made where it is absent; None where something else stands there."""
    for step in path:
        below = base.get(step)
        if below is None:
            below = base[step] = {}
        elif below.__class__ is not dict:
            return None
        base = below
    return base


def settled(value: Any, resolve: Resolve) -> Any:
    """Return ``value`` with its references replaced by what they mean; shares what holds none."""
    cls = value.__class__
    if cls in _SCALARS or value is None:
        return value
    if cls is list:
        for item in value:
            if item.__class__ not in _SCALARS:
                return [settled(item, resolve) for item in value]
        return value
    if isinstance(value, Unknown):
        return resolve(value)
    if isinstance(value, Mapping):
        for item in value.values():
            if item.__class__ not in _SCALARS:
                return {key: settled(item, resolve) for key, item in value.items()}
    return value


def fresh(value: Any) -> Any:
    """Return a copy of a constant of the map, so that no two bodies share it."""
    if value.__class__ is dict:
        return {key: fresh(item) for key, item in value.items()}
    if value.__class__ is list:
        return [fresh(item) for item in value]
    return value


def _boolean(value: Any) -> Any:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _string(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return value


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for kind in (int, float):
        try:
            number = kind(value)
        except ValueError:
            continue
        return number if isinstance(number, int) or isfinite(number) else value
    return value


def _integer(value: Any) -> Any:
    number = _number(value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


TYPES: Mapping[str, Step] = {"boolean": _boolean, "string": _string, "integer": _integer, "number": _number}
"""Target type → what makes a value of it; what cannot be one stays as it is."""


def _each_of(step: Step) -> Step:
    """Apply ``step`` to a value, or to every element of a list."""

    def apply(value: Any) -> Any:
        if value.__class__ is list:
            return [item if isinstance(item, Unknown) else step(item) for item in value]
        return step(value)

    return apply


def _words(false: Any, true: Any) -> Step:
    def choose(value: Any) -> Any:
        value = _boolean(value)
        return true if value is True else false if value is False else value

    return choose


def _inverted(value: Any) -> Any:
    value = _boolean(value)
    return not value if isinstance(value, bool) else value


def _enum(words: Mapping[str, Any]) -> Step:
    def choose(value: Any) -> Any:
        return words.get(_string(value), value) if value.__class__ in _SCALARS else value

    return choose


def _substitute(template: Any, value: Any) -> Any:
    if template == "$":
        return value
    if isinstance(template, dict):
        return {key: _substitute(item, value) for key, item in template.items()}
    if isinstance(template, list):
        return [_substitute(item, value) for item in template]
    return template


def _elements(template: Any) -> Step:
    def wrap(value: Any) -> Any:
        return [_substitute(template, item) for item in value] if value.__class__ is list else value

    return wrap


def steps_of(row: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return what a row does to a known value, in the order the README of the map gives."""
    steps: list[Step] = []
    if "fn" in row:
        steps.append(FUNCTIONS[row["fn"]])
    if row.get("invert"):
        steps.append(_each_of(_inverted))
    if "bool_enum" in row:
        steps.append(_words(*row["bool_enum"]))
    if "enum" in row:
        steps.append(_each_of(_enum(row["enum"])))
    if "type" in row:
        steps.append(_each_of(TYPES[row["type"]]))
    if "each" in row:
        steps.append(_elements(row["each"]))
    return tuple(steps)
