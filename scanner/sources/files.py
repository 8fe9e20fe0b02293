"""Reads the bytes of one file, whatever lies at its path: a page must never hang, and never fill the memory."""

import os
import stat
from typing import NamedTuple

from scanner.model.ledger import State

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Unreadable(NamedTuple):
    """Why there are no bytes."""

    state: State
    reason: str


def read_bytes(path: str, max_bytes: int) -> bytes | Unreadable:
    """Return the content of a regular file of at most ``max_bytes``.

    It is opened without waiting, so that a pipe that took the file's place cannot hold up the run.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        return Unreadable(State.UNREACHABLE, f"cannot open the file: {cause(error)}")
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Unreadable(State.UNREACHABLE, f"cannot read the file: {irregular(status.st_mode)}")
        if status.st_size > max_bytes:
            return Unreadable(State.UNPARSED, f"the file is larger than {max_bytes / 1024 / 1024:g} MiB")
        return _read_all(descriptor, status.st_size)
    except OSError as error:
        return Unreadable(State.UNREACHABLE, f"cannot read the file: {cause(error)}")
    finally:
        os.close(descriptor)


def irregular(mode: int) -> str:
    """Return what is at a path that is no regular file, in words."""
    return f"it is {_KINDS.get(stat.S_IFMT(mode), 'of an unknown kind')}"


def cause(error: OSError) -> str:
    """Return the operating system's reason in lower case, without the path."""
    text = error.strerror or "unknown reason"
    return text[:1].lower() + text[1:]


def _read_all(descriptor: int, size: int) -> bytes:
    """Return ``size`` bytes, or fewer where the file has become shorter; one call is nearly always enough."""
    data = os.read(descriptor, size)
    while 0 < len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data
