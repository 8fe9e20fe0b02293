"""`strings.render_template`: templates of Go, as far as they read values, choose and repeat.

Known: `{{.a.b}}`, `{{$x}}`, `{{$x.a}}`, `{{$x := …}}`, `{{if}}`, `{{else if}}`, `{{else}}`, `{{with}}`,
`{{range $i, $x := …}}`, `{{end}}`, comments, and `-` to trim. Anything else (functions, pipes, templates in templates)
is an error of the policy: a text that lacks a part would be worse.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.packs.rego.builtins.operands import mapping, string, type_name

_ACTION = re.compile(r"\{\{(-\s)?\s*(/\*.*?\*/|.*?)\s*(\s-)?\}\}", re.DOTALL)
_OPERAND = re.compile(r"(\$\w*)?((?:\.\w+)*)|\.|(?P<literal>\"[^\"\\]*\"|-?\d+(?:\.\d+)?|true|false|nil)")
_RANGE = re.compile(r"(?:(?:(\$\w+)\s*,\s*)?(\$\w+)\s*:=\s*)?(\S+)")
_ASSIGN = re.compile(r"(\$\w+)\s*:?=\s*(\S+)")
_WORDS = ("if", "with", "range", "else", "end")

_MISSING = "<no value>"


class _Node(NamedTuple):
    """A text, an output, an assignment, or a block with its two bodies."""

    kind: str
    argument: str
    body: "list[_Node]"
    otherwise: "list[_Node]"


def render_template(template: object, variables: object) -> str:
    """Return the text of a template for the given variables; a value that is missing shows as `<undefined>`."""
    parts = _parts(string(template, 1))
    nodes, end = _parse(parts)
    if end:
        raise ValueError(f"template: unexpected {{{{{end}}}}}")
    root = mapping(variables, 2)
    return "".join(_render(nodes, root, {"$": root})).replace(_MISSING, "<undefined>")


def _parts(template: str) -> Iterator[tuple[str, str]]:
    """Yield texts and actions in turn."""
    at, trim = 0, False
    for action in _ACTION.finditer(template):
        text = template[at : action.start()]
        text = text.lstrip() if trim else text
        yield "text", text.rstrip() if action[1] else text
        if not action[2].startswith("/*"):
            yield "action", action[2]
        at, trim = action.end(), bool(action[3])
    rest = template[at:]
    if "{{" in rest:
        raise ValueError("template: unclosed action")
    yield "text", rest.lstrip() if trim else rest


def _parse(parts: Iterator[tuple[str, str]]) -> tuple[list[_Node], str]:
    """Return the nodes up to the action that ends their block, and that action; it is empty at the end."""
    nodes: list[_Node] = []
    for kind, content in parts:
        word, _, argument = content.partition(" ")
        if kind == "text":
            nodes.append(_Node("text", content, [], []))
        elif word in ("else", "end"):
            return nodes, content
        elif word in _WORDS:
            nodes.append(_block(parts, word, argument.strip()))
        elif _ASSIGN.fullmatch(content):
            nodes.append(_Node("assign", content, [], []))
        else:
            nodes.append(_Node("output", content, [], []))
    return nodes, ""


def _block(parts: Iterator[tuple[str, str]], word: str, argument: str) -> _Node:
    body, end = _parse(parts)
    otherwise: list[_Node] = []
    if end.startswith("else "):
        inner, _, condition = end.removeprefix("else ").strip().partition(" ")
        if inner not in ("if", "with"):
            raise ValueError(f"template: unexpected {{{{{end}}}}}")
        return _Node(word, argument, body, [_block(parts, inner, condition.strip())])
    if end == "else":
        otherwise, end = _parse(parts)
    if end != "end":
        raise ValueError("template: unexpected EOF")
    return _Node(word, argument, body, otherwise)


def _render(nodes: list[_Node], dot: Any, variables: dict[str, Any]) -> Iterator[str]:
    scope = dict(variables)
    for kind, argument, body, otherwise in nodes:
        if kind == "text":
            yield argument
        elif kind == "output":
            yield _shown(_value(argument, dot, scope))
        elif kind == "assign":
            match = _ASSIGN.fullmatch(argument)
            assert match is not None, "an assignment was recognised by this pattern"
            scope[match[1]] = _value(match[2], dot, scope)
        elif kind == "range":
            yield from _render_range(argument, body, otherwise, dot, scope)
        else:
            value = _value(argument, dot, scope)
            chosen, inner = (body, value if kind == "with" else dot) if _is_true(value) else (otherwise, dot)
            yield from _render(chosen, inner, scope)


def _render_range(
    argument: str, body: list[_Node], otherwise: list[_Node], dot: Any, variables: dict[str, Any]
) -> Iterator[str]:
    match = _RANGE.fullmatch(argument)
    if match is None:
        raise ValueError(f"template: cannot range over {argument!r}")
    collection = _value(match[3], dot, variables)
    if isinstance(collection, dict):
        entries = sorted(collection.items())
    elif isinstance(collection, list):
        entries = list(enumerate(collection))
    elif collection is None or collection == _MISSING:
        entries = []
    else:
        raise ValueError(f"template: range can't iterate over {_shown(collection)}")
    for key, value in entries:
        scope = variables | ({match[1]: key} if match[1] else {}) | ({match[2]: value} if match[2] else {})
        yield from _render(body, value, scope)
    if not entries:
        yield from _render(otherwise, dot, variables)


def _value(operand: str, dot: Any, variables: dict[str, Any]) -> Any:
    match = _OPERAND.fullmatch(operand)
    if match is None or not operand:
        raise ValueError(f"template: {operand!r} is not supported")
    if match["literal"]:
        return _literal(match["literal"])
    if match[1] and match[1] not in variables:
        raise ValueError(f"template: undefined variable {match[1]!r}")
    value = variables[match[1]] if match[1] else dot
    for name in (match[2] or "").split(".")[1:]:
        if value == _MISSING or value is None:
            raise ValueError(f"template: nil data; no entry for key {name!r}")
        if not isinstance(value, dict):
            raise ValueError(f"template: can't evaluate field {name} in type {type_name(value)}")  # noqa: TRY004
        value = value.get(name, _MISSING)
    return value


def _literal(text: str) -> Any:
    if text[0] == '"':
        return text[1:-1]
    words = {"true": True, "false": False, "nil": None}
    return words[text] if text in words else float(text) if "." in text else int(text)


def _is_true(value: Any) -> bool:
    return value != _MISSING and bool(value)


def _shown(value: Any) -> str:
    """Return a value as Go prints it."""
    if value is None:
        return _MISSING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{_shown(key)}:{_shown(each)}' for key, each in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(_shown, value))}]"
    return str(value)
