"""Findings as cards, a section for each Rule with its fix, worst first; and the filter over them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from scanner.formats.html.markup import link, prose, text
from scanner.formats.interface import Presentation
from scanner.formats.links import source_address
from scanner.formats.shown import Shown, by_severity, change_of, introduced_among, rules_of, worst_first
from scanner.formats.text.findings import SECRET, position
from scanner.formats.text.frame import INDENT, frame
from scanner.formats.text.paint import Paint
from scanner.formats.text.source import SourceLines
from scanner.formats.titles import addresses, cluster_of, finding_title, owner
from scanner.formats.wording import plural
from scanner.model.finding import Difference, Finding
from scanner.model.location import Location
from scanner.model.path import format_path
from scanner.model.severity import Severity
from scanner.report import Report

MOST_FINDINGS = 2_000
"""Findings that are shown, the worst: a larger page is slow on a phone, and the JSON report has all."""
MOST_ADDRESSES = 20
MOST_PLACES = 10
CODE_WIDTH = 110
"""Columns of a code frame; it scrolls on narrow screens."""
_MARKS = re.compile(r"(?m)^( *│ *)(\^+|⋮)$")
_NUMBERS = re.compile(r"(?m)^ *\d* │")
_NO_PAINT = Paint(False)


class FindingCards:
    """Writes the filter and the Findings of one Report."""

    def __init__(self, report: Report, found: Shown, presentation: Presentation) -> None:
        self._report = report
        self._all = found.failing
        self._findings = worst_first(found.failing)[:MOST_FINDINGS]
        self._link = presentation.source_link
        self._changes = introduced_among(report, presentation.comparison)
        self._source = SourceLines()
        self._rules = {rule: number for number, rule in enumerate(rules_of(self._findings))}
        named = {tenant: None for finding in self._findings for tenant in finding.tenants}
        self._tenants = {tenant: number for number, tenant in enumerate(sorted(named, key=lambda one: one or ""))}

    def lines(self) -> Iterator[str]:
        """Yield the section of the Findings."""
        number = plural(len(self._all), "finding") if self._all else "none"
        yield f'<section aria-labelledby="findings"><h2 id="findings">Findings <small>{number}</small></h2>\n'
        if len(self._findings) < len(self._all):
            left = worst_first(self._all)[MOST_FINDINGS:]
            yield (
                f'<p class="note">The {MOST_FINDINGS:,} worst are shown; {len(left):,} more ({by_severity(left)}) are '
                "in the JSON report.</p>\n"
            )
        if self._findings:
            yield self._filter()
        of_rule: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self._findings:
            of_rule[finding.rule].append(finding)
        for rule in self._rules:
            yield from self._section(rule, of_rule[rule])
        yield "</section>\n"

    def _filter(self) -> str:
        severities = dict.fromkeys(finding.severity.label for finding in self._findings)
        rules = sorted(self._rules.items())
        return f"""<form id="filter" class="filter" role="search" aria-label="Filter findings" hidden>
