"""``bulkhead baseline``: known findings, written down."""

from typing import Any

import click

from scanner.cli.parameters import judging_options

_FILE = click.argument("file", metavar="FILE")
_PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...")


@click.group("baseline")
def command() -> None:
    """Write down known findings, so that only others block.

    \b
    Examples:
      bulkhead baseline write baseline.yaml
      bulkhead scan --baseline baseline.yaml
      bulkhead baseline check baseline.yaml
      bulkhead baseline update baseline.yaml --add ISO-031
    """


@command.command("write")
@_FILE
@_PATHS
@click.option("--force", is_flag=True, help="Replace FILE; every finding of today becomes a known one.")
@judging_options
def write(file: str, force: bool, **flags: Any) -> None:
    """Write all findings that block nothing else to FILE."""
    import os

    from scanner.errors import UsageError
    from scanner.points.baselines import write_baseline

    if os.path.lexists(file) and not force:
        raise UsageError(
            f"cannot write baseline {file}: it is there already",
            hint="'bulkhead baseline update' takes out what is over; --force accepts everything anew",
        )
    click.echo(write_baseline(file, flags))


@command.command("update")
@_FILE
@_PATHS
@click.option("--add", multiple=True, metavar="ID", help="Add findings: a rule, a glob or a fingerprint. Repeatable.")
@judging_options
def update(file: str, add: tuple[str, ...], **flags: Any) -> None:
    """Take out of FILE what is over, and follow what has moved; nothing is added unless --add says so."""
    from scanner.points.baselines import update_baseline

    click.echo(update_baseline(file, flags, add))


@command.command("check")
@_FILE
@_PATHS
@judging_options
@click.pass_context
def check(ctx: click.Context, /, file: str, **flags: Any) -> None:
    """Say which entries of FILE cover nothing any more.

    Exit 0: all hold; 1: some are over or have lapsed; 2: it cannot be read.
    """
    from scanner.points.baselines import check_baseline

    lines, summary = check_baseline(file, flags)
    for line in lines:
        click.echo(line)
    click.echo(summary)
    ctx.exit(1 if lines else 0)
