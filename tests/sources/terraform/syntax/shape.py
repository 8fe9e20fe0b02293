"""Shows a syntax tree as one line of text, so that a test states a whole tree."""

from typing import Any

from scanner.sources.terraform.syntax import nodes as n


def shape(node: Any) -> str:
    """Return the tree below ``node``; parentheses show what belongs together, ``<x>`` those that were written."""
    return _SHAPES[type(node)](node)


def body_shape(body: n.Body) -> str:
    """Return a body: attributes, then blocks."""
    attributes = [f"{name}={shape(attribute.value)}" for name, attribute in body.attributes.items()]
    blocks = [f"{block.type}{list(block.labels) or ''}{{{body_shape(block.body)}}}" for block in body.blocks]
    return "; ".join([*attributes, *blocks])


def _literal(value: Any) -> str:
    return (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else repr(value)
    )


def _parts(parts: tuple[Any, ...]) -> str:
    return " ".join(repr(part) if isinstance(part, str) else shape(part) for part in parts)


def _names(node: Any) -> str:
    return f"{node.key}, {node.value}" if node.key else node.value


def _condition(node: Any) -> str:
    return f" if {shape(node.condition)}" if node.condition is not None else ""


_SHAPES: dict[type, Any] = {
    n.Literal: lambda x: _literal(x.value),
    n.Template: lambda x: f"T({_parts(x.parts)})",
    n.TemplateWrap: lambda x: f"wrap({shape(x.inner)})",
    n.TemplateIf: lambda x: f"if({shape(x.test)} then {_parts(x.then)} else {_parts(x.otherwise)})",
    n.TemplateFor: lambda x: f"for({_names(x)} in {shape(x.collection)}: {_parts(x.parts)})",
    n.Name: lambda x: x.name,
    n.GetAttr: lambda x: f"{shape(x.of)}.{x.name}",
    n.Index: lambda x: f"{shape(x.of)}[{shape(x.key)}]",
    n.SplatItem: lambda x: "@",
    n.Splat: lambda x: f"{shape(x.of)}[*]({shape(x.each)})",
    n.Call: lambda x: f"{x.name}({', '.join(map(shape, x.args))}{'...' if x.expand else ''})",
    n.Unary: lambda x: f"({x.operator}{shape(x.operand)})",
    n.Binary: lambda x: f"({shape(x.left)} {x.operator} {shape(x.right)})",
    n.Conditional: lambda x: f"({shape(x.test)} ? {shape(x.then)} : {shape(x.otherwise)})",
    n.Parens: lambda x: f"<{shape(x.inner)}>",
    n.TupleCons: lambda x: f"[{', '.join(map(shape, x.items))}]",
    n.ObjectCons: lambda x: "{" + ", ".join(f"{shape(key)}: {shape(value)}" for key, value in x.items) + "}",
    n.ForTuple: lambda x: f"[for {_names(x)} in {shape(x.collection)}: {shape(x.result)}{_condition(x)}]",
    n.ForObject: lambda x: (
        f"{{for {_names(x)} in {shape(x.collection)}: {shape(x.name)} => {shape(x.result)}"
        f"{'...' if x.group else ''}{_condition(x)}}}"
    ),
}
