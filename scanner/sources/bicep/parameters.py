"""A ``.bicepparam`` file: its values, and which template they are for.

Its statements are lowered to a program of variables, so that the evaluator that knows templates knows them too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from scanner.model.location import Region
from scanner.sources.arm import program as arm
from scanner.sources.arm.deployment import Deployment
from scanner.sources.arm.parameters import ParametersFile as ArmParametersFile
from scanner.sources.arm.run import Problem, Run
from scanner.sources.arm.scope import Arguments
from scanner.sources.arm.targets import Target
from scanner.sources.bicep.expressions import OWN_FUNCTIONS, ExpressionLowering
from scanner.sources.bicep.files import PARAMETERS, BicepFile, Tree
from scanner.sources.bicep.functions import DECORATORS
from scanner.sources.bicep.names import Declared
from scanner.sources.bicep.scopes import Owner, locate, lower_function
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.types import decorator_call, misfit
from scanner.sources.bicep.workspace import Workspace
from scanner.sources.files import Unreadable

_MAX_EXTENDS = 10


class ParametersFile(NamedTuple):
    """What a parameters file says."""

    template: tuple[Tree, str] | None
    """The file its values are for; None for ``using none``, or where that file is not there."""
    values: Mapping[str, arm.Supplied]
    problems: tuple[Problem, ...]
    """What could not be evaluated."""
    programs: tuple[arm.Program, ...]
    """What the file and those it extends were lowered to, with their faults."""


def _check_values(template: arm.Program, values: Mapping[str, arm.Supplied], program: arm.Program) -> None:
    """Complain about values that ``template`` does not want, or not like this, and about those it needs."""
    for name, output in program.outputs.items():
        declaration = template.parameters.get(name)
        if declaration is None:
            program.faults.append((f"'{template.file}' has no parameter '{name}'", output.at))
            continue
        message = misfit(values[name].value, declaration.shape or {})
        if message:
            program.faults.append((f"the value of '{name}' {message}", output.at))
    missing = [
        name
        for name, declaration in template.parameters.items()
        if name not in values and declaration.default is None and declaration.type and not declaration.nullable
    ]
    if missing:
        shown = ", ".join(missing[:5])
        program.faults.append((f"'{template.file}' needs a value for {shown}", None))


def find_template(file: BicepFile) -> str | None:
    """Return the path that ``using`` names, as it is written; None for ``using none`` and where there is none."""
    for statement in file.syntax.statements:
        if isinstance(statement, nodes.Using) and isinstance(statement.path, nodes.Literal):
            return str(statement.path.value)
    return None


def read_parameters(file: BicepFile, workspace: Workspace, target: Target | None = None) -> ParametersFile:
    """Evaluate a ``.bicepparam`` file; what it extends comes first, and what it says itself goes before that."""
    values: dict[str, arm.Supplied] = {}
    problems: list[Problem] = []
    programs: list[arm.Program] = []
    chain = _chain(file, workspace, programs)
    for one in chain:
        program = lower_parameters(one, workspace, values)
        programs.append(program)
        run = Run()
        deployment = Deployment(program, run, target or Target(), "", Arguments({}, {}))
        for name, output in program.outputs.items():
            region = partial(_region, program, output.at)
            values[name] = arm.Supplied(deployment.output(name), program.file, region)
        problems.extend(run.problems.values())
    reference = next((found for one in reversed(chain) if (found := find_template(one)) is not None), None)
    located = workspace.locate(file, reference) if reference is not None else None
    template = located if isinstance(located, tuple) else None
    if isinstance(located, arm.Missing):
        programs[-1].faults.append((located.reason, None))
    elif template is not None and template[1].endswith(".bicep"):
        called = workspace.program(*template)
        if isinstance(called, arm.Program):
            _check_values(called, values, programs[-1])
    return ParametersFile(template, values, tuple(problems), tuple(programs))


def read_json_parameters(tree: Tree, path: str) -> ArmParametersFile | str:
    """Return a parameters file of ARM, or why it cannot be read."""
    from scanner.documents import Limits
    from scanner.documents import Problem as DocumentProblem
    from scanner.sources.arm.file import PARAMETERS as KIND
    from scanner.sources.arm.file import kind_of, read_file
    from scanner.sources.arm.parameters import read_parameters as read_arm_parameters

    shown = tree.display(path)
    data = tree.read(path)
    if isinstance(data, Unreadable):
        return data.reason
    file = read_file(data, shown, Limits())
    if isinstance(file, DocumentProblem):
        return f"cannot read the parameters: {file.reason}"
    return read_arm_parameters(file) if kind_of(file.value)[0] == KIND else "it is no parameters file"


def _region(program: arm.Program, at: arm.Handle) -> Region | None:
    return program.locate(program, at) if program.locate is not None else None


def _chain(file: BicepFile, workspace: Workspace, programs: list[arm.Program]) -> list[BicepFile]:
    """Return ``file`` and those it extends, the furthest first."""
    chain = [file]
    while len(chain) <= _MAX_EXTENDS:
        extends = next((one for one in chain[0].syntax.statements if isinstance(one, nodes.Extends)), None)
        if extends is None:
            return chain
        found: object = "the path is interpolated"
        if isinstance(extends.path, nodes.Literal):
            located = workspace.locate(chain[0], str(extends.path.value))
            found = workspace.open(*located) if isinstance(located, tuple) else located.reason
        if isinstance(found, BicepFile) and found.path.endswith(PARAMETERS) and found not in chain:
            chain.insert(0, found)
            continue
        reason = found.reason if isinstance(found, Unreadable) else found
        reason = reason if isinstance(reason, str) else "it is no other .bicepparam file"
        faults = [(f"cannot read what is extended: {reason}", (extends.start, extends.end))]
        programs.append(_empty(chain[0], faults))
        return chain
    return chain


def _empty(file: BicepFile, faults: list[tuple[str, arm.Handle]]) -> arm.Program:
    return arm.Program(file.shown, source=file.source, locate=locate, faults=faults)


def lower_parameters(
    file: BicepFile, workspace: Workspace, inherited: Mapping[str, arm.Supplied] | None = None
) -> arm.Program:
    """Return a program whose outputs are the values that ``file`` gives to parameters.

    ``inherited`` are those of the file it extends; it knows them as members of ``base``.
    """
    owner = Owner(file, workspace)
    names = dict(owner.own.names)
    for statement in file.syntax.statements:
        if isinstance(statement, nodes.Assignment) and statement.keyword == "param":
            names.setdefault(statement.name.name, Declared("var", statement.name.name, statement))
    owner.own.names = names
    program = owner.program
    extends = next((one for one in file.syntax.statements if isinstance(one, nodes.Extends)), None)
    if extends is not None and "base" not in names:
        names["base"] = Declared("var", "base", extends)
        program.variables["base"] = arm.Object(
            tuple(arm.Entry(arm.Literal(name), _known(one.value)) for name, one in (inherited or {}).items())
        )
    program.faults += [(found.reason, (found.offset, found.offset + 1)) for found in file.syntax.complaints]
    lowering = ExpressionLowering(owner.own)
    for statement in file.syntax.statements:
        lower = _STATEMENTS.get(type(statement))
        if lower is not None:
            lower(owner, lowering, statement)
        _check_decorators(owner, statement)
    owner.fetch()
    return program


def _known(value: Any) -> arm.Expression:
    """Return an expression with that value, which may hold Unknowns."""
    return arm.Access(arm.Literal({"": value}), arm.Literal(""))


def _variable(owner: Owner, lowering: ExpressionLowering, node: nodes.Var) -> None:
    owner.program.variables[node.name.name] = lowering.value(node.value, loops=isinstance(node.value, nodes.For))


def _function(owner: Owner, lowering: ExpressionLowering, node: nodes.Func) -> None:
    owner.program.functions[f"{OWN_FUNCTIONS}.{node.name.name}"] = lower_function(owner.own, node)


def _value(owner: Owner, lowering: ExpressionLowering, node: nodes.Assignment) -> None:
    if node.keyword != "param":
        return
    name = node.name.name
    value = lowering.value(node.value, loops=isinstance(node.value, nodes.For))
    owner.program.variables[name] = value
    owner.program.outputs[name] = arm.OutputDeclaration(name, arm.Variable(name), at=(node.start, node.end))


def _check_decorators(owner: Owner, statement: nodes.Statement) -> None:
    for decorator in statement.decorators:
        if decorator_call(decorator)[0] not in DECORATORS:
            owner.own.complain(f"'{decorator_call(decorator)[0]}' is not a decorator", decorator)


_STATEMENTS: Mapping[type[nodes.Node], Callable[[Owner, ExpressionLowering, nodes.Node], None]] = {
    nodes.Var: _variable,  # type: ignore[dict-item]  # each takes the node it is listed for
    nodes.Func: _function,  # type: ignore[dict-item]
    nodes.Assignment: _value,  # type: ignore[dict-item]
}
