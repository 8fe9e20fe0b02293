"""``kubernetes_*`` resources in the shape of the API."""

from typing import Any

import pytest

from scanner.canonical.declared import Declared
from scanner.canonical.kubernetes_provider.objects import MASKED
from tests.canonical.build import after_apply, instance, no_value, translated


def declared(address: str, **attributes: Any) -> Declared:
    (found,) = translated(instance(address, **attributes)).declared
    return found


CONTAINER = {
    "name": "web",
    "image": "nginx:1",
    "env": [
        {"name": "A", "value": "b"},
        {"name": "S", "value_from": [{"secret_key_ref": [{"name": "s", "key": "k"}]}]},
    ],
    "port": [{"container_port": 8080, "host_port": 80}],
    "resources": [{"limits": {"cpu": "1"}, "requests": {"memory": "1Gi"}}],
    "security_context": [{"run_as_user": "1000", "capabilities": [{"add": ["NET_RAW"]}], "privileged": True}],
    "volume_mount": [{"name": "v", "mount_path": "/v"}],
    "liveness_probe": [{"http_get": [{"path": "/", "port": "8080", "http_header": [{"name": "h", "value": "v"}]}]}],
}
SERVICE = {"name": "s", "port": [{"number": 80}]}
EXPRESSION = {"key": "k", "operator": "In", "values": ["v"]}
POD = {
    "host_pid": True,
    "automount_service_account_token": False,
    "container": [CONTAINER],
    "init_container": [{"name": "init", "image": "busybox"}],
    "volume": [{"name": "v", "host_path": [{"path": "/"}]}, {"name": "e", "empty_dir": [{}]}],
    "toleration": [{"key": "k", "operator": "Exists"}],
    "node_selector": {"pool_name": "x"},
    "affinity": [
        {
            "node_affinity": [
                {
                    "required_during_scheduling_ignored_during_execution": [
                        {
                            "node_selector_term": [
                                {"match_expressions": [{"key": "k", "operator": "In", "values": ["v"]}]}
                            ]
                        }
                    ]
                }
            ],
            "pod_anti_affinity": [
                {"required_during_scheduling_ignored_during_execution": [{"topology_key": "kubernetes.io/hostname"}]}
            ],
        }
    ],
}


def test_a_deployment() -> None:
    found = declared(
        "kubernetes_deployment_v1.web",
        metadata=[{"name": "web", "namespace": "shop", "labels": {"app_name": "web"}}],
        spec=[
            {
                "replicas": "3",
                "selector": [{"match_labels": {"app_name": "web"}}],
                "template": [{"metadata": [{"labels": {"a_b": "c"}}], "spec": [POD]}],
            }
        ],
        timeouts=[{}],
        wait_for_rollout=True,
    )
    assert (found.type, found.namespace, found.name, found.key) == (
        "apps/Deployment", "shop", "web", ":kubernetes_deployment_v1.web",
    )  # fmt: skip
    spec = found.attributes["spec"]
    assert found.attributes == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "labels": {"app_name": "web"}},
        "spec": spec,
    }
    assert spec["replicas"] == 3
    assert spec["selector"] == {"matchLabels": {"app_name": "web"}}
    assert spec["template"] == {
        "metadata": {"labels": {"a_b": "c"}},
        "spec": {
            "hostPID": True,
            "automountServiceAccountToken": False,
            "containers": [
                {
                    "name": "web",
                    "image": "nginx:1",
                    "env": [
                        {"name": "A", "value": "b"},
                        {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                    ],
                    "ports": [{"containerPort": 8080, "hostPort": 80}],
                    "resources": {"limits": {"cpu": "1"}, "requests": {"memory": "1Gi"}},
                    "securityContext": {"runAsUser": 1000, "capabilities": {"add": ["NET_RAW"]}, "privileged": True},
                    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                    "livenessProbe": {
                        "httpGet": {"path": "/", "port": 8080, "httpHeaders": [{"name": "h", "value": "v"}]}
                    },
                }
            ],
            "initContainers": [{"name": "init", "image": "busybox"}],
            "volumes": [{"name": "v", "hostPath": {"path": "/"}}, {"name": "e", "emptyDir": {}}],
            "tolerations": [{"key": "k", "operator": "Exists"}],
            "nodeSelector": {"pool_name": "x"},
            "affinity": {
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [{"matchExpressions": [EXPRESSION]}]
                    }
                },
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]
                },
            },
        },
    }


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (
            ("spec", "template", "spec", "containers", 0, "securityContext", "privileged"),
            ("spec", 0, "template", 0, "spec", 0, "container", 0, "security_context", 0, "privileged"),
        ),
        (
            ("spec", "template", "spec", "containers", 0, "securityContext", "absent"),
            ("spec", 0, "template", 0, "spec", 0, "container", 0, "security_context", 0),
        ),
        (
            ("spec", "template", "spec", "volumes", 1, "emptyDir"),
            ("spec", 0, "template", 0, "spec", 0, "volume", 1, "empty_dir", 0),
        ),
        (("metadata", "labels", "app_name"), ("metadata", 0, "labels", "app_name")),
        (("spec", "template", "spec", "hostPID"), ("spec", 0, "template", 0, "spec", 0, "host_pid")),
        (("kind",), ()),
    ],
)
def test_the_way_back(path: tuple[str | int, ...], written: tuple[str | int, ...]) -> None:
    found = declared(
        "kubernetes_deployment.web",
        metadata=[{"name": "web", "labels": {"app_name": "web"}}],
        spec=[{"template": [{"spec": [POD]}]}],
    )
    assert found.trace is not None
    assert found.trace(path) == written