<div><label for="f-severity">Severity</label><select id="f-severity" name="severity"><option value="">all</option>\
{"".join(f"<option>{severity}</option>" for severity in severities)}</select></div>
<div><label for="f-tenant">Tenant</label><select id="f-tenant" name="tenant"><option value="">all</option>\
{"".join(self._tenant_options())}</select></div>
<div class="wide"><label for="f-rule">Rule</label><select id="f-rule" name="rule"><option value="">all</option>\
{"".join(f'<option value="{number}">{text(self._rule_name(rule))}</option>' for rule, number in rules)}</select></div>
<div class="wide"><label for="f-words">Words</label>\
<input id="f-words" name="words" type="search" autocomplete="off"></div>
<button type="reset">Clear</button>
<p id="count" class="count" role="status"></p>
</form>
"""

    def _tenant_options(self) -> Iterator[str]:
        names: dict[str | None, str] = {None: "no tenant"}
        for finding in self._findings:
            for tenancy in (finding.tenancy, *(one.tenancy for one in finding.occurrences)):
                if tenancy.tenant:
                    names[tenancy.tenant] = tenancy.tenant_name or tenancy.tenant
        for tenant, number in sorted(self._tenants.items(), key=lambda item: names.get(item[0]) or item[0] or ""):
            yield f'<option value="{number}">{text(names.get(tenant) or tenant or "")}</option>'

    def _rule_name(self, id_: str) -> str:
        rule = self._report.rules.get(id_)
        return f"{id_} {rule.title}" if rule is not None else id_

    def _section(self, id_: str, findings: Sequence[Finding]) -> Iterator[str]:
        rule = self._report.rules.get(id_)
        worst = max(finding.severity for finding in findings)
        fix = f'<p class="fix"><b>Fix:</b> {prose(rule.fix)}</p>' if rule is not None and rule.fix else ""
        title = text(rule.title) if rule is not None else ""
        number = f" · {plural(len(findings), 'finding')}" if len(findings) > 1 else ""
        yield (
            f'<section class="rule {worst.label}"><header>{_badge(worst)}<span class="id">{text(id_)}{number}</span>'
            f"<h3>{title}</h3>{fix}</header>\n"
        )
        for finding in findings:
            yield self._card(finding)
        yield "</section>\n"

    def _card(self, finding: Finding) -> str:
        change = "introduced" if change_of(finding, self._changes) == "introduced" else ""
        facts = " · ".join(fact for fact in (change, owner(finding.tenancy), cluster_of(finding.resource)) if fact)
        tenants = " ".join(str(self._tenants[tenant]) for tenant in finding.tenants)
        rule = self._rules[finding.rule]
        return (
            f'<article class="finding" data-severity="{finding.severity.label}" data-rule="{rule}" '
            f'data-tenants="{tenants}"><h4>{text(finding_title(finding))}<span>{text(facts)}</span></h4>'
            f"<p>{text(finding.message)}</p>{_sides(finding.difference)}{self._place(finding)}{self._code(finding)}"
            f"{_instances(finding)}"
            f"{self._related(finding)}</article>\n"
        )

    def _place(self, finding: Finding) -> str:
        path = f" · {text(format_path(finding.path))}" if finding.path else ""
        return f'<p class="place">{self._position(finding.location)}{path}</p>'

    def _position(self, location: Location) -> str:
        return link(text(position(location)), source_address(self._link, location))

    def _code(self, finding: Finding) -> str:
        """Return the lines concerned, masked; nothing of a Secret, a plan or a state."""
        place = finding.location._replace(path=())
        if place.secret or finding.type == SECRET:
            return ""
        lines = frame(self._source, place, finding.severity, _NO_PAINT, CODE_WIDTH)
        shown_ = "\n".join(line.removeprefix(INDENT) for line in lines)
        if not shown_:
            return ""
        marked = _MARKS.sub(r"\1<mark>\2</mark>", _text_of_lines(shown_))
        return "<pre>" + _NUMBERS.sub(r"<i>\g<0></i>", marked) + "</pre>"

    def _related(self, finding: Finding) -> str:
        if not finding.related:
            return ""
        items = [
            f"<li>{self._position(one.location)} {text(one.message)}</li>" for one in finding.related[:MOST_PLACES]
        ]
        if len(finding.related) > MOST_PLACES:
            items.append(f"<li>… and {len(finding.related) - MOST_PLACES:,} more places</li>")
        return f'<div class="also">See also<ul>{"".join(items)}</ul></div>'


def _sides(difference: Difference | None) -> str:
    """Return what is declared and what is live side by side, and what would bring them together."""
    if difference is None:
        return ""
    sides = "".join(
        f'<div class="{name}"><h5>{name}</h5><pre>{_text_of_lines(value) or "<em>nothing</em>"}</pre></div>'
        for name, value in (("declared", difference.declared), ("live", difference.live))
    )
    facts = [
        f"<dt>{name}</dt><dd>{prose(value)}</dd>"
        for name, value in (
            ("Stands", difference.standing), ("Cause", difference.cause), ("To restore", difference.remedy),
            ("Compared by", difference.method),
        )
        if value
    ]  # fmt: skip
    return f'<div class="sides">{sides}</div>' + (f'<dl class="drift">{"".join(facts)}</dl>' if facts else "")


def _badge(severity: Severity) -> str:
    return f'<span class="badge">{severity.label}</span>'


def _instances(finding: Finding) -> str:
    named = addresses(finding)
    if len(named) < 2:
        return ""
    items = "".join(f"<li><code>{text(address)}</code></li>" for address in named[:MOST_ADDRESSES])
    more = f"<li>… and {len(named) - MOST_ADDRESSES:,} more</li>" if len(named) > MOST_ADDRESSES else ""
    return f'<details class="also"><summary>All {len(named):,} instances</summary><ul>{items}{more}</ul></details>'


def _text_of_lines(lines: str) -> str:
    return "\n".join(text(line) for line in lines.split("\n"))
