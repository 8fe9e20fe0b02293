"""Everything of a deployed webhook but its Pod: namespace, identity, permissions, network, certificate, service."""

from collections.abc import Iterable
from typing import Any

from scanner.points.admission.deployment.settings import CERT_MANAGER, HEALTH, REVIEWS, Settings
from scanner.points.admission.registration import plural

_PSA = "pod-security.kubernetes.io"
_NAME_LABEL = "kubernetes.io/metadata.name"
_RBAC = "rbac.authorization.k8s.io"
_ANYWHERE = "0.0.0.0/0"
_NODE_METADATA = "169.254.169.254/32"
PRIORITY = 1_000_000_000
"""The highest that is not Kubernetes' own: what is denied without the webhook must not push it out."""


def namespace(settings: Settings) -> dict[str, Any]:
    """Return the Namespace, which admits hardened Pods only."""
    labels = {f"{_PSA}/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    return _object("v1", "Namespace", {"name": settings.namespace, "labels": {**settings.labels, **labels}})


def service_account(settings: Settings) -> dict[str, Any]:
    """Return the ServiceAccount; only the webhook's own Pods mount its token."""
    return {**_object("v1", "ServiceAccount", named(settings)), "automountServiceAccountToken": False}


def roles(settings: Settings, looked_up: Iterable[str]) -> list[dict[str, Any]]:
    """Return the ClusterRole that lists what Rules look up, and who has it: the webhook alone. It writes nothing."""
    groups: dict[str, list[str]] = {}
    for type_ in sorted(looked_up):
        group, _, kind = type_.rpartition("/")
        groups.setdefault("" if group == "core" else group, []).append(plural(kind))
    rules = [
        {"apiGroups": [group], "resources": resources, "verbs": ["get", "list", "watch"]}
        for group, resources in groups.items()
    ]
    metadata = {"name": settings.name, "labels": settings.labels}
    role = _object(f"{_RBAC}/v1", "ClusterRole", metadata, rules=rules)
    binding = _object(
        f"{_RBAC}/v1",
        "ClusterRoleBinding",
        metadata,
        roleRef={"apiGroup": _RBAC, "kind": "ClusterRole", "name": settings.name},
        subjects=[{"kind": "ServiceAccount", "name": settings.name, "namespace": settings.namespace}],
    )
    return [role, binding]


def network_policy(settings: Settings) -> dict[str, Any]:
    """Return the NetworkPolicy: the API servers ask, Prometheus reads; lookups go out, and nothing else does."""
    api_servers = [{"ipBlock": _block(cidr)} for cidr in settings.api_servers]
    ingress: list[dict[str, Any]] = [{"from": api_servers, "ports": [_port(REVIEWS)]}]
    if settings.monitoring:
        prometheus = {"namespaceSelector": {"matchLabels": {_NAME_LABEL: settings.monitoring}}}
        ingress.append({"from": [prometheus], "ports": [_port(HEALTH)]})
    dns = {
        "namespaceSelector": {"matchLabels": {_NAME_LABEL: "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    return _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        named(settings),
        spec={
            "podSelector": {"matchLabels": settings.labels},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress,
            "egress": [
                {"to": [dns], "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]},
                {"to": api_servers, "ports": [_port(443), _port(6443)]},
            ],
        },
    )


def guardrails(settings: Settings) -> list[dict[str, Any]]:
    """Return what every namespace should have: nothing in or out but what is allowed, and limits for every container.

    Of the namespace, not of the webhook: they hold for whatever else comes into it.
    """
    denied = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    limits = {
        "type": "Container",
        "default": {"cpu": "500m", "memory": "256Mi"},
        "defaultRequest": {"cpu": "100m", "memory": "128Mi"},
        "max": {"cpu": "4", "memory": "4Gi"},
    }
    metadata = {"namespace": settings.namespace, "labels": settings.labels}
    return [
        _object("networking.k8s.io/v1", "NetworkPolicy", {"name": "default-deny", **metadata}, spec=denied),
        _object("v1", "LimitRange", {"name": "defaults", **metadata}, spec={"limits": [limits]}),
    ]


def configuration(settings: Settings) -> list[dict[str, Any]]:
    """Return the ConfigMaps with the configuration, and with the Estate where there is one."""
    found = [("config", settings.config), ("estate", settings.estate)]
    return [_object("v1", "ConfigMap", named(settings, f"-{what}"), data=dict(texts)) for what, texts in found if texts]


def priority_class(settings: Settings) -> dict[str, Any]:
    """Return the PriorityClass of its Pods."""
    return _object(
        "scheduling.k8s.io/v1",
        "PriorityClass",
        {"name": settings.name, "labels": settings.labels},
        value=PRIORITY,
        globalDefault=False,
        description="What the API server asks before it stores anything.",
    )


def service(settings: Settings) -> dict[str, Any]:
    """Return the Service that the API servers call."""
    ports = [
        {"name": "https", "port": 443, "targetPort": REVIEWS, "protocol": "TCP"},
        {"name": "metrics", "port": HEALTH, "targetPort": HEALTH, "protocol": "TCP"},
    ]
    spec = {"type": "ClusterIP", "selector": settings.labels, "ports": ports}
    return _object("v1", "Service", named(settings), spec=spec)


def disruption_budget(settings: Settings) -> dict[str, Any]:
    """Return the PodDisruptionBudget: one at a time may be moved."""
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": settings.labels}}
    return _object("policy/v1", "PodDisruptionBudget", named(settings), spec=spec)


def service_monitor(settings: Settings) -> list[dict[str, Any]]:
    """Return the ServiceMonitor where somebody reads metrics."""
    if not settings.monitoring:
        return []
    spec = {
        "selector": {"matchLabels": settings.labels},
        "endpoints": [{"port": "metrics", "path": "/metrics", "interval": "30s"}],
    }
    return [_object("monitoring.coreos.com/v1", "ServiceMonitor", named(settings), spec=spec)]


def certificates(settings: Settings) -> list[dict[str, Any]]:
    """Return a CA of the webhook's own, and the certificate it signs, where cert-manager makes them.

    Ten years and one, renewed 60 days early: webhooks have failed for a CA that ended unnoticed after its first year.
    """
    if settings.certificates != CERT_MANAGER:
        return []
    root, issuer = f"{settings.name}-ca", f"{settings.name}-issuer"
    host = f"{settings.name}.{settings.namespace}.svc"
    hosts = [host, f"{host}.cluster.local"]
    key = {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}

    def certificate(name: str, secret: str, hours: int, issued_by: str, **more: Any) -> dict[str, Any]:
        spec = {
            "secretName": secret,
            "duration": f"{hours}h",
            "renewBefore": "1440h",
            "privateKey": key,
            "issuerRef": {"name": issued_by, "kind": "Issuer"},
            **more,
        }
        metadata = {**named(settings), "name": name}
        return _object("cert-manager.io/v1", "Certificate", metadata, spec=spec)

    def issuing(name: str, **how: Any) -> dict[str, Any]:
        return _object("cert-manager.io/v1", "Issuer", {**named(settings), "name": name}, spec=how)

    return [
        issuing(f"{settings.name}-selfsigned", selfSigned={}),
        certificate(root, root, 87600, f"{settings.name}-selfsigned", isCA=True, commonName=root),
        issuing(issuer, ca={"secretName": root}),
        certificate(
            settings.secret,
            settings.secret,
            8760,
            issuer,
            dnsNames=hosts,
            usages=["server auth"],
        ),
    ]


def named(settings: Settings, suffix: str = "") -> dict[str, Any]:
    """Return the metadata of one of the webhook's objects."""
    return {"name": settings.name + suffix, "namespace": settings.namespace, "labels": settings.labels}


def _port(number: int) -> dict[str, Any]:
    return {"protocol": "TCP", "port": number}


def _block(cidr: str) -> dict[str, Any]:
    return {"cidr": cidr, "except": [_NODE_METADATA]} if cidr == _ANYWHERE else {"cidr": cidr}


def _object(api: str, kind: str, metadata: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **more}
