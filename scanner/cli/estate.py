"""``bulkhead estate``: validate and show the Estate."""

import click

from scanner.cli.parameters import config_option

ESTATE_HELP = "estate.yaml, or a folder of its parts.  [default: from bulkhead.yaml, else ./estate.yaml]"


@click.group("estate")
def command() -> None:
    """Validate and show the estate.

    \b
    Examples:
      bulkhead estate validate estate.yaml
      bulkhead estate show dunmore --estate estate.yaml
      bulkhead estate schema > estate.schema.json
    """


@command.command("validate")
@click.argument("path", required=False, metavar="[PATH]")
@click.option("--today", metavar="DATE", hidden=True, help="The clock, for tests.")
@config_option
@click.pass_context
def validate(ctx: click.Context, path: str | None, today: str | None, config: str | None) -> None:
    """Check an estate against its schema and for contradictions.

    Exit 0: it is consistent; 1: it contradicts itself; 2: it cannot be read.
    """
    from datetime import date

    from scanner.estate import consistency, load_estate
    from scanner.estate.describe import render_inconsistencies
    from scanner.model.exemption import current_day

    estate = load_estate(path or _estate_path(config))
    found = consistency(estate, date.fromisoformat(today) if today else current_day())
    click.echo(render_inconsistencies(estate, found))
    ctx.exit(1 if any(not one.warning for one in found) else 0)


@command.command("show")
@click.argument("tenant", required=False, metavar="[TENANT]")
@click.option("--estate", metavar="F", help=ESTATE_HELP)
@config_option
def show(tenant: str | None, estate: str | None, config: str | None) -> None:
    """Show the estate, or the resolved records of one TENANT (id or name)."""
    from scanner.errors import UsageError
    from scanner.estate import load_estate
    from scanner.estate.describe import render_estate, render_tenant

    loaded = load_estate(estate or _estate_path(config))
    if tenant is None:
        click.echo(render_estate(loaded))
        return
    found = loaded.tenant(tenant)
    if found is None:
        from difflib import get_close_matches

        names = [name for one in loaded.tenants for name in (one.id, one.name)]
        near = get_close_matches(tenant, names, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "'bulkhead estate show' lists the tenants"
        raise UsageError(f"cannot show tenant '{tenant}': the estate does not declare it", hint=hint)
    click.echo(render_tenant(loaded, found))


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of estate.yaml."""
    from importlib.resources import files

    click.echo(files("scanner.estate").joinpath("schema.json").read_text("utf-8"), nl=False)


def _estate_path(config: str | None) -> str:
    """Return the Estate that the configuration names, else ``estate.yaml`` here; raises UsageError."""
    import os

    from scanner.config import find_config, load_config
    from scanner.errors import UsageError

    file = find_config((".",), named=config)
    named = load_config(file).estate if file else None
    if named is None and os.path.exists("estate.yaml"):
        named = "estate.yaml"
    if named is None:
        raise UsageError("cannot find an estate: none is named", hint="name it, or set 'estate' in bulkhead.yaml")
    return named
