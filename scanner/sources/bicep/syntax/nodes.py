"""The syntax tree of Bicep: what was written, before anything is bound or evaluated.

Every node has ``start`` and ``end``: offsets in code points into the text of its file, ``end`` one past the last. Line
and column are found from an offset when somebody asks. Nodes know nothing of values, scopes or files.
"""

from __future__ import annotations

from typing import Any, TypeAlias


class Node:
    """A stretch of source text with a meaning."""

    __slots__ = ("end", "start")

    start: int
    end: int


# Expressions


class Literal(Node):
    """An integer, a boolean, ``null``, or text without interpolation; also where a type is expected."""

    __slots__ = ("value",)

    def __init__(self, value: Any, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Template(Node):
    """A string with interpolations: texts and expressions by turns; its value is always text."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[str | Expression, ...], start: int, end: int) -> None:
        self.parts = parts
        self.start = start
        self.end = end


class Name(Node):
    """An identifier: a reference where an expression or a type stands, else the name that a statement declares."""

    __slots__ = ("name",)

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name = name
        self.start = start
        self.end = end


class Property(Node):
    """``of.name``, or ``of.?name`` where ``safe``."""

    __slots__ = ("name", "of", "safe")

    def __init__(self, of: Expression, name: str, safe: bool, start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.safe = safe
        self.start = start
        self.end = end


class Index(Node):
    """``of[key]``, ``of[?key]`` where ``safe``, ``of[^key]`` where ``from_end``."""

    __slots__ = ("from_end", "key", "of", "safe")

    def __init__(self, of: Expression, key: Expression, safe: bool, from_end: bool, start: int, end: int) -> None:
        self.of = of
        self.key = key
        self.safe = safe
        self.from_end = from_end
        self.start = start
        self.end = end


class Nested(Node):
    """``of::name``: a resource declared in the body of another."""

    __slots__ = ("name", "of")

    def __init__(self, of: Expression, name: str, start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.start = start
        self.end = end


class NonNull(Node):
    """``of!``: in an expression a promise that it is not null, in a type its nullability taken away."""

    __slots__ = ("of",)

    def __init__(self, of: Expression | Type, start: int, end: int) -> None:
        self.of = of
        self.start = start
        self.end = end


class Call(Node):
    """``name(args)``, or ``of.name(args)``: a function of a namespace, an import or a resource."""

    __slots__ = ("args", "name", "of")

    def __init__(self, of: Expression | None, name: Name, args: tuple[Expression, ...], start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.args = args
        self.start = start
        self.end = end


class Unary(Node):
    """``-operand`` or ``!operand``; ``-`` also where a type is expected."""

    __slots__ = ("operand", "operator")

    def __init__(self, operator: str, operand: Expression | Type, start: int, end: int) -> None:
        self.operator = operator
        self.operand = operand
        self.start = start
        self.end = end


class Binary(Node):
    """``left operator right``; the operator as written: ``+ - * / % == != =~ !~ < <= > >= && || ??``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Expression, right: Expression, start: int, end: int) -> None:
        self.operator = operator
        self.left = left
        self.right = right
        self.start = start
        self.end = end


class Conditional(Node):
    """``test ? then : otherwise``."""

    __slots__ = ("otherwise", "test", "then")

    def __init__(self, test: Expression, then: Expression, otherwise: Expression, start: int, end: int) -> None:
        self.test = test
        self.then = then
        self.otherwise = otherwise
        self.start = start
        self.end = end


