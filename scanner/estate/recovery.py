"""Consistency rules 4, 5 and 6: whether what the tiers promise about recovery is possible where the data may live."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from scanner.estate.acceptance import accepted
from scanner.estate.durations import format_duration
from scanner.estate.fault import Fault
from scanner.estate.model import Tenant, Tier
from scanner.estate.namespaces import clusters_of
from scanner.estate.references import tenant_subject
from scanner.model.path import Path

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

PAIRED = 4
DR_TARGET = 5
RPO = 6

REPLICATION_CONTROL = "GOV-002"
"""Rule that an exemption of rule 4 or 5 names: replicas stay in the residency boundary."""
PITR_S = 300
"""Work that point-in-time recovery of a managed PostgreSQL may lose. Source: Azure Database for PostgreSQL, backup."""
SHORT_RPO_S = 900
"""Below this rpo backups on a schedule no longer do."""


def geo_redundancy(estate: "Estate", today: date) -> Iterator[Fault]:
    """Yield tenants whose geo-redundant copies would leave their allowed regions (rule 4)."""
    for index, tenant in enumerate(estate.tenants):
        geo = [name for name in tenant.environments if _is_geo_redundant(estate.tier_of(tenant, name))]
        for region in _leaving(estate, tenant, geo, estate.regions.paired):
            paired = estate.regions.paired.get(region)
            whither = f"would replicate to {paired}, which is not among" if paired else "has no paired region in"
            message = f"residency {tenant.residency}: a geo-redundant copy of {region} {whither} its allowed regions"
            if not accepted(estate, REPLICATION_CONTROL, tenant.id, today):
                yield Fault(PAIRED, tenant_subject(tenant), message, _region_path(tenant, index))


def dr_targets(estate: "Estate", today: date) -> Iterator[Fault]:
    """Yield tenants that need a replica in another region and have none they may use (rule 5)."""
    for index, tenant in enumerate(estate.tenants):
        cross = [name for name in tenant.environments if estate.tier_of(tenant, name).cross_region]
        for region in _leaving(estate, tenant, cross, estate.regions.dr_target):
            target = estate.regions.dr_target.get(region)
            message = f"regions.drTarget names none for {region}"
            if target is not None:
                message = f"the drTarget of {region} is {target}, which is not among its allowed regions"
            if target is None or not accepted(estate, REPLICATION_CONTROL, tenant.id, today):
                yield Fault(DR_TARGET, tenant_subject(tenant), f"crossRegion: {message}", _region_path(tenant, index))


def rpo(estate: "Estate") -> Iterator[Fault]:
    """Yield contracts whose rpo nothing declared can keep (rule 6)."""
    for name, tier in estate.tiers.items():
        for message, warning in _unachievable(tier):
            yield Fault(RPO, f"tier {name}", message, ("tiers", name, "rpo"), warning)
    for index, tenant in enumerate(estate.tenants):
        subject, at = tenant_subject(tenant), ("tenants", index)
        for environment in tenant.overrides:
            if "rpo" in tenant.overrides[environment]:
                path = (*at, "overrides", environment, "rpo")
                for message, warning in _unachievable(estate.tier_of(tenant, environment)):
                    yield Fault(RPO, subject, f"{environment}: {message}", path, warning)
        yield from _queue(estate, tenant, at)


def _is_geo_redundant(tier: Tier) -> bool:
    return tier.geo_redundant_backup or tier.geo_redundant_storage


def _leaving(
    estate: "Estate", tenant: Tenant, environments: list[str], targets: Mapping[str, str | None]
) -> Iterator[str]:
    """Regions of the tenant's data, in these environments, whose target is not one of its allowed regions.

    Its data lives where its clusters are, as far as it may. Where none of its clusters is in an allowed region (another
    rule's finding) any allowed region would do, so only their all being wrong counts.
    """
    allowed = estate.allowed_regions(tenant)
    regions = {cluster.region for name in environments for cluster in clusters_of(estate, tenant, name)}
    living = [region for region in allowed if region in regions]
    leaving = [region for region in living or allowed if targets.get(region) not in allowed]
    if living:
        yield from leaving
    elif environments and len(leaving) == len(allowed):
        yield from leaving[:1]


def _region_path(tenant: Tenant, index: int) -> Path:
    return ("tenants", index, "allowedRegions" if tenant.allowed_regions else "residency")


def _unachievable(tier: Tier) -> Iterator[tuple[str, bool]]:
    """Messages about one contract, and whether each is only a warning."""
    if tier.rpo_s < PITR_S and not tier.cross_region:
        text = format_duration(tier.rpo_s)
        yield f"rpo of {text} is shorter than the {format_duration(PITR_S)} that point-in-time recovery can keep", False
    if tier.rpo_s < SHORT_RPO_S and not (tier.geo_redundant_storage or tier.cross_region):
        yield f"rpo of {format_duration(tier.rpo_s)} needs replication of files; geoRedundantStorage is false", True


def _queue(estate: "Estate", tenant: Tenant, at: Path) -> Iterator[Fault]:
    """A queue is lost with its Redis: nothing restores it to a point in time."""
    redis = tenant.data.redis
    if redis is None or redis.role != "queue":
        return
    for environment in tenant.environments:
        tier = estate.tier_of(tenant, environment)
        if tier.rpo_s < SHORT_RPO_S and not tier.cross_region:
            message = f"{environment}: rpo of {format_duration(tier.rpo_s)} needs replication of its queue in Redis"
            yield Fault(RPO, tenant_subject(tenant), message, (*at, "data", "redis", "role"), warning=True)
