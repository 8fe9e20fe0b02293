from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import SubjectView, holder_of, owner_of, subjects, tenancy_of, text


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    role = text(resource.value("roleRef", "name"))
    if role in estate.identities.tenant_groups.allowed_cluster_roles:
        return
    for subject in subjects(resource):
        if subject.namespace:
            owner = tenancy_of(resource.cluster, subject.namespace, inventory.namespace, estate.resolve)
            if owner.standing is Standing.UNMAPPED:
                yield resource.unknown(f"{subject.title} may be a tenant's: {owner.reason}", subject.at)
            tenant = owner_of(owner) if owner.tenant else ""
        else:
            tenant = _tenant(subject, estate)
        if tenant:
            yield resource.fail(
                f"{subject.title} of {tenant} gets ClusterRole '{role}' in every namespace; bind it by a RoleBinding",
                subject.at,
            )


def _tenant(subject: SubjectView, estate: Estate) -> str:
    tenant = holder_of(subject.name, estate.tenants)
    if tenant is None and subject.kind == "Group":
        tenant = estate.tenant_of_group(subject.name)
    return f"tenant {tenant.id} {tenant.name}" if tenant else ""
