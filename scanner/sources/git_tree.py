"""The files of a commit, straight from the Git object store: nothing is checked out, the work tree is not touched.

Only the ``git`` executable is asked, and only to read. Blobs are written as they are stored: no filters, no line-ending
conversion, nothing that the repository's own attributes or hooks could run.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from scanner.errors import UsageError

_FILE, _LINK, _SUBMODULE = "file", "link", "submodule"
_KINDS = {b"100644": _FILE, b"100755": _FILE, b"100664": _FILE, b"120000": _LINK, b"160000": _SUBMODULE}
_TIMEOUT_S = 60
_NO_PROGRAMS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")
"""A repository's configuration may name programs to run; reading objects needs none of them, and no network."""

_ID = re.compile(r"[0-9a-fA-F]{4,40}")
_WHOLE_ID = re.compile(r"[0-9a-fA-F]{40}")
_DEEPEN = "fetch more of it: git fetch --unshallow, or fetch-depth: 0 in actions/checkout"
_PARTIAL = "a partial clone lacks it: clone without --filter, or fetch with --refetch --no-filter"


class Commit(NamedTuple):
    """A commit of one repository."""

    repository: str
    """Its top folder, absolute."""
    id: str
    """Object id, hexadecimal."""


class _Blob(NamedTuple):
    path: str
    id: bytes
    kind: str
    size: int


def find_base(folder: str, reference: str) -> Commit:
    """Return the commit at which the history of the work tree around ``folder`` left ``reference``.

    That is their merge base: what has happened on the other branch since is not this change's doing. Raises UsageError
    where there is no repository, no such reference, or too little history to tell.
    """
    top = _said(folder, "rev-parse", "--show-toplevel", reason=f"cannot find the Git repository of {folder}")
    refusal = f"cannot compare with '{reference}'"
    if reference.startswith("-"):
        raise UsageError(f"{refusal}: that is no reference")
    tip = _commit_of(top, reference)
    if not tip:
        raise UsageError(f"{refusal}: {_why_none(top, reference)}", hint=_where_else(top, reference))
    found = run_git(top, "merge-base", tip, "HEAD")
    if found.returncode == 0:
        return Commit(top, found.stdout.decode().split()[0])
    if not _commit_of(top, "HEAD"):
        raise UsageError(f"{refusal}: the branch that is checked out has no commit yet", hint="commit first")
    if _is_shallow(top):
        raise UsageError(f"{refusal}: the history of this clone is cut off before the two meet", hint=_DEEPEN)
    raise UsageError(f"{refusal}: it has no history in common with HEAD")


def commit_at(folder: str, id_: str) -> Commit | None:
    """Return the commit ``id_`` (hexadecimal, whole) of the repository around ``folder``; None where it has none."""
    found = run_git(folder, "rev-parse", "--show-toplevel") if _WHOLE_ID.fullmatch(id_) else None
    if found is None or found.returncode != 0:
        return None
    top = os.fsdecode(found.stdout).strip()
    return Commit(top, id_) if _commit_of(top, id_) else None


