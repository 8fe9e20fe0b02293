"""The Deployment of the webhook: hardened, spread over nodes, replaced without a gap."""

from typing import Any

from scanner.points.admission.deployment.objects import named
from scanner.points.admission.deployment.settings import HEALTH, REVIEWS, Settings

_USER = 10001
"""The user of the image."""
_TLS, _CONFIG, _ESTATE = "/etc/bulkhead/tls", "/etc/bulkhead/config", "/etc/bulkhead/estate"
DRAIN_S = 15
"""Longer than an endpoint takes to be taken out of the API servers' way."""


def deployment(settings: Settings, digest: str) -> dict[str, Any]:
    """Return the Deployment; ``digest`` is that of its configuration, so that a change of it replaces the Pods."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": named(settings),
        "spec": {
            "replicas": settings.replicas,
            "selector": {"matchLabels": settings.labels},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": settings.labels, "annotations": {"bulkhead/configuration": digest}},
                "spec": _pod(settings),
            },
        },
    }


def _pod(settings: Settings) -> dict[str, Any]:
    volumes = _volumes(settings)
    selector = {"labelSelector": {"matchLabels": settings.labels}}
    return {
        "serviceAccountName": settings.name,
        "automountServiceAccountToken": True,  # lookups go to the API server
        "priorityClassName": settings.name,
        "terminationGracePeriodSeconds": DRAIN_S + 20,
        "affinity": {
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {**selector, "topologyKey": "kubernetes.io/hostname"}
                ]
            }
        },
        "topologySpreadConstraints": [
            {
                **selector,
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
            }
        ],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "webhook",
                "image": settings.image,
                "imagePullPolicy": "IfNotPresent",
                "args": _arguments(settings),
                "env": [{"name": "HOME", "value": "/tmp"}],  # noqa: S108 - a path inside the container
                "ports": [
                    {"name": "https", "containerPort": REVIEWS, "protocol": "TCP"},
                    {"name": "health", "containerPort": HEALTH, "protocol": "TCP"},
                ],
                "startupProbe": _probe("/readyz", periodSeconds=2, failureThreshold=60),
                "readinessProbe": _probe("/readyz", periodSeconds=2, failureThreshold=1),
                "livenessProbe": _probe("/healthz", periodSeconds=10, failureThreshold=6),
                "resources": {
                    "requests": {"cpu": "200m", "memory": settings.memory},
                    "limits": {"cpu": settings.cpu, "memory": settings.memory},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [mount for mount, _ in volumes],
            }
        ],
        "volumes": [volume for _, volume in volumes],
    }


def _arguments(settings: Settings) -> list[str]:
    found = ["webhook", "serve", f"--listen=:{REVIEWS}", f"--health-listen=:{HEALTH}"]
    found += [f"--tls-cert={_TLS}/tls.crt", f"--tls-key={_TLS}/tls.key", "--in-cluster", f"--drain={DRAIN_S}"]
    if settings.cluster:
        found.append(f"--cluster={settings.cluster}")
    if settings.estate:
        found.append(f"--estate={_ESTATE}")
    for name in settings.config:
        option = "config" if name == "bulkhead.yaml" else "exemptions"
        found.append(f"--{option}={_CONFIG}/{name}")
    return found


def _probe(path: str, **when: int) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": HEALTH}, "timeoutSeconds": 2, **when}


def _volumes(settings: Settings) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return (mount, volume) for each."""
    found = [
        _volume("tls", _TLS, secret={"secretName": settings.secret}),
        _volume("scratch", "/tmp", writable=True, emptyDir={"sizeLimit": "64Mi"}),  # noqa: S108
    ]
    if settings.config:
        found.append(_volume("config", _CONFIG, configMap={"name": f"{settings.name}-config"}))
    if settings.estate:
        found.append(_volume("estate", _ESTATE, configMap={"name": f"{settings.name}-estate"}))
    return found


def _volume(name: str, path: str, *, writable: bool = False, **what: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    mount = {"name": name, "mountPath": path, **({} if writable else {"readOnly": True})}
    return mount, {"name": name, **what}
