from collections.abc import Iterator
from fnmatch import fnmatchcase

from scanner import Estate, Inventory, Resource
from scanner.inventory import DECLARING
from scanner.model.resource import Fault
from scanner.model.types import RESOURCE_GROUP
from scanner.views import azure_ids, tag, text, why_untagged
from scanner.views.azure_links import at_hand

TAG = "managed-by"


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.origin.kind in DECLARING:
        yield resource.skip("it is a declaration")
        return
    reason = why_untagged(resource)
    if reason:
        yield resource.skip(reason)
        return
    own = text(resource.attributes.get("id")).lower()
    if inventory.declares(own) or any(fnmatchcase(own, glob.lower()) for glob in estate.unmanaged):
        return
    key, value = tag(resource, TAG)
    group = at_hand(inventory, azure_ids.resource_group(own), RESOURCE_GROUP)
    inherited = tag(group, TAG)[1] if group is not None else ""
    tools = estate.tags.allowed[TAG].values if TAG in estate.tags.allowed else ()
    if (value or inherited).lower() in map(str.lower, tools) or ((value or inherited) and not tools):
        return
    said = f"its tag '{key}' is '{value}'" if value else f"neither it nor its group has a tag '{TAG}'"
    message = (
        f"nothing declares it, and {said}; infrastructure as code is expected, or an entry in the estate's unmanaged"
    )
    yield resource.fail(message, ("tags", key) if key else ("tags",))
