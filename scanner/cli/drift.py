"""``bulkhead drift``: what is declared against what is live."""

from typing import Any

import click

from scanner.cli.parameters import config_option, estate_option, pack_option, severity_type


@click.command("drift")
@click.argument("paths", nargs=-1, metavar="[DECLARED]...")
@click.option(
    "--against",
    multiple=True,
    required=True,
    metavar="[NAME=]PATH",
    help="What is live: an export of Azure, the dump of a cluster, live:NAME[=CONTEXT], a cluster itself, or "
    "azure[=SCOPE], Azure itself; NAME is the estate's. Repeatable.",
)
@click.option(
    "--azure-cloud",
    type=click.Choice(["public", "china", "usgovernment"]),
    default="public",
    show_default=True,
    help="Which of Azure's clouds.",
)
@click.option(
    "--dry-run-apply",
    is_flag=True,
    help="Ask the API servers of live:NAME what applying would change, which is exact: server-side apply, always with "
    "dryRun=All. Needs the verb patch.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="F",
    help="What was applied last: a state of Terraform, or a plan. Tells what is not applied yet from what somebody "
    "changed by hand. Repeatable.",
)
@click.option("--base", metavar="REF", help="Tell only which changes of this branch since REF meet live drift.")
@click.option(
    "--changes",
    "change_logs",
    multiple=True,
    metavar="F",
    help="Who changed Azure: rows of resourcechanges, or the activity log, as JSON. Repeatable.",
)
@click.option(
    "--audit-log",
    "audit_logs",
    multiple=True,
    metavar="[NAME=]F",
    help="Who changed a cluster: the audit log of its API server, JSON lines. Repeatable.",
)
@click.option(
    "--accept", metavar="F", help="Write down what is live of what is not declared: its change is drift then."
)
@click.option("--accepted", metavar="F", help="What was written down with --accept: a change of it is drift.")
@click.option(
    "--store",
    metavar="URL",
    help="Remember there who changed what, and tell what audits saw: sqlite:///FILE, postgresql+psycopg://…",
)
@estate_option
@pack_option
@click.option("--rule", "only", multiple=True, metavar="ID", help="Severity by this rule or glob only. Repeatable.")
@click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="Severity by all but this rule. Repeatable.")
@click.option("--fail-on", type=severity_type(), help="Drift from this severity up makes exit 1.  [default: low]")
@click.option("--unknown", type=click.Choice(["ignore", "warn", "fail"]), help="What drift that cannot be told does.")
@click.option("--incomplete", type=click.Choice(["fail", "warn"]), help="What an input that was not read does.")
@click.option("--exit-code/--no-exit-code", default=True, help="Whether drift makes exit 1.  [default: it does]")
@click.option("--report", "reports", multiple=True, metavar="F=PATH", help="Write a report, as in 'scan'. Repeatable.")
@click.option("--cluster", metavar="NAME", help="Cluster that manifests and a dump without a name are of.")
@click.option("--var", "variables", multiple=True, metavar="N=V", help="Set a Terraform variable. Repeatable.")
@click.option("--var-file", "var_files", multiple=True, metavar="F", help="Set Terraform variables. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave files out (.gitignore syntax). Repeatable.")
@click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable.")
@click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests.")
@config_option
@click.option("--verbose", "-v", is_flag=True, help="Show every finding in full, however many there are.")
@click.pass_context
def command(ctx: click.Context, /, exit_code: bool, **flags: Any) -> None:
    """Compare what is declared with what is live, and say what drifted. It only reads.

    DECLARED is what 'scan' reads: manifests, charts, Terraform, plans, states, ARM, Bicep; by default all of it here.

    \b
    Examples:
      bulkhead drift clusters/ --against aks-prd-weu-01=dumps/prd
      bulkhead drift clusters/aks-prd-weu-01 --against live:aks-prd-weu-01
      bulkhead drift clusters/aks-prd-weu-01 --against live:aks-prd-weu-01 --dry-run-apply
      bulkhead drift infra/ --against inventory.json
      bulkhead drift infra/ --against azure --estate estate.yaml
      bulkhead drift . --against aks-prd-weu-01=dumps/prd --against inventory.json --report html=drift.html

    \b
    Exit codes:
      0 no drift   1 drift   2 usage or configuration error   3 incomplete
    """
    from scanner.points.drift.conduct import drift

    report = drift(flags)
    code = report.exit_code()
    ctx.exit(code if exit_code or code != 1 else 0)
