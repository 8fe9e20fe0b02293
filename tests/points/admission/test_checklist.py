"""What a validating webhook must do, item by item. Where a number is missing, the item is one of the registration
(`test_manifests.py`) or of the server (`test_serving.py`)."""

import json
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from scanner.config import ActionChoice, AdmissionChoice
from scanner.errors import ReviewError
from scanner.inventory import Inventory
from scanner.points.admission.answer import MAX_WARNING_CHARS, MAX_WARNINGS
from scanner.points.admission.context import FixedContext, Moment
from scanner.points.admission.policy import MIRROR
from scanner.points.admission.reviewer import Reviewer
from tests.points.admission.reviews import (
    PRIVILEGED,
    ask,
    body,
    containers,
    deployment,
    pod,
    review,
    reviewer,
    rules_in,
)


@pytest.fixture(scope="module")
def asked() -> Iterator[Reviewer]:
    found = reviewer()
    yield found
    found.close()


def test_01_the_answer_echoes_the_uid_and_is_of_the_one_version(asked: Reviewer) -> None:
    assert ask(asked, review(pod(), uid="another"))["uid"] == "another"


@pytest.mark.parametrize("version", ["admission.k8s.io/v1beta1", "admission.k8s.io/v2", "v1", None])
def test_01_a_review_of_another_version_is_an_error_and_no_approval(asked: Reviewer, version: str | None) -> None:
    with pytest.raises(ReviewError, match=r"admission\.k8s\.io/v1 AdmissionReview is expected") as caught:
        asked.review(body({**review(pod()), "apiVersion": version}))
    assert "admissionReviewVersions" in caught.value.diagnostics()


def test_03_a_denial_says_why_in_the_status_with_a_code_that_is_believed(asked: Reviewer) -> None:
    response = ask(asked, review(deployment(containers=PRIVILEGED)))
    assert response["allowed"] is False
    assert response["status"]["code"] == 403
    assert response["status"]["message"] == (
        "Deployment shop/web: 2 objections (decision d5bd42119e83a38d)\n"
        "  ISO-029 critical: container 'web' is privileged; privileged must be false or absent\n"
        "    fix: Remove `privileged`, and add the one capability the program needs.\n"
        "  ISO-030 high: allowPrivilegeEscalation of container 'web' is true; it must be false\n"
        "    fix: Set `allowPrivilegeEscalation: false` for each container."
    )


def test_05_a_dry_run_is_decided_as_the_real_thing(asked: Reviewer) -> None:
    real = ask(asked, review(deployment(containers=PRIVILEGED)))
    assert ask(asked, review(deployment(containers=PRIVILEGED), dryRun=True)) == real


@pytest.mark.parametrize("subresource", ["ephemeralcontainers", "resize"])
def test_06_subresources_that_carry_the_pod_are_judged_as_the_pod(asked: Reviewer, subresource: str) -> None:
    field = "ephemeralContainers" if subresource == "ephemeralcontainers" else "containers"
    changed = pod(**{field: PRIVILEGED})
    response = ask(asked, review(changed, pod(), subresource=subresource))
    assert response["allowed"] is False
    assert "ISO-029" in rules_in(response, "deny")


@pytest.mark.parametrize("kind", ["PodExecOptions", "PodAttachOptions", "PodPortForwardOptions"])
def test_06_connect_comes_with_options_that_have_no_metadata(asked: Reviewer, kind: str) -> None:
    options = {"apiVersion": "v1", "kind": kind, "stdin": True, "container": "web", "command": ["sh"]}
    found = review(options, operation="CONNECT", subresource="exec", name="web", namespace="shop")
    assert ask(asked, found)["allowed"] is True


@pytest.mark.parametrize("field", ["containers", "initContainers", "ephemeralContainers"])
def test_07_every_kind_of_container_is_seen(asked: Reviewer, field: str) -> None:
    assert "ISO-029" in rules_in(ask(asked, review(pod(**{field: PRIVILEGED}))), "deny")


