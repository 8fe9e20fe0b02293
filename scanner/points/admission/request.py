"""What the API server asks: an AdmissionReview of ``admission.k8s.io/v1``, checked and as a value.

Source: ``k8s.io/api/admission/v1`` types.go. What is not well-formed is a ReviewError, which the server answers with
HTTP 400: a call that failed, so that the failure policy of the registration decides. It is never an approval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scanner.errors import ReviewError
from scanner.model.types import CLUSTER_SCOPED
from scanner.points.admission.wire import loads

API_VERSION, KIND = "admission.k8s.io/v1", "AdmissionReview"
CREATE, UPDATE, DELETE, CONNECT = OPERATIONS = ("CREATE", "UPDATE", "DELETE", "CONNECT")


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """One request to the API server that is under review."""

    uid: str
    operation: str
    """``CREATE``, ``UPDATE``, ``DELETE`` or ``CONNECT``."""
    type: str
    """Group and kind of what is sent for review: ``apps/Deployment``. With ``matchPolicy: Equivalent`` this is the
    registered version's; what the client sent is ``asked_as``."""
    api_version: str
    resource: str
    """Plural name: ``deployments``."""
    subresource: str
    """``scale``, ``ephemeralcontainers``, ``exec`` …; empty for the object itself."""
    asked_as: str
    """Group, version and kind that the client sent: ``apps/v1beta1/Deployment``; empty where it is not told."""
    namespace: str
    name: str
    """Empty where the server has yet to generate one."""
    object: Mapping[str, Any] | None
    """What is to be stored; None on DELETE."""
    old: Mapping[str, Any] | None
    """What is stored; None on CREATE and CONNECT."""
    dry_run: bool
    user: str
    groups: tuple[str, ...]

    @property
    def home(self) -> str:
        """The namespace that says whose the object is; empty for cluster-wide ones, and for a Namespace itself."""
        return "" if self.type in CLUSTER_SCOPED else self.namespace


def read_request(body: bytes) -> AdmissionRequest:
    """Return the request in an AdmissionReview. Raises ReviewError where it is none or incomplete."""
    review = loads(body)
    if not isinstance(review, dict):
        raise ReviewError("cannot read review: the body is no JSON object")
    version, kind = review.get("apiVersion"), review.get("kind")
    if (version, kind) != (API_VERSION, KIND):
        found = f"apiVersion is {_shown(version)} and kind is {_shown(kind)}"
        raise ReviewError(f"cannot answer review: {found}; {API_VERSION} {KIND} is expected")
    request = review.get("request")
    if not isinstance(request, dict):
        raise ReviewError("cannot answer review: it holds no request")
    operation = _text(request, "operation")
    if operation not in OPERATIONS:
        raise ReviewError(f"cannot answer review: operation {_shown(operation)} is not known")
    kind_of = _mapping(request, "kind")
    group, version, kind = _text(kind_of, "group", empty=True), _text(kind_of, "version"), _text(kind_of, "kind")
    user = request.get("userInfo")
    user = user if isinstance(user, dict) else {}
    groups = user.get("groups")
    return AdmissionRequest(
        uid=_text(request, "uid"),
        operation=operation,
        type=f"{group or 'core'}/{kind}",
        api_version=f"{group}/{version}" if group else version,
        resource=_text(_mapping(request, "resource"), "resource"),
        subresource=_text(request, "subResource", empty=True),
        asked_as=_asked_as(request.get("requestKind")),
        namespace=_text(request, "namespace", empty=True),
        name=_text(request, "name", empty=True),
        object=_object(request, "object"),
        old=_object(request, "oldObject"),
        dry_run=request.get("dryRun") is True,
        user=str(user.get("username", "")),
        groups=tuple(group for group in groups if isinstance(group, str)) if isinstance(groups, list) else (),
    )


def _text(holder: Mapping[str, Any], field: str, *, empty: bool = False) -> str:
    value = holder.get(field)
    if value is None and empty:
        return ""
    if not isinstance(value, str) or not (value or empty):
        raise ReviewError(f"cannot answer review: {field} is {_shown(value)}; text is expected")
    return value


def _mapping(holder: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = holder.get(field)
    if not isinstance(value, dict):
        raise ReviewError(f"cannot answer review: {field} is missing")
    return value


def _object(request: Mapping[str, Any], field: str) -> Mapping[str, Any] | None:
    value = request.get(field)
    if value is not None and not isinstance(value, dict):
        raise ReviewError(f"cannot answer review: {field} is no object")
    return value


def _asked_as(kind: Any) -> str:
    if not isinstance(kind, dict):
        return ""
    return "/".join(str(kind[key]) for key in ("group", "version", "kind") if kind.get(key))


def _shown(value: Any) -> str:
    """Return a value of the envelope as a message shows it: short, and never a part of an object."""
    if value is None:
        return "missing"
    return f"'{value[:60]}'" if isinstance(value, str) else f"a {type(value).__name__}"
