"""Every function against the real `terraform console`: same value, same type, same refusals."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scanner.sources.terraform import functions
from scanner.sources.terraform.functions.context import Context
from scanner.sources.terraform.values import Unknown, plain
from scanner.sources.terraform.values.value import Sensitive, normal
from tests.sources.terraform import strategies
from tests.sources.terraform.functions.cases import CASES
from tests.tools.terraform_console import Answer, Number, difference, evaluate, literal, plan

GENERATED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
"""No shrinking: a batch is one process of Terraform, and the message names the call."""
REFUSED = object()


UNTYPED_NULL = frozenset(("format", "formatlist"))
"""Terraform does not look at a null without a type here; ours have none, and are treated as those of variables."""


def composed(value: Any) -> Any:
    """Return `value` with its texts composed, as the parser hands them over."""
    if isinstance(value, str):
        return normal(value)
    if isinstance(value, Sensitive):
        return Sensitive(composed(value.value))
    if type(value) is tuple:
        return tuple(map(composed, value))
    return value


def ours(name: str, args: tuple[Any, ...], context: Context | None = None) -> Any:
    try:
        return functions.call(name, composed(args), context)
    except functions.FunctionError:
        return REFUSED


def disagreement(name: str, args: tuple[Any, ...], answer: Answer, context: Context | None = None) -> str | None:
    value = ours(name, args, context)
    if answer.unknown and name in UNTYPED_NULL and None in args:
        return None
    if value is REFUSED or not answer.ok:
        return None if (value is REFUSED) == (not answer.ok) else f"ours {value!r}, Terraform's {answer}"
    if isinstance(value, Unknown) and not isinstance(value, Sensitive):
        return f"ours {value!r}, Terraform's {answer}"
    return difference(value, answer)


def expression(name: str, args: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(map(literal, args))})"


@pytest.mark.slow
def test_every_function_answers_as_terraform_does() -> None:
    answers_agree([(name, args) for name, group in CASES.items() for args in group])


UNARY = (
    "length",
    "jsonencode",
    "yamlencode",
    "keys",
    "values",
    "flatten",
    "distinct",
    "tolist",
    "toset",
    "tomap",
    "tostring",
    "tonumber",
    "tobool",
    "reverse",
    "sort",
    "compact",
    "one",
    "sum",
    "alltrue",
    "anytrue",
    "upper",
    "lower",
    "title",
    "strrev",
    "trimspace",
    "chomp",
    "base64encode",
    "md5",
    "urlencode",
    "jsondecode",
    "yamldecode",
    "csvdecode",
    "abs",
    "ceil",
    "floor",
    "transpose",
    "basename",
    "dirname",
)
SEVERAL = (
    "concat",
    "merge",
    "coalesce",
    "setunion",
    "setintersection",
    "setsubtract",
    "setproduct",
    "contains",
    "element",
    "index",
    "lookup",
    "zipmap",
    "slice",
    "format",
    "formatlist",
    "join",
    "split",
    "matchkeys",
    "chunklist",
    "max",
    "min",
    "replace",
    "substr",
    "trim",
    "trimprefix",
    "startswith",
    "indent",
    "parseint",
    "range",
    "pow",
)


def answers_agree(calls: list[tuple[str, tuple[Any, ...]]]) -> None:
    answers = evaluate([expression(name, args) for name, args in calls])
    found = {
        expression(name, args): problem
        for (name, args), answer in zip(calls, answers, strict=True)
        if (problem := disagreement(name, args, answer))
    }
    assert found == {}


def known_to_differ(name: str, args: tuple[Any, ...]) -> bool:
    """What is documented: a null without type where Terraform looks at the type, and the sign of zero."""
    if name in ("coalescelist", "merge", "setintersection") and None in args:
        return True
    return name in ("ceil", "floor", "pow", "jsondecode", "yamldecode", "sum")


@pytest.mark.slow
@GENERATED
@given(
    st.lists(st.tuples(st.sampled_from(UNARY), strategies.values.map(lambda value: (value,))), min_size=20, max_size=40)
)
def test_generated_values(calls: list[tuple[str, tuple[Any, ...]]]) -> None:
    answers_agree([call for call in calls if not known_to_differ(*call)])


@pytest.mark.slow
@GENERATED
@given(
    st.lists(
        st.tuples(st.sampled_from(SEVERAL), st.lists(strategies.values, min_size=1, max_size=3).map(tuple)),
        min_size=20,
        max_size=40,
    )
)
def test_generated_arguments(calls: list[tuple[str, tuple[Any, ...]]]) -> None:
    answers_agree([call for call in calls if not known_to_differ(*call)])


@pytest.mark.slow
@GENERATED
@given(st.lists(st.tuples(strategies.patterns, st.text("aabbc x-1\nAé", max_size=9)), min_size=20, max_size=40))
def test_generated_patterns(pairs: list[tuple[str, str]]) -> None:
    answers_agree(
        [("regexall", pair) for pair in pairs]
        + [("regex", pair) for pair in pairs]
        + [("replace", (text, f"/{pattern}/", "<$0${1}>")) for pattern, text in pairs]
    )


UNKNOWN = Unknown("known after apply", "terraform_data.unknown.output")
PARTLY: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("length", ((UNKNOWN, 1),)),
    ("concat", ((UNKNOWN,), (1,))),
    ("merge", ({"a": UNKNOWN}, {"b": 1})),
    ("merge", ({"a": UNKNOWN}, {"a": 1})),
    ("lookup", ({"a": 1, "b": UNKNOWN}, "a")),
    ("keys", ({"a": UNKNOWN},)),
    ("values", ({"b": UNKNOWN, "a": 1},)),
    ("element", ((UNKNOWN, 5), 1)),
    ("contains", ((UNKNOWN, 5), 5)),
    ("contains", ((UNKNOWN, 5), 6)),
    ("reverse", ((UNKNOWN, 5),)),
    ("slice", ((UNKNOWN, 5), 1, 2)),
    ("one", ((UNKNOWN,),)),
    ("zipmap", (("a", "b"), (UNKNOWN, 1))),
    ("coalesce", ("a", UNKNOWN)),
    ("coalescelist", (("a",), (UNKNOWN,))),
    ("flatten", (({"id": UNKNOWN}, (1,)),)),
    ("chunklist", ((UNKNOWN, "a"), 1)),
    ("tolist", ((UNKNOWN, "a"),)),
    ("tomap", ({"k": UNKNOWN, "l": "a"},)),
    ("setproduct", (("a", "b"), (UNKNOWN,))),
    ("formatlist", ("%s", ("a", UNKNOWN))),
    ("join", (",", ("a", UNKNOWN))),
    ("jsonencode", ({"a": UNKNOWN},)),
    ("sort", (("a", UNKNOWN),)),
    ("distinct", (("a", UNKNOWN),)),
    ("upper", (UNKNOWN,)),
    ("coalesce", (UNKNOWN, "a")),
    ("alltrue", ((UNKNOWN, False),)),
    ("anytrue", ((UNKNOWN, True),)),
    ("setunion", (("a", UNKNOWN), ("b",))),
    ("toset", (("a", UNKNOWN),)),
    ("matchkeys", (("a",), (UNKNOWN,), ("b",))),
    ("replace", ("abc", UNKNOWN, "d")),
    ("cidrsubnet", (UNKNOWN, 8, 1)),
)


def known_parts_differ(value: Any, theirs: Any, unknown: Any) -> bool:
    """Tell whether a part that both sides know differs."""
    if isinstance(value, Unknown) or unknown is True or (unknown and not isinstance(unknown, list | dict)):
        return False
    if isinstance(value, dict) and isinstance(theirs, dict):
        shapes = unknown or {}
        return any(known_parts_differ(item, theirs.get(key), shapes.get(key)) for key, item in value.items())
    if isinstance(value, tuple) and isinstance(theirs, list) and len(theirs) == len(value):
        shapes = unknown or [False] * len(value)
        return any(known_parts_differ(*parts) for parts in zip(value, theirs, shapes, strict=True))
    return plain(value) != (int(theirs) if isinstance(theirs, Number) else theirs)


@pytest.mark.slow
def test_what_is_known_of_a_result_with_unknown_parts_is_what_terraform_plans() -> None:
    answers = plan([expression(*call) for call in PARTLY])
    found = {
        expression(*call): (value, answer.value, answer.unknown)
        for call, answer in zip(PARTLY, answers, strict=True)
        if known_parts_differ(value := ours(*call), answer.value, answer.unknown)
    }
    assert found == {}
