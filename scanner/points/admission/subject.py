"""What of a request is judged: the object as it would be stored, and what it replaces; or why nothing is."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from scanner.errors import ReviewError
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.unknown import find_unknowns
from scanner.points.admission.request import DELETE, UPDATE, AdmissionRequest
from scanner.sources.kubernetes_objects import KubernetesObject, read_object

FILE = "review"
"""Stands where the gate has the name of a file."""

_UNTRUSTED_OLD = frozenset(("core/Node",))
"""Types whose ``oldObject`` may be stale or wrong: CVE-2021-25735. A change of one is judged as a whole."""


class Passed(str):
    """Why a request is let through without asking any Rule."""

    __slots__ = ()


class Subject(NamedTuple):
    """What Rules are asked about."""

    new: Resource
    old: Resource | None
    """What it replaces; None where there is none, or where it is not to be trusted."""
    status_only: bool
    """Whether the API server takes nothing but the status from it."""


Subjects: TypeAlias = Subject | Passed


def subject_of(request: AdmissionRequest, cluster: str) -> Subjects:
    """Return what of ``request`` is judged, or why it passes.

    Raises ReviewError where the object that must be there is not, or is none.
    """
    if request.operation == DELETE:
        return Passed("a deletion always passes")
    if request.object is None:
        raise ReviewError(f"cannot answer review: {request.operation} of {request.type} comes without an object")
    if _is_finalized(request.object, request.old):
        return Passed("it is being deleted, and only its finalizers change")
    new = _resource(request, request.object, cluster)
    old = None
    if request.operation == UPDATE and request.old is not None and request.type not in _UNTRUSTED_OLD:
        old = _resource(request, request.old, cluster)
    return Subject(new, old, request.subresource == "status")


def _resource(request: AdmissionRequest, value: Mapping[str, Any], cluster: str) -> Resource:
    """Return the Resource in ``value``; what a subresource's options lack of an identity, the request has."""
    group_kind = {"apiVersion": request.api_version, "kind": request.type.rpartition("/")[2]}
    metadata = value.get("metadata")
    identity: dict[str, Any] = dict(metadata) if isinstance(metadata, dict) else {}
    if request.namespace and request.type not in CLUSTER_SCOPED:
        identity["namespace"] = request.namespace  # the API server's word, not the object's
    if not identity.get("name") and (request.name or not identity.get("generateName")):
        identity["name"] = request.name
    found = read_object({**value, **group_kind, "metadata": identity})
    if not isinstance(found, KubernetesObject):
        raise ReviewError(f"cannot answer review: the {group_kind['kind']} is no object: {found.reason}")
    name = found.name or f"generateName:{found.generate_name}@{FILE}"
    return Resource(
        f"{cluster or '-'}/{found.type}/{found.namespace or '-'}/{name}",
        found.type,
        found.attributes,
        Origin("admission", FILE),
        cluster,
        found.namespace,
        found.name or found.generate_name,
        unknowns=tuple(find_unknowns(found.attributes)) if found.masked else (),
    )


def _is_finalized(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> bool:
    """Whether an object in deletion loses finalizers and changes nowhere but in its metadata.

    Denying that would leave it in the cluster for ever, with all it violates.
    """
    after = new.get("metadata")
    if old is None or not isinstance(after, dict) or not after.get("deletionTimestamp"):
        return False
    before = old.get("metadata")
    if not isinstance(before, dict) or not before.get("deletionTimestamp"):
        return False
    left, had = after.get("finalizers") or [], before.get("finalizers") or []
    if not isinstance(left, list) or not isinstance(had, list) or not all(name in had for name in left):
        return False
    return _without_metadata(new) == _without_metadata(old)


def _without_metadata(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != "metadata"}
