from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import containers, found, mapping, owner_of, references, sequence, tenancy_of, text

FORBIDDEN = (
    "providers.kubernetescrd.allowCrossNamespace",
    "providers.kubernetescrd.allowExternalNameServices",
    "providers.kubernetesingress.allowExternalNameServices",
)
FLAGS = {name.lower(): name for name in FORBIDDEN}
VARIABLES = {f"TRAEFIK_{name.replace('.', '_').upper()}": name for name in FORBIDDEN}
TRUE = ("1", "t", "true")
"""What Go reads as true, in lower case."""


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    yield from _static_configuration(resource)
    if resource.tenancy.standing is Standing.PLATFORM:
        return
    yield from _references(resource, inventory, estate)
    if resource.kind == "ReferenceGrant":
        for at, namespace in found(resource, "spec.from[*].namespace"):
            yield from _owned(resource, text(namespace), at, "ReferenceGrant admits namespace", inventory, estate)
    if resource.kind == "Service" and resource.value("spec", "type") == "ExternalName":
        namespace = _namespace_in(text(resource.value("spec", "externalName")))
        at = ("spec", "externalName")
        yield from _owned(resource, namespace, at, "externalName points into namespace", inventory, estate)


def _references(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    """What is named must be in the resource's own namespace or in one of the platform's."""
    for kind, name, namespace, at in references(resource):
        if namespace is None:
            homes = (resource.namespace, *estate.platform_namespaces)
            if not any(home and name.startswith(f"{home}-") for home in homes):
                where = "is of another namespace"
                yield resource.fail(f"{kind} '{name}' {where}; only its own and the platform's may be named", at)
        elif namespace not in ("", resource.namespace):
            owner = tenancy_of(resource.cluster, namespace, inventory.namespace, estate.resolve)
            where = f"is of namespace '{namespace}' of {owner_of(owner)}"
            if not resource.namespace and owner.standing is not Standing.PLATFORM:
                yield resource.unknown(f"{kind} '{name}' {where}, which may be its own: it names none", at)
            elif owner.standing is not Standing.PLATFORM:
                yield resource.fail(f"{kind} '{name}' {where}; only its own and the platform's may be named", at)


def _owned(
    resource: Resource, namespace: str, at: Path, what: str, inventory: Inventory, estate: Estate
) -> Iterator[Fault]:
    """A namespace that is spoken of must be of the resource's own tenant, or of the platform."""
    if namespace in ("", resource.namespace):
        return
    owner = tenancy_of(resource.cluster, namespace, inventory.namespace, estate.resolve)
    if owner.standing is Standing.PLATFORM:
        return
    if owner.tenant is None or resource.tenancy.tenant is None:
        stranger = namespace if owner.tenant is None else resource.namespace
        yield resource.unknown(f"{what} '{namespace}', but namespace '{stranger}' is of no declared tenant", at)
    elif owner.tenant != resource.tenancy.tenant:
        yield resource.fail(f"{what} '{namespace}' of {owner_of(owner)}; only its own tenant's are allowed", at)


def _namespace_in(host: str) -> str:
    """The namespace in the name of a Service or Pod, ``odoo.erp-aldersyde-prd.svc.cluster.local``; else empty."""
    labels = host.lower().rstrip(".").removesuffix(".cluster.local").split(".")
    return labels[-2] if len(labels) > 2 and labels[-1] in ("svc", "pod") else ""


def _static_configuration(resource: Resource) -> Iterator[Fault]:
    for container in containers(resource):
        for field in ("command", "args"):
            for index, argument in enumerate(sequence(container.spec.get(field))):
                if not text(argument).startswith("-"):
                    continue
                flag, equals, value = argument.partition("=")
                name = FLAGS.get(flag.lstrip("-").lower())
                if name and (value.lower() in TRUE or not equals):
                    yield resource.fail(_switched_on(container.name, name), (*container.at, field, index))
        for index, variable in enumerate(map(mapping, sequence(container.spec.get("env")))):
            name = VARIABLES.get(text(variable.get("name")).upper())
            if name and text(variable.get("value")).lower() in TRUE:
                yield resource.fail(_switched_on(container.name, name), (*container.at, "env", index, "value"))


def _switched_on(container: str, name: str) -> str:
    return f"container '{container}' switches {name} on; it must be off"
