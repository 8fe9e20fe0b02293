import pytest

from scanner.canonical.values import ensure, fresh, setter, settled, steps_of
from scanner.model.unknown import Unknown


def through(row: dict[str, object], value: object) -> object:
    for step in steps_of(row):
        value = step(value)
    return value


def test_a_setter_makes_the_objects_on_its_way_and_writes_nothing_over() -> None:
    body: dict[str, object] = {}
    setter(("properties", "a", "b"))(body, 1)
    setter(("properties", "a", "b"))(body, 2)
    setter(("kind",))(body, "x")
    setter(("kind",))(body, "y")
    assert body == {"properties": {"a": {"b": 1}}, "kind": "x"}


def test_a_setter_stops_at_what_is_no_object() -> None:
    unknown = Unknown("why")
    body: dict[str, object] = {"properties": unknown}
    setter(("properties", "a"))(body, 1)
    assert body == {"properties": unknown}
    assert ensure(body, ("properties", "a")) is None
    assert ensure(body, ("other", "a")) == {}


@pytest.mark.parametrize(
    ("row", "value", "result"),
    [
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "False", False),
        ({"type": "boolean"}, "maybe", "maybe"),
        ({"type": "string"}, 1.2, "1.2"),
        ({"type": "string"}, True, "true"),
        ({"type": "string"}, [22, "80-90"], ["22", "80-90"]),
        ({"type": "integer"}, "7", 7),
        ({"type": "integer"}, 7.0, 7),
        ({"type": "number"}, "0.5", 0.5),
        ({"type": "number"}, "many", "many"),
        ({"type": "integer"}, "²", "²"),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "integer"}, "9" * 400, int("9" * 400)),
        ({"type": "integer"}, "9" * 5000, "9" * 5000),
        ({"bool_enum": ["Disabled", "Enabled"]}, True, "Enabled"),
        ({"bool_enum": ["Disabled", "Enabled"]}, "false", "Disabled"),
        ({"bool_enum": ["Disabled", "Enabled"]}, "Enabled", "Enabled"),
        ({"invert": True}, True, False),
        ({"invert": True}, "false", True),
        ({"enum": {"GP": "GeneralPurpose"}}, "GP", "GeneralPurpose"),
        ({"enum": {"GP": "GeneralPurpose"}}, "MO", "MO"),
        ({"enum": {"true": "on"}}, True, "on"),
        ({"enum": {"a": "A"}}, ["a", "b"], ["A", "b"]),
        ({"each": {"value": "$"}}, ["1.2.3.4"], [{"value": "1.2.3.4"}]),
        ({"each": {"id": "$", "in": ["$"]}}, ["x"], [{"id": "x", "in": ["x"]}]),
        ({"fn": "gigabytes", "type": "string"}, 32768, "32"),
    ],
)
def test_what_a_row_does_to_a_value(row: dict[str, object], value: object, result: object) -> None:
    assert through(row, value) == result


def test_an_unknown_element_passes_through_the_steps_of_a_list() -> None:
    unknown = Unknown("why")
    assert through({"type": "string", "each": {"value": "$"}}, [1, unknown]) == [{"value": "1"}, {"value": unknown}]


def test_settling_shares_what_holds_no_reference() -> None:
    plain = {"a": 1, "b": "x"}
    assert settled(plain, lambda unknown: "id") is plain
    texts = ["a", "b"]
    assert settled(texts, lambda unknown: "id") is texts
    assert settled({"a": [Unknown("x")], "b": {"c": Unknown("y")}}, lambda unknown: "id") == {
        "a": ["id"],
        "b": {"c": "id"},
    }


def test_constants_are_copied() -> None:
    constant = {"a": [1]}
    copy = fresh(constant)
    copy["a"].append(2)
    assert constant == {"a": [1]}
