"""Where the value of an attribute was written, and what carried it there.

An ArmObject keeps the :class:`Declared` it came from; places are found when somebody asks, from one index of positions
for each file.
"""

from typing import Any, NamedTuple

from scanner.model.location import Region
from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import find_key
from scanner.sources.arm.instance import ResourceInstance
from scanner.sources.arm.program import (
    Access,
    Array,
    Conditional,
    Entry,
    Expression,
    Literal,
    Object,
    Parameter,
    Program,
    Raw,
    Repeat,
    Spread,
    Variable,
)
from scanner.sources.arm.scope import ProgramScope, find, find_name
from scanner.sources.arm.syntax import parse_expression
from scanner.sources.arm.values import EvaluationError

_MAX_STEPS = 12


class Place(NamedTuple):
    """A stretch of a file."""

    file: str
    """Path as reports print it."""
    region: Region | None
    role: str = ""
    """Its part, in a few words: ``parameter 'tls' is set here``; empty for the deciding place itself."""


class Declared:
    """The declaration an ArmObject came from."""

    __slots__ = ("instance",)

    def __init__(self, instance: ResourceInstance) -> None:
        self.instance = instance

    @property
    def file(self) -> str:
        """The file of the declaration, as reports print it."""
        return self.instance.deployment.program.file

    @property
    def at(self) -> Any:
        """The handle of the declaration; of a template in JSON its path in the file."""
        return self.instance.declaration.at

    @property
    def condition(self) -> str:
        """What it depends on whether it is deployed, where that is not known; else empty."""
        conditions = [self.instance.condition, *(module.condition for module in self.instance.deployment.chain)]
        return next((one.reason for one in conditions if isinstance(one, Unknown)), "")

    @property
    def symbol(self) -> str:
        """Symbolic name with its round; empty where it has none."""
        return self.instance.label if self.instance.declaration.symbol else ""

    @property
    def address(self) -> str:
        """Path of module calls and the symbolic name, or type and name."""
        instance = self.instance
        return "/".join([*(module.label for module in instance.deployment.chain), instance.label])

    def places(self, path: Path) -> tuple[Place, ...]:
        """Return the place of the attribute (or of the declaration), then what carried the value, then the calls."""
        instance = self.instance
        program = instance.deployment.program
        declaration = instance.declaration
        if path[:1] == ("name",) and len(path) == 1:
            handle: Any = declaration.name.at
            expression: Expression | None = declaration.name
        else:
            handle, expression = descend(declaration.body, path, declaration.at)
        found = [Place(program.file, _region(program, handle))]
        scope = instance.frame.scope
        if isinstance(scope, ProgramScope) and expression is not None:
            found += carriers(expression, scope)
        found += self._conditions()
        for module in reversed(instance.deployment.chain):
            caller = module.owner.program
            found.append(Place(caller.file, _region(caller, module.declaration.at), "deployed here"))
        return tuple(dict.fromkeys(found))

    def _conditions(self) -> list[Place]:
        """Return the places of the conditions that nobody knows."""
        found: list[Place] = []
        own, chain = self.instance, self.instance.deployment.chain
        conditional = [(own.condition, own.declaration.condition, own.deployment.program)]
        conditional += [(one.condition, one.declaration.condition, one.owner.program) for one in reversed(chain)]
        for condition, expression, program in conditional:
            if isinstance(condition, Unknown) and expression is not None:
                region = _region(program, expression.at)
                found.append(Place(program.file, region, f"only where this holds: {condition.reason}"))
        return found


def descend(expression: Expression, path: Path, default: Any) -> tuple[Any, Expression | None]:
    """Return the handle of what ``path`` leads to in ``expression``, and the expression that gives its value.

    Where a step is not written, the handle is that of the last one that is.
    """
    handle = expression.at if expression.at is not None else default
    for number, step in enumerate(path):
        if isinstance(expression, Raw):
            return _descend_raw(expression, path[number:])
        entry = _member(expression, step)
        if entry is None:
            return handle, None if isinstance(expression, (Object, Array)) else expression
        below = entry.value if isinstance(entry, (Entry, Spread)) else entry
        handle = entry.at if entry.at is not None else below.at if below.at is not None else handle
        expression = below
    return handle, expression


