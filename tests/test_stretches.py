"""Work dealt out to processes: every answer, in order, whatever becomes of who works on it."""

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from scanner.stretches import Stretch, alone, can_fork, together

LARGE = 3 << 20
"""More than any pipe holds: who writes it waits for the reader."""

needs_signals = pytest.mark.skipif(not can_fork(), reason="processes cannot be forked and killed here")


def squares(stretch: Stretch) -> list[int]:
    return [number * number for number in range(*stretch)]


@dataclass
class Numbers:
    """The list of numbers, and what is done with a stretch of it."""

    answer: Callable[[Stretch], object] = squares

    def ready(self) -> "Numbers":
        return self

    def __call__(self, stretch: Stretch) -> object:
        return self.answer(stretch)

    def close(self) -> None:
        pass


def stretches(number: int, length: int = 3) -> list[Stretch]:
    return [Stretch(start, start + length) for start in range(0, number * length, length)]


def is_child() -> bool:
    return multiprocessing.parent_process() is not None


def slow_at_first(stretch: Stretch) -> int:
    time.sleep(0.05 if stretch.start == 0 else 0)
    return stretch.start


def dies_at_nine(stretch: Stretch) -> int:
    if stretch.start == 9 and is_child():
        os._exit(1)
    return stretch.start


def always_dies(stretch: Stretch) -> int:
    if is_child():
        os._exit(1)
    return stretch.start


def fails_at_nine(stretch: Stretch) -> int:
    if stretch.start == 9:
        raise ValueError("nine")
    return stretch.start


def cannot_be_sent(stretch: Stretch) -> object:
    return (lambda: 0) if is_child() else stretch.start


def large(stretch: Stretch) -> bytes:
    return bytes([stretch.start % 251]) * LARGE


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_answers_come_in_the_order_of_the_list(processes: int) -> None:
    work, todo = Numbers(), stretches(60)
    assert list(together(work, todo, processes)) == list(alone(work, todo))
    assert list(together(Numbers(slow_at_first), todo, processes)) == [stretch.start for stretch in todo]


def test_nothing_to_do_is_no_answer() -> None:
    assert list(together(Numbers(), [], 2)) == []


@pytest.mark.parametrize("answer", [dies_at_nine, always_dies, cannot_be_sent])
def test_what_a_process_leaves_undone_is_done_here(answer: Callable[[Stretch], object]) -> None:
    todo = stretches(40)
    assert list(together(Numbers(answer), todo, 2)) == [stretch.start for stretch in todo]


def test_an_error_is_met_here_and_nobody_is_left_behind() -> None:
    before = len(multiprocessing.active_children())
    with pytest.raises(ValueError, match="nine"):
        list(together(Numbers(fails_at_nine), stretches(40), 2))
    assert len(multiprocessing.active_children()) == before


@needs_signals
def test_a_process_killed_in_the_middle_of_a_large_answer_loses_nothing() -> None:
    todo = stretches(12)
    before = set(multiprocessing.active_children())
    answers = together(Numbers(large), todo, 2)
    got = [next(answers)]
    time.sleep(0.2)  # nobody reads: both have begun to write and wait
    victim = (set(multiprocessing.active_children()) - before).pop()
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    got.extend(answers)
    assert got == [large(stretch) for stretch in todo]


@needs_signals
def test_all_killed_leaves_the_work_here() -> None:
    todo = stretches(12)
    before = set(multiprocessing.active_children())
    answers = together(Numbers(large), todo, 2)
    got = [next(answers)]
    for victim in set(multiprocessing.active_children()) - before:
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
    got.extend(answers)
    assert got == [large(stretch) for stretch in todo]


def test_who_stops_asking_ends_the_processes() -> None:
    before = len(multiprocessing.active_children())
    answers = together(Numbers(large), stretches(40), 2)
    next(answers)
    assert len(multiprocessing.active_children()) == before + 2
    del answers
    assert len(multiprocessing.active_children()) == before
    assert gc.isenabled()


def test_where_no_process_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("scanner.stretches._hire", refuse)
    todo = stretches(8)
    assert list(together(Numbers(), todo, 2)) == list(alone(Numbers(), todo))
    assert gc.isenabled()