def test_08_a_scale_is_no_deployment_and_is_not_mistaken_for_one(asked: Reviewer) -> None:
    scale = {
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"replicas": 5},
    }
    old = {**scale, "spec": {"replicas": 2}}
    found = review(scale, old, subresource="scale")
    found["request"]["resource"] = {"group": "apps", "version": "v1", "resource": "deployments"}
    assert ask(asked, found)["allowed"] is True


def test_08_the_kind_under_review_counts_and_not_the_one_that_was_sent(asked: Reviewer) -> None:
    sent = {"group": "extensions", "version": "v1beta1", "kind": "Deployment"}
    response = ask(asked, review(deployment(containers=PRIVILEGED), requestKind=sent))
    assert response["allowed"] is False


def test_09_a_deletion_has_no_object_and_always_passes(asked: Reviewer) -> None:
    response = ask(asked, review(None, deployment(containers=PRIVILEGED), operation="DELETE"))
    assert response["allowed"] is True
    assert response["auditAnnotations"]["passed"] == "a deletion always passes"


@pytest.mark.parametrize("operation", ["CREATE", "UPDATE", "CONNECT"])
def test_09_anything_else_without_an_object_is_an_error(asked: Reviewer, operation: str) -> None:
    with pytest.raises(ReviewError, match="comes without an object"):
        asked.review(body(review(None, deployment(), operation=operation)))


def test_09_an_update_without_the_old_object_is_judged_as_a_whole(asked: Reviewer) -> None:
    assert ask(asked, review(deployment(containers=PRIVILEGED), operation="UPDATE"))["allowed"] is False


def test_10_an_update_is_denied_for_what_it_introduces(asked: Reviewer) -> None:
    response = ask(asked, review(deployment(containers=PRIVILEGED), deployment()))
    assert rules_in(response, "deny") == {"ISO-029", "ISO-030"}


def test_10_what_was_there_before_is_warned_of(asked: Reviewer) -> None:
    old = deployment(containers=PRIVILEGED)
    response = ask(asked, review({**old, "metadata": {**old["metadata"], "labels": {"a": "b"}}}, old))
    assert response["allowed"] is True
    assert response["warnings"][0].endswith("(it was there before this change)")
    assert rules_in(response, "warn") == {"ISO-029", "ISO-030"}


def test_10_a_second_fault_beside_an_old_one_is_denied_alone(asked: Reviewer) -> None:
    old = deployment(containers=PRIVILEGED)
    response = ask(asked, review(deployment(containers=PRIVILEGED, hostNetwork=True), old))
    assert "ISO-029" not in rules_in(response, "deny")
    assert rules_in(response, "deny")
    assert "ISO-029" in rules_in(response, "warn")


def test_10_a_faulty_value_that_is_changed_to_another_faulty_one_is_denied(asked: Reviewer) -> None:
    old, new = (deployment(containers=containers(image=f"registry.example.net/{name}:latest")) for name in "ab")
    assert ask(asked, review(old, old))["allowed"] is True
    assert "IMG-003" in rules_in(ask(asked, review(new, old)), "deny")


def test_10_an_update_may_be_held_to_everything_it_leaves_wrong() -> None:
    strict = reviewer(choice=AdmissionChoice(updates="all"))
    old = deployment(containers=PRIVILEGED)
    assert ask(strict, review(old, old))["allowed"] is False


@pytest.mark.parametrize("updates", ["introduced", "all"])
def test_10_removing_a_finalizer_of_what_is_being_deleted_always_passes(updates: str) -> None:
    strict = reviewer(choice=AdmissionChoice(updates=updates))
    old = deployment(containers=PRIVILEGED)
    old["metadata"] |= {"deletionTimestamp": "2026-11-21T10:00:00Z", "finalizers": ["a/b", "c/d"]}
    new = {**old, "metadata": {**old["metadata"], "finalizers": ["c/d"]}}
    response = ask(strict, review(new, old))
    assert response["allowed"] is True
    assert "finalizers" in response["auditAnnotations"]["passed"]


