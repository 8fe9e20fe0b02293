"""The files of a tree of Bicep: read within bounds, parsed once, and never from outside of the tree."""

from __future__ import annotations

import bisect
import os
import posixpath
from typing import Final, NamedTuple

from scanner.model.ledger import State
from scanner.model.location import Region
from scanner.sources.bicep.syntax.parser import Program, parse, parse_parameters
from scanner.sources.files import Unreadable, read_bytes

MAX_BYTES: Final = 10 * 1024 * 1024
"""Size of a source file; the compiler itself refuses templates of more than 4 MiB."""
PARAMETERS: Final = ".bicepparam"


class Tree:
    """A folder, and nothing outside of it."""

    def __init__(self, root: str, base: str | None = None) -> None:
        """Take the folder, and the one that paths in reports are relative to: the same where it is not given."""
        self.root = os.path.realpath(root)
        self.base = os.path.realpath(base) if base is not None else self.root

    def display(self, path: str) -> str:
        """Return ``path`` as reports print it."""
        if self.base == self.root:
            return path
        return os.path.relpath(os.path.join(self.root, path), self.base).replace(os.sep, "/")

    def path_of(self, full: str) -> str | None:
        """Return the path in the tree of a file that is named from outside; None where it is not in the tree."""
        path = os.path.relpath(os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full)), self.root)
        return None if path.startswith("..") else path.replace(os.sep, "/")

    def resolve(self, base: str, reference: str) -> str | None:
        """Return the path in the tree that ``reference`` means in the file ``base``; None where it leads out."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(base), reference))
        return None if path.startswith(("../", "/")) or path == ".." else path

    def read(self, path: str, max_bytes: int = MAX_BYTES) -> bytes | Unreadable:
        """Return the content of a file; links that lead out of the tree are not followed."""
        full = os.path.join(self.root, path)
        real = os.path.realpath(full)
        if os.path.commonpath((real, self.root)) != self.root:
            return Unreadable(State.UNREACHABLE, "cannot read the file: its link leads out of the tree")
        return read_bytes(real, max_bytes)

    def exists(self, path: str) -> bool:
        """Whether a regular file is there."""
        return os.path.isfile(os.path.join(self.root, path))


class SourceText:
    """A text, and where its lines begin."""

    __slots__ = ("_lines", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, one-based."""
        if self._lines is None:
            lines, at, text = [0], 0, self.text
            while (at := text.find("\n", at) + 1) > 0:
                lines.append(at)
            self._lines = lines
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def region(self, start: int, end: int) -> Region:
        """Return the region between two offsets."""
        return Region(*self.position(start), *self.position(end))


class BicepFile(NamedTuple):
    """A ``.bicep`` or ``.bicepparam`` file, parsed."""

    tree: Tree
    path: str
    """In its tree."""
    source: SourceText
    syntax: Program

    @property
    def shown(self) -> str:
        """Path as reports print it."""
        return self.tree.display(self.path)


def decode(data: bytes) -> str | None:
    """Return the text of a source file; None where it is neither UTF-8 nor UTF-16 with a mark."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def open_file(tree: Tree, path: str) -> BicepFile | Unreadable:
    """Read and parse a file of ``tree``."""
    data = tree.read(path)
    if isinstance(data, Unreadable):
        return data
    text = decode(data)
    if text is None:
        return Unreadable(State.UNPARSED, "cannot decode the file: it is not valid UTF-8")
    syntax = parse_parameters(text) if path.endswith(PARAMETERS) else parse(text)
    return BicepFile(tree, path, SourceText(text), syntax)
