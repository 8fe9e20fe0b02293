"""Whatever a function is given, it answers or refuses; it never crashes, and never shows what is hidden."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.sources.terraform import functions
from scanner.sources.terraform.functions.context import Context
from scanner.sources.terraform.values import Sensitive, Unknown, ValueFault, first_unknown, operators
from tests.sources.terraform import strategies

SECRET = "hunter2hunter2"
HASHES_KEEP = frozenset(("nonsensitive", "issensitive"))
"""Functions whose purpose is to tell."""
anything = st.recursive(
    strategies.scalars
    | st.just(Unknown("no value", "var.x"))
    | st.just(Sensitive(SECRET))
    | st.just(Sensitive((SECRET, 1)))
    | st.just(Sensitive({SECRET: SECRET})),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(strategies.names, inner, max_size=3),
    max_leaves=5,
)
RELAXED = settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
BINARY = (operators.add, operators.divide, operators.modulo, operators.less, operators.equal, operators.both,
          operators.either, operators.index, operators.choose)  # fmt: skip


def shown(value: Any) -> str:
    """Everything of a value that anybody may see."""
    if isinstance(value, Unknown):
        return f"{value.reason} {value.origin} {value!r}"
    if isinstance(value, dict):
        return " ".join(f"{name} {shown(item)}" for name, item in value.items())
    return " ".join(map(shown, value)) if isinstance(value, tuple) else str(value)


@pytest.mark.slow
@RELAXED
@given(st.sampled_from(functions.names()), st.lists(anything, max_size=4))
def test_every_function_on_anything(name: str, args: list[Any]) -> None:
    context = Context(Path(__file__).parent, Path(__file__).parent, lambda text, variables, file: text)
    try:
        result = functions.call(name, args, context)
    except functions.FunctionError as fault:
        at, message = fault.argument, str(fault)
        assert at is None or 0 <= at < max(len(args), 1)  # the call may as well succeed
        assert SECRET not in message
        return
    if name not in HASHES_KEEP:
        assert SECRET not in shown(result)


@pytest.mark.slow
@RELAXED
@given(st.sampled_from(BINARY), anything, anything)
def test_every_operator_on_anything(operator: Any, left: Any, right: Any) -> None:
    try:
        result = operator(left, right)
    except ValueFault as fault:
        message = str(fault)
        assert SECRET not in message
        return
    assert SECRET not in shown(result)


@pytest.mark.slow
@RELAXED
@given(anything)
def test_a_template_part_of_anything(value: Any) -> None:
    try:
        result = operators.join_text(["<", value])
    except ValueFault:
        return
    if isinstance(value, Unknown):
        assert isinstance(result, Unknown)
    else:
        assert result.startswith("<")
    assert first_unknown(result) is None or not isinstance(value, Sensitive)
