"""Who may do what where in Azure: the parts of a role assignment that rules ask for.

Source: "Azure role assignments" of the Azure RBAC reference; PIM's schedules name role, principal and scope alike.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, azure_roles
from scanner.views.azure_ids import Level
from scanner.views.azure_links import Indexed, at_hand
from scanner.views.shapes import found, mapping, text

ROLE_DEFINITION = "Microsoft.Authorization/roleDefinitions"
HIGH: Mapping[Level, str] = {
    Level.TENANT: "the whole tenant",
    Level.MANAGEMENT_GROUP: "management group",
    Level.SUBSCRIPTION: "subscription",
}
"""Levels above a resource group, and how messages name them."""

_PRINCIPAL = ("properties", "principalId")
_ROLE = ("properties", "roleDefinitionId")


class Role(NamedTuple):
    """The role that is assigned."""

    name: str
    """Name of a built-in role, or of a custom one at hand; else the GUID; empty where it is not known which it is."""
    definition: Resource | None
    """Its definition, where the Inventory has it."""
    unknown: str = ""
    """Why it is not known which it is."""


class Scope(NamedTuple):
    """Where the role is assigned."""

    id: str
    """Empty where it is not known."""
    level: Level | None
    unknown: str = ""
    """Why it is not known where, or how far up."""

    @property
    def is_high(self) -> bool:
        """Whether it is a subscription, or above."""
        return self.level in HIGH

    @property
    def title(self) -> str:
        """How messages name it: ``subscription 000…``, ``registries 'acr'``."""
        if self.level is Level.TENANT:
            return HIGH[Level.TENANT]
        parsed = azure_ids.parse(self.id)
        if parsed is None:
            return "an unknown scope"
        kind = parsed.level if parsed.level is not Level.RESOURCE else parsed.type.rpartition("/")[2]
        name = parsed.names[-1]
        return f"this {kind}" if name == "{subscription}" else f"{kind} '{name}'"


def role_of(resource: Resource, inventory: Indexed | None) -> Role:
    """Return the role that a role assignment or schedule assigns; its definition may be in ``inventory``."""
    value = resource.value(*_ROLE)
    if not isinstance(value, str) or not value:
        return Role("", None, _why(value, "roleDefinitionId"))
    definition = _definition(value, inventory) if inventory is not None else None
    name = azure_roles.name_of(value)
    if name or definition is not None:
        title = text(definition.value("properties", "roleName")) if definition is not None else ""
        return Role(name or title or azure_ids.name(value), definition)
    guid = azure_ids.name(value) or value
    return Role("", None, f"roleDefinitionId is {guid}") if "{" in guid else Role(guid, None)


def _definition(value: str, inventory: Indexed) -> Resource | None:
    """The definition at hand; the id of a role may be written with or without its scope."""
    exact = at_hand(inventory, value, ROLE_DEFINITION)
    if exact is not None:
        return exact
    guid = (azure_ids.name(value) or value).lower()
    same = inventory.grouped(_guid, ROLE_DEFINITION).get(guid, ())
    return same[0] if same else None


def _guid(resource: Resource) -> tuple[str, ...]:
    return (azure_ids.name(str(resource.attributes.get("id", ""))).lower(),)


def scope_of(resource: Resource) -> Scope:
    """Return where a role is assigned."""
    value = resource.attributes.get("scope")
    if not isinstance(value, str) or not value:
        return Scope("", None, _why(value, "scope"))
    level = azure_ids.level(value)
    return Scope(value, level, "" if level else f"scope is {value}")


def principal_of(resource: Resource) -> str | Unknown:
    """Return the object id of who is assigned, in lower case; an Unknown where that is not known."""
    value = resource.value(*_PRINCIPAL)
    if isinstance(value, Unknown):
        return value
    return value.lower() if isinstance(value, str) and value else Unknown("it is not stated")


def writes(role: Role) -> bool | None:
    """Return whether a role may change anything; None where its permissions are not known."""
    if role.definition is not None:
        actions = [
            action
            for path in ("properties.permissions[*].actions[*]", "properties.permissions[*].dataActions[*]")
            for _, action in found(role.definition, path)
        ]
        return not all(isinstance(action, str) and action.lower().endswith("/read") for action in actions)
    if role.name.lower() not in _BUILT_IN:
        return None
    return not (role.name.endswith(("Reader", "Viewer", "Log Reader")) or role.name in _READING)


_BUILT_IN = frozenset(name.lower() for name in azure_roles.BUILT_IN)
_READING = frozenset(("AcrPull", "Key Vault Secrets User", "Key Vault Certificate User", "Monitoring Metrics Reader"))


def _why(value: Any, name: str) -> str:
    return f"{name} is not known: {value.reason}" if isinstance(value, Unknown) else f"{name} is not stated"


def condition_of(resource: Resource) -> str:
    """Return the condition under which the assignment holds; empty without one."""
    return text(mapping(resource.value("properties")).get("condition"))
