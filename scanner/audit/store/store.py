"""The store as its users see it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine, insert, update
from sqlalchemy import select as select_

from scanner.audit.store import reading, tables
from scanner.audit.store.changes import Changes, changes
from scanner.audit.store.engine import reading as reading_transaction
from scanner.audit.store.engine import write
from scanner.audit.store.faults import shown
from scanner.audit.store.prune import prune, stamp
from scanner.audit.store.record import add_findings, add_rows
from scanner.audit.store.rows import (
    OwnMessage,
    exemptions_of,
    findings_of,
    ledger_of,
    rules_of,
    storable,
    tallies_of,
)
from scanner.audit.store.values import Past, Run, RunDetails, RunStart, Status, StoredFinding
from scanner.errors import StoreError
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
        own_message: OwnMessage | None = None,
    ) -> bool:
        """Write what ``run`` has found, all of it or nothing; return whether it was not there already.

        ``evidence`` is the digest over a Rule's passes, by Rule id. ``own_message`` gives a Finding's message as its
        own tenant may read it; without it tenants read the title of the Rule. Of ``report`` its tallies, counts,
        Findings, ledger and Exemptions are used. Recording a run a second time changes nothing.
        """

        def work(connection: Connection) -> bool:
            found = self._existing(connection, run)
            if found.status.recorded:
                return False
            scopes = connection.scalars(select_(tables.scope.c.name).where(tables.scope.c.run_id == run)).all()
            seen = findings_of(report, scopes, own_message)
            add_rows(connection, tables.ledger, run, ledger_of(report.ledger))
            add_rows(connection, tables.rule, run, rules_of(report, evidence or {}))
            add_rows(connection, tables.tally, run, tallies_of(seen))
            add_rows(connection, tables.exemption, run, exemptions_of(report))
            self._finish(connection, run, report)
            add_findings(connection, run, found.started, seen)
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

    def prune(
        self, *, keep: int | None = None, older_than: timedelta | None = None, now: datetime | None = None
    ) -> tuple[int, ...]:
        """Delete what is beyond the last ``keep`` runs or older; see :func:`scanner.audit.store.prune.prune`."""
        before = (now or datetime.now(UTC)) - older_than if older_than is not None else None
        return write(self._engine, lambda connection: prune(connection, keep, before))

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
