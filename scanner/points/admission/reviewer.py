"""The line of admission: a review in, a Decision and an answer out. A pure function of bytes but for the clock."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from scanner.config import ExemptionPolicy
from scanner.engine import programs
from scanner.engine.programs import Programs
from scanner.engine.selection import select
from scanner.engine.workers import Workshop
from scanner.exemptions import apply
from scanner.model.exemption import Exemption
from scanner.model.finding import Finding
from scanner.model.rule import Rule
from scanner.model.verdict import Verdict
from scanner.packs.loader import Pack
from scanner.points.admission.answer import answer
from scanner.points.admission.context import Context, looked_up, no_context
from scanner.points.admission.decision import Before, Decided, Decision
from scanner.points.admission.evaluation import Evaluated, Evaluator
from scanner.points.admission.policy import Action, Asked, Policy
from scanner.points.admission.request import DELETE, AdmissionRequest, read_request
from scanner.points.admission.subject import Passed, Subject, subject_of

if TYPE_CHECKING:
    from scanner.estate import Estate

BUDGET_S = 2.5
"""For one review where the API server does not say how long it waits."""
ALL, BLOCKING, ADVISORY = HOOKS = ("all", "blocking", "advisory")
"""Which Rules a hook asks: all, those that may deny, or the others. Two registrations split them, with
``failurePolicy`` ``Fail`` and ``Ignore``."""
POINT = "admission"
REMEMBERED = 2_000
"""Answers of Rego rules that are kept for each type: Pods of one template, and what is applied again and again."""
CLOCK_STEP = timedelta(minutes=1)
"""By how much Rego rules that know the time may be behind."""


def running_clock() -> tuple[date, datetime]:
    """Return the day and the instant of this moment."""
    now = datetime.now(UTC)
    return now.date(), now


@dataclass(frozen=True, slots=True)
class Setup:
    """What decides: the same as for the gate, and what follows from a Finding."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    policy: Policy
    estate: "Estate | None" = None
    exemptions: tuple[Exemption, ...] = ()
    permitted: ExemptionPolicy = field(default_factory=ExemptionPolicy)
    cluster: str = ""
    """Name of the cluster as the Estate has it."""
    rego_engine: str = "auto"
    deadline_s: float = 1.0
    """For all Rego rules of one object together."""
    clock: Callable[[], tuple[date, datetime]] = field(default=running_clock)
    """Returns the day that Exemptions are compared with, and the instant."""

    def asked_by(self, hook: str) -> tuple[Rule, ...]:
        """Return the Rules that a hook of :data:`HOOKS` asks."""
        if hook == ALL:
            return self.rules
        return tuple(rule for rule in self.rules if self.policy.may_deny(rule) is (hook == BLOCKING))


