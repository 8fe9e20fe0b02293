"""Runs made by hand: a Report of few words, recorded in a store."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scanner.audit.store import RunStart, Store
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding, Related
from scanner.model.ledger import LedgerEntry, State
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from scanner.model.tenancy import Tenancy
from scanner.model.verdict import Verdict
from scanner.report import Report
from tests.formats.builder import DUNMORE, at, report, rule
from tests.formats.builder import finding as built

HIGH = rule("ISO-001", "No pod is privileged", Severity.HIGH)
LOW = rule("SUP-001", "Images are pinned", Severity.LOW, pack="rego/supply_chain")
RULES = (HIGH, LOW)
PROD, TEST = "prod", "test"
FIRST = datetime(2026, 11, 1, 2, tzinfo=UTC)


def found(
    name: str,
    *,
    about: Rule = HIGH,
    cluster: str = PROD,
    listing: str = "apps/v1/deployments#1",
    tenancy: Tenancy = DUNMORE,
    verdict: Verdict = Verdict.FAIL,
    message: str = "it is privileged",
    exemption: Exemption | None = None,
    related: Iterable[Related] = (),
) -> Finding:
    """Return a Finding on the Deployment ``name`` of a cluster, as a live cluster gives it."""
    place = at(f"{cluster}/{listing}")
    one = built(about, f"Deployment shop/{name}", message, place, verdict=verdict, tenancy=tenancy, related=related,
                exemption=exemption)  # fmt: skip
    key = one.resource.replace("aks-prd-weu-01/", f"{cluster}/", 1)
    return replace(one, resource=key, fingerprint=f"{about.id}@{key}"[:60])


def unread(input_: str, reason: str = "403 forbidden") -> LedgerEntry:
    """Return an entry of the ledger for what could not be read."""
    return LedgerEntry(input_, State.UNREACHABLE, reason, incomplete=True)


def begin(store: Store, *, scopes: Iterable[str] = (PROD, TEST), day: int = 0) -> int:
    """Begin a run, so many days after the first."""
    start = RunStart(FIRST + timedelta(days=day), "0.3.0", report(RULES).packs, "erp", "sha256:e", tuple(scopes))
    return store.begin(start)


def recorded(
    store: Store,
    *findings: Finding,
    scopes: Iterable[str] = (PROD, TEST),
    ledger: Iterable[LedgerEntry] = (),
    rules: Iterable[Rule] = RULES,
    evidence: Mapping[str, str] | None = None,
    day: int = 0,
) -> int:
    """Begin and record a run; return its number."""
    run = begin(store, scopes=scopes, day=day)
    assert store.record(run, made(*findings, ledger=ledger, rules=rules), evidence)
    return run


def made(*findings: Finding, ledger: Iterable[LedgerEntry] = (), rules: Iterable[Rule] = RULES) -> Report:
    """Return a Report of these Findings."""
    return report(rules, findings, ledger=tuple(ledger))
