"""The index of a folder of packs, cached so that a start does not read thirty-five ``rule.md``.

It is valid while the names, sizes and modification times of all files below the folder are what they were; the digest
of the content stands inside. A cache that cannot be read or written is as good as none.
"""

import hashlib
import os
import pickle
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner import __version__
from scanner.model.rule import Rule

if TYPE_CHECKING:
    from scanner.packs.loader import Pack

_FORMAT = 1


class Index:
    """What is known of one folder of packs without reading its files."""

    def __init__(self, root: str, files: tuple[str, ...], signature: str) -> None:
        self._root = root
        self._files = files
        self._signature = signature

    @classmethod
    def of(cls, root: str) -> "Index":
        """Look at every file below ``root``: names, sizes, times; cases and caches left out."""
        files: list[str] = []
        fields = ",".join(Rule.__slots__)  # in a checkout they change without the version
        state = hashlib.sha256(f"{_FORMAT}\0{__version__}\0{fields}\0{root}\n".encode())
        for entry in _walk(root):
            status = entry.stat()
            files.append(entry.path)
            state.update(f"{entry.path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return cls(root, tuple(files), state.hexdigest())

    def files(self) -> tuple[str, ...]:
        """Absolute paths of all files that belong to the packs, sorted within each folder."""
        return self._files

    def cached(self) -> "tuple[Pack, ...] | None":
        """Return the packs as stored for exactly this state of the files, or None."""
        try:
            with open(self._path(), "rb") as stream:
                if not _ours(stream.fileno()):
                    return None
                signature, packs = pickle.load(stream)  # noqa: S301 - our own cache, as trusted as the code beside it
        except Exception:
            return None
        return packs if signature == self._signature else None

    def store(self, packs: "tuple[Pack, ...]") -> None:
        """Keep ``packs`` for the next start, atomically; does nothing where the cache cannot be written."""
        path = self._path()
        temporary = f"{path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                pickle.dump((self._signature, packs), stream, protocol=5)
            os.replace(temporary, path)
        except OSError:
            return

    def _path(self) -> str:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        name = hashlib.sha256(self._root.encode()).hexdigest()[:16]
        return os.path.join(cache, "bulkhead", f"packs-{name}.index")


def _ours(descriptor: int) -> bool:
    """Whether only we could have written the file: reading an index runs code that is in it."""
    if not hasattr(os, "geteuid"):
        return True
    status = os.fstat(descriptor)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _walk(folder: str) -> Iterator[os.DirEntry[str]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name not in ("cases", "__pycache__"):
                yield from _walk(entry.path)
        elif entry.name.endswith((".md", ".py", ".rego", ".yaml")):
            yield entry
