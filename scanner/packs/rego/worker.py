"""Rego in a process of its own, for packs that are not ours.

Static checks and the engine's timer do not stop everything a policy can do: overflow the stack, exhaust memory, sit
in a long built-in, compare values that are exponentially large. Here that ends a child process, and only the rule
that did it pays. Both ends of the pipe are in this file; it must not know what a policy means.

The child gets an empty environment, a bound on memory, and no way to write files. It can open network connections,
as any process of this user can; what keeps a policy from it is that no built-in does.

Frames are JSON after a length of four bytes. Python's faster marshal is no format to read from a process that runs
foreign text.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

from scanner.packs.rego.engine import DEFAULT_DEADLINE_S, RegoEngine, RegoError, RegoModule, RegoOutcome
from scanner.packs.rego.native import NativeEngine, binding

if TYPE_CHECKING:
    from subprocess import Popen

DEFAULT_MEMORY_BYTES = 1 << 30
"""Address space of the child above what it needs to start."""

LOAD_TIMEOUT_S = 20.0
"""Seconds for parsing and checking one set of modules, start of the child included."""

GRACE_S = 1.0
"""Seconds after the deadline before the child is killed: its own timer reports more exactly."""

MAX_FRAME_BYTES = 256 << 20
"""Longest answer of a child that is read."""

STRIKES = 3
"""After ending that many children a rule is not run any more: every Resource would pay for it again."""

_BOOT = "import sys; sys.path.append(sys.argv[1]); from scanner.packs.rego.worker import serve; serve()"


class WorkerEngine(RegoEngine):
    """A NativeEngine in a child process, killed and started again where it has to be.

    On POSIX the child's memory is bounded by RLIMIT_AS; on Windows only time is.
    """

    def __init__(self, *, deadline_s: float = DEFAULT_DEADLINE_S, memory_bytes: int = DEFAULT_MEMORY_BYTES) -> None:
        super().__init__(deadline_s=deadline_s)
        self.memory_bytes = memory_bytes
        self._binding = binding()
        self._child: _Child | None = None
        self._program: dict[str, Any] | None = None
        self._strikes: dict[str, list[RegoError]] = {}

    @property
    def name(self) -> str:
        """Name and version of the engine in the child."""
        return f"regorus {self._binding.REGORUS_VERSION} (worker process)"

    def load(self, modules: Sequence[RegoModule], data: Mapping[str, object]) -> None:
        """See RegoEngine. A module that ends the child is a RegoError of kind "limit" or "panic" without position."""
        self._program = None
        self._strikes = {}
        document = self._plain(data)
        self._program = {"op": "load", "modules": [list(module) for module in modules], "data": document}
        try:
            self._restart()
        except BaseException:
            self._program = None
            raise

    def evaluate(
        self,
        input: Mapping[str, object],  # noqa: A002 - Rego's own word for it
        entrypoints: Sequence[str],
    ) -> list[RegoOutcome]:
        """See RegoEngine. A rule that ends the child gets a RegoError of kind "limit" or "panic"."""
        try:
            document = self._plain(input)
        except RegoError as error:
            return [error] * len(entrypoints)
        outcomes: list[RegoOutcome] = [self._struck_out(entrypoint) for entrypoint in entrypoints]
        running = [index for index, outcome in enumerate(outcomes) if outcome is None]
        for index, outcome in zip(running, self._run(document, [entrypoints[i] for i in running]), strict=True):
            outcomes[index] = outcome
        return outcomes

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _run(self, document: Any, entrypoints: Sequence[str]) -> list[RegoOutcome]:
        """Evaluate together; where that ends the child, one by one, so that the guilty rule is found."""
        if not entrypoints:
            return []
        try:
            return self._ask(document, entrypoints)
        except _ChildEndedError as end:
            if len(entrypoints) == 1:
                return [self._strike(entrypoints[0], end.error)]
        latest = time.monotonic() + 2 * (self.deadline_s + GRACE_S)
        return [self._run_alone(document, entrypoint, latest) for entrypoint in entrypoints]

    def _run_alone(self, document: Any, entrypoint: str, latest: float) -> RegoOutcome:
        if time.monotonic() > latest:
            return RegoError("limit", f"{entrypoint} was not evaluated: other rules used up its time")
        try:
            return self._ask(document, [entrypoint])[0]
        except _ChildEndedError as end:
            return self._strike(entrypoint, end.error)

    def _ask(self, document: Any, entrypoints: Sequence[str]) -> list[RegoOutcome]:
        if self._child is None:
            try:
                self._restart()
            except RegoError as error:
                return [error] * len(entrypoints)
        assert self._child is not None
        request = {"op": "evaluate", "input": document, "entrypoints": list(entrypoints)}
        answer = self._exchange(request, self.deadline_s + GRACE_S)
        return [RegoError(**item["error"]) if "error" in item else item["value"] for item in answer["outcomes"]]

    def _restart(self) -> None:
        """Start a child and load the program. Raises RegoError."""
        if self._program is None:
            raise RegoError("engine", "no modules are loaded")
        self.close()
        self._child = _Child(self.deadline_s, self.memory_bytes)
        try:
            answer = self._exchange(self._program, LOAD_TIMEOUT_S)
        except _ChildEndedError as end:
            raise end.error from None
        if answer["error"] is not None:
            raise RegoError(**answer["error"])

    def _exchange(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Send one request. Raises _ChildEndedError; the child is then gone."""
        assert self._child is not None
        try:
            return self._child.exchange(request, timeout_s)
        except _ChildEndedError:
            self._child = None
            raise

    def _strike(self, entrypoint: str, error: RegoError) -> RegoError:
        self._strikes.setdefault(entrypoint, []).append(error)
        return error

    def _struck_out(self, entrypoint: str) -> RegoError | None:
        errors = self._strikes.get(entrypoint, [])
        if len(errors) < STRIKES:
            return None
        reason = (
            f"{entrypoint} is not run any more: it ended {STRIKES} worker processes, last with: {errors[-1].reason}"
        )
        return RegoError(errors[-1].kind, reason)

    def _plain(self, document: Mapping[str, object]) -> Any:
        """Return the document as JSON types, without absent values. Raises RegoError of kind "input"."""
        try:
            return self._binding.Value(document).to_python()
        except self._binding.RegoError as error:
            raise RegoError(error.kind, error.reason) from None


