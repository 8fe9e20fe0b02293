"""One Resource, the Rules of its type, one verdict each.

The order of questions is fixed: does the Rule concern this Resource (scope)? Does it read anything unknown? Only then
is it run. So no Rule needs a guard, and every verdict that is not a pass or a fail has a stated reason.
"""

from collections.abc import Mapping
from typing import NamedTuple

from scanner.engine.absence import Absence
from scanner.engine.programs import Context, Failure, Outcome, Programs
from scanner.engine.withholding import NOTHING, Withheld, outside, reduced, withheld
from scanner.model.path import Path
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule, Scope
from scanner.model.tenancy import Standing
from scanner.model.types import CLUSTER_SCOPED, is_azure
from scanner.model.verdict import Verdict


class Judgement(NamedTuple):
    """What some Rules said of one Resource."""

    codes: bytes
    """One Verdict code for each Rule that was asked, in order."""
    reasons: Mapping[str, str]
    """Rule id → why, for verdicts other than pass and fail."""
    faults: tuple[tuple[Rule, Fault], ...]
    """What failed or is unknown, in the order of the Rules."""
    failures: tuple[tuple[Rule, str], ...]
    """Rules that could not be evaluated, and why."""


class Judge:
    """Asks Rules about Resources. One instance serves one thread."""

    def __init__(self, programs: Programs, context: Context) -> None:
        self._programs = programs
        self._context = context
        absence = Absence(programs, context)
        self._absence = absence if absence else None
        self._all_pass: dict[int, bytes] = {}
        self._unscoped: dict[tuple[Rule, ...], bool] = {}

    def judge(self, rules: tuple[Rule, ...], resource: Resource) -> Judgement:
        """Return the verdict of every Rule of ``rules`` on ``resource``."""
        if resource.unknowns or not self._concern_any(rules):
            return self._carefully(rules, resource)
        outcomes = self._run(rules, resource)
        if not any(outcomes):
            return Judgement(self._passes(len(rules)), _NO_REASONS, (), ())
        answers = [_Answer(rule, outcome) for rule, outcome in zip(rules, outcomes, strict=True)]
        return _judgement(answers)

    def seconds(self, rules: tuple[Rule, ...], resource: Resource) -> dict[str, float]:
        """Return how long each of ``rules`` that concerns ``resource`` takes alone, by its id."""
        askable = tuple(rule for rule in rules if _out_of_scope(rule, resource) is None)
        return self._programs.seconds(askable, resource, self._context)

    def _run(self, rules: tuple[Rule, ...], resource: Resource) -> list[Outcome]:
        outcomes = self._programs.run(rules, resource, self._context)
        return outcomes if self._absence is None else self._absence.weighed(rules, resource, outcomes)

    def _concern_any(self, rules: tuple[Rule, ...]) -> bool:
        """Whether all of ``rules`` concern every Resource of their types."""
        known = self._unscoped.get(rules)
        if known is None:
            known = self._unscoped[rules] = all(rule.scope is Scope.ANY for rule in rules)
        return known

    def _carefully(self, rules: tuple[Rule, ...], resource: Resource) -> Judgement:
        """Judge where scope or an Unknown keeps some Rules from being run as they are."""
        answers: dict[str, _Answer] = {}
        askable: list[Rule] = []
        for rule in rules:
            answer = _out_of_scope(rule, resource) or self._partly_unknown(rule, resource)
            if answer is None:
                askable.append(rule)
            else:
                answers[rule.id] = answer
        for rule, outcome in zip(askable, self._run(tuple(askable), resource) if askable else (), strict=True):
            answers[rule.id] = _Answer(rule, outcome)
        return _judgement([answers[rule.id] for rule in rules])

    def _partly_unknown(self, rule: Rule, resource: Resource) -> "_Answer | None":
        kept = withheld(rule, resource) if resource.unknowns else NOTHING
        if not kept.faults:
            return None
        outcome: Outcome = ()
        if not kept.everything:
            (outcome,) = self._run((rule,), reduced(resource, kept.elements))
        return _with_unknowns(rule, outcome, kept)

    def _passes(self, number: int) -> bytes:
        codes = self._all_pass.get(number)
        if codes is None:
            codes = self._all_pass[number] = bytes([Verdict.PASS.code]) * number
        return codes


