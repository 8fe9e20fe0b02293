"""``bulkhead exemptions``: which findings are accepted, by whom, until when."""

from typing import TYPE_CHECKING, Any

import click

from scanner.cli.parameters import base_option, judging_options

if TYPE_CHECKING:
    from scanner.points.acceptance import Accepted

_PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...")
_STYLES = {"holds": "green", "unused": "yellow", "unseen": "blue", "expired": "red"}
_SOON_DAYS = 30


@click.group("exemptions")
def command() -> None:
    """List and check accepted findings.

    \b
    Examples:
      bulkhead exemptions list
      bulkhead exemptions check --within 14
      bulkhead exemptions check --base origin/main
    """


@command.command("list")
@_PATHS
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@judging_options
def list_(format_: str, **flags: Any) -> None:
    """List every exemption of files, the estate and comments: its state, scope, owner and last day."""
    from scanner.points.acceptance import acceptance

    found = acceptance(flags).accepted
    if format_ == "json":
        import json

        click.echo(json.dumps([_data(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(_line(one))
    click.echo(f"{len(found)} exemptions" if len(found) != 1 else "1 exemption")


@command.command("check")
@_PATHS
@base_option
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS", help="Those that expire within DAYS fail too.")
@judging_options
@click.pass_context
def check(ctx: click.Context, /, within: int | None, **flags: Any) -> None:
    """Say which exemptions need somebody: expired, unused, not permitted, without an owner.

    Exit 0: none does (those that expire within 30 days are named all the same); 1: some do; 2: they cannot be read.
    """
    from scanner.points.acceptance import EXPIRED, UNUSED, acceptance

    found = acceptance(flags)
    due = [*found.in_state(EXPIRED), *found.in_state(UNUSED)]
    soon = [one for one in found.expiring(_SOON_DAYS if within is None else within) if one not in due]
    for one in (*due, *soon):
        click.echo(_line(one))
    for note in (*found.refused, *found.owners):
        place = f"{note.input}:{note.line}" if note.line else note.input
        click.echo(f"{place}: {note.reason}")
    click.echo(
        f"{len(found.accepted)} exemptions: {len(found.in_state(EXPIRED))} expired, {len(found.in_state(UNUSED))} "
        f"unused, {len(soon)} expire soon, {len(found.refused)} not permitted"
    )
    failing = due or found.refused or found.owners or (within is not None and soon)
    ctx.exit(1 if failing else 0)


def _line(one: "Accepted") -> str:
    exemption = one.exemption
    state = click.style(f"{one.state:<8}", fg=_STYLES[one.state])
    scope = ", ".join(f"{key}={glob}" for key, glob in exemption.selector.items()) or exemption.resource
    until = f"until {exemption.expires} ({_left(one.days)})" if exemption.expires else "for ever"
    findings = "1 finding" if one.findings == 1 else f"{one.findings} findings"
    owner = exemption.owner or "no owner"
    place = f"{exemption.file}:{exemption.line}"
    head = f"{state} {exemption.id}  {', '.join(exemption.rules)} on {scope}"
    return f"{head}\n         {until}; {owner}; {findings}; {place}"


def _left(days: int | None) -> str:
    if days is None:
        return ""
    return f"{days} days left" if days >= 0 else f"{-days} days ago"


def _data(one: "Accepted") -> dict[str, Any]:
    exemption = one.exemption
    return {
        "id": exemption.id,
        "state": one.state,
        "rules": list(exemption.rules),
        "selector": dict(exemption.selector),
        "resource": exemption.resource,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "ticket": exemption.ticket,
        "approved_by": exemption.approved_by,
        "expires": exemption.expires.isoformat() if exemption.expires else None,
        "days": one.days,
        "findings": one.findings,
        "source": exemption.source,
        "file": exemption.file,
        "line": exemption.line,
    }
