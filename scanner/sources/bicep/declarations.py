"""Lowers a file: its statements become the declarations of a program.

What the compiler would refuse is noted in ``Program.faults``; the rest of the file is lowered all the same, so that one
mistake does not hide what else is wrong with what is deployed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from scanner.sources.arm import program as arm
from scanner.sources.arm.values import Token, braced
from scanner.sources.bicep.checks import check
from scanner.sources.bicep.expressions import OWN_FUNCTIONS, ExpressionLowering, not_known
from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.functions import SCOPES
from scanner.sources.bicep.names import Declared, body_of, find_circle, nested
from scanner.sources.bicep.scopes import SECURE, Owner, lower_function, parameter_of
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.templates import inline_template
from scanner.sources.bicep.types import Shape, constant, decorate
from scanner.sources.bicep.workspace import Workspace

_RESOURCE_FIELDS: Final = frozenset(("name", "parent", "scope", "dependsOn"))
_MODULE_FIELDS: Final = frozenset(("name", "scope", "params", "dependsOn", "extensionConfigs", "identity"))
_REFERENCES: Final = (
    nodes.Name,
    nodes.Index,
    nodes.Nested,
    nodes.Conditional,
    nodes.Parens,
    nodes.NonNull,
    nodes.Spread,
)
"""Expressions that can be a resource or a module."""
_OF_EXTENSION: Final = "extension"
"""Stands for the version of resources that are not Azure's."""


def lower(file: BicepFile, workspace: Workspace) -> arm.Program:
    """Return the program that a ``.bicep`` file writes."""
    return _FileLowering(file, workspace).run()


