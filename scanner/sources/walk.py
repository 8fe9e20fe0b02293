"""Walks paths: which files there are to read, and what becomes of everything else.

Nothing is read here but ignore files. Every path that is met ends either in the list of files or in the ledger, so
that nothing is left out silently. Symbolic links are followed after everything else was seen, and only to what lies
inside the tree and was not met otherwise: so loops end, and no file is read twice.
"""

import os
import stat
from collections.abc import Sequence
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.files import cause, irregular
from scanner.sources.ignore import IGNORE_FILE, IgnoreFile, Patterns, ignored_by, read_ignore_file

EXTENSIONS = frozenset(
    (".yaml", ".yml", ".json", ".tf", ".tofu", ".tfvars", ".tfstate", ".tfplan", ".bicep", ".bicepparam")
)
"""Files with these may hold something to judge; others are read only when they are named."""
_NAMES = frozenset(("Kustomization",))
"""Names without an extension that a program takes for input all the same."""

_LEFT_OUT = {
    ".git": "version control data",
    ".terraform": "what terraform init has fetched; modules in it are judged through their callers",
}
"""Names of folders that are not looked into, and why."""


class Found(NamedTuple):
    """One file to read."""

    name: str
    """As reports print it: relative to the base where it lies below it, ``/`` between parts."""
    path: str
    """To open it by."""
    size_bytes: int


class Walked(NamedTuple):
    """What was met."""

    files: tuple[Found, ...]
    """Sorted by name, each once."""
    entries: tuple[LedgerEntry, ...]
    """Everything that is not read, sorted by name."""


class _Folder(NamedTuple):
    path: str
    name: str
    """Without a trailing ``/``; empty for the base itself."""
    real: str
    """Its path without links, by which a folder is known again."""
    root: str
    """The real path of the tree it belongs to."""
    ignore_files: tuple[IgnoreFile, ...]


def walk(paths: Sequence[str], base: str, exclude: Sequence[str] = ()) -> Walked:
    """Return the files below ``paths``, which are files or folders, relative to ``base`` or absolute.

    ``exclude`` are patterns in the notation of ``.gitignore``, relative to ``base``. A file that is named itself is
    always read, whatever its name and whatever ignores it.
    """
    walker = _Walker(base, exclude)
    for path in paths:
        walker.add(path)
    walker.follow_links()
    return walker.walked()


def may_hold(name: str) -> bool:
    """Whether a file of this name may hold something to judge."""
    return os.path.splitext(name)[1].lower() in EXTENSIONS or os.path.basename(name) in _NAMES