class _ChildEndedError(Exception):
    """The child is gone; `error` says how, in terms of what it was doing."""

    def __init__(self, error: RegoError) -> None:
        super().__init__(str(error))
        self.error = error


class _Child:
    """One child process and its pipe."""

    def __init__(self, deadline_s: float, memory_bytes: int) -> None:
        from subprocess import DEVNULL, PIPE, Popen

        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
        self._memory_bytes = memory_bytes
        self._process = Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, root, repr(deadline_s), str(memory_bytes)],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            # Windows cannot start a process without it.
            env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            # Ctrl-C is for the parent, which then closes the pipe.
            start_new_session=True,
        )

    def exchange(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Return the answer; the child is killed when it takes longer. Raises _ChildEndedError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        started = time.monotonic()
        answer = None
        try:
            write_frame(self._process.stdin, request)
            with _killing_after(timeout_s, self._process):
                answer = read_frame(self._process.stdout)
        except (OSError, ValueError):
            pass
        if answer is not None:
            return answer
        late = time.monotonic() - started >= timeout_s
        self.end()
        raise _ChildEndedError(self._late(timeout_s) if late else self._fate())

    def end(self) -> None:
        """Kill the process and free its pipes."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        self._process.wait()

    def _late(self, timeout_s: float) -> RegoError:
        return RegoError("limit", f"the worker process was killed: no answer within {timeout_s:g} s")

    def _fate(self) -> RegoError:
        """Say how a child ended that nobody killed."""
        status = self._process.returncode
        if status in (-6, _OUT_OF_MEMORY):
            megabytes = self._memory_bytes >> 20
            return RegoError("limit", f"the worker process needed more than {megabytes} MiB of memory")
        if status < 0:
            return RegoError("panic", f"the worker process crashed with signal {-status}: endless or too deep nesting")
        return RegoError("panic", f"the worker process ended with status {status}")


@contextmanager
def _killing_after(timeout_s: float, process: "Popen[bytes]") -> Iterator[None]:
    """Kill the process unless it starts to answer in time (or, where pipes cannot be polled, has answered)."""
    import select

    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(cast("IO[bytes]", process.stdout), select.POLLIN | select.POLLHUP)
        if not poller.poll(timeout_s * 1000):
            process.kill()
        yield
        return
    from threading import Timer

    alarm = Timer(timeout_s, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


def write_frame(pipe: IO[bytes], message: Mapping[str, Any]) -> None:
    """Write one message. Raises OSError where the other end is gone."""
    import json

    payload = json.dumps(message, separators=(",", ":")).encode()
    pipe.write(len(payload).to_bytes(4, "big") + payload)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> dict[str, Any] | None:
    """Return the next message, or None where the other end is gone. Raises ValueError for what is no message."""
    import json

    header = pipe.read(4)
    size = int.from_bytes(header, "big")
    if len(header) < 4:
        return None
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"a message of {size} bytes")
    payload = pipe.read(size)
    if len(payload) < size:
        return None
    message: dict[str, Any] = json.loads(payload)
    return message


_OUT_OF_MEMORY = 99
"""Exit status of a child whose Python ran out of memory."""


def serve() -> None:
    """Run the child: answer requests on standard input until it closes. Arguments: root, deadline, memory."""
    deadline_s, memory_bytes = float(sys.argv[2]), int(sys.argv[3])
    requests, answers = _take_pipes()
    engine = NativeEngine(deadline_s=deadline_s)
    restrict(memory_bytes)
    try:
        while (request := read_frame(requests)) is not None:
            _set_alarm(LOAD_TIMEOUT_S if request["op"] == "load" else deadline_s + GRACE_S)
            write_frame(answers, _answer(engine, request))
            _set_alarm(0)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes to the parent; nothing else in this process can write to them by accident."""
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return sys.stdin.buffer, answers


def restrict(memory_bytes: int) -> None:
    """Bound this process: `memory_bytes` above what it has now, no core dumps, no files written. POSIX only."""
    try:
        import resource
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: _address_space() + memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, value in limits.items():
        try:
            resource.setrlimit(limit, (value, value))
        except (OSError, ValueError):
            # A lower hard limit is in force already, or the platform has no such limit.
            continue


def _address_space() -> int:
    """Return the bytes of address space in use; 0 where the platform does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:
            return int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _set_alarm(seconds: float) -> None:
    """Let the kernel end this process some time after `seconds`, should the parent be gone by then; 0 for never."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + 5 * GRACE_S if seconds else 0)


def _answer(engine: NativeEngine, request: Mapping[str, Any]) -> dict[str, Any]:
    if request["op"] == "load":
        modules = [RegoModule(*module) for module in request["modules"]]
        try:
            engine.load(modules, request["data"])
        except RegoError as error:
            return {"error": _as_data(error)}
        return {"error": None}
    outcomes = engine.evaluate(request["input"], request["entrypoints"])
    return {
        "outcomes": [
            {"error": _as_data(outcome)} if isinstance(outcome, RegoError) else {"value": outcome}
            for outcome in outcomes
        ]
    }


def _as_data(error: RegoError) -> dict[str, Any]:
    return {
        "kind": error.kind,
        "reason": error.reason,
        "file": error.file,
        "line": error.line,
        "column": error.column,
    }
