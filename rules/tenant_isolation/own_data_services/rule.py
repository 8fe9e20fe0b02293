import re
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.estate.model import Tenant
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.model.types import RESOURCE_GROUP, is_azure
from scanner.model.unknown import Unknown
from scanner.views import azure_ids, containers, tag
from scanner.views.azure_links import at_hand

POSTGRESQL = "Microsoft.DBforPostgreSQL/flexibleServers"
REDIS = "Microsoft.Cache/redis"
STORAGE = "Microsoft.Storage/storageAccounts"
SERVICES = {POSTGRESQL: "PostgreSQL server", REDIS: "Redis cache", STORAGE: "storage account"}


_HOST = re.compile(r"(?<![a-z0-9-])([a-z0-9][a-z0-9-]*)\.(?:[a-z0-9-]+\.)*postgres\.database\.", re.IGNORECASE)
"""Host of a PostgreSQL server: in every cloud, by private or public zones. The first label is the server's name."""


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    if not is_azure(resource.type):
        yield from _led_elsewhere(resource, estate)
        return
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


def _led_elsewhere(resource: Resource, estate: Estate) -> Iterator[Fault]:
    """Whether something in a namespace leads to the database server of a dedicated tenant that is not its own."""
    if resource.tenancy.standing is Standing.PLATFORM:
        yield resource.skip("the platform's namespaces may reach every server")
        return
    if not any(type_ == POSTGRESQL for type_, _ in _declared(estate)):
        return
    for said, at in _said(resource):
        if isinstance(said, Unknown):
            yield resource.unknown(f"whose database it leads to is not known: {said.reason}", at)
            continue
        for name in dict.fromkeys(host.lower() for host in _HOST.findall(said)):
            owner = _declared(estate).get((POSTGRESQL, name))
            if owner is None or owner.id == resource.tenancy.tenant:
                continue
            what = f"'{name}' is the own PostgreSQL server of tenant {owner.id} ({owner.name})"
            if resource.tenancy.standing is Standing.TENANT:
                yield resource.fail(f"{what}; no other tenant's workload may be led to it", at)
            else:
                yield resource.unknown(f"{what}, and whose this is cannot be told: {resource.tenancy.reason}", at)


def _said(resource: Resource) -> Iterator[tuple[str | Unknown, Path]]:
    """Yield the texts that tell a workload where to go, and where each stands; values are looked at and never told."""
    for at in (("data",), ("spec", "target", "template", "data")):
        yield from _texts(resource.value(*at), at)
    for container in containers(resource):
        for field in ("command", "args", "env"):
            yield from _texts(container.spec.get(field), (*container.at, field))


def _texts(value: Any, at: Path) -> Iterator[tuple[str | Unknown, Path]]:
    if isinstance(value, (str, Unknown)):
        yield value, at
    elif isinstance(value, (list, dict)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*at, step))


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
    first = inventory.first(_place, place, RESOURCE_GROUP)
    if first is not None and first.key != resource.key:
        yield resource.skip("it is told at another group of the same tenant")
        return
    wanted = _wanted(tenant)
    present = {type_ for type_ in wanted if inventory.first(_place, place, type_)}
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
