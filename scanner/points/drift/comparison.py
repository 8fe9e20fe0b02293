"""Compares what is declared with what is live, for the command and for an audit; Exemptions are not applied."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.drift import Change, Drift, DriftClass, Sight, detect
from scanner.drift.accepted import Accepted, accept, since_accepted
from scanner.drift.branch import Branch
from scanner.drift.events import Event, Events
from scanner.drift.matching import identity
from scanner.drift.standing import Applied
from scanner.drift.timeline import concerned, drifted, timelines
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State
from scanner.model.moment import Moment
from scanner.model.resource import Resource
from scanner.points.drift.accepted import read_accepted, write_accepted
from scanner.points.drift.dry_run import ByDryRun
from scanner.points.drift.found import findings_of, judged_of, whose_by
from scanner.points.drift.gitops import synced_in
from scanner.points.drift.live import Live, recorded_in
from scanner.points.drift.logs import fetched_from, logged_in
from scanner.points.drift.notes import beside, left_out, notes_of, outdated
from scanner.points.inputs import Inputs, source_of
from scanner.points.request import Request
from scanner.sources.interface import Page

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.points.base import BaseTree


@dataclass(frozen=True, slots=True)
class Against:
    """What the declaration is compared with."""

    live: Callable[[Sequence[Resource]], Live]
    """Gives what is live, for what is declared."""
    remembered: Callable[[Collection[str]], Iterable[Event]] | None = None
    """Gives the writes that are remembered of some targets; None where nothing is remembered."""
    concerns: Callable[[Resource], bool] = lambda resource: True
    """Whether a declared Resource is looked for at all."""
    places: Sequence[Resource] = ()
    """Live Namespaces and resource groups: whose everything is that is not said by the declaration."""


class Compared(NamedTuple):
    """What a comparison has found; Exemptions are not applied yet."""

    findings: tuple[Finding, ...]
    judged: tuple[Judged, ...]
    """The declared Resources."""
    entries: tuple[LedgerEntry, ...]
    notes: tuple[LedgerEntry, ...]
    exemptions: tuple[Exemption, ...]
    """Those that stand beside the declaration."""
    timelines: Mapping[str, tuple[Moment, ...]]
    """Key of a Resource that drifted → what is known to have happened to it."""
    events: tuple[Event, ...]
    """Writes to be remembered: those given now of what is declared or drifted, and all that tell of what drifted."""
    declared: Sequence[Resource]


def compare(
    request: Request, flags: Mapping[str, Any], inputs: Inputs, against: Against, tree: "BaseTree | None" = None
) -> Compared:
    """Return how what ``request`` declares differs from what is live. Raises BulkheadError.

    Of ``flags`` it is ``states``, ``accept``, ``accepted``, ``change_logs`` and ``audit_logs`` that count.
    """
    source = source_of(request, inputs.estate)
    pages = list(source.pages())
    declared = _Read(pages)
    recorded = recorded_in(flags.get("states", ()))
    applied_last = Applied(recorded.resources)
    everything = [applied_last.identified(resource) for resource in declared]
    resources = [resource for resource in everything if against.concerns(resource)]
    applied_last.cover(resources)
    branch = None
    if tree is not None:
        before = _Read(source_of(request, inputs.estate, tree.here_there).pages())
        branch = Branch(map(applied_last.identified, before))
    wanted = [*resources, *branch.removed(everything)] if branch is not None else resources
    live = against.live(wanted)
    gitops = synced_in(live.sources, request, inputs.estate, everything)
    applied_last.follow(gitops.synced)
    there = _Read(page for one in live.sources for page in one.pages())
    comparing = _Comparing(flags, applied_last)
    logs = logged_in(flags.get("change_logs", ()), flags.get("audit_logs", ()))
    detected = [applied_last.settle(one) for one in detect(wanted, there, _sight(live, there), comparing.changes)]
    fetched = fetched_from(live.histories, drifted(detected))
    record = _Record((*logs.events, *fetched.events), detected, resources, against)
    found = [_accepted_bare(record.events.attribute(one), inputs.estate) for one in detected]
    comparing.write()
    other_notes = gitops.notes
    if tree is not None and branch is not None:
        found = [met for one in found if (met := branch.meets(one)) is not None]
        other_notes += (LedgerEntry("drift", State.SCANNED, beside(branch.elsewhere, tree.name)),)
    ledger = [*declared.entries, *there.entries, *recorded.entries, *logs.entries, *fetched.entries, *source.entries()]
    ledger += [*(entry for one in live.sources for entry in one.entries()), *comparing.by_dry_run.entries()]
    whose = whose_by(inputs.estate, resources, against.places)
    findings = tuple(findings_of(found, inputs, pages, whose, request.options.rego_engine))
    notes = (*notes_of(found), *outdated(applied_last.outdated), *left_out(len(everything) - len(resources)))
    return Compared(
        findings,
        tuple(judged_of(resources, found, whose)),
        tuple(ledger),
        (*notes, *other_notes),
        tuple(declared.exemptions),
        timelines(found, record.events),
        record.lasting(),
        resources,
    )


class _Record:
    """The writes that are known of, given now or remembered."""

    def __init__(
        self, given: Sequence[Event], detected: Sequence[Drift], declared: Iterable[Resource], against: Against
    ) -> None:
        remembered = against.remembered
        is_any = bool(given) or remembered is not None  # else it is not worth it to know what they could be about
        self._targets = concerned(detected, map(identity, declared)) if is_any else frozenset()
        self._drifted = concerned((), drifted(detected)) if is_any else frozenset()
        self._given = {event.key for event in given}
        kept = remembered(self._targets) if remembered is not None else ()
        self.events = Events((*given, *(event for event in kept if event.key not in self._given)))

    def lasting(self) -> tuple[Event, ...]:
        """Return what is worth to be remembered."""
        return tuple(
            event
            for event in self.events
            if event.target in self._drifted or (event.key in self._given and event.target in self._targets)
        )


def without_evidence(request: Request, given: Sequence[str]) -> Request:
    """Return ``request`` without the files to compare with, where they lie among those that declare.

    They are ``given`` as flags have them, ``NAME=PATH`` or ``PATH``. A file that is named as a declaration too stays
    one: a plan is both.
    """
    named = {os.path.normpath(path) for path in request.paths}
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
        self.by_dry_run = ByDryRun(flags)

    def changes(self, declared: Resource, live: Resource) -> tuple[Change, ...]:
        """See :func:`scanner.drift.changes`."""
        if self._path:
            self._now.update(accept(((declared, live),)))
        found = self.by_dry_run.changes(declared, live)
        self._applied.compare(declared, live, found)
        found = (*found, *self._applied.early(declared, live, found))
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

    return Sight(gap, live.clusters, live.azure, live.listed)


def _accepted_bare(drift: Drift, estate: "Estate | None") -> Drift:
    """Return ``drift`` as expected where the Estate accepts the live Resource without a declaration."""
    if estate is None or drift.class_ is not DriftClass.UNMANAGED:
        return drift
    key = identity(drift.resource)
    if not any(fnmatchcase(key, glob.lower() if key.startswith("/") else glob) for glob in estate.unmanaged):
        return drift
    return replace(drift, class_=DriftClass.EXPECTED, reason="the estate accepts it without a declaration")
