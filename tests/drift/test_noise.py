"""One test for each known cause of false drift, and beside it the true drift that must not hide behind it."""

from typing import Any

import pytest

from scanner.drift import ABSENT, Change, Confidence, DriftClass, changes
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

ID = "/subscriptions/00000000-0000-0000-0000-000000000102/resourceGroups/rg-a"
ACCOUNT = "Microsoft.Storage/storageAccounts"
GROUP = "Microsoft.Network/networkSecurityGroups"
CLUSTER = "Microsoft.ContainerService/managedClusters"


def resource(type_: str, attributes: dict[str, Any]) -> Resource:
    return Resource("key", type_, attributes, Origin("memory", "memory"), name="it")


def compare(type_: str, declared: dict[str, Any], live: dict[str, Any]) -> tuple[Change, ...]:
    return changes(resource(type_, declared), resource(type_, live))


def rules(*names: str, **more: Any) -> dict[str, Any]:
    elements = [{"name": name, "properties": {"access": "Deny", **more}} for name in names]
    return {"properties": {"securityRules": elements}}


SAME = {
    "ids differ in case": (
        ACCOUNT,
        {"properties": {"subnet": f"{ID}/providers/Microsoft.Network/virtualNetworks/v"}},
        {"properties": {"subnet": f"{ID.lower()}/providers/microsoft.network/virtualnetworks/V"}},
    ),
    "an id that is known in parts only": (
        ACCOUNT,
        {"properties": {"subnet": "/subscriptions/{subscription}/resourceGroups/rg-a"}},
        {"properties": {"subnet": ID}},
    ),
    "a name made of what is not known": (
        ACCOUNT,
        {"properties": {"description": "made by {azurerm_user.this.name} for all"}},
        {"properties": {"description": "made by somebody for all"}},
    ),
    "regions have two spellings": (ACCOUNT, {"location": "westeurope"}, {"location": "West Europe"}),
    "enumerations have no case": (
        ACCOUNT,
        {"properties": {"minimumTlsVersion": "TLS1_2"}},
        {"properties": {"minimumTlsVersion": "tls1_2"}},
    ),
    "names of properties and tags have no case": (ACCOUNT, {"tags": {"Owner": "a"}}, {"TAGS": {"owner": "a"}}),
    "tags that a policy adds": (ACCOUNT, {"tags": {"owner": "a"}}, {"tags": {"owner": "a", "added": "b"}}),
    "numbers as text": (ACCOUNT, {"properties": {"days": 60}}, {"properties": {"days": "60"}}),
    "durations have two spellings": (
        ACCOUNT,
        {"properties": {"retention": "P1D"}},
        {"properties": {"retention": "PT24H"}},
    ),
    "times are cut to milliseconds": (
        ACCOUNT,
        {"properties": {"expires": "2026-11-21T10:00:00.1234567Z"}},
        {"properties": {"expires": "2026-11-21T10:00:00.123Z"}},
    ),
    "a slash at the end of an address": (
        ACCOUNT,
        {"properties": {"uri": "https://a/"}},
        {"properties": {"uri": "https://a"}},
    ),
    "what only the service writes": (
        ACCOUNT,
        {"properties": {"primaryLocation": "westeurope", "accessTier": "Hot"}},
        {"properties": {"primaryLocation": "northeurope", "accessTier": "Hot"}},
    ),
    "nothing is said in several ways": (
        ACCOUNT,
        {"kind": None, "plan": {}, "zones": [], "properties": {"comment": ""}},
        {"properties": {}},
    ),
    "the order of rules": (GROUP, rules("a", "b"), rules("b", "a")),
    "singular and plural": (GROUP, rules("a", destinationPortRange="443"), rules("a", destinationPortRanges=["443"])),
    "a number that autoscaling sets": (
        CLUSTER,
        {"properties": {"agentPoolProfiles": [{"name": "web", "enableAutoScaling": True}]}},
        {"properties": {"agentPoolProfiles": [{"name": "web", "enableAutoScaling": True, "count": 9}]}},
    ),
    "a password that nobody reads back": (
        "Microsoft.DBforPostgreSQL/flexibleServers",
        {"properties": {"administratorLoginPassword": "hunter2"}},
        {"properties": {}},
    ),
    "defaults of the API server": (
        "apps/Deployment",
        {"spec": {"template": {"spec": {"containers": [{"name": "a", "ports": [{"containerPort": 80}]}]}}}},
        {
            "spec": {
                "replicas": 1,
                "template": {
                    "spec": {
                        "dnsPolicy": "ClusterFirst",
                        "containers": [
                            {
                                "name": "a",
                                "imagePullPolicy": "Always",
                                "ports": [{"containerPort": 80, "protocol": "TCP"}],
                            }
                        ],
                    }
                },
            }
        },
    ),
    "quantities have many spellings": (
        "core/ResourceQuota",
        {"spec": {"hard": {"requests.cpu": "1", "requests.memory": "1024Mi"}}},
        {"spec": {"hard": {"requests.cpu": "1000m", "requests.memory": "1Gi"}}},
    ),
    "durations as Go writes them": (
        "cert-manager.io/Certificate",
        {"spec": {"duration": "2160h", "renewBefore": "30m"}},
        {"spec": {"duration": "2160h0m0s", "renewBefore": "1800s"}},
    ),
    "ports as text": (
        "core/Service",
        {"spec": {"ports": [{"port": 80, "targetPort": "8080"}]}},
        {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}},
    ),
    "what is zero is left out": ("apps/Deployment", {"spec": {"paused": False, "minReadySeconds": 0}}, {"spec": {}}),
    "a sidecar that a mesh injects": (
        "apps/Deployment",
        {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}},
        {"spec": {"template": {"spec": {"containers": [{"name": "istio-proxy"}, {"name": "a"}]}}}},
    ),
    "certificates that are injected": (
        "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
        {"webhooks": [{"name": "a", "clientConfig": {"caBundle": "Cg=="}}]},
        {"webhooks": [{"name": "a", "clientConfig": {"caBundle": "LS0t"}}]},
    ),
    "rules that are aggregated": (
        "rbac.authorization.k8s.io/ClusterRole",
        {"aggregationRule": {"a": "b"}, "rules": []},
        {"aggregationRule": {"a": "b"}, "rules": [{"verbs": ["get"]}]},
    ),
    "bookkeeping": (
        "core/ConfigMap",
        {"apiVersion": "v1", "metadata": {"name": "a"}, "data": {"k": "v"}},
        {"metadata": {"name": "a", "uid": "u", "resourceVersion": "7", "managedFields": []}, "data": {"k": "v"}},
    ),
}


