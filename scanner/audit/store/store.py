"""The store as its users see it."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine, insert, update
from sqlalchemy import select as select_

from scanner.audit.store import reading, tables
from scanner.audit.store.changes import Changes, changes
from scanner.audit.store.chunks import storable
from scanner.audit.store.engine import reading as reading_transaction
from scanner.audit.store.engine import write
from scanner.audit.store.faults import shown
from scanner.audit.store.past import add_moments, past
from scanner.audit.store.prune import prune, prune_writes, stamp
from scanner.audit.store.record import add_findings, add_rows
from scanner.audit.store.rows import (
    OwnText,
    exemptions_of,
    findings_of,
    ledger_of,
    moments_of,
    rules_of,
    tallies_of,
)
from scanner.audit.store.values import Past, Run, RunDetails, RunStart, Status, StoredFinding
from scanner.audit.store.writes import add_writes, writes
from scanner.drift.events import Event
from scanner.errors import StoreError
from scanner.model.moment import Moment
from scanner.report import Report

T = TypeVar("T")
_NOT_KNOWN = "'bulkhead runs list' shows the runs there are"


class Store:
    """Runs and what they found, in one database. Made by :func:`scanner.audit.store.open_store`.

    Several processes may use one store at once. Every method raises StoreError where the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """The store as messages name it: its file, or its server without the password."""
        return shown(self._engine.url)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def begin(self, start: RunStart) -> int:
        """Write down that a run has begun; return its number, which is higher than any before."""
        marker = {
            "status": Status.RUNNING.value,
            "started": stamp(start.started),
            "reason": "",
            "tool_version": start.tool_version,
            "estate_name": storable(start.estate_name),
            "estate_digest": start.estate_digest,
            "rego_engine": "",
            "resources": 0,
            "elapsed_s": 0.0,
        }

        def work(connection: Connection) -> int:
            run = connection.execute(insert(tables.run).values(marker)).inserted_primary_key
            assert run is not None, "the table has a key that the database gives"
            packs = {pack.name: pack for pack in start.packs}
            add_rows(connection, tables.pack, run[0], (pack._asdict() for pack in packs.values()))
            names = sorted({storable(scope) for scope in start.scopes})
            add_rows(connection, tables.scope, run[0], ({"name": name} for name in names))
            return int(run[0])

        return write(self._engine, work)

    def record(
        self,
        run: int,
        report: Report,
        evidence: Mapping[str, str] | None = None,
        *,
        own: OwnText | None = None,
        remember: Collection[Event] = (),
    ) -> bool:
        """Write what ``run`` has found, all of it or nothing; return whether it was not there already.

        ``evidence`` is the digest over a Rule's passes, by Rule id. ``own`` gives a text of a Finding as its own tenant
        may read it; without it tenants read the title of the Rule. ``remember`` are writes to be kept. Of ``report``
        its tallies, counts, Findings, timelines, ledger and Exemptions are used. Recording a run a second time changes
        nothing.
        """

        def work(connection: Connection) -> bool:
            found = self._existing(connection, run)
            if found.status.recorded:
                return False
            scopes = connection.scalars(select_(tables.scope.c.name).where(tables.scope.c.run_id == run)).all()
            seen = findings_of(report, scopes, own)
            add_rows(connection, tables.ledger, run, ledger_of(report.ledger))
            add_rows(connection, tables.rule, run, rules_of(report, evidence or {}))
            add_rows(connection, tables.tally, run, tallies_of(seen))
            add_rows(connection, tables.exemption, run, exemptions_of(report))
            self._finish(connection, run, report)
            add_findings(connection, run, found.started, seen)
            add_moments(connection, moments_of(report, own))
            add_writes(connection, remember, found.started)
            return True

        return write(self._engine, work)

    def fail(self, run: int, reason: str) -> None:
        """Write down that ``run`` was given up, and why; a run that is recorded stays so. It may still be recorded."""

        def work(connection: Connection) -> None:
            if not self._existing(connection, run).status.recorded:
                values = {"status": Status.FAILED.value, "reason": storable(reason), "finished": _now()}
                connection.execute(update(tables.run).where(tables.run.c.id == run).values(values))

        write(self._engine, work)

    def runs(self, limit: int | None = None, *, recorded: bool = False) -> tuple[Run, ...]:
        """Return the last ``limit`` runs, the newest first; only those that have Findings, where ``recorded``."""
        return self._read(lambda connection: reading.runs(connection, limit, reading.RECORDED if recorded else ()))

    def run(self, run: int) -> RunDetails:
        """Return one run in full; raises StoreError where there is none of that number."""
        return self._read(lambda connection: reading.details(connection, self._existing(connection, run)))

    def findings(self, run: int, *, tenant: str | None = None) -> tuple[StoredFinding, ...]:
        """Return the Findings of a run, the worst first; with ``tenant`` only that tenant's, and nothing of others."""

        def work(connection: Connection) -> tuple[StoredFinding, ...]:
            self._existing(connection, run)
            return reading.findings(connection, run, tenant)

        return self._read(work)

    def compare(self, before: int, after: int, *, tenant: str | None = None) -> Changes:
        """Return what became of the Findings of one recorded run in another."""

        def work(connection: Connection) -> Changes:
            old, new = (self._recorded(connection, run) for run in (before, after))
            return changes(connection, old, new, tenant)

        return self._read(work)

    def history(self, limit: int | None = None, *, tenant: str | None = None) -> tuple[Past, ...]:
        """Return the figures of the last ``limit`` recorded runs, the oldest first."""
        return self._read(lambda connection: reading.history(connection, limit, tenant))

    def past(
        self, resources: Collection[str], *, tenant: str | None = None, until: int | None = None
    ) -> dict[str, tuple[Moment, ...]]:
        """Return key → what is known of the drift of ``resources`` up to the run ``until``, the oldest first."""
        return self._read(lambda connection: past(connection, resources, tenant, until))

    def resolved(self, run: int, rules: Collection[str], *, tenant: str | None = None) -> tuple[StoredFinding, ...]:
        """Return the Findings of ``rules`` that ``run`` was the first to find mended."""
        return self._read(lambda connection: reading.resolved(connection, run, rules, tenant))

    def writes(self, targets: Collection[str]) -> tuple[Event, ...]:
        """Return the writes to ``targets`` that are remembered, without values."""
        return self._read(lambda connection: tuple(writes(connection, targets)))

    def keep_writes(self, events: Collection[Event], now: datetime) -> None:
        """Remember writes, of their values nothing; see :func:`scanner.audit.store.prune.prune` for how long."""
        if events:
            write(self._engine, lambda connection: add_writes(connection, events, stamp(now)))

    def prune(
        self, *, keep: int | None = None, older_than: timedelta | None = None, now: datetime | None = None
    ) -> tuple[int, ...]:
        """Delete what is beyond the last ``keep`` runs or older; see :func:`scanner.audit.store.prune.prune`."""
        before = (now or datetime.now(UTC)) - older_than if older_than is not None else None

        def work(connection: Connection) -> tuple[int, ...]:
            gone = prune(connection, keep, before)
            prune_writes(connection, before)
            return gone

        return write(self._engine, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with reading_transaction(self._engine) as connection:
            return work(connection)

    def _existing(self, connection: Connection, run: int) -> Run:
        found = reading.run(connection, run)
        if found is None:
            raise StoreError(f"cannot find run {run} in store {self.name}", hint=_NOT_KNOWN)
        return found

    def _recorded(self, connection: Connection, run: int) -> Run:
        found = self._existing(connection, run)
        if not found.status.recorded:
            raise StoreError(f"cannot compare run {run}: it is {found.status.value} and has no findings")
        return found

    def _finish(self, connection: Connection, run: int, report: Report) -> None:
        status = Status.INCOMPLETE if report.incomplete() else Status.COMPLETE
        values = {
            "status": status.value,
            "reason": "",
            "finished": _now(),
            "rego_engine": report.rego_engine,
            "resources": report.resources,
            "elapsed_s": report.elapsed_s,
        }
        connection.execute(update(tables.run).where(tables.run.c.id == run).values(values))


def _now() -> str:
    return stamp(datetime.now(UTC))
