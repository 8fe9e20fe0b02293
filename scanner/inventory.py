"""The Inventory: all Resources of one place at one moment, indexed.

It holds what rules look up: Resources of the types that a loaded Rule needs, reduced to the attribute paths that are
read of them. Every lookup is a dictionary access on an index that is built once, on first use; none walks them all.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scanner.model.ledger import LedgerEntry, in_order
from scanner.model.resource import Resource
from scanner.model.tenancy import Standing, Tenancy
from scanner.model.types import ESTATE, RESOURCE_GROUP, WORKLOADS, is_azure, is_terraform
from scanner.views import azure_ids
from scanner.views.pods import pod
from scanner.views.selectors import selects
from scanner.views.shapes import label_selector

if TYPE_CHECKING:
    from scanner.estate import Estate

NAMESPACE = "core/Namespace"
DECLARING = frozenset(("terraform", "arm", "bicep"))
"""Kinds of Source that declare Azure resources."""
DEFAULT_NAMESPACE = "default"
"""Where namespaced objects are that name no namespace; Kubernetes makes it in every cluster."""

_ENVIRONMENT = re.compile(r"[^:]*\[([^\]:]+)\]:")
"""The environment in the key of what a root module declares: ``live/shared[production]:terraform``."""

_REMEMBERED = 10_000
"""Answers about resource groups that are kept; an estate has no end of them."""

Index = Mapping[Hashable, tuple[Resource, ...]]
"""What a grouping returns: value → the Resources that have it, in the Inventory's order."""


class Inventory:
    """Resources, indexed on demand by type, namespace, tenant, labels, owner and anything a Rule groups by."""

    unseen: tuple[LedgerEntry, ...] = ()
    """Entries of the ledger that say what may be there and was not seen, in order."""

    def __init__(self, resources: Iterable[Resource] = (), unseen: Iterable[LedgerEntry] = ()) -> None:
        """Take the Resources, and those entries of the ledger that say what was not seen."""
        self._resources = tuple(sorted(resources, key=order_of))
        self.unseen = in_order(entry for entry in unseen if entry.unseen is not None)
        self._indexes: dict[tuple[object, ...], Index] = {}

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)

    def of_type(self, type_: str, cluster: str | None = None, namespace: str | None = None) -> tuple[Resource, ...]:
        """Return the Resources of a type: everywhere, or in one cluster, or in one namespace of one cluster."""
        if cluster is None:
            return self.grouped(_type).get(type_, ())
        if namespace is None:
            return self.grouped(_type_cluster).get((type_, cluster), ())
        return self.grouped(_type_namespace).get((type_, cluster, namespace), ())

    def get(self, type_: str, cluster: str, namespace: str, name: str) -> Resource | None:
        """Return one Resource by name; ``namespace`` is empty for cluster-scoped types."""
        found = self.grouped(_identity).get((type_, cluster, namespace, name), ())
        return found[0] if found else None

    def namespace(self, cluster: str, name: str) -> Resource | None:
        """Return the Namespace object of that name."""
        return self.get(NAMESPACE, cluster, "", name)

    def of_tenant(self, tenant: str, type_: str) -> tuple[Resource, ...]:
        """Return a tenant's Resources of a type, over all clusters and environments."""
        return self.grouped(_tenant_type).get((tenant, type_), ())

    def declares(self, id_: str) -> bool:
        """Whether a declaration of the Azure resource with this id is at hand; ids compare without case."""
        return id_.lower() in self.grouped(_declared_id)

    def selected(
        self, selector: Mapping[str, Any], type_: str, cluster: str, namespace: str | None = None
    ) -> Iterator[Resource]:
        """Yield the Resources of a type whose labels a LabelSelector matches.

        For workloads the labels are those of their Pods. One ``matchLabels`` pair narrows the search by index.
        """
        selector = label_selector(selector)
        wanted = selector.get("matchLabels")
        if wanted:
            pair = min(wanted.items())
            candidates = self.grouped(_label).get((type_, cluster, *pair), ())
        else:
            candidates = self.of_type(type_, cluster)
        for resource in candidates:
            if (namespace is None or resource.namespace == namespace) and selects(selector, pod_labels(resource)):
                yield resource

    def owner(self, resource: Resource) -> Resource | None:
        """Return the controlling owner of ``resource`` (``metadata.ownerReferences``), where the Inventory has it."""
        for reference in resource.value("metadata", "ownerReferences", default=()):
            if isinstance(reference, dict) and reference.get("controller"):
                group = str(reference.get("apiVersion", "")).rpartition("/")[0] or "core"
                type_ = f"{group}/{reference.get('kind')}"
                return self.get(type_, resource.cluster, resource.namespace, str(reference.get("name")))
        return None

    def grouped(self, key: Callable[[Resource], Iterable[Hashable]], *types: str) -> Index:
        """Return Resources grouped by every value that ``key`` yields for them; built once per (key, types).

        ``key`` is a module-level function: it is the index's identity.
        """
        index = self._indexes.get((key, *types))
        if index is None:
            groups: defaultdict[Hashable, list[Resource]] = defaultdict(list)
            members = self._resources if not types else [r for type_ in types for r in self.of_type(type_)]
            for resource in members:
                for value in key(resource):
                    groups[value].append(resource)
            index = {value: tuple(found) for value, found in groups.items()}
            self._indexes[(key, *types)] = index
        return index

    def first(self, key: Callable[[Resource], Iterable[Hashable]], value: Hashable, *types: str) -> Resource | None:
        """Return the first that :meth:`grouped` has under ``value``: for who needs no more, as there may be many."""
        return next(iter(self.grouped(key, *types).get(value, ())), None)

    def has_any(self, *types: str) -> bool:
        """Whether there is a Resource of one of ``types``."""
        return any(self.of_type(type_) for type_ in types)

    def resolved(self, estate: "Estate") -> "Inventory":
        """Return the same Inventory with every Resource's tenancy resolved by ``estate``."""
        return self.resolved_by(Resolver(estate, self))

    def resolved_by(self, resolver: "Resolver") -> "Inventory":
        """As :meth:`resolved`, by a Resolver that has been made for it."""
        return self._replaced(lambda resource: resource.resolved(resolver.tenancy(resource)))

    def _replaced(self, change: Callable[[Resource], Resource]) -> "Inventory":
        """Return an Inventory with every Resource replaced by its ``change``, which is of the same key and Origin."""
        changed = Inventory()
        changed._resources = tuple(map(change, self._resources))
        changed.unseen = self.unseen
        return changed


