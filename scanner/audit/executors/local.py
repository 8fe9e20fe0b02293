"""The crew of one machine: processes, each judging pages on a core of its own."""

import os
import uuid
from collections.abc import Iterable, Iterator
from typing import Generic

from scanner.audit.executors.dispatch import Dispatch
from scanner.audit.executors.interface import A, Craft, Crew, P, Result, Task
from scanner.audit.executors.processes import Processes, WorkerDied
from scanner.audit.executors.workbench import equip

AHEAD = 3
"""Tasks for each process that are under way: one in work, one waiting, one whose answer waits for its turn."""


class LocalCrew(Crew[P, A], Generic[P, A]):
    """``workers`` processes of this machine; 0 means one for each core that this process may use."""

    def __init__(self, craft: Craft[P, A], workers: int = 0) -> None:
        count = workers or usable_cores()
        crew = uuid.uuid4().hex
        self._processes = Processes(count, equip, (crew, craft))
        self._dispatch: Dispatch[P, A] = Dispatch(crew, self._processes, lambda: count * AHEAD, _died)

    def run(self, tasks: Iterable[Task[P]]) -> Iterator[Result[A]]:
        """See :meth:`Crew.run`."""
        return self._dispatch.run(tasks)

    def close(self) -> None:
        """End the processes in the middle of what they do."""
        self._processes.shutdown(cancel_futures=True)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _died(error: BaseException) -> int:
    return int(isinstance(error, WorkerDied))
