from typing import Any

import pytest

from scanner.sources.arm.program import Access, Call, Expression, Lambda, Literal, Local, Parameter, Variable
from scanner.sources.arm.syntax import MAX_DEPTH, MAX_LENGTH, parse_expression
from scanner.sources.arm.values import EvaluationError


def shown(node: Expression) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Access):
        return (shown(node.base), "?." if node.safe else ".", shown(node.key))
    if isinstance(node, (Parameter, Variable, Local)):
        return f"{type(node).__name__} {node.name}"
    if isinstance(node, Lambda):
        return ("lambda", node.parameters, shown(node.body))
    assert isinstance(node, Call)
    return (f"{node.namespace}.{node.name}".strip("."), *map(shown, node.arguments))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("'it''s'", "it's"),
        (" 12 ", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("TRUE", True),
        ("parameters('a')", "Parameter a"),
        ("Variables( 'a' )", "Variable a"),
        ("lambdaVariables('x')", "Local x"),
        ("parameters(concat('a','b'))", ("parameters", ("concat", "a", "b"))),
        ("parameters('a').b['c'][0]", (((("Parameter a"), ".", "b"), ".", "c"), ".", 0)),
        ("parameters('a')?.b[?0]", (("Parameter a", "?.", "b"), "?.", 0)),
        ("parameters('a').?b", ("Parameter a", "?.", "b")),
        ("contoso.name('a')", ("contoso.name", "a")),
        ("lambda('x', lambdaVariables('x'))", ("lambda", ("x",), "Local x")),
        ("lambda('x', 'y', 1)", ("lambda", ("x", "y"), 1)),
        ("concat('[', ')')", ("concat", "[", ")")),
        ("f()", ("f",)),
    ],
)
def test_reads(text: str, tree: Any) -> None:
    assert shown(parse_expression(text)) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a value is expected at character 2, not the end"),
        ("parameters('a'", "',' or ')' is expected at character 16, not the end"),
        ("concat('a' 'b')", "',' or ')' is expected at character 13, not ''b''"),
        ("storageName", "'(' is expected at character 13, not the end"),
        ("f() g()", "the end of the expression is expected at character 6, not 'g'"),
        ("f().", "the name of a property is expected at character 6, not the end"),
        ("f()[1", "']' is expected at character 7, not the end"),
        ("'open", "a value is expected at character 2, not '''"),
        ("a.b", "'(' is expected at character 5, not the end"),
        ("a.1", "the name of a function is expected at character 4, not '1'"),
    ],
)
def test_says_what_is_expected_where(text: str, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        parse_expression(text)

    assert raised.value.message == f"cannot read the expression: {message}"


@pytest.mark.parametrize(
    "text",
    [
        "not(" * (MAX_DEPTH + 1) + "true()" + ")" * (MAX_DEPTH + 1),
        "f()" + ".a" * (MAX_DEPTH + 1),
        "'" + "a" * MAX_LENGTH + "'",
    ],
)
def test_is_bounded(text: str) -> None:
    with pytest.raises(EvaluationError):
        parse_expression(text)
