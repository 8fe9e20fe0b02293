"""The second half of a run: Rules that need the whole Inventory or the Estate, asked about reduced Resources."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge, Judgement
from scanner.engine.pages import RuleFailure, failure
from scanner.engine.selection import ForType, Selection
from scanner.model.finding import Finding
from scanner.model.location import Origin, Placed, Region
from scanner.model.path import Path
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.sources.interface import Page


class WideVerdict(NamedTuple):
    """What the wide Rules said of one Resource."""

    resource: Resource
    rules: tuple[str, ...]
    codes: bytes
    reasons: Mapping[str, str]


class WideVerdicts(NamedTuple):
    """What the wide Rules said of all Resources."""

    verdicts: tuple[WideVerdict, ...]
    findings: tuple[Finding, ...]
    failures: tuple[RuleFailure, ...]
    labels: Mapping[str, Mapping[str, str]]


NOTHING = WideVerdicts((), (), (), {})
"""What no wide Rules say."""


def judge_wide(
    resources: Iterable[Resource],
    selection: Selection,
    judge: Judge,
    pages: Mapping[str, Page],
    maker: FindingMaker,
    beside: Container[Origin] = (),
) -> WideVerdicts:
    """Ask the wide Rules about every one of ``resources`` but those ``beside`` what was asked for.

    ``pages`` finds the lines of what they object to.
    """
    asked = list(asked_about(resources, selection, beside))
    judgements = (judge.judge(rules.wide, resource) for resource, rules in asked)
    return settled(asked, judgements, pages, maker)


def asked_about(
    resources: Iterable[Resource], selection: Selection, beside: Container[Origin] = ()
) -> Iterator[tuple[Resource, ForType]]:
    """Yield the Resources that wide Rules are asked about, with what they are asked."""
    for resource in resources:
        rules = selection.of(resource.type)
        if rules.wide and resource.origin not in beside:
            yield resource, rules


def settled(
    asked: Iterable[tuple[Resource, ForType]],
    judgements: Iterable[Judgement],
    pages: Mapping[str, Page],
    maker: FindingMaker,
) -> WideVerdicts:
    """Return what became of all who were ``asked`` about: one of the ``judgements`` is about each, in order."""
    verdicts: list[WideVerdict] = []
    failures: list[RuleFailure] = []
    faults: list[tuple[Rule, Resource, Fault]] = []
    for (resource, rules), judgement in zip(asked, judgements, strict=True):
        verdicts.append(WideVerdict(resource, rules.wide_ids, judgement.codes, judgement.reasons))
        faults.extend((rule, resource, fault) for rule, fault in judgement.faults)
        failures.extend(failure(resource, rule, reason) for rule, reason in judgement.failures)
    places = Places(pages, faults)
    findings = tuple(maker.make(rule, resource, fault, places.place) for rule, resource, fault in faults)
    labels = {resource.key: resource.labels for _, resource, _ in faults}
    return WideVerdicts(tuple(verdicts), findings, tuple(failures), labels)


class Places:
    """The places of many attribute paths, found by reading each page once more."""

    def __init__(self, pages: Mapping[str, Page], faults: Iterable[tuple[Rule, Resource, Fault]]) -> None:
        wanted: defaultdict[str, list[tuple[Origin, Path]]] = defaultdict(list)
        for _, resource, fault in faults:
            wanted[_page(resource.origin)].append((resource.origin, fault.at))
            for other, path, _ in fault.related:
                wanted[_page(other.origin)].append((other.origin, path))
        self._places: dict[tuple[str, str, int, Path, Path], Region | Placed | None] = {}
        for page, places in wanted.items():
            if page in pages:
                self._find(pages[page], places)

    def place(self, origin: Origin, path: Path) -> Region | Placed | None:
        """Return the place of ``path`` in the Resource that has ``origin``."""
        return self._places.get(_key(origin, path))

    def _find(self, page: Page, places: list[tuple[Origin, Path]]) -> None:
        page.read()
        locate = page.locator()
        for origin, path in places:
            self._places[_key(origin, path)] = locate(origin, path)


def _key(origin: Origin, path: Path) -> tuple[str, str, int, Path, Path]:
    return _page(origin), origin.file, origin.document, origin.base, path


def _page(origin: Origin) -> str:
    return origin.page or origin.file
