"""A progress bar for long runs, on standard error and only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

WORTH_SHOWING = 200
"""Pages below which a run is over before a bar could be read."""


def show_progress(stream: Iterator[T], total: int) -> Iterator[T]:
    """Yield from ``stream`` while showing how much of ``total`` is done."""
    if total < WORTH_SHOWING:
        yield from stream
        return
    first = next(stream, None)  # workers are forked before rich starts its refreshing thread
    if first is None:
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("scanning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scanning", total=total, completed=1)
        yield first
        for item in stream:
            bar.advance(task)
            yield item


@contextmanager
def show_count() -> Iterator[Callable[[str, int], None]]:
    """Give what shows how many resources were judged, and what is read: the total is known to nobody."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} resources"), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(what: str, resources: int) -> None:
            bar.update(task, advance=resources, description=what)

        yield watch
