"""The gate: files of a repository in, reports and an exit code out."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from scanner.model.ledger import LedgerEntry, State
from scanner.points.inputs import load_inputs, source_of
from scanner.points.request import STANDARD_OUTPUT, Request
from scanner.report import Report
from scanner.scan import Progress, scan

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.formats.interface import Comparison, Format, Presentation
    from scanner.points.base import BaseTree


def judge(flags: Mapping[str, Any], progress: Progress | None = None) -> Report:
    """Do what command-line ``flags`` ask for; returns the Report, whose exit code is the gate's."""
    with prepared(flags) as (request, tree):
        return run(request, progress, tree)


@contextmanager
def prepared(flags: Mapping[str, Any]) -> "Iterator[tuple[Request, BaseTree | None]]":
    """Give the Request that ``flags`` make, and the base they name, which is gone afterwards."""
    if not flags.get("base"):
        yield Request.of(flags), None
        return
    from scanner.points.base import exported

    with exported(flags["base"], tuple(flags.get("paths", ())) or (".",)) as tree:
        yield Request.of(flags, tree), tree


@contextmanager
def evaluated(flags: Mapping[str, Any]) -> "Iterator[tuple[Request, BaseTree | None, Report]]":
    """Give the Request that ``flags`` make, the base they name, and the Report, of which nothing is written."""
    with prepared(flags) as (request, tree):
        yield request, tree, evaluate(request, None, tree)


def run(request: Request, progress: Progress | None = None, tree: "BaseTree | None" = None) -> Report:
    """Scan what ``request`` names, beside the base ``tree`` where there is one, and write its reports."""
    _formats(request)  # a name that is none is said before anything is scanned
    report = evaluate(request, progress, tree)
    write(report, request)
    return report


def write(report: Report, request: Request) -> None:
    """Write the reports of ``report`` that ``request`` asks for."""
    from scanner.formats.write import write_report

    for format_, path in _formats(request):
        write_report(path, format_.render(report, _presentation(path, request, report)))


def _formats(request: Request) -> "list[tuple[Format, str]]":
    from scanner.formats import format_named

    return [(format_named(name), path) for name, path in request.reports]


def evaluate(request: Request, progress: Progress | None = None, tree: "BaseTree | None" = None) -> Report:
    """Return the Report of ``request``, compared with what it is to be compared with."""
    for_reader = reader_of(request)  # first: a mistake in the name must not cost a scan
    if tree is None:
        inputs = load_inputs(request)
        source = source_of(request, inputs.estate)
        report = scan(
            [source], inputs.packs, inputs.rules, inputs.estate, inputs.exemptions, request.options, progress
        ).with_notes(inputs.notes)
    else:
        from scanner.points.change import judge_change

        report = judge_change(request, tree, progress)
    if request.baseline:
        from scanner.points.known import beside_baseline

        with tree.named() if tree is not None else nullcontext():
            report = beside_baseline(report, request.baseline, request.options.policy, tree)
    return for_reader(report.with_notes(_too_many(report)))


def reader_of(request: Request) -> "Callable[[Report], Report]":
    """Return what makes a Report that of the tenant who asks. Raises UsageError where there is none such."""
    if not request.tenant:
        return lambda report: report
    from scanner.points.inputs import estate_of
    from scanner.report.restricted import restricted

    known = estate_of(request)
    id_ = tenant_of(request, known)
    assert known is not None, "a tenant is one of an estate"
    return lambda report: restricted(report, id_, known)


def tenant_of(request: Request, estate: "Estate | None") -> str:
    """Return the id of the tenant that the report is for; empty for everybody. Raises UsageError for an unknown one."""
    from scanner.errors import UsageError

    if not request.tenant:
        return ""
    tenant = estate.tenant(request.tenant) if estate is not None else None
    if tenant is None:
        cause = "no estate is given" if estate is None else "the estate does not declare it"
        hint = "name the estate with --estate; --tenant takes the id or the name of one of its tenants"
        raise UsageError(f"cannot report on tenant '{request.tenant}': {cause}", hint=hint)
    return tenant.id


def _too_many(report: Report) -> list[LedgerEntry]:
    if not report.too_many_exemptions():
        return []
    reason = f"{report.holding_exemptions()} exemptions hold; {report.gate.max_exemptions} at most are permitted"
    return [LedgerEntry("exemptions", State.SCANNED, reason)]


def _presentation(path: str, request: Request, report: Report) -> "Presentation":
    import shutil

    from scanner.formats.interface import Presentation
    from scanner.formats.links import source_link_of

    terminal = path == STANDARD_OUTPUT and sys.stdout.isatty()
    return Presentation(
        color=path == STANDARD_OUTPUT and color_wanted(sys.stdout),
        width=shutil.get_terminal_size().columns if terminal else 100,
        include_passes=request.include_passes,
        verbose=request.verbose,
        comparison=_shown(report),
        source_link=source_link_of(os.environ),
    )


def _shown(report: Report) -> "Comparison | None":
    """Return the Comparison as formats have it: accepted Findings are in none of its parts."""
    if report.comparison is None:
        return None
    from scanner.formats.interface import Comparison

    found = report.comparison
    parts = (found.introduced, found.fixed, found.unchanged, found.became_unknown)
    introduced, fixed, unchanged, lost = (tuple(one for one in part if one.exemption is None) for part in parts)
    return Comparison(found.name, introduced, fixed, unchanged, lost, found.elapsed_s, found.peak_bytes)


def color_wanted(stream: Any) -> bool:
    """Whether to colour what goes to ``stream``: a terminal, and NO_COLOR is not set (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"