class _FileLowering:
    def __init__(self, file: BicepFile, workspace: Workspace) -> None:
        self._file = file
        self._workspace = workspace
        self._owner = Owner(file, workspace)
        self._program = self._owner.program
        self._scope = self._owner.own
        self._lowering = ExpressionLowering(self._scope)
        self._resources: dict[str, arm.ResourceDeclaration] = {}

    def run(self) -> arm.Program:
        program = self._program
        program.faults += [(found.reason, (found.offset, found.offset + 1)) for found in self._file.syntax.complaints]
        program.scope = self._scope.target = self._target_scope()
        declared = self._scope.names
        for one in declared.values():
            if one.kind == "resource":
                self._announce(one, None)
        for statement in self._file.syntax.statements:
            self._statement(statement)
        self._owner.fetch()
        check(self._file, declared, self._workspace, self._scope.complain, self._scope.type_named, self._shape)
        self._check_circles()
        return program

    def _statement(self, statement: nodes.Statement) -> None:
        """Lower a statement, unless another has declared its name before, which was complained about."""
        lower_statement = _STATEMENTS.get(type(statement))
        if lower_statement is None:
            return
        name = getattr(statement, "name", None)
        is_name = isinstance(name, nodes.Name) and not isinstance(statement, nodes.Output | nodes.Assignment)
        self._owner.current = name.name if is_name and isinstance(name, nodes.Name) else ""
        if is_name:
            found = self._scope.names.get(self._owner.current)
            if found is None or found.node is not statement:
                return
        lower_statement(self, statement)

    def _target_scope(self) -> str:
        for statement in self._file.syntax.statements:
            if isinstance(statement, nodes.TargetScope):
                value = constant(statement.value)
                if value in SCOPES:
                    return str(value)
                if value not in ("local", "desiredStateConfiguration"):
                    self._scope.complain(f"targetScope must be one of {', '.join(SCOPES)}", statement.value)
        return "resourceGroup"

    def _check_circles(self) -> None:
        """Complain about declarations that need themselves."""
        circle = find_circle(self._owner.uses)
        while circle:
            shown = " → ".join(circle)
            node = self._scope.names[circle[0].partition("::")[0]].node
            self._scope.complain(f"'{circle[0]}' needs itself: {shown}", node)
            for name in circle:
                self._owner.uses.pop(name, None)
            circle = find_circle(self._owner.uses)

    # Values

    def parameter(self, node: nodes.Param) -> None:
        shape = self._shape(node.type, node.decorators)
        default = self._lowering.default(node.default) if node.default is not None else None
        self._program.parameters[node.name.name] = parameter_of(node.name.name, shape, default, self._scope.at(node))

    def _shape(self, type_: nodes.Node, decorators: tuple[nodes.Decorator, ...]) -> Shape:
        return decorate(self._owner.types.shape(type_, self._scope.type_named), decorators)

    def variable(self, node: nodes.Var) -> None:
        value = self._lowering.value(node.value, loops=isinstance(node.value, nodes.For))
        self._program.variables[node.name.name] = value

    def function(self, node: nodes.Func) -> None:
        self._program.functions[f"{OWN_FUNCTIONS}.{node.name.name}"] = lower_function(self._scope, node)

    def output(self, node: nodes.Output) -> None:
        shape = self._shape(node.type, node.decorators)
        value = self._lowering.value(node.value, loops=isinstance(node.value, nodes.For))
        name = node.name.name
        type_ = shape.get("type", "")
        declaration = arm.OutputDeclaration(name, value, type_, secure=type_ in SECURE, at=self._scope.at(node))
        self._program.outputs.setdefault(name, declaration)

    def assertion(self, node: nodes.Assignment) -> None:
        if node.keyword == "assert":
            test = self._lowering.value(node.value)
            self._program.asserts.append(arm.AssertDeclaration(node.name.name, test, self._scope.at(node)))

    # Resources

    def _announce(self, declared: Declared, parent: arm.ResourceDeclaration | None) -> None:
        """Make the declarations of a resource and of those in it, so that whatever stands before can refer to them."""
        node = declared.node
        assert isinstance(node, nodes.Resource)
        empty = arm.Object(())
        declaration = arm.ResourceDeclaration(arm.Literal(""), arm.Literal(""), empty, symbol=declared.symbol)
        declaration.parent = parent
        declaration.nested = parent is not None
        declaration.at = (node.start, node.type.end)
        self._resources[declared.symbol] = declaration
        for child in nested(declared).values():
            self._announce(child, declaration)

    def resource(self, node: nodes.Resource) -> None:
        self._resource(self._scope.names[node.name.name], "")

    def _resource(self, declared: Declared, inherited: str) -> None:
        node = declared.node
        assert isinstance(node, nodes.Resource)
        self._owner.current = declared.symbol
        declaration = self._resources[declared.symbol]
        version = self._type(node, declaration, inherited)
        loop = self._loop(node)
        condition = node.body.condition if isinstance(node.body, nodes.If | nodes.For) else None
        declaration.existing = node.existing or version == _OF_EXTENSION
        body = body_of(node)
        with self._lowering.binding(*_bound(node)), self._lowering.inside(declared):
            self._fill(declaration, node, body, named=version != _OF_EXTENSION)
            declaration.condition = self._lowering.value(condition) if condition is not None else None
            declaration.loop = loop
            if _is_deployment(declaration):
                self._program.modules.append(self._inline(declaration, body))
            else:
                self._program.resources.append(declaration)
            for child in nested(declared).values():
                self._resource(child, version)
                self._owner.current = declared.symbol

    def _loop(self, node: nodes.Resource | nodes.Module) -> arm.Loop | None:
        """Return the loop of a declaration; what it runs over does not see the names it binds."""
        body = node.body
        return (
            self._lowering.loop_of(body, self._lowering.value(body.collection)) if isinstance(body, nodes.For) else None
        )

    def _inline(self, declaration: arm.ResourceDeclaration, body: nodes.Object) -> arm.ModuleDeclaration:
        """Return the deployment that is declared as a resource, its template written down or not."""
        properties = _members(body, "properties")
        value = properties.get("template")
        reason = "linked" if "templateLink" in properties else "computed"
        shown = f"{self._file.shown}#{declaration.symbol}"
        return arm.ModuleDeclaration(
            load=partial(inline_template, value, reason, shown, self._file.tree),
            name=declaration.name,
            symbol=declaration.symbol,
            condition=declaration.condition,
            loop=declaration.loop,
            scope=declaration.scope,
            existing=declaration.existing,
            depends_on=declaration.depends_on,
            at=declaration.at,
        )

    def _type(self, node: nodes.Resource, declaration: arm.ResourceDeclaration, inherited: str) -> str:
        """Set type and version; return the version, which nested resources share. Empty for those of extensions."""
        if not isinstance(node.type, nodes.Literal):
            self._scope.complain("the type of a resource cannot be interpolated", node.type)
            declaration.type = self._lowering.value(node.type)
            return inherited
        type_, _, version = str(node.type.value).partition("@")
        version = version or inherited
        type_ = type_.removeprefix("az:")
        at = self._scope.at(node.type)
        declaration.type = arm.Literal(type_, at)
        declaration.api_version = arm.Literal(version, at)
        if inherited == _OF_EXTENSION:
            return inherited
        if not type_ or not version or type_.startswith("/"):
            self._scope.complain(f"'{node.type.value}' is not a resource type with a version", node.type)
        if not version[:4].isdigit() and version:
            self._extension(node)
            return _OF_EXTENSION
        return version

    def _extension(self, node: nodes.Resource) -> None:
        extensions = [name for name in self._scope.names.values() if name.kind == "extension"]
        if extensions:
            reason = f"the resource '{node.name.name}' is one of an extension and is not evaluated"
            self._workspace.notes.append((self._file, reason, node.start))
        else:
            self._scope.complain("the version of the resource type is not a date", node.type)

    def _fill(
        self, declaration: arm.ResourceDeclaration, node: nodes.Resource, body: nodes.Object, *, named: bool
    ) -> None:
        """Set what the properties of the body say."""
        fields = {item.key: item.value for item in body.properties if isinstance(item, nodes.ObjectProperty)}
        if "name" in fields:
            declaration.name = self._lowering.value(fields["name"])
            self._check_segments(declaration, fields["name"], has_parent="parent" in fields)
        elif not named:
            declaration.name = not_known(Token(braced(declaration.symbol), "it is one of an extension"))
        else:
            declaration.name = self._lowering.unknown("the resource has no name", node.name)
        if named:
            self._check_references(fields)
        if "scope" in fields:
            declaration.scope = self._lowering.value(fields["scope"])
        if "dependsOn" in fields:
            declaration.depends_on = self._lowering.value(fields["dependsOn"])
        if "parent" in fields:
            self._set_parent(declaration, fields["parent"])
        declaration.body = self._lowering.object(body, loops=True, without=_RESOURCE_FIELDS)
        declaration.body.at = None  # what is absent is shown at the declaration

    def _check_segments(
        self, declaration: arm.ResourceDeclaration, name: nodes.Expression, *, has_parent: bool
    ) -> None:
        """Complain about a name that is written down and has more or fewer segments than its type."""
        type_ = declaration.type.value if isinstance(declaration.type, arm.Literal) else ""
        if not isinstance(name, nodes.Literal) or not isinstance(name.value, str) or "/providers/" in str(type_):
            return
        wanted = 1 if has_parent or declaration.nested else str(type_).count("/")
        found = name.value.count("/") + 1
        if wanted > 0 and found != wanted:
            segments = "1 segment" if wanted == 1 else f"{wanted} segments"
            self._scope.complain(f"the name must have {segments}, it has {found}", name)

    def _check_references(self, fields: Mapping[Any, nodes.Expression]) -> None:
        """Complain about what cannot be a resource where only resources can stand."""
        dependencies = fields.get("dependsOn")
        for item in dependencies.items if isinstance(dependencies, nodes.Array) else ():
            if not isinstance(item, _REFERENCES):
                self._scope.complain("dependsOn takes resources and modules", item)
        scope = fields.get("scope")
        if isinstance(scope, nodes.Literal | nodes.Template | nodes.Object | nodes.Array):
            self._scope.complain("scope must be a resource or the call of a function for a scope", scope)

    def _set_parent(self, declaration: arm.ResourceDeclaration, node: nodes.Expression) -> None:
        if declaration.nested:
            self._scope.complain("a nested resource has its parent around it; parent cannot be set", node)
            return
        found, index = self._lowering.resource(node)
        if found is None or found.kind != "resource":
            self._scope.complain("parent must name a resource directly", node)
            return
        self._scope.used(found)
        declaration.parent = self._resources.get(found.symbol)
        if index is not None:
            declaration.parent_index = self._lowering.value(index)

    # Modules

    def module(self, node: nodes.Module) -> None:
        if node.keyword != "module":
            return
        body = body_of(node)
        loop = self._loop(node)
        condition = node.body.condition if isinstance(node.body, nodes.If | nodes.For) else None
        with self._lowering.binding(*_bound(node)):
            declaration = self._module(node, body)
            declaration.condition = self._lowering.value(condition) if condition is not None else None
        declaration.loop = loop
        self._program.modules.append(declaration)

    def _module(self, node: nodes.Module, body: nodes.Object) -> arm.ModuleDeclaration:
        fields = {item.key: item.value for item in body.properties if isinstance(item, nodes.ObjectProperty)}
        for key, value in fields.items():
            if key not in _MODULE_FIELDS:
                self._scope.complain(f"'{key}' is not a property of modules", value)
        self._lowering.object(body, without=frozenset(key for key in fields if isinstance(key, str)))
        self._check_references(fields)
        arguments, references = self._arguments(fields.get("params"))
        lowered = {key: self._lowering.value(fields[key]) for key in ("name", "scope", "dependsOn") if key in fields}
        return arm.ModuleDeclaration(
            load=self._loader(node),
            name=lowered.get("name"),
            arguments=arguments,
            references=references,
            symbol=node.name.name,
            scope=lowered.get("scope"),
            depends_on=lowered.get("dependsOn"),
            at=(node.start, node.path.end),
        )

    def _loader(self, node: nodes.Module) -> Callable[[], arm.Program | arm.Missing]:
        if not isinstance(node.path, nodes.Literal):
            self._scope.complain("the path of a module cannot be interpolated", node.path)
            return partial(arm.Missing, "the path of the module is interpolated")
        return partial(self._workspace.module, self._file, str(node.path.value))

    def _arguments(self, node: nodes.Expression | None) -> tuple[dict[str, arm.Expression], frozenset[str]]:
        """Return the parameter values of a module, and the names of those that are secrets of a key vault."""
        if node is None:
            return {}, frozenset()
        if not isinstance(node, nodes.Object):
            self._scope.complain("params must be an object that is written down", node)
            return {}, frozenset()
        arguments: dict[str, arm.Expression] = {}
        references: set[str] = set()
        for item in node.properties:
            if isinstance(item, nodes.Spread) or not isinstance(item.key, str):
                self._scope.complain("the names of parameters must be written down", item)
            elif _is_secret(item.value):
                references.add(item.key)
            elif item.key in arguments:
                self._scope.complain(f"the property '{item.key}' is set more than once", item)
            else:
                arguments[item.key] = self._lowering.value(item.value, loops=True, inner=True)
                arguments[item.key].at = arguments[item.key].at or self._scope.at(item)
        return arguments, frozenset(references)


