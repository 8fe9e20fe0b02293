"""The Estate, a tenant and contradictions as text for a person; pure functions, the command line prints them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from scanner.estate.durations import format_duration, parse_duration
from scanner.estate.effective import Effective
from scanner.estate.fault import Inconsistency
from scanner.estate.model import Tenant, Tier

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

_INDENT = "  "
_DIGEST_SHOWN = len("sha256:") + 12
_ABSENT = "-"

_TIER_ROWS: Mapping[str, str] = {
    "rpo": "rpo",
    "rto": "rto",
    "backup_class": "backup class",
    "pitr_retention_days": "point-in-time recovery, days",
    "long_term_retention_days": "long-term backups, days",
    "restore_test_interval_days": "restore test every, days",
    "min_replicas": "replicas, at least",
    "ha": "database availability",
    "zone_redundant": "zone redundant",
    "geo_redundant_backup": "geo-redundant backup",
    "geo_redundant_storage": "geo-redundant storage",
    "cross_region": "replica in another region",
    "immutable": "immutable backups",
    "immutable_locked": "immutability locked",
    "cmk": "customer's own key",
    "blast_radius": "blast radius",
}
"""Field of a Tier → what a person reads."""


def render_estate(estate: "Estate") -> str:
    """Return the whole Estate on a page: who keeps it, tenants, clusters, subscriptions, tiers and environments."""
    metadata = estate.metadata
    lines = [
        f"{metadata.name}, revision {metadata.revision}, kept by {metadata.owner} ({metadata.contact})",
        f"{estate.digest[:_DIGEST_SHOWN]}",
    ]
    lines += _section(f"{len(estate.tenants)} tenants", _tenant_rows(estate))
    lines += _section(f"{len(estate.clusters)} clusters", _cluster_rows(estate))
    lines += _section(f"{len(estate.subscriptions)} subscriptions", _subscription_rows(estate))
    if estate.management_groups:
        number = _count(len(estate.management_groups), "management group")
        lines += _section(number, [("name",), *((name,) for name in estate.management_groups)])
    lines += _section(f"{len(estate.tiers)} tiers", _tier_rows(list(estate.tiers), list(estate.tiers.values())))
    lines += _section(f"{len(estate.environments)} environments", _environment_rows(estate))
    return "\n".join(lines)


def render_tenant(estate: "Estate", tenant: Tenant) -> str:
    """Return everything the Estate promises one tenant: its facts, and its contract in every environment.

    What an override changed is marked with ``*``.
    """
    lines = [f"{tenant.id} {tenant.name}, {tenant.hosting}, tier {tenant.tier}", ""]
    lines += _aligned(_fact_rows(estate, tenant))
    records = [record for name in tenant.environments if (record := estate.effective(tenant.id, name)) is not None]
    for record in records:
        lines += _section(f"{record.environment} ({record.environment_class})", _record_rows(record))
    title = "contract" + (", * where an override changed it" if tenant.overrides else "")
    names, tiers = [record.environment for record in records], [record.tier for record in records]
    lines += _section(title, _tier_rows(names, tiers, estate.tiers[tenant.tier]))
    return "\n".join(lines)


def render_inconsistencies(estate: "Estate", found: Sequence[Inconsistency]) -> str:
    """Return the contradictions with their places, and a last line that sums up."""
    lines = []
    for one in found:
        place = f"{one.file}:{one.line}:{one.column}" if one.line is not None else one.file
        kind = "warning" if one.warning else "error"
        lines += [f"{place}: {kind}: {one.subject}: {one.message} (rule {one.rule})"]
    warnings = sum(one.warning for one in found)
    errors = len(found) - warnings
    size = f"{_count(len(estate.tenants), 'tenant')}, {_count(len(estate.clusters), 'cluster')}, "
    size += _count(len(estate.subscriptions), "subscription")
    verdict = _count(errors, "error") if errors else "consistent"
    verdict += f", {_count(warnings, 'warning')}" if warnings else ""
    return "\n".join([*lines, *([""] if lines else []), f"{estate.metadata.name}: {verdict} ({size})"])


def _tenant_rows(estate: "Estate") -> Iterator[Sequence[str]]:
    yield "id", "name", "hosting", "tier", "isolation", "residency", "environments"
    for tenant in estate.tenants:
        residency = tenant.residency
        if tenant.allowed_regions:
            residency += f" ({', '.join(tenant.allowed_regions)})"
        environments = ", ".join(name + ("*" if name in tenant.overrides else "") for name in tenant.environments)
        yield tenant.id, tenant.name, tenant.hosting, tenant.tier, tenant.isolation, residency, environments


def _cluster_rows(estate: "Estate") -> Iterator[Sequence[str]]:
    yield "name", "region", "declared namespaces", "environments"
    for cluster in estate.clusters:
        number = sum(name.cluster == cluster.name for name in estate.namespaces)
        yield cluster.name, cluster.region, str(number), ", ".join(cluster.environments)


def _subscription_rows(estate: "Estate") -> Iterator[Sequence[str]]:
    yield "name", "id", "hosting", "environments"
    for item in estate.subscriptions:
        yield item.name, item.id, ", ".join(item.hosting), ", ".join(item.environments)


def _environment_rows(estate: "Estate") -> Iterator[Sequence[str]]:
    yield "name", "class", "approvals"
    for name, environment in estate.environments.items():
        yield name, environment.class_, str(environment.approvals)


def _tier_rows(names: Sequence[str], tiers: Sequence[Tier], base: Tier | None = None) -> Iterator[Sequence[str]]:
    """A column per name; values that differ from ``base`` are marked."""
    yield "", *names
    for field, title in _TIER_ROWS.items():
        values = [_said(getattr(tier, field), field) for tier in tiers]
        usual = _said(getattr(base, field), field) if base is not None else None
        yield title, *(text + ("*" if base is not None and text != usual else "") for text in values)
    for name in dict.fromkeys(name for tier in tiers for name in tier.quota):
        ceilings = [tier.quota.get(name, _ABSENT) for tier in tiers]
        usual = base.quota.get(name, _ABSENT) if base is not None else None
        yield f"quota {name}", *(text + ("*" if base is not None and text != usual else "") for text in ceilings)


def _fact_rows(estate: "Estate", tenant: Tenant) -> Iterator[Sequence[str]]:
    database, redis, storage = tenant.data
    yield "owner", f"{tenant.owner}, {tenant.cost_center}"
    yield "data", f"{tenant.data_classification}, residency {tenant.residency}"
    yield "allowed regions", ", ".join(estate.allowed_regions(tenant))
    yield "isolation", tenant.isolation + (f", {tenant.node_pool.name}" if tenant.node_pool else "")
    yield "domains", ", ".join(tenant.domains) or _ABSENT
    if database is not None:
        yield "PostgreSQL", f"{database.model} {'/'.join(filter(None, (database.server, database.database)))}"
    if redis is not None:
        yield "Redis", f"{redis.model} {' '.join(filter(None, (redis.instance, redis.key_prefix)))}"
    if storage is not None:
        yield "storage", f"{storage.account}/{storage.container}"
    vaults = (f"{vault.name}/{vault.prefix}*" if vault.prefix else vault.name for vault in tenant.key_vaults)
    yield "key vaults", ", ".join(vaults) or _ABSENT
    for item in estate.exemptions.items:
        if tenant.id in item.scope.get("tenant", ()):
            yield "exemption", f"{item.id}: {', '.join(item.rules)} until {item.expires}, {item.ticket}"


def _record_rows(record: Effective) -> Iterator[Sequence[str]]:
    namespaces = (f"{name.cluster}/{name.namespace}" for name in record.namespaces)
    yield "namespaces", ", ".join(namespaces) or _ABSENT
    yield (
        "registries",
        ", ".join(registry.prefix for registry in record.registries if not registry.namespaces) or _ABSENT,
    )


def _section(title: str, rows: Iterable[Sequence[str]]) -> list[str]:
    return ["", title, *(_INDENT + line for line in _aligned(rows))]


def _aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of cells as lines whose columns start at the same place."""
    listed = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in listed]


def _said(value: object, field: str) -> str:
    if field in ("rpo", "rto"):
        return format_duration(parse_duration(str(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
