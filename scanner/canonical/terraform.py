"""Terraform's Instances as ARM objects and Kubernetes objects.

It knows types and attributes only through the map's tables. Children are not nested here and spellings not settled:
:mod:`scanner.canonical.normalise` does that for all sources alike; only what Terraform alone has, resources that change
others (associations), is merged here.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from scanner.canonical.arm_object import ArmObject, Trace
from scanner.canonical.declared import Declared
from scanner.canonical.deployment import Deploy, Deployment
from scanner.canonical.envelope import add_envelope, keep_aside
from scanner.canonical.identities import Identities, Identity, Pointed
from scanner.canonical.instance import Instance
from scanner.canonical.levels import Body, Child, Level, Run
from scanner.canonical.patches import Patch, apply_patches
from scanner.canonical.type_map import TypeMap, type_map
from scanner.canonical.values import fresh, setter
from scanner.model.path import Path
from scanner.model.unknown import Unknown

_WITHOUT_MEANING = frozenset(
    (
        "archive",
        "assert",
        "cloudinit",
        "external",
        "http",
        "local",
        "null",
        "random",
        "template",
        "terraform",
        "time",
        "tls",
    )
)
"""Providers whose resources no control plane manages: nothing is lost where they are not mapped."""


class Translated(NamedTuple):
    """What the instances of one root become."""

    objects: list[ArmObject]
    declared: list[Declared]
    """Kubernetes objects and Terraform's own settings."""
    deployments: list[Deployment]
    """Templates that were not evaluated, because no evaluator was given."""
    unmapped: dict[str, int]
    """Terraform type → how many instances no map translates; helper providers (random, null …) are left out."""
    notes: list[tuple[Instance, str]]
    """What could not be placed: an association whose target this root does not declare. One sentence each."""


def translate(instances: Iterable[Instance], root: str = "", *, deploy: Deploy | None = None) -> Translated:
    """Return what ``instances`` of one root declare.

    ``root`` starts the keys: the lower-cased root folder, empty for the working directory, with ``[environment]`` where
    environments are configured. ``deploy`` evaluates the templates that Terraform deploys.
    """
    all_of_them = list(instances)
    work = Translation(Identities(all_of_them), root)
    for instance in all_of_them:
        if instance.mode in ("managed", "settings"):
            work.add(instance)
    return work.finished(deploy)


class Translation:
    """One root on its way."""

    def __init__(self, identities: Identities, root: str) -> None:
        self.identities = identities
        self.root = root
        self.objects: list[ArmObject] = []
        self.patches: list[Patch] = []
        self.declared: list[Declared] = []
        self.deployments: list[Deployment] = []
        self.unmapped: dict[str, int] = {}
        self.notes: list[tuple[Instance, str]] = []

    def add(self, instance: Instance) -> None:
        """Translate one instance."""
        table = type_map(instance.type, instance.provider_major)
        if table is not None and table.arm_type:
            self._by_map(instance, table)
            return
        from scanner.canonical import others

        if not others.add(instance, self) and instance.type.partition("_")[0] not in _WITHOUT_MEANING:
            self.unmapped[instance.type] = self.unmapped.get(instance.type, 0) + 1

    def key(self, instance: Instance, identity: Identity | None = None) -> str:
        """Return the key of an instance: its real id, or its address below the root."""
        if identity is not None and identity.real:
            return identity.id.lower()
        return f"{self.root}:{instance.address}"

    def _by_map(self, instance: Instance, table: TypeMap) -> None:
        attributes = instance.attributes
        body: Body = {}
        for path, constant in table.constants.items():
            setter(tuple(path.split(".")))(body, fresh(constant))
        run = Run(self.identities.resolve)
        table.level.fill(attributes, body, body, run)
        if table.patch is not None:
            self._patch(instance, table, body)
            return
        add_envelope(attributes, table.level.known, body, self.identities.resolve)
        keep_aside(attributes, table.understood, body)
        identity = self.identities.of(instance)
        if identity is None:
            return
        if identity.parent is not None:
            body["scope" if table.scope is not None else "parent"] = identity.parent
        key = self.key(instance, identity)
        self.objects.append(
            ArmObject(
                table.arm_type,
                identity.name,
                identity.id,
                body,
                key,
                table.api_version,
                "azurerm",
                instance,
                partial(_trace, table.level, attributes),
            )
        )
        for child in run.children:
            self.objects.append(_child(child, table, identity, key, instance))

    def _patch(self, instance: Instance, table: TypeMap, body: Body) -> None:
        assert table.patch is not None
        target = self.identities.pointed(instance, table.patch, table.arm_type)
        if target is None:
            target = Pointed(f"{{target of {instance.address}}}", Unknown("its target is not stated"))
        tracer: Trace = partial(_trace, table.level, instance.attributes)
        appends: frozenset[tuple[str, ...]] = frozenset()
        if table.append:
            body = _element(table.append, body)
            tracer = partial(_trace_element, len(table.append) + 1, tracer)
            appends = frozenset((table.append,))
        patch = ArmObject(table.arm_type, "", target.id, body, self.key(instance), "", "azurerm", instance, tracer)
        self.patches.append(Patch(patch, target.unknown, appends))

    def finished(self, deploy: Deploy | None) -> Translated:
        """Return the result, templates deployed and patches applied."""
        deployments = self.deployments
        if deploy is not None:
            for deployment in deployments:
                self.objects.extend(deploy(deployment))
            deployments = []
        objects = self.objects
        if self.patches:
            objects, notes = apply_patches(objects, self.patches)
            self.notes.extend(notes)
        return Translated(objects, self.declared, deployments, self.unmapped, self.notes)


def _element(path: tuple[str, ...], element: Body) -> Body:
    """Return the body in which ``element`` is the one of the list at ``path``."""
    value: Any = [element]
    for step in reversed(path):
        value = {step: value}
    return value  # type: ignore[no-any-return]


def _trace(level: Level, attributes: Mapping[str, Any], path: Path) -> Path:
    """Return the attribute path that wrote ``path``; only findings ask, so the module is loaded then."""
    from scanner.canonical.tracing import trace

    return trace(level, attributes, path)


def _trace_element(depth: int, tracer: Trace, path: Path) -> Path:
    return tracer(path[depth:])


def _child(child: Child, table: TypeMap, parent: Identity, key: str, instance: Instance) -> ArmObject:
    below = f"/{child.type}/{child.name}"
    level = child.row.level
    assert level is not None
    name = next((each for each in child.row.names if instance.attributes.get(each) is not None), child.row.names[0])
    return ArmObject(
        f"{table.arm_type}/{child.type}",
        f"{parent.name}/{child.name}",
        f"{parent.id}{below}",
        child.body,
        f"{key}{below.lower() if parent.real else below}",
        table.api_version,
        "azurerm",
        instance,
        partial(_trace_child, level, instance.attributes, name, child.position),
    )


def _trace_child(level: Level, attributes: Mapping[str, Any], name: str, index: int, path: Path) -> Path:
    block = attributes.get(name)
    item = block[index] if isinstance(block, list) else block
    return (name, index, *_trace(level, item if isinstance(item, Mapping) else {}, path))


__all__ = ["Deploy", "Deployment", "Translated", "Translation", "translate"]
