from collections.abc import Iterator

import pytest

from scanner.engine.programs import Failure
from scanner.model.resource import Fault, Resource
from scanner.model.rule import Scope
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.unknown import Unknown
from scanner.model.verdict import Verdict, verdict_of_code
from tests.engine.rules import judge_with, make_resource, make_rule


def hosts(resource: Resource) -> Iterator[Fault]:
    """Every entry of spec.rules needs a host: the shape that a withheld element must not confuse."""
    for index, entry in enumerate(resource.value("spec", "rules", default=[])):
        if not isinstance(entry, dict) or not entry.get("host"):
            yield resource.fail("host is absent; one is required", ("spec", "rules", index, "host"))


def verdict_of(resource: Resource, scope: Scope = Scope.ANY, reads: str = "spec.rules[*].host") -> tuple[str, str]:
    rule = make_rule(reads=[reads], scope=scope)
    judge, _ = judge_with({rule.id: hosts})
    judgement = judge.judge((rule,), resource)
    return verdict_of_code(judgement.codes[0]).value, judgement.reasons.get(rule.id, "")


def test_no_objection_is_a_pass_and_an_objection_a_fail() -> None:
    assert verdict_of(make_resource({"spec": {"rules": [{"host": "a"}]}})) == ("pass", "")
    assert verdict_of(make_resource({"spec": {"rules": [{}]}})) == ("fail", "")


def test_a_rule_that_breaks_is_an_error_and_costs_only_its_own_verdict() -> None:
    broken, sound = make_rule("TST-001"), make_rule("TST-002")
    judge, _ = judge_with({"TST-001": lambda _: Failure("it broke"), "TST-002": lambda _: ()})
    judgement = judge.judge((broken, sound), make_resource())
    assert [verdict_of_code(code) for code in judgement.codes] == [Verdict.ERROR, Verdict.PASS]
    assert judgement.reasons == {"TST-001": "it broke"}
    assert judgement.failures == ((broken, "it broke"),)
    assert judgement.faults == ()


def test_an_unknown_that_a_rule_reads_makes_it_unknown_without_running_it() -> None:
    rule = make_rule(reads=["spec.hostPID"])
    judge, programs = judge_with({rule.id: lambda _: ()})
    judgement = judge.judge((rule,), make_resource({"spec": {"hostPID": Unknown("tag !vault is not resolved")}}))
    assert verdict_of_code(judgement.codes[0]) is Verdict.UNKNOWN
    assert judgement.reasons[rule.id] == "spec.hostPID is not known: tag !vault is not resolved"
    assert programs.asked == []


@pytest.mark.parametrize("place", [("spec",), ("spec", "hostPID"), ("spec", "hostPID", "below")])
def test_an_unknown_above_at_or_below_a_read_path_counts(place: tuple[str, ...]) -> None:
    value: object = Unknown("why")
    for step in reversed(place):
        value = {step: value}
    assert isinstance(value, dict)
    rule = make_rule(reads=["spec.hostPID"])
    judge, _ = judge_with({rule.id: lambda _: ()})
    assert judge.judge((rule,), make_resource(value)).codes[0] == Verdict.UNKNOWN.code


def test_an_unknown_that_is_not_read_changes_nothing() -> None:
    attributes = {"spec": {"rules": [{"host": "a", "path": Unknown("why")}]}}
    assert verdict_of(make_resource(attributes)) == ("pass", "")


def test_only_the_element_with_the_unknown_is_withheld() -> None:
    rule = make_rule(reads=["spec.rules[*].host"])
    judge, _ = judge_with({rule.id: hosts})
    attributes = {"spec": {"rules": [{"host": Unknown("why")}, {"host": "a"}, {}]}}
    judgement = judge.judge((rule,), make_resource(attributes))
    assert verdict_of_code(judgement.codes[0]) is Verdict.FAIL
    assert [(fault.verdict.value, fault.at) for _, fault in judgement.faults] == [
        ("fail", ("spec", "rules", 2, "host")),
        ("unknown", ("spec", "rules", 0, "host")),
    ]


def test_an_element_withheld_beside_sound_ones_is_unknown_not_pass() -> None:
    verdict, reason = verdict_of(make_resource({"spec": {"rules": [{"host": Unknown("why")}, {"host": "a"}]}}))
    assert (verdict, reason) == ("unknown", "spec.rules[*].host is not known: why")


@pytest.mark.parametrize(
    ("standing", "scope", "verdict"),
    [
        (Standing.TENANT, Scope.TENANT, "pass"),
        (Standing.PLATFORM, Scope.TENANT, "skip"),
        (Standing.PLATFORM, Scope.NOT_PLATFORM, "skip"),
        (Standing.PLATFORM, Scope.ANY, "pass"),
        (Standing.UNMAPPED, Scope.TENANT, "unknown"),
        (Standing.UNMAPPED, Scope.NOT_PLATFORM, "pass"),
        (Standing.CLUSTER, Scope.TENANT, "skip"),
        (Standing.CLUSTER, Scope.NOT_PLATFORM, "pass"),
        (Standing.UNDECLARED, Scope.TENANT, "pass"),
    ],
)
def test_scope(standing: Standing, scope: Scope, verdict: str) -> None:
    resource = make_resource({"spec": {"rules": []}}, tenancy=Tenancy(standing, reason="because"))
    assert verdict_of(resource, scope)[0] == verdict


def test_without_an_estate_kubernetes_own_namespaces_are_skipped() -> None:
    assert verdict_of(make_resource(namespace="kube-system"), Scope.TENANT)[0] == "skip"
    namespace = make_resource(type_="core/Namespace", namespace="", name="kube-public")
    assert verdict_of(namespace, Scope.NOT_PLATFORM)[0] == "skip"
    volume = make_resource(type_="core/PersistentVolume", namespace="", name="pv-1")
    assert verdict_of(volume, Scope.TENANT) == ("skip", "without an estate it cannot be said whose it is")


def test_an_unmapped_namespace_says_why() -> None:
    tenancy = Tenancy(Standing.UNMAPPED, reason="namespace 'x' belongs to no declared tenant")
    _, reason = verdict_of(make_resource(tenancy=tenancy), Scope.TENANT)
    assert reason == "tenant is not known: namespace 'x' belongs to no declared tenant"


def test_a_rule_may_say_that_it_does_not_concern_a_resource() -> None:
    rule, other = make_rule("TST-001"), make_rule("TST-002")
    judge, _ = judge_with(
        {
            rule.id: lambda resource: [resource.skip("it carries no tags")],
            other.id: lambda resource: [resource.skip("in part"), resource.fail("no", "spec")],
        }
    )
    judgement = judge.judge((rule, other), make_resource())
    assert [verdict_of_code(code) for code in judgement.codes] == [Verdict.SKIP, Verdict.FAIL]
    assert judgement.reasons == {rule.id: "it carries no tags"}
    assert [fault.message for _, fault in judgement.faults] == ["no"]
