"""The Pod in whatever carries one, and the only container iterator of the code base."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.model.resource import Resource

_POD_PATHS: Mapping[str, Path] = {
    "core/Pod": (),
    "core/PodTemplate": ("template",),
    "core/ReplicationController": ("spec", "template"),
    "apps/DaemonSet": ("spec", "template"),
    "apps/Deployment": ("spec", "template"),
    "apps/ReplicaSet": ("spec", "template"),
    "apps/StatefulSet": ("spec", "template"),
    "batch/Job": ("spec", "template"),
    "batch/CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_CONTAINER_LISTS = (
    ("containers", "container"),
    ("initContainers", "init"),
    ("ephemeralContainers", "ephemeral"),
)


class PodView(NamedTuple):
    """The Pod, or the Pod template, of a workload."""

    metadata: Mapping[str, Any]
    """The Pod's own metadata; empty where the template has none."""
    spec: Mapping[str, Any]
    at: Path
    """Path of the Pod (its ``metadata`` and ``spec`` are below it) in the Resource."""


class ContainerView(NamedTuple):
    """One container of a Pod, whichever list it stands in."""

    name: str
    kind: str
    """``container``, ``init`` or ``ephemeral``."""
    spec: Mapping[str, Any]
    at: Path
    """Path of the container in the Resource."""


def pod_path(type_: str) -> Path | None:
    """Return where a Resource of ``type_`` holds its Pod, or None where it has none."""
    return _POD_PATHS.get(type_)


def pod(resource: Resource) -> PodView | None:
    """Return the Pod of ``resource``; None where its type has none or the template is absent or no mapping."""
    at = _POD_PATHS.get(resource.type)
    if at is None:
        return None
    holder: Any = resource.attributes
    for step in at:
        holder = holder.get(step) if isinstance(holder, dict) else None
    if not isinstance(holder, dict):
        return None
    spec, metadata = holder.get("spec"), holder.get("metadata")
    if not isinstance(spec, dict):
        return None
    return PodView(metadata if isinstance(metadata, dict) else {}, spec, at)


def containers(resource: Resource) -> tuple[ContainerView, ...]:
    """Return every container of ``resource``: containers, init containers, ephemeral containers, in that order."""
    view = pod(resource)
    if view is None:
        return ()
    found = []
    for field, kind in _CONTAINER_LISTS:
        items = view.spec.get(field)
        if not isinstance(items, list):
            continue
        for index, item in enumerate(items):
            if isinstance(item, dict):
                name = item.get("name")
                at = (*view.at, "spec", field, index)
                found.append(ContainerView(name if isinstance(name, str) else "", kind, item, at))
    return tuple(found)
