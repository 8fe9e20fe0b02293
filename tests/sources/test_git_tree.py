"""Files of a commit without a checkout, from histories as pull requests have them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.sources.git_tree import Commit, export, find_base

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

MAX = 1 << 20


def git(folder: Path, *arguments: str, **environment: str) -> str:
    roles = [f"GIT_{role}_{field}" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")]
    names = dict.fromkeys(roles, "dev@example.net")
    command = ["git", "-c", "protocol.file.allow=always", "-C", str(folder), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **names, **environment}
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {"a.yaml": "old", "deep/er/b.yaml": "b"})
    git(folder, "checkout", "-q", "-b", "change")
    commit(folder, {"a.yaml": "new"})
    git(folder, "checkout", "-q", "main")
    commit(folder, {"later.yaml": "on main"})
    git(folder, "checkout", "-q", "change")
    return folder


def commit(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a commit")
    return git(folder, "rev-parse", "HEAD")


def exported(base: Commit, target: Path) -> dict[str, str]:
    target.mkdir()
    export(base, str(target), MAX)
    return {path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*") if path.is_file()}


def test_the_base_is_where_the_histories_part(repository: Path, tmp_path: Path) -> None:
    (repository / "a.yaml").write_text("edited, not committed")
    base = find_base(str(repository / "deep"), "main")
    assert base == Commit(str(repository), git(repository, "merge-base", "main", "change"))
    assert exported(base, tmp_path / "out") == {"a.yaml": "old", "deep/er/b.yaml": "b"}
    assert (repository / "a.yaml").read_text() == "edited, not committed"
    assert git(repository, "status", "--short") == "M a.yaml"


def test_content_is_what_is_stored_whatever_attributes_say(repository: Path, tmp_path: Path) -> None:
    attributes = "*.yaml text eol=crlf export-ignore export-subst filter=evil\n"
    git(repository, "config", "filter.evil.smudge", "touch ran; cat")
    commit(repository, {".gitattributes": attributes, "c.yaml": "one\ntwo $Format:%H$\n"})
    files = exported(find_base(str(repository), "HEAD"), tmp_path / "out")
    assert files["c.yaml"] == "one\ntwo $Format:%H$\n"
    assert not (repository / "ran").exists()
    assert not (tmp_path / "out" / "ran").exists()


def test_a_shallow_clone_says_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repository}", str(clone))
    with pytest.raises(UsageError, match="cut off before the two meet") as caught:
        find_base(str(clone), "origin/main")
    assert "fetch-depth: 0" in caught.value.diagnostics()


def test_a_partial_clone_says_what_it_lacks(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repository}", str(clone))
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match=r"cannot read (commit|a\.yaml)") as caught:
        export(find_base(str(clone), "origin/main"), str(tmp_path / "out"), MAX)
    assert "clone without --filter" in caught.value.diagnostics()


def test_histories_without_a_common_commit(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "other")
    commit(repository, {"x.yaml": "x"})
    with pytest.raises(UsageError, match="no history in common"):
        find_base(str(repository), "main")


_NONE = "the repository has no such branch, tag or commit"


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("nowhere", _NONE),
        ("--upload-pack=touch ran", "that is no reference"),
        ("main:a.yaml", "that is no commit, but a blob"),
        ("main^{tree}", "that is no commit, but a tree"),
        ("0123456789012345678901234567890123456789", _NONE),
        ("HEAD~99", _NONE),
        ("", _NONE),
    ],
)
def test_what_is_no_commit(repository: Path, reference: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_base(str(repository), reference)
    assert str(caught.value) == f"cannot compare with '{reference}': {why}"
    assert "git fetch" not in caught.value.diagnostics(), "there is no remote to fetch from"
    assert not (repository / "ran").exists()


def test_what_is_not_fetched_says_how_it_is(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "release")
    clone, shallow = tmp_path / "clone", tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--single-branch", f"file://{repository}", str(clone))
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(shallow))

    def help_of(folder: Path, reference: str) -> str:
        with pytest.raises(UsageError, match=_NONE) as caught:
            find_base(str(folder), reference)
        return caught.value.diagnostics()

    fetch = "fetch it first: git fetch origin release:refs/remotes/origin/release"
    assert fetch in help_of(clone, "origin/release")
    assert f"{fetch}, or fetch-depth: 0" in help_of(shallow, "origin/release")
    git(clone, "fetch", "-q", "origin", "release:refs/remotes/origin/release")
    assert find_base(str(clone), "origin/release").id == git(repository, "rev-parse", "release")
    assert "there is origin/release: --base origin/release" in help_of(clone, "release")
    assert "name a branch as origin/BRANCH" in help_of(clone, "v1")
    assert "this clone is shallow" in help_of(shallow, "v1")


def test_a_branch_without_a_commit(tmp_path: Path, repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "empty")
    for reference in ("main", "HEAD"):
        with pytest.raises(UsageError, match="the branch that is checked out has no commit yet"):
            find_base(str(repository), reference)


def test_the_beginning_of_several_ids(repository: Path) -> None:
    ids: set[str] = set()
    for number in range(2000):  # among so many two begin alike
        command = ["git", "-C", str(repository), "hash-object", "-w", "--stdin"]
        new = subprocess.run(command, input=b"%d" % number, capture_output=True, check=True).stdout.decode()[:4]
        if new in ids:
            break
        ids.add(new)
    with pytest.raises(UsageError, match="several objects begin so"):
        find_base(str(repository), new)


def test_outside_of_any_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot find the Git repository of"):
        find_base(str(tmp_path), "main")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is not installed"):
        find_base(str(repository), "main")


def test_links_are_links_and_large_files_are_empty_ones_of_their_size(repository: Path, tmp_path: Path) -> None:
    (repository / "link").symlink_to("../outside")
    (repository / "folder").symlink_to("deep")
    commit(repository, {"large.json": "x" * (MAX + 1)})
    (tmp_path / "out").mkdir()
    export(find_base(str(repository), "HEAD"), str(tmp_path / "out"), MAX)
    assert os.readlink(tmp_path / "out" / "link") == "../outside"
    assert os.readlink(tmp_path / "out" / "folder") == "deep"
    assert (tmp_path / "out" / "large.json").stat().st_size == MAX + 1
    assert (tmp_path / "out" / "large.json").read_bytes()[:1] == b"\0"


def test_a_submodule_is_named(repository: Path, tmp_path: Path) -> None:
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository), "vendored")
    commit(repository, {})
    (tmp_path / "out").mkdir()
    assert export(find_base(str(repository), "HEAD"), str(tmp_path / "out"), MAX) == ("vendored",)


def test_a_tree_that_leaves_its_folder_writes_nothing_outside(repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "hash-object", "-w", "a.yaml")
    raw = b"100644 ..\0" + bytes.fromhex(blob)
    tree = subprocess.run(
        ["git", "-C", str(repository), "hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
        input=raw,
        capture_output=True,
        check=True,
    ).stdout.decode()
    hostile = git(repository, "commit-tree", tree.strip(), "-m", "hostile")
    (tmp_path / "out" / "in").mkdir(parents=True)
    export(Commit(str(repository), hostile), str(tmp_path / "out" / "in"), MAX)
    assert list((tmp_path / "out").rglob("*")) == [tmp_path / "out" / "in"]
