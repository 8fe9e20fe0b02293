"""Compiling: what an expression refers to, whether it varies, and where its faults are."""

import pytest

from scanner.sources.terraform.evaluation import ExpressionError, Reference, compile_expression
from scanner.sources.terraform.syntax import SyntaxFault, parse_expression
from tests.sources.terraform.evaluation.expressions import value_of


def compiled(text: str):
    node = parse_expression(text)
    assert not isinstance(node, SyntaxFault)
    return compile_expression(node)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("1 + 2", []),
        ("var.a.b[var.c]", [("var", "a", ""), ("var", "c", "")]),
        ("local.x ? local.y : local.x", [("local", "x", ""), ("local", "y", "")]),
        ("azurerm_subnet.web.id", [("resource", "azurerm_subnet.web", "")]),
        ("resource.azurerm_subnet.web.id", [("resource", "azurerm_subnet.web", "")]),
        ("data.azurerm_subnet.web[0].id", [("resource", "data.azurerm_subnet.web", "")]),
        ("module.a.out", [("module", "a", "out")]),
        ("module.a[0].out.x", [("module", "a", "out")]),
        ('module.a["k"].out', [("module", "a", "out")]),
        ("module.a[each.key].out", [("module", "a", "")]),
        ("module.a[*].out", [("module", "a", "")]),
        ("module.a", [("module", "a", "")]),
        ("[for var in local.l : var.x]", [("local", "l", "")]),
        ("[for data in local.l : data.x.y]", [("local", "l", "")]),
        ("{for k, module in local.l : k => module.a.b}", [("local", "l", "")]),
        ('"${var.a} %{ if var.b }${var.c}%{ endif }"', [("var", "a", ""), ("var", "b", ""), ("var", "c", "")]),
        ("path.module", []),
        ("terraform.workspace", []),
        ("each.value.x", []),
    ],
)
def test_references_are_what_has_to_be_evaluated_first(text: str, references: list[tuple[str, str, str]]) -> None:
    assert list(compiled(text).references) == [Reference(*reference) for reference in references]


@pytest.mark.parametrize(
    ("text", "varies"),
    [
        ("each.key", True),
        ("var.x[count.index]", True),
        ("self.id", True),
        ("uuid()", True),
        ("var.x", False),
        ("[for each in [1] : each]", False),
        ("upper(local.x)", False),
    ],
)
def test_what_differs_between_instances_varies(text: str, varies: bool) -> None:
    assert compiled(text).varies is varies


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ('1 + [2, "x" * 3][1]', '"x" * 3', "unsuitable value for left operand: a number is required"),
        ("[1, 2][5]", "[1, 2][5]", "the given index is greater than or equal to the length of the collection"),
        ("[for x in 5 : x]", "5", "number has no elements to iterate over"),
        ("[for x in null : x]", "null", "a null value has no elements to iterate over"),
        ('[for x in [1] : x if "maybe"]', '"maybe"', "the condition of a for expression has to be true or false: "),
        ("5 ? 1 : 2", "5", "the condition has to be true or false: a bool is required"),
        ("null ? 1 : 2", "null", "the condition has to be true or false: argument must not be null"),
        ("{ (null) = 1 }", "(null)", "a key is null"),
        ("{ ([]) = 1 }", "([])", "a key has to be text: "),
        ("upper([])", "[]", "upper: a string is required"),
        ("upper()", "upper()", "upper: wrong number of arguments"),
        ("max(5...)", "5", "only a list, a tuple or a set can be expanded into arguments"),
        ("can(1, 2)", "can(1, 2)", "can: it takes one argument"),
        ("try()", "try()", "try: it needs at least one argument"),
        ('try(1 + "x", [][0])', 'try(1 + "x", [][0])', "try: none of its arguments can be evaluated: "),
        ("var", "var", "a variable's name has to follow: var.name"),
        ("data.a", "data.a", "type and name have to follow: data.type.name"),
        ("each.nope", "each.nope", "each has no attribute nope"),
        ("each.key", "each.key", "each.key is there only in blocks with for_each"),
        ("count.index", "count.index", "count.index is there only in blocks with count"),
        ("self.x", "self", "self is there only in"),
        ("path.nope", "path.nope", "no path nope is declared"),
        ("something", "something", "a reference has to have at least two parts, something.name"),
        ('"a ${null}"', "null", "a value in a template is null"),
        ('"a ${[]}"', "[]", "cannot include the given value in a string template"),
        ('{for x in [1, 1] : "k" => x}', '"k"', 'two elements have the key "k"'),
        (
            "true ? [1] : { a = 1 }",
            "true ? [1] : { a = 1 }",
            "the two results of the conditional have no type in common",
        ),
    ],
)
def test_a_fault_names_its_cause_and_the_part_at_fault(text: str, part: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value_of(text)
    assert message in caught.value.message
    assert text[caught.value.node.start : caught.value.node.end] == part


def test_the_deepest_tree_that_the_parser_makes_is_evaluated() -> None:
    assert value_of("(" * 90 + "1" + ")" * 90) == 1
    assert value_of("[" * 90 + "1" + "]" * 90) is not None
    assert value_of(" + ".join(["1"] * 150)) == 150


def test_text_is_bounded() -> None:
    long = "x" * 500
    with pytest.raises(ExpressionError, match="the text is longer than 16777216 characters"):
        value_of(f'"%{{ for a in range(200) }}%{{ for b in range(200) }}{long}%{{ endfor }}%{{ endfor }}"')
