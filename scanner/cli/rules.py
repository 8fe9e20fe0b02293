"""``bulkhead rules``: list, show, test, write and document rules."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scanner.cli.parameters import pack_option, rego_engine_option
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.model.rule import Rule
    from scanner.packs.loader import Pack


@click.group("rules")
def command() -> None:
    """List, show, test and write rules.

    \b
    Examples:
      bulkhead rules list
      bulkhead rules show ISO-029
      bulkhead rules test
      bulkhead rules new packs/acme/no_latest --id ACME-001
    """


@command.command("list")
@pack_option
@click.option("--concern", metavar="NAME", help="Only this concern, such as tenant_isolation.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_rules(packs: tuple[str, ...], concern: str | None, format_: str) -> None:
    """List all rules with severity, language and title."""
    rules = [rule for rule in _rules(packs).values() if concern in (None, rule.concern)]
    if format_ == "json":
        import json

        click.echo(json.dumps([_summary(rule) for rule in rules], indent=2))
        return
    for rule in rules:
        context = ", ".join(sorted(rule.needs)) or "-"
        click.echo(f"{rule.id:<9} {rule.severity.label:<9} {rule.language:<7} {context:<18} {rule.title}")
    click.echo(f"\n{len(rules)} rules. 'bulkhead rules show ID' explains one.")


@command.command("show")
@click.argument("rule_id", metavar="ID")
@pack_option
def show(rule_id: str, packs: tuple[str, ...]) -> None:
    """Show one rule: metadata, page and where its code is."""
    rule = find_rule(rule_id, packs)
    click.echo(rule_page(rule))
    click.echo(f"Code: {os.path.relpath(rule.folder)}{os.sep}rule.{'py' if rule.language == 'python' else 'rego'}")


@command.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--rule", "only", multiple=True, metavar="ID", help="Only this rule. Repeatable.")
@click.option("--update", is_flag=True, help="Write the findings into the case files as what they state; then review.")
@rego_engine_option
@click.pass_context
def test(
    ctx: click.Context, paths: tuple[str, ...], only: tuple[str, ...], update: bool, rego_engine: str | None
) -> None:
    """Prove rules by their cases: the built-in ones, or those of the packs at PATH.

    \b
    Examples:
      bulkhead rules test
      bulkhead rules test packs/acme
      bulkhead rules test packs/acme --update
    """
    from scanner.points.proof import prove

    proofs = list(prove(_packs_at(paths), update=update, only=only, rego_engine=rego_engine or "auto"))
    faults = 0
    for proof in proofs:
        faults += len(proof.faults)
        mark = click.style("ok  ", fg="green") if not proof.faults else click.style("FAIL", fg="red")
        click.echo(f"{mark} {proof.rule.id:<9} {proof.cases:>3} cases  {proof.rule.title}")
        for fault in proof.faults:
            click.echo(f"     {os.path.relpath(fault.file)}:{fault.line}: {fault.message}")
    cases = sum(proof.cases for proof in proofs)
    click.echo(f"\n{len(proofs)} rules, {cases} cases, {faults} faults")
    if not proofs:
        raise UsageError("cannot test rules: there is none here", hint="'bulkhead rules list' names the built-in ones")
    ctx.exit(1 if faults else 0)


@command.command("new")
@click.argument("path", metavar="PATH")
@click.option("--id", "rule_id", required=True, metavar="ID", help="Id of the rule, such as ACME-001.")
@click.option("--language", type=click.Choice(["rego", "python"]), default="rego", show_default=True)
@click.option("--title", default="", metavar="TEXT", help="One line that states what must hold.")
def new(path: str, rule_id: str, language: str, title: str) -> None:
    """Write a new rule with a failing and a passing case into the folder PATH.

    The folder above PATH is the pack; its pack.yaml is written where there is none.

    \b
    Example:
      bulkhead rules new packs/acme/no_default_account --id ACME-001
      bulkhead rules test packs/acme
    """
    from scanner.packs.loader import load_packs
    from scanner.packs.scaffold import write_rule
    from scanner.points.proof import prove

    for file in write_rule(path, rule_id, language, title):
        click.echo(f"wrote {os.path.relpath(file)}")
    list(prove(load_packs([os.path.dirname(os.path.abspath(path))]), update=True, only=[rule_id]))
    click.echo(f"next: bulkhead rules test {os.path.dirname(path.rstrip('/')) or '.'}")


@command.command("docs")
@click.option("--output", default="docs/rules", show_default=True, metavar="DIR", help="Where the pages go.")
@click.option("--check", is_flag=True, help="Write nothing; fail where a page is not what it should be.")
@pack_option
@click.pass_context
def docs(ctx: click.Context, output: str, check: bool, packs: tuple[str, ...]) -> None:
    """Write one Markdown page per rule, and an index."""
    from scanner.packs.pages import pages, stale, write

    wanted = pages(_rules(packs).values())
    if not check:
        write(output, wanted)
        click.echo(f"wrote {len(wanted)} pages to {output}")
        return
    wrong = stale(output, wanted)
    for name in wrong:
        click.echo(f"not current: {os.path.join(output, name)}", err=True)
    if wrong:
        click.echo("run 'bulkhead rules docs'", err=True)
        ctx.exit(1)


def find_rule(rule_id: str, packs: Sequence[str]) -> "Rule":
    """Return the Rule with this id in any case; raises UsageError with the nearest ids."""
    rules = _rules(packs)
    rule = rules.get(rule_id.upper())
    if rule is None and rule_id.upper().startswith("DRIFT-"):
        from scanner.drift.findings import RULES

        rule = next((one for one in RULES.values() if one.id == rule_id.upper()), None)
    if rule is None:
        from difflib import get_close_matches

        near = get_close_matches(rule_id.upper(), rules, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "'bulkhead rules list' names all of them"
        raise UsageError(f"cannot find rule {rule_id}", hint=hint)
    return rule


def rule_page(rule: "Rule") -> str:
    """Return the page of a Rule as text for a terminal: a head line, a line of facts, the body of ``rule.md``."""
    from scanner.packs.pages import body

    facts = [f"severity {rule.severity.label}", f"concern {rule.concern}", f"language {rule.language}"]
    if rule.needs:
        facts.append(f"needs {', '.join(sorted(rule.needs))}")
    controls = [f"{name} {', '.join(ids)}" for name, ids in rule.controls.items()]
    lines = [click.style(f"{rule.id}  {rule.title}", bold=True), " · ".join(facts)]
    if controls:
        lines.append("controls: " + " · ".join(controls))
    return "\n".join([*lines, "", body(rule).strip(), ""])


def _rules(packs: Sequence[str]) -> "dict[str, Rule]":
    from scanner.packs.loader import builtin_packs, load_packs, unique_rules

    return unique_rules((*builtin_packs(), *load_packs(packs)))


def _packs_at(paths: Sequence[str]) -> "tuple[Pack, ...]":
    from scanner.packs.loader import builtin_packs, load_packs

    return load_packs(paths) if paths else builtin_packs()


def _summary(rule: "Rule") -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.label,
        "concern": rule.concern,
        "language": rule.language,
        "needs": sorted(rule.needs),
        "applies_to": list(rule.applies_to),
        "controls": {name: list(ids) for name, ids in rule.controls.items()},
    }
