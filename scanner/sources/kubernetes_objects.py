"""From a document to Kubernetes objects: unwraps lists, checks the shape, masks Secrets. Knows no files and no ledger.

Source for lists: ``k8s.io/apimachinery`` ``meta/v1`` List and the typed lists of the API (``PodList`` …).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.model.types import CLUSTER_SCOPED
from scanner.model.unknown import Unknown

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

_MAX_LIST_DEPTH = 8
_SECRET = "core/Secret"  # noqa: S105 - the name of a type
_MASKED = Unknown("value of a Secret is not read")
_TEMPLATE = "{{"
GO_TEMPLATE = "Go template"

_CONFIGURATION_GROUPS = (".config.k8s.io", "kubeadm.k8s.io", "kind.x-k8s.io", "audit.k8s.io")
"""Ends of the API groups whose documents configure a program and are never sent to the API."""
_NAMELESS_KINDS = frozenset(("Config", "Status", "DeleteOptions", "Eviction", "Binding", "TokenRequest"))
"""Kinds without a name of their own: files of programs, and answers and calls of the API."""


class KubernetesObject(NamedTuple):
    """One object in the shape of the API."""

    attributes: Mapping[str, Any]
    type: str
    namespace: str
    """Empty for cluster-scoped types, and where none is named."""
    name: str
    """Empty where only ``generate_name`` is given."""
    generate_name: str
    base: Path
    """Where it stands in its document: ``("items", 3)`` for a list element."""
    masked: bool
    """Whether values were replaced by ``Unknown``: it is a Secret."""


class NotRead(NamedTuple):
    """A part of a document that gives no object."""

    reason: str
    at: Path
    malformed: bool
    """Whether it should have been an object; else it is understood to be something else."""


def read_objects(value: dict[str, Any]) -> Iterator[KubernetesObject | NotRead]:
    """Yield every object in a document, lists unwrapped, in document order."""
    return _read(value, (), 0)


def _read(value: dict[str, Any], base: Path, depth: int) -> Iterator[KubernetesObject | NotRead]:
    kind = value.get("kind")
    if kind.__class__ is str and kind.endswith("List") and ("items" in value or kind == "List"):
        yield from _read_items(value, kind, base, depth)
    else:
        yield read_object(value, base)


def _read_items(value: dict[str, Any], kind: str, base: Path, depth: int) -> Iterator[KubernetesObject | NotRead]:
    items = value.get("items")
    if items is None:
        return
    if not isinstance(items, list):
        yield NotRead(f"items is {_shape(items)}; a list is expected", (*base, "items"), malformed=True)
    elif depth == _MAX_LIST_DEPTH:
        yield NotRead(f"lists are nested deeper than {_MAX_LIST_DEPTH} levels", base, malformed=True)
    else:
        for index, item in enumerate(items):
            at = (*base, "items", index)
            if not isinstance(item, dict):
                yield NotRead(f"a list item is {_shape(item)}; a mapping is expected", at, malformed=True)
            elif kind == "List" or "kind" in item:
                yield from _read(item, at, depth + 1)
            else:  # items of a typed list need not say what they are
                yield read_object({"apiVersion": value.get("apiVersion"), "kind": kind[: -len("List")], **item}, at)


def read_object(value: dict[str, Any], base: Path = ()) -> KubernetesObject | NotRead:
    """Return the one object that ``value`` is; it is never taken for a list, whatever its kind is called."""
    api_version, kind, metadata = value.get("apiVersion"), value.get("kind"), value.get("metadata")
    if api_version.__class__ is not str or kind.__class__ is not str or not api_version or not kind:
        return _untyped(value, base)
    type_ = f"{api_version.rpartition('/')[0] or 'core'}/{kind}"
    if metadata.__class__ is not dict:
        return _unnamed(value, type_, base)
    name, namespace = metadata.get("name"), metadata.get("namespace")
    generate_name = metadata.get("generateName") if name is None else None
    named = name if generate_name is None else generate_name
    if named.__class__ is not str or not named or (namespace is not None and namespace.__class__ is not str):
        return _unnamed(value, type_, base)
    namespace = "" if namespace is None or type_ in CLUSTER_SCOPED else namespace
    if _TEMPLATE in named or _TEMPLATE in namespace or _TEMPLATE in type_:
        return NotRead(GO_TEMPLATE, base, malformed=False)
    masked = type_ == _SECRET
    attributes = _masked(value) if masked else value
    return KubernetesObject(attributes, type_, namespace, name or "", generate_name or "", base, masked)


def _untyped(value: dict[str, Any], base: Path) -> NotRead:
    """Return why a value without a usable ``apiVersion`` and ``kind`` is no object; no reason if it has neither."""
    looks_right = isinstance(value.get("metadata"), dict)
    for field, other in (("apiVersion", "kind"), ("kind", "apiVersion")):
        found = value.get(field)
        if found is not None and not (isinstance(found, str) and found) and value.get(other) is not None:
            return NotRead(f"{field} is {_shape(found)}; text is expected", (*base, field), malformed=True)
        if found is None and looks_right and value.get(other) is not None:
            return NotRead(f"{field} is missing", base, malformed=True)
    return NotRead("", base, malformed=False)


def _unnamed(value: dict[str, Any], type_: str, base: Path) -> NotRead:
    """Return why a typed value whose metadata does not name it is no object."""
    group, _, kind = type_.rpartition("/")
    if group == "kustomize.config.k8s.io":
        return NotRead("Kustomization; build it with kustomize", base, malformed=False)
    if group.endswith(_CONFIGURATION_GROUPS) or kind in _NAMELESS_KINDS or kind.endswith("Review"):
        return NotRead(f"{kind}: no object that a cluster keeps", base, malformed=False)
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        if metadata is None:
            return NotRead("metadata is missing", base, malformed=True)
        return NotRead(f"metadata is {_shape(metadata)}; a mapping is expected", (*base, "metadata"), malformed=True)
    for field in ("name", "generateName", "namespace"):
        found = metadata.get(field)
        if found is not None and not (isinstance(found, str) and (found or field == "namespace")):
            reason = f"metadata.{field} is {_shape(found)}; text is expected"
            return NotRead(reason, (*base, "metadata", field), malformed=True)
    return NotRead("metadata.name is missing", (*base, "metadata"), malformed=True)


def _masked(value: dict[str, Any]) -> dict[str, Any]:
    """Return a Secret with its values unknown; ``stringData`` becomes part of ``data``, as the API stores it."""
    attributes = {key: item for key, item in value.items() if key not in ("data", "stringData")}
    parts = [value[key] for key in ("data", "stringData") if value.get(key) is not None]
    if any(not isinstance(part, dict) for part in parts):
        attributes["data"] = _MASKED
    elif parts:
        attributes["data"] = {key: _MASKED for part in parts for key in part}
    annotations = value["metadata"].get("annotations")
    if isinstance(annotations, dict) and LAST_APPLIED in annotations:  # it repeats the whole Secret
        annotations = {**annotations, LAST_APPLIED: _MASKED}
        attributes["metadata"] = {**value["metadata"], "annotations": annotations}
    return attributes


def _shape(value: Any) -> str:
    """Return what kind of value ``value`` is, without showing it."""
    if isinstance(value, Unknown):
        return f"not known ({value.reason})"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if value is None or value == "":
        return "empty"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"
