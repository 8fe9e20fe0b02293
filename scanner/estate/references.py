"""Consistency rule 2 (every reference resolves), and the part of rule 8 that resolving depends on (patterns).

References without which no Resource could be resolved or judged are *structural*: an Estate that breaks one is not
loaded. The others are ordinary inconsistencies.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from scanner.estate.fault import Fault
from scanner.estate.model import Declaration, Tenant
from scanner.model.path import Path
from scanner.validation import suggestion

NAMES = 2
PATTERNS = 8


def structural(estate: Declaration) -> Iterator[Fault]:
    """Yield the references and patterns that must hold before anything can be resolved."""
    yield from _environment_references(estate)
    yield from _mapping_references(estate)
    for index, tenant in enumerate(estate.tenants):
        at: Path = ("tenants", index)
        subject = tenant_subject(tenant)
        yield from _declared(subject, "tier", tenant.tier, estate.tiers, (*at, "tier"))
        zones = estate.regions.residency_zones
        yield from _declared(subject, "residency zone", tenant.residency, zones, (*at, "residency"))
        yield from _each(subject, "environment", tenant.environments, estate.environments, (*at, "environments"))
        for environment in tenant.overrides:
            if environment not in tenant.environments:
                message = f"it overrides environment '{environment}', which is not one of its environments"
                yield Fault(NAMES, subject, message, (*at, "overrides", environment))


def references(estate: Declaration) -> Iterator[Fault]:
    """Yield every reference that does not resolve."""
    yield from structural(estate)
    yield from _tier_references(estate)
    yield from _inventory_references(estate)
    yield from _identity_references(estate)
    yield from _policy_references(estate)
    yield from _record_references(estate)
    for index, tenant in enumerate(estate.tenants):
        yield from _tenant_references(estate, tenant, ("tenants", index))


def tenant_subject(tenant: Tenant) -> str:
    """How findings name a tenant: ``t24 yarrowby``."""
    return f"{tenant.id} {tenant.name}"


def _environment_references(estate: Declaration) -> Iterator[Fault]:
    for name, environment in estate.environments.items():
        subject, at = f"environment {name}", ("environments", name)
        classes = estate.environment_classes
        yield from _declared(subject, "environment class", environment.class_, classes, (*at, "class"))
        if environment.mirrors is not None:
            yield from _declared(subject, "environment", environment.mirrors, estate.environments, (*at, "mirrors"))


def _mapping_references(estate: Declaration) -> Iterator[Fault]:
    mapping, at = estate.namespace_mapping, ("namespaceMapping",)
    subject = "namespaceMapping"
    yield from _groups(subject, mapping.pattern, ("tenant", "environment"), (*at, "pattern"))
    pattern = estate.identities.tenant_groups.pattern
    yield from _groups("identities.tenantGroups", pattern, ("tenant",), ("identities", "tenantGroups", "pattern"))
    for alias, name in mapping.environment_aliases.items():
        yield from _declared(subject, "environment", name, estate.environments, (*at, "environmentAliases", alias))
    tenants = {tenant.id for tenant in estate.tenants}
    clusters = {cluster.name for cluster in estate.clusters}
    for index, item in enumerate(mapping.explicit):
        here = (*at, "explicit", index)
        subject = f"namespace {item.cluster}/{item.namespace}"
        yield from _declared(subject, "tenant", item.tenant, tenants, (*here, "tenant"))
        yield from _declared(subject, "environment", item.environment, estate.environments, (*here, "environment"))
        yield from _declared(subject, "cluster", item.cluster, clusters, (*here, "cluster"))


def _groups(subject: str, pattern: str, wanted: tuple[str, ...], path: Path) -> Iterator[Fault]:
    groups = re.compile(pattern).groupindex  # the schema has seen that it compiles
    for name in wanted:
        if name not in groups:
            yield Fault(PATTERNS, subject, f"its pattern has no group '(?P<{name}>…)'", path)


def _tier_references(estate: Declaration) -> Iterator[Fault]:
    for name, tier in estate.tiers.items():
        path = ("tiers", name, "backupClass")
        yield from _declared(f"tier {name}", "backup class", tier.backup_class, estate.backup_classes, path)
    if estate.tier_windows is not None:
        for name in estate.tier_windows.maintenance:
            path = ("tierWindows", "maintenance", name)
            yield from _declared("tierWindows", "tier", name, {*estate.tiers, "default"}, path)
    for zone, regions in estate.regions.residency_zones.items():
        path = ("regions", "residencyZones", zone)
        for index, region in enumerate(regions):
            if region not in estate.regions.paired:
                message = f"region '{region}' is not among regions.paired; write null there for one without a pair"
                yield Fault(NAMES, f"residency zone {zone}", message, (*path, index))


def _inventory_references(estate: Declaration) -> Iterator[Fault]:
    tenants = {tenant.id for tenant in estate.tenants}
    for index, subscription in enumerate(estate.subscriptions):
        subject, at = f"subscription {subscription.name}", ("subscriptions", index)
        yield from _each(subject, "environment", subscription.environments, estate.environments, (*at, "environments"))
        yield from _optional(subject, "tenant", subscription.tenant, tenants, (*at, "tenant"))
        yield from _optional(subject, "hub network", subscription.hub_vnet, estate.network.hub_vnets, (*at, "hubVnet"))
        workspaces = estate.logs.workspaces
        yield from _optional(subject, "log workspace", subscription.log_workspace, workspaces, (*at, "logWorkspace"))
    subscriptions = {subscription.id.lower() for subscription in estate.subscriptions}
    clusters = {cluster.name for cluster in estate.clusters}
    for index, cluster in enumerate(estate.clusters):
        subject, at = f"cluster {cluster.name}", ("clusters", index)
        yield from _each(subject, "environment", cluster.environments, estate.environments, (*at, "environments"))
        path = (*at, "resourceId")
        yield from _declared(subject, "subscription", cluster.subscription_id, subscriptions, path)
        yield from _optional(subject, "cluster", cluster.dr_cluster, clusters, (*at, "drCluster"))
        for name, pool in cluster.pools.items():
            yield from _optional(subject, "tenant", pool.tenant, tenants, (*at, "pools", name, "tenant"))


def _identity_references(estate: Declaration) -> Iterator[Fault]:
    pipelines = [pipeline.name for pipeline in estate.identities.pipelines]
    for index, pipeline in enumerate(estate.identities.pipelines):
        at: Path = ("identities", "pipelines", index, "environments")
        yield from _each(f"pipeline {pipeline.name}", "environment", pipeline.environments, estate.environments, at)
    if estate.signing is not None:
        yield from _each("signing", "pipeline", estate.signing.identities, pipelines, ("signing", "identities"))
    approvers = estate.identities.platform.approvers
    path = ("identities", "platform", "approvers")
    yield from _keys("identities.platform.approvers", approvers, estate.environment_classes, path)


def _policy_references(estate: Declaration) -> Iterator[Fault]:
    classes = estate.environment_classes
    for index, registry in enumerate(estate.registries):
        path: Path = ("registries", index, "environments")
        yield from _each(f"registry {registry.prefix}", "environment", registry.environments, estate.environments, path)
    yield from _keys("approvedSkus", estate.approved_skus, classes, ("approvedSkus",))
    yield from _keys("logs.minRetentionDays", estate.logs.min_retention_days, classes, ("logs", "minRetentionDays"))
    approvers = estate.pipelines_policy.min_approvers
    yield from _keys("pipelinesPolicy.minApprovers", approvers, classes, ("pipelinesPolicy", "minApprovers"))


def _record_references(estate: Declaration) -> Iterator[Fault]:
    tenants = {tenant.id for tenant in estate.tenants}
    clusters = {cluster.name for cluster in estate.clusters}
    known: dict[str, Collection[str]] = {"tenant": tenants, "environment": estate.environments, "cluster": clusters}
    for index, item in enumerate(estate.exemptions.items):
        for key, declared in known.items():
            path: Path = ("exemptions", "items", index, "scope", key)
            yield from _each(f"exemption {item.id}", key, item.scope.get(key, ()), declared, path)
    for index, test in enumerate(estate.evidence.restore_tests):
        subject, at = f"restore test of {test.tenant}", ("evidence", "restoreTests", index)
        yield from _declared(subject, "tenant", test.tenant, tenants, (*at, "tenant"))
        yield from _declared(subject, "environment", test.environment, estate.environments, (*at, "environment"))


def _tenant_references(estate: Declaration, tenant: Tenant, at: Path) -> Iterator[Fault]:
    subject = tenant_subject(tenant)
    exemptions = {item.id for item in estate.exemptions.items}
    path = (*at, "residencyExemption")
    yield from _optional(subject, "exemption", tenant.residency_exemption, exemptions, path)
    for environment, override in tenant.overrides.items():
        path = (*at, "overrides", environment, "backupClass")
        yield from _optional(subject, "backup class", override.get("backupClass"), estate.backup_classes, path)
    yield from _tag_values(estate, tenant, at)
    if tenant.node_pool is None:
        return
    clusters = {cluster.name: cluster for cluster in estate.clusters}
    pool, path = tenant.node_pool, (*at, "nodePool")
    yield from _declared(subject, "cluster", pool.cluster, clusters, (*path, "cluster"))
    if pool.cluster not in clusters:
        return
    pools = clusters[pool.cluster].pools
    if pool.name not in pools:
        message = f"node pool '{pool.name}' is not declared in cluster {pool.cluster}"
        yield Fault(NAMES, subject, message, (*path, "name"))
    elif pools[pool.name].tenant != tenant.id:
        message = f"node pool '{pool.name}' of cluster {pool.cluster} does not name it as its tenant"
        yield Fault(NAMES, subject, message, (*path, "name"))


def _tag_values(estate: Declaration, tenant: Tenant, at: Path) -> Iterator[Fault]:
    """The tenant's own values of tags whose allowed values are declared."""
    for tag, key, value in (
        ("data-classification", "dataClassification", tenant.data_classification),
        ("cost-center", "costCenter", tenant.cost_center),
    ):
        allowed = estate.tags.allowed.get(tag)
        if allowed is None or allowed.ref is not None or value in (*allowed.values, *allowed.extra):
            continue
        if allowed.pattern is not None and re.fullmatch(allowed.pattern, value):
            continue
        message = f"{key} '{value}' is not allowed by tags.allowed.{tag}"
        yield Fault(NAMES, tenant_subject(tenant), message, (*at, key))


def _each(subject: str, what: str, names: Iterable[str], declared: Collection[str], path: Path) -> Iterator[Fault]:
    """As :func:`_declared`, for the elements of a list."""
    for index, name in enumerate(names):
        yield from _declared(subject, what, name, declared, (*path, index))


def _keys(subject: str, names: Iterable[str], declared: Collection[str], path: Path) -> Iterator[Fault]:
    """As :func:`_declared`, for the environment classes that are keys of a mapping."""
    for name in names:
        yield from _declared(subject, "environment class", name, declared, (*path, name))


def _optional(subject: str, what: str, name: str | None, declared: Collection[str], path: Path) -> Iterator[Fault]:
    if name is not None:
        yield from _declared(subject, what, name, declared, path)


def _declared(subject: str, what: str, name: str, declared: Collection[str], path: Path) -> Iterator[Fault]:
    if name not in declared:
        yield Fault(NAMES, subject, f"{what} '{name}' is not declared{suggestion(name, declared)}", path)
