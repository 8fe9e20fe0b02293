"""The Estate: what should be true, as rules ask for it.

It is everything that was declared (:class:`scanner.estate.model.Declaration`) and what follows from that: whose a
namespace is, the resolved record of a tenant, the same as JSON data for Rego. It is frozen, can be pickled and sent to
workers, and never reads the scanned input.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from scanner.estate.azure import AzurePlace, AzureResolver
from scanner.estate.build import overridden, plain, record
from scanner.estate.effective import Effective, digest_of, tier_data
from scanner.estate.model import Cluster, Declaration, Subscription, Tenant, Tier
from scanner.estate.namespaces import Declared, clusters_of, declared_namespaces
from scanner.estate.positions import Positions
from scanner.estate.resolve import NAME_LABEL, NamespaceName, NamespaceResolver
from scanner.model.path import Path
from scanner.model.tenancy import Tenancy
from scanner.validation import Place

PLATFORM = "platform"
"""In ``registries[].namespaces``: the platform's namespaces."""


class Estate(Declaration):
    """The declared Estate and what follows from it. Its fields are those of :class:`Declaration`."""

    positions: Positions
    """Where each declaration stands; empty for an Estate that was not read from a file."""
    digest: str
    """``sha256:`` and 64 hexadecimal digits over the declared data; comments and order of keys do not count."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def tenant(self, text: str) -> Tenant | None:
        """Return the tenant with this id or, where no id matches, this name."""
        return self._resolver.tenant(text)

    def cluster(self, name: str) -> Cluster | None:
        """Return the cluster with this name."""
        return self._clusters.get(name)

    def subscription(self, text: str) -> Subscription | None:
        """Return the subscription with this id (case does not count) or name."""
        return self._subscriptions.get(text.lower()) or self._subscriptions.get(text)

    def tenant_of_group(self, name: str) -> Tenant | None:
        """Return the tenant whose group this is, by ``identities.tenantGroups.pattern``."""
        match = self._group_pattern.fullmatch(name)
        return self.tenant(match["tenant"] or "") if match else None

    def allowed_regions(self, tenant: Tenant) -> tuple[str, ...]:
        """Return where a tenant's data may live: its own list, else its residency zone."""
        return tenant.allowed_regions or self.regions.residency_zones.get(tenant.residency, ())

    def tier_of(self, tenant: Tenant, environment: str | None = None) -> Tier:
        """Return a tenant's tier, after the overrides of ``environment``."""
        tier = self.tiers[tenant.tier]
        override = tenant.overrides.get(environment) if environment else None
        return overridden(tier, override) if override else tier

    def tier_for(self, tenancy: Tenancy) -> Tier | None:
        """Return the tier of what is so owned: the tenant's, else the one that it names; None where there is none."""
        tenant = self.tenant(tenancy.tenant) if tenancy.tenant else None
        if tenant is not None:
            return self.tier_of(tenant, tenancy.environment)
        return self.tiers.get(tenancy.tier) if tenancy.tier else None

    def resolve(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> Tenancy:
        """Return whose a namespace is; ``labels`` are those of the Namespace object, empty where it is not at hand.

        Its ``reason`` is ``explicit``, ``label`` or ``pattern``, or why no tenant was found.
        """
        return self._resolver.resolve(cluster, namespace, labels)

    def resolve_labels(self, labels: Mapping[str, str]) -> Tenancy | None:
        """Return whose a cluster-scoped object is, by its own tenant label; None where it carries none."""
        return self._resolver.resolve_labels(labels)

    def resolve_azure(self, place: AzurePlace) -> Tenancy:
        """Return whose an Azure resource is: by its tags, its resource group's, or its subscription's owner."""
        return self._azure.resolve(place, self.subscription(place.subscription) if place.subscription else None)

    def disagreement(self, cluster: str, namespace: str, labels: Mapping[str, str]) -> str | None:
        """Return how the sources of a namespace's tenancy contradict each other or the Estate, in one sentence."""
        return self._resolver.disagreement(cluster, namespace, labels)

    @cached_property
    def namespaces(self) -> Declared:
        """Every declared namespace → (tenant id, environment)."""
        return declared_namespaces(self)

    def namespaces_of(self, tenant: str, environment: str | None = None) -> tuple[NamespaceName, ...]:
        """Return the declared namespaces of a tenant id, in one environment or in all."""
        found = self._namespaces_by_tenant.get(tenant, ())
        return tuple(name for name, where in found if environment in (None, where))

    def implied_labels(self, cluster: str, namespace: str) -> Mapping[str, str]:
        """Return the labels that a declared namespace must have; for others only the one that names it."""
        labels = {NAME_LABEL: namespace}
        tenant_id, environment = self.namespaces.get(NamespaceName(cluster, namespace), ("", ""))
        tenant = self.tenant(tenant_id)
        if tenant is None:
            return labels
        keys = self.namespace_labels
        text = tenant.name if self.namespace_mapping.tenant_key == "name" else tenant.id
        return {
            **labels,
            keys.tenant: text,
            keys.environment: environment,
            keys.tier: tenant.tier,
            keys.owner: tenant.owner,
        }

    def effective(self, tenant: str, environment: str) -> Effective | None:
        """Return the resolved record of a tenant id in an environment; None where either is not declared."""
        key = (tenant, environment)
        if key not in self._effective:
            self._effective[key] = self._resolved(tenant, environment)
        return self._effective[key]

    def as_data(self) -> dict[str, Any]:
        """Return the whole Estate as JSON data, keys as in ``estate.yaml``, for Rego's ``data.estate``.

        ``tenants`` is keyed by id, ``clusters`` by name and ``subscriptions`` by id; regions are normalised, every
        tenant has its ``allowedRegions`` and ``namespaces``, tiers have their durations in seconds too.
        """
        return self._data

    def place(self, path: Path) -> Place:
        """Return the file, line and column where the value at ``path`` (keys as in the file) is declared."""
        return self.positions.place(path)

    @cached_property
    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = plain(self)
        data["tiers"] = {name: tier_data(tier) for name, tier in self.tiers.items()}
        data["clusters"] = {cluster["name"]: cluster for cluster in data["clusters"]}
        data["subscriptions"] = {subscription["id"]: subscription for subscription in data["subscriptions"]}
        data["tenants"] = {tenant["id"]: tenant for tenant in data["tenants"]}
        for tenant in self.tenants:
            data["tenants"][tenant.id] |= {
                "allowedRegions": list(self.allowed_regions(tenant)),
                "namespaces": [
                    {**plain(name), "environment": environment}
                    for name, environment in self._namespaces_by_tenant.get(tenant.id, ())
                ],
            }
        return data

    def _resolved(self, tenant_id: str, environment: str) -> Effective | None:
        tenant, declared = self.tenant(tenant_id), self.environments.get(environment)
        if tenant is None or declared is None:
            return None
        return Effective(
            tenant=tenant.id,
            tenant_name=tenant.name,
            environment=environment,
            environment_class=declared.class_,
            hosting=tenant.hosting,
            isolation=tenant.isolation,
            tier=self.tier_of(tenant, environment),
            owner=tenant.owner,
            cost_center=tenant.cost_center,
            data_classification=tenant.data_classification,
            residency=tenant.residency,
            allowed_regions=self.allowed_regions(tenant),
            clusters=tuple(cluster.name for cluster in clusters_of(self, tenant, environment)),
            namespaces=self.namespaces_of(tenant.id, environment),
            domains=tenant.domains,
            data=tenant.data,
            key_vaults=tenant.key_vaults,
            identities=tenant.identities,
            registries=tuple(registry for registry in self.registries if environment in registry.environments),
            approved_skus=self.approved_skus.get(declared.class_, {}),
            node_pool=tenant.node_pool,
            vnet=tenant.vnet,
        )

    @cached_property
    def _resolver(self) -> NamespaceResolver:
        return NamespaceResolver(self)

    @cached_property
    def _azure(self) -> AzureResolver:
        return AzureResolver(self)

    @cached_property
    def _effective(self) -> dict[tuple[str, str], Effective | None]:
        return {}

    @cached_property
    def _namespaces_by_tenant(self) -> Mapping[str, list[tuple[NamespaceName, str]]]:
        found: dict[str, list[tuple[NamespaceName, str]]] = {}
        for name, (tenant, environment) in self.namespaces.items():
            found.setdefault(tenant, []).append((name, environment))
        return found

    @cached_property
    def _clusters(self) -> Mapping[str, Cluster]:
        return {cluster.name: cluster for cluster in self.clusters}

    @cached_property
    def _subscriptions(self) -> Mapping[str, Subscription]:
        by_id = {subscription.id.lower(): subscription for subscription in self.subscriptions}
        return {subscription.name: subscription for subscription in self.subscriptions} | by_id

    @cached_property
    def _group_pattern(self) -> re.Pattern[str]:
        return re.compile(self.identities.tenant_groups.pattern)


def estate_of(data: Mapping[str, Any], positions: Positions | None = None) -> Estate:
    """Return the Estate that ``data`` declares: one mapping, keys as in ``estate.yaml``, valid against its schema."""
    platform = data["platformNamespaces"]
    registries = [
        {**registry, "namespaces": platform} if registry.get("namespaces") == PLATFORM else registry
        for registry in data["registries"]
    ]
    estate = record(Estate, {**data, "registries": registries})
    estate.positions = positions or Positions()
    estate.digest = digest_of(data)
    return estate
