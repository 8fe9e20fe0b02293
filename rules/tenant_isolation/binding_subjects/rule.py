from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import SubjectView, holder_of, owner_of, subjects, tenancy_of

EVERYBODY = ("system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    allowed = f"only those of {owner_of(resource.tenancy)} and of the platform may be bound"
    for subject in subjects(resource):
        objection = ""
        if subject.namespace:
            owner = tenancy_of(resource.cluster, subject.namespace, inventory.namespace, estate.resolve)
            if owner.standing is not Standing.PLATFORM and owner.tenant != resource.tenancy.tenant:
                objection = f"is of {owner_of(owner)}"
        elif subject.name in EVERYBODY:
            objection = "takes in every tenant"
        elif not _is_platform(subject, estate):
            objection = _stranger(subject, resource.tenancy.tenant, estate)
        if objection:
            yield resource.fail(f"{subject.title} {objection}; {allowed}", subject.at)


def _is_platform(subject: SubjectView, estate: Estate) -> bool:
    platform = estate.identities.platform
    if subject.kind != "Group":
        return False
    if any(subject.name.lower() == group.object_id.lower() or subject.name == group.name for group in platform.groups):
        return True
    return any(subject.name in groups for groups in platform.approvers.values())


def _stranger(subject: SubjectView, tenant_id: str | None, estate: Estate) -> str:
    """Why an identity is not the tenant's; empty where it is. A tenant that lists its identities has no others."""
    holder = holder_of(subject.name, estate.tenants)
    named = estate.tenant_of_group(subject.name) if subject.kind == "Group" else None
    tenant = holder or named
    if tenant is None:
        return "is declared nowhere"
    if tenant.id != tenant_id:
        return f"is of tenant {tenant.id} {tenant.name}"
    return "" if holder or not tenant.identities else "is not among the identities declared for its tenant"