class Reviewer:
    """Answers reviews for one hook. Serves one thread; close it when it is no longer asked."""

    def __init__(self, setup: Setup, context: Context | None = None, hook: str = ALL) -> None:
        self.setup = setup
        self.hook = hook
        self.selection = select(setup.asked_by(hook), point=POINT, estate=setup.estate is not None)
        self.context = context if context is not None else no_context(self.selection)
        self._looked_up = looked_up(self.selection, setup.estate)
        self._is_clocked = any(one.language == "rego" and "clock" in one.needs for one in self.selection.rules.values())
        self._loaded = setup.clock()[1]
        self._shop = Workshop(self.selection, setup.packs, setup.rego_engine, setup.deadline_s, remembered=REMEMBERED)
        self._local, self._wide = self._shop.programs(), self._with_base(self._loaded)
        self._evaluator = Evaluator(self.selection, self._local, self._wide, setup.estate)
        used = {rule.pack for rule in self.selection.rules.values()}
        self._packs = {pack.name: pack.digest for pack in setup.packs if pack.name in used}

    def review(self, body: bytes, budget_s: float = BUDGET_S) -> bytes:
        """Return the answer to the review in ``body``. Raises ReviewError where it is none."""
        request = read_request(body)
        started = time.monotonic()
        if wanted := self.wanted(request):
            self.context.fetch(wanted, request.home, budget_s)
        return self.answer(self.decide(request, budget_s - (time.monotonic() - started)))

    def wanted(self, request: AdmissionRequest) -> tuple[str, ...]:
        """Return the types that have to be read from the cluster before ``request`` is decided; nearly always none."""
        types = () if request.operation == DELETE else self._looked_up.get(request.type, ())
        return self.context.wanted(types, request.home) if types else ()

    def answer(self, decision: Decision) -> bytes:
        """Return ``decision`` as the API server wants it."""
        return answer(decision, self.selection.rules, self._packs)

    def decide(self, request: AdmissionRequest, budget_s: float = BUDGET_S) -> Decision:
        """Return what is decided about ``request``; the Rules have ``budget_s`` seconds from now."""
        deadline = time.monotonic() + budget_s
        subject = subject_of(request, self.setup.cluster)
        name = f"{request.namespace}/{request.name}" if request.namespace else request.name
        decision = Decision(self._id(request), request, f"{request.type.rpartition('/')[2]} {name}")
        if isinstance(subject, Passed):
            return replace(decision, passed=str(subject))
        found, before = self._judge(subject, deadline)
        accepted, open_ = self._exempted(found)
        asked = Asked.of(request)
        return replace(
            decision,
            title=subject.new.title,
            decided=tuple(self._decided(finding, asked, before, subject.status_only) for finding in open_),
            accepted=accepted,
            tenancy=found.tenancy,
            verdicts=found.verdicts,
            reasons=found.reasons,
            overrun=time.monotonic() > deadline,
        )

    def rule_seconds(self, request: AdmissionRequest) -> dict[str, float]:
        """Return how long each Rule takes alone that is asked about ``request``, by its id; it decides nothing."""
        subject = subject_of(request, self.setup.cluster)
        if isinstance(subject, Passed):
            return {}
        moment = self.context.moment(subject.new.namespace)
        return self._evaluator.seconds(subject.new, moment, self.setup.clock()[1])

    def close(self) -> None:
        """End what engines have started."""
        self._local.close()
        self._wide.close()

    def _judge(self, subject: Subject, deadline: float) -> tuple[Evaluated, Before | None]:
        """Return what is said of the new object and, for an update that is held to its own part, of the old one."""
        moment = self.context.moment(subject.new.namespace)
        now = self.setup.clock()[1]
        self._keep_time(now)
        found = self._evaluator.evaluate(subject.new, moment, now, deadline)
        own_part = subject.status_only or self.setup.policy.choice.updates == "introduced"
        if subject.old is None or not own_part or not found.findings:
            return found, None
        old = self._evaluator.evaluate(subject.old, moment, now, deadline)
        return found, Before(self._exempted(old)[1])

    def _exempted(self, found: Evaluated) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return the Findings that an Exemption accepts, and the others."""
        setup = self.setup
        if not found.findings or not setup.exemptions:
            return (), found.findings
        applied = apply(
            found.findings, setup.exemptions, setup.clock()[0], setup.permitted, lambda _: found.labels
        ).findings
        return _where(applied, True), _where(applied, False)

    def _decided(self, finding: Finding, asked: Asked, before: Before | None, status_only: bool) -> Decided:
        action = self.setup.policy.action(finding, self.selection.rules[finding.rule], asked)
        if action is Action.DENY and finding.verdict is Verdict.ERROR and status_only:
            return Decided(finding, Action.WARN, "only the status changes")
        if action is Action.DENY and before is not None and before.holds(finding):
            return Decided(finding, Action.WARN, "it was there before this change")
        return Decided(finding, action)

    def _id(self, request: AdmissionRequest) -> str:
        return blake2b(f"{self.hook}\0{request.uid}".encode(errors="backslashreplace"), digest_size=8).hexdigest()

    def _with_base(self, now: datetime) -> Programs:
        """Return the code of the Rules with the Estate and the clock as base document."""
        base = programs.Context(None, self.setup.estate, now).data()
        return replace(self._shop, data=base).programs()

    def _keep_time(self, now: datetime) -> None:
        """Load Rego rules that know the time anew when theirs has gone by: they have it from their base document."""
        if not self._is_clocked or abs(now - self._loaded) < CLOCK_STEP:
            return
        self._wide.close()
        self._loaded, self._wide = now, self._with_base(now)
        self._evaluator = Evaluator(self.selection, self._local, self._wide, self.setup.estate)


def _where(findings: Iterable[Finding], accepted: bool) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if (finding.exemption is not None) is accepted)
