"""Requests of users to a real API server, which asks the webhook."""

import subprocess
import time
from typing import Any

import pytest

from tests.points.admission.real.conftest import Answer, Guarded
from tests.points.admission.reviews import PRIVILEGED, containers, deployment, pod

pytestmark = pytest.mark.slow
PODS = "/api/v1/namespaces/{}/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"
APPLY = "application/apply-patch+yaml"
STRATEGIC = "application/strategic-merge-patch+json"
OWN = "erp.example.net"
LABELS = {
    "pod-security.kubernetes.io/enforce": "restricted",
    f"{OWN}/tenant": "aldersyde",
    f"{OWN}/environment": "production",
    f"{OWN}/tier": "standard",
    f"{OWN}/owner": "grp-erp-aldersyde",
}
BROOKFEN = {f"{OWN}/tenant": "brookfen", f"{OWN}/tier": "business", f"{OWN}/owner": "grp-erp-brookfen"}


def namespace(guarded: Guarded, name: str, **labels: str) -> str:
    """A namespace of one test."""
    value = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {**LABELS, **labels}}}
    answer = guarded.create("/api/v1/namespaces", value)
    assert answer.code == 201, answer.text
    return name


def denied(answer: Answer, *rules: str) -> bool:
    """Whether the webhook denied, for these rules."""
    said = 'admission webhook "blocking.admission.bulkhead.dev" denied the request: '
    return answer.code == 403 and said in answer.text and all(rule in answer.text for rule in rules)


def test_create_and_what_a_user_reads(guarded: Guarded) -> None:
    home = namespace(guarded, "create")
    good, bad = deployment("good", home), deployment("bad", home, containers=PRIVILEGED)
    path = DEPLOYMENTS.format(home)
    assert guarded.create(path, good).code == 201
    answer = guarded.create(path, bad)
    assert denied(answer, "ISO-029", "ISO-030")
    assert "container 'web' is privileged; privileged must be false or absent" in answer.text
    assert denied(guarded.create(path, bad, "?dryRun=All"), "ISO-029")
    assert guarded.create(path, deployment("dry", home), "?dryRun=All").code == 201
    assert guarded.send("GET", f"{path}/dry").code == 404


def test_update_patch_and_server_side_apply(guarded: Guarded) -> None:
    home = namespace(guarded, "update")
    path = DEPLOYMENTS.format(home)
    stored = guarded.create(path, deployment("web", home)).value
    stored["spec"]["template"]["spec"]["containers"] = PRIVILEGED
    assert denied(guarded.send("PUT", f"{path}/web", stored), "ISO-029")
    patch = {"spec": {"template": {"spec": {"hostNetwork": True}}}}
    assert denied(guarded.send("PATCH", f"{path}/web", patch, STRATEGIC))
    applied = deployment("web", home, containers=PRIVILEGED)
    query = "?fieldManager=test&force=true"
    assert denied(guarded.send("PATCH", f"{path}/web{query}", applied, APPLY), "ISO-029")
    assert denied(guarded.send("PATCH", f"{path}/web{query}&dryRun=All", applied, APPLY), "ISO-029")
    assert guarded.send("PATCH", f"{path}/web{query}", deployment("web", home), APPLY).code == 200
    harmless = {"metadata": {"labels": {"a": "b"}}}
    assert guarded.send("PATCH", f"{path}/web", harmless, STRATEGIC).code == 200


def test_scale_ephemeral_containers_exec_and_deletion(guarded: Guarded) -> None:
    home = namespace(guarded, "subresources")
    guarded.create(DEPLOYMENTS.format(home), deployment("web", home))
    scaled = guarded.kube.kubectl("-n", home, "scale", "deployment/web", "--replicas=5")
    assert "scaled" in scaled
    assert guarded.create(PODS.format(home), pod("p", home)).code == 201
    path = f"{PODS.format(home)}/p/ephemeralcontainers"
    (bad,) = containers(privileged=True, allowPrivilegeEscalation=True, name="debug")
    for key in ("livenessProbe", "readinessProbe", "resources"):
        bad.pop(key)
    assert denied(guarded.send("PATCH", path, {"spec": {"ephemeralContainers": [bad]}}, STRATEGIC), "ISO-029")
    bad["securityContext"] |= {"privileged": False, "allowPrivilegeEscalation": False}
    assert guarded.send("PATCH", path, {"spec": {"ephemeralContainers": [bad]}}, STRATEGIC).code == 200
    with pytest.raises(subprocess.CalledProcessError) as caught:
        guarded.kube.kubectl("-n", home, "exec", "p", "--", "true")
    assert "denied the request" not in caught.value.stderr, "there is no node; the webhook has nothing against it"
    assert guarded.send("DELETE", f"{PODS.format(home)}/p?gracePeriodSeconds=0").code == 200


