"""The syntax tree of HCL: what was written, before anything is evaluated.

Every node has ``start`` and ``end``: offsets in code points into the text of its file, ``end`` one past the last.
Line and column are found from an offset when somebody asks. Nodes know nothing of values, scopes or files.
Source: the HCL native syntax specification (hashicorp/hcl, hclsyntax/spec.md).
"""

from typing import Any, TypeAlias


class Node:
    """A stretch of source text with a meaning."""

    __slots__ = ("end", "start")

    start: int
    end: int


class Literal(Node):
    """A number, a boolean, ``null``, or text without interpolation."""

    __slots__ = ("value",)

    def __init__(self, value: Any, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Template(Node):
    """A quoted string or heredoc with interpolations or directives; its value is always text."""

    __slots__ = ("parts",)

    def __init__(self, parts: "tuple[TemplatePart, ...]", start: int, end: int) -> None:
        self.parts = parts
        self.start = start
        self.end = end


class TemplateWrap(Node):
    """A string that is nothing but one interpolation, ``"${x}"``: the value of ``x``, whatever its type."""

    __slots__ = ("inner",)

    def __init__(self, inner: "Expression", start: int, end: int) -> None:
        self.inner = inner
        self.start = start
        self.end = end


class TemplateIf(Node):
    """``%{ if test }then%{ else }otherwise%{ endif }`` inside a template."""

    __slots__ = ("otherwise", "test", "then")

    def __init__(
        self,
        test: "Expression",
        then: "tuple[TemplatePart, ...]",
        otherwise: "tuple[TemplatePart, ...]",
        start: int,
        end: int,
    ) -> None:
        self.test = test
        self.then = then
        self.otherwise = otherwise
        self.start = start
        self.end = end


class TemplateFor(Node):
    """``%{ for key, value in collection }parts%{ endfor }`` inside a template; ``key`` is empty where none is named."""

    __slots__ = ("collection", "key", "parts", "value")

    def __init__(
        self,
        key: str,
        value: str,
        collection: "Expression",
        parts: "tuple[TemplatePart, ...]",
        start: int,
        end: int,
    ) -> None:
        self.key = key
        self.value = value
        self.collection = collection
        self.parts = parts
        self.start = start
        self.end = end


class Name(Node):
    """A bare identifier at the root of a reference: ``var``, ``local``, ``azurerm_subnet``, a for-variable."""

    __slots__ = ("name",)

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name = name
        self.start = start
        self.end = end


class GetAttr(Node):
    """``of.name``; the legacy ``of.0`` is an :class:`Index` with a number."""

    __slots__ = ("name", "of")

    def __init__(self, of: "Expression", name: str, start: int, end: int) -> None:
        self.of = of
        self.name = name
        self.start = start
        self.end = end


class Index(Node):
    """``of[key]``."""

    __slots__ = ("key", "of")

    def __init__(self, of: "Expression", key: "Expression", start: int, end: int) -> None:
        self.of = of
        self.key = key
        self.start = start
        self.end = end


class SplatItem(Node):
    """The current element of the nearest enclosing :class:`Splat`."""

    __slots__ = ()

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Splat(Node):
    """``of[*].a[0]`` (full) or ``of.*.a`` (attribute only): ``each`` is evaluated for every element of ``of``.

    ``each`` is a chain of :class:`GetAttr` and :class:`Index` over a :class:`SplatItem`. After ``.*`` only attribute
    steps belong to it; an index that follows applies to the whole result.
    """

    __slots__ = ("each", "of")

    def __init__(self, of: "Expression", each: "Expression", start: int, end: int) -> None:
        self.of = of
        self.each = each
        self.start = start
        self.end = end


class Call(Node):
    """``name(args…)``; ``expand`` where the last argument is followed by ``...``. ``provider::x::y`` is one name."""

    __slots__ = ("args", "expand", "name")

    def __init__(self, name: str, args: "tuple[Expression, ...]", expand: bool, start: int, end: int) -> None:
        self.name = name
        self.args = args
        self.expand = expand
        self.start = start
        self.end = end


class Unary(Node):
    """``-operand`` or ``!operand``."""

    __slots__ = ("operand", "operator")

    def __init__(self, operator: str, operand: "Expression", start: int, end: int) -> None:
        self.operator = operator
        self.operand = operand
        self.start = start
        self.end = end


class Binary(Node):
    """``left operator right``; the operator as written: ``+ - * / % == != < <= > >= && ||``."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: "Expression", right: "Expression", start: int, end: int) -> None:
        self.operator = operator
        self.left = left
        self.right = right
        self.start = start
        self.end = end


class Conditional(Node):
    """``test ? then : otherwise``."""

    __slots__ = ("otherwise", "test", "then")

    def __init__(self, test: "Expression", then: "Expression", otherwise: "Expression", start: int, end: int) -> None:
        self.test = test
        self.then = then
        self.otherwise = otherwise
        self.start = start
        self.end = end


class Parens(Node):
    """``(inner)``: kept, because ``(key) = value`` and ``for_each = (x)`` mean something else without them."""

    __slots__ = ("inner",)

    def __init__(self, inner: "Expression", start: int, end: int) -> None:
        self.inner = inner
        self.start = start
        self.end = end


class TupleCons(Node):
    """``[a, b]``."""

    __slots__ = ("items",)

    def __init__(self, items: "tuple[Expression, ...]", start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class ObjectCons(Node):
    """``{ key = value, (expression) = value }``; a bare word as key is a :class:`Literal`."""

    __slots__ = ("items",)

    def __init__(self, items: "tuple[tuple[Expression, Expression], ...]", start: int, end: int) -> None:
        self.items = items
        self.start = start
        self.end = end


class ForTuple(Node):
    """``[for key, value in collection : result if condition]``; ``key`` is empty where none is named."""

    __slots__ = ("collection", "condition", "key", "result", "value")

    def __init__(
        self,
        key: str,
        value: str,
        collection: "Expression",
        result: "Expression",
        condition: "Expression | None",
        start: int,
        end: int,
    ) -> None:
        self.key = key
        self.value = value
        self.collection = collection
        self.result = result
        self.condition = condition
        self.start = start
        self.end = end


class ForObject(Node):
    """``{for key, value in collection : name => result... if condition}``; ``group`` where ``...`` is written."""

    __slots__ = ("collection", "condition", "group", "key", "name", "result", "value")

    def __init__(
        self,
        key: str,
        value: str,
        collection: "Expression",
        name: "Expression",
        result: "Expression",
        condition: "Expression | None",
        group: bool,
        start: int,
        end: int,
    ) -> None:
        self.key = key
        self.value = value
        self.collection = collection
        self.name = name
        self.result = result
        self.condition = condition
        self.group = group
        self.start = start
        self.end = end


TemplatePart: TypeAlias = "str | Expression | TemplateIf | TemplateFor"
Expression: TypeAlias = (
    "Literal | Template | TemplateWrap | Name | GetAttr | Index | SplatItem | Splat | Call | Unary | Binary"
    " | Conditional | Parens | TupleCons | ObjectCons | ForTuple | ForObject"
)


class Attribute(Node):
    """``name = value`` in a body; ``start`` is that of the name."""

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: "Expression", start: int, end: int) -> None:
        self.name = name
        self.value = value
        self.start = start
        self.end = end


class Block(Node):
    """``type "label" … { body }``; ``header_end`` is one past the last label."""

    __slots__ = ("body", "header_end", "labels", "type")

    def __init__(  # "type" is the word of the specification
        self,
        type: str,  # noqa: A002
        labels: tuple[str, ...],
        body: "Body",
        header_end: int,
        start: int,
        end: int,
    ) -> None:
        self.type = type
        self.labels = labels
        self.body = body
        self.header_end = header_end
        self.start = start
        self.end = end


class Body(Node):
    """What stands between braces, or in a whole file."""

    __slots__ = ("attributes", "blocks")

    def __init__(self, attributes: dict[str, Attribute], blocks: list[Block], start: int, end: int) -> None:
        self.attributes = attributes
        self.blocks = blocks
        self.start = start
        self.end = end
