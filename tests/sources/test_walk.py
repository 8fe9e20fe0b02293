import os
import socket
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.sources.walk import Walked, walk


def tree(root: Path, *files: str) -> None:
    """Make files below ``root``; a path that ends in ``/`` is a folder."""
    for file in files:
        path = root / file
        if file.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x: 1\n")


def names(walked: Walked) -> list[str]:
    return [found.name for found in walked.files]


def ledger(walked: Walked) -> dict[str, tuple[State, str]]:
    return {entry.input: (entry.state, entry.reason) for entry in walked.entries}


def test_files_are_sorted_and_everything_else_is_in_the_ledger(tmp_path: Path) -> None:
    tree(tmp_path, "b.yaml", "a/z.yml", "a/README.md", "a/Makefile", "c.JSON", "a.yaml", ".git/config.yaml", "empty/")
    walked = walk([str(tmp_path)], str(tmp_path))
    assert names(walked) == ["a.yaml", "a/z.yml", "b.yaml", "c.JSON"]
    assert [found.size_bytes for found in walked.files] == [5, 5, 5, 5]
    assert ledger(walked) == {
        ".git/": (State.EXCLUDED, "version control data"),
        "a/Makefile": (State.UNSUPPORTED, "nothing to judge (no extension)"),
        "a/README.md": (State.UNSUPPORTED, "nothing to judge (extension .md)"),
    }


def test_names_are_relative_to_the_base_and_absolute_outside_it(tmp_path: Path) -> None:
    tree(tmp_path, "base/x/a.yaml", "other/b.yaml")
    base = str(tmp_path / "base")
    assert names(walk(["x"], base)) == ["x/a.yaml"]
    assert names(walk(["./x/../x/a.yaml"], base)) == ["x/a.yaml"]
    assert names(walk([str(tmp_path / "base" / "x")], base)) == ["x/a.yaml"]
    assert names(walk(["../other"], base)) == ["../other/b.yaml"]
    assert names(walk([str(tmp_path / "other")], base)) == [f"{tmp_path}/other/b.yaml"]
    assert names(walk([".", "x", "x/a.yaml"], base)) == ["x/a.yaml"]


def test_ignore_files_speak_of_what_is_below_them_and_the_nearest_has_the_last_word(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.yaml",
        "gen/b.yaml",
        "x/gen.yaml",
        "x/keep.gen.yaml",
        "x/deep/c.gen.yaml",
        "y/build/d.yaml",
        "build/e.yaml",
    )
    (tmp_path / ".gitignore").write_text("# c\n*.gen.yaml\n/build/\ngen/\n")
    (tmp_path / "x" / ".gitignore").write_text("!keep.gen.yaml\n")
    walked = walk(["."], str(tmp_path))
    assert names(walked) == ["a.yaml", "x/gen.yaml", "x/keep.gen.yaml", "y/build/d.yaml"]
    excluded = {name: reason for name, (state, reason) in ledger(walked).items() if state is State.EXCLUDED}
    assert excluded == {
        "build/": "ignored by .gitignore",
        "gen/": "ignored by .gitignore",
        "x/deep/c.gen.yaml": "ignored by .gitignore",
    }


def test_ignore_files_above_the_tree_do_not_count(tmp_path: Path) -> None:
    tree(tmp_path, "x/a.yaml")
    (tmp_path / ".gitignore").write_text("*\n")
    assert names(walk(["x"], str(tmp_path))) == ["x/a.yaml"]


def test_patterns_that_could_take_forever_are_not_tried(tmp_path: Path) -> None:
    name = "a" * 200 + ".yaml"
    tree(tmp_path, name)
    (tmp_path / ".gitignore").write_text("*a*a*a*a*a*a*a*a*a*a*a*a*b.yaml\n" + "**/" * 12 + "b.yaml\n")
    assert names(walk(["."], str(tmp_path))) == [name]


