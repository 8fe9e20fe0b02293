"""What a crew is to an audit: it answers tasks, whatever becomes of the processes that work on them.

A crew knows nothing of pages or rules. It is given a craft (how one item is answered) and tasks (batches of items),
and every item of every task comes back: answered, or Unread with the reason.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, NamedTuple, Self, TypeVar

P = TypeVar("P")
"""An item: picklable, independent of all others, and small enough that a few batches fit in memory."""
A = TypeVar("A")
"""The answer to one item; picklable."""


class Craft(ABC, Generic[P, A]):
    """How items are answered. Picklable: it is sent to every process once, not with every task."""

    @abstractmethod
    def ready(self) -> Callable[[P], A]:
        """Build what is needed and return what answers one item; called once for each thread that works."""


@dataclass(frozen=True, slots=True)
class Task(Generic[P]):
    """A batch of items that travel together."""

    key: str
    """What the task is, the same in every run: results are stored and resumed by it."""
    items: tuple[P, ...]


class Unread(NamedTuple):
    """What stands in the place of the answer to an item that could not be answered."""

    reason: str
    """One sentence without anything of the item's content."""
    deaths: int = 0
    """How many processes died over it; 0 where it raised an error."""


@dataclass(frozen=True, slots=True)
class Result(Generic[A]):
    """What became of one task."""

    key: str
    answers: tuple[A | Unread, ...]
    """One for each item of the task, in their order."""


class Crew(ABC, Generic[P, A]):
    """Processes that work on tasks. A context manager: they are gone when it ends."""

    @property
    def is_here(self) -> bool:
        """Whether its processes are on this machine, and so see its files."""
        return True

    @abstractmethod
    def run(self, tasks: Iterable[Task[P]]) -> Iterator[Result[A]]:
        """Yield the Result of each task, in their order.

        Tasks are pulled only as places become free, so what is under way bounds memory. Raises ExecutorError where no
        process can be started or reached any more; what was yielded until then is good.
        """

    @abstractmethod
    def close(self) -> None:
        """End the processes at once; nothing may be under way that is still wanted."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
