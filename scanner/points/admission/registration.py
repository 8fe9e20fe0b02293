"""What the API server has to send for review, and the ``ValidatingWebhookConfiguration`` that says so.

Everything is derived from the Rules that are loaded, so that none is loaded that nothing is sent for. Facts:
``k8s.io/api/admissionregistration/v1`` and the API server's matchers; subresources match only by name.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scanner.engine.selection import Selection
from scanner.estate.resolve import NAME_LABEL
from scanner.model.types import WORKLOADS, is_azure, is_terraform
from scanner.points.admission.reviewer import ADVISORY, BLOCKING

HOOK_NAMES = {BLOCKING: "blocking.admission.bulkhead.dev", ADVISORY: "advisory.admission.bulkhead.dev"}
PATHS = {BLOCKING: "/validate/blocking", ADVISORY: "/validate/advisory"}
FAILURE_POLICIES = {BLOCKING: "Fail", ADVISORY: "Ignore"}
TIMEOUT_S = 5
CREATE_UPDATE = ("CREATE", "UPDATE")

_POD_SUBRESOURCES = ("ephemeralcontainers", "resize")
"""Change a stored Pod's containers; ``pods`` alone does not match them (CVE-2023-2727, CVE-2023-2728)."""
_CONNECT = {
    "core/PodExecOptions": "pods/exec",
    "core/PodAttachOptions": "pods/attach",
    "core/PodPortForwardOptions": "pods/portforward",
}
_SCALE = "autoscaling/Scale"


class Delivery(NamedTuple):
    """One thing that has to be sent for review."""

    group: str
    """Empty for the core group."""
    resource: str
    """``pods`` or ``pods/ephemeralcontainers``."""
    operation: str

    def __str__(self) -> str:
        return f"{self.operation} {self.resource}{f'.{self.group}' if self.group else ''}"


class Target(NamedTuple):
    """Where the API server finds the webhook."""

    ca_bundle: str
    """Base64 of PEM; empty where cert-manager puts it in."""
    namespace: str = "bulkhead-system"
    service: str = "bulkhead-webhook"
    url: str = ""
    """``https://host:port`` instead of a Service: outside the cluster, and in tests."""


def deliveries(selection: Selection) -> tuple[Delivery, ...]:
    """Return all that Rules of ``selection`` are asked about, sorted."""
    found: set[Delivery] = set()
    for type_, asked in selection.by_type.items():
        if not (asked.local or asked.wide) or is_azure(type_) or is_terraform(type_):
            continue
        if type_ in _CONNECT:
            found.add(Delivery("", _CONNECT[type_], "CONNECT"))
        elif type_ == _SCALE:
            found.add(Delivery("*", "*/scale", "UPDATE"))
        else:
            group, _, kind = type_.rpartition("/")
            group = "" if group == "core" else group
            found.update(Delivery(group, plural(kind), operation) for operation in CREATE_UPDATE)
    if any(type_ in WORKLOADS and asked.local for type_, asked in selection.by_type.items()):
        found.update(Delivery("", f"pods/{name}", "UPDATE") for name in _POD_SUBRESOURCES)
    return tuple(sorted(found))


def plural(kind: str) -> str:
    """Return the plural name of a kind in URLs: what all kinds of Kubernetes and of its usual operators have."""
    name = kind.lower()
    if name.endswith(("s", "x", "ch")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


def rules_of(needed: Iterable[Delivery]) -> list[dict[str, Any]]:
    """Return ``rules`` of a webhook that deliver exactly what is needed."""
    by_group: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    operations: dict[tuple[str, str], list[str]] = {}
    for one in sorted(needed):
        operations.setdefault((one.group, one.resource), []).append(one.operation)
    for (group, resource), found in operations.items():
        by_group.setdefault((group, tuple(found)), []).append(resource)
    return [
        {
            "apiGroups": [group],
            "apiVersions": ["*"],
            "operations": list(found),
            "resources": resources,
            "scope": "*",
        }
        for (group, found), resources in by_group.items()
    ]


def registration(
    hooks: Mapping[str, Selection],
    target: Target,
    *,
    name: str = "bulkhead",
    excluded: Iterable[str] = ("kube-system",),
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the ValidatingWebhookConfiguration for hook → Selection; a hook without Rules is left out.

    ``excluded`` are namespaces beside the webhook's own, by the label that the API server sets and nobody can change.
    """
    homes = sorted({target.namespace, *excluded})
    webhooks = [
        {
            "name": HOOK_NAMES[hook],
            "admissionReviewVersions": ["v1"],
            "clientConfig": _client(target, PATHS[hook]),
            "rules": rules_of(deliveries(selection)),
            "failurePolicy": FAILURE_POLICIES[hook],
            "matchPolicy": "Equivalent",
            "sideEffects": "None",
            "timeoutSeconds": TIMEOUT_S,
            "namespaceSelector": {
                "matchExpressions": [{"key": NAME_LABEL, "operator": "NotIn", "values": homes}],
            },
        }
        for hook, selection in hooks.items()
        if deliveries(selection)
    ]
    metadata: dict[str, Any] = {"name": name}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": metadata,
        "webhooks": webhooks,
    }


def _client(target: Target, path: str) -> dict[str, Any]:
    bundle = {"caBundle": target.ca_bundle} if target.ca_bundle else {}
    if target.url:
        return {"url": f"{target.url}{path}", **bundle}
    service = {"namespace": target.namespace, "name": target.service, "path": path, "port": 443}
    return {"service": service, **bundle}
