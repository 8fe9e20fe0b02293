"""Operators, indexing, conditionals and templates against the real `terraform console`."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scanner.sources.terraform.values import ValueFault, numbers, operators
from tests.sources.terraform import strategies
from tests.tools.terraform_console import Answer, difference, evaluate, literal

GENERATED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "%": operators.modulo,
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": operators.greater,
    ">=": operators.greater_or_equal,
    "==": operators.equal,
    "!=": operators.not_equal,
    "&&": operators.both,
    "||": operators.either,
}
Case = tuple[str, Callable[[], Any]]


def binary(operator: str, left: Any, right: Any) -> Case:
    return f"({literal(left)}) {operator} ({literal(right)})", lambda: BINARY[operator](left, right)


def conditional(chosen: Any, other: Any) -> Case:
    return f"true ? {literal(chosen)} : {literal(other)}", lambda: operators.choose(chosen, other)


def indexed(value: Any, key: Any) -> Case:
    return f"({literal(value)})[{literal(key)}]", lambda: operators.index(value, key)


def template(value: Any) -> Case:
    return f'"<${{{literal(value)}}}>"', lambda: operators.join_text(["<", value, ">"])


def problem(compute: Callable[[], Any], answer: Answer) -> str | None:
    try:
        value = compute()
    except ValueFault as fault:
        return f"ours refuses: {fault}, Terraform's {answer}" if answer.ok else None
    if isinstance(value, int) and value == 0 and answer.value == "-0":
        return None  # the sign of zero is not kept
    return difference(value, answer)


def agree(cases: list[Case]) -> None:
    answers = evaluate([expression for expression, _ in cases])
    found = {
        expression: difference
        for (expression, compute), answer in zip(cases, answers, strict=True)
        if (difference := problem(compute, answer))
    }
    assert found == {}


OPERANDS = (
    0,
    1,
    -7,
    3,
    "2",
    "x",
    "",
    True,
    False,
    "true",
    None,
    numbers.parse("0.5"),
    numbers.parse("1e30"),
    (),
    {},
    numbers.INFINITY,
)


@pytest.mark.slow
def test_every_operator_on_every_pair_of_operands() -> None:
    agree([binary(operator, left, right) for operator in BINARY for left in OPERANDS for right in OPERANDS])


@pytest.mark.slow
def test_arithmetic_beyond_floats() -> None:
    texts = ("0.1", "0.2", "0.3", "1e-30", "123456789.987654321", "1e60", "7", "1e400", "1.5e-300", "0.000001", "3")
    operands = [numbers.parse(text) for text in texts]
    agree([binary(operator, left, right) for operator in "+-*/%" for left in operands for right in operands])


@pytest.mark.slow
@GENERATED
@given(st.lists(st.tuples(strategies.values, strategies.values), min_size=15, max_size=30))
def test_generated_operands(pairs: list[tuple[Any, Any]]) -> None:
    cases: list[Case] = []
    for left, right in pairs:
        cases += [conditional(left, right), conditional(left, left), template(left), indexed(left, right)]
        cases += [indexed(left, key) for key in (0, "a", 1)]
        cases += [binary(operator, left, right) for operator in ("==", "!=", "+", "&&")]
        cases.append(binary("==", left, left))
    agree(cases)
