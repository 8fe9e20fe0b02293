"""Consistency rules 1 (what is one tenant's is no other's) and 8 (names and prefixes cannot be mistaken for others)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.estate.fault import Fault
from scanner.estate.model import Tenant
from scanner.estate.references import PATTERNS, tenant_subject
from scanner.model.path import Path
from scanner.model.tenancy import Standing

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

UNIQUE = 1

Possession = tuple[str, tuple[str, ...], Path]
"""What it is, its name in parts, and where it is declared."""


def uniqueness(estate: "Estate") -> Iterator[Fault]:
    """Yield every possession that two tenants claim, and every namespace that is mapped twice."""
    owners: dict[tuple[str, tuple[str, ...]], Tenant] = {}
    for index, tenant in enumerate(estate.tenants):
        for what, name, path in _possessions(tenant, ("tenants", index)):
            other = owners.setdefault((what, tuple(part.lower() for part in name)), tenant)
            if other is not tenant:
                message = f"{what} '{'/'.join(name)}' is also declared for {tenant_subject(other)}"
                yield Fault(UNIQUE, tenant_subject(tenant), message, path)
    yield from _covered_domains(estate)
    yield from _vault_prefixes(estate)
    yield from _mapped_twice(estate)


def patterns(estate: "Estate") -> Iterator[Fault]:
    """Yield prefixes that are too short, and namespaces that two tenants or the platform could claim."""
    for index, registry in enumerate(estate.registries):
        if not registry.prefix.endswith("/"):
            message = "its prefix does not end with '/', so it also admits names that only begin like it"
            yield Fault(PATTERNS, f"registry {registry.prefix}", message, ("registries", index, "prefix"))
    for index, item in enumerate(estate.namespace_mapping.explicit):
        path: Path = ("namespaceMapping", "explicit", index)
        subject = f"namespace {item.cluster}/{item.namespace}"
        contradiction = estate.disagreement(item.cluster, item.namespace, {})
        if estate.resolve(item.cluster, item.namespace, {}).standing is Standing.PLATFORM:
            yield Fault(PATTERNS, subject, "it is mapped to a tenant, but it is a namespace of the platform", path)
        elif contradiction is not None:
            yield Fault(PATTERNS, subject, contradiction, path)


def _possessions(tenant: Tenant, at: Path) -> Iterator[Possession]:
    """Everything that must be a tenant's alone."""
    yield "id", (tenant.id,), (*at, "id")
    yield "name", (tenant.name,), (*at, "name")
    for index, domain in enumerate(tenant.domains):
        yield "domain", (domain,), (*at, "domains", index)
    yield from _data(tenant, (*at, "data"))
    for index, vault in enumerate(tenant.key_vaults):
        yield "key vault prefix", (vault.name, vault.prefix or ""), (*at, "keyVaults", index)
    if tenant.node_pool is not None:
        yield "node pool", tuple(tenant.node_pool), (*at, "nodePool")


def _data(tenant: Tenant, at: Path) -> Iterator[Possession]:
    database, redis, storage = tenant.data
    if database is not None and database.database is not None:
        yield "database", (database.server, database.database), (*at, "postgresql", "database")
    if database is not None and database.role is not None:
        yield "database role", (database.server, database.role), (*at, "postgresql", "role")
    if redis is not None and redis.key_prefix is not None:
        yield "redis key prefix", (redis.instance, redis.key_prefix), (*at, "redis", "keyPrefix")
    if storage is not None:
        yield "storage container", (storage.account, storage.container), (*at, "storage", "container")


def _covered_domains(estate: "Estate") -> Iterator[Fault]:
    """Domains that lie under another tenant's wildcard."""
    wildcards = {
        domain.removeprefix("*."): tenant
        for tenant in estate.tenants
        for domain in tenant.domains
        if domain.startswith("*.")
    }
    if not wildcards:
        return
    for position, tenant in enumerate(estate.tenants):
        for index, domain in enumerate(tenant.domains):
            parent = domain.removeprefix("*.")
            while parent := parent.partition(".")[2]:
                other = wildcards.get(parent)
                if other is not None and other is not tenant:
                    message = f"domain '{domain}' is covered by '*.{parent}' of {tenant_subject(other)}"
                    yield Fault(UNIQUE, tenant_subject(tenant), message, ("tenants", position, "domains", index))


def _vault_prefixes(estate: "Estate") -> Iterator[Fault]:
    """Prefixes in a shared vault that begin with another tenant's; a vault without prefix is all of it."""
    owners = {
        (vault.name.lower(), vault.prefix or ""): tenant for tenant in estate.tenants for vault in tenant.key_vaults
    }
    for position, tenant in enumerate(estate.tenants):
        for index, vault in enumerate(tenant.key_vaults):
            prefix = vault.prefix or ""
            for length in range(len(prefix)):
                owner = owners.get((vault.name.lower(), prefix[:length]))
                if owner is not None and owner is not tenant:
                    whole = f"begins with '{prefix[:length]}'" if length else "is in the vault"
                    message = f"key vault prefix '{vault.name}/{prefix}' {whole} of {tenant_subject(owner)}"
                    yield Fault(UNIQUE, tenant_subject(tenant), message, ("tenants", position, "keyVaults", index))


def _mapped_twice(estate: "Estate") -> Iterator[Fault]:
    seen = set()
    for index, item in enumerate(estate.namespace_mapping.explicit):
        name = (item.cluster, item.namespace)
        if name in seen:
            subject = f"namespace {item.cluster}/{item.namespace}"
            yield Fault(UNIQUE, subject, "it is mapped explicitly twice", ("namespaceMapping", "explicit", index))
        seen.add(name)
