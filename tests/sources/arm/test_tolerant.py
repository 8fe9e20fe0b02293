import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.documents import DEFAULT_LIMITS, Document, Problem
from scanner.model.location import Region
from scanner.sources.arm.file import JsonFile, read_file
from scanner.sources.arm.tolerant import read_tolerant

LIMITS = DEFAULT_LIMITS._replace(max_depth=20, max_nodes=100)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1} // end', {"a": 1}),
        ('// "a": 2\n{"a": 1}', {"a": 1}),
        ('/* a\n * b **/ {"a": /* c */ 1}', {"a": 1}),
        ('{"a": [1, 2,], "b": {"c": 1,},}', {"a": [1, 2], "b": {"c": 1}}),
        ('{"a": 1, // last\n}', {"a": 1}),
        ('{"a": "[concat(\n\t1)]"}', {"a": "[concat(\n\t1)]"}),
        ('{"a": "[concat(\n\t1)]", }', {"a": "[concat(\n\t1)]"}),
        ("{'a': 'it\\'s \"x\"'}", {"a": 'it\'s "x"'}),
        ('{"a": "http://x/*y*/"} //', {"a": "http://x/*y*/"}),
        ('\ufeff{"a": 1, }', {"a": 1}),
        ('{"a": "\\ud83d\\ude00", }', {"a": "😀"}),
        ("[1, -2.5e3, true, false, null, ]", [1, -2500.0, True, False, None]),
        ("5 // five", 5),
    ],
)
def test_reads_what_the_service_reads(text: str, value: Any) -> None:
    file = read_file(text.encode(), "x.json", LIMITS)

    assert isinstance(file, JsonFile)
    assert file.value == value
    document = read_tolerant(text, LIMITS)
    assert isinstance(document, Document)
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "the text ends where a value is expected", 1, 1),
        ("{", "the text ends where a key in quotation marks or '}' is expected", 1, 2),
        ('{"a": 1\n "b": 2}', "',' or the end of the object or array is expected, not '\"b\"'", 2, 2),
        ('{"a": x}', "a value is expected, not 'x'", 1, 7),
        ('{"a" 1}', "':' is expected, not '1'", 1, 6),
        ("{a: 1}", "a key in quotation marks or '}' is expected, not 'a'", 1, 2),
        ("[1]]", "the end of the text is expected, not ']'", 1, 4),
        ("[1}", "',' or the end of the object or array is expected, not '}'", 1, 3),
        ('{"a": "b', "a string has no end", 1, 7),
        ("/* a", "a comment has no end", 1, 1),
        ("[1] / 2", "unexpected '/'", 1, 5),
        ('["\\q"]', "a string has an escape that JSON does not know", 1, 2),
        ("[01]", "a value is expected, not '01'", 1, 2),
        ("[" * 30, "the document is nested deeper than 20 levels", 1, 21),
        ("[" + "1," * 200 + "]", "the document has more than 100 values, aliases expanded", 1, 200),
    ],
)
def test_says_what_is_wrong_and_where(text: str, reason: str, line: int, column: int) -> None:
    assert read_file(text.encode(), "x.json", LIMITS) == Problem(reason, line, column)


def test_positions_are_those_of_the_text() -> None:
    text = '{ // first\n  "a": {"b": "x\ny", /* c */ "c": [1,\n 2,]}\n}'
    file = read_file(text.encode(), "x.json", LIMITS)
    assert isinstance(file, JsonFile)

    assert file.region(("a", "b")) == Region(2, 9, 3, 3)
    assert file.region(("a", "c", 1)) == Region(4, 2, 4, 3)
    assert file.region(("a", "nothing")) == Region(2, 3, 2, 6)


def test_keys_that_are_set_twice_are_told() -> None:
    for text in ('{"a": 1, // c\n "a": 2}', '{"a": "x\ny",\n "a": 2}'):
        file = read_file(text.encode(), "x.json", LIMITS)
        assert isinstance(file, JsonFile)

        assert file.value == {"a": 2}
        assert "key 'a' is set twice" in file.notes[0].reason


def test_a_string_is_found_as_it_is_written() -> None:
    file = read_file(b'{\n "a": "[f(\'\\u00e4\')]",\n "b": "x"}', "x.json", LIMITS)
    assert isinstance(file, JsonFile)

    assert file.find("x") == Region(3, 7, 3, 10)
    assert file.find("nothing") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_strict_json_means_the_same_to_both_readers(value: Any) -> None:
    document = read_tolerant(json.dumps(value, indent=1), DEFAULT_LIMITS)

    assert isinstance(document, Document)
    assert document.value == value


@given(st.text(alphabet="{}[]\",:/*\\ \n'1a", max_size=40))
def test_any_text_gives_a_value_or_a_problem(text: str) -> None:
    assert isinstance(read_file(text.encode(), "x.json", DEFAULT_LIMITS), (JsonFile, Problem))
