"""Runs Rules of both languages on one Resource; what differs between them ends here.

Code is loaded when the first Resource appears that a Rule applies to. All Rego rules of a Resource run in one call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias, cast

from scanner.engine.recall import MAX_ANSWERS, Recall
from scanner.errors import AuditError
from scanner.inventory import Inventory
from scanner.model.path import parse_path
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Rule
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.types import is_azure, is_terraform
from scanner.model.verdict import Verdict
from scanner.packs.python import Check, describe_failure, load_check
from scanner.packs.rego.engine import RegoEngine, RegoError
from scanner.packs.rego.rules import RegoRules
from scanner.views.pods import containers, pod

KUBERNETES, AZURE = "", "azure"
OWN = (KUBERNETES, AZURE)
"""Our own rules are in two engines, so that a run pays only for the control plane whose resources it reads."""


def own_group(rule: Rule) -> str:
    """Return the engine that ``rule``, if it is one of ours, belongs to."""
    return AZURE if all(is_azure(type_) or is_terraform(type_) for type_ in rule.applies_to) else KUBERNETES


class Failure(str):
    """Why a Rule could not be evaluated: the text of an ``error`` verdict."""

    __slots__ = ()


Outcome: TypeAlias = "Sequence[Fault] | Failure"
"""What running one Rule gave: its faults, or why there is no answer."""


@dataclass(frozen=True, slots=True)
class Context:
    """What Rules may look at beside their Resource."""

    inventory: Inventory | None = None
    estate: Any = None
    """The Estate, or None."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """The instant of the run, in UTC: a Rule has no clock of its own, so that every run can be repeated."""

    def data(self) -> dict[str, Any]:
        """Return what Rego rules have as ``data``: ``estate`` where there is one, and ``clock`` (RFC 3339)."""
        estate = {"estate": self.estate.as_data()} if self.estate is not None else {}
        return {**estate, "clock": self.now.isoformat(timespec="seconds").replace("+00:00", "Z")}


class Programs:
    """The code of the Rules of one run. One instance serves one thread."""

    def __init__(self, rego: Mapping[str, RegoRules], remembered: int = MAX_ANSWERS) -> None:
        """``remembered`` is how many answers of Rego rules are kept, for each type and group of rules."""
        self._rego = rego
        self._remembered = remembered
        self._checks: dict[str, _PythonCheck] = {}
        self._plans: dict[tuple[Rule, ...], _Plan] = {}
        self._records: dict[tuple[RegoEngine, str, str], object] = {}

    def run(self, rules: tuple[Rule, ...], resource: Resource, context: Context) -> list[Outcome]:
        """Return the Outcome of every Rule, in order. Never raises for a fault of a Rule."""
        plan = self._plans.get(rules)
        if plan is None:
            plan = self._plans[rules] = self._plan(rules)
        outcomes: list[Outcome] = [()] * len(rules)
        for index in plan.python:
            outcomes[index] = self._run_python(rules[index], resource, context)
        for batch in plan.rego:
            self._run_rego(batch, rules, resource, context, outcomes)
        for index, failure in plan.failed:
            outcomes[index] = failure
        return outcomes

    def seconds(self, rules: tuple[Rule, ...], resource: Resource, context: Context) -> dict[str, float]:
        """Return how long each Rule takes when it is run alone, by its id. What is known already is not used.

        What Rego rules are given is made once for all of them, so it is in none of the figures.
        """
        found: dict[str, float] = {}
        plan = self._plan(rules)
        for index in plan.python:
            started = perf_counter()
            self._run_python(rules[index], resource, context)
            found[rules[index].id] = perf_counter() - started
        for batch in plan.rego:
            document = rego_input(resource)
            self._add_record(document, resource.tenancy, context.estate, batch.engine)
            held = cast("dict[str, Any]", batch.engine.hold(document))
            for index, entrypoint in batch.entrypoints.items():
                started = perf_counter()
                batch.engine.evaluate(held, [entrypoint])
                found[rules[index].id] = perf_counter() - started
        return found

    def close(self) -> None:
        """End what engines have started."""
        for rego in self._rego.values():
            rego.close()

    def _run_rego(
        self,
        batch: "_RegoBatch",
        rules: tuple[Rule, ...],
        resource: Resource,
        context: Context,
        outcomes: list[Outcome],
    ) -> None:
        """Put the Outcomes of the Rules of ``batch`` into ``outcomes``; those asked the same before are recalled."""
        asked = batch.unbounded
        new: list[tuple[list[int], Recall, bytes]] = []
        for indexes, recall in batch.recalls(resource.type, rules):
            question = recall.question(resource)
            known = recall.answer(question) if question is not None else None
            if known is not None:
                for index, outcome in zip(indexes, known, strict=True):
                    outcomes[index] = outcome
                continue
            asked = asked + indexes
            if question is not None:
                new.append((indexes, recall, question))
        if not asked:
            return
        document = rego_input(resource)
        self._add_record(document, resource.tenancy, context.estate, batch.engine)
        answers = batch.engine.evaluate(document, [batch.entrypoints[index] for index in asked])
        for index, answer in zip(asked, answers, strict=True):
            if answer:
                outcomes[index] = _rego_outcome(answer)
        for indexes, recall, question in new:
            said = tuple(outcomes[index] for index in indexes)
            if not any(isinstance(outcome, Failure) for outcome in said):  # a time-out may not come again
                recall.remember(question, said)

    def _run_python(self, rule: Rule, resource: Resource, context: Context) -> Outcome:
        check = self._checks.get(rule.id)
        if check is None:
            check = self._checks[rule.id] = _PythonCheck(load_check(rule), _wanted(rule))
        arguments = [getattr(context, name) for name in check.wanted]
        try:
            faults = tuple(check.function(resource, *arguments))
        except AuditError:
            raise  # what it looks others up in cannot be read: that is not the Rule's fault
        except Exception as error:
            return Failure(describe_failure(rule, error))
        if faults and not all(isinstance(fault, Fault) for fault in faults):
            return Failure("check must yield what resource.fail(), unknown() and skip() return")
        return faults

    def _add_record(self, document: dict[str, Any], tenancy: Tenancy, estate: Any, engine: RegoEngine) -> None:
        """Put the resolved record of the tenant into ``document``, converted for ``engine`` once per tenant."""
        if estate is None or not tenancy.tenant or not tenancy.environment:
            return
        key = (engine, tenancy.tenant, tenancy.environment)
        if key not in self._records:
            effective = estate.effective(tenancy.tenant, tenancy.environment)
            self._records[key] = None if effective is None else engine.hold(effective.as_data())
        if self._records[key] is not None:
            document["estate"] = self._records[key]

    def _group(self, rule: Rule) -> str:
        """Return the key of the rules that ``rule`` shares an engine with."""
        return rule.pack if rule.pack in self._rego else own_group(rule)

    def _plan(self, rules: tuple[Rule, ...]) -> "_Plan":
        plan = _Plan([], [], [])
        batches: dict[str, list[int]] = {}
        for index, rule in enumerate(rules):
            if rule.language == "python":
                plan.python.append(index)
            else:
                batches.setdefault(self._group(rule), []).append(index)
        for pack, indexes in batches.items():
            rego = self._rego[pack]
            entrypoints: dict[int, str] = {}
            mentioned: dict[frozenset[str] | None, list[int]] = {}
            for index in indexes:
                entrypoint = rego.entrypoint(rules[index])
                if isinstance(entrypoint, RegoError):
                    plan.failed.append((index, Failure(str(entrypoint))))
                else:
                    entrypoints[index] = entrypoint
                    # only what we ship is proven to read no more
                    fields = rego.mentions(rules[index]) if pack in OWN else None
                    mentioned.setdefault(fields, []).append(index)
            if entrypoints:
                unbounded = mentioned.pop(None, [])
                bounded = {fields: found for fields, found in mentioned.items() if fields is not None}
                plan.rego.append(_RegoBatch(rego.engine, entrypoints, unbounded, bounded, self._remembered))
        return plan


class _PythonCheck(NamedTuple):
    """A loaded Python Rule."""

    function: Check
    wanted: tuple[str, ...]
    """Fields of the Context that it takes, after the Resource."""


def _wanted(rule: Rule) -> tuple[str, ...]:
    given = {"inventory": "inventory", "estate": "estate", "clock": "now"}
    return tuple(name for need, name in given.items() if need in rule.needs or need in rule.wants)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a fixed tuple of Rules is run; made once per type."""

    python: list[int]
    rego: "list[_RegoBatch]"
    failed: list[tuple[int, Failure]]


