"""The fast reader against the full one: where it understands a document, both say the same, to the last column."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.documents import DEFAULT_LIMITS, event_nodes, line_nodes, read_yaml
from scanner.documents.event_values import read_events
from scanner.documents.lines import EMPTY, NOT_PLAIN, read_plain
from scanner.documents.nodes import Node
from tests.documents.mangling import mangled, pieces

UNDERSTOOD = [
    "a: 1\n",
    "a:\n- b\n- c\nd: e\n",
    "a:\n    - b: 1\n      c: 2\n    -   d: 3\n        e:\n        - f\n",
    "  a: 1\n  b:\n    c: d # comment\n",
    "- a\n- b: c\n  d: e\n",
    "a:\nb:\n  c:\nd: ~\n",
    "a: 'it''s'\nb: \"x # y\"\nc: x#y\nd: a:b\ne: http://x/?y=1&z\n",
    "'a b': 1\n\"c.d/e\": 2\non: 3\n",
    "a: []\nb: {}\nc: [x, 'y', \"z, [\", 1.5, -x]\nd: {a: 1, b: 'c: d'}\n",
    "a: |\n  x\n\n   y\n\nb: |-\n  z\n\n\nc: |+\n  w\n\n\nd: 1\n",
    "- |\n x\n- a: |  # why\n    y: z\n    # no comment\n  b: 2\n",
    "# c\n\na: 1 # d\n  # e\n# f\n",
    "a: --x\nb: -1\nc: $(X)\nd: (f)\ne: a, b] c} {d [e & f * g ! h | i > j % k @ l ` m ' n \" o\n",
    "a: ü\nk: 日本 語 😀 # 😀\nl: 1\n",
    "a: x   \nb:   y\n",
    "a:    |\n  x\n",
]
NOT_UNDERSTOOD = [
    "a: b\n  c\n",
    "a: &x b\n",
    "a: *x\n",
    "a: !x b\n",
    "a: >\n  b\n",
    'a: "b\\n"\n',
    "a: {b: [c]}\n",
    "a: b: c\n",
    "a:\tb\n",
    "\ta: b\n",
    "a: 1\na: 2\n",
    "<<: {a: 1}\n",
    "~: 1\n",
    "5: 1\n",
    "? a\n",
    "- - a\n",
    "-\n  a: b\n",
    "a\n",
    "a: b\n c: d\n",
    "  a: 1\n b: 2\n",
    "a: 1\n- b\n",
    "a: .inf\n",
    "a: [.nan]\n",
    "a: |\n  x",
    "a: |2\n   x\n",
    "a: |\n\tx\n",
    "a: |\n   \n  x\n",
    "a: |\n  x\n y\n",
    "a: 'b\n",
    "a: 'b' c\n",
    "a: b\r\n",
    "a: b\x07\n",
    "a: b\u2028\n",
    "a: @b\n",
    "a: [b c]\n",
    "a: [b: c]\n",
    "a: {b: 1, b: 2}\n",
    "...\n",
    "%x\n",
    "a: " + "x" * 5000 + "\n",
]


def places(root: Node) -> dict[tuple[Any, ...], Any]:
    """Return every place in a tree; of mappings and lists with content the end says nothing."""
    found: dict[tuple[Any, ...], Any] = {}
    pending: list[tuple[tuple[Any, ...], Node]] = [((), root)]
    while pending:
        path, node = pending.pop()
        found[path] = node.span[:2] if node.entries or node.items else node.span
        for key, (span, below, _) in (node.entries or {}).items():
            found[(*path, key, "its key")] = span
            pending.append(((*path, key), below))
        pending.extend(((*path, index), below) for index, below in enumerate(node.items or []))
    return found


def disagreement(text: str) -> tuple[object, object] | None:
    """Return what the two readers say of ``text`` where they differ; None too if the fast one leaves it alone."""
    value = read_plain(text, DEFAULT_LIMITS)
    if value is NOT_PLAIN:
        return None
    full = read_events(text, DEFAULT_LIMITS)
    if value is EMPTY:
        return (value, full) if full.documents or full.problem else None
    if full.problem or full.total != 1 or len(full.documents) != 1 or full.documents[0].suspicious:
        return value, full
    if repr(value) != repr(full.documents[0].value):  # repr tells 1 from 1.0 and True, and the order of keys
        return value, full.documents[0].value
    fast, slow = places(line_nodes.tree(text, 1).root), places(event_nodes.tree(text, 0, 1).root)
    line = read_yaml(text).documents[0].line
    return None if (fast, line) == (slow, full.documents[0].line) else (fast, slow)


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_plain_documents_are_understood_like_the_full_reader_does(text: str) -> None:
    assert read_plain(text, DEFAULT_LIMITS) is not NOT_PLAIN
    assert disagreement(text) is None


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_whatever_is_not_plain_is_left_to_the_full_reader(text: str) -> None:
    assert read_plain(text, DEFAULT_LIMITS) is NOT_PLAIN


def test_values_are_not_shared_between_documents() -> None:
    first, second = read_yaml("a: []\nb: {}\n---\na: []\nb: {}\n").documents
    first.value["a"].append(1)
    first.value["b"]["c"] = 1
    assert second.value == {"a": [], "b": {}}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(pieces()), max_size=14).map("".join))
def test_random_pieces_of_yaml(text: str) -> None:
    assert disagreement(text) is None


def test_mangled_documents() -> None:
    chance = random.Random(20260101)
    texts = [text for text in UNDERSTOOD if len(text) > 20]
    for _ in range(1500):
        text = mangled(chance.choice(texts), chance)
        assert disagreement(text) is None, text


@pytest.mark.slow
def test_the_corpus(corpus: Path) -> None:
    understood = 0
    for text in _texts(corpus / "kubernetes"):
        for document in text.split("\n---\n"):
            assert disagreement(document + "\n") is None, document
            understood += read_plain(document + "\n", DEFAULT_LIMITS) is not NOT_PLAIN
    assert understood > 2500


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.y*ml")):
        try:
            yield path.read_text("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
