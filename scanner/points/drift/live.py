"""What ``--against`` names: where what is live is read from."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.model.types import is_azure, is_terraform
from scanner.points.request import Request
from scanner.sources.interface import Source
from scanner.views import azure_ids

if TYPE_CHECKING:
    from scanner.estate import Estate
    from scanner.sources.azure.live import LiveAzure
    from scanner.sources.cluster.access import Access
    from scanner.sources.cluster.dry_run import DryRuns
    from scanner.sources.cluster.live import LiveCluster

_HOLDS_AZURE = re.compile(rb'"(?:id|resourceId)"\s*:\s*"/subscriptions/|"type"\s*:\s*"microsoft\.', re.IGNORECASE)
_LIVE = "live:"
_AZURE = "azure"
_TERRAFORM = b'"terraform_version"'
_LOOK_BYTES = 1 << 20


class Live(NamedTuple):
    """Where live Resources are read from."""

    sources: tuple[Source, ...]
    clusters: frozenset[str]
    """The clusters among them."""
    azure: bool
    """Whether any of them is Azure's."""
    histories: tuple["LiveAzure", ...] = ()
    """Those that can be asked who changed what."""

    def listed(self, declared: Resource) -> bool:
        """Whether its cluster was asked for objects of the type of ``declared``; known once everything was read."""
        from scanner.sources.cluster.dump import ClusterDump
        from scanner.sources.cluster.live import LiveCluster

        clusters = (one for one in self.sources if isinstance(one, ClusterDump | LiveCluster))
        return any(one.cluster == declared.cluster and declared.type in one.listed_types() for one in clusters)


def live_sources(
    flags: Mapping[str, Any], request: Request, estate: "Estate | None", declared: Sequence[Resource]
) -> Live:
    """Return the Sources that ``--against`` names.

    Exports of Azure, plans and states of Terraform, dumps of clusters (``NAME=PATH``), clusters themselves
    (``live:NAME=CONTEXT``), Azure itself (``azure``, ``azure=SCOPE``). ``declared`` says which kinds of things are to
    be found. Raises UsageError.
    """
    types = frozenset(resource.type for resource in declared)
    sources: list[Source] = []
    clusters: set[str] = set()
    azure = False
    histories: list[LiveAzure] = []
    for text in flags["against"]:
        name, separator, path = text.partition("=")
        if name.removeprefix(_LIVE) == _AZURE and not (separator and os.path.lexists(path)):
            histories.append(_live_azure(path, flags.get("azure_cloud") or "public", estate, declared))
            sources.append(histories[-1])
            azure = True
            continue
        if text.startswith(_LIVE):
            sources.append(_live_cluster(text.removeprefix(_LIVE), types))
            clusters.add(name.removeprefix(_LIVE))
            continue
        if not separator or os.path.lexists(text):
            name, path = "", text
        if not os.path.lexists(path):
            raise UsageError(f"cannot compare with {path}: there is no such file or folder")
        if not name and _is_terraform(path):
            from scanner.sources.terraform.seen import TerraformSeen

            sources.append(TerraformSeen(path))
            azure = True
        elif not name and _holds_azure(path):
            from scanner.sources.azure.export import AzureExport

            sources.append(AzureExport(path))
            azure = True
        else:
            from scanner.sources.cluster.dump import ClusterDump
            from scanner.sources.cluster.trimming import Trimming

            cluster = name or _only_cluster(path, request, estate)
            clusters.add(cluster)
            sources.append(ClusterDump(cluster, path, Trimming(with_managed_fields=types)))
    return Live(tuple(sources), frozenset(clusters), azure, tuple(histories))


def _live_azure(scope: str, cloud_name: str, estate: "Estate | None", declared: Iterable[Resource]) -> "LiveAzure":
    """Return the Source of Azure below ``scope``; without one, below the subscriptions that are known of."""
    from scanner.sources.azure.client import ArmClient
    from scanner.sources.azure.clouds import CLOUDS
    from scanner.sources.azure.live import LiveAzure
    from scanner.sources.azure.needs import plan_of
    from scanner.sources.azure.sign_in import credential_for

    mine = [resource for resource in declared if is_azure(resource.type)]
    scopes = (scope,) if scope else tuple(_subscriptions(estate, mine))
    if not scopes:
        raise UsageError(
            "cannot compare with Azure: neither an estate nor what is declared names a subscription",
            hint="name it: --against azure=/subscriptions/ID, or azure=/providers/Microsoft.Management/…/NAME",
        )
    cloud = CLOUDS[cloud_name]
    plan = plan_of((resource.type for resource in mine), "drift")
    return LiveAzure(scopes, ArmClient(credential_for(cloud), cloud), plan)


