"""How the provider's names differ from the API's beyond snake case: repeated blocks, initialisms, numbers as text.

Source: the schemas of hashicorp/kubernetes 2.x and the Kubernetes API reference 1.35.
"""

import re

LISTS = {
    "address": "addresses",
    "allowed_topologies": "allowedTopologies",
    "container": "containers",
    "egress": "egress",
    "env": "env",
    "env_from": "envFrom",
    "from": "from",
    "host_aliases": "hostAliases",
    "http_header": "httpHeaders",
    "image_pull_secret": "imagePullSecrets",
    "image_pull_secrets": "imagePullSecrets",
    "ingress": "ingress",
    "init_container": "initContainers",
    "items": "items",
    "limit": "limits",
    "match_expression": "matchExpressions",
    "match_expressions": "matchExpressions",
    "match_fields": "matchFields",
    "match_label_expressions": "matchLabelExpressions",
    "metric": "metrics",
    "node_selector_term": "nodeSelectorTerms",
    "path": "paths",
    "policy": "policies",
    "port": "ports",
    "ports": "ports",
    "preferred_during_scheduling_ignored_during_execution": "preferredDuringSchedulingIgnoredDuringExecution",
    "readiness_gate": "readinessGates",
    "required_during_scheduling_ignored_during_execution": "requiredDuringSchedulingIgnoredDuringExecution",
    "rule": "rules",
    "sources": "sources",
    "subject": "subjects",
    "subset": "subsets",
    "sysctl": "sysctls",
    "taint": "taints",
    "tls": "tls",
    "to": "to",
    "toleration": "tolerations",
    "topology_spread_constraint": "topologySpreadConstraints",
    "volume": "volumes",
    "volume_claim_template": "volumeClaimTemplates",
    "volume_device": "volumeDevices",
    "volume_mount": "volumeMounts",
    "webhook": "webhooks",
}
"""Blocks that may repeat → the API's list."""

SINGLE = frozenset(
    (
        ("ephemeral", "volume_claim_template"),
        ("external", "metric"),
        ("node_affinity", "required_during_scheduling_ignored_during_execution"),
        ("object", "metric"),
        ("pods", "metric"),
        ("service", "port"),
    )
)
"""(block around it, block) that is one object although its name is in LISTS elsewhere."""

REPEATED = {
    ("kubernetes_service_account", "secret"): "secrets",
    ("aggregation_rule", "cluster_role_selectors"): "clusterRoleSelectors",
}
"""(block or resource type around it, block) that is a list although its name is one object elsewhere."""

_INITIALISMS = {
    "api_group": "apiGroup",
    "aws_elastic_block_store": "awsElasticBlockStore",
    "client_ip": "clientIP",
    "cluster_ip": "clusterIP",
    "cluster_ips": "clusterIPs",
    "data_disk_uri": "diskURI",
    "external_ips": "externalIPs",
    "host_ip": "hostIP",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "iscsi_interface": "iscsiInterface",
    "load_balancer_ip": "loadBalancerIP",
    "non_resource_urls": "nonResourceURLs",
    "pd_id": "pdID",
    "pod_ip": "podIP",
    "secret_namespace": "secretNamespace",
    "storage_provisioner": "provisioner",
    "target_ww_ns": "targetWWNs",
    "volume_id": "volumeID",
}

NUMBERS = frozenset(
    ("fsGroup", "maxSurge", "maxUnavailable", "minAvailable", "number", "port", "replicas", "runAsGroup", "runAsUser",
     "servicePort", "targetPort")
)  # fmt: skip
"""Properties that the provider writes as text although the API has a number there, where the text is one."""

_WORD = re.compile(r"_([a-z0-9])")


def camel(name: str) -> str:
    """Return the API's spelling of an attribute: ``run_as_user`` is ``runAsUser``."""
    return _INITIALISMS.get(name) or _WORD.sub(lambda match: match[1].upper(), name)


def list_name(around: str, name: str) -> str | None:
    """Return the API's name of a block that is a list there; None where it is one object."""
    if (around, name) in REPEATED:
        return REPEATED[(around, name)]
    return None if (around, name) in SINGLE else LISTS.get(name)
