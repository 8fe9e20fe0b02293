"""Instances that the map of azurerm does not cover: azapi, deployed templates, Kubernetes, Helm, settings."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.declared import Declared
from scanner.canonical.deployment import Deployment
from scanner.canonical.envelope import add_envelope
from scanner.canonical.functions import FUNCTIONS
from scanner.canonical.instance import Instance
from scanner.canonical.joined import as_written
from scanner.canonical.patches import Patch
from scanner.canonical.shapes import shape_of, spelled
from scanner.canonical.values import settled
from scanner.model.path import Path
from scanner.model.unknown import Unknown

if TYPE_CHECKING:
    from scanner.canonical.terraform import Translation

_Add: TypeAlias = "Callable[[Instance, Translation], None]"


def add(instance: Instance, work: "Translation") -> bool:
    """Translate ``instance`` into ``work``; False where nothing here knows its type."""
    handler = _HANDLERS.get(instance.type)
    if handler is not None:
        handler(instance, work)
        return True
    if instance.type.startswith("kubernetes_"):
        from scanner.canonical.kubernetes_provider import translate_object

        declared = translate_object(instance, work.key(instance), work.identities.resolve)
        if declared is not None:
            work.declared.append(declared)
            return True
    return False


def _azapi(instance: Instance, work: "Translation") -> None:
    type_, _, version = str(instance.attributes.get("type", "")).partition("@")
    body = _azapi_body(instance, type_, work)
    if isinstance(instance.attributes.get("type"), Unknown) or "/" not in type_ or body is None:
        work.notes.append((instance, "its type or its body is not known"))
        return
    identity = work.identities.of(instance) or work.identities.azapi(instance, type_)
    if identity.parent is not None:
        body["parent"] = identity.parent
    key = work.key(instance, identity)
    tracer = partial(_trace_azapi, instance.attributes)
    work.objects.append(ArmObject(type_, identity.name, identity.id, body, key, version, "arm", instance, tracer))


def _azapi_update(instance: Instance, work: "Translation") -> None:
    type_ = str(instance.attributes.get("type", "")).partition("@")[0]
    body = _azapi_body(instance, type_, work)
    if body is None:
        work.notes.append((instance, "its body is not known"))
        return
    target = settled(instance.attributes.get("resource_id"), work.identities.resolve)
    if target is None:
        identity = work.identities.azapi(instance, type_)
        text, lost = identity.id, identity.parent
    elif isinstance(target, Unknown):
        text, lost = work.identities.stand(target, instance.address, "resource_id"), target
    else:
        text, lost = str(target), None
    tracer = partial(_trace_azapi, instance.attributes)
    patch = ArmObject(type_, "", text, body, work.key(instance), "", "arm", instance, tracer)
    work.patches.append(Patch(patch, lost, frozenset()))


def _azapi_body(instance: Instance, type_: str, work: "Translation") -> dict[str, Any] | None:
    """Return the body of an azapi resource; None where it is no object. An Unknown body has Unknown properties."""
    attributes = instance.attributes
    given = attributes.get("body")
    given = FUNCTIONS["json"](given) if isinstance(given, str) else given
    if isinstance(given, Unknown):
        body: dict[str, Any] = {"properties": given}
    elif given is None or isinstance(given, Mapping):
        body = spelled(settled(given, work.identities.resolve) or {}, shape_of(type_).root)
    else:
        return None
    for name in ("location", "tags", "identity"):
        if attributes.get(name):
            body.pop(name, None)
    add_envelope(attributes, frozenset(), body, work.identities.resolve)
    return body


def _trace_azapi(attributes: Mapping[str, Any], path: Path) -> Path:
    if not path:
        return ()
    if path[0] in ("location", "tags", "name") and attributes.get(str(path[0])) is not None:
        return path
    if path[0] == "identity" and attributes.get("identity"):
        return ("identity",)
    body = attributes.get("body")
    return ("body", *as_written(body, path)) if isinstance(body, Mapping) else ("body",)


_SCOPES = {
    "azurerm_resource_group_template_deployment": "group",
    "azurerm_template_deployment": "group",
    "azurerm_subscription_template_deployment": "subscription",
    "azurerm_management_group_template_deployment": "management_group",
    "azurerm_tenant_template_deployment": "tenant",
}


def _deployment(instance: Instance, work: "Translation") -> None:
    attributes = instance.attributes
    template = attributes.get("template_content", attributes.get("template_body"))
    if template is None:
        template = Unknown(
            "the template is not in this configuration", str(attributes.get("template_spec_version_id", ""))
        )
    parameters = attributes.get("parameters_content")
    if parameters is None:
        parameters = attributes.get("parameters_body", attributes.get("parameters"))
    work.deployments.append(Deployment(instance, template, parameters, _scope(instance, work), work.key(instance)))


def _scope(instance: Instance, work: "Translation") -> str:
    """Return the id of what a template is deployed to."""
    level = _SCOPES[instance.type]
    if level == "tenant":
        return "/"
    if level == "subscription":
        return f"/subscriptions/{work.identities.subscription(instance)}"
    if level == "group":
        return work.identities.group(instance) or ""
    given = settled(instance.attributes.get("management_group_id"), work.identities.resolve)
    if isinstance(given, Unknown):
        return work.identities.stand(given, instance.address, "management_group_id")
    return str(given)


def _settings(instance: Instance, work: "Translation") -> None:
    attributes = dict(instance.attributes)
    backend = attributes.get("backend")
    if isinstance(backend, list):
        attributes["backend"] = backend[0] if backend else {}
    tracer = partial(_trace_blocks, instance.attributes)
    for index, other in enumerate(work.declared):
        if other.type == "terraform/Settings":  # several terraform blocks of a root are one
            attributes = {**other.attributes, **attributes}
            if "backend" in other.attributes:
                instance, tracer = other.source, other.trace  # type: ignore[assignment]
            del work.declared[index]
            break
    key = f"{work.root}:terraform"
    work.declared.append(Declared("terraform/Settings", "terraform", "", attributes, key, instance, tracer))


def _provider(instance: Instance, work: "Translation") -> None:
    tracer = partial(_trace_blocks, instance.attributes)
    attributes = dict(instance.attributes)
    work.declared.append(
        Declared("terraform/Provider", instance.name, "", attributes, work.key(instance), instance, tracer)
    )


def _trace_blocks(attributes: Mapping[str, Any], path: Path) -> Path:
    if path and isinstance(attributes.get(str(path[0])), list) and len(path) > 1 and isinstance(path[1], str):
        return (path[0], 0, *path[1:])
    return path


def _helm(instance: Instance, work: "Translation") -> None:
    from scanner.canonical.kubernetes_provider import helm_release

    work.declared.append(helm_release(instance, work.key(instance)))


def _manifest(instance: Instance, work: "Translation") -> None:
    from scanner.canonical.kubernetes_provider import manifest_objects

    declared, reason = manifest_objects(instance, work.key(instance), work.identities.resolve)
    work.declared.extend(declared)
    if reason:
        work.notes.append((instance, reason))


_HANDLERS: dict[str, _Add] = {
    "azapi_resource": _azapi,
    "azapi_update_resource": _azapi_update,
    "helm_release": _helm,
    "kubectl_manifest": _manifest,
    "kubernetes_manifest": _manifest,
    "provider": _provider,
    "terraform": _settings,
    **dict.fromkeys(_SCOPES, _deployment),
}
