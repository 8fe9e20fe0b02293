"""Options that several commands share, written once."""

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
