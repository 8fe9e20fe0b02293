"""Operators on Unknown and hidden operands; known ones are compared with Terraform itself."""

from typing import Any

import pytest

from scanner.sources.terraform.values import MapValue, Sensitive, SetValue, Unknown, ValueFault, operators
from scanner.sources.terraform.values.types import NUMBER, STRING

U = Unknown("known after apply", "azurerm_x.y.id")
SECRET = Sensitive(5)


@pytest.mark.parametrize(
    "operator",
    [
        operators.add,
        operators.subtract,
        operators.multiply,
        operators.divide,
        operators.modulo,
        operators.less,
        operators.greater,
    ],
)
def test_arithmetic_with_an_unknown_is_unknown_but_no_longer_that_thing(operator: Any) -> None:
    expected = Unknown("azurerm_x.y.id is known after apply")
    assert operator(U, 1) == operator(1, U) == operator(U, SECRET) == expected


def test_arithmetic_with_a_hidden_operand_is_hidden() -> None:
    result = operators.add(SECRET, 1)
    assert isinstance(result, Sensitive)
    assert result.value == 6
    assert "6" not in repr(result)
    assert operators.negate(SECRET).value == -5
    assert operators.less(SECRET, 6).value is True


def test_equality_with_an_unknown_is_unknown() -> None:
    assert isinstance(operators.equal(U, U), Unknown)
    assert isinstance(operators.not_equal(U, None), Unknown)
    assert isinstance(operators.equal((U, 1), (2, 1)), Unknown)


def test_what_already_differs_is_different_whatever_is_unknown() -> None:
    assert operators.equal((U, 1), (2, 3)) is False
    assert operators.equal((U,), (1, 2)) is False
    assert operators.equal({"a": U}, {"b": 1}) is False
    assert operators.not_equal((U, 1), (2, 3)) is True
    assert isinstance(operators.equal(SetValue((U, 1), NUMBER), SetValue((1,), NUMBER)), Unknown)


def test_equality_looks_into_hidden_values_and_hides_the_answer() -> None:
    answer = operators.equal((SECRET,), (5,))
    assert isinstance(answer, Sensitive)
    assert answer.value is True
    assert operators.not_equal(SECRET, 5).value is False


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        (operators.both, False, U, False),
        (operators.both, U, "false", False),
        (operators.either, True, U, True),
        (operators.either, U, True, True),
    ],
)
def test_logic_that_one_operand_decides(operator: Any, left: Any, right: Any, expected: bool) -> None:
    assert operator(left, right) is expected


def test_logic_that_an_unknown_decides_is_unknown() -> None:
    assert isinstance(operators.both(True, U), Unknown)
    assert isinstance(operators.either(U, False), Unknown)
    assert isinstance(operators.negation(U), Unknown)
    assert operators.both(Sensitive(True), False).value is False
    assert operators.either(Sensitive(False), False).value is False


def test_attributes_and_indices_of_an_unknown_extend_its_origin() -> None:
    thing = Unknown("known after apply", "azurerm_x.y")
    assert operators.get_attr(thing, "id").origin == "azurerm_x.y.id"
    assert operators.index(thing, 0).origin == "azurerm_x.y[0]"
    assert operators.index(thing, "k").origin == 'azurerm_x.y["k"]'
    assert operators.get_attr(Unknown("no value"), "id").origin == ""


def test_what_is_inside_of_a_hidden_value_is_hidden() -> None:
    hidden = Sensitive({"a": (1, 2)})
    assert operators.index(operators.get_attr(hidden, "a"), 1).value == 2
    assert operators.index((1, 2), Sensitive(1)).value == 2
    with pytest.raises(ValueFault, match="does not have an attribute"):
        operators.get_attr(hidden, "b")


def test_an_unknown_key_gives_an_unknown_of_a_collection_and_a_fault_of_anything_else() -> None:
    assert isinstance(operators.index((1, 2), U), Unknown)
    for value in (None, SetValue(("a",), STRING), "text"):
        with pytest.raises(ValueFault):
            operators.index(value, U)
    with pytest.raises(ValueFault, match="null value as an indexing key"):
        operators.index(U, None)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "this value is null, so it does not have any attributes"),
        ("a", r"can't access attributes on a primitive-typed value \(string\)"),
        (True, r"primitive-typed value \(bool\)"),
        ((), "this value does not have any attributes"),
        (SetValue((), STRING), "can't access attributes on a set"),
        ({}, 'this object does not have an attribute named "a"'),
        (MapValue({}, STRING), 'this map does not have an element with the key "a"'),
    ],
)
def test_why_there_is_no_attribute(value: Any, message: str) -> None:
    with pytest.raises(ValueFault, match=message):
        operators.get_attr(value, "a")


@pytest.mark.parametrize(
    ("value", "key", "message"),
    [
        ((), 0, "the collection has no elements"),
        ((1,), 1, "greater than or equal to the length"),
        ((1,), -1, "a negative number"),
        ((1,), "x", "a number is required"),
        (SetValue((), STRING), 0, "elements of a set"),
        (5, 0, "does not have any indices"),
        ({}, "a", "does not identify an element"),
    ],
)
def test_why_there_is_no_element(value: Any, key: Any, message: str) -> None:
    with pytest.raises(ValueFault, match=message):
        operators.index(value, key)


def test_templates_with_unknown_and_hidden_parts() -> None:
    assert operators.join_text(["a", U, 1]) == Unknown("azurerm_x.y.id is known after apply")
    assert operators.join_text(["a", SECRET, True]).value == "a5true"
    assert operators.join_text(["e", "\u0301"]) == "é"
    with pytest.raises(ValueFault, match="cannot include a null value"):
        operators.join_text([None])


def test_a_branch_beside_an_unknown_stays_as_it_is() -> None:
    assert operators.choose((1,), U) == (1,)
    assert operators.choose(U, "a") is U
    assert operators.choose(SECRET, "a").value == "5"
    with pytest.raises(ValueFault, match="consistent types, not tuple and object"):
        operators.choose((1,), {})
