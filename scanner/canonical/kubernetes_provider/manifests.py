"""``kubernetes_manifest`` and ``kubectl_manifest``: objects that are in the API's shape already."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from scanner.canonical.declared import Declared
from scanner.canonical.instance import Instance
from scanner.canonical.kubernetes_provider.objects import MASKED
from scanner.canonical.templates import Resolve
from scanner.canonical.values import settled
from scanner.model.path import Path
from scanner.model.unknown import Unknown


def manifest_objects(instance: Instance, key: str, resolve: Resolve) -> tuple[list[Declared], str]:
    """Return the objects of a manifest resource, and why there are none (empty where there are)."""
    text = instance.type == "kubectl_manifest"
    given = instance.attributes.get("yaml_body" if text else "manifest")
    given = settled(given, resolve)
    if isinstance(given, Unknown):
        return [], f"its manifest is not known: {given.reason}"
    if isinstance(given, str) and text:
        documents, reason = _read(given)
    else:
        documents, reason = [given], ""
    found: list[Declared] = []
    for value in documents:
        if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str) or "apiVersion" not in value:
            reason = "its manifest names no apiVersion and kind"
            continue
        found.append(_declared(instance, key, value, text))
    return found, reason


def _read(text: str) -> tuple[list[Any], str]:
    from scanner.documents import read_yaml

    stream = read_yaml(text)
    reason = f"its manifest cannot be read: {stream.problems[0]}" if stream.problems else ""
    return [document.value for document in stream.documents], reason


def _declared(instance: Instance, key: str, value: Mapping[str, Any], text: bool) -> Declared:
    version = value["apiVersion"]
    group = version.rpartition("/")[0] or "core" if isinstance(version, str) else "core"
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if text and isinstance(instance.attributes.get("override_namespace"), str):
        namespace = instance.attributes["override_namespace"]
        value = {**value, "metadata": {**metadata, "namespace": namespace}}
    return Declared(
        f"{group}/{value['kind']}",
        name if isinstance(name, str) else "",
        namespace if isinstance(namespace, str) else "",
        _without_secrets(value) if f"{group}/{value['kind']}" == "core/Secret" else dict(value),
        key,
        instance,
        _trace_text if text else partial(_trace_object, "manifest"),
    )


def _without_secrets(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Secret with its values Unknown."""
    kept = dict(value)
    for name in ("data", "stringData"):
        if name in kept:
            kept[name] = dict.fromkeys(kept[name], MASKED) if isinstance(kept[name], Mapping) else MASKED
    return kept


def _trace_text(path: Path) -> Path:
    return ("yaml_body",)


def _trace_object(attribute: str, path: Path) -> Path:
    return (attribute, *path)
