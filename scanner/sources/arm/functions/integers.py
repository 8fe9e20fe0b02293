"""Functions of numbers: 64-bit integers, as the service has them; division cuts towards zero."""

import re
from collections.abc import Callable
from typing import Any, Final

from scanner.sources.arm.functions.function import Function, refuse, want_int, want_list
from scanner.sources.arm.values import EvaluationError, first_unknown, unknown_call

_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]{1,40}\s*\Z")


def _checked(name: str, value: int) -> int:
    if not _LOWEST <= value <= _HIGHEST:
        raise EvaluationError(f"{name}() gives a number that does not fit into 64 bits", by_value=True)
    return value


def _operator(name: str, operate: Callable[[int, int], int]) -> Callable[[Any, Any], int]:
    def call(first: Any, second: Any) -> int:
        return _checked(name, operate(want_int(name, first), want_int(name, second)))

    return call


def _divide(first: int, second: int) -> int:
    if second == 0:
        raise EvaluationError("div() divides by zero", by_value=True)
    quotient = abs(first) // abs(second)
    return quotient if (first < 0) is (second < 0) else -quotient


def _modulo(first: int, second: int) -> int:
    if second == 0:
        raise EvaluationError("mod() divides by zero", by_value=True)
    return first - second * _divide(first, second)


def _extreme(name: str, choose: Callable[[list[int]], int]) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        items = want_list(name, values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)
        if first_unknown(items):
            return unknown_call(name, values)
        numbers = [want_int(name, item) for item in items]
        if not numbers:
            raise EvaluationError(f"{name}() wants at least one number", by_value=True)
        return choose(numbers)

    return call


def to_int(value: Any) -> int:
    """Return the whole number that a text or number says."""
    if isinstance(value, str):
        if not _WHOLE.match(value):
            raise EvaluationError(f"int() cannot read '{value[:40]}'", by_value=True)
        return _checked("int", int(value))
    if isinstance(value, float):
        return _checked("int", int(value))
    return want_int("int", value)


def to_float(value: Any) -> float:
    """Return the number that a text or number says."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise EvaluationError(f"float() cannot read '{value[:40]}'", by_value=True) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        refuse("float", "a number or a string", value)
    return float(value)


TABLE: Final = {
    "add": Function(_operator("add", lambda first, second: first + second), 2, 2),
    "div": Function(_operator("div", _divide), 2, 2),
    "float": Function(to_float, 1, 1),
    "int": Function(to_int, 1, 1),
    "max": Function(_extreme("max", max), 1, None),
    "min": Function(_extreme("min", min), 1, None),
    "mod": Function(_operator("mod", _modulo), 2, 2),
    "mul": Function(_operator("mul", lambda first, second: first * second), 2, 2),
    "sub": Function(_operator("sub", lambda first, second: first - second), 2, 2),
}
