"""Plain data, hidden and derived values, sets and conversion."""

from typing import Any

import pytest

from scanner.sources.terraform.values import (
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    Unknown,
    ValueFault,
    derive,
    first_unknown,
    hide,
    numbers,
    plain,
    reveal,
)
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.order import equal, make_set
from scanner.sources.terraform.values.types import ANY, NUMBER, STRING, ListType, MapType, ObjectType, SetType, type_of

U = Unknown("no value", "var.x")


def test_plain_data_is_json_shaped() -> None:
    value = {
        "list": ListValue((1, None), NUMBER),
        "set": SetValue(("a",), STRING),
        "map": MapValue({"k": numbers.parse("0.5")}, NUMBER),
        "tuple": (True, U),
        "secret": Sensitive("s", "var.password"),
    }
    data = plain(value)
    assert data == {
        "list": [1, None],
        "set": ["a"],
        "map": {"k": 0.5},
        "tuple": [True, U],
        "secret": Unknown("marked sensitive", "var.password"),
    }
    assert type(data["secret"]) is Unknown
    assert type(data["map"]) is dict


def test_a_hidden_value_shows_itself_nowhere() -> None:
    hidden = Sensitive("hunter2")
    assert "hunter2" not in f"{hidden!r} {hidden} {plain(hidden)!r}"
    assert hide(hidden) is hidden
    assert hide(U) is U


def test_what_is_derived_names_the_cause_and_has_no_origin() -> None:
    assert derive(Unknown("known after apply", "a.b.id")) == Unknown("a.b.id is known after apply")
    assert derive(Unknown("var.x has no value", "var.x")) == Unknown("var.x has no value")
    assert derive(Unknown("no reason")) == Unknown("no reason")


def test_unknown_and_hidden_parts_are_found_at_any_depth() -> None:
    value = {"a": (1, ListValue((Sensitive((U,)),), ANY))}
    assert first_unknown(value) is U
    shown, marked = reveal(value)
    assert marked
    assert shown == {"a": (1, ((U,),))}
    assert isinstance(shown["a"][1], ListValue)
    untouched = {"a": (1,)}
    assert reveal(untouched) == (untouched, False)
    assert reveal(untouched)[0] is untouched


def test_the_type_of_a_value() -> None:
    assert repr(type_of({"b": (1, None), "a": ListValue((), STRING), "c": U})) == (
        "object({a=list(string), b=tuple([number, any]), c=undetermined})"
    )
    assert type_of(Sensitive("x")) is STRING
    assert ObjectType({"a": STRING, "b": NUMBER}) == ObjectType({"b": NUMBER, "a": STRING})
    assert ListType(STRING) != SetType(STRING)


def test_equality_is_not_that_of_python() -> None:
    assert equal(1, True) is False
    assert equal((1,), ListValue((1,), NUMBER)) is False
    assert equal({}, MapValue({}, ANY)) is False
    assert equal(numbers.parse("0.5"), 0.5) is True


def test_a_set_has_each_member_once_in_terraforms_order() -> None:
    assert make_set(["b", "a", "b"], STRING) == ("a", "b")
    assert make_set([10, 9, None, U, 9], NUMBER) == (9, 10, U, None)
    assert make_set([{"a": 2}, {"a": 1}, {"a": 2}]) == ({"a": 1}, {"a": 2})


def test_unknown_members_do_not_hinder_conversion() -> None:
    converted = convert((U, 1, "a"), ListType(ANY))
    assert converted == (U, "1", "a")
    assert converted.element is STRING
    assert convert({"a": U}, MapType(STRING)) == {"a": U}
    assert convert(({"id": U}, {"id": "x"}), ListType(ANY)).element == ObjectType({"id": STRING})
    assert convert(U, ListType(STRING)) is U
    assert isinstance(convert(SetValue((U, "a"), STRING), ListType(STRING)), Unknown)


def test_hidden_members_stay_hidden_and_hide_a_whole_set() -> None:
    converted = convert((Sensitive(1), "a"), ListType(ANY))
    assert converted[0].value == "1"
    hidden = convert((Sensitive("b"), "a"), SetType(ANY))
    assert isinstance(hidden, Sensitive)
    assert hidden.value == ("a", "b")


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("x", NUMBER, "a number is required"),
        ({}, ObjectType({"a": STRING}), 'attribute "a" is required'),
        ({"a": ()}, ObjectType({"a": STRING}), 'attribute "a": a string is required'),
        ({"a": "x"}, ObjectType({"a": NUMBER}), 'attribute "a": a number is required'),
        ((), STRING, "a string is required"),
        ("a", ListType(STRING), "list of string required"),
        (({}, ()), ListType(ANY), "list of dynamic required"),
    ],
)
def test_why_a_value_does_not_convert(value: Any, kind: Any, message: str) -> None:
    with pytest.raises(ValueFault, match=message):
        convert(value, kind)


def test_a_thousand_objects_unify_in_linear_time() -> None:
    items = tuple({"name": f"n{number}", "size": number, "tags": {f"t{number}": "x"}} for number in range(1000))
    converted = convert(items, ListType(ANY))
    assert len(converted) == 1000
    assert repr(converted.element) == "object({name=string, size=number, tags=map(string)})"
