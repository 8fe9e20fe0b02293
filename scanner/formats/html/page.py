"""The page as a whole: verdict and figures, the filter, the parts, and what makes the file stand alone.

Styles and the script are within the file; the policy in its head allows exactly them and no connection, so that even
text that slipped through escaping could run nothing.
"""

import os
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from scanner.formats.html.findings import FindingCards
from scanner.formats.html.lists import Lists
from scanner.formats.html.markup import text
from scanner.formats.html.timelines import timelines
from scanner.formats.interface import Comparison, Format, Presentation
from scanner.formats.shown import Shown, inputs, scope, shown
from scanner.formats.text.summary import outcome
from scanner.formats.wording import plural
from scanner.model.severity import Severity
from scanner.report import Report

FOLDER = os.path.dirname(os.path.abspath(__file__))


class HtmlFormat(Format):
    """A Report as one HTML file."""

    name = "html"

    def render(self, report: Report, presentation: Presentation) -> Iterator[str]:
        """Yield the page in pieces."""
        style, script = _part("style.css"), _part("script.js")
        found = shown(report, presentation.comparison)
        cards = FindingCards(report, found, presentation)
        lists = Lists(report, found, presentation)
        yield _head(report, style, script)
        yield _top(report, found, presentation.comparison)
        yield "<main>\n"
        yield from lists.not_read()
        yield from cards.lines()
        yield from timelines(report.timelines)
        yield from lists.others()
        yield "</main>\n"
        yield _foot(report)
        yield f"<script>{script}</script>\n</body>\n</html>\n"


def _part(name: str) -> str:
    with open(os.path.join(FOLDER, name), encoding="utf-8") as stream:
        return stream.read()


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _head(report: Report, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; "
        "form-action 'none'"
    )
    about = f" · {text(report.estate_name)}" if report.estate_name else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Bulkhead report{about}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
"""


def _top(report: Report, found: Shown, comparison: Comparison | None) -> str:
    kind, verdict, next_step = outcome(report, report.counts(), comparison)
    head, _, rest = verdict.partition(":")
    step = f"<p>{text(next_step)}</p>" if next_step else ""
    facts = [scope(report), f"inputs: {inputs(report)}"]
    if report.estate_name:
        facts.insert(0, f"estate {report.estate_name}")
    if report.today is not None:
        facts.append(f"exemptions as of {report.today.isoformat()}")
    return f"""<header class="top">
<p class="brand">Bulkhead</p>
<div class="verdict {kind}"><h1>{text(head.capitalize())}</h1><p>{text(rest.strip())}</p>{step}</div>
<p class="facts">{"".join(f"<span>{text(fact)}</span>" for fact in facts)}</p>
{_tiles(found)}{_change(report, comparison)}</header>
"""


def _tiles(found: Shown) -> str:
    numbers = dict.fromkeys(reversed(Severity), 0)
    for finding in found.failing:
        numbers[finding.severity] += 1
    return _numbers("Findings by severity", {s.label: (s.label, number) for s, number in numbers.items()}, "")


def _change(report: Report, comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    numbers = {
        "introduced": ("high", len(comparison.introduced)),
        "fixed": ("low", len(comparison.fixed)),
        "unchanged": ("plain", len(comparison.unchanged)),
        "became unknown": ("medium", len(comparison.became_unknown)),
    }
    which = "; the findings below are the introduced ones" if report.gate.new_only else ""
    said = f'<p class="facts">Compared with {text(comparison.base)}{which}.</p>\n'
    return said + _numbers("Findings by what became of them", numbers, " change")


def _numbers(label: str, numbers: dict[str, tuple[str, int]], kind: str) -> str:
    items = "".join(
        f'<li class="{tone}{"" if number else " none"}"><b>{number:,}</b><span>{name}</span></li>'
        for name, (tone, number) in numbers.items()
    )
    return f'<ul class="tiles{kind}" aria-label="{label}">{items}</ul>\n'


def _foot(report: Report) -> str:
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in sorted(report.packs))
    engine = f" · {text(report.rego_engine)}" if report.rego_engine else ""
    about = f"{plural(len(report.packs), 'pack')}: {packs}" if packs else "no packs"
    return f"<footer>Bulkhead {text(report.tool_version)}{engine} · {text(about)}</footer>\n"
