"""The parts of the page beside the Findings: what was not read, unknown, fixed, exempted, notes, rules, inputs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from scanner.formats.html.markup import link, text
from scanner.formats.interface import Presentation
from scanner.formats.links import source_address
from scanner.formats.shown import QUIET, Shown, not_read, worst_first
from scanner.formats.text.findings import position
from scanner.formats.titles import finding_title
from scanner.formats.wording import listed, plural
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.ledger import LedgerEntry
from scanner.model.verdict import Verdict
from scanner.report import Report

MOST = 500
"""Entries of one list."""


class Lists:
    """Writes the lists of one Report."""

    def __init__(self, report: Report, found: Shown, presentation: Presentation) -> None:
        self._report = report
        self._shown = found
        self._link = presentation.source_link
        self._new_only = presentation.comparison is not None and report.gate.new_only

    def not_read(self) -> Iterator[str]:
        """Yield what was not read, which comes before everything else: it is what nobody looked at."""
        entries = not_read(self._report)
        if entries:
            yield f"<h2>Not read, or not in full <small>{plural(len(entries), 'entry')}</small></h2>\n"
            yield '<div class="list">'
            yield from _items([_entry(entry) for entry in entries])
            yield "</div>\n"

    def others(self) -> Iterator[str]:
        """Yield every other list that has entries, folded."""
        unknown = self._shown.unknown
        title = "Newly unknown" if self._new_only else "Unknown"
        yield from _folded(title, plural(len(unknown), "verdict"), [*self._unknown()], opened=True)
        yield from _folded("Fixed", plural(len(self._shown.fixed), "finding"), [*self._plain(self._shown.fixed, "")])
        unchanged = self._shown.unchanged
        yield from _folded("Unchanged", plural(len(unchanged), "finding"), [*self._plain(unchanged, self._link)])
        exempted = plural(len(self._shown.exempted), "finding")
        yield from _folded("Exempted", exempted, [*self._exempted()])
        notes = self._report.notes
        yield from _folded("Notes", "about exemptions and declarations", [_note(note) for note in notes])
        left_out = [entry for entry in self._report.ledger if entry.state in QUIET and entry.reason]
        yield from _folded("Left out", plural(len(left_out), "input"), [_entry(entry) for entry in left_out])
        yield from self._rules()

    def _unknown(self) -> Iterator[str]:
        causes: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self._shown.unknown:
            causes[finding.message].append(finding)
        for message, findings in causes.items():
            yield f"<p>{text(message)}</p>{self._who(findings)}"

    def _exempted(self) -> Iterator[str]:
        accepted: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self._shown.exempted:
            if finding.exemption is not None:
                accepted[finding.exemption.id].append(finding)
        for findings in accepted.values():
            exemption = findings[0].exemption
            assert exemption is not None, "only exempted findings are listed here"
            name = "in the file itself" if exemption.source == "inline" else exemption.id
            terms = f'<p class="place">{text(_terms(exemption))}</p>'
            yield f"<p><b>{text(name)}</b>: {text(exemption.reason)}</p>{self._who(findings)}{terms}"

    def _plain(self, findings: Iterable[Finding], source_link: str) -> Iterator[str]:
        for finding in worst_first(findings):
            where = link(text(position(finding.location)), source_address(source_link, finding.location))
            about = f"{finding.severity.label} <code>{text(finding.rule)}</code> {text(finding_title(finding))}"
            yield f'<p>{about}: {text(finding.message)}</p><p class="place">{where}</p>'

    def _who(self, findings: Sequence[Finding]) -> str:
        rules = listed(sorted({finding.rule for finding in findings}), most=5)
        titles = listed(list(dict.fromkeys(map(finding_title, findings))), most=3)
        place = findings[0].location
        where = link(text(position(place)), source_address(self._link, place))
        return f'<p class="place">{text(rules)} on {text(titles)}, {where}</p>'

    def _rules(self) -> Iterator[str]:
        rules = self._report.rules
        yield f'<details class="list"><summary>Rules <small>{plural(len(rules), "rule")}</small></summary>'
        names = "".join(f'<th class="n" scope="col">{verdict.value}</th>' for verdict in Verdict)
        yield (
            '<div class="scroll"><table><thead><tr><th scope="col">Rule</th><th scope="col">Severity</th>'
            f"{names}</tr></thead><tbody>\n"
        )
        for id_, tally in self._report.tallies().items():
            rule = rules.get(id_)
            title = text(rule.title) if rule is not None else ""
            severity = rule.severity.label if rule is not None else ""
            numbers = "".join(f'<td class="n">{tally.verdicts.get(verdict, 0) or "–"}</td>' for verdict in Verdict)
            yield f"<tr><td><code>{text(id_)}</code> {title}</td><td>{severity}</td>{numbers}</tr>\n"
        yield "</tbody></table></div></details>\n"


def _items(items: Sequence[str]) -> Iterator[str]:
    yield "<ul>\n"
    for item in items[:MOST]:
        yield f"<li>{item}</li>\n"
    if len(items) > MOST:
        yield f"<li>… and {len(items) - MOST:,} more: the JSON report has all</li>\n"
    yield "</ul>"


def _folded(title: str, detail: str, items: Sequence[str], *, opened: bool = False) -> Iterator[str]:
    if items:
        yield f'<details class="list"{" open" if opened else ""}><summary>{title} <small>{detail}</small></summary>'
        yield from _items(items)
        yield "</details>\n"


def _place(entry: LedgerEntry) -> str:
    place = "standard input" if entry.input == "-" else entry.input
    if entry.line is None:
        return place
    return f"{place}:{entry.line}" if entry.column is None else f"{place}:{entry.line}:{entry.column}"


def _entry(entry: LedgerEntry) -> str:
    badge = f'<span class="badge {"high" if entry.incomplete else "plain"}">{entry.state.value}</span>'
    return f'<p>{badge}<span class="place">{text(_place(entry))}</span></p><p>{text(entry.reason)}</p>'


def _note(note: LedgerEntry) -> str:
    return f'<p>{text(note.reason)}</p><p class="place">{text(_place(note))}</p>'


def _terms(exemption: Exemption) -> str:
    until = f"until {exemption.expires}" if exemption.expires else "no expiry"
    facts = (exemption.owner, exemption.ticket, until, f"{exemption.file}:{exemption.line}")
    return ", ".join(fact for fact in facts if fact)
