"""`bulkhead deploy webhook`: what it renders is one whole, keeps out of the cluster's way, and passes our own rules."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.points.admission.deployment.pod import DRAIN_S
from scanner.points.admission.registration import plural
from tests.cli.running import bulkhead
from tests.conftest import ROOT
from tests.points.admission.serving.pki import authority

IMAGE = f"registry.example.net/bulkhead@sha256:{'a' * 64}"
Objects = dict[tuple[str, str], dict[str, Any]]
"""Objects by kind and name."""
ESTATE = ROOT / "fixtures" / "erp-hosting" / "estate.yaml"


def rendered(*arguments: str, cwd: Path | None = None) -> Objects:
    """What is rendered, by kind and name."""
    run = bulkhead("deploy", "webhook", "--image", IMAGE, *arguments, cwd=cwd)
    assert (run.code, run.stderr) == (0, "")
    return {(found["kind"], found["metadata"]["name"]): found for found in yaml.safe_load_all(run.stdout)}


@pytest.fixture(scope="module")
def objects() -> Objects:
    return rendered("--monitoring", "monitoring")


@pytest.fixture(scope="module")
def webhooks(objects: Objects) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = objects["ValidatingWebhookConfiguration", "bulkhead-webhook"]["webhooks"]
    return found


def test_04_it_has_no_side_effects_so_that_dry_runs_are_possible(webhooks: list[dict[str, Any]]) -> None:
    assert [hook["sideEffects"] for hook in webhooks] == ["None"] * len(webhooks)


def test_06_subresources_are_delivered_by_name(webhooks: list[dict[str, Any]]) -> None:
    delivered = {
        (resource, operation)
        for rule in webhooks[0]["rules"]
        for resource in rule["resources"]
        for operation in rule["operations"]
    }
    assert {("pods", "CREATE"), ("pods/ephemeralcontainers", "UPDATE"), ("pods/resize", "UPDATE")} <= delivered


def test_08_every_version_of_a_kind_is_delivered(webhooks: list[dict[str, Any]]) -> None:
    for hook in webhooks:
        assert hook["matchPolicy"] == "Equivalent"
        assert all(rule["apiVersions"] == ["*"] for rule in hook["rules"])


def test_12_its_own_namespace_is_left_out_by_a_label_that_nobody_can_change(webhooks: list[dict[str, Any]]) -> None:
    for hook in webhooks:
        assert hook["namespaceSelector"] == {
            "matchExpressions": [
                {
                    "key": "kubernetes.io/metadata.name",
                    "operator": "NotIn",
                    "values": ["bulkhead-system", "kube-system"],
                }
            ]
        }
        resources = {resource for rule in hook["rules"] for resource in rule["resources"]}
        assert not resources & {"*", "*/*", "leases", "nodes", "nodes/status", "tokenreviews", "subjectaccessreviews"}


def test_13_objects_have_no_say_in_whether_they_are_reviewed(webhooks: list[dict[str, Any]]) -> None:
    assert not any("objectSelector" in hook or "matchConditions" in hook for hook in webhooks)


def test_17_only_the_api_servers_reach_it_and_it_reads_no_secret(
    objects: Objects,
) -> None:
    policy = objects["NetworkPolicy", "bulkhead-webhook"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [rule["ports"][0]["port"] for rule in policy["ingress"]] == [8443, 8080]
    narrow = rendered("--api-server", "192.0.2.0/28")["NetworkPolicy", "bulkhead-webhook"]["spec"]
    assert narrow["ingress"] == [
        {"from": [{"ipBlock": {"cidr": "192.0.2.0/28"}}], "ports": [{"protocol": "TCP", "port": 8443}]}
    ]
    rules = objects["ClusterRole", "bulkhead-webhook"]["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not {"secrets", "*", "pods"} & {resource for rule in rules for resource in rule["resources"]}


def test_18_one_registration_blocks_and_the_other_only_speaks(tmp_path: Path) -> None:
    (tmp_path / "bulkhead.yaml").write_text("fail_on: critical\n")
    found = rendered("--config", "bulkhead.yaml", cwd=tmp_path)
    hooks = found["ValidatingWebhookConfiguration", "bulkhead-webhook"]["webhooks"]
    assert [(hook["failurePolicy"], hook["clientConfig"]["service"]["path"]) for hook in hooks] == [
        ("Fail", "/validate/blocking"),
        ("Ignore", "/validate/advisory"),
    ]
    assert all(3 <= hook["timeoutSeconds"] <= 5 for hook in hooks)


def test_18_it_survives_the_loss_of_a_node_and_its_own_replacement(
    objects: Objects,
) -> None:
    spec = objects["Deployment", "bulkhead-webhook"]["spec"]
    pod = spec["template"]["spec"]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert pod["priorityClassName"] == "bulkhead-webhook"
    assert pod["terminationGracePeriodSeconds"] > DRAIN_S + 15
    assert objects["PodDisruptionBudget", "bulkhead-webhook"]["spec"]["maxUnavailable"] == 1


def test_19_what_is_delivered_is_what_rules_are_asked_about(webhooks: list[dict[str, Any]]) -> None:
    """No condition leaves anything out, and no kind is sent that no rule is about."""
    delivered = {
        (group, resource.partition("/")[0])
        for hook in webhooks
        for rule in hook["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    from scanner.engine.selection import select
    from tests.points.admission.reviews import setup

    asked = select(setup().rules, point="admission", estate=False).by_type
    wanted = {
        ("" if type_.startswith("core/") else type_.rpartition("/")[0], plural(type_.rpartition("/")[2]))
        for type_, found in asked.items()
        if (found.local or found.wide) and not type_.startswith("Microsoft.")
    }
    assert delivered == wanted


def test_22_it_can_be_watched(objects: Objects) -> None:
    monitor = objects["ServiceMonitor", "bulkhead-webhook"]["spec"]
    service = objects["Service", "bulkhead-webhook"]
    assert monitor["selector"]["matchLabels"] == service["metadata"]["labels"]
    assert {port["name"] for port in service["spec"]["ports"]} == {"https", "metrics"}


def test_23_no_hook_is_registered_for_what_no_hook_is_called_for(webhooks: list[dict[str, Any]]) -> None:
    groups = {group for hook in webhooks for rule in hook["rules"] for group in rule["apiGroups"]}
    assert "admissionregistration.k8s.io" not in groups


def test_everything_names_the_same_things(objects: Objects) -> None:
    pod = objects["Deployment", "bulkhead-webhook"]["spec"]["template"]
    service = objects["Service", "bulkhead-webhook"]["spec"]
    certificate = objects["Certificate", "bulkhead-webhook-tls"]["spec"]
    registration = objects["ValidatingWebhookConfiguration", "bulkhead-webhook"]
    assert pod["metadata"]["labels"].items() >= service["selector"].items()
    assert service["ports"][0]["targetPort"] == pod["spec"]["containers"][0]["ports"][0]["containerPort"]
    assert pod["spec"]["volumes"][0]["secret"]["secretName"] == certificate["secretName"]
    assert "bulkhead-webhook.bulkhead-system.svc" in certificate["dnsNames"]
    assert registration["metadata"]["annotations"] == {
        "cert-manager.io/inject-ca-from": "bulkhead-system/bulkhead-webhook-tls"
    }


@pytest.mark.parametrize("estate", [False, True])
def test_our_own_manifests_pass_our_own_rules(tmp_path: Path, estate: bool) -> None:
    arguments = ("--output", str(tmp_path / "out"))
    where: tuple[str, ...] = ()
    if estate:
        where = ("--estate", str(ESTATE), "--cluster", "aks-prd-weu-01")
        listed = yaml.safe_load(ESTATE.read_text("utf-8"))["platformNamespaces"]
        arguments = (*arguments, *where, "--namespace", next(name for name in listed if not name.startswith("kube-")))
    run = bulkhead("deploy", "webhook", "--image", IMAGE, *arguments)
    assert (run.code, run.stderr) == (0, "")
    scanned = bulkhead("scan", str(tmp_path / "out"), *where, cwd=tmp_path)
    assert scanned.code == 0, scanned.stdout
    assert " fail" not in scanned.stdout.partition("verdicts")[2].partition("\n")[0]


def test_the_configuration_goes_along_without_paths(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(
        "apiVersion: exemptions/v1\nexemptions:\n"
        "  - {id: E1, rules: [ISO-029], selector: {name: x}, reason: r, owner: o, expires: 2030-01-01}\n"
    )
    (tmp_path / "bulkhead.yaml").write_text(
        "fail_on: high\nclusters: {a: x}\nexemptions: {files: [e.yaml], max_days: 90}\nadmission: {enforce: false}\n"
    )
    found = rendered("--config", "bulkhead.yaml", cwd=tmp_path)
    data = found["ConfigMap", "bulkhead-webhook-config"]["data"]
    assert yaml.safe_load(data["bulkhead.yaml"]) == {
        "fail_on": "high",
        "admission": {"enforce": False},
        "exemptions": {"max_days": 90},
    }
    assert "id: E1" in data["exemptions-0.yaml"]
    arguments = found["Deployment", "bulkhead-webhook"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--config=/etc/bulkhead/config/bulkhead.yaml" in arguments
    assert "--exemptions=/etc/bulkhead/config/exemptions-0.yaml" in arguments


def test_a_certificate_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_bytes(authority().pem)
    found = rendered("--certificates", "secret", "--ca-file", str(tmp_path / "ca.crt"))
    assert ("Certificate", "bulkhead-webhook-tls") not in found
    hook = found["ValidatingWebhookConfiguration", "bulkhead-webhook"]["webhooks"][0]
    assert hook["clientConfig"]["caBundle"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--image", "bulkhead:latest"), "it has no digest"),
        (("--replicas", "1"), "fewer than 2 replicas"),
        (("--certificates", "secret"), "without its CA"),
        (("--ca-file", "absent"), "cannot read CA absent"),
        (("--ca-file", "pyproject.toml"), "must hold certificates"),
        (("--namespace", "Big"), "cannot use namespace 'Big'"),
        (("--estate", str(ESTATE), "--namespace", "elsewhere"), "platformNamespaces"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], said: str) -> None:
    run = bulkhead("deploy", "webhook", "--image", IMAGE, *arguments, cwd=ROOT)
    assert run.code == 2
    assert said in run.stderr


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Ingress", "ingresses"),
        ("NetworkPolicy", "networkpolicies"),
        ("Gateway", "gateways"),
        ("IngressRouteTCP", "ingressroutetcps"),
        ("Pod", "pods"),
        ("ReplicationController", "replicationcontrollers"),
    ],
)
def test_plural_names(kind: str, name: str) -> None:
    assert plural(kind) == name
