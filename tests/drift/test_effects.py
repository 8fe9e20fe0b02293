"""What drift does to controls, and the severity that it takes from them."""

from typing import Any

import pytest

from scanner.drift import detect
from scanner.drift.effects import Effects
from scanner.drift.findings import Objection, objections
from scanner.engine.judge import Judge
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.workers import Workshop
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.severity import Severity
from scanner.packs.loader import builtin_packs


def pod(**container: Any) -> Resource:
    attributes = {"metadata": {"name": "a", "namespace": "shop"}, "spec": {"containers": [{"name": "c", **container}]}}
    return Resource("k", "core/Pod", attributes, Origin("memory", "m"), namespace="shop", name="a")


def found(declared: Resource | None, live: Resource | None) -> list[Objection]:
    packs = builtin_packs()
    rules = [rule for pack in packs for rule in pack.rules]
    selection = select(rules, point="audit", estate=False)
    programs = Workshop(selection, packs).programs()
    try:
        effects = Effects(selection, Judge(programs, Context())).of
        drifts = detect([one for one in (declared,) if one], [one for one in (live,) if one])
        return list(objections(drifts, rules, effects))
    finally:
        programs.close()


@pytest.mark.parametrize(("before", "after", "said"), [(False, True, "breaks"), (True, False, "heals")])
def test_a_rule_that_is_broken_or_healed_is_named(before: bool, after: bool, said: str) -> None:
    (one,) = found(
        pod(securityContext={"privileged": before}, image="a@sha256:1"),
        pod(securityContext={"privileged": after}, image="a@sha256:1"),
    )
    assert one.rule.id == "DRIFT-001"
    assert one.rule.severity is Severity.CRITICAL
    assert one.fault.message.endswith(f"; it {said} ISO-029")


def test_a_rule_that_only_reads_the_attribute_is_named_too() -> None:
    (one,) = found(pod(image="registry.example.net/a:1"), pod(image="registry.example.net/b:1"))
    assert one.fault.message.endswith("IMG-003 reads it") or "IMG-003" in one.fault.message
    assert one.rule.severity >= Severity.MEDIUM


def test_an_attribute_that_no_rule_reads_is_low() -> None:
    (one,) = found(pod(workingDir="/a"), pod(workingDir="/b"))
    assert (one.rule.severity, one.fault.message) == (
        Severity.LOW,
        "spec.containers[name=c].workingDir is '/b'; '/a' is declared",
    )
    assert one.fault.at == ("spec", "containers", 0, "workingDir")