@pytest.mark.parametrize("cause", SAME)
def test_no_drift(cause: str) -> None:
    type_, declared, live = SAME[cause]
    assert [one for one in compare(type_, declared, live) if one.class_ is not DriftClass.EXPECTED] == []


DIFFERENT = {
    "an id of something else": (ACCOUNT, {"properties": {"subnet": ID}}, {"properties": {"subnet": f"{ID}-b"}}),
    "a part that is known": (
        ACCOUNT,
        {"properties": {"subnet": "/subscriptions/{s}/resourceGroups/a"}},
        {"properties": {"subnet": ID}},
    ),
    "another region": (ACCOUNT, {"location": "westeurope"}, {"location": "northeurope"}),
    "a tag removed": (ACCOUNT, {"tags": {"owner": "a"}}, {"tags": {}}),
    "the value of a tag in another case": (ACCOUNT, {"tags": {"owner": "a"}}, {"tags": {"owner": "A"}}),
    "another number": (ACCOUNT, {"properties": {"days": 60}}, {"properties": {"days": "6"}}),
    "a version is no number": (
        CLUSTER,
        {"properties": {"kubernetesVersion": "1.30"}},
        {"properties": {"kubernetesVersion": "1.3"}},
    ),
    "another time": (
        ACCOUNT,
        {"properties": {"expires": "2026-11-21T10:00:00Z"}},
        {"properties": {"expires": "2026-11-22T10:00:00Z"}},
    ),
    "a rule opened": (GROUP, rules("a"), rules("a", "b")),
    "a rule where none is declared": (GROUP, {"properties": {"securityRules": []}}, rules("a")),
    "a rule removed": (GROUP, rules("a", "b"), rules("a")),
    "a port more": (GROUP, rules("a", destinationPortRange="443"), rules("a", destinationPortRanges=["443", "22"])),
    "a switch turned off": (
        ACCOUNT,
        {"properties": {"supportsHttpsTrafficOnly": True}},
        {"properties": {"supportsHttpsTrafficOnly": False}},
    ),
    "a number without autoscaling": (
        CLUSTER,
        {"properties": {"agentPoolProfiles": [{"name": "web", "count": 2}]}},
        {"properties": {"agentPoolProfiles": [{"name": "web", "count": 9}]}},
    ),
    "replicas by hand where none are declared": (
        "apps/Deployment",
        {"spec": {"paused": False}},
        {"spec": {"replicas": 3}},
    ),
    "a container that nobody injects": (
        "apps/Deployment",
        {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}},
        {"spec": {"template": {"spec": {"containers": [{"name": "a"}, {"name": "miner"}]}}}},
    ),
    "a privileged container where nothing is said": (
        "apps/Deployment",
        {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}},
        {"spec": {"template": {"spec": {"containers": [{"name": "a", "securityContext": {"privileged": True}}]}}}},
    ),
    "a subject added": (
        "rbac.authorization.k8s.io/RoleBinding",
        {"subjects": [{"kind": "Group", "name": "a"}]},
        {"subjects": [{"kind": "Group", "name": "a"}, {"kind": "User", "name": "b"}]},
    ),
    "a verb added": (
        "rbac.authorization.k8s.io/Role",
        {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
        {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"]}]},
    ),
    "another quantity": ("core/ResourceQuota", {"spec": {"hard": {"pods": "10"}}}, {"spec": {"hard": {"pods": "11"}}}),
    "the order of arguments": (
        "core/Pod",
        {"spec": {"containers": [{"name": "a", "args": ["x", "y"]}]}},
        {"spec": {"containers": [{"name": "a", "args": ["y", "x"]}]}},
    ),
    "an address that is admitted": (
        "networking.k8s.io/NetworkPolicy",
        {"spec": {"ingress": [{"from": [{"podSelector": {}}]}]}},
        {"spec": {"ingress": [{"from": [{"podSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}},
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_drift(what: str) -> None:
    type_, declared, live = DIFFERENT[what]
    assert [one for one in compare(type_, declared, live) if one.class_ is DriftClass.CHANGED], "it hides"


def test_what_is_not_known_is_said_to_be_unreadable() -> None:
    (change,) = compare(ACCOUNT, {"properties": {"a": Unknown("known after apply")}}, {"properties": {"a": 1}})
    assert (change.class_, change.reason, change.live) == (DriftClass.UNREADABLE, "known after apply", ABSENT)


def test_a_property_that_no_model_knows_is_told_with_low_confidence() -> None:
    (change,) = compare(ACCOUNT, {"properties": {"brandNew": 1}}, {"properties": {"brandNew": 2}})
    assert change.confidence is Confidence.LOW
    (known,) = compare(
        ACCOUNT, {"properties": {"minimumTlsVersion": "TLS1_2"}}, {"properties": {"minimumTlsVersion": "TLS1_0"}}
    )
    assert known.confidence is Confidence.HIGH
    (type_,) = compare("Microsoft.New/things", {"properties": {"a": 1}}, {"properties": {"a": 2}})
    assert type_.confidence is Confidence.LOW


def test_elements_in_another_order_are_one_change_where_order_counts() -> None:
    two = [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]
    declared = {"spec": {"initContainers": two}}
    (change,) = compare("core/Pod", declared, {"spec": {"initContainers": two[::-1]}})
    assert (change.path, change.confidence) == (("spec", "initContainers"), Confidence.LOW)
    assert compare("core/Pod", {"spec": {"containers": two}}, {"spec": {"containers": two[::-1]}}) == ()


def test_a_changed_element_is_one_change_at_its_attribute() -> None:
    live = [{"name": "B", "properties": {"access": "Allow"}}, {"name": "A", "properties": {"access": "deny"}}]
    (change,) = compare(GROUP, rules("a", "b"), {"properties": {"securityRules": live}})
    assert change.path == ("properties", "securityRules", 1, "properties", "access")
    assert (change.declared, change.live) == ("Deny", "Allow")


def test_comparing_a_resource_with_itself_is_quick_whatever_its_lists() -> None:
    many = {"properties": {"ipRules": [{"value": f"10.0.{n // 256}.{n % 256}"} for n in range(2_000)]}}
    assert compare(ACCOUNT, many, many) == ()
    nameless = {"properties": {"things": [{"a": n} for n in range(2_000)]}}
    assert compare(ACCOUNT, nameless, {"properties": {"things": nameless["properties"]["things"][::-1]}}) == ()
