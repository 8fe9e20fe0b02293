"""``bulkhead runs``: what the audit's store remembers."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from scanner.model.severity import Severity

if TYPE_CHECKING:
    from scanner.audit.store import Changes, Run, RunDetails, Store, StoredFinding

_STYLES = {"complete": "green", "incomplete": "yellow", "failed": "red", "running": "cyan"}
_MOST = 50
"""Findings of one list in text; JSON has all."""

_store_option = click.option(
    "--store",
    "url",
    metavar="URL",
    envvar="BULKHEAD_STORE",
    default="sqlite:///bulkhead-audit.db",
    help="sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE; also from BULKHEAD_STORE.  "
    "[default: sqlite:///bulkhead-audit.db]",
)
_format_option = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_tenant_option = click.option("--tenant", metavar="ID", help="Only this tenant's findings, and nothing about others.")


@click.group("runs")
def command() -> None:
    """List and compare the runs of the audit.

    RUN is the number of a run, 'latest', or 'previous' for the one before it.

    \b
    Examples:
      bulkhead runs list
      bulkhead runs show latest
      bulkhead runs compare previous latest --tenant t04
      bulkhead runs report --report html=audit.html
      bulkhead runs prune --keep 90
    """


@command.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N")
@_format_option
@_store_option
def list_(limit: int, format_: str, url: str) -> None:
    """List the last runs, the newest first."""
    runs = _open(url).runs(limit)
    if format_ == "json":
        _json([_run_data(run) for run in runs])
        return
    click.echo(f"{'run':>5}  {'started':<20}  {'status':<10}  {'resources':>9}  {_severities()}  {'unknown':>7}")
    for run in runs:
        status = click.style(f"{run.status.value:<10}", fg=_STYLES[run.status.value])
        numbers = "  ".join(f"{run.by_severity.get(severity, 0):>8}" for severity in reversed(Severity))
        click.echo(f"{run.id:>5}  {run.started:<20}  {status}  {run.resources:>9}  {numbers}  {run.unknown:>7}")


@command.command("show")
@click.argument("run", metavar="RUN")
@_tenant_option
@_format_option
@_store_option
def show(run: str, tenant: str | None, format_: str, url: str) -> None:
    """Show one run: its findings with first seen, and what it did not read."""
    store = _open(url)
    number = _number(store, run)
    details, findings = store.run(number), store.findings(number, tenant=tenant)
    if format_ == "json":
        whole = _details_data(details) if tenant is None else {"run": _own_run_data(details.run)}
        _json({**whole, "tenant": tenant, "findings": [_finding_data(finding) for finding in findings]})
        return
    for line in _head(details.run, tenant):
        click.echo(line)
    if tenant is None:
        for line in _coverage(details):
            click.echo(line)
    _list("failing", [one for one in findings if one.verdict.value == "fail" and one.exemption is None])
    _list("unknown", [one for one in findings if one.verdict.value != "fail" and one.exemption is None])
    _list("exempted", [one for one in findings if one.exemption is not None])


@command.command("compare")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@_tenant_option
@_format_option
@_store_option
def compare(before: str, after: str, tenant: str | None, format_: str, url: str) -> None:
    """Say what became of the findings of run A in run B: introduced, fixed, still open, unknown, out of sight."""
    store = _open(url)
    changes = store.compare(_number(store, before), _number(store, after), tenant=tenant)
    parts = _parts(changes)
    if format_ == "json":
        head = {"before": changes.before.id, "after": changes.after.id, "tenant": tenant}
        _json({**head, **{name: [_finding_data(one) for one in found] for name, found in parts.items()}})
        return
    click.echo(
        f"run {changes.before.id} ({changes.before.started}) -> run {changes.after.id} ({changes.after.started})"
    )
    for name, found in parts.items():
        _list(name.replace("_", " "), found)


@command.command("report")
@click.argument("run", metavar="RUN", default="latest")
@click.option("--since", metavar="RUN", help="Compare with this run.  [default: the recorded run before RUN]")
@_tenant_option
@click.option(
    "--report",
    "reports",
    multiple=True,
    required=True,
    metavar="F=PATH",
    help="html, markdown, csv or prometheus; '-' is standard output. Repeatable.",
)
@_store_option
def report(run: str, since: str | None, tenant: str | None, reports: tuple[str, ...], url: str) -> None:
    """Write what is new, fixed and still open in RUN, with trends and what was not seen.

    \b
    Examples:
      bulkhead runs report --report html=audit.html --report markdown=-
      bulkhead runs report latest --since 17 --tenant t04 --report html=dunmore.html
      bulkhead runs report --report prometheus=/var/lib/node_exporter/bulkhead.prom
    """
    from scanner.audit.dashboard.write import parse, write

    wanted = parse(reports, tenant)
    store = _open(url)
    number = _number(store, run)
    write(store, number, wanted, since=_number(store, since) if since else None, tenant=tenant)


@command.command("prune")
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep the last N recorded runs.")
@click.option("--older-than", type=click.IntRange(min=1), metavar="DAYS", help="Delete runs begun before that.")
@_format_option
@_store_option
def prune(keep: int | None, older_than: int | None, format_: str, url: str) -> None:
    """Delete old runs. The last recorded one always stays."""
    from datetime import timedelta

    from scanner.errors import UsageError

    if keep is None and older_than is None:
        raise UsageError("cannot prune: neither --keep nor --older-than is given", hint="for example --keep 90")
    gone = _open(url).prune(keep=keep, older_than=timedelta(days=older_than) if older_than else None)
    if format_ == "json":
        _json({"deleted": list(gone)})
        return
    click.echo(f"{len(gone)} runs deleted" if len(gone) != 1 else "1 run deleted")


def _open(url: str) -> "Store":
    from scanner.audit.store import open_store

    return open_store(url, create=False)


def _number(store: "Store", name: str) -> int:
    """Return the number of the run a user names; raises UsageError where there is none."""
    from scanner.errors import UsageError

    if name.isdecimal() and name.isascii():
        return int(name)
    places = {"latest": 0, "previous": 1}
    if name not in places:
        raise UsageError(f"cannot find run '{name}'", hint="a run is a number, 'latest' or 'previous'")
    runs = store.runs(places[name] + 1, recorded=True)
    if len(runs) <= places[name]:
        raise UsageError(f"cannot find the {name} run: the store has {len(runs)} recorded", hint="run the audit first")
    return runs[places[name]].id


def _severities() -> str:
    return "  ".join(f"{severity.label:>8}" for severity in reversed(Severity))


def _head(run: "Run", tenant: str | None) -> Iterator[str]:
    from scanner.formats.printable import printable

    status = click.style(run.status.value, fg=_STYLES[run.status.value])
    yield f"run {run.id}: {status}{f' ({printable(run.reason)})' if run.reason and tenant is None else ''}"
    yield f"  {run.started} to {run.finished or '…'}, bulkhead {run.tool_version}"
    if tenant is not None:
        yield f"  tenant {tenant}"
    elif run.estate_digest:
        yield f"  estate {run.estate_name} {run.estate_digest}"


def _coverage(details: "RunDetails") -> Iterator[str]:
    yield from (f"  pack {pack.name} {pack.version} {pack.digest}, {pack.rules} rules" for pack in details.packs)
    from scanner.audit.store.sight import is_declared
    from scanner.formats.printable import printable

    scopes = [scope for scope in details.scopes if not is_declared(scope)]
    yield f"  {details.run.resources} resources in {len(scopes)} scopes"
    yield from (printable(f"  compared with what is {scope}") for scope in details.scopes if is_declared(scope))

    missing = [entry for entry in details.ledger if entry.incomplete]
    if missing:
        yield f"not read ({len(missing)})"
    for entry in missing[:_MOST]:
        yield printable(f"  {entry.state.value} {entry.input}: {entry.reason}")
    if len(missing) > _MOST:
        yield f"  … and {len(missing) - _MOST} more: --format json has all"


def _list(title: str, found: "Sequence[StoredFinding]") -> None:
    if not found:
        return
    from scanner.formats.printable import printable

    click.echo(f"{title} ({len(found)})")
    for one in found[:_MOST]:
        tenant = f" {one.tenant}" if one.tenant else ""
        click.echo(printable(f"  {one.severity.label:<8} {one.rule}{tenant} {one.resource}, since {one.first_seen}"))
        click.echo(printable(f"           {one.message}"))
    if len(found) > _MOST:
        click.echo(f"  … and {len(found) - _MOST} more: --format json has all")


def _parts(changes: "Changes") -> "dict[str, tuple[StoredFinding, ...]]":
    return {
        "introduced": changes.introduced,
        "fixed": changes.fixed,
        "still_open": changes.still_open,
        "became_unknown": changes.became_unknown,
        "accepted": changes.accepted,
        "out_of_sight": changes.out_of_sight,
    }


def _json(data: Any) -> None:
    import json

    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _own_run_data(run: "Run") -> dict[str, Any]:
    """Return what any tenant may know of a run."""
    return {
        "id": run.id,
        "status": run.status.value,
        "started": run.started,
        "finished": run.finished,
        "tool_version": run.tool_version,
    }


def _run_data(run: "Run") -> dict[str, Any]:
    return {
        **_own_run_data(run),
        "reason": run.reason,
        "estate": {"name": run.estate_name, "digest": run.estate_digest},
        "resources": run.resources,
        "elapsed_s": run.elapsed_s,
        "findings": {severity.label: run.by_severity.get(severity, 0) for severity in reversed(Severity)},
        "unknown": run.unknown,
        "exempted": run.exempted,
        "not_read": run.not_read,
    }


def _details_data(details: "RunDetails") -> dict[str, Any]:
    return {
        "run": _run_data(details.run),
        "packs": [pack._asdict() for pack in details.packs],
        "scopes": list(details.scopes),
        "rules": [
            {
                **rule._asdict(),
                "severity": rule.severity.label,
                "verdicts": {k.value: v for k, v in rule.verdicts.items()},
            }
            for rule in details.rules
        ],
        "exemptions": [exemption._asdict() for exemption in details.exemptions],
        "ledger": [entry._asdict() for entry in details.ledger],
    }


def _finding_data(finding: "StoredFinding") -> dict[str, Any]:
    from dataclasses import asdict

    data = {**asdict(finding), "severity": finding.severity.label, "verdict": finding.verdict.value}
    difference = {"difference": finding.difference._asdict()} if finding.difference is not None else {}
    del data["difference"]
    return {**data, **difference}
