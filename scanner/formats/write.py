"""Puts a rendered report where the user said, whole or not at all.

A gate whose report was cut short by a full disk must not leave half a SARIF file for the next step to upload, so a
file is written beside its target, forced to disk, and only then takes the target's name. This module knows nothing of
Reports: it gets text in pieces.
"""

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from scanner.errors import ReportError

STDOUT = "-"
"""The path that means standard output."""

_PLAIN = str.maketrans({"─": "-", "│": "|", "┃": "|", "·": "-", "…": "~", "⋮": ":"})
"""For terminals that cannot show what the text format draws with."""


def write_report(path: str, pieces: Iterable[str]) -> None:
    """Write ``pieces`` as UTF-8 to the file ``path``, or to standard output for ``-``.

    An existing file keeps its permissions, a symbolic link is written through, and a pipe or a device is written
    directly. Raises ReportError when it cannot be done; then the target is as it was before. BrokenPipeError passes.
    """
    if path == STDOUT:
        _write_stdout(pieces)
        return
    if "\0" in path:
        raise ReportError(f"cannot write report {path!r}: a path holds no null character")
    if not path or path.endswith(("/", os.sep)):  # realpath would drop the slash and name a file
        raise ReportError(f"cannot write report '{path}': it names no file", hint=_HINTS[21])
    try:
        if _is_stream(path):
            with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.writelines(pieces)
        else:
            _replace(os.path.realpath(path), pieces)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _report_error(path, error) from error


def _is_stream(path: str) -> bool:
    """Whether ``path`` is something to write into, not to replace: a pipe, a device, a descriptor."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "it is a directory")
    # a redirected /dev/stdout is a regular file, but its name is not ours to give to another one
    return not stat.S_ISREG(mode) or os.path.abspath(path).startswith(("/dev/", "/proc/"))


def _replace(target: str, pieces: Iterable[str]) -> None:
    """Write a temporary file beside ``target`` and give it that name; nothing is left of it on any failure."""
    before = _existing(target)
    temporary = os.path.join(os.path.dirname(target), f".bulkhead-{os.urandom(8).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            if before is not None:
                _keep_rights(descriptor, before)
            stream.writelines(pieces)
            stream.flush()
            os.fsync(descriptor)
        os.replace(temporary, target)
    except BaseException:  # an interrupted run leaves nothing behind either
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(target))


def _existing(target: str) -> os.stat_result | None:
    """Return what is known of the file that will be replaced; raises PermissionError where it is write-protected."""
    try:
        known = os.stat(target)
    except FileNotFoundError:
        return None
    if not os.access(target, os.W_OK):
        # replacing it would only need a writable folder, but its owner said that it is not to be written
        raise PermissionError(13, "it is write-protected")
    return known


def _keep_rights(descriptor: int, before: os.stat_result) -> None:
    if not hasattr(os, "fchmod"):  # Windows, where a new file inherits from its folder
        return
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (before.st_uid, before.st_gid):
        with suppress(OSError):  # only the superuser gives files away; the rights are kept all the same
            os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, before.st_mode & 0o777)


def _sync_folder(folder: str) -> None:
    """Force the new name to disk, where the platform can: the content is safe already."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_stdout(pieces: Iterable[str]) -> None:
    stream = sys.stdout
    try:
        for piece in pieces:
            _write_piece(stream, piece)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _abandon(stream)
        raise _report_error("standard output", error) from error


def _write_piece(stream: TextIO, piece: str) -> None:
    try:
        stream.write(piece)
    except UnicodeEncodeError as error:
        plain = piece.translate(_PLAIN).encode(error.encoding, "backslashreplace")
        stream.write(plain.decode(error.encoding))


def _abandon(stream: TextIO) -> None:
    """Make the interpreter's own flush at exit harmless: it would fail again and hide the exit code."""
    with suppress(OSError, ValueError):  # where it is no real descriptor nothing will be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _report_error(path: str, error: OSError) -> ReportError:
    cause = error.strerror or str(error)
    return ReportError(
        f"cannot write report {path}: {cause[:1].lower()}{cause[1:]}", hint=_HINTS.get(error.errno or 0, "")
    )


_HINTS = {
    2: "make its folder first; Bulkhead creates files, not folders",
    13: "choose a path that you may write, or '-' for standard output",
    21: "name a file in it, such as report.sarif",
    28: "free some space or choose another disk; nothing half-written was left behind",
    27: "raise the limit on file sizes (ulimit -f) or choose '-' for standard output; nothing half-written was left",
    30: "choose a path that can be written: this file system is read-only",
}
"""Next step by errno (Linux numbers; macOS and Windows share those used here)."""
