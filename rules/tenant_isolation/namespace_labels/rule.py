from collections.abc import Collection, Iterator

from scanner import Estate, Resource
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.views import text


def check(resource: Resource, estate: Estate) -> Iterator[Fault]:
    keys = estate.namespace_labels
    declared: dict[str, tuple[str, Collection[str]]] = {
        keys.tenant: ("tenant", {name for tenant in estate.tenants for name in (tenant.id, tenant.name)}),
        keys.environment: ("environment", estate.environments),
        keys.tier: ("tier", estate.tiers),
    }
    for key in keys.required_keys:
        value = text(resource.labels.get(key))
        what, names = declared.get(key, ("owner", (value,)))
        if not value:
            yield resource.fail(f"label {key} is missing; it must name the {what}", ("metadata", "labels", key))
        elif value not in names:
            yield resource.fail(f"label {key} is '{value}', which is no declared {what}", ("metadata", "labels", key))
    if resource.tenancy.standing is Standing.UNMAPPED:
        yield resource.fail(f"{resource.tenancy.reason}; it must belong to one tenant", ("metadata", "name"))
        return
    reason = estate.disagreement(resource.cluster, resource.name, resource.labels)
    if reason:
        yield resource.fail(f"its tenant is not certain: {reason}", ("metadata", "name"))
