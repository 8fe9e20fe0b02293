"""Drift: files that declare in, files that hold what is live in, Findings out."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scanner import __version__
from scanner.drift import Change, Drift, DriftClass, Sight, changes, detect
from scanner.drift.accepted import Accepted, accept, since_accepted
from scanner.drift.branch import Branch
from scanner.drift.effects import Effects
from scanner.drift.events import Events
from scanner.drift.findings import RULES, Objection, objections
from scanner.drift.matching import identity, is_comparable
from scanner.drift.standing import Applied
from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.wide import Places
from scanner.engine.workers import Workshop
from scanner.exemptions import apply
from scanner.inventory import Inventory, Resolver
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State, in_order
from scanner.model.resource import Resource
from scanner.model.verdict import Verdict
from scanner.points.accepted_drift import read_accepted, write_accepted
from scanner.points.drift_live import Live, live_sources, recorded_in
from scanner.points.drift_logs import logged_in
from scanner.points.gate import prepared, write
from scanner.points.inputs import Inputs, load_inputs, source_of
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.inputs import completed
from scanner.sources.interface import Page

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.points.base import BaseTree


def drift(flags: Mapping[str, Any]) -> Report:
    """Do what command-line ``flags`` of ``bulkhead drift`` ask for; returns the Report. Raises BulkheadError."""
    with prepared(flags) as (request, tree):
        return _drift(_without_evidence(request, flags), flags, tree)


def _drift(request: Request, flags: Mapping[str, Any], tree: "BaseTree | None") -> Report:
    started = time.perf_counter()
    inputs = load_inputs(request)
    source = source_of(request, inputs.estate)
    pages = list(source.pages())
    declared = _Read(pages)
    recorded = recorded_in(flags.get("states", ()))
    applied_last = Applied(recorded.resources)
    resources = [applied_last.identified(resource) for resource in declared]
    applied_last.cover(resources)
    live = live_sources(flags, request, inputs.estate, resources)
    there = _Read(page for one in live.sources for page in one.pages())
    comparing = _Comparing(flags, applied_last)
    logs = logged_in(flags.get("change_logs", ()), flags.get("audit_logs", ()))
    events = Events(logs.events)
    detected = detect(resources, there, _sight(live, there), comparing.changes)
    found = [events.attribute(applied_last.settle(one)) for one in detected]
    found = [_accepted_bare(one, inputs.estate) for one in found]
    comparing.write()
    branch_notes: tuple[LedgerEntry, ...] = ()
    if tree is not None:
        branch = Branch(_Read(source_of(request, inputs.estate, tree.here_there).pages()))
        found = [met for one in found if (met := branch.meets(one)) is not None]
        branch_notes = (LedgerEntry("drift", State.SCANNED, _beside(branch.elsewhere, tree.name)),)
    ledger = [*declared.entries, *there.entries, *recorded.entries, *logs.entries, *source.entries()]
    ledger += [entry for one in live.sources for entry in one.entries()]
    findings = _findings(found, inputs, pages, resources, request.options.rego_engine)
    applied = apply(findings, (*inputs.exemptions, *declared.exemptions), request.options.today, request.options.policy)
    report = Report(
        tool_version=__version__,
        packs=(),
        rules={rule.id: rule for rule in RULES.values()},
        judged=tuple(_judged(resources, found)),
        findings=tuple(sorted(applied.findings, key=_order)),
        ledger=in_order(completed((), dict.fromkeys(ledger))),
        notes=in_order((*applied.notes, *_notes(found), *_outdated(applied_last.outdated), *branch_notes)),
        exemptions_used=tuple(applied.used),
        gate=request.options.gate,
        estate_name=inputs.estate.metadata.name if inputs.estate else "",
        estate_digest=inputs.estate.digest if inputs.estate else "",
        today=request.options.today,
        elapsed_s=time.perf_counter() - started,
    )
    write(report, request)
    return report


def _without_evidence(request: Request, flags: Mapping[str, Any]) -> Request:
    """Return ``request`` without the files to compare with, where they lie among those that declare.

    A file that is named as a declaration too stays one: a plan is both.
    """
    named = {os.path.normpath(path) for path in request.paths}
    given = [text for text in (*flags["against"], *flags.get("states", ())) if text]
    candidates = [*given, *(text.partition("=")[2] for text in given)]
    paths = {os.path.relpath(path) for path in candidates if path and os.path.lexists(path)}
    left_out = sorted(f"/{path}" for path in paths - named if path != "." and not path.startswith(os.pardir))
    return replace(request, exclude=(*request.exclude, *left_out))


class _Comparing:
    """How two Resources are compared: with what was accepted before, and writing down what is accepted now."""

    def __init__(self, flags: Mapping[str, Any], applied: Applied) -> None:
        self._applied = applied
        self._path = flags.get("accept") or ""
        self._before: Accepted = read_accepted(flags["accepted"]) if flags.get("accepted") else {}
        self._now: dict[str, Mapping[str, str]] = {}

    def changes(self, declared: Resource, live: Resource) -> tuple[Change, ...]:
        """See :func:`scanner.drift.changes`."""
        if self._path:
            self._now.update(accept(((declared, live),)))
        found = changes(declared, live)
        self._applied.compare(declared, live, found)
        return (*found, *since_accepted(declared, live, self._before)) if self._before else found

    def write(self) -> None:
        """Write down what was accepted, where that is asked for."""
        if self._path:
            write_accepted(self._path, self._now)


class _Read:
    """The Resources of pages, and what the pages say of themselves."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = pages
        self.entries: list[LedgerEntry] = []
        self.exemptions: list[Any] = []

    def __iter__(self) -> Iterator[Resource]:
        for page in self._pages:
            content = page.read()
            self.entries.extend(content.entries)
            self.exemptions.extend(content.exemptions)
            yield from content.resources