class _Answer(NamedTuple):
    """What one Rule said: an outcome of running it, or the verdict that made running it pointless."""

    rule: Rule
    outcome: Outcome = ()
    verdict: Verdict | None = None
    reason: str = ""


_NO_REASONS: Mapping[str, str] = {}


def _judgement(answers: list[_Answer]) -> Judgement:
    codes = bytearray()
    reasons: dict[str, str] = {}
    faults: list[tuple[Rule, Fault]] = []
    failures: list[tuple[Rule, str]] = []
    for answer in answers:
        verdict, reason = _verdict(answer)
        codes.append(verdict.code)
        if reason:
            reasons[answer.rule.id] = reason
        if isinstance(answer.outcome, Failure):
            failures.append((answer.rule, str(answer.outcome)))
        else:
            faults.extend((answer.rule, fault) for fault in answer.outcome if fault.verdict is not Verdict.SKIP)
    return Judgement(bytes(codes), reasons or _NO_REASONS, tuple(faults), tuple(failures))


def _verdict(answer: _Answer) -> tuple[Verdict, str]:
    if answer.verdict is not None:
        return answer.verdict, answer.reason
    outcome = answer.outcome
    if not outcome:
        return Verdict.PASS, ""
    if isinstance(outcome, Failure):
        return Verdict.ERROR, str(outcome)
    if any(fault.verdict is Verdict.FAIL for fault in outcome):
        return Verdict.FAIL, ""
    for verdict in (Verdict.UNKNOWN, Verdict.SKIP):
        reason = next((fault.message for fault in outcome if fault.verdict is verdict), None)
        if reason is not None:
            return verdict, reason
    return Verdict.PASS, ""


def _with_unknowns(rule: Rule, outcome: Outcome, kept: Withheld) -> _Answer:
    if isinstance(outcome, Failure):
        return _Answer(rule, outcome)
    return _Answer(rule, (*outside(outcome, kept.elements), *kept.faults))


def _out_of_scope(rule: Rule, resource: Resource) -> _Answer | None:
    """Return the answer of a Rule that does not concern ``resource``, or cannot tell; None where it does."""
    if rule.scope is Scope.ANY:
        return None
    match resource.tenancy.standing:
        case Standing.TENANT:
            return None
        case Standing.PLATFORM:
            return _Answer(rule, verdict=Verdict.SKIP, reason="the platform's own namespaces are out of its scope")
        case Standing.UNDECLARED:
            return _undeclared(rule, resource)
        case Standing.CLUSTER if rule.scope is Scope.TENANT:
            return _Answer(rule, verdict=Verdict.SKIP, reason="it belongs to no tenant but to the cluster as a whole")
        case Standing.UNMAPPED if rule.scope is Scope.TENANT:
            return _Answer(
                rule, (resource.unknown(f"tenant is not known: {resource.tenancy.reason}", _says_whose(resource)),)
            )
        case _:
            return None


def _says_whose(resource: Resource) -> Path:
    if is_azure(resource.type):
        return ("tags",)
    return ("metadata", "name") if resource.type == "core/Namespace" else ("metadata", "namespace")


def _undeclared(rule: Rule, resource: Resource) -> _Answer | None:
    """Without an Estate every namespaced Resource outside the ``kube-*`` namespaces counts as a tenant's."""
    is_namespace = resource.type == "core/Namespace"
    if (resource.name if is_namespace else resource.namespace).startswith("kube-"):
        return _Answer(rule, verdict=Verdict.SKIP, reason="the namespaces of Kubernetes itself are out of its scope")
    if rule.scope is Scope.TENANT and resource.type in CLUSTER_SCOPED and not is_namespace:
        return _Answer(rule, verdict=Verdict.SKIP, reason="without an estate it cannot be said whose it is")
    return None
