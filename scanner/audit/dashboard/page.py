"""The dashboard: one HTML file that stands alone, without a script, for a phone, a screen and paper."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from scanner.audit.dashboard.charts import trend
from scanner.audit.dashboard.drift import drift
from scanner.audit.dashboard.overview import PARTS, Overview
from scanner.audit.store import Past, StoredFinding
from scanner.audit.store.sight import is_declared
from scanner.formats import html
from scanner.formats.html.markup import text
from scanner.formats.wording import plural
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict

MOST = 300
"""Findings of one list, the worst: a larger page is slow on a phone, and CSV has all."""
_SHADES = 6
"""Lines of a chart; the smallest are one line together."""
_REST = "others"


def page(seen: Overview) -> Iterator[str]:
    """Yield the page in pieces."""
    style = (Path(html.__file__).parent / "style.css").read_text("utf-8")
    style += (Path(__file__).parent / "style.css").read_text("utf-8")
    yield _head(seen, style)
    yield _top(seen)
    yield "<main>\n"
    if seen.tenant is None:
        yield from _not_seen(seen)
    yield from _trends(seen)
    yield from drift(seen)
    yield from _groups(seen)
    for name, title in PARTS.items():
        yield from _list(title.capitalize(), seen.part(name), opened=name in ("introduced", "out_of_sight"))
    yield from _list("Unknown", seen.unknown, opened=False)
    if seen.tenant is None:
        yield from _evidence(seen)
    yield "</main>\n"
    run = seen.details.run
    yield f"<footer>Bulkhead {text(run.tool_version)} · run {run.id} · {text(run.started)}</footer>\n</body>\n</html>\n"


def _head(seen: Overview, style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    about = text(seen.tenant or seen.details.run.estate_name or "audit")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Bulkhead audit · {about}</title>
<style>{style}</style>
</head>
<body>
"""


def _top(seen: Overview) -> str:
    run = seen.details.run
    new, open_ = len(seen.part("introduced")), len(seen.failing)
    kind = "bad" if new else "warn" if open_ or seen.unknown else "good"
    since = f" since {text(seen.changes.before.started)}" if seen.changes is not None else ""
    facts = [f"run {run.id}", run.started]
    if seen.tenant is not None:
        facts.insert(0, f"tenant {seen.tenant}")
    else:
        scopes = [scope for scope in seen.details.scopes if not is_declared(scope)]
        facts += [f"{run.resources:,} resources", plural(len(scopes), "scope")]
        facts += [f"estate {run.estate_name}"] if run.estate_name else []
    return f"""<header class="top">
<p class="brand">Bulkhead audit</p>
<div class="verdict {kind}"><h1>{plural(new, "new finding") if new else "Nothing new"}</h1>
<p>{plural(open_, "finding")} open, {len(seen.part("fixed")):,} fixed{since}</p></div>
<p class="facts">{"".join(f"<span>{text(fact)}</span>" for fact in facts)}</p>
{_tiles("Open findings by severity", {one.label: (one.label, n) for one, n in seen.by_severity().items()})}\
{_tiles("Since the run before", _changed(seen))}</header>
"""


def _changed(seen: Overview) -> dict[str, tuple[str, int]]:
    tones = ("high", "low", "plain", "medium")
    return {title: (tone, len(seen.part(name))) for tone, (name, title) in zip(tones, PARTS.items(), strict=False)}


def _tiles(label: str, numbers: Mapping[str, tuple[str, int]]) -> str:
    items = "".join(
        f'<li class="{tone}{"" if number else " none"}"><b>{number:,}</b><span>{name}</span></li>'
        for name, (tone, number) in numbers.items()
    )
    return f'<ul class="tiles" aria-label="{label}">{items}</ul>\n'


def _not_seen(seen: Overview) -> Iterator[str]:
    entries = [entry for entry in seen.details.ledger if entry.incomplete]
    if not entries:
        return
    yield f"<h2>Not seen, or not in full <small>{plural(len(entries), 'entry')}</small></h2>\n"
    yield '<div class="list"><ul>\n'
    for entry in entries[:MOST]:
        badge = f'<span class="badge high">{entry.state.value}</span>'
        yield f'<li><p>{badge}{text(entry.input)}</p><p class="place">{text(entry.reason)}</p></li>\n'
    yield _more(len(entries))
    yield "</ul></div>\n"


def _trends(seen: Overview) -> Iterator[str]:
    labels = [past.started[5:10] for past in seen.history]
    severities = {one.label: [past.by_severity.get(one, 0) for past in seen.history] for one in Severity}
    yield "<h2>Trend</h2>\n"
    yield '<div class="charts">\n'
    yield _chart("Open findings by severity", labels, severities, "severities")
    yield _chart("Open findings by concern", labels, _lines(seen.history, lambda past: past.by_concern), "shades")
    if seen.tenant is None:
        yield _chart("Open findings by tenant", labels, _lines(seen.history, lambda past: past.by_tenant), "shades")
        missing = {"not read": [past.not_read for past in seen.history]}
        yield _chart("Entries not read", labels, missing, "shades")
    yield "</div>\n"


