"""``kubernetes_deployment`` and its like, in the shape of the API."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from scanner.canonical.declared import Declared
from scanner.canonical.instance import Instance
from scanner.canonical.kubernetes_provider.kinds import KINDS
from scanner.canonical.kubernetes_provider.names import NUMBERS, camel, list_name
from scanner.canonical.templates import Resolve
from scanner.canonical.values import settled
from scanner.model.path import Path
from scanner.model.unknown import Unknown

MASKED = Unknown("value of a Secret is not read")
_SECRETS = frozenset(("data", "binary_data", "string_data", "data_wo", "binary_data_wo"))
_TERRAFORM_ONLY = frozenset(
    ("id", "timeouts", "wait_for_rollout", "wait_for_completion", "wait_for_load_balancer", "wait_until_bound",
     "wait_for_service_account_token", "wait_for_default_service_account", "data_wo_revision",
     "binary_data_wo_revision", "default_secret_name")
)  # fmt: skip
_FLATTENED = "persistent_volume_source"
"""A block that the provider puts around what stands directly in the spec of a PersistentVolume."""


def translate_object(instance: Instance, key: str, resolve: Resolve) -> Declared | None:
    """Return the Kubernetes object of an instance; None where its type is none."""
    kind = KINDS.get(instance.type)
    if kind is None:
        return None
    attributes = instance.attributes
    if kind.kind == "Secret":
        attributes = {name: _masked(value) if name in _SECRETS else value for name, value in attributes.items()}
    body = _object(attributes, instance.type.removesuffix("_v1"), resolve)
    metadata = body.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, Mapping) else {}
    if kind.namespaced and "namespace" not in metadata and not isinstance(body.get("metadata"), Unknown):
        metadata["namespace"] = "default"  # the provider's default
    body = {"apiVersion": kind.api_version, "kind": kind.kind, **body, "metadata": metadata}
    namespace, name = metadata.get("namespace"), metadata.get("name")
    return Declared(
        kind.type,
        name if isinstance(name, str) else "",
        namespace if isinstance(namespace, str) else "",
        body,
        key,
        instance,
        partial(_trace, instance.type.removesuffix("_v1"), instance.attributes),
    )


def _masked(value: Any) -> Any:
    return dict.fromkeys(value, MASKED) if isinstance(value, Mapping) else MASKED


def _object(block: Mapping[str, Any], around: str, resolve: Resolve) -> dict[str, Any]:
    """Return one block as the API's object; maps (labels, limits) keep their keys."""
    result: dict[str, Any] = {}
    for name, value in block.items():
        if value is None or value == [] or name in _TERRAFORM_ONLY:
            continue
        if name == _FLATTENED:
            inner = value[0] if isinstance(value, list) else value
            if isinstance(inner, Mapping):
                result.update(_object(inner, name, resolve))
            continue
        key, item = _entry(name, value, around, resolve)
        result[key] = item
    return result


def _entry(name: str, value: Any, around: str, resolve: Resolve) -> tuple[str, Any]:
    plural = list_name(around, name)
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        if plural is not None:
            return plural, [_item(item, name, resolve) for item in value]
        return camel(name), _item(value[0], name, resolve)
    if value == [None] or (isinstance(value, list) and len(value) == 1 and value[0] == {}):
        return (plural, [{}]) if plural else (camel(name), {})
    key = plural if plural is not None and not _is_scalar(value) else camel(name)
    value = settled(value, resolve)
    if key in NUMBERS and isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    return key, value


def _item(value: Any, name: str, resolve: Resolve) -> Any:
    return _object(value, name, resolve) if isinstance(value, Mapping) else settled(value, resolve)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool))


def _trace(around: str, attributes: Mapping[str, Any], path: Path) -> Path:
    """Return the attribute path of an API path, as far as its blocks are there."""
    found: list[str | int] = []
    block: Any = attributes
    rest = path
    while rest and isinstance(block, Mapping):
        step = rest[0]
        name = next((each for each in block if _entry_name(each, block[each], around) == step), None)
        if name is None and _FLATTENED in block:
            name = _FLATTENED
        else:
            rest = rest[1:]
        if name is None:
            break
        found.append(name)
        value = block[name]
        if not isinstance(value, list):
            return (*found, *rest)  # a map or a scalar: written as the API has it
        position = 0
        if rest and isinstance(rest[0], int) and list_name(around, name) is not None:
            position, rest = rest[0], rest[1:]
        if position >= len(value):
            break
        found.append(position)
        block, around = value[position], name
    return tuple(found)


def _entry_name(name: str, value: Any, around: str) -> str:
    plural = list_name(around, name)
    return plural if plural is not None and not _is_scalar(value) else camel(name)
