"""``bulkhead explain``: the page of one Rule, or one Finding with where its value came from."""

import re
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.parameters import judging_options

if TYPE_CHECKING:
    from scanner.model.location import Location
    from scanner.points.explanation import Explanation, Part

_FINGERPRINT = re.compile(r"[0-9a-fA-F]{6,32}\Z")


@click.command("explain")
@click.argument("subject", metavar="ID")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@judging_options
def command(subject: str, **flags: Any) -> None:
    """Explain a rule: what it checks, why it matters, how to fix it.

    Or explain a finding, by the beginning of its fingerprint: the value that decided, and where each part of it came
    from.

    \b
    Examples:
      bulkhead explain ISO-029
      bulkhead explain 3f9a1c deploy/
    """
    if _FINGERPRINT.match(subject):
        from scanner.points.explanation import explain

        click.echo("\n".join(_lines(explain(subject, flags))))
        return
    from scanner.cli.rules import find_rule, rule_page

    click.echo(rule_page(find_rule(subject, flags["packs"])))


def _lines(found: "Explanation") -> list[str]:
    finding, rule = found.finding, found.rule
    name = found.address or found.resource
    more = f", and {found.others} more like it" if found.others else ""
    lines = [
        click.style(f"{rule.id}  {rule.title}", bold=True),
        f"{finding.verdict.value} · severity {finding.severity.label} · fingerprint {found.fingerprint}",
        "",
        f"Resource   {finding.type} {name}{more}",
        f"Why        {finding.message}",
    ]
    if finding.exemption is not None:
        lines.append(f"Accepted   {finding.exemption.id}: {finding.exemption.reason}")
    lines += ["", "What decided", *(line for part in found.deciding for line in _part(part))]
    if found.read:
        lines += ["", "What else the rule reads of it", *(line for part in found.read for line in _part(part))]
    others = [related for related in finding.related if related.resource]
    if others:
        lines += ["", "Others that play a part"]
        lines += [f"  {related.resource}: {related.message} ({_place(related.location)})" for related in others]
    return [*lines, "", f"What to do: bulkhead explain {rule.id}"]


def _part(part: "Part") -> list[str]:
    place = f"  {_place(part.location)}" if part.location is not None else ""
    lines = [f"  {part.path or '(all of it)'} = {part.value}", f"   {place}"]
    return [*lines, *(f"      {step.role}  {_place(step.location)}" for step in part.trail)]


def _place(location: "Location") -> str:
    region = location.region
    return f"{location.file}:{region.line}:{region.column}" if region is not None else location.file
