"""Generated expressions as text, and our value of one."""

from typing import Any

from hypothesis import strategies as st

from scanner.sources.terraform.configuration.constants import compile_with, evaluate_with
from scanner.sources.terraform.evaluation import ExpressionError
from scanner.sources.terraform.syntax import SyntaxFault, parse_expression

NAMES = {
    "obj": '{ a = 1, b = "two", c = [true, null], d = { a = "x" } }',
    "list": 'tolist(["b", "a", "b"])',
    "tup": '[1, "a", { a = 2 }]',
    "map": "tomap({ x = 1, y = 2 })",
    "set": 'toset(["q", "p"])',
    "num": "2",
    "text": '"héllo"',
    "yes": "true",
    "nothing": "null",
    "rows": '[{ a = "r1", n = 1 }, { a = "r2", n = 2 }]',
}
"""Names that an expression may use: locals of Terraform, variables of ours."""


def declarations() -> str:
    """Return the names as `locals` for Terraform."""
    return "locals {\n" + "".join(f"  {name} = {text}\n" for name, text in NAMES.items()) + "}\n"


def value_of(text: str, more: dict[str, Any] | None = None) -> Any:
    """Return our value of an expression; raises ExpressionError. `local.x` is read as the bare name `local_x`."""
    node = parse_expression(text.replace("local.", "local_"))
    assert not isinstance(node, SyntaxFault), (text, node)
    known = {f"local_{name}": _constant(written) for name, written in NAMES.items()} | (more or {})
    return evaluate_with(compile_with(node, tuple(known)), known, None)


def _constant(text: str) -> Any:
    node = parse_expression(text)
    assert not isinstance(node, SyntaxFault)
    return evaluate_with(compile_with(node, ()), {}, None)


def is_rejected(text: str) -> bool:
    try:
        value_of(text)
    except ExpressionError:
        return True
    return False


_LEAVES = st.sampled_from(
    [
        *(f"local.{name}" for name in NAMES),
        *("0", "1", "2", "-1", "1.5", "1e2", '"a"', '"b"', '"1"', '"true"', '""', "true", "false", "null", "[]", "{}"),
    ]
)
_BINARY = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"])
_KEYS = st.sampled_from(["a", "b", "x", "k1", '"a b"', "5"])
_ATTRIBUTES = st.sampled_from(["a", "b", "c", "d", "x", "n"])
_CALLS = {
    1: "length keys values tostring tonumber tobool toset tolist tomap jsonencode upper flatten sort distinct compact "
    "reverse sum can one alltrue trimspace coalesce try max concat merge type_free",
    2: "contains lookup element join merge concat try coalesce max min setunion setproduct split format zipmap",
    3: "try lookup coalesce slice merge substr replace",
}
_CALL_NAMES = {count: [name for name in names.split() if name != "type_free"] for count, names in _CALLS.items()}


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*parts).map(lambda filled: template.format(*filled))

    def call(count: int) -> st.SearchStrategy[str]:
        names = st.sampled_from(_CALL_NAMES[count])
        return joined("{}(" + ", ".join(["{}"] * count) + ")", names, *([inner] * count))

    return st.one_of(
        joined("({} {} {})", inner, _BINARY, inner),
        joined("({} {} {})", inner, _BINARY, inner),
        joined("!{}", inner),
        joined("-({})", inner),
        # Of a branch at fault Terraform still uses the type, in ways that are not followed here to the end.
        joined('({} ? try({}, "z") : try({}, "z"))', inner, inner, inner),
        joined('(true ? {} : try({}, "z"))', inner, inner),
        joined('(local.num > 3 ? try({}, "z") : {})', inner, inner),
        joined("[{}]", inner),
        joined("[{}, {}]", inner, inner),
        joined("{{ {} = {} }}", _KEYS, inner),
        joined("{{ {} = {}, ({}) = {} }}", _KEYS, inner, inner, inner),
        joined("({})[{}]", inner, inner),
        joined("({}).{}", inner, _ATTRIBUTES),
        joined("({})[*]", inner),
        joined("({})[*].{}", inner, _ATTRIBUTES),
        joined("({}).*.{}", inner, _ATTRIBUTES),
        joined("[for v in {} : v]", inner),
        joined("[for k, v in {} : [k, {}]]", inner, inner),
        joined("[for k, v in {} : v if {}]", inner, inner),
        joined("{{for k, v in {} : k => v}}", inner),
        joined("{{for k, v in {} : v => {}}}", inner, inner),
        joined("{{for k, v in {} : {} => k...}}", inner, inner),
        joined('"<${{{}}}>"', inner),
        joined('"${{{}}}"', inner),
        joined('"%{{ if {} }}y%{{ else }}${{{}}}%{{ endif }}"', inner, inner),
        joined('"%{{ for v in {} }}[${{v}}]%{{ endfor }}"', inner),
        joined("concat({}...)", inner),
        call(1),
        call(2),
        call(3),
    )


expressions = st.recursive(_LEAVES, _extend, max_leaves=8)
"""Any expression, well typed or not."""
