from pathlib import Path

import pytest

from scanner.formats.text.frame import frame
from scanner.formats.text.paint import Paint
from scanner.formats.text.source import SourceLines
from scanner.model.location import Location, Region
from scanner.model.severity import Severity


def shown(folder: Path, text: str | bytes, region: Region | None, width: int = 60) -> list[str]:
    file = folder / "input.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    location = Location(str(file), (), region)
    return list(frame(SourceLines(), location, Severity.HIGH, Paint(False), width))


def test_the_line_is_marked_between_its_neighbours(tmp_path: Path) -> None:
    assert shown(tmp_path, "a: 1\nb:\n  c: two\nd: 4\n", Region(3, 6, 3, 9)) == [
        "    2 │ b:",
        "    3 │   c: two",
        "      │      ^^^",
        "    4 │ d: 4",
    ]


def test_at_the_edges_of_the_file_there_are_no_neighbours(tmp_path: Path) -> None:
    assert shown(tmp_path, "a: 1", Region(1, 1, 1, 5)) == ["    1 │ a: 1", "      │ ^^^^"]


def test_a_block_of_lines_has_a_bar_and_is_cut_short(tmp_path: Path) -> None:
    text = "a:\n" + "".join(f"  line{n}: 1\n" for n in range(2, 9))

    assert shown(tmp_path, text, Region(2, 3, 3, 11)) == [
        "    1 │   a:",
        "    2 │ ┃   line2: 1",
        "    3 │ ┃   line3: 1",
        "    4 │     line4: 1",
    ]
    assert shown(tmp_path, text, Region(2, 3, 8, 1)) == [
        "    1 │   a:",
        "    2 │ ┃   line2: 1",
        "    3 │ ┃   line3: 1",
        "    4 │ ┃   line4: 1",
        "      │ ⋮",
    ]


def test_a_region_that_ends_before_a_line_does_not_hold_it(tmp_path: Path) -> None:
    assert shown(tmp_path, "a: 1\nb: 2\n", Region(1, 1, 2, 1)) == ["    1 │ a: 1", "      │ ^^^^", "    2 │ b: 2"]


def test_marks_stand_under_wide_characters_and_tabs(tmp_path: Path) -> None:
    assert shown(tmp_path, "日本: größe # \tx\n", Region(1, 5, 1, 10)) == [
        "    1 │ 日本: größe #     x",
        "      │       ^^^^^",
    ]
    assert shown(tmp_path, "\tkey: value", Region(1, 2, 1, 5)) == ["    1 │     key: value", "      │     ^^^"]


def test_characters_that_would_not_show_are_escapes_and_the_marks_follow(tmp_path: Path) -> None:
    assert shown(tmp_path, "a\x1bb: c", Region(1, 5, 1, 6)) == [r"    1 │ a\x1bb: c", "      │        ^"]


def test_indentation_gives_way_where_a_line_does_not_fit(tmp_path: Path) -> None:
    text = " " * 40 + "key:\n" + " " * 42 + "image: registry/name\n"

    assert shown(tmp_path, text, Region(2, 50, 2, 63)) == [
        "    1 │ key:",
        "    2 │   image: registry/name",
        "      │          ^^^^^^^^^^^^^",
    ]


def test_of_a_long_line_the_marked_part_is_shown(tmp_path: Path) -> None:
    lines = shown(tmp_path, "a " * 150 + "HERE" + " b" * 150, Region(1, 301, 1, 305), width=60)

    assert all(len(line) <= 60 for line in lines)
    start = lines[1].index("^^^^")
    assert lines[0][start : start + 4] == "HERE"
    assert lines[0].count("…") == 2


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("a: 1", None),
        ("a: 1", Region(9, 1, 9, 2)),
        ("a: " + "x" * 5_000, Region(1, 1, 1, 2)),
        ("", Region(2, 1, 2, 2)),
    ],
)
def test_where_there_is_nothing_to_show_there_is_no_frame(tmp_path: Path, text: str, region: Region | None) -> None:
    assert shown(tmp_path, text, region) == []


def test_a_mark_beyond_the_end_of_a_line_stays_at_its_end(tmp_path: Path) -> None:
    assert shown(tmp_path, "a:\n", Region(1, 40, 1, 50)) == ["    1 │ a:", "      │   ^"]


def test_the_lines_of_another_document_are_no_context(tmp_path: Path) -> None:
    assert shown(tmp_path, "x: 1\n---\nkind: Pod\n...\ny: 1\n", Region(3, 1, 3, 10)) == [
        "    3 │ kind: Pod",
        "      │ ^^^^^^^^^",
    ]


def test_beside_a_secret_only_the_marked_line_is_shown(tmp_path: Path) -> None:
    text = "kind: List\nitems:\n- kind: Secret\n  data:\n    x: aGlkZQ==\n- kind: Pod\n  spec: {}\n"

    assert shown(tmp_path, text, Region(6, 3, 6, 12)) == ["    6 │ - kind: Pod", "      │   ^^^^^^^^^"]
