from collections.abc import Hashable, Iterator, Mapping
from itertools import islice
from typing import Any

from scanner import Estate, Inventory, Resource
from scanner.inventory import NAMESPACE
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.views import listed, mapping, owner_of, pod, sequence, text

NODE = "core/Node"
AFFINITY = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
KEEPS_OUT = frozenset(("NoSchedule", "NoExecute"))
ALONE = ("cluster", "subscription")
SHOWN = 3


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    tenant = estate.tenant(resource.tenancy.tenant or "")
    if tenant is None:
        return
    if resource.type == NAMESPACE:
        if tenant.isolation in ALONE:
            yield from _shared_cluster(resource, inventory, tenant.isolation)
        return
    view = pod(resource)
    if view is None:
        return
    at = (*view.at, "spec")
    own = _own_pool(resource, estate)
    if own is None:
        reason = (
            "neither its cluster nor its environment is known, so whether the tenant has nodes of its own there is not"
        )
        yield resource.unknown(reason, ("metadata", "namespace"))
        return
    if own:
        yield from _kept_in(resource, view.spec, at, _effects(inventory, resource.cluster, estate, own), estate)
    yield from _let_in_elsewhere(resource, view.spec, at, estate)


def _shared_cluster(resource: Resource, inventory: Inventory, isolation: str) -> Iterator[Fault]:
    beside = (
        other
        for other in inventory.of_type(NAMESPACE, resource.cluster)
        if other.tenancy.tenant not in (None, resource.tenancy.tenant)
    )
    others = list(
        islice(beside, SHOWN)
    )  # in a cluster of the tenant's own there are none, in another they come at once
    if others:
        owners = listed([owner_of(other.tenancy) for other in others])
        message = (
            f"cluster {resource.cluster or '-'} also holds namespaces of {owners}; isolation '{isolation}' lets in none"
        )
        related = [(other, ("metadata", "name"), "it is in the same cluster") for other in others]
        yield resource.fail(message, ("metadata", "name"), related)


def _own_pool(resource: Resource, estate: Estate) -> tuple[str, ...] | None:
    """The values that the label of the tenant's nodes may have; empty where it has none there, None if that is open."""
    tenant = estate.tenant(resource.tenancy.tenant or "")
    if tenant is None or tenant.isolation != "nodepool" or tenant.node_pool is None:
        return ()
    record = estate.effective(tenant.id, resource.tenancy.environment or "")
    clusters = (resource.cluster,) if resource.cluster else record.clusters if record else ()
    if not clusters:
        return None
    return (tenant.id, tenant.name) if tenant.node_pool.cluster in clusters else ()


def _kept_in(
    resource: Resource, spec: Mapping[str, Any], at: Path, effects: frozenset[str], estate: Estate
) -> Iterator[Fault]:
    label, values = estate.tenant_node_label, _own_pool(resource, estate) or ()
    whose = f"pods of {owner_of(resource.tenancy)}"
    if not _selects(spec, label, values):
        found = mapping(spec.get("nodeSelector")).get(label)
        says = f"node selector '{label}' is '{found}'" if found is not None else f"no node selector names '{label}'"
        message = f"{says}, so {whose} may run on other nodes; '{label}: {values[0]}' is required"
        yield resource.fail(message, (*at, "nodeSelector", label))
    tolerated = {effect for item in _tolerations(spec) for effect in effects if _tolerates(item, label, values, effect)}
    if tolerated != effects:
        missing = ", ".join(sorted(effects - tolerated))
        message = f"no toleration lets {whose} onto its own nodes; one of '{label}={values[0]}:{missing}' is required"
        yield resource.fail(message, (*at, "tolerations"))


def _let_in_elsewhere(resource: Resource, spec: Mapping[str, Any], at: Path, estate: Estate) -> Iterator[Fault]:
    cluster = estate.cluster(resource.cluster)
    pools = (pool.tenant for pool in cluster.pools.values()) if cluster else ()
    others = [
        tenant
        for id_ in dict.fromkeys(pools)
        if id_ and id_ != resource.tenancy.tenant
        if (tenant := estate.tenant(id_))
    ]
    for index, item in enumerate(sequence(spec.get("tolerations"))):
        let_in = [
            tenant
            for tenant in others
            if any(_tolerates(mapping(item), estate.tenant_node_label, (tenant.id, tenant.name), e) for e in KEEPS_OUT)
        ]
        if let_in:
            names = listed([f"tenant {tenant.id} {tenant.name}" for tenant in let_in])
            message = (
                f"toleration {_said(mapping(item))} lets the pods onto the nodes of {names}; only its own may run there"
            )
            yield resource.fail(message, (*at, "tolerations", index))


def _effects(inventory: Inventory, cluster: str, estate: Estate, values: tuple[str, ...]) -> frozenset[str]:
    """The effects of the taint on the tenant's nodes, as far as Nodes are at hand."""
    label = estate.tenant_node_label
    nodes = inventory.grouped(_labelled, NODE)
    found = {
        text(taint.get("effect"))
        for value in values
        for node in nodes.get((cluster, label, value), ())
        for taint in map(mapping, sequence(node.value("spec", "taints")))
        if taint.get("key") == label and taint.get("value") in values
    }
    return frozenset(found & KEEPS_OUT) or frozenset(("NoSchedule",))


def _labelled(node: Resource) -> Iterator[Hashable]:
    for key, value in node.labels.items():
        if isinstance(value, str):
            yield node.cluster, key, value


def _selects(spec: Mapping[str, Any], label: str, values: tuple[str, ...]) -> bool:
    """Whether the Pod can only be scheduled to nodes of the label; terms are alternatives, so each must ask for it."""
    if mapping(spec.get("nodeSelector")).get(label) in values:
        return True
    required: Any = spec
    for step in AFFINITY:
        required = mapping(mapping(required).get(step))
    terms = [mapping(term) for term in sequence(required.get("nodeSelectorTerms"))]
    return bool(terms) and all(_asks(term, label, values) for term in terms)


def _asks(term: Mapping[str, Any], label: str, values: tuple[str, ...]) -> bool:
    for item in map(mapping, sequence(term.get("matchExpressions"))):
        listed_values = sequence(item.get("values"))
        is_of_label = item.get("key") == label and item.get("operator") == "In"
        if is_of_label and listed_values and all(value in values for value in listed_values):
            return True
    return False


def _tolerations(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [mapping(item) for item in sequence(spec.get("tolerations"))]


def _tolerates(item: Mapping[str, Any], key: str, values: tuple[str, ...], effect: str) -> bool:
    """Whether a toleration matches the taint ``key=<one of values>:effect``."""
    if not item or text(item.get("effect")) not in ("", effect):
        return False
    if item.get("operator") == "Exists":
        return text(item.get("key")) in ("", key)
    return text(item.get("key")) == key and item.get("value") in values


def _said(item: Mapping[str, Any]) -> str:
    key, effect = text(item.get("key")), text(item.get("effect"))
    value = "" if item.get("operator") == "Exists" else f"={text(item.get('value'))}"
    return f"'{key or '*'}{value}{':' + effect if effect else ''}'"
