"""Writes the reports a user asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from scanner.audit.dashboard.overview import Overview, overview
from scanner.audit.dashboard.page import page
from scanner.audit.dashboard.summary import summary
from scanner.audit.dashboard.table import table
from scanner.audit.metrics import metrics
from scanner.audit.store import Store
from scanner.errors import UsageError
from scanner.formats.write import write_report

METRICS = "prometheus"
RENDERERS: Mapping[str, Callable[[Overview], Iterator[str]]] = {"html": page, "markdown": summary, "csv": table}
"""Name of a format → what writes an Overview in it."""


def parse(texts: Iterable[str], tenant: str | None) -> tuple[tuple[str, str], ...]:
    """Return (format, path) for each ``F=PATH``. Raises UsageError for what cannot be written."""
    wanted = []
    for text in texts:
        name, _, path = text.partition("=")
        if name not in (*RENDERERS, METRICS) or not path:
            hint = f"the formats are {', '.join((*RENDERERS, METRICS))}, as in --report html=audit.html"
            raise UsageError(f"cannot write report '{text}': a format and a path are expected", hint=hint)
        if name == METRICS and tenant is not None:
            raise UsageError("cannot write metrics for one tenant: they count everybody", hint="leave out --tenant")
        wanted.append((name, path))
    return tuple(wanted)


def write(
    store: Store, run: int, wanted: Sequence[tuple[str, str]], *, since: int | None = None, tenant: str | None = None
) -> None:
    """Write the (format, path) in ``wanted`` about ``run``; metrics are always those of the last run."""
    seen = overview(store, run, since=since, tenant=tenant)
    for name, path in wanted:
        write_report(path, metrics(store) if name == METRICS else RENDERERS[name](seen))
