import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.estate.durations import format_duration
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.model.unknown import Unknown, find_unknowns
from scanner.views import found, longest_gap_s, mapping, text

SCHEDULED, STORE = "postgresql.cnpg.io/ScheduledBackup", "barmancloud.cnpg.io/ObjectStore"
BARMAN = "barman-cloud.cloudnative-pg.io"
POLICY = re.compile(r"([1-9][0-9]*)([dwm])")
DAYS = {"d": 1, "w": 7, "m": 30}
DAY_S = 86_400
IN_CLUSTER: Path = ("spec", "backup")


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    yield from _archive(resource, inventory, estate)
    yield from _base_backups(resource, inventory)
    wanted = 3 if resource.tenancy.environment_class == "production" else 2
    instances = resource.value("spec", "instances", default=1)
    if isinstance(instances, int) and instances < wanted:
        yield resource.fail(f"instances is {instances}; {wanted} are required", ("spec", "instances"))


def _archive(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    """Whether the log goes somewhere, and stays there."""
    plugin = next(_archivers(resource), None)
    if plugin is None:
        at: Path = (*IN_CLUSTER, "barmanObjectStore", "destinationPath")
        if not text(resource.value(*at)):
            message = "no destinationPath of barmanObjectStore and no plugin archives the log; one of them is required"
            yield resource.fail(message, at)
            return
        yield from _retention(
            resource, resource.value(*IN_CLUSTER, "retentionPolicy"), estate, (*IN_CLUSTER, "retentionPolicy")
        )
        return
    at, item = plugin
    if item.get("name") != BARMAN:
        return
    name = text(mapping(item.get("parameters")).get("barmanObjectName"))
    store = inventory.get(STORE, resource.cluster, resource.namespace, name)
    at = (*at, "parameters", "barmanObjectName")
    if store is None:
        yield resource.unknown(f"ObjectStore '{name}' is not at hand, so where the log goes is not known", at)
        return
    destination = store.value("spec", "configuration", "destinationPath")
    if isinstance(destination, Unknown):
        yield resource.unknown(f"where ObjectStore '{name}' keeps the log is not known: {destination.reason}", at)
    elif not text(destination):
        yield resource.fail(f"ObjectStore '{name}' has no destinationPath; one is required", at)
    yield from _retention(resource, store.value("spec", "retentionPolicy"), estate, at)


def _archivers(resource: Resource) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for at, value in found(resource, "spec.plugins[*]"):
        item = mapping(value)
        if item.get("isWALArchiver") is True and item.get("enabled") is not False:
            yield at, item


def _retention(resource: Resource, policy: Any, estate: Estate, at: Path) -> Iterator[Fault]:
    tier = estate.tier_for(resource.tenancy)
    if isinstance(policy, Unknown):
        yield resource.unknown(f"how long the log is kept is not known: {policy.reason}", at)
    elif tier is None and resource.tenancy.standing is Standing.UNMAPPED:
        yield resource.unknown(f"its tier is not known: {resource.tenancy.reason}", at)
    else:
        match = POLICY.fullmatch(text(policy))
        days = int(match[1]) * DAYS[match[2]] if match else 0
        if tier is not None and days < tier.pitr_retention_days:
            wanted = f"{tier.pitr_retention_days}d is required by tier {tier.name}"
        elif not days:
            wanted = "one such as 30d is required"
        else:
            return
        yield resource.fail(f"retentionPolicy is {repr(policy) if text(policy) else 'not set'}; {wanted}", at)


def _base_backups(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    backups = inventory.grouped(_of_cluster, SCHEDULED).get((resource.cluster, resource.namespace, resource.name), ())
    reasons: list[str] = []
    unclear = None
    for backup in backups:
        spec = mapping(backup.attributes.get("spec"))
        if next(find_unknowns(spec), None) is not None:
            unclear = backup
            continue
        reason = _why_not(spec)
        if not reason:
            return
        reasons.append(f"{backup.title} {reason}")
    if unclear is not None:
        yield resource.unknown(f"{unclear.title} may make base backups, but not all of it is known", IN_CLUSTER)
        return
    said = reasons[0] if reasons else "no ScheduledBackup names it"
    related = [(backup, ("spec", "schedule"), "it names the cluster") for backup in backups]
    yield resource.fail(f"{said}; a base backup every day is required", IN_CLUSTER, related)


def _of_cluster(backup: Resource) -> Iterator[Hashable]:
    yield backup.cluster, backup.namespace, text(backup.value("spec", "cluster", "name"))


def _why_not(spec: Mapping[str, Any]) -> str:
    if spec.get("suspend") is True:
        return "is suspended"
    try:
        gap = longest_gap_s(text(spec.get("schedule")), seconds=True)
    except ValueError as error:
        return f"never runs: {error}"
    return f"runs up to {format_duration(gap)} apart" if gap > DAY_S else ""
