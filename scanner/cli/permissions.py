"""``bulkhead permissions``: what an audit must be allowed to read."""

from typing import Any

import click

from scanner.cli.parameters import config_option, pack_option, severity_type


@click.command("permissions")
@pack_option
@click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule or glob (ISO-*). Repeatable.")
@click.option("--skip-rule", "skip", multiple=True, metavar="ID", help="All but this rule or glob. Repeatable.")
@click.option("--min-severity", type=severity_type(), help="Only rules of this severity and above.")
@click.option(
    "--declared",
    multiple=True,
    metavar="PATH",
    help="Also what an audit with this --declared compares with. Repeatable.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "cluster-role", "azure-role"]),
    default="text",
    show_default=True,
)
@click.option("--name", default="bulkhead-audit", show_default=True, metavar="NAME", help="Name of the role.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="ID",
    help="Where an Azure role may be assigned: /subscriptions/…, or a management group. Repeatable.",
)
@config_option
def command(format_: str, name: str, scopes: tuple[str, ...], declared: tuple[str, ...], **flags: Any) -> None:
    """Print the cluster verbs and Azure actions that an audit with the chosen rules needs, and no others.

    \b
    Examples:
      bulkhead permissions
      bulkhead permissions --rule 'ISO-*' --format cluster-role | kubectl apply -f -
      bulkhead permissions --declared clusters/ --declared infra/
      bulkhead permissions --format azure-role --scope /subscriptions/ID > role.json
    """
    from scanner.audit.permissions import needed
    from scanner.audit.permissions.render import as_json, as_text, azure_role, cluster_role
    from scanner.errors import UsageError
    from scanner.points.inputs import load_inputs
    from scanner.points.request import Request

    request = Request.of(flags)
    rules = list(load_inputs(request).rules)
    if declared:
        from scanner.points.drift.needs import asking_rule

        rules.append(asking_rule(Request.of({**flags, "paths": declared})))
    found = needed(rules)
    match format_:
        case "cluster-role":
            import yaml

            click.echo(yaml.safe_dump(cluster_role(found, name), sort_keys=False), nl=False)
        case "azure-role":
            if not scopes:
                raise UsageError(
                    "cannot write an Azure role without a place for it",
                    hint="add --scope /subscriptions/ID or --scope /providers/Microsoft.Management/managementGroups/ID",
                )
            click.echo(azure_role(found, name, scopes))
        case "json":
            click.echo(as_json(found))
        case _:
            click.echo(as_text(found), nl=False)