class Resolver:
    """Resolves the tenancy of Resources, each namespace once."""

    def __init__(self, estate: "Estate", inventory: Inventory) -> None:
        self._estate = estate
        self._inventory = inventory
        self._namespaces: dict[tuple[str, str], Tenancy] = {}
        self._untagged: dict[tuple[str, str], Tenancy] = {}
        """What has no tags, by subscription and group: most of what Azure lists is part of something else."""

    def tenancy(self, resource: Resource) -> Tenancy:
        """Return whose ``resource`` is: by its namespace, else by its own tenant label or its claim's namespace.

        An Azure resource is whose its tags, its group's tags or its subscription say.
        """
        if is_azure(resource.type):
            return self._of_azure(resource)
        if is_terraform(resource.type):
            return self.of_terraform(resource.key)
        if resource.type == ESTATE:
            return Tenancy(Standing.PLATFORM, reason="it declares what is whose")
        if resource.type == NAMESPACE:
            return self._of_namespace_object(resource)
        namespace = resource.namespace or resource.value("spec", "claimRef", "namespace", default="")
        if namespace:
            return self.of_namespace(resource.cluster, namespace)
        if resource.type in WORKLOADS:
            return self.of_namespace(resource.cluster, DEFAULT_NAMESPACE)
        labelled = self._estate.resolve_labels(resource.labels)
        return labelled or Tenancy(Standing.CLUSTER, reason="it has no namespace and carries no tenant label")

    def _of_namespace_object(self, resource: Resource) -> Tenancy:
        """As :meth:`of_namespace`; but ``default`` itself is there in every cluster, whatever somebody puts into it."""
        found = self.of_namespace(resource.cluster, resource.name)
        if resource.name == DEFAULT_NAMESPACE and found.standing is Standing.UNMAPPED:
            return Tenancy(Standing.PLATFORM, reason="Kubernetes makes it in every cluster")
        return found

    def of_terraform(self, key: str) -> Tenancy:
        """Return whose a declaration of Terraform's own is: the platform's, in the environment its root is for."""
        named = _ENVIRONMENT.match(key)
        environment = self._estate.environments.get(named[1]) if named else None
        return Tenancy(
            Standing.PLATFORM,
            environment=environment.name if environment else None,
            environment_class=environment.class_ if environment else None,
            reason="it says how infrastructure is deployed",
        )

    def _of_azure(self, resource: Resource) -> Tenancy:
        parsed = azure_ids.parse(str(resource.attributes.get("id", "")))
        subscription, group = (parsed.subscription, parsed.group) if parsed else ("", "")
        if resource.labels:
            return self._of_tagged(resource.labels, subscription, group)
        scope = (subscription.lower(), group.lower())
        if scope not in self._untagged:
            if len(self._untagged) == _REMEMBERED:
                self._untagged.clear()
            self._untagged[scope] = self._of_tagged({}, subscription, group)
        return self._untagged[scope]

    def _of_tagged(self, tags: Mapping[str, str], subscription: str, group: str) -> Tenancy:
        from scanner.estate.azure import AzurePlace

        found = self._inventory.grouped(_group, RESOURCE_GROUP).get((subscription.lower(), group.lower()), ())
        return self._estate.resolve_azure(AzurePlace(tags, found[0].labels if group and found else {}, subscription))

    def of_namespace(self, cluster: str, name: str) -> Tenancy:
        """Return whose a namespace is; its labels count where the Inventory holds the Namespace."""
        found = self._namespaces.get((cluster, name))
        if found is None:
            namespace = self._inventory.namespace(cluster, name)
            found = self._estate.resolve(cluster, name, namespace.labels if namespace else {})
            self._namespaces[(cluster, name)] = found
        return found


