"""Modules that are called wrongly: files that are not there, scopes of another kind, parameters that do not match."""

from __future__ import annotations

from scanner.sources.arm.program import Missing
from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.functions import SCOPES, TYPES
from scanner.sources.bicep.modules import is_remote
from scanner.sources.bicep.names import Complain, fields_of
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.types import constant
from scanner.sources.bicep.workspace import Workspace


def check_module(file: BicepFile, node: nodes.Module, workspace: Workspace, complain: Complain) -> None:
    """Complain about the call of a module."""
    if node.keyword != "module" or not isinstance(node.path, nodes.Literal):
        return
    reference = str(node.path.value)
    if is_remote(reference):
        return
    found = workspace.locate(file, reference)
    if isinstance(found, Missing):
        complain(found.reason, node.path)
        return
    if found == (file.tree, file.path):
        complain("the module calls itself", node.path)
        return
    if not found[1].endswith(".bicep"):
        return
    called = workspace.open(*found)
    if not isinstance(called, BicepFile):
        return
    fields = fields_of(node)
    _check_scope(called, fields.get("scope"), complain)
    if "params" not in fields or isinstance(fields["params"], nodes.Object):
        _check_params(called, node, fields.get("params"), complain)


def _check_scope(called: BicepFile, scope: nodes.Expression | None, complain: Complain) -> None:
    """Complain about a scope that is of another kind than the file that is called wants."""
    wanted = scope_of(called)
    name = scope.name.name if isinstance(scope, nodes.Call) else ""
    if scope is not None and name in SCOPES and name != wanted:
        complain(f"the scope is {name}(), and '{called.path}' has targetScope '{wanted}'", scope)


def scope_of(file: BicepFile) -> str:
    """Return the ``targetScope`` of a file."""
    for statement in file.syntax.statements:
        if isinstance(statement, nodes.TargetScope):
            value = constant(statement.value)
            return value if isinstance(value, str) else ""
    return "resourceGroup"


def _check_params(called: BicepFile, node: nodes.Module, params: nodes.Node | None, complain: Complain) -> None:
    given = {}
    if isinstance(params, nodes.Object):
        for item in params.properties:
            if isinstance(item, nodes.Spread):
                return
            given[item.key] = item
    declared = {
        statement.name.name: statement for statement in called.syntax.statements if isinstance(statement, nodes.Param)
    }
    for key, item in given.items():
        if key not in declared and not called.syntax.complaints:
            complain(f"'{called.path}' has no parameter '{key}'", item)
    missing = [name for name, param in declared.items() if name not in given and is_required(param, called)]
    if missing:
        complain(f"'{called.path}' needs a value for {', '.join(missing)}", params or node.name)


def is_required(param: nodes.Param, file: BicepFile) -> bool:
    """Whether a value must be given: there is no default, and its type is not one that may be null."""
    if param.default is not None:
        return False
    type_: nodes.Node | None = param.type
    for _ in range(20):
        if isinstance(type_, nodes.NullableType) or (isinstance(type_, nodes.Literal) and type_.value is None):
            return False
        if isinstance(type_, nodes.Parens):
            type_ = type_.inner
        elif isinstance(type_, nodes.UnionType):
            return not any(isinstance(member, nodes.Literal) and member.value is None for member in type_.members)
        elif isinstance(type_, nodes.Name):
            name = type_.name
            declared = [
                statement
                for statement in file.syntax.statements
                if isinstance(statement, nodes.TypeDeclaration | nodes.Import)
            ]
            if any(isinstance(statement, nodes.Import) and _imports(statement, name) for statement in declared):
                return False
            type_ = next(
                (
                    found.type
                    for found in declared
                    if isinstance(found, nodes.TypeDeclaration) and found.name.name == name
                ),
                None,
            )
            if type_ is None:
                return name in TYPES and name != "any"
        else:
            return not isinstance(type_, nodes.TypeMember | nodes.TypeIndex | nodes.TypeElement | nodes.TypeCall)
    return False


def _imports(statement: nodes.Import, name: str) -> bool:
    return any(item.alias.name == name for item in statement.names)
