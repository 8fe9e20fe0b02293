"""The second half of a run on several processes, which inherit the Inventory and judge stretches of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from scanner.engine.judge import Judge, Judgement
from scanner.engine.programs import Context
from scanner.engine.selection import ForType, Selection
from scanner.engine.workers import Workshop
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.stretches import Stretch, can_fork, together

T = TypeVar("T")

WORTH_WORKERS = 2_000
"""Below so many Resources a second process costs more than it saves (measured: start 30 ms, 70,000 Resources/s)."""

_LEAST = 250
_STRETCHES = 8
"""Stretches for each process: so many that all end at about the same time."""


def judge_asked(
    asked: list[tuple[Resource, ForType]], context: Context, workshop: Workshop, workers: int
) -> Iterator[Judgement]:
    """Yield what the wide Rules say of each Resource of ``asked``, in order, on as many processes as are worth it."""
    work = _WideWork(asked, context, workshop)
    if workers <= 1 or len(asked) < WORTH_WORKERS or not can_fork():
        yield from _alone(work)
        return
    length = max(_LEAST, -(-len(asked) // (workers * _STRETCHES)))
    stretches = [Stretch(start, min(start + length, len(asked))) for start in range(0, len(asked), length)]
    for answer in together(work, stretches, workers):
        yield from answer.judgements(workshop.selection)


def _alone(work: "_WideWork") -> Iterator[Judgement]:
    worker = work.ready()
    try:
        yield from worker.judge(Stretch(0, len(work.asked)))
    finally:
        worker.close()


class _Told(NamedTuple):
    """What a Judgement has beside codes and reasons; few have any. Rules are named, not sent."""

    faults: tuple[tuple[str, Fault], ...]
    failures: tuple[tuple[str, str], ...]


class _Answer(NamedTuple):
    """Judgements, packed: most Resources of a type are told the same."""

    different: list[tuple[bytes, Mapping[str, str]]]
    """Codes and reasons, each pair once."""
    which: list[int]
    """For each Resource of the stretch, its index in ``different``."""
    told: dict[int, _Told]
    """By index in the stretch."""

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> "_Answer":
        known: dict[tuple[bytes, tuple[tuple[str, str], ...]], int] = {}
        answer = cls([], [], {})
        for index, (codes, reasons, faults, failures) in enumerate(judgements):
            kind = known.setdefault((codes, tuple(reasons.items())), len(known))
            if kind == len(answer.different):
                answer.different.append((codes, reasons))
            answer.which.append(kind)
            if faults or failures:
                answer.told[index] = _Told(_by_id(faults), _by_id(failures))
        return answer

    def judgements(self, selection: Selection) -> Iterator[Judgement]:
        rules = selection.rules
        for index, kind in enumerate(self.which):
            codes, reasons = self.different[kind]
            faults, failures = self.told.get(index, _NOTHING)
            yield Judgement(
                codes,
                reasons,
                tuple((rules[id_], fault) for id_, fault in faults),
                tuple((rules[id_], why) for id_, why in failures),
            )


_NOTHING = _Told((), ())


def _by_id(said: Iterable[tuple[Rule, T]]) -> tuple[tuple[str, T], ...]:
    return tuple((rule.id, what) for rule, what in said)


class _WideWork(NamedTuple):
    """Resources that wide Rules are asked about, and what there is to look up."""

    asked: list[tuple[Resource, ForType]]
    context: Context
    workshop: Workshop

    def ready(self) -> "_WideWorker":
        return _WideWorker(self)


class _WideWorker:
    """Asks the wide Rules in one process."""

    def __init__(self, work: _WideWork) -> None:
        self._asked = work.asked
        self._programs = work.workshop.programs()
        self._judge = Judge(self._programs, work.context)

    def __call__(self, stretch: Stretch) -> _Answer:
        return _Answer.of(self.judge(stretch))

    def judge(self, stretch: Stretch) -> Iterator[Judgement]:
        for resource, rules in self._asked[stretch.start : stretch.stop]:
            yield self._judge.judge(rules.wide, resource)

    def close(self) -> None:
        self._programs.close()
