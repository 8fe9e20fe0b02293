"""``bulkhead audit``: the whole estate, live or from dumps and exports."""

import sys
from typing import Any

import click

from scanner.cli.parameters import config_option, estate_option, pack_option, rego_engine_option, severity_type


@click.command("audit")
@estate_option
@click.option(
    "--cluster-dump", "dumps", multiple=True, metavar="NAME=DIR", help="Read a cluster from a dump. Repeatable."
)
@click.option(
    "--cluster-context", "contexts", multiple=True, metavar="NAME=CTX", help="Read a cluster live. Repeatable."
)
@click.option("--azure-export", "exports", multiple=True, metavar="FILE", help="Read Azure from a file. Repeatable.")
@click.option("--azure", is_flag=True, help="Read Azure live, with the identity of az, a workload or the environment.")
@click.option(
    "--azure-cloud",
    type=click.Choice(["public", "china", "usgovernment"]),
    default="public",
    show_default=True,
    help="Which of Azure's clouds.",
)
@click.option("--live", is_flag=True, help="Read live what the estate declares and nothing else here names.")
@click.option(
    "--only",
    "only_scopes",
    multiple=True,
    metavar="GLOB",
    help="Only this cluster, subscription or management group. Repeatable.",
)
@click.option(
    "--declared",
    multiple=True,
    metavar="PATH",
    help="Compare what is declared here with what is live, as 'drift' does. Repeatable.",
)
@click.option(
    "--state", "states", multiple=True, metavar="F", help="With --declared: what was applied last. Repeatable."
)
@click.option("--accepted", metavar="F", help="With --declared: what 'drift --accept' wrote down.")
@click.option(
    "--changes", "change_logs", multiple=True, metavar="F", help="With --declared: who changed Azure. Repeatable."
)
@click.option(
    "--audit-log",
    "audit_logs",
    multiple=True,
    metavar="[NAME=]F",
    help="With --declared: who changed a cluster. Repeatable.",
)
@click.option("--shard", default="", metavar="I/N", help="Only share I (from 0) of N: one cluster, or all of Azure.")
@click.option(
    "--store",
    metavar="URL",
    help="Keep the run and its history: sqlite:///FILE, postgresql+psycopg://…, or none; also from BULKHEAD_STORE.  "
    "[default: sqlite:///bulkhead-audit.db]",
)
@click.option(
    "--dashboard",
    "dashboards",
    multiple=True,
    metavar="FILE",
    help="Write what is new, fixed and open since the run before: .html, .md or .csv. Repeatable.",
)
@click.option("--metrics", metavar="FILE", help="Write figures for Prometheus' textfile collector.")
@click.option("--executor", metavar="E", help="local, local=N or dask=URL.  [default: local]")
@click.option("--resume", is_flag=True, help="Go on with the run that was cut off.")
@click.option(
    "--resume-if-any",
    is_flag=True,
    help="Go on with the run that was cut off in the last hours, or begin anew: for what a clock starts.",
)
@click.option("--work", metavar="DIR", help="Where the state of runs is kept.  [default: the user's cache folder]")
@click.option("--report", "reports", multiple=True, metavar="F=PATH", help="Write a report, as in 'scan'. Repeatable.")
@click.option("--tenant", metavar="NAME", help="Report on this tenant only, and nothing about others.")
@pack_option
@click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule or glob (ISO-*). Repeatable.")
@click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="All but this rule or glob. Repeatable.")
@click.option("--min-severity", type=severity_type(), help="Run only rules of this severity and above.")
@click.option("--fail-on", type=severity_type(), help="Findings from this severity up make exit 1.  [default: low]")
@click.option("--unknown", type=click.Choice(["ignore", "warn", "fail"]), help="What an unknown verdict does.")
@click.option("--incomplete", type=click.Choice(["fail", "warn"]), help="What something that was not seen does.")
@click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable.")
@rego_engine_option
@click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests and for auditing the past.")
@config_option
@click.option("--verbose", "-v", is_flag=True, help="Show every finding in full, however many there are.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@click.pass_context
def command(ctx: click.Context, /, **flags: Any) -> None:
    """Audit the whole estate: every cluster and subscription that estate.yaml declares.

    \b
    Examples:
      bulkhead audit --estate estate.yaml --live --store sqlite:///audit.db
      bulkhead audit --cluster-dump aks-prd-weu-01=dumps/prd --azure-export inventory.json
      bulkhead audit --live --only aks-prd-* --report html=audit.html
      bulkhead audit --live --store sqlite:///audit.db --dashboard audit.html --metrics bulkhead.prom
      bulkhead audit --live --declared clusters/ --declared infra/ --dashboard audit.html
      bulkhead audit --live --resume                  go on with the run that was cut off

    \b
    Exit codes:
      0 nothing blocks   1 findings   2 usage or configuration error   3 incomplete
    """
    from scanner.points.audit.conduct import audit

    with _watching(quiet=flags.pop("quiet")) as watch:
        report = audit(flags, watch)
    ctx.exit(report.exit_code())


def _watching(*, quiet: bool) -> Any:
    """Return what shows progress: only on a terminal, and rich is imported only there."""
    from contextlib import nullcontext

    from scanner.audit.run import nobody

    if quiet or not sys.stderr.isatty():
        return nullcontext(nobody)
    from scanner.cli.progress import show_count

    return show_count()
