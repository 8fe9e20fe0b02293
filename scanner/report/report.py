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
from scanner.model.moment import Moment
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


@dataclass(frozen=True, slots=True)
class Counted:
    """Verdicts as numbers, of a run that is too large to keep each."""

    resources: int
    verdicts: Mapping[str, Mapping[Verdict, int]]
    """Rule id → verdict → Resources."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Rule id → 64 hexadecimal digits over the keys of all Resources that pass it, in whatever order they were read."""


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
    new_only: bool = False
    """Whether only what a change introduced blocks, where the Report is compared with what was before."""
    became_unknown: str = ""
    """``ignore``, ``warn`` or ``fail``: what a verdict does that the change made unknown; empty for as ``unknown``."""
    max_exemptions: int | None = None
    """The gate closes where more Exemptions than this hold; None for any number."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of Findings since what a Report is compared with.

    A Finding that speaks of several instances is in more than one of the tuples where they fared differently, each time
    with only the occurrences that belong there.
    """

    name: str
    """What it is compared with: ``main (1a2b3c4d5e6f)``, ``baseline.yaml``."""
    introduced: tuple[Finding, ...] = ()
    """They were not there before, were unknown, or were accepted and are no longer."""
    fixed: tuple[Finding, ...] = ()
    """They were there before, and what they spoke of passes now or is gone."""
    unchanged: tuple[Finding, ...] = ()
    became_unknown: tuple[Finding, ...] = ()
    """Unknown, where the verdict was known before."""
    introducing: frozenset[int] = frozenset()
    """Which Findings of the Report, by index, hold what ``introduced`` has."""
    losing: frozenset[int] = frozenset()
    """The same of ``became_unknown``."""
    elapsed_s: float = 0.0
    """What judging the other side took; 0 where nothing had to be judged."""
    peak_bytes: int = 0
    """Largest memory of the process until that was done; 0 where it is not known, or nothing had to be judged."""


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
    """Sorted by file, document and key; empty where they are only ``counted``."""
    findings: tuple[Finding, ...]
    """Failing, unknown and erroneous ones, exempted ones included; sorted by file, line, rule."""
    ledger: tuple[LedgerEntry, ...]
    """Sorted by input."""
    notes: tuple[LedgerEntry, ...] = ()
    """What the user should know that is no input: expired, unused and malformed exemptions, duplicate keys."""
    exemptions_used: tuple[Exemption, ...] = ()
    exemptions_expired: tuple[Exemption, ...] = ()
    exemptions_unused: tuple[Exemption, ...] = ()
    exemptions_unseen: tuple[Exemption, ...] = ()
    """They cover nothing here, and not all that they could be for was looked at."""
    gate: Gate = field(default_factory=Gate)
    estate_name: str = ""
    estate_digest: str = ""
    rego_engine: str = ""
    """Name and version of the engine that ran the Rego rules; empty where none was needed."""
    today: date | None = None
    """The clock of the run: what exemptions were compared with."""
    elapsed_s: float = 0.0
    comparison: Comparison | None = None
    """With what was before the change, where that is known."""
    counted: Counted | None = None
    """What stands for ``judged`` in a run over a whole estate."""
    timelines: Mapping[str, tuple[Moment, ...]] = field(default_factory=dict)
    """Key of a Resource that drifted → what is known to have happened to it, the oldest first."""

    @property
    def resources(self) -> int:
        """How many Resources were judged."""
        return self.counted.resources if self.counted else len(self.judged)

    def counts(self) -> Counts:
        """Count everything once."""
        verdicts: Counter[Verdict] = Counter()
        for code, number in Counter(b"".join(judged.codes for judged in self.judged)).items():
            verdicts[verdict_of_code(code)] += number
        for found in self.counted.verdicts.values() if self.counted else ():
            verdicts.update(found)
        failing = [f for f in self.findings if f.verdict is Verdict.FAIL and f.exemption is None]
        return Counts(
            resources=self.resources,
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
        for rule, found in self.counted.verdicts.items() if self.counted else ():
            verdicts.setdefault(rule, Counter()).update(found)
        exempted = Counter(finding.rule for finding in self.findings if finding.exemption is not None)
        return {rule: RuleTally(verdicts[rule], exempted[rule]) for rule in sorted(verdicts)}

    def blocking(self) -> tuple[Finding, ...]:
        """Findings that make the gate close: failing ones from ``fail_on`` up, and unknown ones where they count.

        Where only what is new may block they are those that hold something new.
        """
        new = self.comparison if self.gate.new_only else None
        if new is None:
            return tuple(f for f in self.findings if self._blocks(f, self.gate.unknown))
        lost = self.gate.became_unknown or self.gate.unknown
        return tuple(
            finding
            for number, finding in enumerate(self.findings)
            if (number in new.introducing and self._blocks(finding, self.gate.unknown))
            or (number in new.losing and self._blocks(finding, lost))
        )

    def too_many_exemptions(self) -> bool:
        """Whether more Exemptions hold than the gate permits."""
        most = self.gate.max_exemptions
        return most is not None and self.holding_exemptions() > most

    def holding_exemptions(self) -> int:
        """Return the number of Exemptions that hold, whether anything needs them or not."""
        return len(self.exemptions_used) + len(self.exemptions_unused) + len(self.exemptions_unseen)

    def with_notes(self, notes: Iterable[LedgerEntry]) -> "Report":
        """Return this Report with more notes."""
        return replace(self, notes=in_order((*self.notes, *notes)))

    def _blocks(self, finding: Finding, unknown: str) -> bool:
        if finding.exemption is not None or finding.severity < self.gate.fail_on:
            return False
        if finding.verdict is Verdict.UNKNOWN:
            return unknown == "fail"
        return finding.verdict is Verdict.FAIL

    def incomplete(self) -> tuple[LedgerEntry, ...]:
        """Ledger entries that make the run incomplete."""
        return tuple(entry for entry in self.ledger if entry.incomplete)

    def exit_code(self) -> int:
        """0 passed, 1 blocking Findings or too many Exemptions, 3 incomplete; what blocks wins."""
        if self.blocking() or self.too_many_exemptions():
            return 1
        if self.gate.incomplete == "fail" and self.incomplete():
            return 3
        return 0
