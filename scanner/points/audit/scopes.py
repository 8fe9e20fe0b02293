"""Which Sources an audit reads, and what of the Estate none of them covers.

The Estate says what there is. What it declares and nobody names a source for is no silence: it is an entry of the
ledger that makes the run incomplete.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from scanner.audit.run import Named
from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State
from scanner.model.rule import Rule
from scanner.points.audit.request import AuditRequest
from scanner.sources.repository import RepositorySource

if TYPE_CHECKING:
    from scanner.estate import Estate


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
    sources = [*_clusters(request, estate, rules), *_azure(request, estate, rules)]
    if not sources:
        raise UsageError(
            "cannot audit: no cluster and no subscription is named",
            hint="name some with --cluster-dump NAME=DIR and --azure-export FILE, or read all of them with --live",
        )
    judged_itself = Named("estate", RepositorySource([request.request.estate], estate=request.request.estate))
    return Scopes((judged_itself, *sources), tuple(_missing(request, estate)), tuple(_names(request, estate)))


def _clusters(request: AuditRequest, estate: "Estate", rules: Collection[Rule]) -> Iterator[Named]:
    from scanner.sources.cluster.trimming import trimming_for

    trimming = trimming_for(rules)
    declared = [cluster.name for cluster in estate.clusters]
    for name in dict.fromkeys((*declared, *request.dumps, *request.contexts)):
        if not _wanted(request, name):
            continue
        if name in request.dumps:
            from scanner.sources.cluster.dump import ClusterDump

            yield Named(f"cluster {name}", ClusterDump(name, request.dumps[name], trimming))
        elif name in request.contexts or request.live:
            from scanner.sources.cluster.access import Access
            from scanner.sources.cluster.live import LiveCluster
            from scanner.sources.cluster.permissions import needed_types

            access = Access(context=request.contexts.get(name, name))
            yield Named(f"cluster {name}", LiveCluster(name, access, needed_types(rules), trimming))


def _azure(request: AuditRequest, estate: "Estate", rules: Collection[Rule]) -> Iterator[Named]:
    for path in request.exports:
        from scanner.sources.azure.export import AzureExport

        if not os.path.lexists(path):
            raise UsageError(f"cannot audit {path}: there is no such file")
        yield Named(f"azure {path}", AzureExport(path))
    wanted = tuple(one.id for one in estate.subscriptions if _wanted(request, one.name, one.id))
    # without a subscription it would read whatever the identity may see
    if wanted and (request.azure or (request.live and not request.exports)):
        from scanner.sources.azure.client import ArmClient
        from scanner.sources.azure.clouds import CLOUDS
        from scanner.sources.azure.live import LiveAzure
        from scanner.sources.azure.needs import plan_for
        from scanner.sources.azure.sign_in import credential_for

        cloud = CLOUDS[request.azure_cloud]
        yield Named("azure", LiveAzure(wanted, ArmClient(credential_for(cloud), cloud), plan_for(rules)))


def _names(request: AuditRequest, estate: "Estate") -> Iterator[str]:
    clusters = dict.fromkeys((*(one.name for one in estate.clusters), *request.dumps, *request.contexts))
    yield from (name for name in clusters if _wanted(request, name))
    yield from (
        f"/subscriptions/{one.id.lower()}" for one in estate.subscriptions if _wanted(request, one.name, one.id)
    )


def _missing(request: AuditRequest, estate: "Estate") -> Iterator[LedgerEntry]:
    for cluster in estate.clusters:
        name = cluster.name
        if not _wanted(request, name):
            yield LedgerEntry(f"cluster {name}", State.EXCLUDED, "the estate declares it; --only leaves it out")
        elif name not in request.dumps and name not in request.contexts and not request.live:
            how = f"name it with --cluster-dump {name}=DIR or --cluster-context {name}=CONTEXT"
            yield LedgerEntry(f"cluster {name}", State.UNREACHABLE, f"the estate declares it; {how}", incomplete=True)
    if request.exports:
        return
    for one in estate.subscriptions:
        said = f"the estate declares it ({one.name})"
        if not _wanted(request, one.name, one.id):
            yield LedgerEntry(f"subscription {one.id}", State.EXCLUDED, f"{said}; --only leaves it out")
        elif not request.azure and not request.live:
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


def _wanted(request: AuditRequest, *names: str) -> bool:
    return not request.only or any(fnmatchcase(name.lower(), glob.lower()) for name in names for glob in request.only)


def _refuse_nonsense(request: AuditRequest, estate: "Estate") -> None:
    both = sorted(set(request.dumps) & set(request.contexts))
    if both:
        raise UsageError(f"cannot read cluster '{both[0]}' from a dump and live at once", hint="name it once")
    if request.azure and not estate.subscriptions:
        raise UsageError("cannot read Azure: the estate declares no subscription")
    everything = [*(cluster.name for cluster in estate.clusters), *_subscription_names(estate)]
    for glob in request.only:
        if not any(fnmatchcase(name.lower(), glob.lower()) for name in everything):
            raise UsageError(f"cannot audit '{glob}': the estate declares no such cluster or subscription")


def _subscription_names(estate: "Estate") -> Iterable[str]:
    return (text for one in estate.subscriptions for text in (one.id, one.name))
