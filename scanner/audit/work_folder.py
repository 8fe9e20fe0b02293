"""Where the work files of audits lie: a folder for each run, gone when the run is over.

A run that was cut off leaves its folder; ``--resume`` finds it. That nobody else works in it is seen by a lock that the
operating system releases however its holder ends.
"""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from scanner.audit.state_faults import state_told
from scanner.audit.work_file import WorkFile
from scanner.errors import AuditError

_FILE = "audit.work"
_LOCK = "audit.lock"
_IDENTITY = "identity"
_BEGUN = "%Y%m%dT%H%M%S"
"""How the name of a run's folder begins, so that names are in the order of time."""


RECENT = timedelta(hours=12)
"""A run that was begun longer ago has read an estate that is no more: nobody who did not ask for it goes on with it."""


class Resume(Enum):
    """Whether a run goes on that was cut off."""

    NO = auto()
    YES = auto()
    """Where there is none, that is an error."""
    IF_ANY = auto()
    """What is started by a clock asks so: a recent run goes on, or a new one begins; older ones are removed."""


@contextmanager
def working(folder: str, estate: str, identity: str, resume: Resume = Resume.NO) -> Iterator[WorkFile]:
    """Give the work file of a new run over ``estate``, or of the one that is to go on; it is removed afterwards.

    ``identity`` says what judges and what is read: a run goes on only with the same. Where the body raises, the files
    stay for the next attempt. Raises AuditError.
    """
    parent = os.path.join(folder or _default_folder(), estate)
    with _saying(parent):
        os.makedirs(parent, mode=0o700, exist_ok=True)
    if resume is Resume.IF_ANY:
        _remove_old(parent)
    own = _cut_off(parent, identity) if resume is not Resume.NO else None
    if own is None and resume is Resume.YES:
        raise _none(parent)
    own = own or _new(parent)
    lock = _locked(own)
    if lock is None:
        raise AuditError(f"cannot go on with the audit in {own}: another process works on it")
    try:
        work = WorkFile(os.path.join(own, _FILE))
        try:
            with state_told(work.path):
                work.state(_IDENTITY, identity)
                yield work
        finally:
            work.close()
    finally:
        lock.close()
    shutil.rmtree(own, ignore_errors=True)


def abandoned(folder: str, estate: str) -> tuple[str, ...]:
    """Return the folders of runs over ``estate`` that were cut off, the newest first; not those under way."""
    parent = os.path.join(folder or _default_folder(), estate)
    names = sorted(os.listdir(parent), reverse=True) if os.path.isdir(parent) else []
    paths = (os.path.join(parent, name) for name in names)
    return tuple(path for path in paths if os.path.exists(os.path.join(path, _FILE)) and _is_free(path))


def _new(parent: str) -> str:
    own = os.path.join(parent, f"{datetime.now(UTC):{_BEGUN}}-{uuid.uuid4().hex[:8]}")
    with _saying(own):
        os.mkdir(own, 0o700)
    return own


def _cut_off(parent: str, identity: str) -> str | None:
    """Return the newest run that was cut off and has this identity, if there is one."""
    for own in abandoned(os.path.dirname(parent), os.path.basename(parent)):
        lock = _locked(own)
        if lock is None:
            continue
        try:
            work = WorkFile(os.path.join(own, _FILE))
            stated = work.fact(_IDENTITY)
            work.close()
        finally:
            lock.close()
        if stated == identity:
            return own
    return None


def _none(parent: str) -> AuditError:
    """Return why no run can go on."""
    if abandoned(os.path.dirname(parent), os.path.basename(parent)):
        return AuditError(
            f"cannot go on with an audit in {parent}: the scanner, the rules, the estate or the sources are no longer "
            "the same",
            hint="start anew without --resume",
        )
    hint = "start one without --resume; --resume-if-any does whichever is possible"
    return AuditError(f"cannot go on: no audit in {parent} was cut off", hint=hint)


def _remove_old(parent: str) -> None:
    """Remove runs that were cut off so long ago that nobody goes on with them: else they would pile up."""
    oldest = f"{datetime.now(UTC) - RECENT:{_BEGUN}}"
    for own in abandoned(os.path.dirname(parent), os.path.basename(parent)):
        if os.path.basename(own) < oldest:
            shutil.rmtree(own, ignore_errors=True)


def _is_free(own: str) -> bool:
    lock = _locked(own)
    if lock is not None:
        lock.close()
    return lock is not None


def _locked(own: str) -> sqlite3.Connection | None:
    """Return what holds the lock of a run's folder until it is closed; None where another process holds it."""
    lock = sqlite3.connect(os.path.join(own, _LOCK), timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        return None
    return lock


def _default_folder() -> str:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "bulkhead", "audit")


@contextmanager
def _saying(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AuditError(
            f"cannot make the folder {path}: {(error.strerror or 'unknown reason').lower()}",
            hint="name a folder that can be written to with --work",
        ) from error