def printable(name: str) -> str:
    """Return ``name`` for reports: bytes that are no UTF-8 become U+FFFD, the separator becomes ``/``."""
    if os.sep != "/":
        name = name.replace(os.sep, "/")
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_inside(path: str, folder: str) -> bool:
    """Whether the absolute ``path`` is ``folder`` or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


class _Walker:
    def __init__(self, base: str, exclude: Sequence[str]) -> None:
        self._base = os.path.abspath(base)
        self._exclude = Patterns(exclude) if exclude else None
        self._files: dict[str, Found] = {}
        self._entries: dict[str, LedgerEntry] = {}
        self._real_folders: set[str] = set()
        self._real_files: set[str] = set()
        self._links: list[tuple[os.DirEntry[str], _Folder]] = []

    def walked(self) -> Walked:
        files = sorted(self._files.values())
        return Walked(tuple(files), tuple(entry for _, entry in sorted(self._entries.items())))

    def add(self, path: str) -> None:
        """Add a path that the user named."""
        absolute = os.path.normpath(os.path.join(self._base, path))
        name = self._name(absolute, path)
        try:
            status = os.stat(absolute)
        except OSError as error:
            self._note(name, State.UNREACHABLE, f"cannot find the file: {cause(error)}")
            return
        if stat.S_ISDIR(status.st_mode):
            real = os.path.realpath(absolute)
            self._tree(_Folder(absolute, "" if name == "." else name, real, real, ()))
        elif stat.S_ISREG(status.st_mode):
            self._add_file(Found(name, absolute, status.st_size), os.path.realpath(absolute))
        else:
            self._note(name, State.UNREACHABLE, f"cannot read the file: {irregular(status.st_mode)}")

    def follow_links(self) -> None:
        """Look at the links that were met; those found behind them are looked at in turn."""
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link[0].path), []
            for entry, folder in links:
                self._follow(entry, folder)

    def _tree(self, folder: _Folder) -> None:
        pending = [folder]
        while pending:
            folder = pending.pop()
            if folder.real in self._real_folders:
                continue
            self._real_folders.add(folder.real)
            pending.extend(self._folder(folder))

    def _folder(self, folder: _Folder) -> list[_Folder]:
        """Sort out what is in ``folder``, and return the folders in it."""
        try:
            with os.scandir(folder.path) as listing:
                entries = list(listing)
        except OSError as error:
            self._note(folder.name or ".", State.UNREACHABLE, f"cannot list the folder: {cause(error)}")
            return []
        if any(entry.name == IGNORE_FILE for entry in entries):
            ignore_file = read_ignore_file(folder.path, folder.name)
            if ignore_file is not None:
                folder = folder._replace(ignore_files=(*folder.ignore_files, ignore_file))
        prefix = f"{folder.name}/" if folder.name else ""
        folders = []
        for entry in entries:
            name = prefix + entry.name
            try:
                below = self._entry(entry, name, folder)
            except OSError as error:
                self._note(name, State.UNREACHABLE, f"cannot find the file: {cause(error)}")
            else:
                folders += [below] if below is not None else []
        return folders

    def _entry(self, entry: os.DirEntry[str], name: str, folder: _Folder) -> _Folder | None:
        """Add one entry of ``folder``; returns the folder that it is, if it is to be looked into."""
        if entry.is_symlink():
            self._links.append((entry, folder))
        elif entry.is_dir(follow_symlinks=False):
            return self._below(entry, name, folder)
        elif not may_hold(entry.name):
            self._note_foreign(name)
        elif reason := self._left_out(name, folder.ignore_files):
            self._note(name, State.EXCLUDED, reason)
        else:
            self._add_entry(entry, name, f"{folder.real}{os.sep}{entry.name}")
        return None

    def _below(self, entry: os.DirEntry[str], name: str, folder: _Folder) -> _Folder | None:
        reason = self._left_out(name + "/", folder.ignore_files)
        reason = _LEFT_OUT.get(entry.name, reason)
        if reason:
            self._note(name + "/", State.EXCLUDED, reason)
            return None
        return folder._replace(path=entry.path, name=name, real=f"{folder.real}{os.sep}{entry.name}")

    def _add_entry(self, entry: os.DirEntry[str], name: str, real: str) -> None:
        try:
            status = entry.stat()
        except OSError as error:
            self._note(name, State.UNREACHABLE, f"cannot find the file: {cause(error)}")
            return
        if stat.S_ISREG(status.st_mode):
            self._add_file(Found(name, entry.path, status.st_size), real)
        else:
            self._note(name, State.UNSUPPORTED, f"not a regular file: {irregular(status.st_mode)}")

    def _follow(self, entry: os.DirEntry[str], folder: _Folder) -> None:
        name = f"{folder.name}/{entry.name}" if folder.name else entry.name
        target = os.path.realpath(entry.path)
        is_folder = os.path.isdir(target)
        foreign = not is_folder and not may_hold(entry.name)
        if target != folder.root and not target.startswith(folder.root.rstrip(os.sep) + os.sep):
            self._note(name, State.EXCLUDED, "a link that leaves the tree")
        elif foreign:
            self._note_foreign(name)
        elif not os.path.exists(target):
            self._note(name, State.UNREACHABLE, "cannot follow the link: it leads nowhere")
        elif target in self._real_folders or target in self._real_files:
            self._note(name, State.EXCLUDED, "a link to what is read under its own name")
        elif reason := self._left_out(name + "/" * is_folder, folder.ignore_files):
            self._note(name, State.EXCLUDED, reason)
        elif is_folder:
            self._tree(folder._replace(path=entry.path, name=name, real=target))
        else:
            self._add_entry(entry, name, target)

    def _left_out(self, name: str, ignore_files: tuple[IgnoreFile, ...]) -> str:
        """Return why ``name`` is left out, or ``""``; the names of folders end in ``/``."""
        if self._exclude is not None and self._exclude.decide(name):
            return "excluded by the configuration"
        ignore_file = ignored_by(name, ignore_files) if ignore_files else ""
        return f"ignored by {ignore_file}" if ignore_file else ""

    def _add_file(self, found: Found, real: str) -> None:
        self._files[found.name] = found
        self._entries.pop(found.name, None)
        self._real_files.add(real)

    def _name(self, absolute: str, path: str) -> str:
        """Return what ``absolute`` is called: relative to the base, or as the user wrote it."""
        if absolute == self._base:
            return "."
        inside = self._base.rstrip(os.sep) + os.sep
        if absolute.startswith(inside):
            return absolute[len(inside) :]
        return absolute if os.path.isabs(path) else os.path.normpath(path)

    def _note_foreign(self, name: str) -> None:
        extension = os.path.splitext(name)[1]
        self._note(
            name, State.UNSUPPORTED, f"nothing to judge ({f'extension {extension}' if extension else 'no extension'})"
        )

    def _note(self, name: str, state: State, reason: str) -> None:
        if name not in self._files:
            shown = printable(name)
            self._entries[name] = LedgerEntry(shown, state, reason, incomplete=state is State.UNREACHABLE)
