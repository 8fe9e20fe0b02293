from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache

from scanner import Estate, Inventory, Resource
from scanner.estate.model import Tenant
from scanner.model.resource import Fault
from scanner.model.types import RESOURCE_GROUP
from scanner.views import azure_ids, tag
from scanner.views.azure_links import at_hand

POSTGRESQL = "Microsoft.DBforPostgreSQL/flexibleServers"
REDIS = "Microsoft.Cache/redis"
STORAGE = "Microsoft.Storage/storageAccounts"
SERVICES = {POSTGRESQL: "PostgreSQL server", REDIS: "Redis cache", STORAGE: "storage account"}


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if resource.type == RESOURCE_GROUP:
        yield from _group(resource, inventory, estate)
        return
    owner = _declared_for(resource, estate)
    if owner is not None and resource.tenancy.tenant != owner.id:
        whose = f"tenant {owner.id} ({owner.name})"
        said = tag(resource, "tenant")[1]
        stated = f"its tag tenant is '{said}'" if said else "its tags name no tenant"
        yield resource.fail(
            f"the estate declares it as the own {SERVICES[resource.type]} of {whose}, but {stated}", ("tags",)
        )
    elif resource.tenancy.hosting != "dedicated":
        yield resource.skip("it is of no dedicated tenant")
    else:
        yield from _placed(resource, owner is not None, inventory, estate)


def _placed(resource: Resource, is_declared: bool, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    """What is a tenant's own stands in a group, or a subscription, of that tenant."""
    tenant = estate.tenant(resource.tenancy.tenant or "")
    own = str(resource.attributes.get("id", ""))
    subscription = estate.subscription(azure_ids.subscription(own).rpartition("/")[2])
    if tenant is None or (subscription is not None and subscription.tenant == tenant.id):
        return
    group = at_hand(inventory, azure_ids.resource_group(own), RESOURCE_GROUP)
    if group is None and not is_declared:
        yield resource.unknown("whose its resource group is cannot be told: the group is not at hand", ("tags",))
    elif group is not None and group.tenancy.tenant != tenant.id:
        said = tag(group, "tenant")[1] or "nobody"
        where = f"resource group '{group.name}' is of {said}"
        message = f"it is of tenant {tenant.id}, but {where}; a group of its own is expected"
        yield resource.fail(message, ("tags",), [(group, ("tags",), "its resource group")])


def _group(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    """Whether there is one of each, told at the first of the tenant's groups in an environment."""
    tenant = estate.tenant(resource.tenancy.tenant or "")
    place = (resource.tenancy.tenant, resource.tenancy.environment)
    if tenant is None or tenant.hosting != "dedicated":
        yield resource.skip("it is of no dedicated tenant")
        return
    groups = inventory.grouped(_place, RESOURCE_GROUP).get(place, ())
    if groups and groups[0].key != resource.key:
        yield resource.skip("it is told at another group of the same tenant")
        return
    wanted = _wanted(tenant)
    present = {type_ for type_ in wanted if inventory.grouped(_place, type_).get(place)}
    if wanted and not present:
        yield resource.unknown(f"none of the data services of tenant {tenant.id} is among what was read", ("tags",))
        return
    for type_ in wanted:
        if type_ not in present:
            message = (
                f"tenant {tenant.id} ({tenant.name}) has no {SERVICES[type_]} of its own; its hosting is dedicated"
            )
            yield resource.fail(message, ("tags",))


def _wanted(tenant: Tenant) -> tuple[str, ...]:
    """What the contract says that the tenant has for itself."""
    database, redis, storage = tenant.data
    wanted = [POSTGRESQL] if database is not None else []
    wanted += [REDIS] if redis is not None else []
    return (*wanted, STORAGE) if storage is not None else tuple(wanted)


def _declared_for(resource: Resource, estate: Estate) -> Tenant | None:
    """The dedicated tenant whose data the Estate says is in this very resource."""
    return _declared(estate).get((resource.type, resource.name.lower()))


@lru_cache(maxsize=4)
def _declared(estate: Estate) -> Mapping[tuple[str, str], Tenant]:
    """Type and name of what dedicated tenants have for themselves → the tenant."""
    owned: dict[tuple[str, str], Tenant] = {}
    for tenant in estate.tenants:
        if tenant.hosting == "dedicated":
            database, redis, storage = tenant.data
            names = (
                (POSTGRESQL, database.server if database else ""),
                (REDIS, redis.instance if redis else ""),
                (STORAGE, storage.account if storage else ""),
            )
            owned |= {(type_, name.lower()): tenant for type_, name in names if name}
    return owned


def _place(resource: Resource) -> Iterator[Hashable]:
    yield resource.tenancy.tenant, resource.tenancy.environment
