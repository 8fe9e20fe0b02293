"""One Resource, all its Rules, now: the verdicts that a scan of a whole folder would give it, for one object at a time.

The steps are those of :mod:`scanner.engine.pages` and :mod:`scanner.engine.wide`: local Rules see the whole Resource,
wide ones see it reduced, resolved and in its place in the Inventory. A Rule that cannot be asked (what it looks up is
missing, the time is over) has the verdict ``error``, with the reason. Never a pass.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from scanner.engine import programs
from scanner.engine.findings import FindingMaker
from scanner.engine.judge import Judge, Judgement
from scanner.engine.pages import failure
from scanner.engine.selection import ForType, Selection
from scanner.inventory import NAMESPACE, Resolver
from scanner.model.finding import Finding
from scanner.model.resource import Resource
from scanner.model.rule import Rule, Scope
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.verdict import Verdict, verdict_of_code
from scanner.points.admission.context import Moment
from scanner.points.admission.overlay import overlaid, tenancy_of
from scanner.report.collect import error_finding, unretained_tenancy

if TYPE_CHECKING:
    from scanner.estate import Estate


class Evaluated(NamedTuple):
    """What all Rules said of one Resource."""

    findings: tuple[Finding, ...]
    """What fails, is unknown or could not be evaluated; by severity, worst first, then by Rule."""
    labels: Mapping[str, str]
    tenancy: Tenancy
    verdicts: Mapping[str, Verdict]
    """Rule id → its verdict, for every Rule that applies."""
    reasons: Mapping[str, str]
    """Rule id → why, for verdicts other than pass and fail."""


class Evaluator:
    """Asks the Rules of a Selection about single Resources. Serves one thread."""

    def __init__(
        self, selection: Selection, local: programs.Programs, wide: programs.Programs, estate: "Estate | None"
    ) -> None:
        """Take the code of the Rules twice: as local ones run it, and with the Estate as base document."""
        self._selection = selection
        self._programs = wide
        self._estate = estate
        self._local = Judge(local, programs.Context())
        self._maker = FindingMaker()

    def evaluate(self, resource: Resource, moment: Moment, now: datetime, deadline: float) -> Evaluated:
        """Return what the Rules say of ``resource`` at ``now``; ``deadline`` is a reading of :func:`time.monotonic`."""
        asked = self._selection.of(resource.type)
        local = self._ask(self._local, asked.local, resource, deadline)
        tenancy = self._tenancy(resource, asked, moment)
        wide, subject = _NOTHING, resource
        if asked.wide:
            subject = _reduced(resource, asked, tenancy)
            wide = self._ask_wide(asked, subject, moment, now, deadline)
        findings = [
            *(self._maker.make(rule, resource.resolved(tenancy), fault, _nowhere) for rule, fault in local.faults),
            *(self._maker.make(rule, subject, fault, _nowhere) for rule, fault in wide.faults),
            *(error_finding(rule, failure(subject, rule, why)) for rule, why in (*local.failures, *wide.failures)),
        ]
        codes = [*zip(asked.local, local.codes, strict=True), *zip(asked.wide, wide.codes, strict=True)]
        return Evaluated(
            tuple(sorted(findings, key=_order)),
            resource.labels,
            tenancy,
            {**dict.fromkeys(asked.withheld, Verdict.SKIP), **{rule.id: verdict_of_code(code) for rule, code in codes}},
            {**asked.withheld, **local.reasons, **wide.reasons},
        )

    def seconds(self, resource: Resource, moment: Moment, now: datetime) -> dict[str, float]:
        """Return how long each Rule takes alone that can be asked about ``resource`` at ``now``, by its id."""
        asked = self._selection.of(resource.type)
        found = self._local.seconds(asked.local, resource)
        if asked.wide:
            subject = _reduced(resource, asked, self._tenancy(resource, asked, moment))
            askable = tuple(rule for rule in asked.wide if not _missing(rule, subject, moment))
            found |= self._wide_judge(subject, moment, now).seconds(askable, subject)
        return found

    def _tenancy(self, resource: Resource, asked: ForType, moment: Moment) -> Tenancy:
        if self._estate is None:
            return UNDECLARED
        if asked.retained is not None or resource.type in CLUSTER_SCOPED:
            return tenancy_of(resource, moment.inventory, self._estate)
        return unretained_tenancy(resource, Resolver(self._estate, moment.inventory))

    def _ask_wide(self, asked: ForType, subject: Resource, moment: Moment, now: datetime, deadline: float) -> Judgement:
        """Ask the Rules whose lookups can be answered; the others cannot be evaluated."""
        missing = {rule.id: why for rule in asked.wide if (why := _missing(rule, subject, moment))}
        askable = tuple(rule for rule in asked.wide if rule.id not in missing) if missing else asked.wide
        judgement = self._ask(self._wide_judge(subject, moment, now), askable, subject, deadline)
        if not missing:
            return judgement
        codes = dict(zip(askable, judgement.codes, strict=True))
        failures = [(rule, missing[rule.id]) for rule in asked.wide if rule.id in missing]
        return Judgement(
            bytes(codes.get(rule, Verdict.ERROR.code) for rule in asked.wide),
            {**judgement.reasons, **missing},
            judgement.faults,
            (*judgement.failures, *failures),
        )

    def _wide_judge(self, subject: Resource, moment: Moment, now: datetime) -> Judge:
        inventory = overlaid(moment.inventory, subject, self._estate)
        return Judge(self._programs, programs.Context(inventory, self._estate, now))

    def _ask(self, judge: Judge, rules: tuple[Rule, ...], resource: Resource, deadline: float) -> Judgement:
        if not rules:
            return _NOTHING
        if time.monotonic() >= deadline:
            codes = bytes([Verdict.ERROR.code]) * len(rules)
            return Judgement(codes, dict.fromkeys((r.id for r in rules), _LATE), (), tuple((r, _LATE) for r in rules))
        return judge.judge(rules, resource)


_NOTHING = Judgement(b"", {}, (), ())
_LATE = "the time that the API server gives was over before it could be asked"


def _reduced(resource: Resource, asked: ForType, tenancy: Tenancy) -> Resource:
    """Return ``resource`` as wide Rules see it."""
    return (asked.retained.apply(resource) if asked.retained else resource).resolved(tenancy)


def _missing(rule: Rule, subject: Resource, moment: Moment) -> str:
    """Return why ``rule`` cannot be asked about ``subject``: something it looks up is missing. Empty where it can.

    Whose an object is, is a lookup of its Namespace too, for every Rule that depends on it.
    """
    if not moment.missing:
        return ""
    depends = subject.namespace and (rule.scope is not Scope.ANY or "estate" in rule.needs | rule.wants)
    for type_ in (*rule.looks_up, *((NAMESPACE,) if depends else ())):
        if type_ in moment.missing:
            return f"{type_} cannot be looked up: {moment.missing[type_]}"
    return ""


def _nowhere(*_: object) -> None:
    """A review has no lines to point at."""


def _order(finding: Finding) -> tuple[int, str, str]:
    return -finding.severity, finding.rule, finding.tag
