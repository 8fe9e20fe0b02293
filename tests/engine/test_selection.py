from dataclasses import replace

from scanner.engine.selection import select
from scanner.model.rule import Scope
from tests.engine.rules import make_resource, make_rule

POLICY = "networking.k8s.io/NetworkPolicy"


def test_local_rules_are_asked_at_once_and_wide_ones_wait() -> None:
    local = make_rule("TST-001")
    wide = make_rule("TST-002", needs=["inventory"], looks_up={POLICY: ["spec"]})
    selection = select([wide, local], point="gate", estate=False)
    assert selection.local["core/Pod"] == (local,)
    assert selection.wide["core/Pod"] == (wide,)
    assert set(selection.projections) == {"core/Pod", POLICY}
    assert selection.types == {"core/Pod", POLICY}


def test_a_scope_makes_a_rule_wide_only_where_an_estate_can_resolve_it() -> None:
    scoped = make_rule(scope=Scope.TENANT)
    assert select([scoped], point="gate", estate=False).local["core/Pod"] == (scoped,)
    with_estate = select([scoped], point="gate", estate=True)
    assert with_estate.wide["core/Pod"] == (scoped,)
    assert "core/Namespace" in with_estate.projections


def test_what_needs_an_estate_is_withheld_without_one() -> None:
    selection = select([make_rule(needs=["estate"])], point="gate", estate=False)
    assert selection.withheld["core/Pod"] == {"TST-001": "it needs an estate; name one with --estate"}
    assert selection.local_ids("core/Pod") == ("TST-001",)


def test_rules_of_other_enforcement_points_are_left_out() -> None:
    assert select([make_rule(points=["audit"])], point="gate", estate=False).rules == {}


def test_a_retained_resource_keeps_its_identity_and_labels_and_what_is_read() -> None:
    wide = make_rule(needs=["inventory"], reads=["spec.replicas"])
    projection = select([wide], point="gate", estate=False).projections["core/Pod"]
    attributes = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop", "labels": {"a": "b"}, "annotations": {"c": "d"}},
        "spec": {"replicas": 1, "template": {}},
    }
    kept = projection.apply(make_resource(attributes)).attributes
    assert kept["spec"] == {"replicas": 1}
    assert kept["metadata"] == {"name": "web", "namespace": "shop", "labels": {"a": "b"}}


def test_a_rule_that_wants_an_estate_waits_for_it_and_runs_without_one() -> None:
    rule = replace(make_rule(), wants=frozenset(["estate"]))
    assert select([rule], point="gate", estate=True).wide["core/Pod"] == (rule,)
    assert select([rule], point="gate", estate=False).local["core/Pod"] == (rule,)
