from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.sources.bicep.files import BicepFile, SourceText, Tree, decode, open_file
from scanner.sources.files import Unreadable

from .trees import write


@pytest.mark.parametrize(
    ("base", "reference", "path"),
    [
        ("a/main.bicep", "b.bicep", "a/b.bicep"),
        ("a/main.bicep", "./x/../b.bicep", "a/b.bicep"),
        ("a/main.bicep", "../b.bicep", "b.bicep"),
        ("a/main.bicep", "../../b.bicep", None),
        ("main.bicep", "..", None),
    ],
)
def test_paths_stay_in_the_tree(tmp_path: Path, base: str, reference: str, path: str | None) -> None:
    assert Tree(str(tmp_path)).resolve(base, reference) == path


def test_paths_in_reports_are_relative_to_the_base(tmp_path: Path) -> None:
    write(tmp_path, {"infra/main.bicep": ""})
    assert Tree(str(tmp_path), str(tmp_path / "infra")).display("infra/main.bicep") == "main.bicep"
    assert Tree(str(tmp_path), str(tmp_path / "infra")).display("shared/x.bicep") == "../shared/x.bicep"
    assert Tree(str(tmp_path)).display("infra/main.bicep") == "infra/main.bicep"


def test_paths_from_outside(tmp_path: Path) -> None:
    write(tmp_path, {"in/a.bicep": "", "b.bicep": ""})
    tree = Tree(str(tmp_path / "in"))
    assert tree.path_of(str(tmp_path / "in" / "a.bicep")) == "a.bicep"
    assert tree.path_of(str(tmp_path / "b.bicep")) is None


def test_places() -> None:
    source = SourceText("ab\r\nc\n\nd")
    assert [source.position(offset) for offset in (0, 2, 4, 6, 7)] == [(1, 1), (1, 3), (2, 1), (3, 1), (4, 1)]
    assert source.region(0, 5) == (1, 1, 2, 2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfvar", "var"),
        ("var".encode("utf-16"), "var"),
        (b"\xfe\xff\x00v", "v"),
        (b"\xff", None),
    ],
)
def test_encodings(data: bytes, text: str | None) -> None:
    assert decode(data) == text


def test_a_file_is_parsed_as_what_its_name_says(tmp_path: Path) -> None:
    write(tmp_path, {"a.bicep": "param a string", "a.bicepparam": "param a = 'x'", "sub/b.bicep": ""})
    tree = Tree(str(tmp_path))
    for name in ("a.bicep", "a.bicepparam"):
        file = open_file(tree, name)
        assert isinstance(file, BicepFile)
        assert not file.syntax.complaints
        assert file.shown == name
    missing = open_file(tree, "none.bicep")
    assert isinstance(missing, Unreadable)
    assert missing.state is State.UNREACHABLE


def test_links_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"secret.bicep": "var a = 1", "tree/x.bicep": ""})
    (tmp_path / "tree" / "link.bicep").symlink_to(tmp_path / "secret.bicep")
    found = open_file(Tree(str(tmp_path / "tree")), "link.bicep")
    assert found == Unreadable(State.UNREACHABLE, "cannot read the file: its link leads out of the tree")