def test_excluded_by_configuration(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.yaml", "a/c.yaml", "d/e.yaml", "vendor/f.yaml")
    walked = walk(["."], str(tmp_path), ["a/b.*", "vendor/", "/d/*", "!d/e.yaml"])
    assert names(walked) == ["a/c.yaml", "d/e.yaml"]
    assert ledger(walked) == {
        "a/b.yaml": (State.EXCLUDED, "excluded by the configuration"),
        "vendor/": (State.EXCLUDED, "excluded by the configuration"),
    }


def test_a_file_that_is_named_is_read_whatever_ignores_it(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.yaml")
    (tmp_path / ".gitignore").write_text("*\n")
    walked = walk(["b.yaml", ".", "a.txt"], str(tmp_path), ["*.txt"])
    assert names(walked) == ["a.txt", "b.yaml"]
    assert list(ledger(walked)) == [".gitignore"]


def test_links_are_followed_inside_the_tree_once(tmp_path: Path) -> None:
    tree(tmp_path, "t/real/a.yaml", "t/b.yaml", "outside/c.yaml", "t/data/d.txt")
    (tmp_path / "t" / "link").symlink_to("real")
    (tmp_path / "t" / "loop").symlink_to("..")
    (tmp_path / "t" / "self").symlink_to("self")
    (tmp_path / "t" / "same.yaml").symlink_to("b.yaml")
    (tmp_path / "t" / "out.yaml").symlink_to("../outside/c.yaml")
    (tmp_path / "t" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "t" / "gone.yaml").symlink_to("nothing")
    (tmp_path / "t" / "gone").symlink_to("nothing")
    (tmp_path / "t" / "e.yaml").symlink_to("data/d.txt")
    (tmp_path / "t" / "real" / "up").symlink_to("..")
    walked = walk(["t"], str(tmp_path))
    assert names(walked) == ["t/b.yaml", "t/e.yaml", "t/real/a.yaml"]
    same, leaves = (
        (State.EXCLUDED, "a link to what is read under its own name"),
        (State.EXCLUDED, "a link that leaves the tree"),
    )
    assert ledger(walked) == {
        "t/data/d.txt": (State.UNSUPPORTED, "nothing to judge (extension .txt)"),
        "t/gone": (State.UNSUPPORTED, "nothing to judge (no extension)"),
        "t/gone.yaml": (State.UNREACHABLE, "cannot follow the link: it leads nowhere"),
        "t/link": same,
        "t/loop": leaves,
        "t/out": leaves,
        "t/out.yaml": leaves,
        "t/real/up": same,
        "t/same.yaml": same,
        "t/self": (State.UNSUPPORTED, "nothing to judge (no extension)"),
    }
    assert [entry.input for entry in walked.entries if entry.incomplete] == ["t/gone.yaml"]


def test_a_linked_folder_that_is_ignored_itself_is_followed(tmp_path: Path) -> None:
    tree(tmp_path, "..data/a.yaml")
    (tmp_path / "current").symlink_to("..data")
    (tmp_path / ".gitignore").write_text("..data/\n")
    assert names(walk(["."], str(tmp_path))) == ["current/a.yaml"]


def test_a_tree_that_is_named_by_a_link(tmp_path: Path) -> None:
    tree(tmp_path, "real/a.yaml")
    (tmp_path / "real" / "b.yaml").symlink_to("a.yaml")
    (tmp_path / "link").symlink_to("real")
    walked = walk(["link"], str(tmp_path))
    assert names(walked) == ["link/a.yaml"]
    assert ledger(walked)["link/b.yaml"][0] is State.EXCLUDED


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.yaml"))
        walked = walk([".", "pipe.yaml"], str(tmp_path))
    assert names(walked) == []
    assert ledger(walked) == {
        "pipe.yaml": (State.UNREACHABLE, "cannot read the file: it is a named pipe"),
        "s.yaml": (State.UNSUPPORTED, "not a regular file: it is a socket"),
    }


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    walked = walk(["nothing", "no/such.yaml"], str(tmp_path))
    assert ledger(walked) == {
        "no/such.yaml": (State.UNREACHABLE, "cannot find the file: no such file or directory"),
        "nothing": (State.UNREACHABLE, "cannot find the file: no such file or directory"),
    }
    assert all(entry.incomplete for entry in walked.entries)


def test_a_folder_that_vanishes_or_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a/b.yaml", "c/d.yaml")
    scandir = os.scandir

    def vanishing(path: str) -> object:
        if path.endswith("a"):
            raise FileNotFoundError(2, "No such file or directory", path)
        if path.endswith("c"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanishing)
    walked = walk(["."], str(tmp_path))
    assert names(walked) == []
    assert ledger(walked) == {
        "a": (State.UNREACHABLE, "cannot list the folder: no such file or directory"),
        "c": (State.UNREACHABLE, "cannot list the folder: permission denied"),
    }


def test_names_that_are_no_text_can_be_read_and_printed(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.yaml"
    try:
        with open(path, "wb") as stream:
            stream.write(b"a: 1\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (found,) = walk(["."], str(tmp_path)).files
    assert Path(found.path).read_bytes() == b"a: 1\n"


def test_an_ignore_file_that_cannot_be_read_ignores_nothing(tmp_path: Path) -> None:
    tree(tmp_path, "a.yaml", ".gitignore/b.yaml")
    assert names(walk(["."], str(tmp_path))) == [".gitignore/b.yaml", "a.yaml"]


def test_a_pattern_that_is_none_ignores_nothing(tmp_path: Path) -> None:
    tree(tmp_path, "a.yaml", "b.yaml")
    (tmp_path / ".gitignore").write_text("a.yaml\n[\n\n!\n")
    assert "b.yaml" in names(walk(["."], str(tmp_path)))