def test_10_being_deleted_is_no_way_around_the_rules(asked: Reviewer) -> None:
    old = deployment()
    old["metadata"] |= {"deletionTimestamp": "2026-11-21T10:00:00Z", "finalizers": ["a/b"]}
    new = deployment(containers=PRIVILEGED)
    new["metadata"] |= {"deletionTimestamp": "2026-11-21T10:00:00Z", "finalizers": []}
    assert ask(asked, review(new, old))["allowed"] is False
    forged = {**new, "metadata": {**new["metadata"]}}
    assert ask(asked, review(forged, deployment(containers=containers())))["allowed"] is False


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("apps/v1", "Deployment", ("spec", "template")),
        ("apps/v1", "StatefulSet", ("spec", "template")),
        ("apps/v1", "DaemonSet", ("spec", "template")),
        ("apps/v1", "ReplicaSet", ("spec", "template")),
        ("v1", "ReplicationController", ("spec", "template")),
        ("v1", "PodTemplate", ("template",)),
        ("batch/v1", "Job", ("spec", "template")),
        ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
    ],
)
def test_11_pod_templates_are_seen_wherever_they_are(
    asked: Reviewer, api_version: str, kind: str, path: tuple[str, ...]
) -> None:
    value: Any = {"spec": pod(containers=PRIVILEGED)["spec"]}
    for step in reversed(path):
        value = {step: value}
    object_ = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, **value}
    assert "ISO-029" in rules_in(ask(asked, review(object_)), "deny")


def test_13_nothing_a_tenant_writes_exempts(asked: Reviewer) -> None:
    object_ = pod(containers=PRIVILEGED)
    object_["metadata"] |= {
        "labels": {"admission.bulkhead.dev/ignore": "true", "control-plane": "true"},
        "annotations": {"bulkhead/exempt": 'ISO-029,ISO-030 reason="because I say so"', MIRROR: "abc"},
    }
    assert rules_in(ask(asked, review(object_)), "deny") == {"ISO-029", "ISO-030"}


def test_14_objects_without_a_namespace_are_judged(asked: Reviewer) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "all"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    assert ask(asked, review(role))["allowed"] is False


def test_14_a_name_that_is_yet_to_be_generated_is_no_obstacle(asked: Reviewer) -> None:
    object_ = pod(containers=PRIVILEGED)
    object_["metadata"] = {"generateName": "web-"}
    response = ask(asked, review(object_, name="", namespace="shop"))
    assert response["allowed"] is False
    assert response["status"]["message"].startswith("Pod shop/web-: 2 objections")


class _Broken:
    """A context whose lookups cannot be answered."""

    def moment(self, namespace: str) -> Moment:
        types = ("networking.k8s.io/Ingress", "traefik.io/Middleware")
        return Moment(Inventory(), dict.fromkeys(types, "the API server does not answer"))

    def wanted(self, types: Collection[str], namespace: str) -> tuple[str, ...]:
        return tuple(types)

    def fetch(self, wanted: Collection[str], namespace: str, budget_s: float) -> str:
        return "failed"

    def why_not_ready(self) -> str:
        return ""

    def ages_s(self) -> dict[str, float]:
        return {}

    def stop(self) -> None:
        pass


INGRESS = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "tls": [{"hosts": ["web.example.net"], "secretName": "web"}],
        "rules": [
            {
                "host": "web.example.net",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ],
    },
}


def test_15_a_lookup_that_cannot_be_answered_is_an_error_and_never_a_pass() -> None:
    response = ask(reviewer(_Broken()), review(INGRESS))
    assert response["allowed"] is False
    message = response["status"]["message"]
    assert "ISO-010 critical: error: " in message
    assert "cannot be looked up: the API server does not answer" in message


def test_15_the_failure_policy_of_a_rule_decides_about_its_errors() -> None:
    choice = AdmissionChoice(actions=(ActionChoice("warn", rules=("iso-010", "ENC-*"), verdicts=("error",)),))
    response = ask(reviewer(_Broken(), choice=choice), review(INGRESS))
    assert response["allowed"] is True
    assert rules_in(response, "warn") >= {"ISO-010"}
    assert ask(reviewer(FixedContext(Inventory())), review(INGRESS))["allowed"] is True, "with lookups it is fine"


