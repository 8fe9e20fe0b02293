import re
from collections.abc import Iterable, Iterator

from scanner import Estate, Resource
from scanner.model.resource import Fault
from scanner.views import tag, why_untagged

MOST_LISTED = 8


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    reason = why_untagged(resource, estate.tags.exempt_types)
    if reason:
        yield resource.skip(reason)
        return
    exactly = estate.tags.case_policy.keys == "sensitive"
    for name, allowed in sorted(estate.tags.allowed.items()):
        key, value = tag(resource, name, exactly)
        if not value or (allowed.pattern and re.fullmatch(allowed.pattern, value)):
            continue
        values = {*allowed.values, *allowed.extra, *_declared(allowed.ref, estate)}
        fits = value in values if estate.tags.case_policy.values == "lower" else value.lower() in _folded(values)
        if not fits:
            expected = _expected(values, allowed.pattern)
            yield resource.fail(f"tag '{key}' is '{value}'; {expected}", at=("tags", key))


def _declared(reference: str | None, estate: Estate) -> Iterable[str]:
    """The names that a section of the estate declares."""
    match reference:
        case "environments":
            return estate.environments
        case "tenants":
            return [tenant.id for tenant in estate.tenants]
        case "tiers":
            return estate.tiers
        case "backupClasses":
            return estate.backup_classes
        case _:
            return ()


def _folded(values: Iterable[str]) -> set[str]:
    return {value.lower() for value in values}


def _expected(values: set[str], pattern: str | None) -> str:
    listed = sorted(values)
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    wanted = [f"one of {', '.join(listed[:MOST_LISTED])}{more}"] if listed else []
    wanted += [f"what matches {pattern}"] if pattern else []
    return f"{' or '.join(wanted)} is expected"
