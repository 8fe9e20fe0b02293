"""Comparisons and truth values. ``if``, ``and``, ``or`` and ``coalesce`` evaluate lazily and live in the compiler."""

from collections.abc import Callable
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import Function, kind_of, refuse
from scanner.sources.arm.values import EvaluationError, same, unknown_call


def equals(first: Any, second: Any) -> Any:
    """Whether both are the same value; text with case."""
    result = same(first, second)
    return result if result is not None else unknown_call("equals", (first, second))


def negate(value: Any) -> Any:
    """Return the other truth value."""
    if not isinstance(value, bool):
        refuse("not", "a bool", value)
    return not value


def to_bool(value: Any) -> bool:
    """Return the truth value that a text or number says."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    raise EvaluationError(f"bool() cannot read {kind_of(value)}", by_value=True)


_WORDS: Final = {"true": True, "false": False, "1": True, "0": False}


def _comparison(name: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def call(first: Any, second: Any) -> bool:
        if isinstance(first, str) and isinstance(second, str):
            return compare(first, second)
        for value in (first, second):
            if isinstance(value, (bool, str, list, dict)) or value is None:
                refuse(name, "two ints or two strings", value)
        return compare(first, second)

    return call


def true() -> bool:
    """Return true."""
    return True


def false() -> bool:
    """Return false."""
    return False


def null() -> None:
    """Return null."""
    return


def any_(value: Any) -> Any:
    """Return the value, whatever its type."""
    return value


def fail(message: Any = "") -> Any:
    """Return what is not known since the deployment ends here."""
    text = "a value that is not known" if isinstance(message, Unknown) else str(message)[:200]
    raise EvaluationError(f"fail(): {text}", by_value=True)


TABLE: Final = {
    "any": Function(any_, 1, 1, lenient=True),
    "bool": Function(to_bool, 1, 1),
    "equals": Function(equals, 2, 2, lenient=True),
    "fail": Function(fail, 0, 1, lenient=True),
    "false": Function(false, 0, 0),
    "greater": Function(_comparison("greater", lambda first, second: first > second), 2, 2),
    "greaterorequals": Function(_comparison("greaterOrEquals", lambda first, second: first >= second), 2, 2),
    "less": Function(_comparison("less", lambda first, second: first < second), 2, 2),
    "lessorequals": Function(_comparison("lessOrEquals", lambda first, second: first <= second), 2, 2),
    "not": Function(negate, 1, 1),
    "null": Function(null, 0, 0),
    "true": Function(true, 0, 0),
}