@dataclass(frozen=True, slots=True)
class _RegoBatch:
    """The Rules of a plan that share an engine, by their index."""

    engine: RegoEngine
    entrypoints: Mapping[int, str]
    unbounded: list[int]
    """Rules that may see anything: always run."""
    bounded: Mapping[frozenset[str], list[int]]
    """Rules by the fields that they mention beside attributes."""
    remembered: int
    _recalls: dict[str, list[tuple[list[int], Recall]]] = field(default_factory=dict)

    def recalls(self, type_: str, rules: tuple[Rule, ...]) -> list[tuple[list[int], Recall]]:
        """Return what is remembered of the bounded Rules for a type, with the indexes of those Rules."""
        found = self._recalls.get(type_)
        if found is None:
            found = self._recalls[type_] = [
                (indexes, Recall(type_, (rules[index] for index in indexes), fields, self.remembered))
                for fields, indexes in self.bounded.items()
            ]
        return found


def rego_input(resource: Resource) -> dict[str, Any]:
    """Return what a Rego rule sees as ``input``, without the tenant's record: ``resource`` and ``views``."""
    views: dict[str, Any] = {}
    view = pod(resource)
    if view is not None:
        views["pod"] = {"metadata": view.metadata, "spec": view.spec, "at": view.at}
        views["containers"] = [
            {"name": item.name, "kind": item.kind, "spec": item.spec, "at": item.at} for item in containers(resource)
        ]
    tenancy = resource.tenancy
    return {
        "resource": {
            "key": resource.key,
            "type": resource.type,
            "kind": resource.kind,
            "cluster": resource.cluster,
            "namespace": resource.namespace,
            "name": resource.name,
            "attributes": resource.attributes,
            "labels": resource.labels,
            **_tenancy_input(tenancy),
        },
        "views": views,
    }


