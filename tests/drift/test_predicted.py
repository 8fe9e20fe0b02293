"""What the API server predicts, told where it is declared."""

import copy
from typing import Any

import pytest

from scanner.drift.model import ABSENT, Change, Confidence, DriftClass, Method
from scanner.drift.predicted import NEUTRAL, field_manager, predicted_changes
from scanner.engine.identity import tag_of
from scanner.model.location import Origin
from scanner.model.resource import Resource


def resource(attributes: dict[str, Any], type_: str = "apps/Deployment") -> Resource:
    return Resource("c/x/shop/web", type_, attributes, Origin("manifest", "a.yaml"), "c", "shop", "web")


def deployment(*containers: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", **metadata},
        "spec": {"template": {"spec": {"containers": list(containers)}}},
    }


def told(declared: dict[str, Any], applied: dict[str, Any], live: dict[str, Any]) -> dict[str, Change]:
    found = predicted_changes(resource(declared), applied, resource(live))
    return {tag_of(declared, one.path): one for one in found}


WEB = {"name": "web", "image": "web:1"}
SIDE = {"name": "side", "image": "side:1", "resources": {}}


def test_what_applying_leaves_as_it_is_is_no_drift_however_it_is_written() -> None:
    live = deployment({**WEB, "resources": {"limits": {"cpu": "1"}}, "weird": "as the server writes it"}, SIDE)
    declared = deployment({**WEB, "resources": {"limits": {"cpu": "1000m"}}, "weird": "as it is declared"}, SIDE)
    assert told(declared, copy.deepcopy(live), live) == {}


def test_a_change_is_where_it_is_declared_though_the_server_has_other_lists() -> None:
    injected = {"name": "injected", "image": "x"}
    declared = deployment(WEB, SIDE)
    applied = deployment(injected, {**WEB, "imagePullPolicy": "Always"}, SIDE)
    live = deployment(injected, {**WEB, "image": "web:2", "imagePullPolicy": "Always"}, SIDE)
    found = told(declared, applied, live)
    image = found.pop("spec.template.spec.containers[name=web].image")
    assert (image.declared, image.live, image.method) == ("web:1", "web:2", Method.DRY_RUN)
    assert image.path == ("spec", "template", "spec", "containers", 0, "image")
    beside = found.pop("spec.template.spec.containers")
    assert (beside.declared, beside.live, beside.method) == (ABSENT, injected, Method.APPROXIMATE)
    assert found == {}


@pytest.mark.parametrize("nothing", [False, 0, "", [], {}])
def test_what_says_as_good_as_nothing_counts_too(nothing: Any) -> None:
    declared = deployment({**WEB, "one": nothing})
    found = told(declared, declared, deployment(WEB))
    (change,) = found.values()
    assert (change.declared, change.live) == (nothing, ABSENT)
    assert change.confidence is Confidence.HIGH


def test_a_mapping_that_is_gone_is_told_by_what_it_said() -> None:
    declared = deployment({**WEB, "securityContext": {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}}})
    found = told(declared, declared, deployment(WEB))
    prefix = "spec.template.spec.containers[name=web].securityContext"
    assert found.keys() == {f"{prefix}.runAsNonRoot", f"{prefix}.capabilities.drop"}


def test_what_the_tool_would_take_away_is_told_but_for_its_own_marks() -> None:
    declared = deployment(WEB)
    live = deployment(WEB, labels={"kustomize.toolkit.fluxcd.io/name": "apps", "old": "x"}, resourceVersion="8")
    found = told(declared, deployment(WEB, resourceVersion="8"), live)
    (change,) = found.values()
    assert change.path == ("metadata", "labels", "old")
    assert (change.declared, change.live, change.reason) == (ABSENT, "x", "a value that is declared no longer")
    assert change.confidence is Confidence.HIGH


def test_what_both_ways_of_comparing_find_is_told_once_and_exactly() -> None:
    declared = deployment(WEB)
    live = deployment(WEB)
    live["spec"]["template"]["spec"]["hostNetwork"] = True
    (change,) = predicted_changes(resource(declared), declared, resource(live))
    assert (change.path[-1], change.live, change.method) == ("hostNetwork", True, Method.DRY_RUN)


def test_what_others_are_meant_to_write_is_expected_here_too() -> None:
    declared = {"metadata": {"name": "h"}, "webhooks": [{"name": "a", "clientConfig": {"caBundle": "old"}}]}
    live = copy.deepcopy(declared)
    live["webhooks"][0]["clientConfig"]["caBundle"] = "new"  # type: ignore[index]
    (change,) = predicted_changes(resource(declared, "x/Y"), declared, resource(live, "x/Y"))
    assert change.class_ is DriftClass.EXPECTED


def entry(manager: str, operation: str = "Update", time: str = "2026-01-01T00:00:00Z", **more: str) -> dict[str, str]:
    return {"manager": manager, "operation": operation, "time": time, **more}


@pytest.mark.parametrize(
    ("entries", "manager"),
    [
        ([entry("kubectl-edit"), entry("kustomize-controller", "Apply"), entry("kube-controller-manager")], None),
        ([entry("helm"), entry("kubectl", time="2027-01-01T00:00:00Z")], "helm"),
        ([entry("kubectl", "Apply"), entry("kubectl-client-side-apply")], "kubectl"),
        ([entry("helm", time="2026-01-02T00:00:00Z"), entry("argocd-controller")], "helm"),
        ([entry("helm", subresource="scale")], NEUTRAL),
        ([entry("kubectl"), entry("kubectl-edit")], NEUTRAL),
        ([], NEUTRAL),
        (None, NEUTRAL),
    ],
)
def test_who_is_asked_as(entries: list[dict[str, str]] | None, manager: str | None) -> None:
    live = resource({"metadata": {"name": "web", "managedFields": entries}})
    assert field_manager(live) == (manager or "kustomize-controller")
