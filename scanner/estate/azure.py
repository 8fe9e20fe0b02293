"""Whose an Azure resource is: its own tags, those of its resource group, or the owner of its subscription.

The first of the three that names a tenant decides, and likewise the first that names an environment. Nothing here
knows Resources, files or ids.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scanner.estate.model import Declaration, Subscription, Tenant
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.unknown import Unknown

TENANT, ENVIRONMENT, TIER = "tenant", "environment", "service-tier"
"""Tags that say whose a resource is (estate model, tags)."""

SHARED = frozenset(("platform", "shared"))
"""Values of the tenant tag for what belongs to no single tenant, where the Estate states no others."""

_NONE: Mapping[str, object] = {}


class AzurePlace(NamedTuple):
    """Where a resource stands, as far as it is known."""

    tags: Mapping[str, object]
    """Its own tags; values may be Unknown."""
    group_tags: Mapping[str, object] = _NONE
    """Those of its resource group; empty where the group is not at hand."""
    subscription: str = ""
    """Id or name of its subscription."""


class AzureResolver:
    """Resolves Azure resources of one Declaration."""

    def __init__(self, declared: Declaration) -> None:
        self._declared = declared
        tenants = tuple(reversed(declared.tenants))
        names = {tenant.name.lower(): tenant for tenant in tenants}
        self._tenants = names | {tenant.id.lower(): tenant for tenant in tenants}
        allowed = declared.tags.allowed.get(TENANT)
        self._shared = frozenset(value.lower() for value in (allowed.extra if allowed else ())) or SHARED
        self._environments = {name.lower(): name for name in declared.environments}
        self._tiers = {name.lower(): name for name in declared.tiers}

    def resolve(self, place: AzurePlace, subscription: Subscription | None) -> Tenancy:
        """Return whose the resource is; ``subscription`` is the declared one it is in, where that is known."""
        own, group = _folded(place.tags), _folded(place.group_tags)
        environment = self._environment(own, group, subscription)
        silent: list[str] = []
        for source, value in _tenant_claims(own, group, subscription):
            if value is None:
                silent.append(f"{source} names none")
            elif isinstance(value, Unknown):
                return Tenancy(Standing.UNMAPPED, reason=f"{source} is not known: {value.reason}")
            else:
                return self._named(value, source, environment, own, group)
        return Tenancy(Standing.UNMAPPED, environment=environment, reason=f"no tenant: {', '.join(silent)}")

    def _named(
        self,
        value: str,
        source: str,
        environment: str | None,
        own: Mapping[str, object],
        group: Mapping[str, object],
    ) -> Tenancy:
        tenant = self._tenants.get(value.lower())
        if tenant is not None:
            return self._of_tenant(tenant, environment, source)
        class_ = self._class(environment)
        if value.lower() not in self._shared:
            reason = f"{source} says '{value}', which is no declared tenant"
            return Tenancy(Standing.UNMAPPED, environment=environment, reason=reason)
        return Tenancy(
            Standing.PLATFORM,
            environment=environment,
            environment_class=class_,
            tier=self._tiers.get(str(own.get(TIER) or group.get(TIER)).lower()),
            reason=f"{source} says '{value}'",
        )

    def _of_tenant(self, tenant: Tenant, environment: str | None, source: str) -> Tenancy:
        class_ = self._class(environment)
        return Tenancy(
            Standing.TENANT,
            tenant=tenant.id,
            tenant_name=tenant.name,
            environment=environment,
            environment_class=class_,
            tier=tenant.tier,
            hosting=tenant.hosting,
            reason=source,
        )

    def _class(self, environment: str | None) -> str | None:
        return self._declared.environments[environment].class_ if environment else None

    def _environment(
        self, own: Mapping[str, object], group: Mapping[str, object], subscription: Subscription | None
    ) -> str | None:
        """Return the first declared environment that is named; a subscription counts where it has only one."""
        only = subscription.environments[0] if subscription and len(subscription.environments) == 1 else None
        for value in (own.get(ENVIRONMENT), group.get(ENVIRONMENT), only):
            if isinstance(value, str) and value.lower() in self._environments:
                return self._environments[value.lower()]
        return None


def _tenant_claims(
    own: Mapping[str, object], group: Mapping[str, object], subscription: Subscription | None
) -> Iterator[tuple[str, str | Unknown | None]]:
    yield f"tag {TENANT}", _said(own.get(TENANT))
    yield f"tag {TENANT} of the resource group", _said(group.get(TENANT))
    yield "the subscription's owner", subscription.tenant if subscription else None


def _said(value: object) -> str | Unknown | None:
    if isinstance(value, Unknown):
        return value
    return value if isinstance(value, str) and value else None


def _folded(tags: Mapping[str, object]) -> Mapping[str, object]:
    """Return ``tags`` by lower-case name: Azure compares tag names without case."""
    return {key.lower(): value for key, value in tags.items() if isinstance(key, str)}