def _member(expression: Expression, step: str | int) -> Expression | None:
    if isinstance(expression, Object):
        entries = [entry for entry in expression.entries if isinstance(entry, Entry)]
        for entry in reversed(entries):
            key = entry.key.value if isinstance(entry.key, Literal) else None
            if key == step or (isinstance(key, str) and isinstance(step, str) and key.lower() == step.lower()):
                return entry
        return None
    if isinstance(expression, Array) and isinstance(step, int):
        plain = step < len(expression.items) and not any(
            isinstance(one, Spread) for one in expression.items[: step + 1]
        )
        return expression.items[step] if plain else None
    return expression.body if isinstance(expression, Repeat) and isinstance(step, int) else None


def _descend_raw(raw: Raw, path: Path) -> tuple[Any, Expression | None]:
    """Follow ``path`` through JSON; ``copy`` in it stands for the property that it makes."""
    value, at = raw.value, list(raw.at or ())
    copied: tuple[int, Any] | None = None
    for step in path:
        if copied is not None and isinstance(step, int):
            copied = None  # each round of a copy is its input
        elif isinstance(value, dict):
            key = find_key(value, step) if isinstance(step, str) else None
            if key is not None:
                value = value[key]
                at.append(key)
                continue
            copied = _copy_of(value, step)
            if copied is None:
                return tuple(at), None
            index, value = copied
            at += ["copy", index, "input"]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            at.append(step)
        else:
            break
    return tuple(at), Raw(value, tuple(at)) if isinstance(value, str) else None


def _copy_of(value: dict[str, Any], step: str | int) -> tuple[int, Any] | None:
    copies = value.get("copy")
    for index, copy in enumerate(copies if isinstance(copies, list) else ()):
        if isinstance(copy, dict) and str(copy.get("name")).lower() == str(step).lower():
            return index, copy.get("input")
    return None


def carriers(expression: Expression, scope: ProgramScope) -> list[Place]:
    """Return the places of the variables and parameters that carried a value, from the inside out."""
    found: list[Place] = []
    for _ in range(_MAX_STEPS):
        name = _leading_name(expression)
        if isinstance(name, Variable):
            key = find_name(scope.program.variables, name.name)
            if key is None:
                break
            expression = scope.program.variables[key]
            found.append(
                Place(scope.program.file, _region(scope.program, expression.at), f"variable '{key}' is set here")
            )
        elif isinstance(name, Parameter):
            step = _parameter_place(name.name, scope)
            if step is None:
                break
            place, expression, scope = step
            found.append(place)
            if expression is _END:
                break
        else:
            break
    return found


_END = Literal(None)


def _parameter_place(name: str, scope: ProgramScope) -> tuple[Place, Expression, ProgramScope] | None:
    declaration = find(scope.program.parameters, name)
    if declaration is None:
        return None
    role = f"parameter '{declaration.name}' is set here"
    arguments = scope.arguments
    key = declaration.name.lower()
    given = arguments.expressions.get(key)
    if given is not None and arguments.frame is not None:
        outer = arguments.frame.scope
        if isinstance(outer, ProgramScope):
            return Place(outer.program.file, _region(outer.program, given.at), role), given, outer
    supplied = arguments.supplied.get(key)
    if supplied is not None:
        region = supplied.region() if supplied.region is not None else None
        return Place(supplied.file, region, role), _END, scope
    if declaration.default is not None:
        role = f"the default of parameter '{declaration.name}'"
        place = Place(scope.program.file, _region(scope.program, declaration.default.at), role)
        return place, declaration.default, scope
    role = f"parameter '{declaration.name}' is declared here"
    return Place(scope.program.file, _region(scope.program, declaration.at), role), _END, scope


def _leading_name(expression: Expression) -> Expression | None:
    """Return the parameter or variable that an expression is, or starts with."""
    for _ in range(_MAX_STEPS):
        if isinstance(expression, Raw):
            text = expression.value
            if not isinstance(text, str) or text[:1] != "[" or text[1:2] == "[" or text[-1:] != "]":
                return None
            try:
                expression = parse_expression(text[1:-1])
            except EvaluationError:
                return None
        elif isinstance(expression, Access):
            expression = expression.base
        elif isinstance(expression, Conditional):
            return None
        else:
            return expression if isinstance(expression, (Parameter, Variable)) else None
    return None


def _region(program: Program, handle: Any) -> Region | None:
    return program.locate(program, handle) if program.locate is not None and handle is not None else None