def _sight(live: Live, there: _Read) -> Sight:
    def gap() -> str:
        said = (*there.entries, *(entry for one in live.sources for entry in one.entries()))
        broken = next((entry for entry in said if entry.incomplete), None)
        return f"{broken.input} was not read in full: {broken.reason}" if broken else ""

    return Sight(gap, live.clusters, live.azure)


def _findings(
    drifts: Iterable[Drift], inputs: Inputs, pages: Iterable[Page], declared: Sequence[Resource], engine: str
) -> Iterator[Finding]:
    selection = select(inputs.rules, point="audit", estate=False)
    programs = Workshop(selection, inputs.packs, engine).programs()
    try:
        effects = Effects(selection, Judge(programs, Context())).of
        found = list(_placed(objections(drifts, inputs.rules, effects), inputs, declared))
    finally:
        programs.close()
    places = Places({page.name: page for page in pages}, (one[:3] for one in found))
    maker = FindingMaker()
    for one in found:
        yield replace(maker.make(*one[:3], places.place), difference=one.difference)


def _placed(found: Iterable[Objection], inputs: Inputs, declared: Sequence[Resource]) -> Iterator[Objection]:
    """Yield ``found`` with whose each Resource is, where an Estate says it."""
    if inputs.estate is None:
        yield from found
        return
    resolver = Resolver(inputs.estate, Inventory(declared))
    for one in found:
        yield one._replace(resource=one.resource.resolved(resolver.tenancy(one.resource)))


def _judged(declared: Iterable[Resource], drifts: Iterable[Drift]) -> Iterator[Judged]:
    """Yield what became of each declared Resource: whether it is there, and whether it is as declared."""
    classes = {id(one.declared): one.class_ for one in drifts if one.declared is not None}
    for resource in declared:
        if is_comparable(resource):
            codes = bytes(verdict.code for verdict in _VERDICTS.get(classes.get(id(resource)), _AS_DECLARED))
            yield Judged(
                resource.key, resource.type, resource.origin, _ASKED, codes, {}, resource.cluster, resource.namespace,
                resource.name,
            )  # fmt: skip


_ASKED = tuple(RULES[class_].id for class_ in (DriftClass.CHANGED, DriftClass.MISSING, DriftClass.UNREADABLE))
_AS_DECLARED = (Verdict.PASS, Verdict.PASS, Verdict.PASS)
_VERDICTS: Mapping[DriftClass | None, tuple[Verdict, Verdict, Verdict]] = {
    DriftClass.CHANGED: (Verdict.FAIL, Verdict.PASS, Verdict.PASS),
    DriftClass.MISSING: (Verdict.SKIP, Verdict.FAIL, Verdict.PASS),
    DriftClass.UNREADABLE: (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN),
}
"""What the Rules of :data:`_ASKED` say of a declared Resource, by what became of it."""


def _notes(drifts: Iterable[Drift]) -> Iterator[LedgerEntry]:
    """Yield what is no Finding and yet to be known: how much is expected to differ, how much cannot be compared."""
    counted: Counter[tuple[DriftClass, str]] = Counter()
    for one in drifts:
        if one.class_ is DriftClass.EXPECTED and not one.changes:
            counted[DriftClass.EXPECTED, one.reason] += 1
        for change in one.changes:
            if change.class_ is not DriftClass.CHANGED:
                counted[change.class_, change.reason] += 1
    for (class_, reason), number in sorted(counted.items()):
        what = "differ as expected" if class_ is DriftClass.EXPECTED else "cannot be compared"
        noun = "1 attribute" if number == 1 else f"{number} attributes"
        yield LedgerEntry("drift", State.SCANNED, f"{noun} {what}: {reason}")


def _accepted_bare(drift: Drift, estate: "Estate | None") -> Drift:
    """Return ``drift`` as expected where the Estate accepts the live Resource without a declaration."""
    if estate is None or drift.class_ is not DriftClass.UNMANAGED:
        return drift
    key = identity(drift.resource)
    if not any(fnmatchcase(key, glob.lower() if key.startswith("/") else glob) for glob in estate.unmanaged):
        return drift
    return replace(drift, class_=DriftClass.EXPECTED, reason="the estate accepts it without a declaration")


def _beside(number: int, base: str) -> str:
    noun = "1 resource has" if number == 1 else f"{number} resources have"
    return f"only what the change from {base} touches is told; {noun} drifted beside it"


def _outdated(number: int) -> Iterator[LedgerEntry]:
    """Yield what is to be known where what was recorded is neither declared nor there any more."""
    if number:
        noun = "1 attribute is" if number == 1 else f"{number} attributes are"
        reason = f"{noun} live as declared, and another in the state: it is out of date (terraform apply -refresh-only)"
        yield LedgerEntry("drift", State.SCANNED, reason)


def _order(finding: Finding) -> tuple[Any, ...]:
    region = finding.location.region
    return (finding.location.file, region.line if region else 0, finding.resource, finding.rule, finding.tag)
