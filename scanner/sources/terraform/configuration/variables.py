"""Input variables: where their values come from, which wins, and what a declaration makes of them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.constants import evaluate_constant
from scanner.sources.terraform.configuration.module import Module, Variable
from scanner.sources.terraform.evaluation import ExpressionError
from scanner.sources.terraform.syntax import SyntaxFault, nodes, parse_expression
from scanner.sources.terraform.values import ValueFault, hide
from scanner.sources.terraform.values.constraints import Constraint, conform, parse_constraint
from scanner.sources.terraform.values.types import ANY, ListType, MapType, Primitive, Type

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.module_instance import ModuleInstance
    from scanner.sources.terraform.configuration.session import Session

_ENVIRONMENT = "TF_VAR_"
_BARE: Final[dict[str, Type]] = {"list": ListType(ANY), "map": MapType(ANY)}
"""Of the types that need an element, those that Terraform still accepts without."""
_AUTO = (".auto.tfvars", ".auto.tfvars.json")


class Given(NamedTuple):
    """A value that somebody gives a variable."""

    value: Any
    file: str = ""
    """Empty where it comes from no file."""
    node: nodes.Attribute | None = None


MISSING: Final = Given(Unknown("no value is given"))
"""Nobody gives one."""


class Inputs(NamedTuple):
    """What a run is given for its root variables, weakest first."""

    environment: Mapping[str, str] | None
    var_files: Sequence[str]
    variables: Mapping[str, str]


def given_values(session: "Session", module: Module, inputs: Inputs) -> dict[str, Given]:
    """Return the values of the root's variables by name, in Terraform's order of precedence."""
    given: dict[str, Given] = {}
    for name, text in sorted((inputs.environment or {}).items()):
        variable = module.variables.get(name.removeprefix(_ENVIRONMENT))
        if name.startswith(_ENVIRONMENT) and variable is not None:
            given[variable.block.labels[0]] = _from_text(session, variable, text, name)
    for path in inputs.var_files:
        session.tree.allow(path)
    for path in (*_beside(session, module), *inputs.var_files):
        given.update(_from_file(session, module, path))
    for name, text in inputs.variables.items():
        if name in module.variables:
            given[name] = _from_text(session, module.variables[name], text, f"--var {name}")
        else:
            session.fault_of_file(module.name, f"cannot set var.{name}: the module has no such variable")
    return given


def _beside(session: "Session", module: Module) -> Iterator[str]:
    """Yield the variable files that are read without being named, weakest first."""
    names = session.tree.files(module.folder)
    wanted: list[str] = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    wanted += [name for name in names if name.endswith(_AUTO)]
    for name in wanted:
        yield os.path.join(module.folder, name)


def _from_file(session: "Session", module: Module, path: str) -> dict[str, Given]:
    file = session.read_var_file(path)
    given: dict[str, Given] = {}
    if file.body is None:
        return given
    for block in file.body.blocks:
        message = f"cannot read block {block.type}: a variable file holds only attributes"
        session.fault(file.name, block, message)
    for name, node in file.body.attributes.items():
        if name not in module.variables:
            session.note(file.name, node, f"var.{name} is set here, but {module.name} has no such variable")
            continue
        try:
            value = evaluate_constant(node.value)
        except ExpressionError as error:
            session.fault(file.name, error.node, f"cannot evaluate var.{name}: {error.message}")
            value = Unknown(f"var.{name} cannot be evaluated: {error.message}", f"var.{name}")
        given[name] = Given(value, file.name, node)
    return given


def _from_text(session: "Session", variable: Variable, text: str, source: str) -> Given:
    """Return the value that text on the command line or in the environment is: an expression, or itself."""
    name = variable.block.labels[0]
    constraint = session.constraint(variable)
    if variable.attribute("type") is None or (isinstance(constraint.type, Primitive) and constraint.type.name != "any"):
        return Given(text)
    node = parse_expression(text)
    try:
        if not isinstance(node, SyntaxFault):
            return Given(evaluate_constant(node))
        message = node.message
    except ExpressionError as error:
        message = error.message
    session.fault_of_file(variable.file, f"cannot read {source}: {message}")
    return Given(Unknown(f"{source} cannot be read: {message}", f"var.{name}"))


def accept(owner: "ModuleInstance", variable: Variable, name: str, given: Given) -> Any:
    """Return the value of a variable: what is given or its default, in its type, hidden if it is sensitive."""
    session = owner.session
    value = given.value
    if given is MISSING or (value is None and not variable.nullable):
        value = session.default(variable)
        if value is MISSING:
            address = owner.full(f"var.{name}")
            return Unknown(f"{address} has no value", address)
    else:
        try:
            value = conform(value, session.constraint(variable))
        except ValueFault as fault:
            address = owner.full(f"var.{name}")
            message = f"the value does not fit its type: {fault}"
            if given.node is not None:
                session.fault(given.file, given.node, f"cannot set var.{name}: {message}")
            else:
                session.fault(variable.file, variable.block, f"cannot set var.{name}: {message}")
            value = Unknown(f"{address} cannot be set: {message}", address)
    return hide(value) if variable.sensitive else value


def default_of(session: "Session", variable: Variable) -> Any:
    """Return the default of a variable in its type, or :data:`MISSING`."""
    written = variable.attribute("default")
    if written is None:
        return MISSING
    name = variable.block.labels[0]
    try:
        value = evaluate_constant(written.value)
        return value if value is None else conform(value, session.constraint(variable))
    except ExpressionError as error:
        message = error.message
    except ValueFault as fault:
        message = f"it does not fit the type: {fault}"
    session.fault(variable.file, written, f"cannot use the default of var.{name}: {message}")
    return Unknown(f"the default of var.{name} cannot be used: {message}", f"var.{name}")


def constraint_of(session: "Session", variable: Variable) -> Constraint:
    """Return what a variable accepts; anything where its type cannot be read."""
    written = variable.attribute("type")
    if written is None:
        return Constraint()
    if isinstance(written.value, nodes.Name) and written.value.name in _BARE:
        return Constraint(_BARE[written.value.name])
    try:
        return parse_constraint(_type_expression(variable.file, written), evaluate_constant)
    except (ValueFault, ExpressionError) as fault:
        name = variable.block.labels[0]
        session.fault(variable.file, written, f"cannot read the type of var.{name}: {fault}")
        return Constraint()


def _type_expression(file: str, written: nodes.Attribute) -> nodes.Expression:
    """Return the type of a variable as an expression: in JSON it is text that holds one."""
    value = written.value
    if not file.endswith(".json") or not isinstance(value, nodes.Literal) or type(value.value) is not str:
        return value
    node = parse_expression(value.value)
    if isinstance(node, SyntaxFault):
        raise ValueFault(node.message)
    return node
