import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.formats.streamed import json_document, to_json


def test_a_document_keeps_the_order_and_has_one_entry_a_line() -> None:
    text = "".join(json_document([("b", 1), ("a", iter([{"x": 1}, 2])), ("none", iter(())), ("list", [1, 2])]))

    assert text == '{\n  "b": 1,\n  "a": [\n    {"x": 1},\n    2\n  ],\n  "none": [],\n  "list": [1, 2]\n}\n'
    assert json.loads(text) == {"b": 1, "a": [{"x": 1}, 2], "none": [], "list": [1, 2]}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("\udcff.yaml", "\ufffd.yaml"),
        ("😀", "😀"),
        ("😀\udc00", "😀\ufffd"),
        (r"a\ud800", r"a\ud800"),
        ("\\\ud800", "\\\ufffd"),
        ({"\ud83d": ["\x1b[0m"]}, {"\ufffd": ["\x1b[0m"]}),
    ],
)
def test_half_a_surrogate_pair_is_replaced_and_nothing_else(value: Any, read: Any) -> None:
    text = to_json(value)

    assert text.isascii()
    assert json.loads(text) == read


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_becomes_json_that_is_valid_utf8(text: str) -> None:
    json.loads(to_json(text)).encode("utf-8")


@pytest.mark.parametrize("text", ["##vso[task.complete]", "a ##[error] b", "\\##VSO[x]", "###[x]"])
def test_what_a_build_agent_would_act_on_is_escaped_and_reads_the_same(text: str) -> None:
    written = to_json({"a": text})

    assert "##[" not in written
    assert "##vso[" not in written.lower()
    assert json.loads(written) == {"a": text}
