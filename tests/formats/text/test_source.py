from pathlib import Path

import pytest

from scanner.formats.text import source
from scanner.formats.text.source import SourceLines


@pytest.mark.parametrize(
    "content",
    [
        b"one\ntwo\n",
        b"one\r\ntwo\r\n",
        b"one\rtwo",
        b"\xef\xbb\xbfone\ntwo",
        "\ufeffone\ntwo".encode("utf-16-le"),
        "\ufeffone\ntwo".encode("utf-16-be"),
        "one\x85two".encode(),
        "one\u2028two".encode(),
    ],
)
def test_lines_are_counted_as_yaml_counts_them(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    lines = SourceLines()

    assert [lines.line(str(file), number) for number in (0, 1, 2)] == [None, "one", "two"]


def test_bytes_that_are_no_text_do_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: \xff\n")

    assert SourceLines().line(str(file), 1) == "a: \ufffd"


@pytest.mark.parametrize("name", ["missing.yaml", ".", "-", "a\x00b"])
def test_what_cannot_be_read_has_no_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)

    assert SourceLines().line(name, 1) is None


def test_a_huge_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST_BYTES", 10)
    (tmp_path / "a.yaml").write_text("a: 1\nb: 2222\n")

    assert SourceLines().line(str(tmp_path / "a.yaml"), 1) is None


def test_each_file_is_read_once_in_a_row(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\n")
    lines = SourceLines()
    lines.line(str(file), 1)
    file.unlink()

    assert lines.line(str(file), 1) == "a: 1"