def _tenancy_input(tenancy: Tenancy) -> dict[str, str]:
    if tenancy.standing is Standing.UNDECLARED:
        return _UNDECLARED
    fields = {
        "standing": tenancy.standing.value,
        "tenant": tenancy.tenant,
        "environment": tenancy.environment,
        "environment_class": tenancy.environment_class,
        "tier": tenancy.tier,
        "hosting": tenancy.hosting,
        "reason": tenancy.reason,
    }
    return {name: value for name, value in fields.items() if value is not None}


_UNDECLARED = {"standing": Standing.UNDECLARED.value}


_DENY = "deny must be a set of {'message': …, 'at': …}, with 'verdict': 'unknown' or 'skip' where it is no fail"


def _rego_outcome(outcome: Any) -> Outcome:
    """Return the faults that a ``deny`` set states, or why it states nothing that can be used."""
    if isinstance(outcome, RegoError):
        return Failure(str(outcome))
    if not isinstance(outcome, list):
        return Failure(_DENY)
    faults: list[Fault] = []
    for item in outcome:
        stated = item if isinstance(item, dict) else {"message": item}
        message, at, verdict = stated.get("message"), stated.get("at", ()), stated.get("verdict", Verdict.FAIL.value)
        if not isinstance(message, str) or not isinstance(verdict, str) or verdict not in _STATED:
            return Failure(_DENY)
        try:
            path = parse_path(at) if isinstance(at, str) else tuple(at)
        except (ValueError, TypeError) as error:
            return Failure(f"'at' of a deny must be a path: {error}")
        faults.append(Fault(message, path, _STATED[verdict]))
    return faults


_STATED = {verdict.value: verdict for verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.SKIP)}
"""Verdicts that a rule may state."""
