"""Expressions that may refer to nothing: defaults, values in variable files, settings."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from scanner.sources.terraform.evaluation import (
    ABSENT,
    FIRST_FREE,
    Budget,
    Compiled,
    ExpressionError,
    ModuleCalls,
    compile_expression,
)
from scanner.sources.terraform.syntax import nodes

_NONE: Final[Mapping[str, Any]] = {}
_ELEMENTS: Final = 100_000


class _Nothing:
    """The named objects of nowhere."""

    def __init__(self, context: Any) -> None:
        self.variables = _NONE
        self.locals = _NONE
        self.resources = _NONE
        self.calls: Mapping[str, ModuleCalls] = _NONE
        self.paths = _NONE
        self.terraform = _NONE
        self.budget = Budget(_ELEMENTS)
        self.context = context


def evaluate_constant(node: nodes.Expression) -> Any:
    """Return the value of ``node``; raises ExpressionError where it refers to anything or cannot be evaluated."""
    return evaluate_with(compile_with(node, ()), {}, None)


class Template(NamedTuple):
    """An expression that may use some variables by their bare names, compiled."""

    compiled: Compiled
    names: tuple[str, ...]


def compile_with(node: nodes.Expression, names: tuple[str, ...]) -> Template:
    """Return ``node`` compiled; raises ExpressionError where it refers to anything else than ``names``."""
    bound = {name: FIRST_FREE + index for index, name in enumerate(names)}
    compiled = compile_expression(node, bound, FIRST_FREE + len(bound))
    if compiled.references:
        kind, name, _ = compiled.references[0]
        written = name if kind == "resource" else f"{kind}.{name}"
        raise ExpressionError(f"it must not refer to {written}", node)
    return Template(compiled, names)


def evaluate_with(template: Template, variables: Mapping[str, Any], context: Any) -> Any:
    """Return the value of ``template`` with values for its names; raises ExpressionError."""
    frame: list[Any] = [_Nothing(context), ABSENT, ABSENT, ABSENT, ABSENT]
    frame += [variables[name] for name in template.names]
    frame += [None] * (template.compiled.size - len(frame))
    return template.compiled.evaluate(frame)
