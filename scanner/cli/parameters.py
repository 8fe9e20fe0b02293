"""Options that several commands share, written once."""

from collections.abc import Callable
from typing import Any

import click

from scanner.model.severity import Severity


def severity_type() -> click.Choice[str]:
    """Return the type of a severity flag."""
    return click.Choice([severity.label for severity in reversed(Severity)], case_sensitive=False)


estate_option = click.option(
    "--estate",
    metavar="F",
    help="estate.yaml, or a folder of its parts: what should be true.  [default: from bulkhead.yaml]",
)
pack_option = click.option(
    "--pack", "packs", multiple=True, metavar="P", help="A pack folder beside the built-in ones. Repeatable."
)
config_option = click.option(
    "--config", metavar="F", help="Configuration file.  [default: bulkhead.yaml here or in the one folder scanned]"
)
rego_engine_option = click.option(
    "--rego-engine",
    metavar="E",
    help="auto, native, opa (found on the PATH) or opa=URL (a running server).  [default: auto]",
)

base_option = click.option(
    "--base", metavar="REF", help="Compare with where this branch left REF: only what is new blocks."
)
baseline_option = click.option(
    "--baseline", metavar="F", help="Compare with a file of known findings: only others block."
)
_JUDGING = (
    estate_option,
    pack_option,
    click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule or glob (ISO-*). Repeatable."),
    click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="All but this rule or glob. Repeatable."),
    click.option("--min-severity", type=severity_type(), help="Run only rules of this severity and above."),
    click.option("--cluster", metavar="NAME", help="Cluster these manifests are for, as the estate names it."),
    click.option("--var", "variables", multiple=True, metavar="N=V", help="Set a Terraform variable. Repeatable."),
    click.option("--var-file", "var_files", multiple=True, metavar="F", help="Set Terraform variables. Repeatable."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Leave files out (.gitignore syntax). Repeatable."),
    click.option("--exemptions", multiple=True, metavar="FILE", help="A file of accepted findings. Repeatable."),
    click.option("--jobs", "-j", type=click.IntRange(min=0), help="Processes; 0 chooses by the size of the input."),
    rego_engine_option,
    click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests and for auditing the past."),
    config_option,
)


def judging_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option that has a say in what is found."""
    for option in reversed(_JUDGING):
        function = option(function)
    return function
