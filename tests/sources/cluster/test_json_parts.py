"""However a text is written and wherever its blocks end, its parts hold what it holds."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.sources.cluster import json_parts
from scanner.sources.cluster.json_parts import Part, split

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.sampled_from('ab"\\{}[],:\n é'), max_size=6),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["a", "items", "}"]), below, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.lists(st.fixed_dictionaries({"kind": st.just("Pod"), "spec": VALUES}), max_size=6)
WAYS = [
    lambda value: json.dumps(value),
    lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    lambda value: json.dumps(value, indent=4),
    lambda value: json.dumps(value, indent=1).replace("\n", "\r\n"),
    lambda value: "\ufeff" + json.dumps(value, indent=2) + "\n\n",
    lambda value: _an_element_a_line(value),
]


def _an_element_a_line(value: Any) -> str:
    """As `jq -c '.items[]'` and the like leave it: each element on a line of its own."""
    items = value["items"] if isinstance(value, dict) else value
    lines = ",\n".join(map(json.dumps, items))
    head = '{"kind": "List", "metadata": {"a": [{}]}, "items": ' if isinstance(value, dict) else ""
    return f"{head}[\n{lines}\n]" + ("}" if head else "")


def values(parts: list[tuple[Part, bytes]], text: bytes) -> list[Any]:
    """All values of the parts, each checked to stand where its part says."""
    found: list[Any] = []
    for part, data in parts:
        assert not part.fault, part
        assert text[part.start : part.start + part.length] == data
        if part.head:
            found += json.loads(b"[" + data + b"]")
        else:
            ends = (0, *part.ends)
            found += [
                json.loads(data[start:end].lstrip(b", \n\r\x1e")) for start, end in zip(ends, part.ends, strict=False)
            ]
    return found


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parts, "PART_BYTES", 40)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part_bytes", [1, 40, 1 << 20])
@given(items=OBJECTS)
def test_a_list_is_the_same_in_parts(part_bytes: int, way: Any, items: list[Any]) -> None:
    before, json_parts.PART_BYTES = json_parts.PART_BYTES, part_bytes
    try:
        for shape in ({"kind": "List", "items": items, "metadata": {"a": [{}]}}, items):
            text = way(shape).encode()
            assert values(list(split(io.BytesIO(text))), text) == items
    finally:
        json_parts.PART_BYTES = before


@pytest.mark.parametrize("separator", ["\n", "", "\n\x1e", ",\n"])
@given(items=OBJECTS)
def test_values_on_their_own_stay_apart(separator: str, items: list[Any]) -> None:
    text = separator.join(json.dumps(item) for item in items).encode()
    assert values(list(split(io.BytesIO(text))), text) == items


def test_lists_and_single_objects_may_follow_each_other(small: None) -> None:
    one, two = {"kind": "Pod", "spec": {"items": [1]}}, {"kind": "Node", "spec": {"a": "x" * 60}}
    listed = {"apiVersion": "v1", "items": [two, one], "kind": "PodList", "metadata": {"continue": ""}}
    text = (json.dumps(one) + "\n" + json.dumps(listed, indent=4) + json.dumps(two, indent=4)).encode()
    parts = list(split(io.BytesIO(text)))
    assert values(parts, text) == [one, two, one, two]
    assert [bool(part.head) for part, _ in parts] == [False, True, True, False]


def test_items_of_an_object_that_is_no_list_are_its_own() -> None:
    text = b'{"kind": "Playlist2", "apiVersion": "x/v1", "items": [{"a": 1}]}'
    ((part, _),) = split(io.BytesIO(text))
    assert not part.head
    assert part.length == len(text)


def test_an_empty_list_is_a_part_too() -> None:
    ((part, data),) = split(io.BytesIO(b'{"kind": "List", "items": [] }'))
    assert (part.head, data) == (b'{"kind": "List", "items": [', b"")


def test_what_is_whole_before_a_cut_is_kept(small: None) -> None:
    items = [{"kind": "Pod", "n": number, "text": "}\\n    }," * 9} for number in range(7)]
    for text in (json.dumps({"items": items}, indent=4), json.dumps({"items": items}), json.dumps(items)):
        data = text.encode()
        for end in (len(data) - 30, len(data) // 2, len(data) - len(data) // 7):
            *whole, (cut, _) = split(io.BytesIO(data[:end]))
            assert cut.fault.startswith("the file is cut off"), cut
            kept = values(whole, data)
            assert kept == items[: len(kept)]
            assert len(kept) >= data[:end].count(b'"Pod"') - 2


def test_a_value_without_end_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_parts, "MAX_VALUE_BYTES", 4 << 20)
    stream = io.BytesIO(b'{"kind": "List", "items": [{"a": "' + b"x" * (64 << 20))
    ((part, _),) = split(stream)
    assert part.fault == "the value at offset 27 is larger than 4 MiB"
    assert stream.tell() < 17 << 20


def test_text_that_is_no_json_is_one_fault() -> None:
    ((part, _),) = split(io.BytesIO(b"Error from server (Forbidden): pods is forbidden"))
    assert part.fault == "it is no JSON"
