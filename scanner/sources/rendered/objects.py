"""From what a program has rendered to Resources, the same ones that a manifest gives.

Two things are different from a manifest: an object without a namespace goes to the one it is deployed to, and some
texts stand for what is not known here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from scanner.documents import Document
from scanner.model.location import Origin
from scanner.model.path import format_path
from scanner.model.resource import Resource
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.unknown import Unknown, find_unknowns
from scanner.sources.kubernetes_objects import KubernetesObject, NotRead, read_objects

NO_NAMESPACE = "release-namespace"
"""Stands for the namespace of a release where none is configured."""
RANDOM = Unknown("it differs at each rendering")

_BUILT_IN = re.compile(r"(?:core|apps|batch|autoscaling|policy|[\w.]+\.k8s\.io)/")
_ALSO_CLUSTER_SCOPED = frozenset(
    f"{group}/{kind}"
    for group, kinds in {
        "admissionregistration.k8s.io": ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
        "apiregistration.k8s.io": ("APIService",),
        "certificates.k8s.io": ("CertificateSigningRequest",),
        "flowcontrol.apiserver.k8s.io": ("FlowSchema", "PriorityLevelConfiguration"),
        "node.k8s.io": ("RuntimeClass",),
        "policy": ("PodSecurityPolicy",),
        "resource.k8s.io": ("DeviceClass",),
        "snapshot.storage.k8s.io": ("VolumeSnapshotClass", "VolumeSnapshotContent"),
        "storage.k8s.io": ("CSIDriver", "CSINode", "VolumeAttachment"),
    }.items()
    for kind in kinds
)
"""Kinds without a namespace that no rule asks about (Kubernetes API 1.35), beside those of the model."""


class Target(NamedTuple):
    """Where objects are deployed to."""

    cluster: str = ""
    namespace: str = ""
    """For objects that name none; empty where they stay without one."""
    unknown: Unknown | None = None
    """In place of ``namespace``, where there is one that is not known."""


class Faulty(NamedTuple):
    """A part of a document that gives no Resource."""

    reason: str
    malformed: bool


StandIns: TypeAlias = Mapping[str, Unknown]
"""Text → what it stands for."""


def read_document(
    document: Document,
    target: Target,
    origin_of: Callable[[KubernetesObject], Origin],
    *,
    again: Any = None,
    stand_ins: StandIns | None = None,
) -> tuple[list[Resource], list[Faulty]]:
    """Return the Resources of a rendered document, in its order.

    ``again`` is the value of the same document after another rendering: what differs is not known.
    """
    value = document.value
    if not isinstance(value, dict):
        return [], [] if value is None else [Faulty("no object: a list or a single value", malformed=True)]
    if isinstance(again, dict) and again != value:
        value = _without_random(value, again, ())
    if stand_ins:
        value = _without_stand_ins(value, stand_ins, ())
    resources: list[Resource] = []
    faults: list[Faulty] = []
    for found in read_objects(value):
        if isinstance(found, NotRead):
            faults.append(Faulty(found.reason or "no apiVersion and kind", found.malformed))
        else:
            resources.append(_resource(_in_namespace(found, target), target.cluster, origin_of(found)))
    return resources, faults


def is_namespaced(type_: str) -> bool:
    """Whether objects of a type are in a namespace, as far as its name tells: custom ones are, but Cluster…."""
    if type_ in CLUSTER_SCOPED or type_ in _ALSO_CLUSTER_SCOPED:
        return False
    return bool(_BUILT_IN.match(type_)) or not type_.rpartition("/")[2].startswith("Cluster")


def _in_namespace(found: KubernetesObject, target: Target) -> KubernetesObject:
    namespace = target.unknown or target.namespace
    if found.namespace or not namespace or not is_namespaced(found.type):
        return found
    metadata = {**found.attributes["metadata"], "namespace": namespace}
    attributes = {**found.attributes, "metadata": metadata}
    return found._replace(attributes=attributes, namespace=namespace if isinstance(namespace, str) else "")


def _resource(found: KubernetesObject, cluster: str, origin: Origin) -> Resource:
    name = found.name
    if not name:
        place = f":{format_path(found.base)}" if found.base else ""
        name = f"generateName:{found.generate_name}@{origin.file}#{origin.document}{place}"
    return Resource(
        f"{cluster or '-'}/{found.type}/{found.namespace or '-'}/{name}",
        found.type,
        found.attributes,
        origin,
        cluster,
        found.namespace,
        found.name or found.generate_name,
        unknowns=tuple(find_unknowns(found.attributes)),
    )


def _without_random(value: Any, again: Any, at: tuple[str, ...]) -> Any:
    if isinstance(value, dict) and isinstance(again, dict):
        return {key: _without_random(item, again.get(key), (*at, key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(again, list) and len(value) == len(again):
        return [_without_random(item, other, (*at, "")) for item, other in zip(value, again, strict=True)]
    if value == again:
        return value
    if at[-2:] == ("metadata", "name") and isinstance(value, str) and isinstance(again, str):
        same = next((at for at, (one, other) in enumerate(zip(value, again, strict=False)) if one != other), 0)
        return value[:same] + "*"
    return RANDOM


def _without_stand_ins(value: Any, stand_ins: StandIns, at: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_stand_ins(item, stand_ins, (*at, key))
            for key, item in value.items()
            if not (at[-1:] == ("metadata",) and key == "namespace" and item == NO_NAMESPACE)
        }
    if isinstance(value, list):
        return [_without_stand_ins(item, stand_ins, (*at, "")) for item in value]
    if isinstance(value, str) and at[-2:] != ("metadata", "name"):
        return next((unknown for text, unknown in stand_ins.items() if text in value), value)
    return value
