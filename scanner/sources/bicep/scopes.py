"""Whose names an expression sees: those of its file, as part of the program that is being made.

What a file imports becomes part of the program too, under names that no file can write itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.model.location import Region
from scanner.sources.arm import program as arm
from scanner.sources.arm.values import Token, braced
from scanner.sources.bicep.content import ContentError, NotEvaluatedError, load
from scanner.sources.bicep.expressions import OWN_FUNCTIONS, ExpressionLowering, FunctionName, ScopedName, not_known
from scanner.sources.bicep.files import PARAMETERS, BicepFile, SourceText
from scanner.sources.bicep.names import Declared, declare, written_text
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.types import Shape, TypeReader, decorator_call
from scanner.sources.bicep.workspace import Workspace

SECURE = frozenset(("securestring", "secureobject"))
"""Types whose values are not shown."""


def locate(program: arm.Program, handle: arm.Handle) -> Region | None:
    """Return the place of a handle that lowering gave: a pair of offsets."""
    source = program.source
    if not isinstance(source, SourceText) or not isinstance(handle, tuple) or len(handle) != 2:
        return None
    return source.region(*handle) if isinstance(handle[0], int) else None


class FileScope:
    """The names of one file as a program sees them; ``prefix`` tells those of imported files apart."""

    def __init__(self, owner: Owner, file: BicepFile, names: Mapping[str, Declared], prefix: str) -> None:
        self.owner = owner
        self.file = file
        self.names = names
        self.prefix = prefix
        self.kind = "parameters" if file.path.endswith(PARAMETERS) else "template"
        self.target = "resourceGroup"

    def at(self, node: nodes.Node) -> arm.Handle:
        """Return the place of ``node``."""
        return None if self.prefix else (node.start, node.end)

    def complain(self, message: str, node: nodes.Node) -> None:
        """Note a fault; those of an imported file are told where that file is read for itself."""
        if not self.prefix:
            self.owner.program.faults.append((message, (node.start, node.end)))

    def variable(self, declared: Declared) -> arm.Expression:
        """Return the reference to a variable."""
        if self.prefix:
            self.owner.need(self, declared)
        return arm.Variable(self.prefix + declared.name)

    def parameter(self, declared: Declared) -> arm.Expression:
        """Return the reference to a parameter."""
        return arm.Parameter(declared.name)

    def function(self, declared: Declared) -> FunctionName:
        """Return what the program calls a user function."""
        if self.prefix:
            self.owner.need(self, declared)
        assert isinstance(declared.node, nodes.Func)
        return FunctionName(self.prefix or OWN_FUNCTIONS, declared.name, len(declared.node.params))

    def imported(self, declared: Declared, name: str) -> ScopedName | arm.Expression | FunctionName | None:
        """Return what an import means."""
        found: ScopedName | arm.Expression | FunctionName | None = self.owner.imported(self, declared, name)
        return found

    def load(self, call: nodes.Call) -> arm.Expression:
        """Return the content of a file."""
        at = self.at(call)
        name = call.name.name
        try:
            arguments = [written_text(argument, self.names) for argument in call.args]
            return arm.Literal(load(name, self.file.tree, self.file.path, arguments), at)
        except ContentError as fault:
            self.complain(f"cannot evaluate {name}(): {fault}", call)
            reason = str(fault)
        except NotEvaluatedError as unknown:
            reason = str(unknown)
        return not_known(Token(braced(f"{name}()"), reason), at)

    def used(self, declared: Declared) -> None:
        """Note that the declaration being lowered uses another of the same file."""
        if not self.prefix:
            self.owner.uses.setdefault(self.owner.current, set()).add(declared.symbol or declared.name)

    def type_named(self, namespace: str, name: str) -> Any:
        """Find a declared type; see :data:`scanner.sources.bicep.types.Lookup`."""
        declared = self.names.get(namespace or name)
        if declared is None:
            return None
        if declared.kind in ("import", "namespace"):
            found = self.owner.imported(self, declared, name if namespace else declared.imported)
            if isinstance(found, ScopedName) and isinstance(found.scope, FileScope):
                inner = found.declared
                return found.scope.type_named("", inner.name) if inner.kind in ("type", "import") else {}
            return {}
        if isinstance(declared.node, nodes.TypeDeclaration) and not namespace:
            return declared.node.type, self.type_named, declared.node.decorators
        return None


class Owner:
    """The program that is being made, and what of other files it needs."""

    def __init__(self, file: BicepFile, workspace: Workspace) -> None:
        self.workspace = workspace
        self.program = arm.Program(file.shown, source=file.source, locate=locate)
        self.types = TypeReader()
        self.uses: dict[str, set[str]] = {}
        self.current = ""
        self._scopes: dict[tuple[str, str], FileScope] = {}
        self._needed: list[tuple[FileScope, Declared]] = []
        self._imports: dict[int, Any] = {}
        names = declare(file.syntax.statements, self._complain)
        self.own: FileScope = FileScope(self, file, names, "")

    def _complain(self, message: str, node: nodes.Node) -> None:
        self.program.faults.append((message, (node.start, node.end)))

    def need(self, scope: FileScope, declared: Declared) -> None:
        """See that a declaration of another file becomes part of the program."""
        key = scope.prefix + declared.name
        if declared.kind == "var" and key not in self.program.variables:
            self.program.variables[key] = arm.Literal(None)
            self._needed.append((scope, declared))
        elif declared.kind == "func" and f"{scope.prefix}.{declared.name}" not in self.program.functions:
            node = declared.node
            assert isinstance(node, nodes.Func)
            self.program.functions[f"{scope.prefix}.{declared.name}"] = lower_function(scope, node, body=False)
            self._needed.append((scope, declared))

    def fetch(self) -> None:
        """Lower what of other files is needed, and what that needs."""
        while self._needed:
            scope, declared = self._needed.pop()
            lowering = ExpressionLowering(scope)
            if isinstance(declared.node, nodes.Var):
                value = lowering.value(declared.node.value, loops=isinstance(declared.node.value, nodes.For))
                self.program.variables[scope.prefix + declared.name] = value
            elif isinstance(declared.node, nodes.Func):
                key = f"{scope.prefix}.{declared.name}"
                self.program.functions[key] = lower_function(scope, declared.node)

    def imported(self, scope: FileScope, declared: Declared, name: str) -> Any:
        """Return what ``name`` is in the file that an import statement reads."""
        node = declared.node
        assert isinstance(node, nodes.Import)
        if id(node) not in self._imports:
            self._imports[id(node)] = self._import(scope, node)
        target = self._imports[id(node)]
        if target is None:
            return None
        if isinstance(target, arm.Program):
            return self._of_template(target, name)
        found = target.names.get(name)
        if found is None or not _is_exported(found):
            scope.complain(f"'{name}' is not exported by '{target.file.path}'", node)
            return None
        return ScopedName(target, found)

    def _import(self, scope: FileScope, node: nodes.Import) -> FileScope | arm.Program | None:
        """Return the names of the file that is imported from; complains where there is none."""
        if not isinstance(node.path, nodes.Literal):
            scope.complain("the path of an import cannot be interpolated", node.path)
            return None
        found = self.workspace.locate(scope.file, str(node.path.value))
        if isinstance(found, arm.Missing):
            if found.incomplete:
                scope.complain(found.reason, node.path)
            else:
                self.workspace.notes.append((scope.file, found.reason, node.start))
            return None
        if found[1].endswith(".json"):
            program = self.workspace.program(*found)
            return program if isinstance(program, arm.Program) else None
        file = self.workspace.open(*found)
        if not isinstance(file, BicepFile):
            scope.complain(file.reason, node.path)
            return None
        key = file.tree.root, file.path
        if key == (self.own.file.tree.root, self.own.file.path):
            return self.own
        if key not in self._scopes:
            self._scopes[key] = FileScope(self, file, self.workspace.names(file), f"{file.shown}#")
        return self._scopes[key]

    def _of_template(self, template: arm.Program, name: str) -> Any:
        """Return what an ARM template exports: its variables and functions become ours, under their own names."""
        for key, value in template.variables.items():
            self.program.variables.setdefault(key, value)
        for key, function in template.functions.items():
            self.program.functions.setdefault(key, function)
        if name in template.variables:
            return arm.Variable(name)
        function_name = f"{OWN_FUNCTIONS}.{name}"
        if function_name in template.functions:
            return FunctionName(OWN_FUNCTIONS, name, len(template.functions[function_name].parameters))
        return not_known(Token(braced(name), f"the template has no '{name}'"))


def lower_function(scope: FileScope, node: nodes.Func, *, body: bool = True) -> arm.FunctionDeclaration:
    """Return a user function; without its body where only its name and parameters are needed for now."""
    types = scope.owner.types
    parameters = tuple(
        parameter_of(name.name, types.shape(type_, scope.type_named), None, scope.at(name))
        for name, type_ in node.params
    )
    lowered: arm.Expression = arm.Literal(None)
    if body:
        lowering = ExpressionLowering(scope)
        with lowering.in_function(tuple(parameter.name for parameter in parameters)):
            lowered = lowering.value(node.body)
    namespace = scope.prefix or OWN_FUNCTIONS
    return arm.FunctionDeclaration(node.name.name, namespace, parameters, lowered, scope.at(node))


def parameter_of(name: str, shape: Shape, default: arm.Expression | None, at: arm.Handle) -> arm.ParameterDeclaration:
    """Return the declaration of a parameter of that type."""
    allowed = shape.get("allowedValues")
    type_ = shape.get("type", "")
    if allowed is not None and type_ == "array" and not all(isinstance(value, list) for value in allowed):
        allowed = None  # they are those of the items
    return arm.ParameterDeclaration(
        name,
        type_,
        default,
        allowed=tuple(allowed) if allowed is not None else None,
        secure=type_ in SECURE,
        nullable=bool(shape.get("nullable")),
        shape=shape,
        at=at,
    )


def _is_exported(declared: Declared) -> bool:
    node = declared.node
    if not isinstance(node, nodes.Var | nodes.Func | nodes.TypeDeclaration):
        return False
    return any(decorator_call(decorator)[0] == "export" for decorator in node.decorators)
