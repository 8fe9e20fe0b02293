"""Conducts an audit: sources in, work file, Report, reports and exit code out."""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scanner import __version__
from scanner.audit.conclusion import conclude
from scanner.audit.executors.choose import parse_executor
from scanner.audit.judging import Judging, places_in
from scanner.audit.names import digests_of, names_in
from scanner.audit.run import Named, Run, Watch
from scanner.audit.work_file import WorkFile
from scanner.audit.work_folder import Resume, abandoned, working
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.workers import Workshop
from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.points.audit.drift import beside, drift_of
from scanner.points.audit.history import Beginning, kept_in
from scanner.points.audit.request import AuditRequest, in_share
from scanner.points.audit.scopes import Scopes, scopes_of, unseen
from scanner.points.gate import tenant_of, write
from scanner.points.inputs import Inputs, load_inputs
from scanner.report import PackStamp, Report
from scanner.report.restricted import own_texts, restricted
from scanner.scan import Options, Standards

if TYPE_CHECKING:
    from scanner.estate import Estate


def audit(flags: Mapping[str, Any], watch: Watch) -> Report:
    """Do what command-line ``flags`` ask for; returns the Report, whose exit code is the audit's.

    For one tenant it is that tenant's; the store keeps the whole.
    """
    asked = AuditRequest.of(flags)
    started = time.perf_counter()
    inputs = load_inputs(asked.request)
    estate = inputs.estate
    assert estate is not None, "an audit without an estate is refused"
    asked = in_share(asked, estate)
    reader = tenant_of(asked.request, estate)
    scopes = scopes_of(asked, estate, inputs.rules)
    workshop = _workshop(asked.request.options, inputs)
    identity = _identity(workshop, estate, scopes, asked)
    with working(asked.work, estate.metadata.name, identity, asked.resume) as work:
        notes = (*inputs.notes, *_left_behind(asked, estate), *_forgotten(asked))
        options = _clocked(work, asked.request.options)
        with kept_in(asked.kept, work, _start(options, workshop, estate, scopes, asked), reader) as keep:
            places = _places(work, scopes.sources)
            run = Run(scopes.sources, work, watch)
            judging = Judging(_with_data(workshop, estate, options), estate, places, work.path, options.instant)
            with parse_executor(asked.executor).open(judging) as crew:
                run.read(crew)
                is_here = crew.is_here
                if is_here:
                    run.look(crew, workshop.selection)
            if not is_here:  # the second phase looks into the work file, which other machines do not have
                with parse_executor("local").open(judging) as crew:
                    run.look(crew, workshop.selection)
            drift = drift_of(asked, estate, inputs, places, watch)
            expected = (*scopes.missing, *unseen(estate, asked, work.scopes()))
            standards = Standards(estate, inputs.exemptions, options)
            report = conclude(work, workshop, standards, expected, started, beside(drift) if drift else None)
            report = report.with_notes(notes)
            pages = (*work.names(), digests_of(drift.judged if drift else ()))
            names = names_in(report, estate, pages if reader or asked.kept.store else ())
            told = restricted(report, reader, estate, names) if reader else report
            write(told, asked.request)
            keep(report, own_texts(names), drift.events if drift else ())
    return told


def _start(options: Options, workshop: Workshop, estate: "Estate", scopes: Scopes, asked: AuditRequest) -> Beginning:
    packs = tuple(PackStamp(pack.name, pack.version, pack.digest, len(pack.rules)) for pack in workshop.packs)
    declared = asked.declaration.paths
    return Beginning(options.instant, packs, estate.metadata.name, estate.digest, scopes.names, declared)


def _workshop(options: Options, inputs: Inputs) -> Workshop:
    selection = select(inputs.rules, point="audit", estate=True, placed=True)
    return Workshop(selection, inputs.packs, options.rego_engine, options.deadline_s)


def _with_data(workshop: Workshop, estate: "Estate", options: Options) -> Workshop:
    return replace(workshop, data=Context(None, estate, options.instant).data())


def _identity(workshop: Workshop, estate: "Estate", scopes: Scopes, asked: AuditRequest) -> str:
    """Return what must be the same where a run goes on: what judges, what is read, and from where."""
    parts = (
        __version__,
        *(pack.digest for pack in workshop.packs),
        *(f"{rule.id} {rule.severity.label}" for rule in workshop.selection.rules.values()),
        estate.digest,
        *(named.name for named in scopes.sources),
        *(f"{name} {os.path.abspath(path)}" for name, path in sorted(asked.dumps.items())),
        *(f"{name} {context}" for name, context in sorted(asked.contexts.items())),
        *map(os.path.abspath, asked.exports),
        asked.azure_cloud,
        *sorted(asked.only),
        *asked.declaration.identity,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _clocked(work: WorkFile, options: Options) -> Options:
    """Return ``options`` with the clock of when the run began: one that goes on the next day is still yesterday's."""
    clock: tuple[date, datetime] | None = work.fact("clock")
    if clock is None:
        clock = (options.today, options.instant)
        work.state("clock", clock)
    return replace(options, today=clock[0], now=clock[1])


def _places(work: WorkFile, sources: Sequence[Named]) -> tuple[Resource, ...]:
    places: tuple[Resource, ...] | None = work.fact("places")
    if places is None:
        places = tuple(place for named in sources for place in places_in(named.source.places()))
        work.state("places", places)
    return places


def _left_behind(asked: AuditRequest, estate: "Estate") -> Iterator[LedgerEntry]:
    found = abandoned(asked.work, estate.metadata.name)
    if found and asked.resume is not Resume.YES:
        reason = f"was cut off and is not gone on with; --resume would have, or remove {os.path.dirname(found[0])}"
        yield LedgerEntry(f"audit {os.path.basename(found[0])}", State.SCANNED, reason)


def _forgotten(asked: AuditRequest) -> Iterator[LedgerEntry]:
    if asked.kept.is_missed:
        reason = "no history is kept: the extra 'bulkhead-scanner[audit]' is missing; --store none says it is meant"
        yield LedgerEntry("audit", State.SCANNED, reason)
