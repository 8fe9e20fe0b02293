"""Consistency rules 3, 7, 9 and 12: whether what is declared keeps tenants and environments apart.

They look at the shape of tenants, clusters, subscriptions and emergency identities.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.estate.fault import Fault
from scanner.estate.model import ISOLATIONS, Tenant
from scanner.estate.references import tenant_subject
from scanner.model.path import Path

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

HOSTING = 3
SEPARATION = 7
BREAK_GLASS = 9
COMPLETE = 12

LEAST_ISOLATION = {"multi-tenant": "namespace", "hybrid": "namespace", "dedicated": "nodepool"}
"""Hosting model → weakest isolation it allows."""
DATABASE_MODEL = {"multi-tenant": "shared-server", "hybrid": "dedicated-server", "dedicated": "dedicated-server"}
"""Hosting model → the model of its database."""


def hosting(estate: "Estate") -> Iterator[Fault]:
    """Yield tenants whose isolation and data do not fit their hosting model (rule 3)."""
    for index, tenant in enumerate(estate.tenants):
        at: Path = ("tenants", index)
        for message, path in (*_isolation(estate, tenant), *_database(tenant), *_cache(tenant), *_network(tenant)):
            yield Fault(HOSTING, tenant_subject(tenant), message, (*at, *path))
    yield from _shared_by_mistake(estate)


def separation(estate: "Estate") -> Iterator[Fault]:
    """Yield clusters and subscriptions that production shares with nonproduction (rule 7)."""
    for index, cluster in enumerate(estate.clusters):
        path: Path = ("clusters", index, "environments")
        yield from _mixed(estate, f"cluster {cluster.name}", cluster.environments, path)
    for index, subscription in enumerate(estate.subscriptions):
        path = ("subscriptions", index, "environments")
        yield from _mixed(estate, f"subscription {subscription.name}", subscription.environments, path)


def break_glass(estate: "Estate") -> Iterator[Fault]:
    """Yield what is wrong with the emergency identities (rule 9)."""
    identities, at = estate.identities, ("identities", "breakGlass")
    number = len(identities.break_glass)
    if not 2 <= number <= 4:
        message = f"there are {number} emergency identities; two to four are required"
        yield Fault(BREAK_GLASS, "identities.breakGlass", message, at)
    used = {group.object_id.lower(): f"platform group {group.name}" for group in identities.platform.groups}
    used |= {pipeline.object_id.lower(): f"pipeline {pipeline.name}" for pipeline in identities.pipelines}
    for index, identity in enumerate(identities.break_glass):
        other = used.get(identity.object_id.lower())
        if other is not None:
            yield Fault(BREAK_GLASS, f"break-glass {identity.upn}", f"it is also {other}", (*at, index, "objectId"))


def complete(estate: "Estate") -> Iterator[Fault]:
    """Yield clusters and subscriptions without environment, or without log workspace in an allowed region (rule 12)."""
    allowed = {region for regions in estate.regions.residency_zones.values() for region in regions}
    for index, subscription in enumerate(estate.subscriptions):
        subject = f"subscription {subscription.name}"
        path: Path = ("subscriptions", index)
        if not subscription.environments:
            yield Fault(COMPLETE, subject, "it has no environment", (*path, "environments"))
        workspace = subscription.log_workspace
        region = estate.logs.workspaces.get(workspace or "")
        if workspace is None:
            yield Fault(COMPLETE, subject, "it has no log workspace", path)
        elif region is not None and region not in allowed:
            message = f"its log workspace {workspace} is in {region}, which no residency zone lists"
            yield Fault(COMPLETE, subject, message, (*path, "logWorkspace"))
    for index, cluster in enumerate(estate.clusters):
        if not cluster.environments:
            path = ("clusters", index, "environments")
            yield Fault(COMPLETE, f"cluster {cluster.name}", "it has no environment", path)


def _mixed(estate: "Estate", subject: str, environments: tuple[str, ...], path: Path) -> Iterator[Fault]:
    classes: dict[str, str] = {}
    for name in environments:
        if name in estate.environments:
            classes.setdefault(estate.environments[name].class_, name)
    if {"production", "nonproduction"} <= classes.keys():
        message = (
            f"environment '{classes['production']}' of class production shares it with "
            f"'{classes['nonproduction']}' of class nonproduction"
        )
        yield Fault(SEPARATION, subject, message, path)


Complaint = tuple[str, Path]
"""A message, and the path below the tenant it is about."""


def _isolation(estate: "Estate", tenant: Tenant) -> Iterator[Complaint]:
    least = LEAST_ISOLATION[tenant.hosting]
    if ISOLATIONS.index(tenant.isolation) < ISOLATIONS.index(least):
        yield f"{tenant.hosting} hosting needs isolation {least} or stronger; it has {tenant.isolation}", ("isolation",)
    if tenant.isolation == "nodepool" and tenant.node_pool is None:
        yield "isolation nodepool needs a nodePool", ("isolation",)
    if tenant.isolation == "subscription" and all(item.tenant != tenant.id for item in estate.subscriptions):
        yield "isolation subscription needs a subscription that names it as its tenant", ("isolation",)


def _database(tenant: Tenant) -> Iterator[Complaint]:
    database, path = tenant.data.postgresql, ("data", "postgresql")
    if database is None:
        return
    wanted = DATABASE_MODEL[tenant.hosting]
    if database.model != wanted:
        yield f"{tenant.hosting} hosting needs PostgreSQL model {wanted}; it has {database.model}", (*path, "model")
    if database.model == "shared-server" and (database.database is None or database.role is None):
        yield "a tenant on a shared server needs its own database and role", path


def _cache(tenant: Tenant) -> Iterator[Complaint]:
    redis = tenant.data.redis
    if redis is not None and redis.model == "shared" and redis.key_prefix is None:
        yield "a tenant on a shared Redis needs its own keyPrefix", ("data", "redis")


def _network(tenant: Tenant) -> Iterator[Complaint]:
    if tenant.hosting == "dedicated" and tenant.vnet is None:
        yield "dedicated hosting needs its own vnet", ()


def _shared_by_mistake(estate: "Estate") -> Iterator[Fault]:
    """Servers, instances and accounts that are declared as one tenant's own and yet are used by another."""
    users: dict[tuple[str, str], list[tuple[Tenant, Path, bool]]] = {}
    for index, tenant in enumerate(estate.tenants):
        for key, path, own in _servers(tenant):
            users.setdefault(key, []).append((tenant, ("tenants", index, *path), own))
    for (what, name), found in users.items():
        owner = next((tenant for tenant, _, own in found if own), None)
        for tenant, path, _ in found:
            if owner is not None and tenant is not owner:
                message = f"{what} '{name}' is declared as {tenant_subject(owner)}'s own"
                yield Fault(HOSTING, tenant_subject(tenant), message, path)


def _servers(tenant: Tenant) -> Iterator[tuple[tuple[str, str], Path, bool]]:
    """What holds the tenant's data: (what, name), path, and whether it is declared as its own."""
    database, redis, storage = tenant.data
    if database is not None:
        own = database.model == "dedicated-server"
        yield ("database server", database.server), ("data", "postgresql", "server"), own
    if redis is not None:
        yield ("Redis", redis.instance), ("data", "redis", "instance"), redis.model == "dedicated"
    if storage is not None:
        own = tenant.hosting != "multi-tenant"
        yield ("storage account", storage.account), ("data", "storage", "account"), own
