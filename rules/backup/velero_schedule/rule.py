from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.estate.durations import format_duration
from scanner.estate.model import Tier
from scanner.model.resource import Fault
from scanner.model.unknown import find_unknowns
from scanner.views import listed, longest_gap_s, mapping, parse_go_duration, text, velero

SCHEDULE, CLAIM = "velero.io/Schedule", "core/PersistentVolumeClaim"
AT = ("metadata", "name")
DAY_S = 86_400


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    cluster = estate.cluster(resource.cluster)
    backup = cluster.backup if cluster else None
    tier = estate.tier_for(resource.tenancy)
    if resource.tenancy.environment_class is None or tier is None:
        yield resource.unknown(f"its environment is not known: {resource.tenancy.reason}", AT)
    elif resource.tenancy.environment_class != "production":
        yield resource.skip("only environments of class production have to be covered")
    elif backup is not None and backup.engine != "velero":
        yield resource.skip(f"its cluster is backed up by {backup.engine}")
    else:
        home = backup.namespace if backup and backup.namespace else "velero"
        yield from _uncovered(resource, _schedules(resource, inventory, home), inventory, tier)


def _uncovered(resource: Resource, schedules: list[Resource], inventory: Inventory, tier: Tier) -> Iterator[Fault]:
    objects = [resource.labels, *(claim.labels for claim in inventory.of_type(CLAIM, resource.cluster, resource.name))]
    wanted = f"one that runs every {format_duration(tier.rpo_s)} or more often is required by tier {tier.name}"
    nearest: tuple[Resource, list[str]] | None = None
    for schedule in schedules:
        spec = mapping(schedule.attributes.get("spec"))
        unknown = next(find_unknowns(spec), None)
        found = [] if unknown is not None else list(_complaints(spec, objects, tier))
        if unknown is None and not found:
            return
        if nearest is None or len(found) < len(nearest[1]):
            nearest = schedule, found
    if nearest is None:
        yield resource.fail(f"namespace '{resource.name}' is in no Velero Schedule; {wanted}", AT)
    elif not nearest[1]:
        yield resource.unknown(f"{nearest[0].title} may cover it, but not all of it is known", AT)
    else:
        schedule, found = nearest
        message = f"{schedule.title} includes namespace '{resource.name}' but {listed(found, len(found))}; {wanted}"
        yield resource.fail(message, AT, [(schedule, ("spec", "schedule"), "the nearest Schedule")])


def _schedules(resource: Resource, inventory: Inventory, home: str) -> list[Resource]:
    """The Schedules that name the namespace."""
    index = inventory.grouped(_included, SCHEDULE)
    found = {
        schedule.key: schedule
        for name in (resource.name, velero.ALL)
        for schedule in index.get((resource.cluster, name), ())
        if schedule.namespace in ("", home) and velero.names(_template(schedule), resource.name)
    }
    return list(found.values())


def _included(schedule: Resource) -> Iterator[Hashable]:
    for name in dict.fromkeys(velero.namespaces_of(_template(schedule))):
        yield schedule.cluster, name


def _template(schedule: Resource) -> Mapping[str, Any]:
    return mapping(schedule.value("spec", "template"))


def _complaints(spec: Mapping[str, Any], objects: list[Mapping[str, str]], tier: Tier) -> Iterator[str]:
    template = mapping(spec.get("template"))
    partial = velero.why_partial(template, objects)
    if partial:
        yield partial
    if spec.get("paused") is True:
        yield "is paused"
    try:
        gap = longest_gap_s(text(spec.get("schedule")))
    except ValueError as error:
        yield f"never runs: {error}"
    else:
        if gap > tier.rpo_s:
            yield f"runs up to {format_duration(gap)} apart"
    days = tier.long_term_retention_days
    try:
        kept = parse_go_duration(velero.ttl_of(template))
    except ValueError as error:
        yield f"has no usable ttl: {error}"
    else:
        if kept < days * DAY_S:
            yield f"keeps backups for {format_duration(int(kept))}, not {days} d"
    if not velero.copies_volumes(template):
        yield "copies no volumes"
