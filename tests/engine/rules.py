"""Rules and Resources for tests of the engine, made in memory."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scanner.engine.judge import Judge
from scanner.engine.programs import Context, Failure, Outcome, Programs
from scanner.model.location import Origin
from scanner.model.path import parse_path
from scanner.model.resource import Resource
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.model.tenancy import UNDECLARED, Tenancy
from scanner.model.unknown import find_unknowns


def make_rule(
    id_: str = "TST-001",
    reads: Iterable[str] = ("spec",),
    applies_to: Iterable[str] = ("core/Pod",),
    scope: Scope = Scope.ANY,
    needs: Iterable[str] = (),
    points: Iterable[str] = ("gate",),
    looks_up: Mapping[str, Iterable[str]] | None = None,
    severity: Severity = Severity.HIGH,
) -> Rule:
    return Rule(
        id=id_,
        title="a rule",
        severity=severity,
        language="python",
        pack="rules/test",
        folder="/nowhere",
        applies_to=tuple(applies_to),
        reads=tuple(parse_path(path) for path in reads),
        looks_up={type_: tuple(parse_path(p) for p in paths) for type_, paths in (looks_up or {}).items()},
        needs=frozenset(needs),
        scope=scope,
        points=tuple(points),
        controls={},
        equivalents={},
        since="0.1.0",
        fix="",
    )


def make_resource(
    attributes: Mapping[str, Any] | None = None,
    type_: str = "core/Pod",
    namespace: str = "shop",
    name: str = "web",
    cluster: str = "c",
    tenancy: Tenancy = UNDECLARED,
    file: str = "a.yaml",
) -> Resource:
    attributes = attributes if attributes is not None else {"spec": {}}
    return Resource(
        key=f"{cluster}/{type_}/{namespace or '-'}/{name}",
        type=type_,
        attributes=attributes,
        origin=Origin("test", file),
        cluster=cluster,
        namespace=namespace,
        name=name,
        tenancy=tenancy,
        unknowns=tuple(find_unknowns(attributes)),
    )


class StubPrograms(Programs):
    """Runs Python functions in place of rules: Rule id → function of the Resource."""

    def __init__(self, checks: Mapping[str, Callable[[Resource], Any]]) -> None:
        super().__init__({})
        self.functions = checks
        self.asked: list[str] = []

    def run(self, rules: tuple[Rule, ...], resource: Resource, context: Context) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for rule in rules:
            self.asked.append(rule.id)
            result = self.functions[rule.id](resource)
            outcomes.append(result if isinstance(result, Failure) else tuple(result))
        return outcomes


def judge_with(checks: Mapping[str, Callable[[Resource], Any]]) -> tuple[Judge, StubPrograms]:
    programs = StubPrograms(checks)
    return Judge(programs, Context()), programs
