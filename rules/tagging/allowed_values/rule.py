import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

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
    folds = estate.tags.case_policy.values != "lower"
    for name, pattern, values, fitting in _allowed(estate):
        key, value = tag(resource, name, exactly)
        if not value or (pattern and re.fullmatch(pattern, value)):
            continue
        if (value.lower() if folds else value) not in fitting:
            yield resource.fail(f"tag '{key}' is '{value}'; {_expected(values, pattern)}", at=("tags", key))


@lru_cache(maxsize=8)
def _allowed(estate: Estate) -> tuple[tuple[str, str | None, frozenset[str], frozenset[str]], ...]:
    """Name of each tag, the pattern of its values, its values, and those in the case in which they are compared."""
    folds = estate.tags.case_policy.values != "lower"
    rows = []
    for name, allowed in sorted(estate.tags.allowed.items()):
        values = frozenset((*allowed.values, *allowed.extra, *_declared(allowed.ref, estate)))
        rows.append((name, allowed.pattern, values, frozenset(map(str.lower, values)) if folds else values))
    return tuple(rows)


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


def _expected(values: Set[str], pattern: str | None) -> str:
    listed = sorted(values)
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    wanted = [f"one of {', '.join(listed[:MOST_LISTED])}{more}"] if listed else []
    wanted += [f"what matches {pattern}"] if pattern else []
    return f"{' or '.join(wanted)} is expected"
