"""The part of an audit that others will look back at: the run in the store, from its beginning to its end.

What is read from the store is written here too, once the run is in it: dashboards, and figures for Prometheus.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scanner import __version__
from scanner.audit.work_file import WorkFile
from scanner.drift.events import Event
from scanner.errors import BulkheadError, StoreError, UsageError
from scanner.points.audit.request import Kept
from scanner.report import PackStamp, Report

if TYPE_CHECKING:
    from scanner.audit.store import Store

_RUN = "run of the store"

OwnText: TypeAlias = Callable[[str, str | None], str]
"""As :data:`scanner.audit.store.rows.OwnText`, which needs SQLAlchemy to be imported."""
Keep: TypeAlias = Callable[[Report, OwnText, tuple[Event, ...]], None]
"""Keeps a Report, what gives a text of it as a tenant may read it, and the writes that are to be remembered."""


class Beginning(NamedTuple):
    """What is known of a run when it begins."""

    instant: datetime
    packs: tuple[PackStamp, ...]
    estate_name: str
    estate_digest: str
    scopes: tuple[str, ...]
    """Clusters by name, subscriptions as ``/subscriptions/<id>``."""
    declared: tuple[str, ...] = ()
    """Paths of what is compared with what is live."""


def _nowhere(report: Report, own: OwnText, remember: tuple[Event, ...]) -> None:
    """Keep nothing."""


@contextmanager
def kept_in(kept: Kept, work: WorkFile, beginning: Beginning, reader: str) -> Iterator[Keep]:
    """Give what keeps the Report of a run in the store, where there is one, and writes what is read from there.

    The store is opened, and the run written down, before anything is read: that it cannot be reached is said at once.
    A run that goes on is the one it was. Where the body raises, the run is marked as given up. ``reader`` is the id of
    the tenant that dashboards are for; empty for everybody.
    """
    if not kept.store:
        yield _nowhere
        return
    try:
        from scanner.audit.store import open_store
    except ImportError as error:
        raise UsageError(
            f"cannot keep runs: {error.name} is not installed", hint="install the extra: 'bulkhead-scanner[audit]'"
        ) from error
    store = open_store(kept.store)
    try:
        yield from _recording(_Recorded(store, _number(store, work, beginning), kept, reader))
    finally:
        store.close()


def _recording(recorded: "_Recorded") -> Iterator[Keep]:
    try:
        yield recorded.keep
    except StoreError:
        raise  # the run is written down as under way; --resume finds it there
    except BulkheadError as error:
        with suppress(BulkheadError):  # why the audit ended is worth more than that this cannot be written down
            recorded.give_up(str(error))
        raise


def _number(store: "Store", work: WorkFile, beginning: Beginning) -> int:
    """Return the number that the run has in ``store``: that of its first attempt."""
    from scanner.audit.store import RunStart
    from scanner.audit.store.sight import declared_scope

    known: int | None = work.fact(_RUN)
    if known is not None:
        return known
    instant, packs, name, digest, scopes, declared = beginning
    scopes = (*scopes, *map(declared_scope, declared))
    run = store.begin(RunStart(instant, __version__, packs, name, digest, scopes))
    work.state(_RUN, run)
    return run


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One run in the store, and what is to be written of it."""

    store: "Store"
    run: int
    kept: Kept
    reader: str

    def keep(self, report: Report, own: OwnText, remember: tuple[Event, ...]) -> None:
        """Record ``report``; then write what tells of it beside earlier ones."""
        evidence = report.counted.evidence if report.counted else None
        self.store.record(self.run, report, evidence, own=own, remember=remember)
        if self.kept.dashboards:
            from scanner.audit.dashboard.write import write

            write(self.store, self.run, self.kept.dashboards, tenant=self.reader or None)
        self._write_metrics()

    def give_up(self, reason: str) -> None:
        """Write down that the run has failed: the figures say it too."""
        self.store.fail(self.run, reason)
        self._write_metrics()

    def _write_metrics(self) -> None:
        if self.kept.metrics:
            from scanner.audit.metrics import metrics
            from scanner.formats.write import write_report

            write_report(self.kept.metrics, metrics(self.store))