def test_names_that_the_server_generates(guarded: Guarded) -> None:
    home = namespace(guarded, "generate")
    bad = pod("", home, containers=PRIVILEGED)
    bad["metadata"] = {"generateName": "web-"}
    assert denied(guarded.create(PODS.format(home), bad), "ISO-029")
    good = pod("", home)
    good["metadata"] = {"generateName": "web-"}
    assert guarded.create(PODS.format(home), good).code == 201


def test_objects_of_no_namespace(guarded: Guarded) -> None:
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "everything"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    assert denied(guarded.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", role))
    role["rules"] = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    assert guarded.create("/apis/rbac.authorization.k8s.io/v1/clusterroles", role).code == 201


@pytest.mark.parametrize(
    ("home", "labels"),
    [
        ("labels-ignore", {"admission.bulkhead.dev/ignore": "true"}),
        ("labels-control-plane", {"control-plane": "true"}),
        ("labels-name", {"kubernetes.io/metadata.name": "kube-system"}),
    ],
)
def test_no_label_that_a_tenant_sets_is_a_way_around(guarded: Guarded, home: str, labels: dict[str, str]) -> None:
    namespace(guarded, home, **labels)
    bad: dict[str, Any] = pod("bad", home, containers=PRIVILEGED, nodeName="n1")
    bad["metadata"]["labels"] = labels
    bad["metadata"]["annotations"] = {
        "bulkhead/exempt": "ISO-029,ISO-030 reason=mine",
        "kubernetes.io/config.mirror": "x",
    }
    assert denied(guarded.create(PODS.format(home), bad), "ISO-029")


def test_what_was_stored_before_the_webhook_can_be_changed_and_deleted(guarded: Guarded) -> None:
    """Stored in a namespace that is excluded, as if the webhook had come later."""
    bad = deployment("old", "kube-system", containers=PRIVILEGED)
    path = DEPLOYMENTS.format("kube-system")
    assert guarded.create(path, bad).code == 201, "what the cluster cannot run without is not sent for review"
    assert guarded.send("PATCH", f"{path}/old", {"metadata": {"labels": {"a": "b"}}}, STRATEGIC).code == 200
    assert guarded.send("DELETE", f"{path}/old").code == 200


def test_lookups_follow_the_cluster(guarded: Guarded) -> None:
    """A host that another namespace publishes already: seen within the time that an event takes."""
    first, second = namespace(guarded, "host-a"), namespace(guarded, "host-b", **BROOKFEN)

    def ingress(home: str) -> dict[str, Any]:
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "web", "namespace": home},
            "spec": {
                "tls": [{"hosts": ["aldersyde.erp.example.net"], "secretName": "web"}],
                "rules": [{"host": "aldersyde.erp.example.net", "http": {"paths": paths}}],
            },
        }

    path = "/apis/networking.k8s.io/v1/namespaces/{}/ingresses"
    before = guarded.create(path.format(first), ingress(first))
    decided = _decision(guarded, "networking.k8s.io/Ingress", first)
    assert "ISO-010" not in _rules(decided), before.text
    if before.code != 201:  # denied for something else: store it where nobody is asked
        pytest.fail(before.text)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        answer = guarded.create(path.format(second), ingress(second), "?dryRun=All")
        if "ISO-010" in answer.text:
            break
        time.sleep(0.1)
    assert denied(answer, "ISO-010")


def _decision(guarded: Guarded, type_: str, home: str) -> dict[str, Any]:
    time.sleep(0.2)
    return next(
        line
        for line in reversed(guarded.webhook.lines)
        if line["event"] == "decision" and line["type"] == type_ and line["namespace"] == home
    )


def _rules(line: dict[str, Any]) -> set[str]:
    return {one["rule"] for action in ("deny", "warn", "audit") for one in line.get(action, ())}