def is_checked_out(commit: Commit) -> bool:
    """Whether the work tree holds just what ``commit`` does, untracked files not counted."""
    if _commit_of(commit.repository, "HEAD") != commit.id.lower():
        return False
    status = run_git(commit.repository, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all")
    return status.returncode == 0 and not status.stdout


def _commit_of(top: str, reference: str) -> str:
    """Return the id of the commit that ``reference`` names, empty where it names none."""
    found = run_git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    return found.stdout.decode().strip() if found.returncode == 0 else ""


def _why_none(top: str, reference: str) -> str:
    named = run_git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", reference).stdout.decode().strip()
    kind = run_git(top, "cat-file", "-t", named).stdout.decode().strip() if named else ""
    if kind and kind != "commit":
        return f"that is no commit, but a {kind}"
    if reference == "HEAD":
        return "the branch that is checked out has no commit yet"
    several = run_git(top, "rev-parse", f"--disambiguate={reference}") if _ID.fullmatch(reference) else None
    if several is not None and len(several.stdout.split()) > 1:
        return "several objects begin so"
    return "the repository has no such branch, tag or commit"


def _where_else(top: str, reference: str) -> str:
    """Return what may help where a reference is not in the clone."""
    remotes = run_git(top, "remote").stdout.decode("utf-8", "replace").split()
    remote, _, branch = reference.removeprefix("refs/remotes/").partition("/")
    if branch and remote in remotes:
        fetch = f"fetch it first: git fetch {remote} {branch}:refs/remotes/{remote}/{branch}"
        return f"{fetch}, or fetch-depth: 0 in actions/checkout" if _is_shallow(top) else fetch
    here = [one for one in remotes if _commit_of(top, f"refs/remotes/{one}/{reference}")]
    if here:
        return f"there is {here[0]}/{reference}: --base {here[0]}/{reference}"
    if _is_shallow(top):
        return f"this clone is shallow; {_DEEPEN}"
    return f"fetch it first: git fetch {remotes[0]}, and name a branch as {remotes[0]}/BRANCH" if remotes else ""


def _is_shallow(top: str) -> bool:
    return run_git(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def export(commit: Commit, folder: str, max_bytes: int) -> tuple[str, ...]:
    """Write the files of ``commit`` below ``folder``, which is empty; returns the paths of submodules, which are not.

    A file of more than ``max_bytes`` becomes an empty one of the same size, which whoever reads it refuses as well.
    Links are written last, so that no file is written through one.
    """
    blobs = list(_blobs(commit))
    with _contents(commit) as content_of:
        for blob in sorted(blobs, key=lambda blob: blob.kind == _LINK):
            if blob.kind == _SUBMODULE:
                continue
            target = os.path.join(folder, blob.path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if blob.kind == _LINK:
                os.symlink(content_of(blob), target)
            elif blob.size > max_bytes:
                with open(target, "xb") as stream:
                    stream.truncate(blob.size)
            else:
                with open(target, "xb") as stream:
                    stream.write(content_of(blob))
    return tuple(blob.path for blob in blobs if blob.kind == _SUBMODULE)


def _blobs(commit: Commit) -> Iterator[_Blob]:
    """Yield what the tree of ``commit`` holds; a path that leaves it (hostile trees hold such) is left out."""
    listing = run_git(commit.repository, "ls-tree", "-r", "-l", "-z", "--full-tree", commit.id)
    if listing.returncode != 0:
        hint = _PARTIAL if b"lazy fetching disabled" in listing.stderr else ""
        raise UsageError(f"cannot read commit {commit.id}: {_complaint(listing)}", hint=hint)
    for line in listing.stdout.split(b"\0"):
        meta, _, name = line.partition(b"\t")
        if not name:
            continue
        mode, _, id_, size = meta.split()
        path = os.fsdecode(name)
        parts = path.split("/")
        if mode in _KINDS and not path.startswith("/") and not any(part in ("", ".", "..", ".git") for part in parts):
            yield _Blob(path, id_, _KINDS[mode], int(size) if size.isdigit() else 0)


@contextmanager
def _contents(commit: Commit) -> "Iterator[_Reader]":
    """Give what returns the content of a blob: one process answers for all."""
    command = ("git", *_NO_PROGRAMS, "-C", commit.repository, "cat-file", "--batch")
    with subprocess.Popen(  # noqa: S603 - git, with our arguments
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield _Reader(process.stdin, process.stdout)
        finally:
            process.stdin.close()
            process.kill()


class _Reader:
    """Asks ``git cat-file --batch``."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers

    def __call__(self, blob: _Blob) -> bytes:
        """Return the content of ``blob``. Raises UsageError where the object is not there (a partial clone)."""
        self._questions.write(blob.id + b"\n")
        self._questions.flush()
        header = self._answers.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise UsageError(f"cannot read {blob.path} of the base: its content is not in this clone", hint=_PARTIAL)
        content = self._answers.read(int(header[2]))
        self._answers.read(1)
        return content


def _said(folder: str, *arguments: str, reason: str, hint: str = "") -> str:
    result = run_git(folder, *arguments)
    if result.returncode != 0:
        raise UsageError(f"{reason}: {_complaint(result)}", hint=hint)
    return os.fsdecode(result.stdout).strip()


def run_git(folder: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Ask ``git`` about the repository around ``folder``; raises UsageError where it cannot be run."""
    command: Sequence[str] = ("git", *_NO_PROGRAMS, "-C", folder, *arguments)
    try:
        return subprocess.run(  # noqa: S603 - git, with our arguments
            command, capture_output=True, check=False, timeout=_TIMEOUT_S, env=_environment()
        )
    except FileNotFoundError:
        raise UsageError(
            "cannot read the base: git is not installed", hint="install git, or leave --base out"
        ) from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"cannot read the base: git gave no answer in {_TIMEOUT_S} seconds") from None


def _environment() -> dict[str, str]:
    silent = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    # a hook is told which repository it runs for; we are told a folder, and replacements are no part of the history
    told = ("GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX")
    inherited = {name: value for name, value in os.environ.items() if name not in told}
    return {**inherited, **silent, "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}


def _complaint(result: "subprocess.CompletedProcess[bytes]") -> str:
    lines = result.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else f"git ended with {result.returncode}"
