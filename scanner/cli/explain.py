"""``bulkhead explain``: the page of one Rule in the terminal."""

import click

from scanner.cli.parameters import pack_option


@click.command("explain")
@click.argument("rule_id", metavar="ID")
@pack_option
def command(rule_id: str, packs: tuple[str, ...]) -> None:
    """Explain a rule: what it checks, why it matters, how to fix it.

    \b
    Example:
      bulkhead explain ISO-029
    """
    from scanner.cli.rules import find_rule, rule_page

    click.echo(rule_page(find_rule(rule_id, packs)))
