"""What the names of a program mean: parameters, variables and user functions, each evaluated once and on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from scanner.model.unknown import Unknown
from scanner.sources.arm.closures import closure_of, evaluate
from scanner.sources.arm.frame import Frame
from scanner.sources.arm.program import (
    Expression,
    FunctionDeclaration,
    ParameterDeclaration,
    Program,
    Supplied,
)
from scanner.sources.arm.run import Run
from scanner.sources.arm.targets import Target
from scanner.sources.arm.values import Budget, EvaluationError, Masked, Token, braced

_Declared = TypeVar("_Declared")


class Symbols(Protocol):
    """The resources and modules of a deployment, for expressions that name them."""

    def symbol(self, name: str, frame: Frame) -> Any:
        """Return the resource or module of that symbolic name."""

    def find(self, text: str, frame: Frame) -> Any:
        """Return the resource or module with that symbolic name, name or id; None where there is none."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """Parameter values that a program is given."""

    expressions: Mapping[str, Expression]
    """Evaluated in ``frame``."""
    supplied: Mapping[str, Supplied]
    references: frozenset[str] = frozenset()
    """Parameters whose value is in a key vault."""
    frame: Frame | None = None


class ProgramScope:
    """The names of one program in one deployment."""

    __slots__ = (
        "_pending",
        "arguments",
        "budget",
        "deployment_name",
        "known_parameters",
        "known_variables",
        "program",
        "run",
        "symbols",
        "target",
    )

    def __init__(self, program: Program, run: Run, target: Target, name: Any, arguments: Arguments) -> None:
        self.program = program
        self.run = run
        self.target = target
        self.deployment_name = name
        self.budget: Budget = run.budget
        self.known_parameters: dict[str, Any] = {}
        self.known_variables: dict[str, Any] = {}
        self.symbols: Symbols | None = None
        """Set by the deployment as soon as it exists."""
        self.arguments = arguments
        self._pending: list[str] = []

    @property
    def frame(self) -> Frame:
        """The frame of what is not in a loop."""
        return Frame(self, _NOTHING, _NOTHING)

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter, given or by default; a Token where it has none."""
        declaration = find(self.program.parameters, name)
        if declaration is None:
            raise EvaluationError(f"there is no parameter '{name[:80]}'")
        if declaration.name in self.known_parameters:
            value = self.known_parameters[declaration.name]
        else:
            with _Pending(self, f"parameter '{declaration.name}'"):
                value = self._weighed(self._parameter(declaration), declaration.at)
            self.known_parameters[declaration.name] = value
        self.known_parameters[name] = value
        return value

    def _parameter(self, declaration: ParameterDeclaration) -> Any:
        value = self._given(declaration)
        if value is _ABSENT or (value is None and declaration.default is not None):
            value = self._default(declaration)
        if declaration.secure and not isinstance(value, Masked) and (value or isinstance(value, Unknown)):
            return masked(declaration.name)
        return mask_members(value, declaration.shape, declaration.name)

    def _given(self, declaration: ParameterDeclaration) -> Any:
        """Return the value from outside; :data:`_ABSENT` where there is none."""
        arguments = self.arguments
        key = declaration.name.lower()
        if key in arguments.references:
            return masked(declaration.name)
        expression = arguments.expressions.get(key)
        if expression is not None:
            assert arguments.frame is not None
            return evaluate(expression, arguments.frame)
        if key in arguments.supplied:
            value = arguments.supplied[key].value
            return value if not isinstance(value, Unknown) or isinstance(value, Token) else token_of(value)
        return _ABSENT

    def _default(self, declaration: ParameterDeclaration) -> Any:
        name = declaration.name
        if declaration.default is not None:
            value = evaluate(declaration.default, self.frame)
            is_new = isinstance(value, Token) and value.origin in _NEW_EACH_TIME
            return value.derived(braced(f"parameters.{name}")) if is_new else value
        if declaration.nullable:
            return None
        if declaration.allowed is not None and len(declaration.allowed) == 1:
            return declaration.allowed[0]
        self.run.without_value(self.program, declaration)
        return Token(braced(f"parameters.{name}"), f"parameter '{name}' has no value", f"parameters('{name}')")

    def variable(self, name: str) -> Any:
        """Return the value of a variable."""
        found = name if name in self.program.variables else find_name(self.program.variables, name)
        if found is None:
            raise EvaluationError(f"there is no variable '{name[:80]}'")
        if found in self.known_variables:
            value = self.known_variables[found]
        else:
            with _Pending(self, f"variable '{found}'"):
                expression = self.program.variables[found]
                value = self._weighed(evaluate(expression, self.frame), expression.at)
            self.known_variables[found] = value
        self.known_variables[name] = value
        return value

    def _weighed(self, value: Any, place: Any) -> Any:
        """Return ``value``, or what stands for it where it is too large."""
        try:
            self.budget.weigh(value)
        except EvaluationError as fault:
            return self.faulted(fault, place)
        return value

    def symbol(self, name: str, frame: Frame) -> Any:
        """Return the resource or module of that symbolic name."""
        assert self.symbols is not None
        return self.symbols.symbol(name, frame)

    def find(self, text: str, frame: Frame) -> Any:
        """Return the resource or module with that symbolic name, name or id; None where there is none."""
        assert self.symbols is not None
        return self.symbols.find(text, frame)

    def invoke(self, name: str, values: list[Any]) -> Any:
        """Return what a user function returns."""
        declaration = find(self.program.functions, name)
        if declaration is None:
            raise EvaluationError(f"there is no function '{name[:80]}'")
        with _Pending(self, f"function '{name}'"):
            scope = FunctionScope(self, declaration, values)
            value = closure_of(declaration.body)(Frame(scope, {}, {}))
            self.budget.weigh(value)
            return value

    def release(self) -> None:
        """Forget all values."""
        self.symbols = None
        self.known_parameters.clear()
        self.known_variables.clear()

    def faulted(self, fault: EvaluationError, place: Any) -> Token:
        """Note ``fault`` and return what stands for the value."""
        return self.run.faulted(fault, self.program, place)

    def enter(self, what: str) -> None:
        """Note that the value of ``what`` is being computed. Raises where it already is, or too much is."""
        if what in self._pending:
            circle = [*self._pending[self._pending.index(what) :], what]
            raise EvaluationError(f"the {what} is defined by itself: {' → '.join(circle[:12])}")
        self.run.enter()
        self._pending.append(what)

    def leave(self) -> None:
        """Note that the last one is computed."""
        self._pending.pop()
        self.run.leave()


