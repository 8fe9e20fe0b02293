"""Judges pages on one process or several; the results come in the order of the pages either way.

Processes, not threads: parsing YAML holds the interpreter's lock. Workers are started only where the input is large
enough to pay for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge
from scanner.engine.pages import PageVerdicts, judge_page
from scanner.engine.programs import OWN, Context, Programs, own_group
from scanner.engine.recall import MAX_ANSWERS
from scanner.engine.selection import Selection
from scanner.packs.loader import Pack
from scanner.packs.rego.choose import choose_engine
from scanner.packs.rego.engine import RegoError
from scanner.packs.rego.rules import RegoRules
from scanner.sources.interface import Page
from scanner.stretches import Stretch, alone, together, usable_processors

WORTH_WORKERS_BYTES = 4 << 20
"""Below this much input a second process costs more than it saves (measured: start 60 ms, parsing 8 MB/s)."""

_BATCH_BYTES = 256 << 10
_BATCH_PAGES = 128


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
    remembered: int = MAX_ANSWERS
    """Answers of Rego rules that are kept, for each type and group of rules."""

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
        return Programs(rego, self.remembered)

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
    work = PageWork(list(pages), workshop)
    workers = jobs or suitable_jobs(work.pages)
    if workers <= 1 or len(work.pages) <= 1:
        answers = alone(work, [Stretch(index, index + 1) for index in range(len(work.pages))])
    else:
        answers = together(work, list(_batches(work.pages)), workers)
    for answer in answers:
        yield from answer


def suitable_jobs(pages: Iterable[Page]) -> int:
    """Return how many processes so much input is worth."""
    return 1 if sum(page.size_bytes for page in pages) < WORTH_WORKERS_BYTES else usable_processors()


class PageWork(NamedTuple):
    """Pages to be judged."""

    pages: list[Page]
    workshop: Workshop

    def ready(self) -> "_PageWorker":
        """Load the Rules, and return what judges stretches of the pages."""
        return _PageWorker(self)


class _PageWorker:
    """Judges pages in one process."""

    def __init__(self, work: PageWork) -> None:
        self._pages = work.pages
        self._selection = work.workshop.selection
        self._programs = work.workshop.programs()
        self._judge = Judge(self._programs, Context())
        self._maker = FindingMaker()

    def __call__(self, stretch: Stretch) -> list[PageVerdicts]:
        pages = self._pages[stretch.start : stretch.stop]
        return [judge_page(page, self._selection, self._judge, self._maker) for page in pages]

    def close(self) -> None:
        self._programs.close()


def _batches(pages: list[Page]) -> Iterator[Stretch]:
    start = size = 0
    for index, page in enumerate(pages):
        size += page.size_bytes
        if size >= _BATCH_BYTES or index + 1 - start >= _BATCH_PAGES:
            yield Stretch(start, index + 1)
            start, size = index + 1, 0
    if start < len(pages):
        yield Stretch(start, len(pages))
