"""Timelines of Resources that drifted: what is known to have happened to them, the oldest first."""

from collections.abc import Iterator, Mapping, Sequence

from scanner.formats.html.markup import text
from scanner.formats.wording import plural
from scanner.model.moment import Moment

MOST = 40
"""Moments of one Resource, the latest."""
MOST_RESOURCES = 500
_SECONDS = len("2026-11-21T09:12:44")


def timeline(moments: Sequence[Moment]) -> str:
    """Return the list of what happened to one Resource; empty where nothing is known."""
    if not moments:
        return ""
    items = "".join(
        f'<li><time datetime="{text(one.time)}">{text(_shown(one.time))}</time> <span>{text(one.what)}</span></li>'
        for one in moments[-MOST:]
    )
    left = len(moments) - MOST
    earlier = f'<li class="earlier">{plural(left, "earlier moment")}</li>' if left > 0 else ""
    return f'<ol class="timeline">{earlier}{items}</ol>\n'


def timelines(known: Mapping[str, Sequence[Moment]]) -> Iterator[str]:
    """Yield the section of all of them, each folded."""
    if not known:
        return
    yield f"<h2>Timelines <small>{plural(len(known), 'resource')} that drifted</small></h2>\n"
    for resource, moments in sorted(known.items())[:MOST_RESOURCES]:
        number = plural(len(moments), "moment")
        yield f'<details class="list"><summary>{text(resource)} <small>{number}</small></summary>{timeline(moments)}'
        yield "</details>\n"
    if len(known) > MOST_RESOURCES:
        yield f'<p class="note">… and {len(known) - MOST_RESOURCES:,} more resources</p>\n'


def _shown(time: str) -> str:
    """Return a time as people read it: to the second, in UTC as it is written."""
    return time[:_SECONDS].replace("T", " ")
