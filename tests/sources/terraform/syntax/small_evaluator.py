"""Evaluates syntax trees without references, far enough to compare a parse with what ``terraform console`` says."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from scanner.sources.terraform.syntax import nodes as n

_BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: Fraction(a) / b,
    "%": lambda a, b: a - b * int(Fraction(a) / b),  # the sign is that of the dividend
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "&&": lambda a, b: a and b,
    "||": lambda a, b: a or b,
}


def evaluate(node: Any, scope: Mapping[str, Any]) -> Any:
    """Return the value of ``node``; ``scope`` holds the variables of for expressions."""
    return _EVALUATE[type(node)](node, scope)


def text(value: Any) -> str:
    """Return what a template writes for ``value``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return f"{float(value):.15g}"
    return str(value)


def _parts(parts: tuple[Any, ...], scope: Mapping[str, Any]) -> str:
    out = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, n.TemplateIf):
            out.append(_parts(part.then if evaluate(part.test, scope) else part.otherwise, scope))
        elif isinstance(part, n.TemplateFor):
            out.extend(_parts(part.parts, inner) for inner in _scopes(part, scope))
        else:
            out.append(text(evaluate(part, scope)))
    return "".join(out)


def _scopes(node: Any, scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    collection = evaluate(node.collection, scope)
    pairs = sorted(collection.items()) if isinstance(collection, dict) else enumerate(collection)
    return [{**scope, **({node.key: key} if node.key else {}), node.value: value} for key, value in pairs]


def _object_for(node: n.ForObject, scope: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for inner in _scopes(node, scope):
        if node.condition is not None and not evaluate(node.condition, inner):
            continue
        key, value = text(evaluate(node.name, inner)), evaluate(node.result, inner)
        if node.group:
            out.setdefault(key, []).append(value)
        else:
            out[key] = value
    return out


def _splat(node: n.Splat, scope: Mapping[str, Any]) -> list[Any]:
    return [evaluate(node.each, {**scope, "*": item}) for item in evaluate(node.of, scope)]


_EVALUATE: dict[type, Any] = {
    n.Literal: lambda node, scope: node.value,
    n.Template: lambda node, scope: _parts(node.parts, scope),
    n.TemplateWrap: lambda node, scope: evaluate(node.inner, scope),
    n.Parens: lambda node, scope: evaluate(node.inner, scope),
    n.Name: lambda node, scope: scope[node.name],
    n.SplatItem: lambda node, scope: scope["*"],
    n.GetAttr: lambda node, scope: evaluate(node.of, scope)[node.name],
    n.Index: lambda node, scope: evaluate(node.of, scope)[evaluate(node.key, scope)],
    n.Splat: _splat,
    n.Unary: lambda node, scope: (
        -evaluate(node.operand, scope) if node.operator == "-" else not evaluate(node.operand, scope)
    ),
    n.Binary: lambda node, scope: _BINARY[node.operator](evaluate(node.left, scope), evaluate(node.right, scope)),
    n.Conditional: lambda node, scope: evaluate(node.then if evaluate(node.test, scope) else node.otherwise, scope),
    n.TupleCons: lambda node, scope: [evaluate(item, scope) for item in node.items],
    n.ObjectCons: lambda node, scope: {text(evaluate(key, scope)): evaluate(value, scope) for key, value in node.items},
    n.ForTuple: lambda node, scope: [
        evaluate(node.result, inner)
        for inner in _scopes(node, scope)
        if node.condition is None or evaluate(node.condition, inner)
    ],
    n.ForObject: _object_for,
}
