"""A progress bar for long runs, on standard error and only on a terminal."""

from collections.abc import Iterator
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
