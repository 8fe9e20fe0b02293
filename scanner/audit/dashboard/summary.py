"""The same in a few lines of Markdown, for a chat, a ticket or the summary of a build."""

from collections.abc import Iterator, Sequence

from scanner.audit.dashboard.overview import PARTS, Overview
from scanner.audit.store import StoredFinding
from scanner.formats.markdown.escaping import text
from scanner.formats.wording import plural

MOST = 20
"""Findings of one list."""


def summary(seen: Overview) -> Iterator[str]:
    """Yield the summary in pieces."""
    run = seen.details.run
    about = f"tenant {seen.tenant}" if seen.tenant is not None else f"estate {run.estate_name or '–'}"
    since = f", since run {seen.changes.before.id} of {seen.changes.before.started}" if seen.changes is not None else ""
    yield f"# Audit: {plural(len(seen.part('introduced')), 'new finding')}\n\n"
    yield f"{text(about)}, run {run.id} of {run.started}{since}\n\n"
    yield "| " + " | ".join(PARTS.values()) + " |\n" + "|---:" * len(PARTS) + "|\n"
    yield "| " + " | ".join(f"{len(seen.part(name)):,}" for name in PARTS) + " |\n\n"
    severities = seen.by_severity()
    yield "| open | " + " | ".join(one.label for one in severities) + " |\n|---" + "|---:" * len(severities) + "|\n"
    yield "| findings | " + " | ".join(f"{number:,}" for number in severities.values()) + " |\n"
    if seen.tenant is None:
        yield from _not_seen(seen)
    for name in ("introduced", "became_unknown", "out_of_sight", "fixed"):
        yield from _list(PARTS[name].capitalize(), seen.part(name))


def _not_seen(seen: Overview) -> Iterator[str]:
    entries = [entry for entry in seen.details.ledger if entry.incomplete]
    if not entries:
        return
    yield f"\n## Not seen, or not in full ({len(entries):,})\n\n"
    for entry in entries[:MOST]:
        yield f"- {entry.state.value} {text(entry.input)}: {text(entry.reason)}\n"
    yield _more(len(entries))


def _list(title: str, findings: Sequence[StoredFinding]) -> Iterator[str]:
    if not findings:
        return
    yield f"\n## {title} ({len(findings):,})\n\n"
    yield "| Severity | Rule | Tenant | Resource | Finding |\n|---|---|---|---|---|\n"
    for one in findings[:MOST]:
        cells = (one.severity.label, one.rule, one.tenant or "–", one.resource, one.message)
        yield "| " + " | ".join(text(value) for value in cells) + " |\n"
    if len(findings) > MOST:
        yield "\n" + _more(len(findings))


def _more(number: int) -> str:
    return f"- … and {number - MOST:,} more\n" if number > MOST else ""