_ABSENT: Final = object()
_NOTHING: Final[Mapping[str, Any]] = {}
_CALL_COST: Final = 250
_NEW_EACH_TIME: Final = frozenset({"newGuid()", "utcNow()"})


class _Pending:
    """Around the computation of a value."""

    __slots__ = ("_scope", "_what")

    def __init__(self, scope: ProgramScope, what: str) -> None:
        self._scope = scope
        self._what = what

    def __enter__(self) -> None:
        self._scope.enter(self._what)

    def __exit__(self, *error: object) -> None:
        self._scope.leave()


class FunctionScope:
    """The names inside of a user function: its own parameters, and what the program has."""

    __slots__ = ("_outer", "_parameters", "budget", "known_parameters", "known_variables")

    def __init__(self, outer: ProgramScope, declaration: FunctionDeclaration, values: list[Any]) -> None:
        self._outer = outer
        self._parameters = declaration.parameters
        self.budget = outer.budget
        self.known_variables = outer.known_variables
        count = len(declaration.parameters)
        if len(values) != count:
            name = f"{declaration.namespace}.{declaration.name}".strip(".")
            raise EvaluationError(f"{name}() takes {count} argument{'' if count == 1 else 's'}, not {len(values)}")
        self.budget.spend(_CALL_COST)
        for value in values:
            self.budget.weigh(value)
        names = [parameter.name for parameter in declaration.parameters]
        self.known_parameters = dict(zip(names, values, strict=True))

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter of the function."""
        found = find_name(self.known_parameters, name)
        if found is None:
            raise EvaluationError(f"the function has no parameter '{name[:80]}'")
        return self.known_parameters[found]

    def __getattr__(self, name: str) -> Any:
        """Take everything else from the program."""
        return getattr(self._outer, name)


def find(declarations: Mapping[str, _Declared], name: str) -> _Declared | None:
    """Return what is declared under ``name``; where nothing is, under a name that differs in case."""
    found = declarations.get(name)
    if found is None:
        other = find_name(declarations, name)
        return None if other is None else declarations[other]
    return found


def find_name(declarations: Mapping[str, Any], name: str) -> str | None:
    """Return the name in ``declarations`` that ``name`` means."""
    if name in declarations:
        return name
    lowered = name.lower()
    return next((other for other in declarations if other.lower() == lowered), None)


def masked(name: str) -> Masked:
    """Return what stands for the value of a secure parameter."""
    return Masked(braced(f"parameters.{name}"), f"parameter '{name}' is secure", f"parameters('{name}')")


def mask_members(value: Any, shape: Mapping[str, Any] | None, name: str) -> Any:
    """Return ``value`` without the members that its type says are secure."""
    if shape is None or not isinstance(value, (dict, list)):
        return value
    kind = str(shape.get("type", "")).lower()
    if kind in ("securestring", "secureobject"):
        return masked(name)
    if isinstance(value, list):
        items = shape.get("items")
        return [mask_members(item, items, name) for item in value] if isinstance(items, dict) else value
    properties = shape.get("properties")
    if not isinstance(properties, dict):
        return value
    result = dict(value)
    for key, below in properties.items():
        if key in result and isinstance(below, dict) and result[key] is not None:
            secure = str(below.get("type", "")).lower() in ("securestring", "secureobject")
            result[key] = masked(f"{name}.{key}") if secure else mask_members(result[key], below, f"{name}.{key}")
    return result


def token_of(unknown: Unknown) -> Token:
    """Return the Token for a value that is not known from outside."""
    return Token(braced(unknown.origin or unknown.reason), unknown.reason, unknown.origin)
