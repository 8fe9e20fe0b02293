"""Tags of Azure resources: which have any, and one tag whatever the case of its name."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from scanner.model.resource import Resource
from scanner.model.types import RESOURCE_GROUP

UNTAGGED = frozenset(
    (
        "microsoft.authorization/policyassignments",
        "microsoft.dataprotection/backupvaults/backupinstances",
        "microsoft.recoveryservices/vaults/backuppolicies",
        "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems",
        "microsoft.resources/deployments",
    )
)
"""Types that may have a location and yet no tags. Source: "Tag support for Azure resources"."""


def why_untagged(resource: Resource, exempt: Iterable[str] = ()) -> str:
    """Return why ``resource`` carries no tags, or ``""``; ``exempt`` are types or globs of them, in lower case.

    What Azure tracks has a location and can be tagged; what is part of something else has neither.
    """
    type_ = resource.type.lower()
    if _is_exempt(type_, tuple(exempt)):
        return "the estate exempts its type from tags"
    if type_ in UNTAGGED or (resource.type != RESOURCE_GROUP and not resource.attributes.get("location")):
        return "it is part of another resource and carries no tags"
    return ""


def tag(resource: Resource, name: str, exactly: bool = False) -> tuple[str, str]:
    """Return the name as it is written and the value of a tag; empty texts where there is none.

    Azure compares names of tags without case, unless ``exactly`` is asked for.
    """
    tags = resource.labels
    if name in tags or exactly:
        return (name, str(tags[name])) if tags.get(name) else ("", "")
    folded = name.lower()
    key = next((key for key in tags if key.lower() == folded), "")
    return (key, str(tags[key])) if key and tags[key] else ("", "")


@lru_cache(maxsize=1024)
def _is_exempt(type_: str, exempt: tuple[str, ...]) -> bool:
    return any(fnmatchcase(type_, pattern.lower()) for pattern in exempt)
