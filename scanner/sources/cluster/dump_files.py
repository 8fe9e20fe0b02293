"""Which files a dump of a cluster consists of."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.files import cause, irregular
from scanner.sources.walk import is_inside, printable

JSON = (".json", ".jsonl", ".ndjson")
YAML = (".yaml", ".yml")
COMPRESSED = ".gz"


class DumpFile(NamedTuple):
    """One file that may hold objects."""

    name: str
    """Relative to the dump, ``/`` between parts; of a dump that is one file, its name."""
    path: str
    size_bytes: int
    changed_ns: int = 0
    """When it was written, by the file system: another time is another content to whoever goes on with a run."""

    @property
    def is_compressed(self) -> bool:
        """Whether it is to be read through gzip."""
        return self.name.endswith(COMPRESSED)

    @property
    def is_yaml(self) -> bool:
        """Whether it is YAML; JSON otherwise."""
        return self.name.removesuffix(COMPRESSED).endswith(YAML)


def find(path: str, title: str) -> Iterator[DumpFile | LedgerEntry]:
    """Yield every file of the dump at ``path`` in the order of their names, and an entry for all that is none.

    ``title`` is put before names in the entries. A file that is named itself is read whatever its name ends in.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        yield _unreachable(title + os.path.basename(path), f"cannot find the dump at {printable(path)}: {cause(error)}")
        return
    if not stat.S_ISDIR(status.st_mode):
        name = os.path.basename(path)
        is_file = stat.S_ISREG(status.st_mode)
        yield _dump_file(name, path, status) if is_file else _irregular(title + name, status)
        return
    found = [*_below(os.path.realpath(path), title)]
    yield from found
    if not any(isinstance(one, DumpFile) for one in found):
        yield _unreachable(title.rstrip(": "), f"the folder {printable(path)} holds no dump: no JSON and no YAML file")


def _below(top: str, title: str) -> Iterator[DumpFile | LedgerEntry]:
    errors: list[OSError] = []
    for folder, folders, files in os.walk(top, onerror=errors.append):
        folders.sort()
        for name in list(folders):
            if os.path.islink(os.path.join(folder, name)):
                folders.remove(name)
                yield _excluded(title + _relative(top, folder, name), "a link to a folder")
        for name in sorted(files):
            yield _file(top, folder, name, title)
        for error in errors:
            shown = os.path.relpath(os.fsdecode(error.filename or top), top)
            yield _unreachable(title + printable(shown), f"cannot list the folder: {cause(error)}")
        errors.clear()
    for error in errors:
        yield _unreachable(title.rstrip(": "), f"cannot list the folder: {cause(error)}")


def _file(top: str, folder: str, name: str, title: str) -> DumpFile | LedgerEntry:
    path, shown = os.path.join(folder, name), _relative(top, folder, name)
    if not name.removesuffix(COMPRESSED).endswith((*JSON, *YAML)):
        return LedgerEntry(title + shown, State.UNSUPPORTED, "no dump: neither JSON nor YAML")
    if os.path.islink(path) and not is_inside(os.path.realpath(path), top):
        return _excluded(title + shown, "a link that leaves the dump")
    try:
        status = os.stat(path)
    except OSError as error:
        return _unreachable(title + shown, f"cannot find the file: {cause(error)}")
    if not stat.S_ISREG(status.st_mode):
        return _irregular(title + shown, status)
    return _dump_file(shown, path, status)


def _dump_file(name: str, path: str, status: os.stat_result) -> DumpFile:
    return DumpFile(name, path, status.st_size, status.st_mtime_ns)


def _relative(top: str, folder: str, name: str) -> str:
    return printable(os.path.relpath(os.path.join(folder, name), top))


def _irregular(name: str, status: os.stat_result) -> LedgerEntry:
    """Return the entry of what cannot be read twice, as a dump is: a pipe would hold up the run for ever."""
    return _unreachable(name, f"cannot read the file: {irregular(status.st_mode)}")


def _unreachable(name: str, reason: str) -> LedgerEntry:
    return LedgerEntry(name, State.UNREACHABLE, reason, incomplete=True)


def _excluded(name: str, reason: str) -> LedgerEntry:
    return LedgerEntry(name, State.EXCLUDED, reason)
