"""Processes of this machine as an Executor that outlives them.

Not the standard library's process pool: there one death breaks the whole pool and loses what all its processes were
doing, and its processes share one pipe for results, so that a process killed in the middle of writing one leaves the
reader waiting for the rest for ever (seen within seconds with results of 3 MB). Here every process has a pipe of its
own: its end is noticed at once, only its own task is lost, and which task that was is known.
"""

import contextlib
import gc
import multiprocessing
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from scanner.errors import ExecutorError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

S = ParamSpec("S")
T = TypeVar("T")

_STARTS = 8
"""How often a process may die before it was ready until it is said that none can be started."""
_READY = b"ready"


class WorkerDied(Exception):  # noqa: N818 - what happened, not an error of ours
    """The process that worked on a task ended before it answered."""


class Processes(Executor):
    """``count`` processes. A future whose process died raises WorkerDied; the next task finds a new process."""

    def __init__(self, count: int, initializer: Callable[..., None], initargs: tuple[object, ...] = ()) -> None:
        self._todo: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None]
        self._todo = queue.SimpleQueue()
        self._open = True
        self._workers = [_Worker(self._todo, (initializer, initargs)) for _ in range(count)]

    def submit(self, fn: Callable[S, T], /, *args: S.args, **kwargs: S.kwargs) -> "Future[T]":
        """Return the future of ``fn(*args)``; both must be picklable. Raises RuntimeError once it is shut down."""
        if not self._open:
            raise RuntimeError("it is shut down")
        future: Future[T] = Future()
        self._todo.put((future, _call, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; with ``cancel_futures`` end the processes at once, in the middle of what they do."""
        if not self._open:
            return
        self._open = False
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while (waiting := self._todo.get_nowait()) is not None:
                    waiting[0].cancel()
            for worker in self._workers:
                worker.kill()
        for _ in self._workers:
            self._todo.put(None)
        if wait:
            for worker in self._workers:
                worker.join()


class _Worker(threading.Thread):
    """Holds one process, feeds it, and replaces it when it dies."""

    _starting = threading.Lock()
    """The standard library's list of child processes is not made for several threads."""

    def __init__(
        self, todo: "queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None]", start: object
    ) -> None:
        super().__init__(name="bulkhead-worker", daemon=True)
        self._todo = todo
        self._initial = start
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._killed = False
        self.start()

    def run(self) -> None:
        while (work := self._todo.get()) is not None:
            future, function, args = work
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(self._ask(pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)))
                except BaseException as error:
                    future.set_exception(error)
        self._part()

    def kill(self) -> None:
        """End the process now and start no other."""
        self._killed = True
        if self._process is not None:
            with contextlib.suppress(ValueError):  # it was joined and closed meanwhile
                self._process.kill()

    def _ask(self, question: bytes) -> object:
        pipe = self._pipe or self._hire()
        try:
            pipe.send_bytes(question)
            worked, answer = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our own process, over its own pipe
        except (EOFError, OSError) as error:
            raise WorkerDied(f"exit code {self._part()}") from error
        if not worked:
            raise answer
        return answer

    def _hire(self) -> "Connection":
        code: int | None = None
        for _ in range(_STARTS):
            if self._killed:
                raise WorkerDied("it was ended")
            ours, theirs = multiprocessing.Pipe()
            with self._starting:
                self._process = _context().Process(target=_serve, args=(theirs, self._initial), daemon=True)
                self._process.start()
            theirs.close()
            self._pipe = ours
            with contextlib.suppress(EOFError, OSError):
                if (said := ours.recv_bytes()) == _READY:
                    return ours
                self._part()
                raise ExecutorError(f"cannot start a process: {said.decode()}")
            code = self._part()
        raise ExecutorError(f"cannot start a process: it ended {_STARTS} times before it was ready (exit code {code})")

    def _part(self) -> int | None:
        """Part with the process, which may be dead already; return its exit code."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()  # what ends a process that waits for work
        if process is None:
            return None
        with self._starting:
            process.join()
            code = process.exitcode
            process.close()
        return code


def _context() -> Any:
    """Return how processes are started: never by fork, since threads of ours run, and a child would hold our pipes."""
    methods = multiprocessing.get_all_start_methods()
    if "forkserver" not in methods:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scanner.audit.judging"])
    return context


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return function(*args, **kwargs)


def _serve(pipe: "Connection", initial: tuple[Callable[..., None], tuple[object, ...]]) -> None:
    """Live as a process of a Processes: answer until the other end of ``pipe`` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; who gives the work decides
    # the collector walks everything on a full heap; cycles are rare here, so it may look seldom (2 to 3 times faster)
    gc.set_threshold(200_000, 20, 100)
    initializer, initargs = initial
    try:
        initializer(*initargs)
    except Exception as error:
        pipe.send_bytes(f"{type(error).__name__}: {error}".encode())
        return
    gc.freeze()
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(_READY)
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))


def _answer(question: bytes) -> bytes:
    try:
        function, args = pickle.loads(question)  # noqa: S301 - our parent, over a pipe of its own
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        except Exception:
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}, which cannot be sent")))
