"""What follows from a Finding: by rule, severity, verdict, type, operation, standing, namespace and environment."""

from typing import Any

import pytest

from scanner.config import ActionChoice, AdmissionChoice, load_config
from scanner.errors import ConfigError
from scanner.model.severity import Severity
from scanner.points.admission.context import FixedContext
from scanner.points.admission.live import LiveInventory
from scanner.points.admission.reviewer import ADVISORY, BLOCKING, Reviewer, Setup
from tests.conftest import ROOT
from tests.points.admission.reviews import PRIVILEGED, ask, deployment, pod, review, reviewer, rules_in, setup

BAD = deployment(containers=PRIVILEGED)
BOTH = {"ISO-029", "ISO-030"}


def with_actions(*entries: ActionChoice, **choice: Any) -> Reviewer:
    return reviewer(choice=AdmissionChoice(actions=entries, **choice))


def test_by_default_what_the_gate_blocks_on_is_denied() -> None:
    assert rules_in(ask(reviewer(), review(BAD)), "deny") == BOTH
    response = ask(reviewer(fail_on="critical"), review(BAD))
    assert (rules_in(response, "deny"), rules_in(response, "warn")) == ({"ISO-029"}, {"ISO-030"})


@pytest.mark.parametrize(
    ("entry", "audited"),
    [
        (ActionChoice("audit", rules=("iso-029",)), {"ISO-029"}),
        (ActionChoice("audit", rules=("ISO-*",)), BOTH),
        (ActionChoice("audit", severities=(Severity.HIGH,)), {"ISO-030"}),
        (ActionChoice("audit", verdicts=("fail",)), BOTH),
        (ActionChoice("audit", verdicts=("error", "unknown")), set()),
        (ActionChoice("audit", types=("apps/*",)), BOTH),
        (ActionChoice("audit", types=("core/Pod",)), set()),
        (ActionChoice("audit", operations=("UPDATE",)), set()),
        (ActionChoice("audit", operations=("CREATE",)), BOTH),
        (ActionChoice("audit", standings=("undeclared",)), BOTH),
        (ActionChoice("audit", standings=("tenant",)), set()),
        (ActionChoice("audit", namespaces=("sh*",)), BOTH),
        (ActionChoice("audit", namespaces=("other",)), set()),
        (ActionChoice("audit", environments=("production",)), set()),
        (ActionChoice("audit", rules=("ISO-029",), namespaces=("other",)), set()),
    ],
)
def test_an_entry_decides_where_all_its_keys_fit(entry: ActionChoice, audited: set[str]) -> None:
    response = ask(with_actions(entry), review(BAD))
    assert rules_in(response, "audit") == audited
    assert rules_in(response, "deny") == BOTH - audited
    assert response["allowed"] is (audited == BOTH)
    assert "warnings" not in response, "what is audited is not told to whoever sent it"


def test_the_first_entry_that_fits_decides() -> None:
    entries = (ActionChoice("warn", rules=("ISO-029",)), ActionChoice("audit"))
    response = ask(with_actions(*entries), review(BAD))
    assert (rules_in(response, "warn"), rules_in(response, "audit")) == ({"ISO-029"}, {"ISO-030"})


def test_while_nothing_is_enforced_everything_that_would_be_denied_is_a_warning() -> None:
    response = ask(with_actions(ActionChoice("audit", rules=("ISO-030",)), enforce=False), review(BAD))
    assert response["allowed"] is True
    assert [warning[:8] for warning in response["warnings"]] == ["ISO-029:"]
    assert rules_in(response, "audit") == {"ISO-030"}


@pytest.mark.parametrize("namespace", ["kube-system", "kube-public", "kube-node-lease"])
def test_what_a_cluster_cannot_run_without_is_not_denied_by_default(namespace: str) -> None:
    found = review(deployment(namespace=namespace, containers=PRIVILEGED))
    assert rules_in(ask(reviewer(), found), "warn") == BOTH | {"ISO-019"}
    assert rules_in(ask(with_actions(ActionChoice("deny")), found), "deny") >= BOTH, "but it can be"