def _subscriptions(estate: "Estate | None", declared: Iterable[Resource]) -> Iterator[str]:
    """Yield the ids of the Estate's subscriptions; without an Estate, those that declared ids are in."""
    if estate is not None and estate.subscriptions:
        yield from (one.id for one in estate.subscriptions)
        return
    found = (azure_ids.subscription(str(resource.attributes.get("id") or "/")).lower() for resource in declared)
    yield from sorted({id_ for id_ in found if id_ and "{" not in id_})


def _live_cluster(text: str, types: frozenset[str]) -> "LiveCluster":
    """Return the Source of ``NAME=CONTEXT``, or of ``NAME`` where the context is called so too."""
    from scanner.sources.cluster.live import LiveCluster
    from scanner.sources.cluster.trimming import Trimming

    name, access = _access(text)
    kinds = (type_ for type_ in types if not is_azure(type_) and not is_terraform(type_))
    return LiveCluster(name, access, kinds, Trimming(with_managed_fields=types))


def dry_runs(against: Iterable[str]) -> "Mapping[str, DryRuns]":
    """Return name → what can be asked of each cluster itself that ``--against`` names. Raises UsageError for none."""
    from scanner.sources.cluster.dry_run import DryRuns

    named = [_access(text.removeprefix(_LIVE)) for text in against if text.startswith(_LIVE)]
    if not named:
        raise UsageError(
            "cannot dry-run: --against names no cluster itself", hint=f"write --against {_LIVE}NAME=CONTEXT"
        )
    return {name: DryRuns(name, access) for name, access in named}


def _access(text: str) -> "tuple[str, Access]":
    """Return (name, how to get in) of ``NAME=CONTEXT``, or of ``NAME`` where the context is called so too."""
    from scanner.sources.cluster.access import Access

    name, _, context = text.partition("=")
    if not name:
        raise UsageError(f"cannot compare with '{_LIVE}{text}': it names no cluster", hint=f"write {_LIVE}NAME=CONTEXT")
    return name, Access(context=context or name)


def _holds_azure(path: str) -> bool:
    if os.path.isdir(path):
        return False
    return _HOLDS_AZURE.search(_head(path)) is not None


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(_LOOK_BYTES)
    except OSError as error:
        raise UsageError(f"cannot compare with {path}: {(error.strerror or str(error)).lower()}") from error


def _is_terraform(path: str) -> bool:
    """Whether it is a plan or a state: what is live then is what Terraform saw."""
    return not os.path.isdir(path) and _TERRAFORM in _head(path)


def _only_cluster(path: str, request: Request, estate: "Estate | None") -> str:
    known = [request.cluster] if request.cluster else sorted(request.config.clusters)
    if not known and estate is not None:
        known = [cluster.name for cluster in estate.clusters]
    if len(known) > 1:
        raise UsageError(
            f"cannot tell which cluster {path} is of", hint=f"write NAME={path}; known: {', '.join(known)}"
        )
    return known[0] if known else ""


class Recorded(NamedTuple):
    """What was applied last."""

    resources: tuple[Resource, ...]
    entries: tuple[LedgerEntry, ...]
    """One for each file."""


def recorded_in(paths: Iterable[str]) -> Recorded:
    """Return what plans and states say was applied last. Raises UsageError for what is none of them."""
    from scanner.sources.terraform.seen import resources_of, seen_by_terraform

    resources: list[Resource] = []
    entries: list[LedgerEntry] = []
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"cannot compare with {path}: there is no such file")
        seen = seen_by_terraform(path)
        if seen.problem and not seen.recorded:
            hint = "write it with terraform show -json > state.json, or terraform show -json FILE > plan.json"
            raise UsageError(f"cannot compare with {path}: {seen.problem}", hint=hint)
        found = resources_of(seen, path, recorded=True)
        reason = seen.problem or "what Terraform applied last"
        state = State.PARTIAL if seen.problem else State.SCANNED
        entries.append(LedgerEntry(path, state, reason, resources=len(found), incomplete=bool(seen.problem)))
        resources += found
    return Recorded(tuple(resources), tuple(entries))
