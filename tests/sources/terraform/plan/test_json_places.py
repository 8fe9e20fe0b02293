"""Places in the JSON itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.documents import json_nodes, nodes
from scanner.model.location import Region
from scanner.sources.terraform.plan import read_terraform_json
from scanner.sources.terraform.plan.cursor import LineStarts
from scanner.sources.terraform.plan.json_places import locate
from tests.sources.terraform.plan.builder import change, kept, plan, planned, state


def marked(text: str, region: Region) -> str:
    """Return what a region of one line marks."""
    assert region.line == region.end_line
    return text.split("\n")[region.line - 1][region.column - 1 : region.end_column - 1]


def documents() -> list[object]:
    attributes = {"name": "äö", "rules": [{"port": 22}]}
    shown = {"format_version": "1.0", "terraform_version": "1", "values": {"root_module": {"resources": []}}}
    shown["values"]["root_module"]["resources"].append(planned("azurerm_x.y", attributes))  # type: ignore[index]
    return [
        plan(change("azurerm_x.other", {"name": "b"}), change("azurerm_x.y", attributes)),
        state(kept("azurerm_x", "other", {"attributes": {}}), kept("azurerm_x", "y", {"attributes": attributes})),
        shown,
    ]


@pytest.mark.parametrize("document", documents())
@pytest.mark.parametrize("indent", [None, 2])
def test_an_attribute_and_its_nearest_ancestor(document: object, indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    data = text.encode()
    instance = read_terraform_json(data, "a/plan.json", lambda: data).instances[-1]
    assert instance.places is not None

    def at(*path: str | int) -> str:
        assert instance.places is not None
        (place,) = instance.places(path)
        assert (place.file, place.role) == ("a/plan.json", "")
        assert place.region is not None
        return marked(text, place.region)

    assert at("name") == '"name": "äö"'
    assert at("rules", 0, "port") == '"port": 22'
    assert at("rules", 0, "gone") == '"port"'
    assert at("gone") in ('"after"', '"values"', '"attributes"')


def test_a_file_that_has_changed_since_has_no_places() -> None:
    data = json.dumps(plan(change("azurerm_x.y", {"name": "n"}))).encode()
    for now in (b"", b"{}", b"[1, 2, 3]" * 200):
        instance = read_terraform_json(data, "plan.json", lambda now=now: now).instances[0]
        assert instance.places is not None
        assert instance.places(("name",))[0].region is None


JSON = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["x", 'é\n"q', ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=4), st.sampled_from([None, 1]))
def test_a_place_is_what_it_is_in_any_other_json(value: object, path: list[str | int], indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    start, end = locate(text, 0, tuple(path))
    lines = LineStarts(text)
    expected = nodes.region(json_nodes.tree(text).root, tuple(path))
    assert Region(*lines.place(start), *lines.place(end)) == expected
