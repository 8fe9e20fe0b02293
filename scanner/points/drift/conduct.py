"""Drift: files that declare in, files that hold what is live in, Findings out."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scanner import __version__
from scanner.drift.findings import RULES
from scanner.exemptions import reminders
from scanner.model.finding import Finding
from scanner.model.ledger import in_order
from scanner.model.moment import joined
from scanner.points.drift.comparison import Against, compare, without_evidence
from scanner.points.drift.exemptions import accepted
from scanner.points.drift.live import live_sources
from scanner.points.drift.memory import memory_of
from scanner.points.gate import prepared, write
from scanner.points.inputs import load_inputs
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.inputs import completed

if TYPE_CHECKING:
    from scanner.points.base import BaseTree


def drift(flags: Mapping[str, Any]) -> Report:
    """Do what command-line ``flags`` of ``bulkhead drift`` ask for; returns the Report. Raises BulkheadError."""
    with prepared(flags) as (request, tree):
        given = [text for text in (*flags["against"], *flags.get("states", ())) if text]
        return _drift(without_evidence(request, given), flags, tree)


def _drift(request: Request, flags: Mapping[str, Any], tree: "BaseTree | None") -> Report:
    started = time.perf_counter()
    inputs = load_inputs(request)
    with memory_of(flags.get("store") or "") as memory:
        against = Against(lambda declared: live_sources(flags, request, inputs.estate, declared), memory.events)
        found = compare(request, flags, inputs, against, tree)
        past = memory.past(one.resource for one in found.findings)
        memory.keep(found.events, request.options.instant)
    exemptions = (*inputs.exemptions, *found.exemptions)
    applied = accepted(found.findings, exemptions, request, found.declared, inputs.packs, found.entries)
    report = Report(
        tool_version=__version__,
        packs=(),
        rules={rule.id: rule for rule in RULES.values()},
        judged=found.judged,
        findings=tuple(sorted(applied.findings, key=_order)),
        ledger=in_order(completed((), dict.fromkeys(found.entries))),
        notes=in_order((*applied.notes, *reminders(applied), *found.notes)),
        exemptions_used=tuple(applied.used),
        exemptions_expired=tuple(applied.expired),
        exemptions_unused=tuple(applied.unused),
        exemptions_unseen=tuple(applied.unseen),
        gate=request.options.gate,
        estate_name=inputs.estate.metadata.name if inputs.estate else "",
        estate_digest=inputs.estate.digest if inputs.estate else "",
        today=request.options.today,
        elapsed_s=time.perf_counter() - started,
        timelines=joined(found.timelines, past),
    )
    write(report, request)
    return report


def _order(finding: Finding) -> tuple[Any, ...]:
    region = finding.location.region
    return (finding.location.file, region.line if region else 0, finding.resource, finding.rule, finding.tag)
