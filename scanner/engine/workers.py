"""Judges pages on one process or several; the results come in the order of the pages either way.

Processes, not threads: parsing YAML holds the interpreter's lock. Workers are started only where the input is large
enough to pay for them.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge
from scanner.engine.pages import PageVerdicts, judge_page
from scanner.engine.programs import OWN, Context, Programs, own_group
from scanner.engine.selection import Selection
from scanner.packs.loader import Pack
from scanner.packs.rego.choose import choose_engine
from scanner.packs.rego.engine import RegoError
from scanner.packs.rego.rules import RegoRules
from scanner.sources.interface import Page

if TYPE_CHECKING:
    from concurrent.futures import Future

WORTH_WORKERS_BYTES = 4 << 20
"""Below this much input a second process costs more than it saves (measured: start 60 ms, parsing 8 MB/s)."""

_BATCH_BYTES = 256 << 10
_BATCH_PAGES = 128
_AHEAD = 4
"""Batches per worker that are under way at a time: enough to keep it busy, few enough to bound memory."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """All a process needs to judge pages; picklable, so that it can be rebuilt in a worker."""

    selection: Selection
    packs: tuple[Pack, ...]
    rego_engine: str = "auto"
    """See :func:`scanner.packs.rego.choose.choose_engine`."""
    deadline_s: float = 5.0
    """For all Rego rules of one Resource together."""
    data: Mapping[str, object] = field(default_factory=dict)
    """Base document of Rego rules."""

    def judge(self, context: Context) -> Judge:
        """Return a Judge with engines of its own."""
        return Judge(self.programs(), context)

    def programs(self) -> Programs:
        """Return the code of the selected Rules, each pack that is not ours in an engine of its own."""
        chosen = self.selection.rules.values()
        rego: dict[str, RegoRules] = {}
        own = [rule for rule in chosen if rule.language == "rego" and rule.pack in self._builtin()]
        libraries = {path for pack in self.packs if pack.builtin for path in pack.libraries}
        for group in OWN:
            rules = [rule for rule in own if own_group(rule) == group]
            if rules:
                engine = choose_engine(self.rego_engine, deadline_s=self.deadline_s)
                rego[group] = RegoRules(rules, sorted(libraries), engine, self.data)
        for pack in self.packs:
            rules = [rule for rule in chosen if rule.language == "rego" and rule.pack == pack.name]
            if rules and not pack.builtin:
                engine = choose_engine(self.rego_engine, trusted=False, deadline_s=self.deadline_s)
                rego[pack.name] = RegoRules(rules, pack.libraries, engine, self.data)
        return Programs(rego)

    def rego_engine_name(self) -> str:
        """Name of the engine that the Rego rules run on; empty where there is none."""
        if not any(rule.language == "rego" for rule in self.selection.rules.values()):
            return ""
        engine = choose_engine(self.rego_engine, deadline_s=self.deadline_s)
        return "" if isinstance(engine, RegoError) else engine.name

    def _builtin(self) -> frozenset[str]:
        return frozenset(pack.name for pack in self.packs if pack.builtin)


def judge_pages(pages: Iterable[Page], workshop: Workshop, jobs: int = 0) -> Iterator[PageVerdicts]:
    """Yield the verdicts of every page, in order. ``jobs`` is the number of processes; 0 chooses."""
    todo = list(pages)
    workers = jobs or _suitable_jobs(todo)
    if workers <= 1 or len(todo) <= 1:
        yield from _alone(todo, workshop)
    else:
        yield from _together(todo, workshop, workers)


def _suitable_jobs(pages: list[Page]) -> int:
    if sum(page.size_bytes for page in pages) < WORTH_WORKERS_BYTES:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(pages: Iterable[Page], workshop: Workshop) -> Iterator[PageVerdicts]:
    programs = workshop.programs()
    judge, maker = Judge(programs, Context()), FindingMaker()
    try:
        for page in pages:
            yield judge_page(page, workshop.selection, judge, maker)
    finally:
        programs.close()


def _together(pages: list[Page], workshop: Workshop, workers: int) -> Iterator[PageVerdicts]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # fork where it is safe to use (no thread of ours runs yet): it costs a tenth of starting an interpreter
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    batches = deque(_batches(pages))
    under_way: deque[tuple[list[Page], Future[list[PageVerdicts]]]] = deque()
    with ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context(method), initializer=_start, initargs=(workshop,)
    ) as pool:
        try:
            while batches or under_way:
                while batches and len(under_way) < workers * _AHEAD:
                    batch = batches.popleft()
                    under_way.append((batch, pool.submit(_judge_batch, batch)))
                yield from under_way[0][1].result()
                under_way.popleft()
        except BrokenProcessPool:  # a worker was killed, most likely for memory: finish here, losing nothing
            rest = [page for batch, _ in under_way for page in batch] + [page for batch in batches for page in batch]
            yield from _alone(rest, workshop)


def _batches(pages: list[Page]) -> Iterator[list[Page]]:
    batch: list[Page] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += page.size_bytes
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


_worker: tuple[Workshop, Judge, FindingMaker] | None = None
"""State of a worker process; set once by its initializer, None in every other process."""


def _start(workshop: Workshop) -> None:
    global _worker
    _worker = (workshop, workshop.judge(Context()), FindingMaker())


def _judge_batch(pages: list[Page]) -> list[PageVerdicts]:
    assert _worker is not None, "the initializer has run"
    workshop, judge, maker = _worker
    return [judge_page(page, workshop.selection, judge, maker) for page in pages]
