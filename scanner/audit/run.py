"""The two phases of an audit: pages in, verdicts and slim projections out, then the Rules that look others up.

Everything that was found is in the work file when it has been found; nothing else is held.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scanner.audit.executors.interface import Crew, Result, Task, Unread
from scanner.audit.judging import Item, Stretch
from scanner.audit.summary import Summary
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.engine.selection import Selection
from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.sources.interface import Page, Source

BATCH_BYTES = 256 << 10
BATCH_PAGES = 128
"""A task should take about 50 ms: less, and sending it costs more than judging it; more, and a death loses much."""
STRETCH = 500
"""Kept Resources that one task of the second phase looks at."""

_SAME = b"-"
"""Stamp of a stretch: what is kept does not change once the first phase is over."""

_LOOKING = "rules that look others up"
"""What the ledger calls a stretch of the second phase."""

Watch: TypeAlias = Callable[[str, int], None]
"""Told the name of what is being read, and how many Resources were judged since the last time."""


def nobody(what: str, resources: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class Named:
    """A Source of an audit under the name that the ledger and the work file know it by."""

    name: str
    """``cluster aks-prd-weu-01``, ``azure export.json``."""
    source: Source
    scopes: tuple[str, ...] = ()
    """What it is of, as :class:`scanner.model.ledger.Unseen` names it; empty for the estate itself."""


class Run:
    """One run over ``sources``; it goes on where the work file says that it stopped."""

    def __init__(self, sources: Sequence[Named], work: WorkFile, watch: Watch = nobody) -> None:
        self._sources = sources
        self._work = work
        self._watch = watch
        self._attempt = uuid.uuid4().hex

    def read(self, crew: Crew[Item, Summary]) -> None:
        """The first phase: every page of every Source that was not read to its end before."""
        finished = self._work.finished_sources()
        for named in self._sources:
            if named.name in finished:
                continue
            pages = _Unread(named, self._work, self._attempt)
            for result in crew.run(pages.tasks()):
                self._keep(1, named.name, pages.taken(result.key), result, named.scopes)
            self._work.finish_source(named.name, named.source.entries(), self._attempt)

    def look(self, crew: Crew[Item, Summary], selection: Selection) -> None:
        """The second phase: Rules that look others up, asked about what the first phase kept."""
        types = [type_ for type_, asked in selection.by_type.items() if asked.wide]
        if not types:
            return
        self._work.index_kept()
        waiting: dict[str, tuple[tuple[str, bytes], ...]] = {}

        def tasks() -> Iterator[Task[Item]]:
            for first, last in self._work.stretches(types, STRETCH):
                name = f"{first}-{last}"
                if not self._work.has(2, "", name, _SAME, self._attempt):
                    waiting[name] = ((name, _SAME),)
                    yield Task(name, (Stretch(first, last),))

        for result in crew.run(tasks()):
            self._keep(2, "", waiting.pop(result.key), result)

    def _keep(
        self,
        phase: int,
        source: str,
        pages: Sequence[tuple[str, bytes]],
        result: Result[Summary],
        scopes: tuple[str, ...] = (),
    ) -> None:
        for (name, stamp), answer in zip(pages, result.answers, strict=True):
            if isinstance(answer, Unread):  # without a stamp, so that whoever goes on with the run tries it again
                stamp, summary = b"", _unread(name if phase == 1 else f"{_LOOKING}: resources {name}", answer, scopes)
            else:
                summary = answer
            self._work.keep(phase, source, name, stamp, self._attempt, summary)
            self._watch(source, sum(map(len, summary.groups.values())))


class _Unread:
    """The pages of a Source whose outcome is not known yet, in tasks."""

    def __init__(self, named: Named, work: WorkFile, attempt: str) -> None:
        self._named = named
        self._work = work
        self._attempt = attempt
        self._taken: dict[str, tuple[tuple[str, bytes], ...]] = {}

    def tasks(self) -> Iterator[Task[Item]]:
        """Yield tasks of pages, in the order of the pages."""
        batch: list[Page] = []
        stamps: list[tuple[str, bytes]] = []
        size = 0
        times: Counter[str] = Counter()
        for page in self._named.source.pages():
            stamp = page.stamp()
            times[page.name] += 1
            name = page.name if times[page.name] == 1 else f"{page.name}#{times[page.name]}"
            if self._work.has(1, self._named.name, name, stamp, self._attempt):
                continue
            batch.append(page)
            stamps.append((name, stamp))
            size += page.size_bytes
            if size >= BATCH_BYTES or len(batch) == BATCH_PAGES:
                yield self._task(batch, stamps)
                batch, stamps, size = [], [], 0
        if batch:
            yield self._task(batch, stamps)

    def taken(self, key: str) -> tuple[tuple[str, bytes], ...]:
        """Return (name, stamp) of the pages of a task, and forget the task."""
        return self._taken.pop(key)

    def _task(self, batch: Sequence[Page], stamps: Sequence[tuple[str, bytes]]) -> Task[Item]:
        key = hashlib.blake2b("\0".join(name for name, _ in stamps).encode("utf-8", "backslashreplace")).hexdigest()
        self._taken[key] = tuple(stamps)
        return Task(key, tuple(batch))


def _unread(name: str, unread: Unread, scopes: tuple[str, ...]) -> Summary:
    """Return the outcome of a page that no process could answer: an entry of the ledger."""
    unseen = Unseen(scopes) if scopes else None
    entry = LedgerEntry(name, State.UNREACHABLE, unread.reason, incomplete=True, unseen=unseen)
    return Summary(PageVerdicts((), (), (), (), {}, (entry,), (), ()), {})
