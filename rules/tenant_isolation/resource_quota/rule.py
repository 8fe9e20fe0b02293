from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.model.resource import Fault
from scanner.views import mapping, owner_of, parse_quantity

REQUIRED = (
    "requests.cpu",
    "requests.memory",
    "limits.cpu",
    "limits.memory",
    "persistentvolumeclaims",
    "services.loadbalancers",
    "services.nodeports",
)
SYNONYMS = {
    "cpu": "requests.cpu",
    "memory": "requests.memory",
    "count/persistentvolumeclaims": "persistentvolumeclaims",
}


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    ceilings = _ceilings(resource, estate)
    name = resource.name if resource.type == "core/Namespace" else resource.namespace
    quotas = [q for q in inventory.of_type("core/ResourceQuota", resource.cluster, name) if not _is_scoped(q)]
    if resource.type == "core/Namespace":
        yield from _missing(resource, quotas, {*REQUIRED, *ceilings})
    elif not _is_scoped(resource):
        yield from _too_high(resource, [quota for quota in quotas if quota.key != resource.key], ceilings)


def _missing(namespace: Resource, quotas: list[Resource], required: set[str]) -> Iterator[Fault]:
    limited = {key for quota in quotas for key, _, _ in _limits(quota)}
    missing = ", ".join(sorted(required - limited))
    if missing and any(path in (("spec",), ("spec", "hard")) for quota in quotas for path in quota.unknowns):
        yield namespace.unknown(f"a ResourceQuota that may limit {missing} is not known", "metadata.name")
    elif missing:
        message = f"namespace '{namespace.name}' has no ResourceQuota for {missing}; each of them must be limited"
        related = [(quota, ("spec", "hard"), "this one does not limit all of them") for quota in quotas]
        yield namespace.fail(message, "metadata.name", related)


def _too_high(quota: Resource, others: list[Resource], ceilings: Mapping[str, str]) -> Iterator[Fault]:
    capped = {key for other in others for key, _, value in _limits(other) if _fits(value, ceilings.get(key))}
    for key, written, value in _limits(quota):
        if key not in capped and not _fits(value, ceilings.get(key)):
            shown = "no quantity" if _amount(value) is None else value
            most = f"{ceilings[key]} is the most that {owner_of(quota.tenancy)} may have"
            yield quota.fail(f"{written} is {shown}; {most}", ("spec", "hard", written))


def _ceilings(resource: Resource, estate: Estate) -> Mapping[str, str]:
    """Resource name → the most that a quota may grant."""
    tenant = estate.tenant(resource.tenancy.tenant or "")
    quota = estate.tier_of(tenant, resource.tenancy.environment).quota if tenant else {}
    ceilings = {SYNONYMS.get(key, key): value for key, value in quota.items()} | {"services.nodeports": "0"}
    return ceilings | ({"services.loadbalancers": "0"} if resource.tenancy.hosting == "multi-tenant" else {})


def _is_scoped(quota: Resource) -> bool:
    return bool(quota.value("spec", "scopes") or mapping(quota.value("spec", "scopeSelector")).get("matchExpressions"))


def _limits(quota: Resource) -> Iterable[tuple[str, str, Any]]:
    """What a quota limits: (name, name as it is written, value)."""
    hard = mapping(quota.value("spec", "hard")).items()
    return [(SYNONYMS.get(key, key), key, value) for key, value in hard if isinstance(key, str) and value is not None]


def _fits(value: Any, ceiling: str | None) -> bool:
    """Whether a limit is one, and not above the ceiling."""
    if ceiling is None:
        return True
    amount = _amount(value)
    return amount is not None and amount <= parse_quantity(ceiling)


def _amount(value: Any) -> Decimal | None:
    try:
        return parse_quantity(value)
    except ValueError:
        return None
