from dataclasses import replace

from scanner.engine.selection import ForType, select
from scanner.model.rule import Scope
from tests.engine.rules import make_resource, make_rule

POLICY = "networking.k8s.io/NetworkPolicy"


def test_local_rules_are_asked_at_once_and_wide_ones_wait() -> None:
    local = make_rule("TST-001")
    wide = make_rule("TST-002", needs=["inventory"], looks_up={POLICY: ["spec"]})
    selection = select([wide, local], point="gate", estate=False)
    pods, policies = selection.of("core/Pod"), selection.of(POLICY)
    assert (pods.local, pods.wide, policies.local, policies.wide) == ((local,), (wide,), (), ())
    assert pods.retained is not None
    assert policies.retained is not None
    assert set(selection.by_type) == {"core/Pod", POLICY}
    assert selection.of("core/Secret") == ForType()


def test_a_scope_makes_a_rule_wide_only_where_an_estate_can_resolve_it() -> None:
    scoped = make_rule(scope=Scope.TENANT)
    assert select([scoped], point="gate", estate=False).of("core/Pod").local == (scoped,)
    with_estate = select([scoped], point="gate", estate=True)
    assert with_estate.of("core/Pod").wide == (scoped,)
    assert with_estate.of("core/Namespace").retained is not None


def test_what_needs_an_estate_is_withheld_without_one() -> None:
    selection = select([make_rule(needs=["estate"])], point="gate", estate=False)
    assert selection.of("core/Pod").withheld == {"TST-001": "it needs an estate; name one with --estate"}
    assert selection.of("core/Pod").local_ids == ("TST-001",)
    assert not selection.has_wide


def test_rules_of_other_enforcement_points_are_left_out() -> None:
    assert select([make_rule(points=["audit"])], point="gate", estate=False).rules == {}


def test_a_retained_resource_keeps_its_identity_and_labels_and_what_is_read() -> None:
    wide = make_rule(needs=["inventory"], reads=["spec.replicas"])
    projection = select([wide], point="gate", estate=False).of("core/Pod").retained
    assert projection is not None
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
    assert select([rule], point="gate", estate=True).of("core/Pod").wide == (rule,)
    assert select([rule], point="gate", estate=False).of("core/Pod").local == (rule,)


def test_a_rule_for_all_of_azure_is_asked_beside_those_for_a_type() -> None:
    vaults = make_rule("TST-001", applies_to=["Microsoft.KeyVault/vaults"])
    tags = make_rule("TST-002", applies_to=["Microsoft.*"], needs=["inventory"])
    selection = select([vaults, tags], point="gate", estate=False)
    assert selection.of("Microsoft.KeyVault/vaults").local == (vaults,)
    assert selection.of("Microsoft.KeyVault/vaults").wide == (tags,)
    assert selection.of("Microsoft.Nobody/heardOf").wide == (tags,)
    assert selection.of("core/Pod") == ForType()


def test_with_an_estate_every_azure_resource_keeps_its_identity() -> None:
    selection = select([make_rule()], point="gate", estate=True)
    projection = selection.of("Microsoft.Nobody/heardOf").retained
    assert projection is not None
    kept = projection.attributes({"id": "/x", "name": "x", "tags": {"tenant": "t01"}, "properties": {"a": 1}})
    assert kept == {"id": "/x", "name": "x", "tags": {"tenant": "t01"}}
    assert select([make_rule()], point="gate", estate=False).of("Microsoft.Nobody/heardOf").retained is None


def test_a_rule_is_local_for_the_types_that_it_decides_alone() -> None:
    rule = replace(
        make_rule(applies_to=["core/Pod", POLICY], needs=["inventory", "estate"]), local=frozenset(["core/Pod"])
    )
    with_estate, without = (select([rule], point="gate", estate=estate) for estate in (True, False))
    assert (with_estate.of("core/Pod").local, with_estate.of(POLICY).wide) == ((rule,), (rule,))
    assert with_estate.of("core/Pod").retained is None
    assert without.of("core/Pod").local == (rule,)
    assert without.of(POLICY).withheld == {"TST-001": "it needs an estate; name one with --estate"}


def test_what_the_resource_and_the_estate_decide_is_asked_as_soon_as_it_is_known_whose_it_is() -> None:
    """Nothing of it is kept: an audit keeps on disk what waits, and a ConfigMap may hold anything."""
    rule = replace(
        make_rule(
            needs=["inventory", "estate"], applies_to=["core/ConfigMap", "core/Node"], looks_up={POLICY: ["spec"]}
        ),
        placed=frozenset(["core/ConfigMap"]),
    )
    at_night = select([rule], point="gate", estate=True, placed=True)
    assert at_night.of("core/ConfigMap").local == (rule,)
    assert at_night.of("core/ConfigMap").retained is None
    assert at_night.of("core/Node").wide == (rule,)
    by_day = select([rule], point="gate", estate=True)
    assert by_day.of("core/ConfigMap").wide == (rule,)
    assert select([rule], point="gate", estate=False).of("core/ConfigMap").withheld.keys() == {rule.id}