def test_a_namespace_that_only_looks_like_kubernetes_own_is_no_way_around() -> None:
    assert ask(reviewer(), review(deployment(namespace="kube-tools", containers=PRIVILEGED)))["allowed"] is False


def of_estate(*entries: ActionChoice) -> Reviewer:
    found: Setup = setup(
        choice=AdmissionChoice(actions=entries),
        estate=str(ROOT / "fixtures" / "erp-hosting" / "estate.yaml"),
        cluster="aks-prd-weu-01",
    )
    return Reviewer(found, FixedContext(LiveInventory(estate=found.estate)))


def test_actions_follow_the_estate() -> None:
    tenant = review(deployment(namespace="erp-aldersyde-prd", containers=PRIVILEGED))
    platform = review(deployment(namespace="traefik", containers=PRIVILEGED))
    asked = of_estate(
        ActionChoice("warn", standings=("platform",)),
        ActionChoice("audit", environments=("production",), rules=("ISO-030",)),
    )
    assert rules_in(ask(asked, platform), "warn") >= BOTH
    assert rules_in(ask(asked, tenant), "audit") == {"ISO-030"}
    assert "ISO-029" in rules_in(ask(asked, tenant), "deny")


def test_a_namespace_can_be_made_before_what_must_be_in_it() -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
    asked = reviewer(FixedContext(LiveInventory()))
    created = ask(asked, review(namespace, name="shop", namespace="shop"))
    assert {"ISO-001", "ISO-002", "ISO-008"} <= rules_in(created, "warn")
    bare = {**namespace, "metadata": {"name": "shop"}}
    assert "ISO-038" in rules_in(ask(asked, review(bare, name="shop", namespace="shop")), "deny")


def test_two_hooks_share_the_rules_and_leave_none_out() -> None:
    entries = (ActionChoice("deny", rules=("HA-008",)), ActionChoice("warn"))
    blocking, advisory = (Reviewer(setup(AdmissionChoice(actions=entries), "critical"), None, hook) for hook in _HOOKS)
    ids = [set(one.selection.rules) for one in (blocking, advisory)]
    assert "HA-008" in ids[0], "it is of medium severity, but an entry denies it"
    assert "ISO-029" in ids[0], "nothing may be left out that is as bad as what the gate blocks on"
    assert "ISO-030" in ids[1]
    assert not ids[0] & ids[1]
    assert ids[0] | ids[1] == set(reviewer().selection.rules)
    assert ask(advisory, review(pod(containers=PRIVILEGED)))["allowed"] is True


_HOOKS = (BLOCKING, ADVISORY)


def test_it_is_all_said_in_the_configuration(tmp_path: Any) -> None:
    path = tmp_path / "bulkhead.yaml"
    path.write_text(
        "admission:\n  enforce: false\n  updates: all\n  staleness_s: 60\n  actions:\n"
        "    - {action: warn, rules: [ISO-*], severities: [low, HIGH], verdicts: [error], standings: [platform]}\n"
        "    - {action: audit, types: [apps/*], operations: [UPDATE], namespaces: [a*], environments: [uat]}\n".replace(
            "HIGH", "high"
        )
    )
    assert load_config(str(path)).admission == AdmissionChoice(
        enforce=False,
        updates="all",
        staleness_s=60,
        actions=(
            ActionChoice("warn", ("ISO-*",), (Severity.LOW, Severity.HIGH), ("error",), standings=("platform",)),
            ActionChoice("audit", types=("apps/*",), operations=("UPDATE",), namespaces=("a*",), environments=("uat",)),
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{action: block}", "action"),
        ("{rules: [A]}", "action"),
        ("{action: deny, rule: [A]}", "rule"),
        ("{action: deny, operations: [DELETE]}", "operations"),
    ],
)
def test_a_mistake_in_it_is_told_with_its_place(tmp_path: Any, text: str, said: str) -> None:
    path = tmp_path / "bulkhead.yaml"
    path.write_text(f"admission:\n  actions:\n    - {text}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(str(path))
    assert said in caught.value.diagnostics()
    assert ":3:" in caught.value.diagnostics()
