import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.documents import DEFAULT_LIMITS, Problem, Stream, read_json
from scanner.model.location import Region


def only(text: str | bytes) -> object:
    stream = read_json(text)
    assert stream.problems == ()
    return stream.documents[0].value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem("expecting value", 1, 1)),
        ('{"a": 1,}', Problem("expecting property name enclosed in double quotes", 1, 9)),
        ('{\n "a": 1\n "b": 2}', Problem("expecting ',' delimiter", 3, 2)),
        ('{"a": 1} {}', Problem("extra data", 1, 10)),
        ('{"a": "\n"}', Problem("invalid control character at", 1, 8)),
        ("// c\n{}", Problem("expecting value", 1, 1)),
        ("[NaN]", Problem("NaN is not JSON")),
        ("[-Infinity]", Problem("-Infinity is not JSON")),
        ("[" + "1" * 5000 + "]", Problem("a number has too many digits")),
        ("[" * 100_000, Problem("the document is nested deeper than 200 levels")),
        ("[" * 201 + "]" * 201, Problem("the document is nested deeper than 200 levels")),
        (b'{"a": "\xff"}', Problem("the byte at offset 7 is not UTF-8", 1, 8)),
    ],
)
def test_what_is_not_strict_json_is_a_problem(text: str | bytes, problem: Problem) -> None:
    assert read_json(text) == Stream.of_problem(problem)


def test_encodings_and_marks() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert only('{"é": "😀"}'.encode(encoding)) == {"é": "😀"}


def test_halves_of_surrogate_pairs_become_the_replacement_character() -> None:
    assert only('{"\\ud800": ["\\uD83D\\uDE00", "a\\udc00b"]}') == {"\ufffd": ["😀", "a\ufffdb"]}
    (document,) = read_json('{"\\ud800": 1}').documents
    assert document.region(("\ufffd",)) == Region(1, 2, 1, 13)


def test_the_last_of_several_equal_keys_counts_and_is_noted() -> None:
    (document,) = read_json('{"a": {"b": 1, "b": 2},\n "a": 3}').documents
    assert document.value == {"a": 3}
    assert document.notes == (
        Problem("key 'b' is set twice: first at line 1, column 8; the last one counts", 1, 16),
        Problem("key 'a' is set twice: first at line 1, column 2; the last one counts", 2, 2),
    )


def test_text_that_looks_like_a_key_is_no_duplicate() -> None:
    (document,) = read_json('{"a": "\\"b\\": 1", "c": "x\\\\", "d": "\\":"}').documents
    assert document.notes == ()


def test_limits() -> None:
    assert read_json("[1]", DEFAULT_LIMITS._replace(max_bytes=2)).documents == ()
    assert read_json("[1,2,3]", DEFAULT_LIMITS._replace(max_nodes=4)).problems == ()
    (problem,) = read_json("[1,2,3,4]", DEFAULT_LIMITS._replace(max_nodes=4)).problems
    assert problem.reason == "the document has more than 4 values, aliases expanded"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(VALUES, st.sampled_from([None, 0, 3]), st.booleans())
def test_every_json_text_is_read_as_the_standard_library_does_and_every_value_has_a_place(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if not ascii_only:
        text = text.encode("utf-8", "replace").decode()  # lone surrogates cannot stand in a file
    (document,) = read_json(text).documents
    if "\\ud" not in text:
        assert document.value == json.loads(text)
    pending: list[tuple[tuple[str | int, ...], object]] = [((), document.value)]
    while pending:
        path, item = pending.pop()
        assert document.exists(path)
        if isinstance(item, dict):
            pending.extend(((*path, key), below) for key, below in item.items())
        elif isinstance(item, list):
            pending.extend(((*path, index), below) for index, below in enumerate(item))
