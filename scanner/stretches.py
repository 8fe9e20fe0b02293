"""Deals out a list of work, stretch by stretch, to processes; the answers come in the order of the list.

A process is forked where the system can: then it has the list already, and only two numbers go to it. Each has a pipe
of its own, so that its end is noticed at once, even in the middle of an answer, and it is known what it was doing; the
standard library's pool shares one pipe among all, and waits for ever for the rest of an answer. There are no threads:
a process that has some cannot be forked safely.
"""

import contextlib
import gc
import os
import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_AHEAD = 4
"""Stretches per process that may be answered before their turn: they are what the answers in memory are bounded by."""
_QUEUED = 2
"""Stretches that a process has at a time: when it is done with one, the next is there."""

_PATIENCE_S = 5.0
"""How long a process that has nothing left to do may take to end what it has started."""


class Stretch(NamedTuple):
    """Part of a list: from ``start`` up to, not including, ``stop``."""

    start: int
    stop: int


class Worker(Protocol[T_co]):
    """What answers stretches in one process."""

    def __call__(self, stretch: Stretch) -> T_co:
        """Return the answer, which can be pickled."""

    def close(self) -> None:
        """End what it has started."""


class Work(Protocol[T_co]):
    """A list and what is to be done with it; picklable where processes cannot be forked."""

    def ready(self) -> Worker[T_co]:
        """Return what does it in this process."""


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether processes inherit what this one has; else all of it is sent to each, and they start ten times slower."""
    import multiprocessing

    return "fork" in multiprocessing.get_all_start_methods()


def alone(work: Work[T], stretches: Sequence[Stretch]) -> Iterator[T]:
    """Yield the answer to every stretch, worked out here."""
    worker = work.ready()
    try:
        yield from map(worker, stretches)
    finally:
        worker.close()


def together(work: Work[T], stretches: Sequence[Stretch], processes: int) -> Iterator[T]:
    """Yield the answer to every stretch, in order, worked out by several ``processes``.

    What a process leaves undone because it died or could not do it is done here.
    """
    # answers are plain values; looking for cycles among them, while they pile up, takes as long as reading them
    collects = gc.isenabled()
    gc.disable()
    crew = _Crew(work, stretches, processes)
    try:
        yield from crew.answers()
    finally:
        crew.dismiss()
        if collects:
            gc.freeze()  # or the first collection would walk all of them once more
            gc.enable()


class _Crew(Generic[T]):
    """Some processes and what each is at."""

    def __init__(self, work: Work[T], stretches: Sequence[Stretch], processes: int) -> None:
        self._work = work
        self._stretches = stretches
        self._next = 0
        """Index of the stretch that is handed out next."""
        self._answered: dict[int, bytes] = {}
        """What came back before its turn; empty for what could not be done."""
        self._own: Worker[T] | None = None
        self._members: dict[Connection, _Member] = {}
        with contextlib.suppress(OSError):  # no more processes or memory to be had: those that started do it, or we
            for _ in range(processes):
                member = _hire(work, list(self._members))
                self._members[member.pipe] = member

    def answers(self) -> Iterator[T]:
        for index, stretch in enumerate(self._stretches):
            self._hand_out(index)
            while index not in self._answered and self._members:
                self._receive()
                self._hand_out(index)
            answer = self._answered.pop(index, b"")
            yield pickle.loads(answer) if answer else self._here(stretch)  # noqa: S301 - of our own process

    def dismiss(self) -> None:
        """End everybody, at once where there is work left."""
        for member in self._members.values():
            member.pipe.close()
            if member.at:
                member.process.kill()
        for member in self._members.values():
            member.process.join(_PATIENCE_S)
            member.process.kill()
            member.process.join()
        if self._own is not None:
            self._own.close()

    def _hand_out(self, turn: int) -> None:
        """Give work to whoever has little; ``turn`` is the index of the stretch whose answer is waited for."""
        for _ in range(_QUEUED):
            for member in list(self._members.values()):
                if self._next >= min(len(self._stretches), turn + len(self._members) * _AHEAD):
                    return
                if len(member.at) < _QUEUED:
                    member.at.append(self._next)
                    self._next += 1
                    with contextlib.suppress(OSError):  # it died: that is noticed when its answer is read
                        member.pipe.send_bytes(pickle.dumps(self._stretches[member.at[-1]]))

    def _receive(self) -> None:
        """Wait for somebody's answer, or death."""
        from multiprocessing.connection import wait

        for pipe in wait(list(self._members)):
            member = self._members[pipe]  # type: ignore[index]  # what was given to wait() comes back
            try:
                self._answered[member.at[0]] = member.pipe.recv_bytes()
                member.at.popleft()
            except (EOFError, OSError, IndexError):
                self._part(member)

    def _part(self, member: "_Member") -> None:
        """Part with somebody who died, most likely for memory; what it had is done here when its turn comes."""
        del self._members[member.pipe]
        member.pipe.close()
        member.process.join()
        self._answered.update(dict.fromkeys(member.at, b""))

    def _here(self, stretch: Stretch) -> T:
        if self._own is None:
            gc.enable()  # what is worked on here leaves more behind than answers
            self._own = self._work.ready()
        return self._own(stretch)


class _Member(NamedTuple):
    """A process that works."""

    process: "BaseProcess"
    pipe: "Connection"
    at: deque[int]
    """Indexes of the stretches that it has, in the order in which it answers."""


def _hire(work: Work[T], inherited: "list[Connection]") -> _Member:
    import multiprocessing

    forks = can_fork()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(  # type: ignore[attr-defined]  # every context has one
        target=_serve, args=(theirs, work, [*inherited, ours] if forks else [])
    )
    process.start()
    theirs.close()
    return _Member(process, ours, deque())


def _serve(pipe: "Connection", work: Work[object], inherited: "list[Connection]") -> None:
    """Live as a process of a crew: answer until the other end of ``pipe`` is closed."""
    import signal

    for other in inherited:  # while it is open here too, nobody notices that it was closed there
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; who gives the work decides
    gc.freeze()  # what was inherited stays: walking it would copy all its memory
    gc.enable()
    try:
        worker = work.ready()
    except Exception:  # who asked will meet it too, and tell
        return
    with contextlib.suppress(EOFError, OSError):
        while True:
            stretch = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our parent, over a pipe of its own
            pipe.send_bytes(_answer(worker, stretch))
    worker.close()


def _answer(worker: Worker[object], stretch: Stretch) -> bytes:
    """Return the answer; nothing where it cannot be had: who asked tries it itself and meets what is in the way."""
    try:
        return pickle.dumps(worker(stretch), pickle.HIGHEST_PROTOCOL)
    except Exception:
        return b""
