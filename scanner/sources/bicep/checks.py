"""What the compiler refuses beside wrong names: decorators, types, duplicates, and modules that are called wrongly.

Each check is a function of the statements; none knows values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scanner.sources.bicep.calls import check_module
from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.functions import DECORATORS, NAMESPACES, TYPE_FUNCTIONS, TYPES
from scanner.sources.bicep.kinds import KindCheck, ShapeOf
from scanner.sources.bicep.names import Complain, Declared, body_of, fields_of, find_circle
from scanner.sources.bicep.runtime import check_runtime
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.types import NOT_CONSTANT, constant, decorator_call, misfit
from scanner.sources.bicep.workspace import Workspace

_KINDS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Param: "param",
    nodes.Var: "var",
    nodes.TypeDeclaration: "type",
    nodes.Func: "func",
    nodes.Resource: "resource",
    nodes.Output: "output",
    nodes.PropertyType: "property",
    nodes.TupleItem: "item",
}
_TITLES: Final = {
    "param": "a parameter",
    "var": "a variable",
    "type": "a type",
    "func": "a function",
    "resource": "a resource",
    "module": "a module",
    "output": "an output",
    "property": "a property of a type",
    "item": "an item of a type",
    "metadata": "metadata",
    "assert": "an assertion",
}
_SUITED: Final = {
    "maxLength": ("string", "array"),
    "maxValue": ("int",),
    "minLength": ("string", "array"),
    "minValue": ("int",),
    "sealed": ("object",),
    "secure": ("string", "object"),
}
"""Decorator → kinds of values it suits."""
_LOOPS_ONLY: Final = frozenset(("batchSize",))


def check(
    file: BicepFile,
    names: Mapping[str, Declared],
    workspace: Workspace,
    complain: Complain,
    lookup: Callable[..., Any],
    shape_of: ShapeOf,
) -> None:
    """Complain about everything in ``file`` that one of the checks objects to."""
    statements = file.syntax.statements
    kinds = KindCheck(names, shape_of, complain)
    for statement in statements:
        kinds.check(statement)
    for statement in statements:
        _check_decorated(statement, complain, lookup)
        _check_limits(statement, complain, shape_of)
    _check_recursion(statements, complain)
    _check_duplicates(statements, complain)
    check_runtime(statements, names, complain)
    for statement in statements:
        if isinstance(statement, nodes.Module) and _is_first(statement, names):
            check_module(file, statement, workspace, complain)


def _is_first(statement: nodes.Module, names: Mapping[str, Declared]) -> bool:
    declared = names.get(statement.name.name)
    return declared is not None and declared.node is statement


# Decorators and types


def _check_decorated(statement: nodes.Node, complain: Complain, lookup: Callable[..., Any]) -> None:
    """Check the decorators of a statement, and those in its types."""
    pending: list[nodes.Node] = [statement]
    while pending:
        node = pending.pop()
        decorators = getattr(node, "decorators", ())
        if decorators:
            _check_decorators(node, decorators, complain)
        pending.extend(_types(node))
        if isinstance(node, nodes.Resource):
            pending.extend(body_of(node).resources)
        else:
            _check_type(node, complain, lookup)


def _types(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the types directly in ``node``."""
    if isinstance(node, nodes.Param | nodes.Var | nodes.TypeDeclaration | nodes.Output):
        if node.type is not None:
            yield node.type
    elif isinstance(node, nodes.Func):
        yield from (type_ for _, type_ in node.params)
        yield node.result
    elif isinstance(node, nodes.PropertyType | nodes.TupleItem):
        yield node.type
    elif isinstance(node, nodes.ObjectType):
        yield from node.properties
    elif isinstance(node, nodes.TupleType):
        yield from node.items
    elif isinstance(node, nodes.UnionType):
        yield from node.members
    elif isinstance(node, nodes.Parens):
        yield node.inner
    elif isinstance(node, nodes.Unary):
        yield node.operand
    elif isinstance(node, nodes.TypeCall):
        yield from node.arguments
    elif isinstance(node, nodes.TypeMember):
        if not isinstance(node.of, nodes.Name):
            yield node.of
    elif isinstance(node, nodes.ArrayType | nodes.NullableType | nodes.NonNull | nodes.TypeIndex | nodes.TypeElement):
        yield node.of


def _check_type(node: nodes.Node, complain: Complain, lookup: Callable[..., Any]) -> None:
    if isinstance(node, nodes.Name):
        if node.name not in TYPES and lookup("", node.name) is None:
            complain(f"there is no type '{node.name}'", node)
    elif isinstance(node, nodes.TypeCall):
        if node.name.name not in TYPE_FUNCTIONS and node.of is None:
            complain(f"there is no type '{node.name.name}' that takes arguments", node)
        elif len(node.arguments) != 1:
            complain(f"{node.name.name} takes 1 argument, {len(node.arguments)} given", node)
    elif isinstance(node, nodes.Template):
        complain("a type cannot be an interpolated string", node)
    elif isinstance(node, nodes.UnionType):
        for member in node.members:
            if isinstance(member, nodes.Name) and member.name in TYPES and lookup("", member.name) is None:
                complain(f"the members of a union must be literals, and '{member.name}' is none", member)
    elif isinstance(node, nodes.ObjectType):
        _check_keys(node, complain)
    elif isinstance(node, nodes.TypeDeclaration) and node.name.name == "resource":
        complain("'resource' is reserved and cannot be the name of a type", node.name)