def _lines(history: Sequence[Past], of: Callable[[Past], Mapping[str, int]]) -> dict[str, list[int]]:
    """Return the largest groups of the last run over time, and all others as one."""
    total: Counter[str] = Counter()
    for past in history:
        total.update(of(past))
    names = [name for name, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))]
    kept = names if len(names) <= _SHADES else names[: _SHADES - 1]
    lines = {name or "no tenant": [of(past).get(name, 0) for past in history] for name in kept}
    if len(kept) < len(names):
        rest = names[len(kept) :]
        lines[_REST] = [sum(of(past).get(name, 0) for name in rest) for past in history]
    return lines


def _chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], colours: str) -> str:
    last = ", ".join(f"{name} {values[-1]:,}" for name, values in series.items())
    items = "".join(
        f'<li class="color-{n}">{text(name)} {values[-1]:,}</li>' for n, (name, values) in enumerate(series.items())
    )
    drawing = trend(f"{title}; last: {last}", labels, series)
    caption, legend = f"<figcaption>{title}</figcaption>", f'<ul class="legend">{items}</ul>'
    return f'<figure class="chart {colours}">{caption}{drawing}{legend}</figure>\n'


def _groups(seen: Overview) -> Iterator[str]:
    kinds = {
        "Tenant": lambda one: one.tenant or "no tenant",
        "Concern": lambda one: one.concern,
        "Rule": lambda one: one.rule,
    }
    severities = seen.groups(lambda one: one.severity.label)
    order = [one.label for one in reversed(Severity) if one.label in severities]
    yield from _group("Severity", {label: severities[label] for label in order})
    for title, of in kinds.items():
        if title == "Tenant" and seen.tenant is not None:
            continue
        yield from _group(title, seen.groups(of))


def _group(title: str, groups: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    if not groups:
        return
    heads = "".join(f'<th class="n" scope="col">{name}</th>' for name in PARTS.values())
    yield f'<h2>By {title.lower()}</h2>\n<div class="list narrow"><div class="scroll"><table><thead>'
    yield f'<tr><th scope="col">{title}</th>{heads}</tr></thead><tbody>\n'
    for name, numbers in groups.items():
        cells = "".join(f'<td class="n">{number or "–"}</td>' for number in numbers.values())
        yield f"<tr><td>{text(name)}</td>{cells}</tr>\n"
    yield "</tbody></table></div></div>\n"


def _list(title: str, findings: Sequence[StoredFinding], *, opened: bool) -> Iterator[str]:
    if not findings:
        return
    number = plural(len(findings), "finding")
    yield f'<details class="list"{" open" if opened else ""}><summary>{title} <small>{number}</small></summary><ul>\n'
    for one in findings[:MOST]:
        facts = " · ".join(fact for fact in (one.tenant, one.environment, f"since {one.first_seen[:10]}") if fact)
        yield (
            f'<li><p><span class="badge {one.severity.label}">{one.severity.label}</span><code>{text(one.rule)}</code> '
            f'{text(one.message)}</p><p class="place">{text(one.resource)}</p><p class="place">{text(facts)}</p></li>\n'
        )
    yield _more(len(findings))
    yield "</ul></details>\n"


def _more(number: int) -> str:
    return f"<li>… and {number - MOST:,} more: the CSV report has all</li>\n" if number > MOST else ""


def _evidence(seen: Overview) -> Iterator[str]:
    """Yield what stands behind every control: its Rules, how often they passed, the digest over the passes."""
    yield "<h2>Evidence by control</h2>\n"
    controls: dict[tuple[str, str], list[int]] = {}
    for number, rule in enumerate(seen.details.rules):
        for catalogue, ids in rule.controls.items():
            for id_ in ids:
                controls.setdefault((catalogue, id_), []).append(number)
    rows = [(f"{catalogue} {id_}", numbers) for (catalogue, id_), numbers in sorted(controls.items())]
    rest = [number for number, rule in enumerate(seen.details.rules) if not rule.controls]
    yield from _controls(seen, [*rows, *([("no control", rest)] if rest else [])])


def _controls(seen: Overview, rows: Iterable[tuple[str, Sequence[int]]]) -> Iterator[str]:
    names = "".join(f'<th class="n" scope="col">{one.value}</th>' for one in Verdict)
    for control, numbers in rows:
        yield f'<details class="list"><summary>{text(control)} <small>{plural(len(numbers), "rule")}</small></summary>'
        yield f'<div class="scroll"><table><thead><tr><th scope="col">Rule</th>{names}</tr></thead><tbody>\n'
        for number in numbers:
            rule = seen.details.rules[number]
            cells = "".join(f'<td class="n">{rule.verdicts.get(one, 0) or "–"}</td>' for one in Verdict)
            digest = f'<div class="digest">{text(rule.evidence)}</div>' if rule.evidence else ""
            yield f"<tr><td><code>{text(rule.rule)}</code> {text(rule.title)}{digest}</td>{cells}</tr>\n"
        yield "</tbody></table></div></details>\n"
