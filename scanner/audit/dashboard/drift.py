"""What drifted: how much of each kind, both sides of each difference, who did it, since when, and what came before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import starmap

from scanner.audit.dashboard.overview import Overview
from scanner.audit.store import StoredFinding
from scanner.drift.findings import RULES
from scanner.drift.model import DriftClass
from scanner.formats.html.markup import text
from scanner.formats.html.timelines import timeline
from scanner.formats.wording import plural

MOST = 150
"""Resources that are shown, the worst first."""
OPEN = 5
"""Of these, how many are unfolded."""
_TONES = {
    DriftClass.CHANGED: "high",
    DriftClass.MISSING: "critical",
    DriftClass.UNMANAGED: "medium",
    DriftClass.ORPHANED: "low",
    DriftClass.UNREADABLE: "plain",
}
_HEADS = ("Attribute", "Declared", "Live", "Who, when", "Since")


def drift(seen: Overview) -> Iterator[str]:
    """Yield the section; nothing where the run did not compare, or is a tenant's that nothing of drifted."""
    if not seen.compares and not seen.drifted:
        return
    resources = _by_resource(seen.drifted)
    number = f"{plural(len(seen.drifted), 'difference')} on {plural(len(resources), 'resource')}"
    yield f"<h2>Drift <small>{number if resources else 'none'}</small></h2>\n"
    yield _tiles(seen)
    for place, (resource, found) in enumerate(list(resources.items())[:MOST]):
        yield from _resource(seen, resource, found, opened=place < OPEN)
    if len(resources) > MOST:
        yield f'<p class="note">… and {len(resources) - MOST:,} more resources: the CSV report has all</p>\n'
    yield from _healed(seen, frozenset(resources))


def _by_resource(found: Sequence[StoredFinding]) -> dict[str, list[StoredFinding]]:
    """Return resource → its differences, in the order of the first, which are the worst."""
    resources: dict[str, list[StoredFinding]] = {}
    for one in found:
        resources.setdefault(one.resource, []).append(one)
    return resources


def _tiles(seen: Overview) -> str:
    numbers = Counter(one.rule for one in (*seen.drifted, *seen.untold))
    items = "".join(
        f'<li class="{tone}{"" if numbers[RULES[class_].id] else " none"}"><b>{numbers[RULES[class_].id]:,}</b>'
        f"<span>{class_.value}</span></li>"
        for class_, tone in _TONES.items()
    )
    return f'<ul class="tiles classes" aria-label="Drift by class">{items}</ul>\n'


def _resource(seen: Overview, resource: str, found: Sequence[StoredFinding], *, opened: bool) -> Iterator[str]:
    worst = max(one.severity for one in found)
    facts = " · ".join(filter(None, (found[0].tenant, found[0].environment, plural(len(found), "difference"))))
    yield f'<details class="list drifted"{" open" if opened else ""}><summary>'
    badge = f'<span class="badge {worst.label}">{worst.label}</span>'
    yield f"{badge}{text(resource)} <small>{text(facts)}</small></summary>"
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    yield f'<div class="scroll"><table class="stacked"><thead><tr>{heads}</tr></thead><tbody>\n'
    for one in found:
        yield _row(one, seen.details.run.started)
    yield "</tbody></table></div>\n"
    yield timeline(seen.timelines.get(resource, ()))
    yield "</details>\n"


def _row(one: StoredFinding, today: str) -> str:
    known = one.difference
    if known is None:
        cells = [text(one.message), "", "", ""]
    else:
        name = f"<code>{text(known.attribute)}</code>" if known.attribute else text(_whole(one))
        stands = f'<div class="place">{text(known.standing)}</div>' if known.standing else ""
        cells = [name + stands, _value(known.declared), _value(known.live), text(known.cause)]
    cells.append(f'{one.first_seen[:10]}<div class="place">{_age(one.first_seen, today)}</div>')
    tagged = "".join(starmap(_cell, zip(_HEADS, cells, strict=True)))
    return f"<tr>{tagged}</tr>\n"


def _cell(head: str, content: str) -> str:
    """Return a cell that says by itself what it is: a phone shows no head, and no cell that is empty."""
    return f'<td data-head="{head}">{content}</td>' if content else f'<td class="none" data-head="{head}">–</td>'


def _whole(one: StoredFinding) -> str:
    return next((rule.title for rule in RULES.values() if rule.id == one.rule), one.rule)


def _value(value: str) -> str:
    if not value:
        return "<em>nothing</em>"
    lines = "\n".join(text(line) for line in value.split("\n"))
    return f"<pre>{lines}</pre>"


def _age(since: str, today: str) -> str:
    days = (date.fromisoformat(today[:10]) - date.fromisoformat(since[:10])).days
    return "today" if days <= 0 else "1 day" if days == 1 else f"{days:,} days"


def _healed(seen: Overview, open_: frozenset[str]) -> Iterator[str]:
    """Yield the timelines of what has drifted until the run before, and does no longer."""
    found = [one for one in _by_resource(seen.mended) if one not in open_ and seen.timelines.get(one)]
    if not found:
        return
    number = plural(len(found), "resource")
    yield f'<details class="list drifted"><summary>No longer drifted <small>{number}</small></summary>\n'
    for resource in found[:MOST]:
        yield f'<p class="healed">{text(resource)}</p>{timeline(seen.timelines[resource])}'
    yield "</details>\n"
