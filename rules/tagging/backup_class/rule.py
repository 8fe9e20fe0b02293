from collections.abc import Iterator

from scanner import Estate, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.model.types import is_azure
from scanner.views import tag, text

NAME = "backup-class"


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    tier = estate.tier_for(resource.tenancy)
    if tier is None and resource.tenancy.standing is Standing.UNMAPPED:
        yield resource.unknown(f"its tier is not known: {resource.tenancy.reason}", _labels_of(resource))
        return
    if tier is None and not is_azure(resource.type):
        yield resource.skip("what is the platform's in a cluster has no tier")
        return
    key, value = _stated(resource, estate)
    at = (*_labels_of(resource), key or NAME)
    wanted = (
        f"'{tier.backup_class}' or stricter is required by tier {tier.name}" if tier else "a declared one is required"
    )
    if not value:
        yield resource.fail(f"{_word(resource)} '{NAME}' is missing or empty; {wanted}", at)
        return
    ordinals = estate.backup_classes
    if value not in ordinals:
        yield resource.fail(f"{_word(resource)} '{key}' is '{value}', which is no declared backup class; {wanted}", at)
    elif tier is not None and ordinals[value] < ordinals[tier.backup_class]:
        yield resource.fail(f"{_word(resource)} '{key}' is '{value}'; {wanted}", at)


def _stated(resource: Resource, estate: Estate) -> tuple[str, str]:
    """The name as it is written, and the value as the estate writes it."""
    if not is_azure(resource.type):
        return NAME, text(resource.labels.get(NAME))
    key, value = tag(resource, NAME, estate.tags.case_policy.keys == "sensitive")
    return key, value if estate.tags.case_policy.values == "lower" else value.lower()


def _labels_of(resource: Resource) -> Path:
    return ("tags",) if is_azure(resource.type) else ("metadata", "labels")


def _word(resource: Resource) -> str:
    return "tag" if is_azure(resource.type) else "label"
