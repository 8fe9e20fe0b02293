from collections.abc import Hashable, Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views.role_assignments import principal_of, role_of, scope_of

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
GRANTING = ("Owner", "User Access Administrator", "Role Based Access Control Administrator")
"""Roles whose holder can give any role to anybody."""
MOST_OWNERS = 3
ROLE = ("properties", "roleDefinitionId")
PRINCIPAL = ("properties", "principalId")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    role, scope = role_of(resource, inventory), scope_of(resource)
    if scope.level is not None and not scope.is_high:
        return
    if role.unknown:
        yield resource.unknown(role.unknown, ROLE)
    if role.name not in GRANTING:
        return
    if scope.unknown:
        yield resource.unknown(scope.unknown, ("scope",))
        return
    principal = principal_of(resource)
    if isinstance(principal, Unknown):
        yield resource.unknown(f"principalId is not known: {principal.reason}", PRINCIPAL)
    elif principal not in _approved(estate):
        where = f"principal {principal} is {role.name} of {scope.title}"
        yield resource.fail(f"{where}; only break-glass identities and platform owners may be", PRINCIPAL)
    elif role.name == "Owner":
        yield from _too_many(resource, scope.id, inventory, _approved(estate))


def _too_many(resource: Resource, scope: str, inventory: Inventory, approved: frozenset[str]) -> Iterator[Fault]:
    """Whoever is not approved fails anyway: they are not counted."""
    assignments = inventory.grouped(_owned_scope, ASSIGNMENT).get(scope.rstrip("/").lower(), ())
    owners = {principal for one in assignments if (principal := principal_of(one)) in approved}
    if len(owners) > MOST_OWNERS:
        where = scope_of(resource).title
        yield resource.fail(f"{len(owners)} principals own {where}; at most {MOST_OWNERS} are expected", ROLE)


def _owned_scope(resource: Resource) -> Iterator[Hashable]:
    """Index key of an assignment of Owner: its scope."""
    definition = resource.value(*ROLE)
    if isinstance(definition, str) and definition.lower().endswith("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"):
        yield scope_of(resource).id.rstrip("/").lower()


def _approved(estate: Estate) -> frozenset[str]:
    """Object ids of those who may grant."""
    people = [identity.object_id for identity in estate.identities.break_glass]
    groups = [group.object_id for group in estate.identities.platform.owners]
    return frozenset(one.lower() for one in (*people, *groups))