def _group(resource: Resource) -> Iterator[Hashable]:
    """Index key of a resource group: subscription and name; names of groups compare without case."""
    parsed = azure_ids.parse(str(resource.attributes.get("id", "")))
    if parsed is not None:
        yield parsed.subscription.lower(), parsed.group.lower()


def declared_id(resource: Resource) -> str | None:
    """Return the lower-case id of the Azure resource that ``resource`` declares; None where it is no declaration."""
    if resource.origin.kind not in DECLARING:
        return None
    id_ = resource.attributes.get("id")
    return id_.lower() if isinstance(id_, str) else ""


def order_of(resource: Resource) -> tuple[str, str, int]:
    """Return what Resources of an Inventory, and of every group in it, are sorted by."""
    return resource.key, resource.origin.file, resource.origin.document


def order_among(types: tuple[str, ...]) -> Callable[[Resource], tuple[object, ...]]:
    """Return what the Resources of a group over ``types`` are sorted by: the types in the order they were named."""
    if len(types) < 2:
        return order_of
    rank = {type_: place for place, type_ in enumerate(types)}
    return lambda resource: (rank[resource.type], *order_of(resource))


def pod_labels(resource: Resource) -> Mapping[str, str]:
    """Return the labels that selectors see: the Pod template's for a workload, else the Resource's own."""
    view = pod(resource)
    if view is None or not view.at:
        return resource.labels
    labels = view.metadata.get("labels")
    return labels if isinstance(labels, dict) else {}


def _declared_id(resource: Resource) -> Iterator[Hashable]:
    id_ = declared_id(resource)
    if id_ is not None:
        yield id_


def _type(resource: Resource) -> Iterable[Hashable]:
    return (resource.type,)


def _type_cluster(resource: Resource) -> Iterable[Hashable]:
    return ((resource.type, resource.cluster),)


def _type_namespace(resource: Resource) -> Iterable[Hashable]:
    return ((resource.type, resource.cluster, resource.namespace),)


def _identity(resource: Resource) -> Iterable[Hashable]:
    return ((resource.type, resource.cluster, resource.namespace, resource.name),)


def _tenant_type(resource: Resource) -> Iterable[Hashable]:
    return ((resource.tenancy.tenant, resource.type),)


def _label(resource: Resource) -> Iterable[Hashable]:
    labels = pod_labels(resource).items()
    return [(resource.type, resource.cluster, key, value) for key, value in labels if isinstance(value, str)]
