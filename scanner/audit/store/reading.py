"""Reads runs and their Findings. With a tenant given, nothing that belongs to anyone else is read."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, case, select
from sqlalchemy import func as sql

from scanner.audit.store import tables
from scanner.audit.store.differences import COLUMNS, difference_of
from scanner.audit.store.values import ExemptionRecord, Past, RuleRecord, Run, RunDetails, Status, StoredFinding
from scanner.model.ledger import LedgerEntry, State
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict, verdict_of_code
from scanner.report import PackStamp

ACCEPTED = "accepted"
"""What stands for the id of an Exemption where a tenant reads: the id may speak of others."""
RECORDED = (Status.COMPLETE.value, Status.INCOMPLETE.value)


def runs(connection: Connection, limit: int | None, statuses: Sequence[str] = ()) -> tuple[Run, ...]:
    """Return the last ``limit`` runs, the newest first; None for all."""
    table = tables.run
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if statuses:
        query = query.where(table.c.status.in_(statuses))
    rows = connection.execute(query).all()
    figures = _figures(connection, [row.id for row in rows], None)
    not_read = _not_read(connection, [row.id for row in rows])
    return tuple(_run(row, figures[row.id], not_read[row.id]) for row in rows)


def run(connection: Connection, number: int) -> Run | None:
    """Return one run; None where there is none of that number."""
    row = connection.execute(select(tables.run).where(tables.run.c.id == number)).one_or_none()
    if row is None:
        return None
    return _run(row, _figures(connection, [number], None)[number], _not_read(connection, [number])[number])


def details(connection: Connection, found: Run) -> RunDetails:
    """Return everything about one run but its Findings."""

    def rows(table: Any, *order: str) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.run_id == found.id)
        return connection.execute(query.order_by(*(table.c[name] for name in order))).all()

    return RunDetails(
        run=found,
        packs=tuple(PackStamp(row.name, row.version, row.digest, row.rules) for row in rows(tables.pack, "name")),
        scopes=tuple(row.name for row in rows(tables.scope, "name")),
        rules=tuple(_rule(row) for row in rows(tables.rule, "rule")),
        ledger=tuple(_entry(row) for row in rows(tables.ledger, "number")),
        exemptions=tuple(
            ExemptionRecord(*(getattr(row, name) for name in ExemptionRecord._fields))
            for row in rows(tables.exemption, "state", "id")
        ),
    )


def sightings(connection: Connection, number: int, tenant: str | None) -> dict[int, tuple[Verdict, str | None]]:
    """Return number of the Finding → verdict and Exemption in the run ``number``."""
    sighting, finding = tables.sighting, tables.finding
    query = select(sighting.c.finding_id, sighting.c.verdict, sighting.c.exemption).where(sighting.c.run_id == number)
    if tenant is not None:
        query = query.join(finding, finding.c.id == sighting.c.finding_id).where(finding.c.tenant == tenant)
    return {
        key: (verdict_of_code(code), exemption if tenant is None or exemption is None else ACCEPTED)
        for key, code, exemption in connection.execute(query)
    }


def findings(connection: Connection, number: int, tenant: str | None) -> tuple[StoredFinding, ...]:
    """Return the Findings of a run, the worst first, then by Rule and Resource."""
    seen = sightings(connection, number, tenant)
    of_run = select(tables.sighting.c.finding_id).where(tables.sighting.c.run_id == number)
    rows = _finding_rows(connection, tables.finding.c.id.in_(of_run), tenant)
    return in_order(stored(row, *seen[row.id], tenant) for row in rows)


def resolved(
    connection: Connection, number: int, rules: Collection[str], tenant: str | None
) -> tuple[StoredFinding, ...]:
    """Return the Findings of ``rules`` that the run ``number`` resolved, the worst first."""
    table = tables.finding
    rows = _finding_rows(connection, (table.c.resolved_run == number) & table.c.rule.in_(rules), tenant)
    return in_order(stored(row, Verdict.FAIL, None, tenant) for row in rows)


def findings_between(connection: Connection, numbers: Sequence[int], tenant: str | None) -> dict[int, Row[Any]]:
    """Return number of the Finding → its row, for all Findings that any of the runs ``numbers`` has."""
    of_runs = select(tables.sighting.c.finding_id).where(tables.sighting.c.run_id.in_(numbers))
    return {row.id: row for row in _finding_rows(connection, tables.finding.c.id.in_(of_runs), tenant)}


def _finding_rows(connection: Connection, condition: Any, tenant: str | None) -> Iterator[Row[Any]]:
    table, rule = tables.finding, tables.rule
    title = select(rule.c.title).where(rule.c.run_id == table.c.last_run, rule.c.rule == table.c.rule).scalar_subquery()
    told = (title if tenant is not None else table.c.rule).label("title")
    query: Select[Any] = select(table, told, *COLUMNS).where(condition)
    query = query.outerjoin(tables.difference, tables.difference.c.finding_id == table.c.id)
    if tenant is not None:
        query = query.where(table.c.tenant == tenant)
    yield from connection.execute(query)


def stored(row: Row[Any], verdict: Verdict, exemption: str | None, tenant: str | None) -> StoredFinding:
    """Return a row as a value; for a tenant with the message it may read, and without input and path."""
    return StoredFinding(
        fingerprint=row.fingerprint,
        tenant=row.tenant,
        rule=row.rule,
        severity=Severity(row.severity),
        concern=row.concern,
        type=row.type,
        resource=row.resource,
        environment=row.environment,
        input=row.input if tenant is None else "",
        path=row.path if tenant is None else "",
        message=row.message if tenant is None else row.own_message or row.title or row.rule,
        first_run=row.first_run,
        first_seen=row.first_seen,
        last_run=row.last_run,
        last_seen=row.last_seen,
        resolved_run=row.resolved_run,
        resolved=row.resolved,
        verdict=verdict,
        exemption=exemption,
        difference=difference_of(row, tenant),
    )


def in_order(found: Iterator[StoredFinding]) -> tuple[StoredFinding, ...]:
    """Return Findings the worst first, then by Rule, Resource and fingerprint."""
    return tuple(sorted(found, key=lambda one: (-one.severity, one.rule, one.resource, one.fingerprint, one.tenant)))


def history(connection: Connection, limit: int | None, tenant: str | None) -> tuple[Past, ...]:
    """Return the figures of the last ``limit`` recorded runs, the oldest first."""
    table = tables.run
    query = select(table).where(table.c.status.in_(RECORDED)).order_by(table.c.id.desc()).limit(limit)
    rows = connection.execute(query).all()[::-1]
    numbers = [row.id for row in rows]
    figures = _figures(connection, numbers, tenant)
    not_read = _not_read(connection, numbers) if tenant is None else Counter()
    return tuple(
        Past(
            run=row.id,
            started=row.started,
            status=Status(row.status),
            resources=row.resources if tenant is None else 0,
            not_read=not_read[row.id],
            **figures[row.id],
        )
        for row in rows
    )


def _figures(connection: Connection, numbers: Sequence[int], tenant: str | None) -> Mapping[int, dict[str, Any]]:
    """Return run → counts by severity, tenant and concern, of what is unknown and of what is exempted."""
    tally, rule = tables.tally, tables.rule
    failing, unknown, exempted = (
        sql.sum(column) for column in (tally.c.failing, tally.c.unknown + tally.c.errors, tally.c.exempted)
    )
    query = (
        select(tally.c.run_id, tally.c.tenant, rule.c.severity, rule.c.concern, failing, unknown, exempted)
        .join(rule, (rule.c.run_id == tally.c.run_id) & (rule.c.rule == tally.c.rule))
        .where(tally.c.run_id.in_(numbers))
        .group_by(tally.c.run_id, tally.c.tenant, rule.c.severity, rule.c.concern)
    )
    if tenant is not None:
        query = query.where(tally.c.tenant == tenant)
    found: defaultdict[int, dict[str, Any]] = defaultdict(_no_figures)
    for number, owner, severity, concern, fails, unknowns, accepted in connection.execute(query):
        figures = found[number]
        figures["by_severity"][Severity(severity)] += fails
        figures["by_tenant"][owner] += fails
        figures["by_concern"][concern] += fails
        figures["unknown"] += unknowns
        figures["exempted"] += accepted
    return found


def _no_figures() -> dict[str, Any]:
    return {"by_severity": Counter(), "by_tenant": Counter(), "by_concern": Counter(), "unknown": 0, "exempted": 0}


def _not_read(connection: Connection, numbers: Sequence[int]) -> Counter[int]:
    ledger = tables.ledger
    number = sql.sum(case((ledger.c.incomplete, 1), else_=0))
    query = select(ledger.c.run_id, number).where(ledger.c.run_id.in_(numbers)).group_by(ledger.c.run_id)
    return Counter({row[0]: row[1] for row in connection.execute(query)})


def _run(row: Row[Any], figures: Mapping[str, Any], not_read: int) -> Run:
    return Run(
        id=row.id,
        status=Status(row.status),
        started=row.started,
        finished=row.finished,
        reason=row.reason,
        tool_version=row.tool_version,
        estate_name=row.estate_name,
        estate_digest=row.estate_digest,
        resources=row.resources,
        elapsed_s=row.elapsed_s,
        by_severity=figures["by_severity"],
        unknown=figures["unknown"],
        exempted=figures["exempted"],
        not_read=not_read,
    )


def _rule(row: Row[Any]) -> RuleRecord:
    numbers = (row.passed, row.failed, row.unknown, row.skipped, row.errors)
    return RuleRecord(
        rule=row.rule,
        title=row.title,
        severity=Severity(row.severity),
        concern=row.concern,
        controls={name: tuple(ids) for name, ids in json.loads(row.controls).items()},
        verdicts=dict(zip(Verdict, numbers, strict=True)),
        exempted=row.exempted,
        evidence=row.evidence,
    )


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        input=row.input,
        state=State(row.state),
        reason=row.reason,
        line=row.line,
        column=row.column,
        resources=row.resources,
        incomplete=row.incomplete,
        rule=row.rule,
    )
