"""Where an expression is evaluated: what names mean there, and what loops and lambdas bind."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from scanner.sources.arm.values import Budget, EvaluationError, Token

Closure: TypeAlias = Callable[["Frame"], Any]


class Scope(Protocol):
    """What names mean where an expression stands."""

    budget: Budget
    known_parameters: dict[str, Any]
    """Values of parameters that were asked for before, by the name they were asked for by."""
    known_variables: dict[str, Any]

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter."""

    def variable(self, name: str) -> Any:
        """Return the value of a variable."""

    def symbol(self, name: str, frame: "Frame") -> Any:
        """Return the resource or module of that symbolic name."""

    def invoke(self, name: str, values: list[Any]) -> Any:
        """Return what the user function ``namespace.name`` returns."""

    def faulted(self, fault: EvaluationError, place: Any) -> Token:
        """Note ``fault`` and return what stands for the value; ``place`` is a handle, or the text of the expression."""


class Frame:
    """Where an expression is evaluated: its scope, and what loops and lambdas bind."""

    __slots__ = ("locals", "loops", "scope")

    def __init__(self, scope: Any, loops: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        self.scope = scope
        self.loops = loops
        """Rounds by lower-case name of the loop; the innermost also by the empty name."""
        self.locals = names

    def bind(self, names: Mapping[str, Any]) -> "Frame":
        """Return a frame that knows these Locals too."""
        return Frame(self.scope, self.loops, {**self.locals, **names})


def constant(value: Any) -> Closure:
    """Return the closure of a value that is known now."""
    return lambda frame: value


def refusal(message: str, *, by_value: bool) -> Closure:
    """Return the closure of what can never be evaluated."""

    def refuse(frame: Frame) -> Any:
        raise EvaluationError(message, by_value=by_value)

    return refuse
