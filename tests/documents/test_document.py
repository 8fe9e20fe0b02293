"""Positions, for every way a tree is built: plain lines, libyaml's events, JSON text."""

from pathlib import Path as FilePath
from typing import Any

import pytest

from scanner.documents import Document, read_json, read_yaml
from scanner.documents.scalars import resolve_plain
from scanner.model.location import Region
from scanner.model.path import Path

PLAIN = """\
kind: Pod
metadata:
  name: web  # the name
  labels: {app: 'ü', "b": x}
spec:
  containers:
  - name: a
    args: [--x, "--y"]
    command:
    -   sh
    - -c
  - name: b
    script: |
      one
        two

    empty:
after: 1
"""


def only(text: str) -> Document:
    (document,) = read_yaml(text).documents
    return document


PLACES: list[tuple[Path, Region]] = [
    ((), Region(1, 1, 1, 5)),
    (("kind",), Region(1, 1, 1, 10)),
    (("metadata",), Region(2, 1, 2, 9)),
    (("metadata", "name"), Region(3, 3, 3, 12)),
    (("metadata", "labels"), Region(4, 3, 4, 9)),
    (("metadata", "labels", "app"), Region(4, 12, 4, 20)),
    (("spec", "containers", 0), Region(7, 5, 7, 9)),
    (("spec", "containers", 0, "args"), Region(8, 5, 8, 9)),
    (("spec", "containers", 0, "args", 1), Region(8, 17, 8, 22)),
    (("spec", "containers", 0, "command", 0), Region(10, 9, 10, 11)),
    (("spec", "containers", 1, "script"), Region(13, 5, 15, 12)),
    (("spec", "containers", 1, "empty"), Region(17, 5, 17, 11)),
    (("spec", "containers", 1, "image"), Region(12, 5, 12, 9)),
    (("spec", "containers", 2), Region(6, 3, 6, 13)),
    (("metadata", "name", "deeper"), Region(3, 3, 3, 12)),
    (("metadata", 0), Region(2, 1, 2, 9)),
    (("nothing", "here"), Region(1, 1, 1, 5)),
]


@pytest.mark.parametrize(("path", "region"), PLACES)
def test_regions_of_a_plain_document(path: Path, region: Region) -> None:
    assert only(PLAIN).region(path) == region


@pytest.mark.parametrize(("path", "region"), PLACES)
def test_the_full_reader_finds_the_same_places(path: Path, region: Region) -> None:
    full = only(PLAIN.replace("after: 1\n", "after: 1\nanchored: &a 1\n"))
    assert full.region(path) == region


def test_aliases_and_merge_keys_lead_to_where_the_effective_value_stands() -> None:
    document = only(
        "base: &base\n  image: nginx\n  tag: &tag '1'\nuse:\n  <<: *base\n  tag: '2'\nlist: [*tag, *base]\n"
    )
    assert document.value["use"] == {"image": "nginx", "tag": "2"}
    assert document.region(("use", "image")) == Region(2, 3, 2, 15)
    assert document.region(("use", "tag")) == Region(6, 3, 6, 11)
    assert document.region(("list", 0)) == Region(3, 8, 3, 16)
    assert document.region(("list", 1, "image")) == Region(2, 3, 2, 15)


def test_an_alias_as_value_of_a_key() -> None:
    document = only("a: &x 1\nb: *x\nc: &m {d: 2}\ne: *m\n")
    assert document.region(("b",)) == Region(1, 4, 1, 8)
    assert document.region(("e",)) == Region(4, 1, 4, 2)
    assert document.region(("e", "d")) == Region(3, 8, 3, 12)


def test_scalars_over_several_lines_end_where_their_text_ends() -> None:
    document = only('a: "b\n  c"\nd: >\n  e\n\n  f\n\n\ng: h\n  i\n')
    assert document.region(("a",)) == Region(1, 1, 2, 5)
    assert document.region(("d",)) == Region(3, 1, 6, 4)
    assert document.region(("g",)) == Region(9, 1, 10, 4)


def test_regions_in_json() -> None:
    (document,) = read_json('{"a": [1, {"b\\n": "c"}],\n\t"d": {}}').documents
    assert document.region(("a", 0)) == Region(1, 8, 1, 9)
    assert document.region(("a", 1, "b\n")) == Region(1, 12, 1, 22)
    assert document.region(("d",)) == Region(2, 2, 2, 5)
    assert document.region(()) == Region(1, 2, 1, 5)


