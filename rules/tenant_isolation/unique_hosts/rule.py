from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import islice

from scanner import Inventory, Resource
from scanner.model.path import Path
from scanner.model.resource import Fault
from scanner.model.tenancy import Standing
from scanner.model.types import ROUTES
from scanner.views import ClaimView, claims, found, mapping, owner_of, text, unreadable

CLASS = "kubernetes.io/ingress.class"
SHOWN = 3
"""Others that a message names; more of them make it no clearer and a large estate slow."""


def check(resource: Resource, inventory: Inventory) -> Iterator[Fault]:
    for at, cause in unreadable(resource):
        yield resource.unknown(f"the hosts of its match are not known: {cause}", at)
    shared: defaultdict[Path, list[tuple[ClaimView, Resource]]] = defaultdict(list)
    for claim in claims(resource):
        others = _others(resource, claim, inventory)
        shared[claim.at].extend((claim, other) for other in islice(others, SHOWN + 1 - len(shared[claim.at])))
    for at, pairs in shared.items():
        if pairs:
            more = " and others" if len(pairs) > SHOWN else ""
            said = ", ".join(_said(claim, other, resource) for claim, other in pairs[:SHOWN])
            related = [(other, _place(claim, other), "it claims the same") for claim, other in pairs[:SHOWN]]
            yield resource.fail(f"{said}{more}; a host and path belong to one namespace", at, related)


def _others(resource: Resource, claim: ClaimView, inventory: Inventory) -> Iterator[Resource]:
    for other in inventory.grouped(_claims, *ROUTES).get((resource.cluster, *claim[:3]), ()):
        apart = other.namespace in ("", resource.namespace) or not resource.namespace or _served_apart(resource, other)
        if not apart:
            yield other


def _claims(resource: Resource) -> Iterator[Hashable]:
    yield from dict.fromkeys((resource.cluster, *claim[:3]) for claim in claims(resource))


def _served_apart(one: Resource, other: Resource) -> bool:
    """Whether two routes are sure to be served by different controllers or Gateways."""
    (sort, mine), (other_sort, theirs) = _served_by(one), _served_by(other)
    return sort == other_sort and bool(mine and theirs) and mine.isdisjoint(theirs)


def _served_by(resource: Resource) -> tuple[str, set[tuple[str, str]]]:
    if resource.kind == "HTTPRoute":
        parents = [mapping(parent) for _, parent in found(resource, "spec.parentRefs[*]")]
        return "gateway", {(text(p.get("namespace")) or resource.namespace, text(p.get("name"))) for p in parents}
    annotation = resource.value("metadata", "annotations", CLASS)
    name = text(resource.value("spec", "ingressClassName")) or text(annotation)
    return "class", {("", name)} if name else set()


def _said(claim: ClaimView, other: Resource, resource: Resource) -> str:
    path = f" path '{claim.path}'" if claim.path else ""
    whose = f" of {owner_of(other.tenancy)}"
    if other.tenancy.standing is Standing.UNDECLARED:
        whose = ""
    elif other.tenancy.tenant and other.tenancy.tenant == resource.tenancy.tenant:
        whose = " of the same tenant"
    return f"host '{claim.host}'{path} is claimed by {other.title}{whose} too"


def _place(claim: ClaimView, other: Resource) -> Path:
    return next((same.at for same in claims(other) if same[:3] == claim[:3]), ())
