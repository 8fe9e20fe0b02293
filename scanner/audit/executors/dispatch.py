"""Hands tasks to an executor and sees to it that each comes back, however many processes die.

A process that is killed says nothing about why: the machine may be out of memory, an operator may have restarted it,
or the page that it read crashes every reader. So a task whose process died is tried again; the second time it is set
aside. Tasks that were set aside run alone, nothing beside them, so that what dies is to blame, and in halves, until
the item that kills its process stands by itself and is given up. All others are answered.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Any, Generic

from scanner.audit.executors.interface import A, P, Result, Task, Unread
from scanner.audit.executors.workbench import work
from scanner.errors import ExecutorError

ALONE_AFTER = 2
"""Deaths after which a task runs alone. One death is often chance; two are a suspicion."""
GIVEN_UP_AFTER = 2
"""Deaths of an item while nothing else was under way after which it is given up."""
_LOOK_S = 5.0
"""How long to wait for a result before looking whether the executor still lives."""


@dataclass(slots=True)
class _Slot(Generic[P]):
    """A task on its way."""

    task: Task[P]
    future: "Future[tuple[Any, ...]]"
    deaths: int = 0


@dataclass(frozen=True, slots=True)
class Dispatch(Generic[P, A]):
    """One crew's way of getting tasks done on ``executor``."""

    crew: str
    executor: Executor
    ahead: Callable[[], int]
    """How many tasks may be under way: enough to keep every process busy, few enough to bound memory."""
    died: Callable[[BaseException], int]
    """How many processes' deaths an exception of a future tells of; 0 where it tells of something else."""
    look: Callable[[], None] = field(default=lambda: None)
    """Called while a result is awaited; raises ExecutorError where none can come any more."""

    def run(self, tasks: Iterable[Task[P]]) -> Iterator[Result[A]]:
        """See :meth:`scanner.audit.executors.interface.Crew.run`."""
        todo = iter(tasks)
        under_way: deque[_Slot[P]] = deque()
        while True:
            while len(under_way) < self.ahead() and (task := next(todo, None)) is not None:
                under_way.append(_Slot(task, self._submit(task.items)))
            if not under_way:
                return
            slot = under_way[0]
            answers = self._outcome(slot, under_way)
            under_way.popleft()
            yield Result(slot.task.key, answers)

    def _submit(self, items: tuple[P, ...]) -> "Future[tuple[Any, ...]]":
        try:
            return self.executor.submit(work, self.crew, items)
        except RuntimeError as error:  # what executors raise once they are shut down
            raise ExecutorError(f"cannot give work to the executor: {error}") from error

    def _outcome(self, slot: _Slot[P], under_way: deque[_Slot[P]]) -> tuple[A | Unread, ...]:
        while True:
            try:
                return self._await(slot.future)
            except Exception as error:
                died = self.died(error)
                if not died:
                    raise
                slot.deaths += died
            if slot.deaths >= ALONE_AFTER:
                self._quiet(slot, under_way)
                return self._alone(slot.task.items, slot.deaths)
            slot.future = self._submit(slot.task.items)

    def _await(self, future: "Future[tuple[Any, ...]]") -> tuple[Any, ...]:
        while True:
            try:
                return future.result(_LOOK_S)
            except NotYet:
                if future.done():  # it is the answer that timed out, not the waiting
                    return future.result()
                self.look()

    def _quiet(self, slot: _Slot[P], under_way: deque[_Slot[P]]) -> None:
        """Wait until nothing is under way but ``slot``; what dies meanwhile is dealt with when its turn comes."""
        for other in under_way:
            if other is not slot:
                while not other.future.done():
                    try:
                        other.future.exception(_LOOK_S)
                    except NotYet:
                        self.look()

    def _alone(self, items: tuple[P, ...], deaths: int) -> tuple[A | Unread, ...]:
        """Answer ``items`` with nothing beside them, in halves where their process dies."""
        alone = 0
        while True:
            try:
                return self._await(self._submit(items))
            except Exception as error:
                died = self.died(error)
                if not died:
                    raise
                alone += died
            if len(items) > 1:
                middle = len(items) // 2
                return self._alone(items[:middle], deaths + alone) + self._alone(items[middle:], deaths + alone)
            if alone >= GIVEN_UP_AFTER:
                return (Unread(f"the process that read it died {deaths + alone} times", deaths + alone),)
