"""The commit that a change is compared with, as a folder to scan and to take the rules of the game from.

What decides over a gate (configuration, Estate, Exemptions, Packs, baseline) is taken from here and not from the
change, so that no change can switch off its own gate.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from scanner.errors import BulkheadError, Diagnostic, UsageError
from scanner.sources.git_tree import Commit, export, find_base

STANDARD_INPUT = "-"
_MAX_FILE_BYTES = 64 << 20
"""Larger files of the base are empty ones of their size: no Source reads them."""


@dataclass(frozen=True, slots=True)
class BaseTree:
    """The files of the base commit, exported."""

    reference: str
    """As the user named it."""
    commit: Commit
    folder: str
    """Where its files are: the same paths as below the top of the repository."""
    here: str
    """Folder of the work tree that names in reports are relative to: the working directory, where it is inside."""
    submodules: tuple[str, ...]

    @property
    def name(self) -> str:
        """How reports call it: ``main (1a2b3c4d5e6f)``."""
        return f"{self.reference} ({self.commit.id[:12]})"

    @property
    def here_there(self) -> str:
        """The counterpart of ``here``."""
        return self.counterpart(self.here)

    def holds(self, path: str) -> bool:
        """Whether ``path`` (absolute) is inside the repository."""
        return _inside(os.path.normpath(path), self.commit.repository)

    def counterpart(self, path: str) -> str:
        """Return where ``path`` (absolute, inside the repository) is in the exported folder."""
        return os.path.normpath(os.path.join(self.folder, os.path.relpath(path, self.commit.repository)))

    def local(self, path: str) -> str:
        """Return ``path`` relative to ``here`` where the repository holds it, else absolute."""
        absolute = os.path.normpath(os.path.join(self.here, path))
        return os.path.relpath(absolute, self.here) if self.holds(absolute) else absolute

    def trusted(self, path: str) -> str | None:
        """Return what to read in place of ``path``: the base's, where the repository holds it; None if it has none.

        That is decided by the path as it is written, so that a change cannot lead it elsewhere with a link. Raises
        UsageError where the base's own is a link that leaves the repository.
        """
        absolute = os.path.normpath(os.path.join(self.here, path))
        if not self.holds(absolute):
            absolute = os.path.realpath(absolute)
        if not self.holds(absolute):
            return absolute
        there = self.counterpart(absolute)
        if not _inside(os.path.realpath(there), self.folder):
            raise UsageError(
                f"cannot use {self.local(absolute)} of the base: it is a link that leaves the repository",
                hint="name what it leads to",
            )
        return there if os.path.exists(there) else None

    def shown(self, text: str) -> str:
        """Return ``text`` with names in the exported folder as those of the repository."""
        return text.replace(self.here_there + os.sep, "").replace(self.folder + os.sep, "").replace(self.folder, ".")

    @contextmanager
    def named(self) -> Iterator[None]:
        """Let no error name the exported folder: it is gone by the time it is read."""
        try:
            yield
        except BulkheadError as error:
            details = [Diagnostic(self.shown(one.file), *one[1:3], self.shown(one.message)) for one in error.details]
            note = f"of the base, {self.name}, which counts here; a change of it counts once it is merged"
            raise type(error)(self.shown(str(error)), hint=f"this is {note}", details=details) from error


@contextmanager
def exported(reference: str, paths: Sequence[str]) -> Iterator[BaseTree]:
    """Give the base that ``reference`` names for a scan of ``paths``; its files are removed afterwards.

    Raises UsageError where the paths are not all in one repository, or its history does not say what the base is.
    """
    targets = [_target(path) for path in paths]
    folder = targets[0] if os.path.isdir(targets[0]) else os.path.dirname(targets[0])
    commit = find_base(folder, reference)
    top = os.path.realpath(commit.repository)
    for path, target in zip(paths, targets, strict=True):
        if not _inside(target, top):
            raise UsageError(f"cannot compare {path} with '{reference}': it is not in the repository {top}")
    with exported_commit(commit, reference) as tree:
        yield tree


@contextmanager
def exported_commit(commit: Commit, reference: str) -> Iterator[BaseTree]:
    """Give the files of ``commit``, called ``reference``; they are removed afterwards. Raises UsageError."""
    cwd = os.path.realpath(os.getcwd())
    top = os.path.realpath(commit.repository)
    there = os.path.realpath(tempfile.mkdtemp(prefix="bulkhead-base-"))
    try:
        submodules = export(commit, there, _MAX_FILE_BYTES)
        os.mkdir(os.path.join(there, ".git"))  # the mark of a repository: nothing above it is looked into
        here = cwd if _inside(cwd, top) else top
        os.makedirs(os.path.join(there, os.path.relpath(here, top)), exist_ok=True)
        yield BaseTree(reference, commit._replace(repository=top), there, here, submodules)
    finally:
        shutil.rmtree(there, ignore_errors=True)


def top_of(folder: str) -> str:
    """Return the top of the repository around ``folder``, else ``folder``; both absolute, without links."""
    start = above = os.path.realpath(folder)
    while not os.path.exists(os.path.join(above, ".git")):
        parent = os.path.dirname(above)
        if parent == above:
            return start
        above = parent
    return above


def _target(path: str) -> str:
    if path == STANDARD_INPUT:
        raise UsageError("cannot compare standard input with a base: it is in no commit", hint="write it to a file")
    if not os.path.lexists(path):
        raise UsageError(f"cannot scan {path}: there is no such file or folder")
    folder, name = os.path.split(os.path.normpath(os.path.abspath(path)))
    return os.path.join(os.path.realpath(folder), name) if name else os.path.realpath(folder)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
