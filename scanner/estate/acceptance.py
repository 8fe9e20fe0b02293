"""Which contradictions of an Estate its own exemptions accept, and consistency rules 10, 11 and 13 about that."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scanner.estate.build import plain
from scanner.estate.durations import parse_duration
from scanner.estate.fault import Fault
from scanner.estate.model import BLAST_RADII, HA_MODES, EstateExemption
from scanner.estate.references import tenant_subject
from scanner.model.path import Path
from scanner.views.quantities import parse_quantity

if TYPE_CHECKING:
    from scanner.estate.estate import Estate

EXEMPTIONS = 10
RESIDENCY = 11
OVERRIDES = 13

RESIDENCY_CONTROL = "GOV-001"
"""Rule that an exemption of rule 11 names: resources are in an allowed region."""
ESTATE_CONTROL = "GOV-014"
"""Rule that an exemption of rule 13 names: the Estate is consistent."""


def overlong(estate: "Estate", item: EstateExemption) -> bool:
    """Whether an exemption lasts longer from its approval than the Estate permits; such a one does nothing."""
    return (item.expires - item.approved).days > estate.exemptions.max_days


def accepted(estate: "Estate", rule: str, tenant: str, today: date) -> bool:
    """Whether an exemption that holds today names this rule and this tenant id."""
    return any(
        item.active(today)
        and not overlong(estate, item)
        and tenant in item.scope.get("tenant", ())
        and any(fnmatchcase(rule, glob) for glob in item.rules)
        for item in estate.exemptions.items
    )


def exemptions(estate: "Estate", today: date) -> Iterator[Fault]:
    """Yield exemptions that last too long (error) or have expired (warning: they do nothing any more) (rule 10)."""
    for index, item in enumerate(estate.exemptions.items):
        subject, path = f"exemption {item.id}", ("exemptions", "items", index, "expires")
        if item.expires < item.approved:
            message = f"it expires on {item.expires}, before its approval on {item.approved}"
            yield Fault(EXEMPTIONS, subject, message, path)
        elif overlong(estate, item):
            days, longest = (item.expires - item.approved).days, estate.exemptions.max_days
            message = f"it lasts {days} days from its approval; {longest} at most are permitted, so it is not applied"
            yield Fault(EXEMPTIONS, subject, message, path)
        elif not item.active(today):
            yield Fault(EXEMPTIONS, subject, f"it expired on {item.expires}; renew or remove it", path, warning=True)


def residency(estate: "Estate", today: date) -> Iterator[Fault]:
    """Yield tenants that may leave their residency zone without an exemption (rule 11)."""
    for index, tenant in enumerate(estate.tenants):
        zone = estate.regions.residency_zones.get(tenant.residency, ())
        outside = [region for region in tenant.allowed_regions if region not in zone]
        if outside and not accepted(estate, RESIDENCY_CONTROL, tenant.id, today):
            message = (
                f"allowed region {', '.join(outside)} is outside residency zone {tenant.residency}; "
                f"that needs an exemption of {RESIDENCY_CONTROL} that holds"
            )
            yield Fault(RESIDENCY, tenant_subject(tenant), message, ("tenants", index, "allowedRegions"))


def overrides(estate: "Estate", today: date) -> Iterator[Fault]:
    """Yield overrides that promise less than the tier without an exemption (rule 13)."""
    for index, tenant in enumerate(estate.tenants):
        if not tenant.overrides or accepted(estate, ESTATE_CONTROL, tenant.id, today):
            continue
        before = plain(estate.tiers[tenant.tier])
        for environment, override in tenant.overrides.items():
            at: Path = ("tenants", index, "overrides", environment)
            for key in _looser(estate, before, override):
                message = (
                    f"{environment}: {key} {_said(override[key])} promises less than tier {tenant.tier} "
                    f"({_said(before.get(key, False))}); an override may only be stricter"
                )
                yield Fault(OVERRIDES, tenant_subject(tenant), message, (*at, key))


def _looser(estate: "Estate", before: Mapping[str, Any], override: Mapping[str, Any]) -> Iterator[str]:
    for key, value in override.items():
        if key == "quota":
            ceilings = before["quota"]
            if any(
                name not in ceilings or parse_quantity(value[name]) > parse_quantity(ceilings[name]) for name in value
            ):
                yield key
            continue
        strictness = _STRICTNESS.get(key, int)
        if key == "backupClass":
            strictness = lambda name: estate.backup_classes.get(name, -1)  # noqa: E731 - one of a table of such
        if strictness(value) < strictness(before.get(key, False)):
            yield key


_STRICTNESS: Mapping[str, Callable[[Any], int]] = {
    "rpo": lambda value: -parse_duration(value),
    "rto": lambda value: -parse_duration(value),
    "restoreTestIntervalDays": lambda value: -value,
    "ha": HA_MODES.index,
    "blastRadius": BLAST_RADII.index,
}
"""Tier attribute → a number that is higher the stricter it is; for the others it is the number or flag itself."""


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {ceiling}" for name, ceiling in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