def _check_limits(statement: nodes.Statement, complain: Complain, shape_of: ShapeOf) -> None:
    """Complain about decorators on a type that they do not suit, and about unions of several kinds."""
    if not isinstance(statement, nodes.Param | nodes.Output | nodes.TypeDeclaration):
        return
    shape = shape_of(statement.type, ())
    kind = str(shape.get("type", "")).removeprefix("secure")
    for decorator in statement.decorators:
        name, args = decorator_call(decorator)
        suited = _SUITED.get(name, ())
        if kind and suited and kind not in suited:
            complain(f"@{name}() suits a type of {' or '.join(suited)}, not {kind}", decorator)
        elif name == "allowed" and args and isinstance(args[0], nodes.Array) and kind in ("string", "int", "bool"):
            for item in args[0].items:
                message = misfit(constant(item), {"type": kind})
                if message and constant(item) is not NOT_CONSTANT:
                    complain(f"the value {message}", item)
    if isinstance(statement.type, nodes.UnionType) and not kind and not _is_discriminated(statement):
        members = [shape_of(member, ()) for member in statement.type.members]
        if all("allowedValues" in member or member.get("isNull") for member in members):
            complain("the members of a union must be of one type", statement.type)


def _is_discriminated(statement: nodes.Param | nodes.Output | nodes.TypeDeclaration) -> bool:
    return any(decorator_call(decorator)[0] == "discriminator" for decorator in statement.decorators)


def _check_recursion(statements: tuple[nodes.Statement, ...], complain: Complain) -> None:
    """Complain about types that need themselves, so that no value can be of them."""
    declared = {one.name.name: one for one in statements if isinstance(one, nodes.TypeDeclaration)}
    uses = {name: set(_required(one.type)) & set(declared) for name, one in declared.items()}
    circle = find_circle(uses)
    while circle:
        complain(f"the type '{circle[0]}' needs itself: {' → '.join(circle)}", declared[circle[0]])
        for name in circle:
            uses.pop(name, None)
        circle = find_circle(uses)


def _required(node: nodes.Node) -> Iterator[str]:
    """Yield the names of the types that every value of a type holds."""
    pending: list[nodes.Node] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, nodes.Name):
            yield one.name
        elif isinstance(one, nodes.ObjectType):
            pending.extend(item.type for item in one.properties if item.key is not None)
        elif isinstance(one, nodes.TupleType):
            pending.extend(item.type for item in one.items)
        elif isinstance(one, nodes.Parens):
            pending.append(one.inner)


def _check_keys(node: nodes.ObjectType, complain: Complain) -> None:
    seen: set[str | None] = set()
    for item in node.properties:
        if item.key in seen:
            complain(f"the property '{item.key or '*'}' is declared more than once", item)
        seen.add(item.key)


def _check_decorators(node: nodes.Node, decorators: tuple[nodes.Decorator, ...], complain: Complain) -> None:
    kind = _KINDS.get(type(node)) or str(getattr(node, "keyword", ""))
    seen: set[str] = set()
    for decorator in decorators:
        name, args = decorator_call(decorator)
        rule = DECORATORS.get(name)
        if rule is None:
            known = any(name in functions for functions in NAMESPACES.values())
            what = "is a function, not a decorator" if known else "is not a decorator"
            complain(f"'{name}' {what}", decorator)
        elif not isinstance(decorator.call, nodes.Call):
            complain(f"the decorator '{name}' needs parentheses", decorator)
        elif not rule.least <= len(args) <= rule.most:
            complain(f"@{name}() has {len(args)} arguments, which is not what it takes", decorator)
        elif kind not in rule.targets:
            complain(f"@{name}() cannot be used on {_TITLES.get(kind, 'this statement')}", decorator)
        elif name in seen:
            complain(f"the decorator '{name}' is there more than once", decorator)
        elif name in _LOOPS_ONLY and not isinstance(getattr(node, "body", None), nodes.For):
            complain(f"@{name}() can only be used on a loop", decorator)
        elif name == "allowed" and not isinstance(constant(args[0]), list):
            complain("@allowed() takes an array that is written down", decorator)
        elif name == "allowed" and not constant(args[0]):
            complain("@allowed() takes an array that is not empty", decorator)
        seen.add(name)


# Duplicates


def _check_duplicates(statements: tuple[nodes.Statement, ...], complain: Complain) -> None:
    """Complain about resources of one type, and modules, that have the same name at the same place."""
    seen: dict[Any, str] = {}
    for statement in statements:
        if not isinstance(statement, nodes.Resource | nodes.Module) or isinstance(statement.body, nodes.For):
            continue
        if isinstance(statement, nodes.Resource) and statement.existing:
            continue
        fields = fields_of(statement)
        name = constant(fields["name"]) if "name" in fields else NOT_CONSTANT
        if not isinstance(name, str):
            continue
        place = tuple(describe(fields[key]) if key in fields else "" for key in ("scope", "parent"))
        key = (_type_of(statement), name.lower(), place)
        if None in place or key[0] is None:
            continue
        if key in seen and not isinstance(statement.body, nodes.If):
            complain(f"'{seen[key]}' and '{statement.name.name}' have the same name", fields["name"])
        elif not isinstance(statement.body, nodes.If):
            seen[key] = statement.name.name


def _type_of(statement: nodes.Resource | nodes.Module) -> str | None:
    if isinstance(statement, nodes.Module):
        return statement.keyword
    if not isinstance(statement.type, nodes.Literal):
        return None
    return str(statement.type.value).partition("@")[0].lower()


def describe(node: nodes.Node, depth: int = 0) -> str | None:
    """Return a text that is the same for the same expression; None for one that is too long to compare."""
    if depth > 8:
        return None
    if isinstance(node, nodes.Literal):
        return repr(node.value)
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Call):
        args = [describe(argument, depth + 1) for argument in node.args]
        return None if None in args else f"{node.name.name}({','.join(map(str, args))})"
    if isinstance(node, nodes.Property | nodes.Nested):
        of = describe(node.of, depth + 1)
        return None if of is None else f"{of}.{node.name}"
    return None
