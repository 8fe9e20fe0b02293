"""The tree that is rendered: which of its files may be opened, what they are called, and copies of them.

Programs that render follow links wherever they lead, so they are given copies, and a copy never holds what lies
outside of the tree.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from scanner.documents import DEFAULT_LIMITS, Document, Stream, read_json, read_yaml
from scanner.model.location import Location, Region
from scanner.model.path import Path
from scanner.sources.files import Unreadable, read_bytes
from scanner.sources.walk import Found, printable

MAX_FILES = 20_000
MAX_BYTES = 256 << 20
"""What is copied for one rendering at most."""
_LEFT_OUT = frozenset((".git", ".terraform", "node_modules"))


class TooMuch(Exception):  # noqa: N818 - a condition that ends up in the ledger
    """What is to be copied is beyond the limits."""


class Tree(NamedTuple):
    """A repository, or what is scanned of it; picklable."""

    top: str
    """Absolute and without links; nothing outside of it is opened."""
    base: str
    """Folder that names of files are relative to."""

    @classmethod
    def of(cls, top: str, base: str) -> "Tree":
        """Return the tree at ``top``."""
        return cls(os.path.realpath(top), os.path.realpath(base))

    def shown(self, path: str) -> str:
        """Return an absolute path as reports print it."""
        inside = path == self.base or path.startswith(self.base.rstrip(os.sep) + os.sep)
        return printable(os.path.relpath(path, self.base)) if inside else printable(path)

    def holds(self, path: str) -> bool:
        """Whether ``path``, all links followed, lies in the tree."""
        real = os.path.realpath(path)
        return real == self.top or real.startswith(self.top.rstrip(os.sep) + os.sep)

    def read(self, path: str) -> bytes | Unreadable:
        """Return the content of a file of the tree."""
        if not self.holds(path):
            from scanner.model.ledger import State

            return Unreadable(State.EXCLUDED, "it lies outside of the tree")
        return read_bytes(path, DEFAULT_LIMITS.max_bytes)

    def stream(self, path: str) -> Stream:
        """Return the documents of a YAML or JSON file; none where it cannot be opened."""
        data = self.read(path)
        if isinstance(data, Unreadable):
            return Stream(())
        return read_json(data) if path.endswith(".json") else read_yaml(data)

    def mapping(self, path: str) -> Mapping[str, Any]:
        """Return the first document of a file where it is a mapping, else an empty one."""
        documents = self.stream(path).documents
        value = documents[0].value if documents else None
        return value if isinstance(value, dict) else {}

    def location(self, path: str, at: Path, document: int = 0) -> Location:
        """Return the place of ``at`` in a document of a YAML or JSON file."""
        documents = [found for found in self.stream(path).documents if found.index == document]
        return Location(self.shown(path), at, _region(documents[0], at) if documents else None)


def _region(document: Document, at: Path) -> Region | None:
    return document.region(at)


def real_paths(files: Iterable[Found]) -> dict[str, Found]:
    """Return the files by their paths without links; folders are looked at once."""
    folders: dict[str, str] = {}
    found: dict[str, Found] = {}
    for one in files:
        folder, name = os.path.split(one.path)
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        path = os.path.join(folders[folder], name)
        found[os.path.realpath(path) if os.path.islink(path) else path] = one
    return found


class Copier:
    """Copies folders of a tree; counts what it has copied."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._files = 0
        self._bytes = 0
        self.left: list[str] = []
        """Links that leave the tree, which were not copied; absolute paths."""

    def folder(self, source: str, target: str, skip: Callable[[str], bool] | None = None) -> None:
        """Copy a folder with all below it but the paths ``skip`` tells. Raises TooMuch."""
        self._folder(source, target, skip or (lambda path: False), (os.path.realpath(source),))

    def file(self, source: str, target: str) -> None:
        """Copy one file where it is a regular one of the tree. Raises TooMuch."""
        if not self._tree.holds(source):
            self.left.append(source)
            return
        if not os.path.isfile(source) or os.path.exists(target):
            return
        self._files += 1
        self._bytes += os.path.getsize(source)
        if self._files > MAX_FILES or self._bytes > MAX_BYTES:
            raise TooMuch(f"it has more than {MAX_FILES} files or {MAX_BYTES >> 20} MiB")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(source, target)

    def _folder(self, source: str, target: str, skip: Callable[[str], bool], above: tuple[str, ...]) -> None:
        try:
            names = sorted(os.listdir(source))
        except OSError:
            return
        os.makedirs(target, exist_ok=True)
        for name in names:
            path = os.path.join(source, name)
            if name in _LEFT_OUT or skip(path):
                continue
            if not os.path.isdir(path):
                self.file(path, os.path.join(target, name))
                continue
            real = os.path.realpath(path)
            if not self._tree.holds(path):
                self.left.append(path)
            elif real not in above:  # a link that leads to where it stands would never end
                self._folder(path, os.path.join(target, name), skip, (*above, real))
