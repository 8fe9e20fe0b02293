"""What a function of the language is to the evaluator, and what all of them check."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, NoReturn

from scanner.sources.arm.values import MAX_TEXT, EvaluationError

MAX_ITEMS: Final = 100_000
"""Members of one array."""


class Function(NamedTuple):
    """A function without side effects."""

    call: Callable[..., Any]
    """Takes JSON values, and a callable for a lambda; raises :class:`EvaluationError`."""
    least: int
    """Arguments it needs."""
    most: int | None
    """Arguments it takes; None for any number."""
    lenient: bool = False
    """Whether it is asked where an argument is not known; else the result is not known either."""
    deep: bool = False
    """Whether something unknown at any depth of an argument makes the result unknown."""


def refuse(name: str, wanted: str, value: Any) -> NoReturn:
    """Raise the fault of an argument of the wrong type."""
    raise EvaluationError(f"{name}() wants {wanted}, not {kind_of(value)}", by_value=True)


def kind_of(value: Any) -> str:
    """Return the type of a value in the words of the language, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a bool"
    if isinstance(value, int):
        return "an int"
    if isinstance(value, float):
        return "a number"
    return "a string" if isinstance(value, str) else "an array" if isinstance(value, list) else "an object"


def want_text(name: str, value: Any) -> str:
    """Return ``value``, which must be a string."""
    if not isinstance(value, str):
        refuse(name, "a string", value)
    return value


def want_int(name: str, value: Any) -> int:
    """Return ``value``, which must be a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(name, "an int", value)
    return value


def want_list(name: str, value: Any) -> list[Any]:
    """Return ``value``, which must be an array."""
    if not isinstance(value, list):
        refuse(name, "an array", value)
    return value


def want_dict(name: str, value: Any) -> dict[str, Any]:
    """Return ``value``, which must be an object."""
    if not isinstance(value, dict):
        refuse(name, "an object", value)
    return value


def find_key(value: dict[str, Any], key: str) -> str | None:
    """Return the key of ``value`` that ``key`` means: keys compare without case, the exact one goes first."""
    if key in value:
        return key
    lowered = key.lower()
    return next((name for name in value if name.lower() == lowered), None)


def bounded_text(text: str) -> str:
    """Return ``text``, which must not be too long."""
    if len(text) > MAX_TEXT:
        raise too_long()
    return text


def too_long() -> EvaluationError:
    """Return the fault of a text that is longer than :data:`MAX_TEXT`."""
    return EvaluationError(f"a text becomes longer than {MAX_TEXT} characters")


def bounded_list(items: list[Any]) -> list[Any]:
    """Return ``items``, which must not be too many."""
    if len(items) > MAX_ITEMS:
        raise EvaluationError(f"an array becomes longer than {MAX_ITEMS} members")
    return items
