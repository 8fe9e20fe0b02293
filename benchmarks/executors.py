"""One process, two processes and two Dask workers on the same tasks, side by side.

    python -m benchmarks.executors                  2,000 Deployments, 20 on a page
    python -m benchmarks.executors --number 20000

Each line is a crew with the built-in rules: the time until its first result (start included), the time for the rest,
and how much faster the rest was than on one process. Then what sending costs: tasks that do nothing. Compare lines of
one run, never of two.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

from benchmarks.generate import deployment
from scanner.audit.executors.choose import parse_executor
from scanner.audit.executors.interface import Craft, Task
from scanner.audit.judging import Judging
from scanner.audit.run import BATCH_PAGES
from scanner.engine.selection import select
from scanner.engine.workers import Workshop
from scanner.packs.loader import builtin_packs
from scanner.sources.interface import Page
from scanner.sources.manifests import ManifestPages

CREWS = ("local=1", "local=2", "dask=local:2")
ON_A_PAGE = 20
EMPTY_TASKS = 1_000


class Nothing(Craft[int, int]):
    """Answers an item with itself."""

    def ready(self) -> Callable[[int], int]:
        """Return what answers."""
        return int


def pages(number: int) -> Iterator[Page]:
    """Yield pages that hold ``number`` Deployments, as bytes, the way a listing hands them out."""
    source = ManifestPages(str(Path.cwd()))
    for start in range(0, number, ON_A_PAGE):
        yield source.standard_input("---\n".join(deployment(start + more) for more in range(ON_A_PAGE)).encode())


def workshop() -> Workshop:
    """Return what an audit without an estate judges with."""
    packs = builtin_packs()
    rules = [rule for pack in packs for rule in pack.rules]
    return Workshop(select(rules, point="audit", estate=False), packs)


def batches(pages: Iterator[Page]) -> Iterator[Task[Page]]:
    """Yield ``pages`` in tasks, as an audit hands them out."""
    for number in count():
        batch = tuple(islice(pages, BATCH_PAGES // ON_A_PAGE))
        if not batch:
            return
        yield Task(str(number), batch)


def judged(executor: str, craft: Judging, number: int) -> tuple[float, float, int]:
    """Return seconds until the first result, seconds for the rest, and how many Resources were judged in the rest."""
    started = time.perf_counter()
    with parse_executor(executor).open(craft) as crew:
        results = crew.run(batches(pages(number)))
        next(results)
        first = time.perf_counter()
        resources = sum(len(tuple(answer.keys())) for result in results for answer in result.answers)  # type: ignore[union-attr]
        return first - started, time.perf_counter() - first, resources


def sent(executor: str) -> float:
    """Return how many tasks that do nothing come back in a second."""
    with parse_executor(executor).open(Nothing()) as crew:
        results = crew.run(Task(str(number), (number,)) for number in range(EMPTY_TASKS))
        next(results)
        started = time.perf_counter()
        count = sum(1 for _ in results)
        return count / (time.perf_counter() - started)


def main() -> None:
    """Print one line for each crew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=2_000)
    number = parser.parse_args().number
    craft = Judging(workshop(), None, (), "", datetime.now(UTC))
    alone = 0.0
    print(f"{'crew':<14}{'first s':>9}{'rest s':>9}{'resources/s':>13}{'times one':>11}{'empty tasks/s':>15}")
    for executor in CREWS:
        first, rest, resources = judged(executor, craft, number)
        alone = alone or rest
        print(
            f"{executor:<14}{first:>9.2f}{rest:>9.2f}{resources / rest:>13,.0f}{alone / rest:>11.2f}"
            f"{sent(executor):>15,.0f}"
        )


if __name__ == "__main__":
    main()