class Spread(Node):
    """``...value`` among the items of an array or the properties of an object."""

    __slots__ = ("value",)

    def __init__(self, value: Expression, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Array(Node):
    """``[a, b]``."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Expression | Spread, ...], start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class ObjectProperty(Node):
    """``key: value``; the key is text unless it is interpolated."""

    __slots__ = ("key", "value")

    def __init__(self, key: str | Template, value: Expression, start: int, end: int) -> None:
        self.key = key
        self.value = value
        self.start = start
        self.end = end


class Object(Node):
    """``{ key: value }``; ``resources`` are those declared in it, where it is the body of a resource."""

    __slots__ = ("properties", "resources")

    def __init__(
        self, properties: tuple[ObjectProperty | Spread, ...], resources: tuple[Resource, ...], start: int, end: int
    ) -> None:
        self.properties = properties
        self.resources = resources
        self.start = start
        self.end = end


class For(Node):
    """``[for item in collection: body]``, ``[for (item, index) in collection: if (condition) body]``."""

    __slots__ = ("body", "collection", "condition", "index", "item")

    def __init__(
        self,
        item: Name,
        index: Name | None,
        collection: Expression,
        condition: Expression | None,
        body: Expression,
        start: int,
        end: int,
    ) -> None:
        self.item = item
        self.index = index
        self.collection = collection
        self.condition = condition
        self.body = body
        self.start = start
        self.end = end


class If(Node):
    """``if (condition) { … }`` as the body of a resource or module."""

    __slots__ = ("body", "condition")

    def __init__(self, condition: Expression, body: Object, start: int, end: int) -> None:
        self.condition = condition
        self.body = body
        self.start = start
        self.end = end


class Lambda(Node):
    """``x => body``, ``(x, y) => body``."""

    __slots__ = ("body", "params")

    def __init__(self, params: tuple[Name, ...], body: Expression, start: int, end: int) -> None:
        self.params = params
        self.body = body
        self.start = start
        self.end = end


class Parens(Node):
    """``(inner)``, as expression or type."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression | Type, start: int, end: int) -> None:
        self.inner = inner
        self.start = start
        self.end = end


Expression: TypeAlias = (
    "Literal | Template | Name | Property | Index | Nested | NonNull | Call | Unary | Binary | Conditional | Array"
    " | Object | For | Lambda | Parens"
)


# Types


class TypeCall(Node):
    """``name<arguments>``: ``resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>``; ``of`` is a namespace."""

    __slots__ = ("arguments", "name", "of")

    def __init__(self, of: Type | None, name: Name, arguments: tuple[Type, ...], start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.arguments = arguments
        self.start = start
        self.end = end


class TypeMember(Node):
    """``of.name``."""

    __slots__ = ("name", "of")

    def __init__(self, of: Type, name: str, start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.start = start
        self.end = end


class TypeIndex(Node):
    """``of[1]`` of a tuple."""

    __slots__ = ("index", "of")

    def __init__(self, of: Type, index: Expression, start: int, end: int) -> None:
        self.of = of
        self.index = index
        self.start = start
        self.end = end


class TypeElement(Node):
    """``of[*]``: the type of an array's items, or ``of.*``: that of an object's additional properties."""

    __slots__ = ("of",)

    def __init__(self, of: Type, start: int, end: int) -> None:
        self.of = of
        self.start = start
        self.end = end


class ArrayType(Node):
    """``of[]``."""

    __slots__ = ("of",)

    def __init__(self, of: Type, start: int, end: int) -> None:
        self.of = of
        self.start = start
        self.end = end


class NullableType(Node):
    """``of?``."""

    __slots__ = ("of",)

    def __init__(self, of: Type, start: int, end: int) -> None:
        self.of = of
        self.start = start
        self.end = end


class UnionType(Node):
    """``a | b``."""

    __slots__ = ("members",)

    def __init__(self, members: tuple[Type, ...], start: int, end: int) -> None:
        self.members = members
        self.start = start
        self.end = end


class PropertyType(Node):
    """``key: type`` in an object type; the key is None for ``*``, the additional properties."""

    __slots__ = ("decorators", "key", "type")

    def __init__(self, decorators: tuple[Decorator, ...], key: str | None, type_: Type, start: int, end: int) -> None:
        self.decorators = decorators
        self.key = key
        self.type = type_
        self.start = start
        self.end = end


class ObjectType(Node):
    """``{ key: type }``."""

    __slots__ = ("properties",)

    def __init__(self, properties: tuple[PropertyType, ...], start: int, end: int) -> None:
        self.properties = properties
        self.start = start
        self.end = end


class TupleItem(Node):
    """One item of a tuple type."""

    __slots__ = ("decorators", "type")

    def __init__(self, decorators: tuple[Decorator, ...], type_: Type, start: int, end: int) -> None:
        self.decorators = decorators
        self.type = type_
        self.start = start
        self.end = end


class TupleType(Node):
    """``[a, b]`` as a type."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[TupleItem, ...], start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class ResourceType(Node):
    """``resource 'type@version'`` as the type of a parameter or output; the string may be missing in an output."""

    __slots__ = ("type",)

    def __init__(self, type_: Literal | Template | None, start: int, end: int) -> None:
        self.type = type_
        self.start = start
        self.end = end


Type: TypeAlias = (
    "Name | Literal | Template | Unary | Parens | NonNull | TypeCall | TypeMember | TypeIndex | TypeElement | ArrayType"
    " | NullableType | UnionType | ObjectType | TupleType | ResourceType"
)


# Statements


class Decorator(Node):
    """``@name(args)`` or ``@sys.name(args)``; ``call`` is a bare name where the parentheses are missing."""

    __slots__ = ("call",)

    def __init__(self, call: Call | Name | Property, start: int, end: int) -> None:
        self.call = call
        self.start = start
        self.end = end


class TargetScope(Node):
    """``targetScope = value``."""

    __slots__ = ("decorators", "value")

    def __init__(self, decorators: tuple[Decorator, ...], value: Expression, start: int, end: int) -> None:
        self.decorators = decorators
        self.value = value
        self.start = start
        self.end = end


class Assignment(Node):
    """``keyword name = value``: ``metadata``, ``assert``, and ``param`` in a parameters file."""

    __slots__ = ("decorators", "keyword", "name", "value")

    def __init__(
        self, decorators: tuple[Decorator, ...], keyword: str, name: Name, value: Expression, start: int, end: int
    ) -> None:
        self.decorators = decorators
        self.keyword = keyword
        self.name = name
        self.value = value
        self.start = start
        self.end = end


class Param(Node):
    """``param name type = default``."""

    __slots__ = ("decorators", "default", "name", "type")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        name: Name,
        type_: Type,
        default: Expression | None,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.type = type_
        self.default = default
        self.start = start
        self.end = end


class Var(Node):
    """``var name type = value``; the type may be missing."""

    __slots__ = ("decorators", "name", "type", "value")

    def __init__(
        self, decorators: tuple[Decorator, ...], name: Name, type_: Type | None, value: Expression, start: int, end: int
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.type = type_
        self.value = value
        self.start = start
        self.end = end


class TypeDeclaration(Node):
    """``type name = type``."""

    __slots__ = ("decorators", "name", "type")

    def __init__(self, decorators: tuple[Decorator, ...], name: Name, type_: Type, start: int, end: int) -> None:
        self.decorators = decorators
        self.name = name
        self.type = type_
        self.start = start
        self.end = end


class Func(Node):
    """``func name(param type, …) result => body``."""

    __slots__ = ("body", "decorators", "name", "params", "result")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        name: Name,
        params: tuple[tuple[Name, Type], ...],
        result: Type,
        body: Expression,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.params = params
        self.result = result
        self.body = body
        self.start = start
        self.end = end


class Output(Node):
    """``output name type = value``."""

    __slots__ = ("decorators", "name", "type", "value")

    def __init__(
        self, decorators: tuple[Decorator, ...], name: Name, type_: Type, value: Expression, start: int, end: int
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.type = type_
        self.value = value
        self.start = start
        self.end = end


class Resource(Node):
    """``resource name 'type@version' existing = body``; the body is an Object, an If or a For."""

    __slots__ = ("body", "decorators", "existing", "name", "type")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        name: Name,
        type_: Literal | Template,
        existing: bool,
        body: Object | If | For,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.type = type_
        self.existing = existing
        self.body = body
        self.start = start
        self.end = end


class Module(Node):
    """``module name 'path' = body``; ``test`` statements have the same form."""

    __slots__ = ("body", "decorators", "keyword", "name", "path")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        keyword: str,
        name: Name,
        path: Literal | Template,
        body: Object | If | For,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.keyword = keyword
        self.name = name
        self.path = path
        self.body = body
        self.start = start
        self.end = end


class ImportName(Node):
    """``name`` or ``name as alias`` in an import; ``alias`` is what it is called here."""

    __slots__ = ("alias", "name")

    def __init__(self, name: str, alias: Name, start: int, end: int) -> None:
        self.name = name
        self.alias = alias
        self.start = start
        self.end = end


class Import(Node):
    """``import {names} from path``; ``import * as all from path`` has no names."""

    __slots__ = ("all", "decorators", "names", "path")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        names: tuple[ImportName, ...],
        all_: Name | None,
        path: Literal | Template,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.names = names
        self.all = all_
        self.path = path
        self.start = start
        self.end = end


class Extension(Node):
    """``extension specification with config as alias``; ``provider`` and ``import 'x@1' as y`` are older spellings."""

    __slots__ = ("alias", "config", "decorators", "specification")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        specification: Name | Literal | Template,
        config: Expression | None,
        alias: Name | None,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.specification = specification
        self.config = config
        self.alias = alias
        self.start = start
        self.end = end


class Using(Node):
    """``using 'path' with config`` of a parameters file; the path is None for ``using none``."""

    __slots__ = ("config", "decorators", "path")

    def __init__(
        self,
        decorators: tuple[Decorator, ...],
        path: Literal | Template | None,
        config: Expression | None,
        start: int,
        end: int,
    ) -> None:
        self.decorators = decorators
        self.path = path
        self.config = config
        self.start = start
        self.end = end


class Extends(Node):
    """``extends 'path'`` of a parameters file."""

    __slots__ = ("decorators", "path")

    def __init__(self, decorators: tuple[Decorator, ...], path: Literal | Template, start: int, end: int) -> None:
        self.decorators = decorators
        self.path = path
        self.start = start
        self.end = end


class ExtensionConfig(Node):
    """``extensionConfig name with config`` of a parameters file."""

    __slots__ = ("config", "decorators", "name")

    def __init__(
        self, decorators: tuple[Decorator, ...], name: Name, config: Expression | None, start: int, end: int
    ) -> None:
        self.decorators = decorators
        self.name = name
        self.config = config
        self.start = start
        self.end = end


Statement: TypeAlias = (
    TargetScope
    | Assignment
    | Param
    | Var
    | TypeDeclaration
    | Func
    | Output
    | Resource
    | Module
    | Import
    | Extension
    | Using
    | Extends
    | ExtensionConfig
)
