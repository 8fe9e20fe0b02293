"""One run's outcome as a value; every format and every enforcement point starts from it.

Verdicts are kept compactly (one byte each beside the Resource they are about), because a run over a large estate has
millions of passes and its evidence needs them all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.judged import Judged
from scanner.model.ledger import LedgerEntry, State, in_order
from scanner.model.rule import Rule
from scanner.model.severity import Severity
from scanner.model.verdict import Verdict, verdict_of_code


class PackStamp(NamedTuple):
    """Which Pack judged: enough to prove later which rules were in force."""

    name: str
    version: str
    digest: str
    """``sha256:`` and 64 hexadecimal digits over every file of the Pack."""
    rules: int


class RuleTally(NamedTuple):
    """How often a Rule said what."""

    verdicts: Mapping[Verdict, int]
    """Resources by what the Rule said of them."""
    exempted: int
    """Findings of it that are exempted."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What blocks: the choices of one enforcement point."""

    fail_on: Severity = Severity.LOW
    """Findings of this severity and above block."""
    unknown: str = "warn"
    """``ignore``, ``warn`` or ``fail``: what an unknown verdict does."""
    incomplete: str = "fail"
    """``fail`` (exit 3) or ``warn``: what an incomplete run does."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures every format shows; Findings that are exempted are counted apart."""

    resources: int
    by_verdict: Mapping[Verdict, int]
    """Verdicts over all (Rule, Resource) pairs."""
    findings: int
    """Failing Findings that are not exempted."""
    unknown: int
    """Unknown Findings that are not exempted."""
    errors: int
    exempted: int
    by_severity: Mapping[Severity, int]
    """Failing Findings that are not exempted."""
    by_rule: Mapping[str, int]
    by_concern: Mapping[str, int]
    by_tenant: Mapping[str, int]
    """Tenant id, or ``-`` where there is none."""
    ledger: Mapping[State, int]


@dataclass(frozen=True)
class Report:
    """All verdicts of one run, sorted: the same input gives the same Report."""

    tool_version: str
    packs: tuple[PackStamp, ...]
    rules: Mapping[str, Rule]
    """Every Rule that was loaded and selected, by id, sorted."""
    judged: tuple[Judged, ...]
    """Sorted by file, document and key."""
    findings: tuple[Finding, ...]
    """Failing, unknown and erroneous ones, exempted ones included; sorted by file, line, rule."""
    ledger: tuple[LedgerEntry, ...]
    """Sorted by input."""
    notes: tuple[LedgerEntry, ...] = ()
    """What the user should know that is no input: expired, unused and malformed exemptions, duplicate keys."""
    exemptions_used: tuple[Exemption, ...] = ()
    exemptions_expired: tuple[Exemption, ...] = ()
    exemptions_unused: tuple[Exemption, ...] = ()
    gate: Gate = field(default_factory=Gate)
    estate_name: str = ""
    estate_digest: str = ""
    rego_engine: str = ""
    """Name and version of the engine that ran the Rego rules; empty where none was needed."""
    today: date | None = None
    """The clock of the run: what exemptions were compared with."""
    elapsed_s: float = 0.0

    def counts(self) -> Counts:
        """Count everything once."""
        verdicts: Counter[Verdict] = Counter()
        codes: Counter[int] = Counter()
        for judged in self.judged:
            codes.update(judged.codes)
        for code, number in codes.items():
            verdicts[verdict_of_code(code)] += number
        failing = [f for f in self.findings if f.verdict is Verdict.FAIL and f.exemption is None]
        return Counts(
            resources=len(self.judged),
            by_verdict=verdicts,
            findings=len(failing),
            unknown=sum(f.verdict is Verdict.UNKNOWN and f.exemption is None for f in self.findings),
            errors=sum(f.verdict is Verdict.ERROR for f in self.findings),
            exempted=sum(f.exemption is not None for f in self.findings),
            by_severity=Counter(f.severity for f in failing),
            by_rule=Counter(f.rule for f in failing),
            by_concern=Counter(self.rules[f.rule].concern for f in failing),
            by_tenant=Counter(tenant or "-" for f in failing for tenant in f.tenants),
            ledger=Counter(entry.state for entry in self.ledger),
        )

    def tallies(self) -> dict[str, RuleTally]:
        """Return how often each selected Rule said what, by Rule id, sorted; a Rule nobody was asked about has none."""
        verdicts: dict[str, Counter[Verdict]] = {rule: Counter() for rule in self.rules}
        # Resources of a type share their tuple of Rules and mostly their verdicts, so few pairs stand for millions
        alike = Counter((judged.rules, judged.codes) for judged in self.judged)
        for (rules, codes), number in alike.items():
            for rule, code in zip(rules, codes, strict=True):
                verdicts.setdefault(rule, Counter())[verdict_of_code(code)] += number
        exempted = Counter(finding.rule for finding in self.findings if finding.exemption is not None)
        return {rule: RuleTally(verdicts[rule], exempted[rule]) for rule in sorted(verdicts)}

    def blocking(self) -> tuple[Finding, ...]:
        """Findings that make the gate close: failing ones from ``fail_on`` up, and unknown ones where they count."""
        return tuple(f for f in self.findings if self._blocks(f))

    def with_notes(self, notes: Iterable[LedgerEntry]) -> "Report":
        """Return this Report with more notes."""
        return replace(self, notes=in_order((*self.notes, *notes)))

    def _blocks(self, finding: Finding) -> bool:
        if finding.exemption is not None or finding.severity < self.gate.fail_on:
            return False
        if finding.verdict is Verdict.UNKNOWN:
            return self.gate.unknown == "fail"
        return finding.verdict is Verdict.FAIL

    def incomplete(self) -> tuple[LedgerEntry, ...]:
        """Ledger entries that make the run incomplete."""
        return tuple(entry for entry in self.ledger if entry.incomplete)

    def exit_code(self) -> int:
        """0 passed, 1 blocking Findings, 3 incomplete; blocking Findings win."""
        if self.blocking():
            return 1
        if self.gate.incomplete == "fail" and self.incomplete():
            return 3
        return 0
