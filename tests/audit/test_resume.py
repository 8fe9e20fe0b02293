"""What a run that goes on may take over from the attempt before, and what it must look at again."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.audit.executors.interface import Crew, Result, Task, Unread
from scanner.audit.run import Named, Run
from scanner.audit.summary import Summary, digest_of
from scanner.audit.work_file import WorkFile
from scanner.engine.pages import PageVerdicts
from scanner.errors import AuditError
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, PageContent, Source
from tests.audit.estates import CutOffError, audit, flags, inline, write_dumps

NOTHING = PageVerdicts((), (), (), (), {}, (), (), ())


class Names(Page):
    """A page of Resources that are only names; it holds them, so its stamp follows from them."""

    def __init__(self, name: str, resources: tuple[str, ...]) -> None:
        self._name = name
        self.resources = resources

    @property
    def name(self) -> str:
        return self._name

    def read(self) -> PageContent:
        raise AssertionError("only names are looked at")


class Listing(Source):
    """Pages by name."""

    kind = "listing"

    def __init__(self, **pages: tuple[str, ...]) -> None:
        self._pages = pages

    def pages(self) -> Iterator[Page]:
        return iter([Names(name, resources) for name, resources in self._pages.items()])


class Counting(Crew[Any, Any]):
    """Counts every Resource as one that passes; is cut off after some pages."""

    def __init__(self, pages: int = -1, answer: Callable[[Names], Any] | None = None) -> None:
        self._left = pages
        self._answer = answer or _passes
        self.asked: list[str] = []

    def run(self, tasks: Iterable[Task[Any]]) -> Iterator[Result[Any]]:
        for task in tasks:
            if not self._left:
                raise CutOffError
            self._left -= 1
            self.asked += [page.name for page in task.items]
            yield Result(task.key, tuple(map(self._answer, task.items)))

    def close(self) -> None:
        """Nothing runs."""


def _passes(page: Names) -> Summary:
    return Summary(NOTHING, {(("T-1",), b"\0"): tuple(map(digest_of, page.resources))})


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkFile]:
    monkeypatch.setattr("scanner.audit.run.BATCH_PAGES", 1)
    work = WorkFile(str(tmp_path / "audit.work"))
    yield work
    work.close()


def read(work: WorkFile, source: Source, pages: int = -1) -> list[str]:
    """Read ``source``, as far as ``pages`` go; return what was judged."""
    crew = Counting(pages)
    try:
        Run([Named("listing", source)], work).read(crew)
    except CutOffError:
        assert pages >= 0
    return crew.asked


def test_what_held_the_same_is_not_judged_again(work: WorkFile) -> None:
    assert read(work, Listing(a=("x", "y"), b=("z",), c=("w",)), pages=2) == ["a", "b"]
    assert read(work, Listing(a=("x", "y"), b=("z",), c=("w",))) == ["c"]
    assert work.resources() == 4
    assert read(work, Listing(a=("other",))) == [], "it was read to its end"


def test_what_has_changed_is_judged_again(work: WorkFile) -> None:
    read(work, Listing(a=("x", "y"), b=("z",), c=("w",)), pages=2)
    assert read(work, Listing(a=("x", "v"), b=("z",), c=("w",))) == ["a", "c"]
    assert work.resources() == 4


def test_what_moved_to_a_page_that_had_it_too_is_not_lost(work: WorkFile) -> None:
    read(work, Listing(a=("x", "y"), b=("y", "z"), c=("w",)), pages=2)
    assert work.resources() == 3
    read(work, Listing(a=("x",), b=("y", "z"), c=("w",)))
    assert work.resources() == 4
    assert not any(entry.incomplete for entries in work.finished_sources().values() for entry in entries)


def test_what_was_on_a_page_that_is_gone_is_not_lost_silently(work: WorkFile) -> None:
    read(work, Listing(a=("x", "y"), b=("y", "z"), c=("w",)), pages=2)
    read(work, Listing(b=("y", "z"), c=("w",)))
    entries = [entry for found in work.finished_sources().values() for entry in found]
    assert work.resources() == 3 or any(entry.incomplete for entry in entries)
    assert [entry.reason for entry in entries] == [
        "what is listed changed while the audit was cut off; some of it may not have been judged: run it again"
    ]


def test_a_page_that_could_not_be_read_is_tried_again(work: WorkFile) -> None:
    crew = Counting(1, lambda page: Unread("the process that read it died 2 times", 2))
    with pytest.raises(CutOffError):
        Run([Named("listing", Listing(a=("x",), b=("y",)))], work).read(crew)
    assert read(work, Listing(a=("x",), b=("y",))) == ["a", "b"]
    assert work.resources() == 2
    assert [outcome.verdicts.entries for _, outcome in work.outcomes()] == [(), ()]


def test_a_stretch_that_could_not_be_looked_at_says_what_is_missing(work: WorkFile) -> None:
    run = Run([], work)
    result = Result("1-500", (Unread("the process that read it died 2 times", 2),))
    run._keep(2, "", (("1-500", b"-"),), result)
    ((_, outcome),) = work.outcomes()
    assert outcome.verdicts.entries == (
        LedgerEntry(
            "rules that look others up: resources 1-500",
            State.UNREACHABLE,
            "the process that read it died 2 times",
            incomplete=True,
        ),
    )


def _in_other_folders(dumps: dict[str, Path], tmp_path: Path) -> dict[str, Any]:
    moved = {name: path.rename(tmp_path / f"moved-{name}") for name, path in dumps.items()}
    return {"dumps": tuple(f"{name}={path}" for name, path in moved.items())}


def _with_other_severity(dumps: dict[str, Path], tmp_path: Path) -> dict[str, Any]:
    config = tmp_path / "bulkhead.yaml"
    config.write_text("rules: {severity: {ISO-029: low}}\n", "utf-8")
    return {"config": str(config)}


def _of_less(dumps: dict[str, Path], tmp_path: Path) -> dict[str, Any]:
    return {"only_scopes": tuple(dumps)}


@pytest.mark.parametrize("change", [_in_other_folders, _with_other_severity, _of_less])
def test_a_run_goes_on_only_with_the_same_question(
    change: Callable[[dict[str, Path], Path], dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = write_dumps("erp-hosting-broken", tmp_path / "dumps")
    with inline(monkeypatch, 30), pytest.raises(CutOffError):
        audit(flags(dumps, tmp_path / "work"))
    changed = {**flags(dumps, tmp_path / "work", resume=True), **change(dumps, tmp_path)}
    with inline(monkeypatch), pytest.raises(AuditError, match="no longer the same"):
        audit(changed)


def test_a_dump_that_was_written_again_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dumps = write_dumps("erp-hosting-broken", tmp_path / "dumps")
    with inline(monkeypatch):
        audit(flags(dumps, tmp_path / "before"))
    with inline(monkeypatch, 20), pytest.raises(CutOffError):
        audit(flags(dumps, tmp_path / "work"))
    file = dumps["aks-prd-weu-01"] / "deployment.json"  # the cluster that is read first
    content = file.read_text("utf-8")
    file.write_text(content.replace('"allowPrivilegeEscalation": false', '"allowPrivilegeEscalation": true '), "utf-8")
    assert file.stat().st_size == len(content.encode())
    with inline(monkeypatch):
        audit(flags(dumps, tmp_path / "work", resume=True))
        audit(flags(dumps, tmp_path / "anew"))
    before, resumed, anew = (
        json.loads((tmp_path / f"{name}.json").read_text("utf-8"))["findings"] for name in ("before", "work", "anew")
    )
    assert resumed == anew
    assert len(before) < len(anew)
