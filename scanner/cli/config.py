"""``bulkhead config``: what bulkhead.yaml accepts."""

import click

from scanner.cli.parameters import config_option


@click.group("config")
def command() -> None:
    """Show what bulkhead.yaml accepts.

    \b
    Examples:
      bulkhead config schema > bulkhead.schema.json
      bulkhead config validate
    """


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of bulkhead.yaml."""
    from importlib.resources import files

    click.echo(files("scanner").joinpath("config.schema.json").read_text("utf-8"), nl=False)


@command.command("validate")
@config_option
def validate(config: str | None) -> None:
    """Read bulkhead.yaml and say whether it can be used."""
    import os

    from scanner.config import find_config, load_config
    from scanner.errors import UsageError

    file = find_config((".",), named=config)
    if file is None:
        raise UsageError("cannot find bulkhead.yaml here", hint="name it with --config")
    load_config(file)
    click.echo(f"{os.path.relpath(file)}: ok")
