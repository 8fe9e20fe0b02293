"""What goes into the store and comes out of it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scanner.model.finding import Difference
from scanner.model.ledger import LedgerEntry
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict
from scanner.report import PackStamp


class Status(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    """It was begun and neither recorded nor given up; its process may be gone, and can be resumed."""
    COMPLETE = "complete"
    """Recorded; everything it set out to read was read."""
    INCOMPLETE = "incomplete"
    """Recorded; its ledger says what was not read."""
    FAILED = "failed"
    """Given up, with the reason."""

    @property
    def recorded(self) -> bool:
        """Whether it has Findings that can be compared."""
        return self in (Status.COMPLETE, Status.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known when a run begins."""

    started: datetime
    """With a time zone."""
    tool_version: str
    packs: tuple[PackStamp, ...] = ()
    estate_name: str = ""
    estate_digest: str = ""
    scopes: tuple[str, ...] = ()
    """What the run sets out to look at, each named as the keys of its Resources begin: a cluster by its name
    (``prod``), a subscription by its id (``/subscriptions/<uuid>``). What is declared, where that is compared, is named
    by :func:`scanner.audit.store.sight.declared_scope`."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, in a line."""

    id: int
    status: Status
    started: str
    """ISO 8601, UTC."""
    finished: str | None
    reason: str
    """Why it was given up; empty otherwise."""
    tool_version: str
    estate_name: str
    estate_digest: str
    resources: int
    elapsed_s: float
    by_severity: Mapping[Severity, int]
    """Failing Findings that are not exempted; one for each Resource concerned."""
    unknown: int
    exempted: int
    not_read: int
    """Entries of the ledger that make it incomplete."""

    @property
    def failing(self) -> int:
        """Failing Findings that are not exempted."""
        return sum(self.by_severity.values())


class RuleRecord(NamedTuple):
    """How often a Rule said what in one run."""

    rule: str
    title: str
    severity: Severity
    concern: str
    controls: Mapping[str, tuple[str, ...]]
    """Catalogue → ids of controls the Rule stands for."""
    verdicts: Mapping[Verdict, int]
    exempted: int
    evidence: str
    """Digest over its passes; empty where none was given."""


class ExemptionRecord(NamedTuple):
    """One Exemption as a run met it."""

    id: str
    state: str
    """``used``, ``expired`` or ``unused``."""
    rules: str
    reason: str
    owner: str
    ticket: str
    approved_by: str
    expires: str | None
    findings: int


@dataclass(frozen=True, slots=True)
class RunDetails:
    """One run in full, but for its Findings."""

    run: Run
    packs: tuple[PackStamp, ...]
    scopes: tuple[str, ...]
    rules: tuple[RuleRecord, ...]
    ledger: tuple[LedgerEntry, ...]
    exemptions: tuple[ExemptionRecord, ...]


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """One Finding on one Resource: what it is, and since when."""

    fingerprint: str
    tenant: str
    """Tenant id; empty where it is no tenant's."""
    rule: str
    severity: Severity
    concern: str
    type: str
    resource: str
    environment: str
    input: str
    """See :attr:`scanner.model.location.Location.file`."""
    path: str
    message: str
    first_run: int
    first_seen: str
    last_run: int
    last_seen: str
    resolved_run: int | None
    resolved: str | None
    verdict: Verdict
    """In the run that was asked for."""
    exemption: str | None
    """Id of the Exemption that accepted it in that run."""
    difference: Difference | None = None
    """What drifted, where it is about drift: as the last run that has it tells it."""


@dataclass(frozen=True, slots=True)
class Past:
    """The figures of one run among others, for a trend: failing Findings that are not exempted, unless it says else."""

    run: int
    started: str
    status: Status
    resources: int
    """0 where the figures are one tenant's."""
    by_severity: Mapping[Severity, int]
    by_tenant: Mapping[str, int]
    """Tenant id, or empty for what is no tenant's."""
    by_concern: Mapping[str, int]
    unknown: int
    exempted: int
    not_read: int
    """0 where the figures are one tenant's."""
