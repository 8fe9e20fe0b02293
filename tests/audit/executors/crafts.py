"""Crafts and items for the tests of crews: items that answer, and items that end their process in several ways."""

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanner.audit.executors.interface import Craft, Task


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    does: str = "answers"
    note: str = ""
    """A file that gets a line each time the item is worked on."""


@dataclass(frozen=True, slots=True)
class Doubling(Craft[Item, int]):
    """Doubles an item's number, unless the item does something else."""

    takes_s: float = 0.0

    def ready(self) -> Callable[[Item], int]:
        return self._answer

    def _answer(self, item: Item) -> int:
        if item.note:
            with open(item.note, "a") as note:
                note.write(f"{item.number} {os.getpid()}\n")
        time.sleep(self.takes_s)
        match item.does:
            case "exits":
                os._exit(9)
            case "is killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "is killed once" if not os.path.exists(f"{item.note}.{item.number}"):
                open(f"{item.note}.{item.number}", "w").close()
                os._exit(9)
            case "raises":
                raise KeyError("hunter2")
            case "eats memory":
                soft, hard = resource.getrlimit(resource.RLIMIT_AS)
                resource.setrlimit(resource.RLIMIT_AS, (2 << 30, hard))
                try:
                    return len(bytearray(4 << 30))
                finally:
                    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        return item.number * 2


class Unable(Craft[Item, int]):
    """Its process cannot be made ready."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __setstate__(self, state: dict[str, str]) -> None:
        if state["how"] == "dies":
            os._exit(3)
        raise OSError("no such engine")

    def __getstate__(self) -> dict[str, str]:
        return {"how": self.how}

    def ready(self) -> Callable[[Item], int]:
        raise AssertionError("it is never unpickled")


def tasks_of(items: list[Item], size: int) -> Iterator[Task[Item]]:
    for start in range(0, len(items), size):
        yield Task(f"t{start}", tuple(items[start : start + size]))
