"""Everything of a deployed audit but its Pod: namespace, identity, permissions, network, estate, storage."""

from typing import Any

import yaml

from scanner.audit.deployment.settings import Settings
from scanner.audit.permissions import Needed
from scanner.audit.permissions.render import cluster_role

_PSA = "pod-security.kubernetes.io"


def namespace(settings: Settings) -> dict[str, Any]:
    """Return the Namespace, which admits hardened Pods only."""
    labels = {f"{_PSA}/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    return _object("v1", "Namespace", {"name": settings.namespace, "labels": {**settings.labels, **labels}})


def service_account(settings: Settings) -> dict[str, Any]:
    """Return the ServiceAccount; only the audit's own Pod mounts its token."""
    metadata = _named(settings)
    if settings.client_id:
        metadata["annotations"] = {"azure.workload.identity/client-id": settings.client_id}
        if settings.tenant_id:
            metadata["annotations"]["azure.workload.identity/tenant-id"] = settings.tenant_id
    return {**_object("v1", "ServiceAccount", metadata), "automountServiceAccountToken": False}


def roles(settings: Settings, needed: Needed) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the ClusterRole that lists what Rules read, and who has it: the audit alone."""
    role = cluster_role(needed, settings.name, settings.labels)
    binding = _object(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        {"name": settings.name, "labels": dict(settings.labels)},
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": settings.name},
        subjects=[{"kind": "ServiceAccount", "name": settings.name, "namespace": settings.namespace}],
    )
    return role, binding


def estate(settings: Settings) -> dict[str, Any]:
    """Return the ConfigMap with the files of the Estate."""
    return _object("v1", "ConfigMap", _named(settings, "-estate"), data=dict(settings.estate))


def kubeconfig(settings: Settings) -> dict[str, Any] | None:
    """Return the ConfigMap with the way into this cluster, as the ServiceAccount; None where a Secret has it.

    Its one context is called as the Estate calls the cluster, so that the audit reads no other under that name.
    """
    if settings.kubeconfig_secret:
        return None
    account = "/var/run/secrets/kubernetes.io/serviceaccount"
    name = settings.cluster
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [
            {
                "name": name,
                "cluster": {"server": "https://kubernetes.default.svc", "certificate-authority": f"{account}/ca.crt"},
            }
        ],
        "users": [{"name": settings.name, "user": {"tokenFile": f"{account}/token"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": settings.name}}],
    }
    text = yaml.safe_dump(config, sort_keys=False)
    return _object("v1", "ConfigMap", _named(settings, "-cluster"), data={"config": text})


def network_policy(settings: Settings) -> dict[str, Any]:
    """Return the NetworkPolicy: nobody reaches the audit; it reaches names, APIs, and its database."""
    blocks = [{"ipBlock": _block(cidr)} for cidr in settings.egress]
    ports = [443, 6443, *([5432] if settings.store.startswith("postgresql") else [])]
    return _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        _named(settings),
        spec={
            "podSelector": {"matchLabels": dict(settings.labels)},
            "policyTypes": ["Ingress", "Egress"],
            "egress": [
                {
                    "to": [
                        {
                            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
                        }
                    ],
                    "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")],
                },
                {"to": blocks, "ports": [{"protocol": "TCP", "port": port} for port in ports]},
            ],
        },
    )


def volume_claim(settings: Settings) -> dict[str, Any] | None:
    """Return the claim for what a run that was cut off had found, and for the store and reports that lie in files.

    None where Pods share the audit: each then has its own while it lives.
    """
    if settings.shards:
        return None
    metadata = _named(settings)
    if settings.backup_class:
        metadata["labels"]["backup-class"] = settings.backup_class
    return _object(
        "v1",
        "PersistentVolumeClaim",
        metadata,
        spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": settings.storage}}},
    )


def _block(cidr: str) -> dict[str, Any]:
    """Return ``cidr`` without the node's own metadata service, whose identity is not the audit's."""
    return {"cidr": cidr, "except": ["169.254.169.254/32"]} if cidr == "0.0.0.0/0" else {"cidr": cidr}


def _named(settings: Settings, suffix: str = "") -> dict[str, Any]:
    return {"name": settings.name + suffix, "namespace": settings.namespace, "labels": dict(settings.labels)}


def _object(api: str, kind: str, metadata: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **more}
