"""Which Sources an audit reads, and what of the Estate none of them covers.

The Estate says what there is. What it declares and nobody names a source for is no silence: it is an entry of the
ledger that makes the run incomplete.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from scanner.audit.run import Named
from scanner.drift.matching import identity
from scanner.errors import UsageError
from scanner.model.ledger import ALL_AZURE, LedgerEntry, State
from scanner.model.resource import Resource
from scanner.model.rule import Rule
from scanner.model.types import is_azure, is_terraform
from scanner.points.audit.request import AuditRequest
from scanner.sources.estate import EstateSource
from scanner.views.azure_ids import subscription

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.sources.azure.needs import Plan
    from scanner.sources.cluster.trimming import Trimming


CLUSTER = "cluster "
"""Begins the names of the Sources of clusters."""
AZURE = "azure"
"""Name of the Source of live Azure; those of exports begin so."""


_GROUPS = "/providers/Microsoft.Management/managementGroups"


class Scopes(NamedTuple):
    """What a run reads."""

    sources: tuple[Named, ...]
    """In the order in which they are read."""
    missing: tuple[LedgerEntry, ...]
    """What the Estate declares and no source covers, or that was left out on request."""
    names: tuple[str, ...]
    """What is set out to be read, as keys of Resources begin: clusters by name, ``/subscriptions/<id>``."""


def scopes_of(request: AuditRequest, estate: "Estate", rules: Collection[Rule]) -> Scopes:
    """Return the Sources that ``request`` means. Raises UsageError for what cannot be one."""
    _refuse_nonsense(request, estate)
    sources = list(sources_of(request, estate, Wanted.by(rules)))
    if not sources:
        raise UsageError(
            "cannot audit: no cluster and no subscription is named",
            hint="name some with --cluster-dump NAME=DIR and --azure-export FILE, or read all of them with --live",
        )
    return Scopes(
        (Named("estate", EstateSource(request.request.estate)), *sources),
        tuple(_missing(request, estate)),
        tuple(_names(request, estate)),
    )


class Wanted(NamedTuple):
    """What of clusters and of Azure is asked for."""

    trimming: "Trimming"
    kinds: frozenset[str]
    """Types of objects of clusters."""
    plan: "Callable[[], Plan]"
    """Gives what is asked of Azure, where that is read live."""

    @classmethod
    def by(cls, rules: Collection[Rule]) -> "Wanted":
        """Return what ``rules`` look at."""
        from scanner.sources.cluster.permissions import needed_types
        from scanner.sources.cluster.trimming import trimming_for

        return cls(trimming_for(rules), frozenset(needed_types(rules)), lambda: _plan_for(rules))

    @classmethod
    def to_compare(cls, types: Collection[str]) -> "Wanted":
        """Return what has to be seen to compare declared Resources of ``types`` with what is live."""
        from scanner.sources.cluster.trimming import Trimming

        kinds = frozenset(type_ for type_ in types if not is_azure(type_) and not is_terraform(type_))
        return cls(Trimming(with_managed_fields=frozenset(types)), kinds, lambda: _plan_of(types))


def _plan_for(rules: Collection[Rule]) -> "Plan":
    from scanner.sources.azure.needs import plan_for

    return plan_for(rules)


def _plan_of(types: Collection[str]) -> "Plan":
    from scanner.sources.azure.needs import plan_of

    return plan_of(types, "drift")


def sources_of(request: AuditRequest, estate: "Estate", wanted: Wanted) -> Iterator[Named]:
    """Yield the Sources that ``request`` names, in the order in which they are read. Raises UsageError."""
    yield from _clusters(request, estate, wanted)
    yield from _azure(request, estate, wanted)


def is_wanted(request: AuditRequest, estate: "Estate", resource: Resource) -> bool:
    """Whether a declared Resource is where ``request`` looks: not in what ``--only`` leaves out."""
    if not is_azure(resource.type):
        return not resource.cluster or _wanted(request, resource.cluster)
    id_ = subscription(identity(resource) or "/").lower().rpartition("/")[2]
    name = next((one.name for one in estate.subscriptions if one.id.lower() == id_), "")
    return not id_ or "{" in id_ or _wanted(request, id_, name)


def _clusters(request: AuditRequest, estate: "Estate", wanted: Wanted) -> Iterator[Named]:
    declared = [cluster.name for cluster in estate.clusters]
    for name in dict.fromkeys((*declared, *request.dumps, *request.contexts)):
        if not _wanted(request, name):
            continue
        if name in request.dumps:
            from scanner.sources.cluster.dump import ClusterDump

            yield Named(f"{CLUSTER}{name}", ClusterDump(name, request.dumps[name], wanted.trimming), (name,))
        elif name in request.contexts or request.live:
            from scanner.sources.cluster.access import Access
            from scanner.sources.cluster.live import LiveCluster

            access = Access(context=request.contexts.get(name, name))
            yield Named(f"{CLUSTER}{name}", LiveCluster(name, access, wanted.kinds, wanted.trimming), (name,))


def _azure(request: AuditRequest, estate: "Estate", wanted: Wanted) -> Iterator[Named]:
    for path in request.exports:
        from scanner.sources.azure.export import AzureExport

        if not os.path.lexists(path):
            raise UsageError(f"cannot audit {path}: there is no such file")
        export = AzureExport(path, wanted=_chosen(request, estate) if request.only else None)
        yield Named(f"{AZURE} {path}", export, (ALL_AZURE,))
    ids = (one.id for one in estate.subscriptions if _wanted(request, one.name, one.id))
    asked = (*(f"{_GROUPS}/{name}" for name in estate.management_groups if _wanted(request, name)), *ids)
    # without a scope it would read whatever the identity may see
    if asked and _is_live(request):
        from scanner.sources.azure.client import ArmClient
        from scanner.sources.azure.clouds import CLOUDS
        from scanner.sources.azure.live import LiveAzure
        from scanner.sources.azure.sign_in import credential_for

        cloud = CLOUDS[request.azure_cloud]
        yield Named(AZURE, LiveAzure(asked, ArmClient(credential_for(cloud), cloud), wanted.plan()), (ALL_AZURE,))


def _names(request: AuditRequest, estate: "Estate") -> Iterator[str]:
    clusters = dict.fromkeys((*(one.name for one in estate.clusters), *request.dumps, *request.contexts))
    yield from (name for name in clusters if _wanted(request, name))
    yield from (
        f"/subscriptions/{one.id.lower()}" for one in estate.subscriptions if _wanted(request, one.name, one.id)
    )
    if _is_live(request):
        yield from (f"{_GROUPS}/{name}".lower() for name in estate.management_groups if _wanted(request, name))


def _missing(request: AuditRequest, estate: "Estate") -> Iterator[LedgerEntry]:
    for cluster in estate.clusters:
        name = cluster.name
        if not _wanted(request, name):
            yield LedgerEntry(f"cluster {name}", State.EXCLUDED, "the estate declares it; --only leaves it out")
        elif name not in request.dumps and name not in request.contexts and not request.live:
            how = f"name it with --cluster-dump {name}=DIR or --cluster-context {name}=CONTEXT"
            yield LedgerEntry(f"cluster {name}", State.UNREACHABLE, f"the estate declares it; {how}", incomplete=True)
    for group in estate.management_groups:
        if not _wanted(request, group):
            yield LedgerEntry(f"{_GROUPS}/{group}", State.EXCLUDED, "the estate declares it; --only leaves it out")
    for one in estate.subscriptions:
        said = f"the estate declares it ({one.name})"
        if not _wanted(request, one.name, one.id):
            yield LedgerEntry(f"subscription {one.id}", State.EXCLUDED, f"{said}; --only leaves it out")
        elif not (request.exports or request.azure or request.live):
            reason = f"{said}; name an export with --azure-export FILE, or read Azure with --azure"
            yield LedgerEntry(f"subscription {one.id}", State.UNREACHABLE, reason, incomplete=True)


def unseen(estate: "Estate", request: AuditRequest, seen: Collection[str]) -> Iterator[LedgerEntry]:
    """Yield an entry for every subscription of the Estate that Azure was read for and did not answer with.

    ``seen`` are the ids of the subscriptions that something was read of, in lower case.
    """
    if not (request.exports or request.azure or request.live):
        return
    for one in estate.subscriptions:
        if one.id.lower() not in seen and _wanted(request, one.name, one.id):
            reason = f"the estate declares it ({one.name}); nothing of it was read"
            yield LedgerEntry(f"subscription {one.id}", State.UNREACHABLE, reason, incomplete=True)


def _chosen(request: AuditRequest, estate: "Estate") -> Callable[[str], bool]:
    """Return what says of the id of a subscription, declared or not, whether it is to be read."""

    def is_chosen(id_: str) -> bool:
        declared = estate.subscription(id_)
        return _wanted(request, id_, *([declared.name] if declared is not None else []))

    return is_chosen


def _is_live(request: AuditRequest) -> bool:
    """Whether Azure is read live."""
    return request.azure or (request.live and not request.exports)


def _wanted(request: AuditRequest, *names: str) -> bool:
    return not request.only or any(fnmatchcase(name.lower(), glob.lower()) for name in names for glob in request.only)


def _refuse_nonsense(request: AuditRequest, estate: "Estate") -> None:
    both = sorted(set(request.dumps) & set(request.contexts))
    if both:
        raise UsageError(f"cannot read cluster '{both[0]}' from a dump and live at once", hint="name it once")
    if request.azure and not (estate.subscriptions or estate.management_groups):
        raise UsageError("cannot read Azure: the estate declares no subscription and no management group")
    everything = [
        *(cluster.name for cluster in estate.clusters),
        *_subscription_names(estate),
        *estate.management_groups,
    ]
    for glob in request.only:
        if not any(fnmatchcase(name.lower(), glob.lower()) for name in everything):
            raise UsageError(f"cannot audit '{glob}': the estate declares no such cluster, subscription or group")


def _subscription_names(estate: "Estate") -> Iterable[str]:
    return (text for one in estate.subscriptions for text in (one.id, one.name))
