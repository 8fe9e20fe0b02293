"""Processes of one machine: everything is answered, in order, whichever of them die and when."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from scanner.audit.executors.interface import Result, Task, Unread
from scanner.audit.executors.local import AHEAD, LocalCrew
from scanner.audit.executors.processes import Processes, WorkerDied
from scanner.errors import ExecutorError
from tests.audit.executors.crafts import Doubling, Item, Unable, tasks_of


def answers(results: Iterator[Result[int]]) -> list[int | Unread]:
    return [answer for result in results for answer in result.answers]


def run(items: list[Item], *, size: int = 16, workers: int = 2, takes_s: float = 0.0) -> list[int | Unread]:
    with LocalCrew(Doubling(takes_s), workers) as crew:
        return answers(crew.run(tasks_of(items, size)))


def test_results_come_in_the_order_of_tasks() -> None:
    with LocalCrew(Doubling(), 3) as crew:
        results = list(crew.run(tasks_of([Item(number) for number in range(500)], 7)))
    assert [result.key for result in results] == [f"t{start}" for start in range(0, 500, 7)]
    assert answers(iter(results)) == [number * 2 for number in range(500)]


def test_the_work_is_done_elsewhere_and_by_all(tmp_path: Path) -> None:
    note = tmp_path / "note"
    run([Item(number, note=str(note)) for number in range(20)], size=1, takes_s=0.01)
    pids = {int(line.split()[1]) for line in note.read_text().splitlines()}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_tasks_are_pulled_as_places_become_free() -> None:
    pulled: list[int] = []

    def tasks() -> Iterator[Task[Item]]:
        for number in range(100):
            pulled.append(number)
            yield Task(str(number), (Item(number),))

    with LocalCrew(Doubling(), 2) as crew:
        results = crew.run(tasks())
        for seen in range(1, 40):
            next(results)
            assert len(pulled) <= seen - 1 + 2 * AHEAD


@pytest.mark.parametrize("does", ["exits", "is killed"])
@pytest.mark.parametrize("victim", [0, 37, 99])
def test_an_item_that_kills_its_process_is_given_up_and_nothing_else(does: str, victim: int) -> None:
    items = [Item(number, does if number == victim else "answers") for number in range(100)]
    expected: list[int | Unread] = [number * 2 for number in range(100)]
    found = run(items)
    given_up = found[victim]
    assert isinstance(given_up, Unread)
    assert given_up.reason == f"the process that read it died {given_up.deaths} times"
    assert 3 <= given_up.deaths <= 12
    expected[victim] = given_up
    assert found == expected


def test_several_deadly_items_in_one_batch_are_all_told_apart() -> None:
    deadly = {3, 4, 15, 40}
    found = run([Item(number, "exits" if number in deadly else "answers") for number in range(48)])
    assert {number for number, answer in enumerate(found) if isinstance(answer, Unread)} == deadly


def test_a_batch_whose_process_died_once_is_done_again(tmp_path: Path) -> None:
    note = str(tmp_path / "note")
    found = run([Item(number, "is killed once" if number == 5 else "answers", note) for number in range(32)])
    assert found == [number * 2 for number in range(32)]


def test_an_item_without_enough_memory_is_said_so() -> None:
    found = run([Item(0), Item(1, "eats memory"), Item(2)])
    assert found == [0, Unread("there was not enough memory to read it"), 4]


def test_an_error_of_ours_is_said_without_what_was_read() -> None:
    found = run([Item(0), Item(1, "raises"), Item(2)])
    assert (found[0], found[2]) == (0, 4)
    reason = found[1].reason  # type: ignore[union-attr]
    assert reason.startswith("reading it raised KeyError in crafts.py:")
    assert "hunter2" not in reason


def test_kills_at_random_moments_change_nothing() -> None:
    """Real SIGKILLs, from outside, at any moment: starting, waiting, working, answering."""
    stop = threading.Event()
    killed = 0
    chance = random.Random(7)

    def killer() -> None:
        nonlocal killed
        while not stop.wait(chance.uniform(0.05, 0.25)):
            children = [child for child in multiprocessing.active_children() if child.name != "main"]
            if children:
                victim = chance.choice(children).pid
                if victim is not None:
                    os.kill(victim, signal.SIGKILL)
                    killed += 1

    thread = threading.Thread(target=killer)
    items = [Item(number) for number in range(300)]
    with LocalCrew(Doubling(0.01), 2) as crew:
        results = crew.run(tasks_of(items, 4))
        found: list[int | Unread] = list(next(results).answers)
        thread.start()
        try:
            found += answers(results)
        finally:
            stop.set()
            thread.join()
    assert killed >= 5
    assert found == [number * 2 for number in range(300)]


def test_a_process_killed_while_it_sends_a_large_answer_is_noticed() -> None:
    """What the standard library's pool waits for for ever."""
    with Processes(2, len, ((),)) as pool:
        futures = [pool.submit(bytes, 3_000_000) for _ in range(60)]
        futures[0].result(30)
        for child in multiprocessing.active_children():
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)
        outcomes = [future.exception(30) for future in futures]
    assert {type(outcome) for outcome in outcomes} <= {WorkerDied, type(None)}
    assert sum(isinstance(outcome, WorkerDied) for outcome in outcomes) <= 2


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("dies", "it ended 8 times before it was ready (exit code 3)"),
        ("refuses", "it ended 8 times before it was ready (exit code 1)"),
    ],
)
def test_a_process_that_cannot_start_ends_the_run(how: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    with LocalCrew(Unable(how), 1) as crew, pytest.raises(ExecutorError) as raised:
        list(crew.run(tasks_of([Item(1)], 1)))
    assert said in str(raised.value)


def test_a_craft_that_cannot_be_made_ready_ends_the_run() -> None:
    with Processes(1, int, ("no number",)) as pool, pytest.raises(ExecutorError, match="cannot start a process: Value"):
        pool.submit(int, "1").result(30)


def test_leaving_early_leaves_no_process() -> None:
    with LocalCrew(Doubling(5.0), 2) as crew:
        results = crew.run(tasks_of([Item(number) for number in range(8)], 1))
        thread = threading.Thread(target=lambda: _first(results), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while len(multiprocessing.active_children()) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 3
    assert multiprocessing.active_children() == []
    thread.join(20)


def _first(results: Iterator[Result[int]]) -> None:
    try:
        next(results)
    except (ExecutorError, CancelledError, WorkerDied):
        return


def test_nothing_is_taken_after_the_end() -> None:
    crew = LocalCrew(Doubling(), 1)
    crew.close()
    crew.close()
    with pytest.raises(ExecutorError, match="it is shut down"):
        list(crew.run(tasks_of([Item(1)], 1)))
