from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import text
from scanner.views.role_assignments import principal_of, role_of, scope_of, writes

DIRECTORY = ("Microsoft.Graph/users", "Microsoft.Graph/groups", "Microsoft.Graph/servicePrincipals")
MANAGED = "Microsoft.ManagedIdentity/userAssignedIdentities"
STRANGERS = {"foreigngroup": "a group of another directory", "unknown": "deleted, or of no directory that can be read"}
"""``principalType`` that says it already, in lower case."""
ROLE = ("properties", "roleDefinitionId")
PRINCIPAL = ("properties", "principalId")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    role = role_of(resource, inventory)
    changes = writes(role)
    if changes is False:
        return
    if changes is None:
        yield resource.unknown(role.unknown or f"what role {role.name} permits is not known", ROLE)
        return
    principal = principal_of(resource)
    if isinstance(principal, Unknown):
        yield resource.unknown(f"principalId is not known: {principal.reason}", PRINCIPAL)
        return
    stated = resource.value("properties", "principalType")
    kind = text(stated).lower()
    where = f"{role.name} of {scope_of(resource).title}"
    if kind in STRANGERS:
        yield resource.fail(
            f"principal {principal} is {STRANGERS[kind]}, and {where}; nobody unknown may be", PRINCIPAL
        )
    elif principal in _declared(estate):
        return
    elif isinstance(stated, Unknown):
        yield resource.unknown(f"principalType is not known: {stated.reason}", PRINCIPAL)
    else:
        yield from _resolved(resource, principal, where, inventory)


def _resolved(resource: Resource, principal: str, where: str, inventory: Inventory) -> Iterator[Fault]:
    user = inventory.first(_object_id, principal, *DIRECTORY, MANAGED)
    if user is not None:
        if text(user.value("properties", "userType")).lower() == "guest":
            name = text(user.value("properties", "displayName")) or user.name
            yield resource.fail(
                f"guest '{name}' is {where}; guests may read only", PRINCIPAL, [(user, (), "the guest")]
            )
    elif inventory.has_any(*DIRECTORY):
        yield resource.fail(
            f"principal {principal} is not in the directory, and {where}; nobody unknown may be", PRINCIPAL
        )
    else:
        yield resource.unknown(f"who principal {principal} is cannot be told: the directory was not read", PRINCIPAL)


def _object_id(resource: Resource) -> Iterator[Hashable]:
    """Index key of whoever can be assigned a role: the object id."""
    for value in (resource.value("properties", "id"), resource.value("properties", "principalId"), resource.name):
        if isinstance(value, str) and value:
            yield value.lower()


def _declared(estate: Estate) -> frozenset[str]:
    """Object ids that the Estate answers for."""
    identities = estate.identities
    people = (*identities.break_glass, *identities.platform.groups, *identities.pipelines)
    tenants = (one for tenant in estate.tenants for one in tenant.identities)
    return frozenset(one.lower() for one in (*(person.object_id for person in people), *tenants))