def test_15_time_that_is_over_is_an_error_and_never_a_pass(asked: Reviewer) -> None:
    answer = json.loads(asked.review(body(review(deployment())), 0.0))["response"]
    assert answer["allowed"] is False
    assert "the time that the API server gives was over" in answer["status"]["message"]


def test_20_warnings_stay_within_the_limits_and_the_worst_come_first() -> None:
    many = [*(containers(privileged=True, name=f"c{n}", image=f"i{n}:{'x' * 300}")[0] for n in range(12))]
    response = ask(reviewer(choice=AdmissionChoice(enforce=False)), review(pod(containers=many)))
    warnings = response["warnings"]
    assert response["allowed"] is True
    assert len(warnings) == MAX_WARNINGS
    assert max(map(len, warnings)) <= MAX_WARNING_CHARS
    assert sum(map(len, warnings)) <= 4096
    assert warnings[0].startswith("ISO-029")
    assert " more (decision " in warnings[-1]


def test_20_warnings_hold_no_line_breaks_and_no_control_characters() -> None:
    odd = pod(containers=containers(privileged=True, name="a\nb\x1b[31m\u2028c"))
    response = ask(reviewer(choice=AdmissionChoice(enforce=False)), review(odd))
    assert all(character.isprintable() for warning in response["warnings"] for character in warning)


def test_21_the_audit_log_gets_identities_and_no_values(asked: Reviewer) -> None:
    response = ask(asked, review(deployment(containers=containers(privileged=True, image="very-secret:latest"))))
    found = response["auditAnnotations"]
    assert set(found) == {"decision", "packs", "deny"}
    assert "rego/tenant_isolation@" in found["packs"]
    assert "very-secret" not in json.dumps(found)


def test_24_all_objections_are_in_one_text(asked: Reviewer) -> None:
    response = ask(asked, review(pod(containers=PRIVILEGED, hostNetwork=True, hostPID=True)))
    for rule in rules_in(response, "deny"):
        assert rule in response["status"]["message"]


def test_24_of_what_a_denial_has_no_room_for_it_names_the_rules(asked: Reviewer) -> None:
    many = [containers(privileged=True, runAsNonRoot=False, name=f"c{n}", image=f"i{n}")[0] for n in range(15)]
    response = ask(asked, review(pod(containers=many)))
    for rule in rules_in(response, "deny"):
        assert rule in response["status"]["message"]
    assert " more of " in response["status"]["message"]


def test_25_a_mirror_pod_of_a_node_is_reported_and_not_denied(asked: Reviewer) -> None:
    mirror = pod(containers=PRIVILEGED)
    mirror["metadata"]["annotations"] = {MIRROR: "abc"}
    node = {"username": "system:node:n1", "groups": ["system:nodes", "system:authenticated"]}
    response = ask(asked, review(mirror, userInfo=node))
    assert response["allowed"] is True
    assert rules_in(response, "warn") == {"ISO-029", "ISO-030"}
    assert ask(asked, review(mirror))["allowed"] is False, "anyone else may write the annotation too"


def test_a_secret_is_never_repeated(asked: Reviewer) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "shop"},
        "data": {"password": "Y2FuYXJ5"},
        "stringData": {"other": "canary"},
    }
    text = asked.review(body(review(secret, secret))).decode()
    assert "canary" not in text
    assert "Y2FuYXJ5" not in text


def test_a_kind_that_ends_in_list_is_not_taken_apart(asked: Reviewer) -> None:
    listed = {"apiVersion": "x.example/v1", "kind": "PodList", "metadata": {"name": "l"}, "items": [pod()]}
    assert ask(asked, review(listed))["allowed"] is True
    with pytest.raises(ReviewError, match="no object"):
        asked.review(body(review({**listed, "metadata": {"name": 3}}, name="")))
