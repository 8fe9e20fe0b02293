"""What every call has in common: names, counts of arguments, Unknown and hidden values."""

from typing import Any

import pytest

from scanner.sources.terraform import functions
from scanner.sources.terraform.values import ListValue, Sensitive, SetValue, Unknown
from scanner.sources.terraform.values.types import STRING
from tests.sources.terraform.functions.cases import CASES
from tests.tools.terraform_console import metadata

U = Unknown("var.x has no value", "var.x")
FILES = frozenset(
    [
        "abspath",
        "file",
        "filebase64",
        "filebase64sha256",
        "filebase64sha512",
        "fileexists",
        "filemd5",
        "fileset",
        "filesha1",
        "filesha256",
        "filesha512",
        "templatefile",
        "templatestring",
        "base64gzip",
    ]
)
"""Functions whose cases are in other tests."""


@pytest.mark.slow
def test_every_function_that_terraform_lists_is_answered() -> None:
    listed = {name for name in metadata() if not name.startswith("core::")}
    assert listed - functions.LAZY == set(functions.names())


@pytest.mark.slow
def test_no_function_takes_another_number_of_arguments_than_terraform_lists() -> None:
    for name, signature in metadata().items():
        function = functions.find(name)
        if function is not None:
            fixed = len(signature.get("parameters", []))
            assert (len(function.params), function.rest is not None) == (fixed, "variadic_parameter" in signature), name


def test_every_function_has_at_least_five_cases_against_terraform() -> None:
    scarce = {name: len(CASES.get(name, ())) for name in functions.names() if len(CASES.get(name, ())) < 5}
    assert scarce.keys() == FILES | set(functions.NEVER_KNOWN)


def test_a_function_is_found_with_and_without_its_namespace() -> None:
    assert functions.call("core::upper", ["a"]) == functions.call("upper", ["a"]) == "A"
    assert functions.find("nosuch") is None
    with pytest.raises(functions.FunctionError, match='there is no function named "nosuch"'):
        functions.call("nosuch", [])


@pytest.mark.parametrize("name", sorted(functions.NEVER_KNOWN))
def test_what_changes_with_every_run_is_unknown(name: str) -> None:
    assert isinstance(functions.call(name, []), Unknown)


def test_functions_of_providers_are_unknown() -> None:
    assert functions.call("provider::azurerm::parse", ["x"]) == Unknown(
        "provider::azurerm::parse() is a function of a provider"
    )


def test_a_fault_names_the_argument() -> None:
    with pytest.raises(functions.FunctionError, match="a number is required") as caught:
        functions.call("substr", ["abc", "x", 1])
    assert caught.value.argument == 1
    with pytest.raises(functions.FunctionError, match=r"wrong number of arguments \(1 required; 2 given\)") as caught:
        functions.call("upper", ["a", "b"])
    assert caught.value.argument is None


@pytest.mark.parametrize("name", ["upper", "join", "jsonencode", "max", "concat", "keys", "tolist", "merge", "lookup"])
def test_an_unknown_argument_gives_an_unknown_that_is_no_longer_the_thing_itself(name: str) -> None:
    args = {"join": [",", U], "lookup": [U, "a"], "max": [1, U]}.get(name, [U])
    result = functions.call(name, args)
    assert isinstance(result, Unknown)
    assert result.reason == "var.x has no value"


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("length", [(U, 1)], 2),
        ("concat", [(U,), (1,)], (U, 1)),
        ("merge", [{"a": U}, {"b": 1}], {"a": U, "b": 1}),
        ("lookup", [{"a": 1, "b": U}, "a"], 1),
        ("keys", [{"a": U}], ("a",)),
        ("values", [{"b": U, "a": 1}], (1, U)),
        ("element", [(U, 5), 1], 5),
        ("contains", [(U, 5), 5], True),
        ("reverse", [(U, 5)], (5, U)),
        ("slice", [(U, 5), 1, 2], (5,)),
        ("one", [(U,)], U),
        ("zipmap", [("a", "b"), (U, 1)], {"a": U, "b": 1}),
        ("coalesce", ["a", U], "a"),
        ("coalescelist", [("a",), U], ("a",)),
        ("alltrue", [(U, False)], False),
        ("anytrue", [(U, True)], True),
        ("flatten", [({"id": U}, (1,))], ({"id": U}, 1)),
        ("chunklist", [(U, "a"), 1], ((U,), ("a",))),
        ("tolist", [(U, "a")], (U, "a")),
        ("formatlist", ["%s", ("a", U)], ("a", Unknown("var.x has no value"))),
    ],
)
def test_an_unknown_member_leaves_the_rest_known(name: str, args: list[Any], expected: Any) -> None:
    assert functions.call(name, args) == expected


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("alltrue", [(U, True)]),
        ("anytrue", [(U, False)]),
        ("contains", [(U, 5), 6]),
        ("coalesce", [U, "a"]),
        ("coalescelist", [U, ("a",)]),
        ("flatten", [(U, (1,))]),
        ("join", [",", ("a", U)]),
        ("sort", [("a", U)]),
        ("distinct", [("a", U)]),
        ("jsonencode", [{"a": (U,)}]),
        ("length", [SetValue(("a", U), STRING)]),
        ("setunion", [("a", U), ("b",)]),
        ("zipmap", [("a", U), (1, 2)]),
        ("merge", [{"a": 1}, U]),
        ("toset", [(U, U)]),
    ],
)
def test_what_an_unknown_decides_is_unknown(name: str, args: list[Any]) -> None:
    result = functions.call(name, args)
    assert isinstance(result, Unknown) or any(isinstance(item, Unknown) for item in result)


