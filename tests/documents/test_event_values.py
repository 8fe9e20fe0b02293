"""What only the full reader reads: anchors, aliases, merge keys. Every value is what sigs.k8s.io/yaml v1.6.0 gives."""

import pytest

from scanner.documents import Problem, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x: &x {a: 1}\nb:\n  <<: *x\n  a: 2\n", {"x": {"a": 1}, "b": {"a": 2}}),
        ("x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n", {"x": {"a": 1}, "b": {"a": 1}}),
        (
            "x: &x {a: 1}\nz: &z {a: 2, b: 2}\nc: {<<: [*x, *z]}\n",
            {"x": {"a": 1}, "z": {"a": 2, "b": 2}, "c": {"a": 1, "b": 2}},
        ),
        (
            "x: &x {a: 1}\nz: &z {a: 2, b: 2}\nc: {<<: *x, <<: *z}\n",
            {"x": {"a": 1}, "z": {"a": 2, "b": 2}, "c": {"a": 2, "b": 2}},
        ),
        ("x: &x {a: 1}\nb: {<<: [*x, {c: 2}]}\n", {"x": {"a": 1}, "b": {"a": 1, "c": 2}}),
        ("b:\n  <<: {a: 1}\n", {"b": {"a": 1}}),
        ("b: {!!merge <<: {a: 1}}\n", {"b": {"a": 1}}),
        ("b:\n  '<<': {a: 1}\n", {"b": {"<<": {"a": 1}}}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("a: &x key\n*x : c\n", {"a": "key", "key": "c"}),
        ("&x a: b\nc: *x\n", {"a": "b", "c": "a"}),
        ("a: &x\nb: *x\n", {"a": None, "b": None}),
        ("a: &x [1, {b: 2}]\nc: *x\n", {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}),
        ("k: >\n  a\n  b\n\n  c\n", {"k": "a b\nc\n"}),
        ("k: |\n  text", {"k": "text"}),
        ('k: "a\\x41\\u00e9\\\n  b"\n', {"k": "aAéb"}),
        ("k: a\n  b\n  c\n", {"k": "a b c"}),
        ("? a\n: b\n", {"a": "b"}),
        ("a:\tb\n", {"a": "b"}),
        ("a: [x: y]\n", {"a": [{"x": True}]}),
        ("a:\n- b\n - c\n", {"a": ["b - c"]}),
    ],
)
def test_values(text: str, value: object) -> None:
    stream = read_yaml(text)
    assert stream.problems == ()
    assert stream.documents[0].value == value


def test_a_merge_that_overrides_what_stands_above_it_is_noted() -> None:
    (document,) = read_yaml("x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n").documents
    reason = "key 'a' is set again by a merge key: first at line 3, column 3; the last one counts"
    assert document.notes == (Problem(reason, 4, 3),)


def test_overriding_what_was_merged_is_what_merge_keys_are_for() -> None:
    (document,) = read_yaml("x: &x {a: 1, b: 1}\nc:\n  <<: [*x, *x]\n  a: 2\n").documents
    assert document.notes == ()


@pytest.mark.parametrize(
    ("text", "value", "reason", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", {"a": 3, "b": 2}, "first at line 1, column 1", 3, 1),
        ("x:\n  a: 1\n  'a': 3\n", {"x": {"a": 3}}, "first at line 2, column 3", 3, 3),
        ("- {a: 1, a: 3}\n", [{"a": 3}], "first at line 1, column 4", 1, 10),
        ('{"a": 1,\n "a": 3}', {"a": 3}, "first at line 1, column 2", 2, 2),
        ("yes: 1\na: &k 1\ntrue: 3\n", {"true": 3, "a": 1}, "first at line 1, column 1", 3, 1),
        ("---\n# é\n---\né: {b: 1, b: 3}\n", {"é": {"b": 3}}, "first at line 4, column 5", 4, 11),
    ],
)
def test_of_a_key_that_is_set_twice_the_last_counts_and_both_are_told(
    text: str, value: object, reason: str, line: int, column: int
) -> None:
    (document,) = read_yaml(text).documents
    (note,) = document.notes
    assert document.value == value
    assert note[1:] == (line, column)
    assert reason in note.reason
    assert note.reason.endswith("the last one counts")


def test_null_keys_are_text_and_noted() -> None:
    (document,) = read_yaml("a: 1\n~: 2\n'null': 3\n").documents
    assert document.value == {"a": 1, "null": 3}
    assert Problem("a key is null; Kubernetes refuses that", 2, 1) in document.notes


def test_notes_are_bounded() -> None:
    (document,) = read_yaml("a: 1\n" * 500).documents
    assert len(document.notes) == 100


def test_documents_without_anything_odd_have_no_notes() -> None:
    for text in ("a: 1\n", "a: &x 1\nb: *x\n", '{"a": "\\"b\\": c"}'):
        assert read_yaml(text).documents[0].notes == ()
