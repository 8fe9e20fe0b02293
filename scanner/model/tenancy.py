"""Whose a Resource is, as the Estate resolved it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a Resource stands to the Estate's tenants."""

    TENANT = "tenant"
    """It belongs to a declared tenant."""
    PLATFORM = "platform"
    """It lives in a namespace that the Estate declares as the platform's."""
    UNMAPPED = "unmapped"
    """It lives in a namespace that the Estate does not know: declared, never inferred."""
    CLUSTER = "cluster"
    """It has no namespace and names no tenant: it belongs to the cluster as a whole."""
    SEVERAL = "several"
    """Of a Finding only: the Resources it is about stand differently, or belong to several tenants."""
    UNDECLARED = "undeclared"
    """No Estate was given, so nothing can be said."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """Tenant, environment and tier of a Resource, or the reason why there are none."""

    standing: Standing
    tenant: str | None = None
    """Tenant id of the Estate (``t04``)."""
    tenant_name: str | None = None
    """Tenant name of the Estate (``dunmore``)."""
    environment: str | None = None
    """Environment name of the Estate (``production``)."""
    environment_class: str | None = None
    """Class of that environment (``production``, ``preproduction``, ``nonproduction``)."""
    tier: str | None = None
    """Service tier name."""
    hosting: str | None = None
    """``multi-tenant``, ``dedicated`` or ``hybrid``."""
    reason: str = ""
    """How it was resolved (``explicit``, ``label``, ``pattern``), or why it was not."""

    def __reduce__(self) -> tuple[type["Tenancy"], tuple[object, ...]]:
        # see Resource: what dataclasses do costs five times as much
        return Tenancy, (
            self.standing,
            self.tenant,
            self.tenant_name,
            self.environment,
            self.environment_class,
            self.tier,
            self.hosting,
            self.reason,
        )


UNDECLARED = Tenancy(Standing.UNDECLARED, reason="no estate was given")
"""The Tenancy of everything when there is no Estate."""