@pytest.mark.parametrize(
    ("name", "args", "hidden"),
    [
        ("upper", [Sensitive("a")], "A"),
        ("join", [",", ("a", Sensitive("b"))], "a,b"),
        ("length", [Sensitive(("a",))], 1),
        ("merge", [Sensitive({"a": 1}), {"b": 2}], {"a": 1, "b": 2}),
        ("coalesce", [Sensitive(""), "b"], "b"),
        ("contains", [(Sensitive("a"),), "a"], True),
        ("jsonencode", [{"a": Sensitive(1)}], '{"a":1}'),
        ("templatestring", [Sensitive("x"), {}], None),
    ],
)
def test_a_hidden_argument_hides_the_result(name: str, args: list[Any], hidden: Any) -> None:
    from pathlib import Path

    from scanner.sources.terraform.functions.context import Context

    result = functions.call(name, args, Context(Path.cwd(), Path.cwd(), lambda text, variables, file: None))
    assert isinstance(result, Sensitive)
    assert result.value == hidden
    assert "a" not in repr(result).replace("marked", "").replace("Unknown", "")


def test_a_hidden_member_stays_the_only_hidden_part() -> None:
    secret = Sensitive("s")
    assert functions.call("keys", [{"a": secret}]) == ("a",)
    assert functions.call("concat", [(secret,), ("b",)])[0] is secret
    assert functions.call("nonsensitive", [secret]) == "s"
    assert functions.call("issensitive", [secret]) is True


def test_products_and_texts_are_bounded() -> None:
    many = tuple(str(number) for number in range(400))
    assert functions.call("setproduct", [many, many]) == Unknown(
        "the product has 160000 elements, more than 100000 are not evaluated"
    )
    assert isinstance(functions.call("replace", ["a" * 100_000, "a", "b" * 1000]), Unknown)
    assert isinstance(functions.call("indent", [10**9, "a\nb"]), Unknown)
    with pytest.raises(functions.FunctionError, match="more than 1024 values"):
        functions.call("range", [200_000])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 3000 + "b"),
        ("(a|aa)+$", "a" * 3000 + "b"),
        ("(.*)(.*)(.*)(.*)x", "y" * 2000),
        ("^(\\w+\\s?)*$", "a " * 900 + "!"),
    ],
)
def test_no_pattern_takes_exponential_time(pattern: str, text: str) -> None:
    with pytest.raises(functions.FunctionError, match="did not match"):
        functions.call("regex", [pattern, text])


def test_what_the_engine_of_patterns_lacks_is_unknown_with_a_reason() -> None:
    assert functions.call("regex", ["\\p{Greek}", "α"]) == Unknown(
        "regex cannot be evaluated: the character class Greek"
    )
    assert functions.call("base64gzip", ["a"]) == Unknown(
        "base64gzip() packs the same text into other bytes than Terraform does"
    )


def test_deep_documents_are_refused_not_crashed_on() -> None:
    for name, text in (("jsondecode", "[" * 5000 + "]" * 5000), ("yamldecode", "[" * 5000 + "]" * 5000)):
        with pytest.raises(functions.FunctionError, match="nested deeper than 150 levels"):
            functions.call(name, [text])


def test_aliases_that_unfold_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(functions.FunctionError, match="200000 values"):
        functions.call("yamldecode", ["\n".join(lines)])


def test_a_list_stays_a_list_through_member_functions() -> None:
    items = ListValue(("b", "a"), STRING)
    assert isinstance(functions.call("reverse", [items]), ListValue)
    assert type(functions.call("reverse", [("b", "a")])) is tuple


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("parseint", [Sensitive("hunter2"), 10]),
        ("formatdate", ["YYYY", Sensitive("hunter2")]),
        ("lookup", [{"a": 1}, Sensitive("hunter2")]),
        ("cidrhost", [Sensitive("hunter2"), 1]),
        ("uuidv5", [Sensitive("hunter2"), "a"]),
        ("regex", [Sensitive("\\p{hunter2}"), "a"]),
        ("join", [",", (Sensitive("hunter2"), None)]),
    ],
)
def test_no_message_quotes_what_is_hidden(name: str, args: list[Any]) -> None:
    try:
        said = functions.call(name, args).reason
    except functions.FunctionError as error:
        said = str(error)
    assert "hunter2" not in said
    assert "marked sensitive" in said
