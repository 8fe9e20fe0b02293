"""Type constraints of variables: what they read as, and what becomes of a value under them."""

from collections.abc import Sequence
from typing import Any

import pytest

from scanner.sources.terraform import syntax
from scanner.sources.terraform.syntax import nodes
from scanner.sources.terraform.values import Sensitive, Unknown, ValueFault
from scanner.sources.terraform.values.constraints import Constraint, conform, parse_constraint
from tests.tools.terraform_console import difference, evaluate, literal

NESTED = "object({a = string, n = optional(object({x = optional(number, 5), y = optional(string)}), {})})"
CASES: Sequence[tuple[str, Any]] = (
    ("string", 5),
    ("number", "1.50"),
    ("bool", "true"),
    ("any", (1, "a")),
    ("list(string)", (1, "a", None)),
    ("list(any)", (1, "a")),
    ("set(number)", ("2", 1, 1)),
    ("map(string)", {"b": 1, "a": True}),
    ("map(any)", {"b": 1, "a": "x"}),
    ("tuple([string, number])", (1, "2")),
    ("object({a = string})", {"a": 1, "extra": 2}),
    ("object({a = optional(string)})", {}),
    ('object({a = optional(string, "d")})', {}),
    ('object({a = optional(string, "d")})', {"a": None}),
    ('object({a = optional(string, "d"), b = optional(list(string), [])})', {"a": "x"}),
    (NESTED, {"a": "q"}),
    (NESTED, {"a": "q", "n": {"y": "z"}}),
    (NESTED, {"a": "q", "n": None}),
    (f"map({NESTED})", {"k": {"a": 1}, "l": {"a": 2, "n": {"x": "7"}}}),
    (f"list({NESTED})", ({"a": 1}, {"a": 2, "n": {"x": "7"}})),
    (f"set({NESTED})", ({"a": 1}, {"a": 2})),
    (f"tuple([{NESTED}])", ({"a": 1},)),
    ("list(object({a = string, b = optional(bool, true)}))", ()),
    ("map(list(string))", {"a": ("x", 1), "b": ()}),
    ("object({a = any})", {"a": (1,)}),
    ("list(list(any))", ((1,), ("a",))),
    ("string", None),
    ("object({a = string, m = optional(map(object({z = optional(number, 1)})), {k = {}})})", {"a": "x"}),
)
REFUSED: Sequence[tuple[str, Any]] = (
    ("number", "x"),
    ("string", ()),
    ("bool", 1),
    ("list(number)", ("x",)),
    ("map(string)", {"a": ()}),
    ("object({a = string})", {}),
    ("object({a = string})", {"a": ()}),
    ("tuple([string])", ()),
    ("tuple([string])", ("a", "b")),
    ("set(string)", "a"),
    ("list(string)", {}),
)


def evaluated(node: nodes.Expression) -> Any:
    match node:
        case nodes.Literal():
            return node.value
        case nodes.TupleCons():
            return tuple(map(evaluated, node.items))
        case nodes.ObjectCons():
            return {key.value: evaluated(value) for key, value in node.items if isinstance(key, nodes.Literal)}
    raise AssertionError(node)


def constraint(text: str) -> Constraint:
    node = syntax.parse_expression(text)
    assert not isinstance(node, syntax.SyntaxFault)
    return parse_constraint(node, evaluated)


@pytest.mark.slow
def test_variables_hold_what_they_hold_in_terraform() -> None:
    variables = "".join(
        f'variable "v{index}" {{\n  type = {kind}\n  default = {literal(value)}\n}}\n'
        for index, (kind, value) in enumerate(CASES)
    )
    answers = evaluate([f"var.v{index}" for index in range(len(CASES))], files={"variables.tf": variables})
    found = {
        f"{kind} <- {literal(value)}": problem
        for (kind, value), answer in zip(CASES, answers, strict=True)
        if (problem := difference(conform(value, constraint(kind)), answer))
    }
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_variables_refuse_what_terraform_refuses(kind: str, value: Any) -> None:
    variable = f'variable "v" {{\n  type = {kind}\n  default = {literal(value)}\n}}\n'
    (answer,) = evaluate(["var.v"], files={"variables.tf": variable})
    assert not answer.ok
    with pytest.raises(ValueFault):
        conform(value, constraint(kind))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strin", 'the keyword "strin" is not a valid type specification'),
        ("list", 'the keyword "list" is not a valid type specification'),
        ("list()", "the type constructor list takes one argument"),
        ("list(string, string)", "the type constructor list takes one argument"),
        ("foo(string)", 'the keyword "foo" is not a valid type constructor'),
        ("object(string)", "requires a map of attribute names and types"),
        ("tuple(string)", "requires a list of element types"),
        ("object({a = optional()})", "optional takes the attribute's type"),
        ("object({a = string, a = string})", "must be unique"),
        ('object({a = optional(number, "x")})', 'the default value of attribute "a" does not fit its type'),
        ("5", "a type is a keyword"),
    ],
)
def test_what_is_no_type_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueFault, match=message):
        constraint(text)


def test_the_quoted_types_of_old_are_read() -> None:
    assert repr(constraint('"string"').type) == "string"
    assert repr(constraint('"list"').type) == "list(any)"
    assert repr(constraint('"map"').type) == "map(any)"


def test_unknown_and_hidden_values_keep_what_they_are() -> None:
    unknown = Unknown("no value", "var.x")
    kind = constraint('object({a = string, b = optional(string, "d")})')
    assert conform(unknown, kind) is unknown
    assert conform({"a": unknown}, kind) == {"a": unknown, "b": "d"}
    hidden = conform(Sensitive({"a": 1}), kind)
    assert isinstance(hidden, Sensitive)
    assert hidden.value == {"a": "1", "b": "d"}
