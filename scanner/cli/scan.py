"""``bulkhead scan``: the gate over files."""

import sys
from typing import Any

import click

from scanner.cli.parameters import (
    base_option,
    baseline_option,
    config_option,
    estate_option,
    pack_option,
    rego_engine_option,
    severity_type,
)

REPORT_HELP = (
    "Write a report: text, json, sarif, html, markdown, junit, csv, github, github-summary, azure-pipelines, gitlab or "
    "template:FILE; '-' is standard output. Repeatable. Default: text=-."
)


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@estate_option
@pack_option
@click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule or glob (ISO-*). Repeatable.")
@click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="All but this rule or glob. Repeatable.")
@click.option("--min-severity", type=severity_type(), help="Run only rules of this severity and above.")
@click.option("--fail-on", type=severity_type(), help="Findings from this severity up block.  [default: low]")
@click.option(
    "--unknown",
    type=click.Choice(["ignore", "warn", "fail"]),
    help="What an unknown verdict does.  [default: warn]",
)
@click.option(
    "--incomplete",
    type=click.Choice(["fail", "warn"]),
    help="What an input or rule that could not be read or evaluated does.  [default: fail, exit 3]",
)
@base_option
@baseline_option
@click.option("--all", "everything", is_flag=True, help="Block on everything all the same.")
@click.option("--max-exemptions", type=click.IntRange(min=0), metavar="N", help="Close the gate if more of them hold.")
@click.option("--report", "reports", multiple=True, metavar="F=PATH", help=REPORT_HELP)
@click.option("--tenant", metavar="NAME", help="Report on this tenant only, with nothing about others.")
@click.option("--include-passes", is_flag=True, help="List pass and skip verdicts too, where the format can.")
@click.option("--cluster", metavar="NAME", help="Cluster these manifests are for, as the estate names it.")
@click.option("--var", "variables", multiple=True, metavar="N=V", help="Set a Terraform variable. Repeatable.")
@click.option("--var-file", "var_files", multiple=True, metavar="F", help="Set Terraform variables. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave files out (.gitignore syntax). Repeatable.")
@click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable.")
@click.option("--jobs", "-j", type=click.IntRange(min=0), help="Processes; 0 chooses by the size of the input.")
@rego_engine_option
@click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests and for auditing the past.")
@config_option
@click.option("--verbose", "-v", is_flag=True, help="Show every finding in full, however many there are.")
@click.option("--quiet", "-q", is_flag=True, help="No progress bar.")
@click.pass_context
def command(ctx: click.Context, /, **flags: Any) -> None:
    """Scan manifests and Terraform: files, directories, or '-' for standard input; by default the current directory.

    \b
    Examples:
      bulkhead scan                                   everything below here, with ./bulkhead.yaml
      bulkhead scan deploy/ --fail-on high            only high and critical findings block
      helm template ./chart | bulkhead scan -
      terraform show -json tfplan | bulkhead scan -
      bulkhead scan . --report sarif=out.sarif --report text=-
      bulkhead scan . --base origin/main              only what this branch introduces blocks

    \b
    Exit codes:
      0 passed   1 blocking findings   2 usage or configuration error   3 incomplete
    """
    from scanner.points.gate import judge

    report = judge(flags, progress=None if flags["quiet"] else _progress())
    ctx.exit(report.exit_code())


def _progress() -> Any:
    """Return what shows progress: only on a terminal, and rich is imported only there."""
    if not sys.stderr.isatty():
        return None
    from scanner.cli.progress import show_progress

    return show_progress
