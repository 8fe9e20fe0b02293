from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import azure_ids
from scanner.views.role_assignments import Role, principal_of, role_of, scope_of, writes

CLUSTER = "Microsoft.ContainerService/managedClusters"
REGISTRY = "microsoft.containerregistry/registries"
PULLING = ("AcrPull", "Container Registry Repository Reader")
KUBELET = ("properties", "identityProfile", "kubeletidentity", "objectId")
ROLE = ("properties", "roleDefinitionId")
PRINCIPAL = ("properties", "principalId")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    scope = scope_of(resource)
    parsed = azure_ids.parse(scope.id)
    if parsed is not None and parsed.type.lower() != REGISTRY:
        yield resource.skip("it is not on a container registry")
        return
    role = role_of(resource, inventory)
    if parsed is None:
        if role.name.startswith(("Acr", "Container Registry")):
            yield resource.unknown(scope.unknown, ("scope",))
        return
    if role.unknown:
        yield resource.unknown(role.unknown, ROLE)
        return
    where = f"{role.name} on registry '{parsed.names[-1]}'"
    principal = principal_of(resource)
    if isinstance(principal, Unknown):
        yield from _of_somebody(resource, role, principal, where)
    else:
        yield from _of(resource, role, principal, where, inventory, estate)


def _of_somebody(resource: Resource, role: Role, principal: Unknown, where: str) -> Iterator[Fault]:
    """Who does not exist yet may be a kubelet, which Terraform says, or a pipeline, which nobody can know."""
    if role.name in PULLING:
        return
    if ".kubelet_identity" in principal.origin:
        yield resource.fail(f"the kubelet of a cluster has {where}; AcrPull is expected", ROLE)
    elif writes(role) is not False:
        yield resource.unknown(f"principalId is not known: {principal.reason}", PRINCIPAL)


def _of(
    resource: Resource, role: Role, principal: str, where: str, inventory: Inventory, estate: Estate
) -> Iterator[Fault]:
    if role.name in PULLING or principal in _administrators(estate):
        return
    pipeline = next((one for one in estate.identities.pipelines if one.object_id.lower() == principal), None)
    if pipeline is not None:
        if role.name not in pipeline.roles:
            expected = " or ".join(("AcrPull", *(one for one in pipeline.roles if one.startswith("Acr"))))
            yield resource.fail(f"pipeline {pipeline.name} has {where}; {expected} is expected", ROLE)
        return
    cluster = inventory.grouped(_kubelet, CLUSTER).get(principal)
    if cluster:
        yield resource.fail(f"the kubelet of cluster '{cluster[0].name}' has {where}; AcrPull is expected", ROLE)
        return
    changes = writes(role)
    if changes is None:
        yield resource.unknown(f"what role {role.name} permits is not known", ROLE)
    elif changes:
        tenant = next((one for one in estate.tenants if principal in map(str.lower, one.identities)), None)
        who = f"tenant {tenant.id} ({tenant.name})" if tenant else f"principal {principal}"
        yield resource.fail(f"{who} has {where}; only build pipelines push, and only administrators manage it", ROLE)


def _kubelet(resource: Resource) -> Iterator[Hashable]:
    """Index key of a cluster: the object id that its nodes pull images with."""
    value = resource.value(*KUBELET)
    if isinstance(value, str):
        yield value.lower()


def _administrators(estate: Estate) -> frozenset[str]:
    platform = estate.identities.platform
    people = (*estate.identities.break_glass, *platform.owners, *platform.cluster_admins)
    return frozenset(one.object_id.lower() for one in people)
