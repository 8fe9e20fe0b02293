from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from scanner import Estate, Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.views import NAME_LABEL, found, label_selector, listed, mapping, owner_of, selects, sequence


class Declared(NamedTuple):
    namespace: str
    tenant: str
    owner: str
    labels: dict[str, str]


def check(resource: Resource, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    types = sequence(resource.value("spec", "policyTypes"))
    for direction, peers in (("Ingress", "from"), ("Egress", "to")):
        if types and direction not in types:
            continue
        for at, rule in found(resource, f"spec.{direction.lower()}[*]"):
            if not mapping(rule).get(peers):
                message = f"{direction.lower()} rule without '{peers}' admits every tenant; name the peers it is for"
                yield resource.fail(message, at=(*at, peers))
            for index, peer in enumerate(sequence(mapping(rule).get(peers))):
                if isinstance(mapping(peer).get("namespaceSelector"), dict):
                    yield from _judge(resource, (*at, peers, index, "namespaceSelector"), inventory, estate)


def _judge(resource: Resource, at: Path, inventory: Inventory, estate: Estate) -> Iterator[Fault]:
    own = owner_of(resource.tenancy)
    allowed = f"only namespaces of {own} and of the platform may be selected"
    selector = label_selector(resource.value(*at))
    if not selector:
        yield resource.fail(f"the empty namespaceSelector selects the namespaces of every tenant; {allowed}", at=at)
        return
    selected: dict[str, str] = {}
    objects: list[tuple[Resource, Path, str]] = []
    pair = min(mapping(selector.get("matchLabels")).items(), default=None)
    for namespace in inventory.grouped(_by_label, "core/Namespace").get((resource.cluster, pair), ()):
        tenancy = namespace.tenancy
        if tenancy.tenant not in (None, resource.tenancy.tenant) and selects(selector, _labels(namespace)):
            selected[namespace.name] = owner_of(tenancy)
            objects.append((namespace, ("metadata", "labels"), "this Namespace is selected"))
    for name, tenant, owner, labels in _declared(estate, resource.cluster).get(pair, ()):
        at_hand = inventory.namespace(resource.cluster, name)
        if tenant != resource.tenancy.tenant and selects(selector, labels) and not at_hand:
            selected[name] = owner
    if selected:
        who = listed([f"'{name}' of {owner}" for name, owner in selected.items()])
        yield resource.fail(f"namespaceSelector selects {who}; {allowed}", at=at, related=objects[:3])


def _labels(namespace: Resource) -> dict[str, str]:
    return {**namespace.labels, NAME_LABEL: namespace.name}


def _by_label(namespace: Resource) -> Iterator[Hashable]:
    """Each of its labels, and None for selectors that begin with none; so a selector looks at few namespaces."""
    for pair in (None, *_labels(namespace).items()):
        if pair is None or isinstance(pair[1], str):
            yield namespace.cluster, pair


@lru_cache(maxsize=16)
def _declared(estate: Estate, cluster: str) -> Mapping[Hashable, list[Declared]]:
    """The same for the namespaces that the Estate declares, whose tenant label may hold the id or the name."""
    index: defaultdict[Hashable, list[Declared]] = defaultdict(list)
    for (place, name), (tenant_id, _) in estate.namespaces.items():
        tenant = estate.tenant(tenant_id)
        if tenant is None or cluster not in ("", place):
            continue
        for text in (tenant.id, tenant.name):
            labels = {**estate.implied_labels(place, name), estate.namespace_labels.tenant: text}
            for pair in (None, *labels.items()):
                index[pair].append(Declared(name, tenant.id, f"tenant {tenant.id} {tenant.name}", labels))
    return index
