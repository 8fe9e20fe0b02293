"""One process or several: the same verdicts in the same order, whatever becomes of a worker."""

import multiprocessing
import os
from dataclasses import dataclass

import pytest

from scanner.engine.selection import select
from scanner.engine.workers import Workshop, judge_pages
from scanner.sources.interface import PageContent
from tests.engine.rules import make_rule
from tests.engine.test_pages import MemoryPage, page


@dataclass(frozen=True, slots=True)
class DeadlyPage(MemoryPage):
    """Ends the worker that reads it, as a lack of memory would."""

    def read(self) -> PageContent:
        if multiprocessing.parent_process() is not None:
            os._exit(1)
        return PageContent(self.resources, self.entries, self.exemptions)


@pytest.fixture
def workshop() -> Workshop:
    return Workshop(select([make_rule(applies_to=["core/Service"])], point="gate", estate=False), ())


def names(pages: list[MemoryPage], workshop: Workshop, jobs: int) -> list[str]:
    return [judged.name for verdicts in judge_pages(pages, workshop, jobs) for judged in verdicts.judged]


def test_the_order_is_that_of_the_pages(workshop: Workshop) -> None:
    pages = [page(f"p{number:04d}") for number in range(500)]
    expected = [f"p{number:04d}" for number in range(500)]
    assert names(pages, workshop, 1) == expected
    assert names(pages, workshop, 3) == expected


def test_a_worker_that_dies_loses_nothing(workshop: Workshop) -> None:
    pages = [page(f"p{number:04d}") for number in range(300)]
    victim = page("p0150")
    pages[150] = DeadlyPage(victim.file, victim.resources, victim.entries)
    assert names(pages, workshop, 2) == [f"p{number:04d}" for number in range(300)]