@pytest.mark.parametrize("text", ["a: [1]\n", "a: &x [1]\n", '{"a": [1]}'])
def test_which_paths_exist(text: str) -> None:
    document = only(text)
    assert all(document.exists(path) for path in ((), ("a",), ("a", 0)))
    assert not any(document.exists(path) for path in (("b",), ("a", 1), ("a", "b"), ("a", 0, "b"), (0,)))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (1, ("kind",)),
        (4, ("metadata", "labels")),
        (7, ("spec", "containers", 0)),
        (8, ("spec", "containers", 0, "args")),
        (10, ("spec", "containers", 0, "command", 0)),
        (13, ("spec", "containers", 1, "script")),
        (14, None),
        (18, ("after",)),
        (99, None),
    ],
)
def test_the_outermost_value_that_starts_on_a_line(line: int, path: Path | None) -> None:
    assert only(PLAIN).path_at(line) == path
    assert only(PLAIN + "anchored: &a 1\n").path_at(line) == path


def test_a_line_of_an_anchored_value_belongs_to_where_it_is_written() -> None:
    document = only("a: &x\n  b: 1\nc: *x\nd: {<<: *x}\n")
    assert document.path_at(2) == ("a", "b")
    assert document.path_at(3) == ("c",)
    assert document.path_at(4) == ("d",)


def test_what_stands_inside_a_scalar() -> None:
    document = only("a: |\n  # text\nb: 'x # y'  # comment\n# comment\n")
    assert document.in_scalar(2, 3)
    assert document.in_scalar(3, 7)
    assert not document.in_scalar(3, 13)
    assert not document.in_scalar(4, 1)


def scalars(value: Any) -> list[tuple[Path, Any]]:
    """Return every scalar of ``value`` with its path; values shared by aliases are followed once."""
    found: list[tuple[Path, Any]] = []
    seen: set[int] = set()
    pending: list[tuple[Path, Any]] = [((), value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, (dict, list)):
            if id(item) not in seen:
                seen.add(id(item))
                steps = item.items() if isinstance(item, dict) else enumerate(item)
                pending.extend(((*path, step), below) for step, below in steps)
        else:
            found.append((path, item))
    return found


def located(lines: list[str], region: Region) -> str:
    """Return the text of a region, lines joined by spaces."""
    if region.line == region.end_line:
        return lines[region.line - 1][region.column - 1 : region.end_column - 1]
    first, *middle = lines[region.line - 1 : region.end_line]
    return " ".join([first[region.column - 1 :], *middle[:-1], middle[-1][: region.end_column - 1]])


def holds(text: str, value: Any) -> bool:
    """Whether ``text`` (a key and a scalar, or a scalar) may be ``value`` as it is written in YAML."""
    if isinstance(value, str):
        return all(word in text.replace("''", "'") for word in value.split() if word.isalnum())
    return any(resolve_plain(word) == value for word in [*text.split(), text.rpartition(":")[2].strip(), ""])


def assert_located(text: str) -> int:
    """Check that the place of every scalar in ``text`` holds it; returns how many there were."""
    lines = text.replace("\r\n", "\n").split("\n")
    count = 0
    for document in read_yaml(text).documents:
        for path, value in scalars(document.value):
            place = located(lines, document.region(path))
            assert holds(place, value), (path, value, place)
            count += 1
    return count


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_the_place_of_every_scalar_holds_it(line_break: str) -> None:
    odd = "é: &a {b: [ü, 'w x']}\nc: {<<: *a, d: *a}\ne: >-\n  f\n  g\n'😀': \"h\"   # i\n---\nj: [0o7, ~]\n"
    assert assert_located((PLAIN + "---\n" + odd).replace("\n", line_break)) == 19


@pytest.mark.slow
def test_the_place_of_every_scalar_of_the_corpus_holds_it(corpus: FilePath) -> None:
    count = 0
    for path in sorted((corpus / "kubernetes").rglob("*.y*ml")):
        count += assert_located(path.read_bytes().decode("utf-8", "replace"))
    assert count > 40_000
