"""AdmissionReviews as an API server sends them, and reviewers to ask."""

import copy
import json
from typing import Any

from scanner.config import AdmissionChoice
from scanner.model.severity import Severity
from scanner.points.admission.context import Context
from scanner.points.admission.policy import Policy
from scanner.points.admission.reviewer import ALL, Reviewer, Setup
from scanner.points.admission.setup import setup_of
from scanner.report import Gate

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"

CONTAINER = {
    "name": "web",
    "image": "registry.example.net/web@sha256:" + "a" * 64,
    "securityContext": {
        "privileged": False,
        "allowPrivilegeEscalation": False,
        "runAsNonRoot": True,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "resources": {
        "requests": {"cpu": "100m", "memory": "64Mi"},
        "limits": {"cpu": "1", "memory": "64Mi"},
    },
    "livenessProbe": {"httpGet": {"path": "/live", "port": 80}},
    "readinessProbe": {"httpGet": {"path": "/ready", "port": 80}},
}
POD_SPEC = {
    "automountServiceAccountToken": False,
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [CONTAINER],
}
_PLURALS = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}


def pod(name: str = "web", namespace: str = "shop", **spec: Any) -> dict[str, Any]:
    """A Pod that no rule objects to, but for `spec`."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {**copy.deepcopy(POD_SPEC), **spec},
    }


def deployment(name: str = "web", namespace: str = "shop", **spec: Any) -> dict[str, Any]:
    """A Deployment that no rule objects to, but for `spec` of its Pods."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {**copy.deepcopy(POD_SPEC), **spec},
            },
        },
    }


def containers(**changes: Any) -> list[dict[str, Any]]:
    """One container, changed: keys of `securityContext` where they are some, else its own."""
    container = copy.deepcopy(CONTAINER)
    for key, value in changes.items():
        holder = container["securityContext"] if key in container["securityContext"] else container
        holder[key] = value  # type: ignore[index]
    return [container]


PRIVILEGED = containers(privileged=True, allowPrivilegeEscalation=True)


def review(
    object_: dict[str, Any] | None,
    old: dict[str, Any] | None = None,
    operation: str = "",
    subresource: str = "",
    **request: Any,
) -> dict[str, Any]:
    """The AdmissionReview for an object; it is an update where there is an old one."""
    known: dict[str, Any] = object_ or old or {}
    group, _, version = known.get("apiVersion", "v1").rpartition("/")
    kind = {"group": group, "version": version, "kind": known.get("kind", "Pod")}
    plural = _PLURALS.get(kind["kind"], kind["kind"].lower() + "s")
    metadata = known.get("metadata", {})
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": UID,
            "kind": kind,
            "resource": {"group": group, "version": version, "resource": plural},
            **({"subResource": subresource} if subresource else {}),
            "requestKind": kind,
            "name": metadata.get("name", ""),
            "namespace": metadata.get("namespace", ""),
            "operation": operation or ("UPDATE" if old is not None and object_ is not None else "CREATE"),
            "userInfo": {"username": "jane", "groups": ["system:authenticated"]},
            "object": object_,
            "oldObject": old,
            "dryRun": False,
            "options": None,
            **request,
        },
    }


def body(found: dict[str, Any]) -> bytes:
    """A review as it goes over the wire."""
    return json.dumps(found).encode()


def setup(choice: AdmissionChoice | None = None, fail_on: str = "low", **flags: Any) -> Setup:
    """What decides by default, without an estate."""
    found, _ = setup_of({"today": "2026-11-21", **flags})
    if choice is None and fail_on == "low":
        return found
    from dataclasses import replace

    return replace(found, policy=Policy(choice or found.policy.choice, Gate(fail_on=Severity.parse(fail_on))))


def reviewer(context: Context | None = None, hook: str = ALL, **options: Any) -> Reviewer:
    """A Reviewer of :func:`setup`."""
    return Reviewer(setup(**options), context, hook)


def ask(asked: Reviewer, found: dict[str, Any]) -> dict[str, Any]:
    """The `response` that a Reviewer gives, checked as the API server checks it (VerifyAdmissionResponse)."""
    answer = json.loads(asked.review(body(found)))
    assert (answer["apiVersion"], answer["kind"]) == ("admission.k8s.io/v1", "AdmissionReview")
    response: dict[str, Any] = answer["response"]
    assert response["uid"] == found["request"]["uid"]
    assert set(response) <= {"uid", "allowed", "status", "warnings", "auditAnnotations"}, "no patch from validation"
    assert isinstance(response["allowed"], bool)
    assert ("status" in response) is not response["allowed"]
    return response


def rules_in(response: dict[str, Any], annotation: str) -> set[str]:
    """The rule ids that an audit annotation names."""
    return {part.partition(":")[0] for part in response["auditAnnotations"].get(annotation, "").split()}
