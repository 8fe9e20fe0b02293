"""What a report over several runs is made of, read from the store at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scanner.audit.store import Changes, Past, RunDetails, Store, StoredFinding
from scanner.audit.store.sight import DRIFT, is_declared
from scanner.model.moment import Moment
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict

TREND = 60
"""Runs in a chart; two months of nights."""
PARTS: Mapping[str, str] = {
    "introduced": "new",
    "fixed": "fixed",
    "still_open": "still open",
    "became_unknown": "became unknown",
    "accepted": "accepted",
    "out_of_sight": "out of sight",
}
"""Part of :class:`scanner.audit.store.Changes` → what people read."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One run, what became of Findings since the one before, and the trend until then."""

    details: RunDetails
    findings: tuple[StoredFinding, ...]
    """Of the run, the worst first."""
    changes: Changes | None
    """Since the recorded run before; None for the first one."""
    history: tuple[Past, ...]
    """The oldest first; the run is the last of them."""
    timelines: Mapping[str, tuple[Moment, ...]]
    """Key of a Resource that has drifted, in this run or the one before → what is known to have happened to it."""
    mended: tuple[StoredFinding, ...]
    """Differences that this run was the first to find gone."""
    tenant: str | None
    """Whose report it is; None for everybody's. Then what is not the tenant's must not be shown."""

    def part(self, name: str) -> tuple[StoredFinding, ...]:
        """Return a part of the changes; in a first run everything that fails is new."""
        if self.changes is not None:
            found: tuple[StoredFinding, ...] = getattr(self.changes, name)
            return found
        if name == "introduced":
            return self.failing
        return tuple(one for one in self.unknown) if name == "became_unknown" else ()

    @property
    def failing(self) -> tuple[StoredFinding, ...]:
        """Findings that fail and are not exempted."""
        return tuple(one for one in self.findings if one.verdict is Verdict.FAIL and one.exemption is None)

    @property
    def unknown(self) -> tuple[StoredFinding, ...]:
        """Findings that could not be decided and are not exempted."""
        return tuple(one for one in self.findings if one.verdict is not Verdict.FAIL and one.exemption is None)

    @property
    def compares(self) -> bool:
        """Whether the run compared what is declared with what is live; for a tenant it is not said."""
        return self.tenant is None and any(map(is_declared, self.details.scopes))

    @property
    def drifted(self) -> tuple[StoredFinding, ...]:
        """Differences between what is declared and what is live that are not exempted."""
        return tuple(one for one in self.failing if one.rule in DRIFT)

    @property
    def untold(self) -> tuple[StoredFinding, ...]:
        """Findings that it could not be said whether something drifted."""
        return tuple(one for one in self.unknown if one.rule in DRIFT)

    def by_severity(self) -> dict[Severity, int]:
        """Return failing Findings by severity, the worst first."""
        numbers = Counter(one.severity for one in self.failing)
        return {severity: numbers[severity] for severity in reversed(Severity)}

    def groups(self, of: Callable[[StoredFinding], str]) -> dict[str, dict[str, int]]:
        """Return what ``of`` gives → part of the changes → number, those with the most open Findings first."""
        found: dict[str, Counter[str]] = {}
        for name in PARTS:
            for one in self.part(name):
                found.setdefault(of(one), Counter())[name] += 1
        order = sorted(found, key=lambda key: (-_open(found[key]), key))
        return {key: {name: found[key][name] for name in PARTS} for key in order}


def overview(store: Store, run: int, *, since: int | None = None, tenant: str | None = None) -> Overview:
    """Read everything about ``run``, compared with ``since`` or else the recorded run before it."""
    runs = [one.id for one in store.runs(recorded=True) if one.id <= run]
    before = since if since is not None else next((number for number in runs if number < run), None)
    findings = store.findings(run, tenant=tenant)
    changes = store.compare(before, run, tenant=tenant) if before is not None else None
    mended = store.resolved(run, DRIFT, tenant=tenant)
    drifted = {one.resource for one in (*findings, *mended) if one.rule in DRIFT}
    return Overview(
        details=store.run(run),
        findings=findings,
        changes=changes,
        timelines=store.past(drifted, tenant=tenant, until=run) if drifted else {},
        mended=mended,
        history=_until(store.history(tenant=tenant), run),
        tenant=tenant,
    )


def _until(history: Iterable[Past], run: int) -> tuple[Past, ...]:
    return tuple(past for past in history if past.run <= run)[-TREND:]


def _open(numbers: Mapping[str, int]) -> int:
    return numbers["introduced"] + numbers["still_open"]
