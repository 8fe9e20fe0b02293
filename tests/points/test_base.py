"""The base of a change as a folder: where it is, what is read from it, and when it cannot be had."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.points.base import exported, top_of
from scanner.sources.git_changes import authors, followed, renamed, tracked
from scanner.sources.git_tree import find_base
from tests.cli.running import bulkhead
from tests.points.histories import commit, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy/a.yaml").write_text("a: 1\nb: 2\nc: 3\n")
    (folder / "bulkhead.yaml").write_text("rules: {}\n")
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(folder)
    return folder


def test_it_has_the_files_of_the_base_and_is_gone_afterwards(folder: Path) -> None:
    (folder / "deploy/a.yaml").write_text("a: 2\n")
    with exported("main", ["."]) as tree:
        assert (Path(tree.folder) / "deploy/a.yaml").read_text() == "a: 1\nb: 2\nc: 3\n"
        assert tree.name == f"main ({git(folder, 'rev-parse', 'main')[:12]})"
        there = tree.folder
    assert not os.path.exists(there)


def test_paths_of_the_repository_are_read_there_and_others_here(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("")
    (folder / "new.yaml").write_text("")
    with exported("main", ["deploy"]) as tree:
        assert tree.trusted("bulkhead.yaml") == os.path.join(tree.folder, "bulkhead.yaml")
        assert tree.trusted(str(folder / "deploy")) == os.path.join(tree.folder, "deploy")
        assert tree.trusted("new.yaml") is None
        assert tree.trusted("../outside.yaml") == str(tmp_path / "outside.yaml")
        assert tree.shown(f"{tree.folder}/deploy/a.yaml:1") == "deploy/a.yaml:1"
        assert tree.local(str(folder / "deploy")) == "deploy"


def test_names_are_relative_to_the_working_directory_below_the_top(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "deploy")
    with exported("main", ["."]) as tree:
        assert tree.here == str(folder / "deploy")
        assert tree.here_there == os.path.join(tree.folder, "deploy")
        assert tree.trusted("../bulkhead.yaml") == os.path.join(tree.folder, "bulkhead.yaml")


def test_a_link_of_the_base_that_leaves_it_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("")
    git(folder, "checkout", "-q", "main")
    (folder / "estate.yaml").symlink_to("../outside.yaml")
    commit(folder)
    with exported("main", ["."]) as tree, pytest.raises(UsageError, match="is a link that leaves the repository"):
        tree.trusted("estate.yaml")


@pytest.mark.parametrize(
    ("paths", "why"),
    [
        (["-"], "cannot compare standard input with a base"),
        (["missing"], "cannot scan missing: there is no such file or folder"),
        ([".", "../elsewhere"], "cannot compare ../elsewhere with 'main': it is not in the repository"),
    ],
)
def test_what_is_in_no_commit_cannot_be_compared(folder: Path, paths: list[str], why: str) -> None:
    (folder.parent / "elsewhere").mkdir()
    with pytest.raises(UsageError, match=why), exported("main", paths):
        pass


def test_a_shallow_clone_is_told_what_to_do(folder: Path, tmp_path: Path) -> None:
    git(folder, "checkout", "-q", "main")
    (folder / "b.yaml").write_text("")
    commit(folder)
    git(folder, "checkout", "-q", "change")
    (folder / "c.yaml").write_text("")
    commit(folder)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", "-b", "change", f"file://{folder}", str(clone))
    run = bulkhead("scan", "--base", "origin/main", cwd=clone)
    assert run.code == 2
    assert "the history of this clone is cut off before the two meet" in run.stderr
    assert "fetch-depth: 0" in run.stderr


def test_a_folder_that_is_no_repository_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("")
    run = bulkhead("scan", "--base", "main", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert run.code == 2
    assert "cannot find the Git repository of" in run.stderr


def test_git_is_asked_about_the_folder_and_not_about_what_a_hook_was_told(folder: Path) -> None:
    run = bulkhead("scan", "--base", "main", cwd=folder, GIT_DIR="/nowhere", GIT_WORK_TREE="/nowhere")
    assert run.code == 0, run.stderr


def test_what_git_knows_of_a_change(folder: Path) -> None:
    base = find_base(str(folder), "main")
    (folder / "deploy/a.yaml").rename(folder / "deploy/b.yaml")
    (folder / "untracked.yaml").write_text("")
    git(folder, "mv", "-k", "deploy/a.yaml", "deploy/b.yaml")
    git(folder, "add", "-A", "deploy")
    assert dict(renamed(base)) == {"deploy/a.yaml": "deploy/b.yaml"}
    assert tracked(str(folder), ["deploy/", "untracked.yaml", "*.yaml"]) == ("deploy/b.yaml",)
    assert tracked(str(folder), []) == ()
    git(folder, "commit", "-q", "-m", "x", mail="ann@example.net")
    assert [author.mail for author in authors(base, ["deploy"])] == ["ann@example.net"]
    assert list(authors(base, [])) == []


def test_a_folder_is_followed_to_where_most_of_it_went() -> None:
    renames = {"live/a/x.tf": "root/a/x.tf", "live/a/y.tf": "root/a/y.tf", "live/a/z.tf": "other/z.tf", "q": "r"}
    assert followed("live/a", renames) == "root/a"
    assert followed("q", renames) == "r"
    assert followed("live/b", renames) == "live/b"


def test_the_top_is_where_the_repository_is(folder: Path) -> None:
    assert top_of("deploy") == str(folder)


def test_reports_say_what_judging_the_base_took_where_it_was_judged(folder: Path) -> None:
    text = bulkhead("scan", ".", "--base", "main", cwd=folder).stdout
    assert "for the base" not in text, "nothing differs, so it was not judged a second time"
    (folder / "deploy/b.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n")
    assert re.search(r"elapsed +\S+ s · for the base \S+ s, at most \d+ MiB\n", _scan(folder, "text"))
    compared = json.loads(_scan(folder, "json"))["comparison"]
    assert compared["elapsed_s"] > 0
    assert compared["peak_bytes"] > 1 << 20


def test_the_gate_of_a_change_writes_the_same_sarif_twice(folder: Path) -> None:
    (folder / "deploy/b.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n")
    assert _scan(folder, "sarif") == _scan(folder, "sarif")


def _scan(folder: Path, format_: str) -> str:
    return bulkhead("scan", ".", "--base", "main", "--report", format_, cwd=folder).stdout
