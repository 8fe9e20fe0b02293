from collections.abc import Iterator

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.model.types import RESOURCE_GROUP
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, tag, why_untagged
from scanner.views.azure_links import at_hand

SHARED = ("platform", "shared")
"""Values of the tenant tag for what belongs to no single tenant, where the Estate states no others."""


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    reason = why_untagged(resource, estate.tags.exempt_types)
    if reason:
        yield resource.skip(reason)
        return
    yield from _tier(resource, estate)
    group = _group(resource, inventory)
    if group is not None and _is_unclear(group):
        yield resource.unknown("the tags of its resource group are not known", ("tags",))
        return
    yield from _tenant(resource, group, estate)
    yield from _environment(resource, group, estate)


def _is_unclear(group: Resource) -> bool:
    """Whether it is not known whose a resource group is, or for which environment."""
    tags = group.attributes.get("tags")
    if isinstance(tags, Unknown):
        return True
    deciding = ("tenant", "environment")
    return any(isinstance(value, Unknown) and key.lower() in deciding for key, value in group.labels.items())


def _tier(resource: Resource, estate: Estate) -> Iterator[Fault]:
    """The tier of a tenant is in its contract; a tag can only repeat it."""
    key, value = tag(resource, "service-tier")
    tenant = estate.tenant(_said(resource, "tenant"))
    if tenant is not None and value and value.lower() != tenant.tier.lower():
        yield resource.fail(f"tag '{key}' is '{value}'; tenant {tenant.id} has tier {tenant.tier}", ("tags", key))


def _tenant(resource: Resource, group: Resource | None, estate: Estate) -> Iterator[Fault]:
    key, value = tag(resource, "tenant")
    if not value:
        return
    owner = _said(group, "tenant") if group is not None else ""
    what = f"resource group '{group.name}'" if group is not None else ""
    if not owner:
        subscription = estate.subscription(_subscription(resource))
        owner = subscription.tenant or "" if subscription else ""
        what = f"subscription {subscription.name}" if subscription else ""
    if owner and owner.lower() not in _shared(estate) and _same(value, estate) != _same(owner, estate):
        related = [(group, ("tags",), "its resource group")] if group is not None else []
        yield resource.fail(f"tag '{key}' is '{value}', but {what} belongs to '{owner}'", ("tags", key), related)


def _environment(resource: Resource, group: Resource | None, estate: Estate) -> Iterator[Fault]:
    key, value = tag(resource, "environment")
    if not value:
        return
    stated = _said(group, "environment") if group is not None else ""
    subscription = estate.subscription(_subscription(resource))
    is_shared = group is not None and _said(group, "tenant").lower() in _shared(estate)
    if group is not None and stated and not is_shared and stated.lower() != value.lower():
        message = f"tag '{key}' is '{value}', but resource group '{group.name}' is of '{stated}'"
        yield resource.fail(message, ("tags", key), [(group, ("tags",), "its resource group")])
    elif subscription is not None and value.lower() not in map(str.lower, subscription.environments):
        held = " and ".join(subscription.environments)
        yield resource.fail(
            f"tag '{key}' is '{value}', but subscription {subscription.name} is for {held}", ("tags", key)
        )


def _group(resource: Resource, inventory: Inventory) -> Resource | None:
    if resource.type == RESOURCE_GROUP:
        return None
    own = azure_ids.resource_group(str(resource.attributes.get("id", "")))
    return at_hand(inventory, own, RESOURCE_GROUP) if own else None


def _subscription(resource: Resource) -> str:
    return azure_ids.subscription(str(resource.attributes.get("id", ""))).rpartition("/")[2]


def _said(resource: Resource, name: str) -> str:
    return tag(resource, name)[1]


def _shared(estate: Estate) -> tuple[str, ...]:
    allowed = estate.tags.allowed.get("tenant")
    return tuple(one.lower() for one in allowed.extra) if allowed and allowed.extra else SHARED


def _same(value: str, estate: Estate) -> str:
    """A tenant may be named by its id or its name."""
    tenant = estate.tenant(value.lower()) or estate.tenant(value)
    return tenant.id.lower() if tenant else value.lower()
