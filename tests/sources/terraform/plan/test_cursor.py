"""A JSON text, value by value: the same values and the same complaints as reading it whole."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.sources.terraform.plan.cursor import ConstantError, Cursor, LineStarts

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def stepwise(cursor: Cursor) -> Any:
    """Read a value by walking every object and list of it."""
    if cursor.at("{"):
        return {key: stepwise(cursor) for key in cursor.members()}
    if cursor.at("["):
        return [stepwise(cursor) for _ in cursor.elements()]
    return cursor.value()


def whole(text: str) -> Any:
    """Read a text to its end."""
    cursor = Cursor(text)
    value = stepwise(cursor)
    cursor.finish()
    return value


@given(VALUES, st.sampled_from([None, 0, 2]))
def test_walking_gives_what_reading_whole_gives(value: Any, indent: int | None) -> None:
    assert whole(json.dumps(value, indent=indent)) == value


@given(VALUES, st.data())
def test_a_text_that_breaks_off_is_refused_wherever_it_does(value: Any, data: st.DataObject) -> None:
    text = json.dumps({"a": value, "b": [1]})
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    with pytest.raises(json.JSONDecodeError):
        stepwise(Cursor(cut))


def test_offsets_are_those_of_the_values() -> None:
    text = '{ "a" : [ 1 , {"b":2} ] }'
    cursor = Cursor(text)
    found = []
    for _ in cursor.members():
        for _ in cursor.elements():
            start = cursor.position
            cursor.value()
            found.append(text[start : cursor.position])
    assert found == ["1", '{"b":2}']


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ('{"a" 1}', "expecting ':' delimiter", 6),
        ('{"a": 1 "b"}', "expecting ',' delimiter or '}'", 9),
        ("{a: 1}", "expecting property name enclosed in double quotes", 2),
        ('{"a": 1,', "the text ends too early, expecting property name enclosed in double quotes", 9),
        ("[1 2]", "expecting ',' delimiter or ']'", 4),
        ("{} x", "extra data", 4),
    ],
)
def test_complaints_say_what_was_expected_and_where(text: str, message: str, column: int) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        whole(text)
    assert (caught.value.msg, caught.value.colno) == (message, column)


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(ConstantError, match="NaN is not JSON"):
        Cursor("NaN").value()


def test_lines_and_columns() -> None:
    lines = LineStarts("ab\nc\n\nd")
    assert [lines.place(offset) for offset in (0, 2, 3, 5, 6)] == [(1, 1), (1, 3), (2, 1), (3, 1), (4, 1)]