def test_network_policies_keep_their_empty_selectors() -> None:
    found = declared(
        "kubernetes_network_policy.deny",
        metadata=[{"name": "deny", "namespace": "shop"}],
        spec=[
            {
                "pod_selector": [{}],
                "policy_types": ["Ingress"],
                "ingress": [
                    {"from": [{"namespace_selector": [{}]}], "ports": [{"port": "8080", "protocol": "TCP"}]},
                ],
            }
        ],
    )
    assert found.attributes["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 8080, "protocol": "TCP"}]}],
    }


def test_an_ingress() -> None:
    found = declared(
        "kubernetes_ingress_v1.web",
        metadata=[{"name": "web"}],
        spec=[
            {
                "rule": [
                    {
                        "host": "a.example",
                        "http": [{"path": [{"path": "/", "backend": [{"service": [SERVICE]}]}]}],
                    }
                ],
                "tls": [{"hosts": ["a.example"], "secret_name": "t"}],
            }
        ],
    )
    assert found.namespace == "default"
    assert found.attributes["spec"] == {
        "rules": [
            {
                "host": "a.example",
                "http": {"paths": [{"path": "/", "backend": {"service": {"name": "s", "port": {"number": 80}}}}]},
            }
        ],
        "tls": [{"hosts": ["a.example"], "secretName": "t"}],
    }


def test_roles_and_bindings() -> None:
    role = declared(
        "kubernetes_cluster_role.r",
        metadata=[{"name": "r"}],
        rule=[{"api_groups": [""], "resources": ["*"], "verbs": ["*"], "non_resource_urls": ["/x"]}],
    )
    assert role.attributes["rules"] == [
        {"apiGroups": [""], "resources": ["*"], "verbs": ["*"], "nonResourceURLs": ["/x"]}
    ]
    assert role.namespace == ""
    binding = declared(
        "kubernetes_role_binding.b",
        metadata=[{"name": "b", "namespace": "shop"}],
        role_ref=[{"api_group": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"}],
        subject=[{"kind": "ServiceAccount", "name": "x", "namespace": "other"}],
    )
    assert binding.type == "rbac.authorization.k8s.io/RoleBinding"
    assert binding.attributes["roleRef"]["name"] == "admin"
    assert binding.attributes["subjects"] == [{"kind": "ServiceAccount", "name": "x", "namespace": "other"}]


def test_service_accounts_storage_and_quotas() -> None:
    account = declared(
        "kubernetes_service_account.s",
        metadata=[{"name": "s"}],
        image_pull_secret=[{"name": "p"}],
        secret=[{"name": "t"}],
        automount_service_account_token=False,
    )
    assert account.attributes["imagePullSecrets"] == [{"name": "p"}]
    assert account.attributes["secrets"] == [{"name": "t"}]
    assert account.attributes["automountServiceAccountToken"] is False
    volume = declared(
        "kubernetes_persistent_volume.v",
        metadata=[{"name": "v"}],
        spec=[{"capacity": {"storage": "1Gi"}, "persistent_volume_source": [{"host_path": [{"path": "/data"}]}]}],
    )
    assert volume.attributes["spec"] == {"capacity": {"storage": "1Gi"}, "hostPath": {"path": "/data"}}
    assert volume.trace is not None
    assert volume.trace(("spec", "hostPath", "path")) == (
        "spec", 0, "persistent_volume_source", 0, "host_path", 0, "path",
    )  # fmt: skip
    storage = declared("kubernetes_storage_class.c", metadata=[{"name": "c"}], storage_provisioner="disk.csi.azure.com")
    assert storage.attributes["provisioner"] == "disk.csi.azure.com"
    quota = declared("kubernetes_resource_quota.q", metadata=[{"name": "q"}], spec=[{"hard": {"requests.cpu": "1"}}])
    assert quota.attributes["spec"] == {"hard": {"requests.cpu": "1"}}
    limits = declared(
        "kubernetes_limit_range.l",
        metadata=[{"name": "l"}],
        spec=[{"limit": [{"type": "Container", "default": {"cpu": "1"}}]}],
    )
    assert limits.attributes["spec"] == {"limits": [{"type": "Container", "default": {"cpu": "1"}}]}


def test_the_values_of_a_secret_are_not_read() -> None:
    found = declared("kubernetes_secret.s", metadata=[{"name": "s"}], data={"password": "hunter2"}, type="Opaque")
    assert found.attributes["data"] == {"password": MASKED}
    lost = declared("kubernetes_secret_v1.s", metadata=[{"name": "s"}], data=no_value("x"))
    assert lost.attributes["data"] == MASKED


def test_unknown_names_and_metadata() -> None:
    found = declared("kubernetes_config_map.c", metadata=[{"name": no_value("n"), "namespace": no_value("ns")}])
    assert (found.name, found.namespace) == ("", "")
    assert found.attributes["metadata"] == {"name": no_value("n"), "namespace": no_value("ns")}
    assert declared("kubernetes_namespace.n", metadata=[{"name": "n"}]).attributes["metadata"] == {"name": "n"}


def test_references_are_resolved() -> None:
    group = instance("azurerm_key_vault.v", name="kv", resource_group_name="rg")
    config = instance(
        "kubernetes_config_map.c", metadata=[{"name": "c"}], data={"v": after_apply("azurerm_key_vault.v.vault_uri")}
    )
    assert translated(group, config).declared[0].attributes["data"] == {"v": "https://kv.vault.azure.net/"}


def test_types_that_change_objects_of_others_are_counted() -> None:
    assert translated(instance("kubernetes_labels.l")).unmapped == {"kubernetes_labels": 1}