def _bound(node: nodes.Resource | nodes.Module) -> tuple[nodes.Name | None, ...]:
    """Return the names that the loop of a declaration binds."""
    return (node.body.item, node.body.index) if isinstance(node.body, nodes.For) else ()


def _is_deployment(declaration: arm.ResourceDeclaration) -> bool:
    type_ = declaration.type.value if isinstance(declaration.type, arm.Literal) else ""
    return str(type_).lower() == "microsoft.resources/deployments" and not declaration.existing


def _members(body: nodes.Object, name: str) -> dict[str, Any]:
    """Return the members of a property with the values that are written down, :data:`NOT_CONSTANT` for the others."""
    for item in body.properties:
        if isinstance(item, nodes.ObjectProperty) and item.key == name and isinstance(item.value, nodes.Object):
            members = [one for one in item.value.properties if isinstance(one, nodes.ObjectProperty)]
            return {one.key: constant(one.value) for one in members if isinstance(one.key, str)}
    return {}


def _is_secret(node: nodes.Expression) -> bool:
    """Whether a module's argument is ``vault.getSecret(…)``, on every branch that is a call."""
    while isinstance(node, nodes.Parens):
        node = node.inner  # type: ignore[assignment]  # an expression in an expression
    if isinstance(node, nodes.Conditional):
        return _is_secret(node.then) or _is_secret(node.otherwise)
    return isinstance(node, nodes.Call) and node.of is not None and node.name.name == "getSecret"


_STATEMENTS: Final[Mapping[type[nodes.Node], Callable[[_FileLowering, Any], None]]] = {
    nodes.Param: _FileLowering.parameter,
    nodes.Var: _FileLowering.variable,
    nodes.Func: _FileLowering.function,
    nodes.Output: _FileLowering.output,
    nodes.Assignment: _FileLowering.assertion,
    nodes.Resource: _FileLowering.resource,
    nodes.Module: _FileLowering.module,
}
