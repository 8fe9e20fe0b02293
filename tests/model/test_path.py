import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.path import ANY, Path, covers, expand, format_path, parse_path, value_at

STEPS = st.one_of(st.text(max_size=12).filter(lambda key: key != ANY), st.integers(0, 99))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        ("rules[*].host", ("rules", ANY, "host")),
        ('metadata.labels["a.b/c"]', ("metadata", "labels", "a.b/c")),
        ('data["a\\"b"]', ("data", 'a"b')),
        ("", ()),
    ],
)
def test_text_and_path_are_inverse(text: str, path: Path) -> None:
    assert parse_path(text) == path
    assert format_path(path) == text


@given(st.lists(STEPS, max_size=6))
def test_every_path_can_be_written_and_read(steps: list[str | int]) -> None:
    assert parse_path(format_path(tuple(steps))) == tuple(steps)


@pytest.mark.parametrize("text", ["spec..x", "a[", "a[x]", 'a["b', "a b"])
def test_what_is_no_path_says_where(text: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read path .* at offset \d+"):
        parse_path(text)


def test_value_at_never_indexes_text() -> None:
    assert value_at({"a": "text"}, ("a", 0)) is None
    assert value_at({"a": [1, 2]}, ("a", 1)) == 2
    assert value_at({"a": [1, 2]}, ("a", "x"), "none") == "none"
    assert value_at({"a": {"b": None}}, ("a", "b", "c"), 5) == 5


def test_expand_yields_what_exists_in_document_order() -> None:
    attributes = {"rules": [{"host": "a"}, {"path": "/"}, {"host": "b"}], "map": {"x": 1, "y": 2}}
    assert list(expand(attributes, ("rules", ANY, "host"))) == [("rules", 0, "host"), ("rules", 2, "host")]
    assert list(expand(attributes, ("map", ANY))) == [("map", "x"), ("map", "y")]
    assert list(expand(attributes, ("rules", 7))) == []
    assert list(expand("text", ("a",))) == []


def test_covers_is_prefix() -> None:
    assert covers(("a", 0), ("a", 0, "b"))
    assert covers((), ("a",))
    assert not covers(("a", 0), ("a", 1))
