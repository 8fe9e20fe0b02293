from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.estate.durations import format_duration
from scanner.estate.model import Tier
from scanner.inventory import NAMESPACE
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import mapping, text, velero

BACKUP, CLAIM = "velero.io/Backup", "core/PersistentVolumeClaim"
SERVER = "Microsoft.DBforPostgreSQL/flexibleServers"
INSTANCE = "Microsoft.DataProtection/backupVaults/backupInstances"
SOURCES = ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks", "Microsoft.Storage/storageAccounts", SERVER)
COMPLETED = "completed"
SKEW = timedelta(minutes=5)


def check(resource: Resource, inventory: Inventory, estate: Estate, now: datetime) -> Iterator[Fault]:
    if resource.type == NAMESPACE:
        yield from _namespace(resource, inventory, estate, now)
    elif resource.type == SERVER:
        yield from _server(resource)
    elif resource.type == INSTANCE:
        state = text(resource.value("properties", "currentProtectionState"))
        if state.lower() != "protectionconfigured":
            message = f"currentProtectionState is '{state or 'not set'}'; ProtectionConfigured is required"
            yield resource.fail(message, ("properties", "currentProtectionState"))
    else:
        yield from _item(resource, inventory, estate, now)


def _namespace(resource: Resource, inventory: Inventory, estate: Estate, now: datetime) -> Iterator[Fault]:
    at: Path = ("metadata", "name")
    cluster, tier = estate.cluster(resource.cluster), estate.tier_for(resource.tenancy)
    backup = cluster.backup if cluster else None
    if resource.tenancy.environment_class != "production" or tier is None:
        yield resource.skip("only tenants' namespaces of class production have an rpo to keep")
    elif backup is not None and backup.engine != "velero":
        yield resource.skip(f"its cluster is backed up by {backup.engine}")
    else:
        backups = list(_backups(resource, inventory))
        times = [moment for one in backups if (moment := _time(one.value("status", "completionTimestamp")))]
        if times:
            yield from _stale(resource, max(times), tier, now, at)
        else:
            message = f"namespace '{resource.name}' has no completed Velero backup"
            yield resource.fail(f"{message}; one within {_rpo(tier)} is required", at)


def _backups(resource: Resource, inventory: Inventory) -> Iterator[Resource]:
    """The completed Backups that took all of the namespace."""
    claims = inventory.of_type(CLAIM, resource.cluster, resource.name)
    objects = [resource.labels, *(claim.labels for claim in claims)]
    index = inventory.grouped(_included, BACKUP)
    for name in (resource.name, velero.ALL):
        for one in index.get((resource.cluster, name), ()):
            spec = mapping(one.attributes.get("spec"))
            if velero.names(spec, resource.name) and not velero.why_partial(spec, objects):
                yield one


def _included(backup: Resource) -> Iterator[Hashable]:
    if text(backup.value("status", "phase")).lower() == COMPLETED:
        for name in dict.fromkeys(velero.namespaces_of(mapping(backup.attributes.get("spec")))):
            yield backup.cluster, name


def _item(resource: Resource, inventory: Inventory, estate: Estate, now: datetime) -> Iterator[Fault]:
    at: Path = ("properties", "lastBackupStatus")
    status = text(resource.value(*at))
    if status.lower() != COMPLETED:
        yield resource.fail(f"lastBackupStatus is '{status or 'not set'}'; Completed is required", at)
        return
    at = ("properties", "lastBackupTime")
    moment = _time(resource.value(*at))
    source = text(resource.value("properties", "sourceResourceId")).lower()
    found = inventory.grouped(_id, *SOURCES).get(source, ())
    owner = (found[0] if found else resource).tenancy
    tier = estate.tier_for(owner)
    if moment is None:
        yield resource.fail("lastBackupTime is not set; a backup within the rpo is required", at)
    elif tier is None and owner.standing is Standing.PLATFORM:
        yield resource.skip("what is the platform's own has no tier, and so no rpo")
    elif tier is None:
        yield resource.unknown("its rpo is not known: neither what is backed up nor its group names a tier", at)
    else:
        yield from _stale(resource, moment, tier, now, at)


def _server(resource: Resource) -> Iterator[Fault]:
    properties: Mapping[str, Any] = mapping(resource.attributes.get("properties"))
    roles = (text(properties.get("replicationRole")), text(properties.get("createMode")))
    if any("replica" in role.lower() for role in roles):
        yield resource.skip("a replica has no backups of its own")
    elif _time(mapping(properties.get("backup")).get("earliestRestoreDate")) is None:
        message = "backup.earliestRestoreDate is not set; a server without a point to be restored to has no backup"
        yield resource.fail(message, ("properties", "backup", "earliestRestoreDate"))


def _stale(resource: Resource, moment: datetime, tier: Tier, now: datetime, at: Path) -> Iterator[Fault]:
    if moment - now > SKEW:
        said = f"the last backup is of {_said(moment)}, ahead of the run's clock, {_said(now)}"
        yield resource.unknown(f"its age is not known: {said}", at)
    elif now - moment > timedelta(seconds=tier.rpo_s):
        age = format_duration(int((now - moment).total_seconds()) // 60 * 60)
        message = f"the last good backup is of {_said(moment)}, {age} ago"
        yield resource.fail(f"{message}; {_rpo(tier)} is the most for tier {tier.name}", at)


def _id(resource: Resource) -> Iterator[Hashable]:
    yield text(resource.value("id")).lower()


def _time(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _rpo(tier: Tier) -> str:
    return format_duration(tier.rpo_s)
