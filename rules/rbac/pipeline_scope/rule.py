from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.estate.model import Pipeline
from scanner.model.resource import Fault
from scanner.model.unknown import Unknown
from scanner.views import azure_ids
from scanner.views.estate_scopes import is_allowed
from scanner.views.role_assignments import Scope, principal_of, role_of, scope_of

BROAD = ("Owner", "Contributor")
ROLE = ("properties", "roleDefinitionId")
PRINCIPAL = ("properties", "principalId")
KIND = ("properties", "principalType")
SCOPE = ("scope",)


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    role, scope = role_of(resource, inventory), scope_of(resource)
    if scope.level is not None and not scope.is_high:
        return
    kind = _kind(resource, estate)
    if kind not in ("", "serviceprincipal"):
        return
    if role.unknown:
        yield resource.unknown(role.unknown, ROLE)
    if role.name not in BROAD:
        return
    if scope.unknown:
        yield resource.unknown(scope.unknown, SCOPE)
    elif not kind:
        yield resource.unknown("principalType does not say whether a service principal is meant", KIND)
    else:
        yield from _judged(resource, role.name, scope, estate)


def _judged(resource: Resource, role: str, scope: Scope, estate: Estate) -> Iterator[Fault]:
    principal = principal_of(resource)
    if isinstance(principal, Unknown):
        yield resource.unknown(f"principalId is not known: {principal.reason}", PRINCIPAL)
        return
    pipeline = _pipeline(principal, estate)
    allowed = pipeline.allowed_scopes if pipeline else ()
    declared = estate.subscription(azure_ids.subscription(scope.id).rpartition("/")[2])
    if is_allowed(scope.id, allowed, declared.name if declared else ""):
        return
    if not azure_ids.is_known(scope.id) and any("/" not in one for one in allowed):
        yield resource.unknown("scope is a subscription that is not known; one is allowed", SCOPE)
        return
    who = f"pipeline {pipeline.name}" if pipeline else f"service principal {principal}"
    where = f"it may deploy to {', '.join(allowed)}" if allowed else "resource groups are expected"
    yield resource.fail(f"{who} is {role} of {scope.title}; {where}", ROLE)


def _kind(resource: Resource, estate: Estate) -> str:
    """What the principal is, in lower case; empty where neither the assignment nor the Estate says so."""
    stated = resource.value(*KIND)
    if isinstance(stated, str) and stated:
        return stated.lower()
    principal = principal_of(resource)
    if isinstance(principal, Unknown):
        return "serviceprincipal" if "azurerm_user_assigned_identity." in principal.origin else ""
    if _pipeline(principal, estate):
        return "serviceprincipal"
    identities = estate.identities
    others = [one.object_id.lower() for one in (*identities.break_glass, *identities.platform.groups)]
    return "declared" if principal in others else ""


def _pipeline(principal: str, estate: Estate) -> Pipeline | None:
    return next((one for one in estate.identities.pipelines if one.object_id.lower() == principal), None)
