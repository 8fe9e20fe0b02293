"""Module instances, evaluated, to Instances: plain attributes, addresses, providers, places."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.constants import evaluate_constant
from scanner.sources.terraform.configuration.module import Declaration, Module, Resource
from scanner.sources.terraform.configuration.module_instance import Made, ModuleInstance
from scanner.sources.terraform.configuration.passed_providers import alias_at_root, provider_of
from scanner.sources.terraform.configuration.places import block_places, resource_places
from scanner.sources.terraform.configuration.plain import Plain
from scanner.sources.terraform.configuration.providers import ProviderVersions, required
from scanner.sources.terraform.configuration.reference_text import reference_texts
from scanner.sources.terraform.configuration.session import Session
from scanner.sources.terraform.evaluation import Bounds, ExpressionError, compile_body
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.syntax import nodes

SETTINGS: Final = "settings"
_NO_META: Final[Mapping[str, Any]] = {}
_PLAIN_SETTINGS = frozenset(("required_providers", "provider_meta"))


def module_instances(root: ModuleInstance) -> Iterator[ModuleInstance]:
    """Evaluate and yield the root and every module instance below it, a caller before what it calls."""
    pending = [root]
    while pending:
        instance = pending.pop()
        if instance.call is not None and not instance.session.has_room(instance.call.block, instance.address):
            continue
        instance.evaluate_all()
        yield instance
        below = [child for name in instance.module.calls for child in instance.children.get(name, ())]
        pending.extend(reversed(below))


def collect(session: Session, evaluated: list[ModuleInstance]) -> tuple[Instance, ...]:
    """Return the Instances of all module instances."""
    versions = ProviderVersions(session.tree, session.root, session.modules.values())
    plain = Plain(session.weights)
    found = [_settings(session, evaluated[0])]
    for instance in evaluated:
        found.extend(_provider(session, instance, declared, versions) for declared in instance.module.providers)
        for key, resource in instance.module.resources.items():
            found.extend(_resources(instance, resource, instance.made.get(key, ()), versions, plain))
    return tuple(found)


def _resources(
    instance: ModuleInstance, resource: Resource, made: Iterable[Made], versions: ProviderVersions, plain: Plain
) -> Iterator[Instance]:
    provider, alias = provider_of(resource)
    meta = _meta(resource, alias_at_root(instance, provider, alias))
    major = versions.major(instance.module, provider)
    before: Mapping[str, Any] | None = None
    attributes: dict[str, Any] = {}
    for item in made:
        if item.values is not before:
            attributes, before = plain.body(item.values), item.values
        yield Instance(
            item.address,
            resource.type,
            resource.name,
            attributes,
            resource.mode,
            provider,
            major,
            resource.file,
            resource_places(instance, item),
            meta,
        )


def _meta(resource: Resource, alias: str) -> Mapping[str, Any]:
    """Return the arguments of a resource that are Terraform's own, where there are any."""
    meta: dict[str, Any] = {"provider_alias": alias} if alias else {}
    for block in resource.block.body.blocks:
        if block.type == "lifecycle":
            for name, node in block.body.attributes.items():
                meta[name] = (
                    reference_texts(node.value) if name in ("ignore_changes", "replace_triggered_by") else _flag(node)
                )
    depends_on = resource.attribute("depends_on")
    if depends_on is not None:
        meta["depends_on"] = reference_texts(depends_on.value)
    return meta or _NO_META


def _flag(node: nodes.Attribute) -> Any:
    try:
        return evaluate_constant(node.value)
    except ExpressionError:
        return None


def _settings(session: Session, root: ModuleInstance) -> Instance:
    """Return the ``terraform`` blocks of the root as one Instance; it is there even where none is written."""
    attributes: dict[str, Any] = {}
    module = root.module
    for declared in module.settings:
        attributes |= _declared(root, declared, "terraform", _PLAIN_SETTINGS)
        for block in declared.block.body.blocks:
            if block.type in ("backend", "cloud"):
                config = {"type": block.labels[0]} if block.labels else {}
                config |= _body(root, block.body, declared.file, f"terraform.{block.type}")
                attributes[block.type] = [config]
            elif block.type == "required_providers":
                providers = attributes.setdefault("required_providers", {})
                providers |= {node.name: required(node.value) for node in block.body.attributes.values()}
    if "backend" not in attributes and "cloud" not in attributes:
        unread = next((file.name for file in module.files if file.body is None or file.faults), None)
        if unread is not None:  # what could not be read may be where it stands
            attributes["backend"] = Unknown(f"{unread} could not be read in full", "terraform.backend")
    file = module.settings[0].file if module.settings else module.files[0].name if module.files else ""
    places = block_places(root, module.settings, file)
    return Instance("terraform", "terraform", "", attributes, SETTINGS, file=file, places=places)


def _declared(root: ModuleInstance, declared: Declaration, what: str, skip: frozenset[str]) -> dict[str, Any]:
    skipped = skip | {block.type for block in declared.block.body.blocks if block.type in ("backend", "cloud")}
    program = compile_body(declared.block.body, skipped)
    bounds = Bounds(root.report(declared.file, what), 100, root.budget)
    return Plain(root.session.weights).body(program.run(root.frame(program.size), bounds))


def _body(root: ModuleInstance, body: nodes.Body, file: str, what: str) -> dict[str, Any]:
    program = compile_body(body)
    return Plain(root.session.weights).body(
        program.run(root.frame(program.size), Bounds(root.report(file, what), 100, root.budget))
    )


def _provider(
    session: Session, instance: ModuleInstance, declared: Declaration, versions: ProviderVersions
) -> Instance:
    name = declared.block.labels[0]
    attributes = _declared(instance, declared, f"provider.{name}", frozenset(("version",)))
    alias = attributes.get("alias")
    address = instance.full(f"provider.{name}.{alias}" if alias else f"provider.{name}")
    major = versions.major(instance.module, name)
    places = block_places(instance, [declared], declared.file)
    return Instance(address, "provider", name, attributes, SETTINGS, name, major, declared.file, places)


def outputs_of(root: ModuleInstance) -> dict[str, Any]:
    """Return the plain values of the root's outputs; what is marked sensitive is Unknown."""
    from scanner.sources.terraform.values import hide

    sensitive = {name for name, output in root.module.outputs.items() if output.sensitive}
    return Plain(root.session.weights).body(
        {name: hide(value) if name in sensitive else value for name, value in root.outputs.items()}
    )


__all__ = ["Module", "collect", "module_instances", "outputs_of"]
