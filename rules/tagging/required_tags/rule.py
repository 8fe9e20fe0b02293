from collections.abc import Iterator

from scanner import Estate, Resource
from scanner.model.resource import Fault
from scanner.views import tag, why_untagged


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    reason = why_untagged(resource, estate.tags.exempt_types)
    if reason:
        yield resource.skip(reason)
        return
    exactly = estate.tags.case_policy.keys == "sensitive"
    missing = [name for name in estate.tags.required if not tag(resource, name, exactly)[1]]
    if missing:
        listed = ", ".join(f"'{name}'" for name in missing)
        verb, noun = ("is", "tag") if len(missing) == 1 else ("are", "tags")
        yield resource.fail(f"{noun} {listed} {verb} missing or empty; the estate requires them", at=("tags",))
