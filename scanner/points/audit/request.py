"""What the user asked of an audit: the gate's own configuration, and where the estate is read from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scanner.audit.shards import share
from scanner.audit.work_folder import Resume
from scanner.errors import UsageError
from scanner.points.audit.declaration import Declaration
from scanner.points.request import Request, parse_reports

if TYPE_CHECKING:
    from scanner.estate import Estate


NO_STORE = "none"
"""What a user says who wants no history."""
_DEFAULT_STORE = "sqlite:///bulkhead-audit.db"
"""The same as that of ``bulkhead runs``."""
_DASHBOARDS = {".html": "html", ".md": "markdown", ".csv": "csv"}
"""Suffix of a file → format of :mod:`scanner.audit.dashboard.write`."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the run is kept, and what is to be written from there."""

    store: str
    """URL; empty for none."""
    dashboards: tuple[tuple[str, str], ...] = ()
    """(format, path) of what tells what is new, mended and still open."""
    metrics: str = ""
    """Path of the figures for Prometheus; empty for none."""
    is_missed: bool = False
    """Whether nobody said where to keep the run, and what the default needs is not installed."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """One run of the audit."""

    request: Request
    """Configuration, rules, packs, Exemptions, reports: as for the gate, at the point ``audit``."""
    dumps: Mapping[str, str]
    """Cluster → file or folder that ``kubectl get -o json`` wrote."""
    contexts: Mapping[str, str]
    """Cluster → context of the kubeconfig to read it live through."""
    exports: tuple[str, ...]
    """Files of Azure's answers."""
    azure: bool
    """Whether Azure is read live."""
    azure_cloud: str
    """``public``, ``china`` or ``usgovernment``."""
    live: bool
    """Whether everything that the Estate declares and nothing else is named for is read live."""
    only: tuple[str, ...]
    """Clusters and subscriptions to look at, by name, id or glob; empty for all."""
    shard: str
    """Share of the audit that is read, ``I/N``; empty for all of it."""
    executor: str
    work: str
    """Folder of the state of runs; empty for the user's cache folder."""
    resume: Resume
    kept: Kept
    declaration: Declaration

    @classmethod
    def of(cls, flags: Mapping[str, Any]) -> "AuditRequest":
        """Return what command-line ``flags`` mean. Raises UsageError."""
        request = Request.of({**flags, "paths": ()})
        if not request.estate:
            raise UsageError(
                "cannot audit without an estate: it says which clusters and subscriptions there are",
                hint="name one with --estate estate.yaml, or in bulkhead.yaml",
            )
        return cls(
            request=replace(request, options=replace(request.options, point="audit")),
            dumps=_pairs("--cluster-dump", flags["dumps"], "NAME=DIR"),
            contexts=_pairs("--cluster-context", flags["contexts"], "NAME=CONTEXT"),
            exports=tuple(flags["exports"]),
            azure=flags["azure"],
            azure_cloud=flags["azure_cloud"],
            live=flags["live"],
            only=tuple(flags["only_scopes"]),
            shard=flags.get("shard") or "",
            executor=flags["executor"] or "local",
            work=flags["work"] or "",
            resume=_resume(flags),
            kept=_kept(flags, request),
            declaration=Declaration.of(flags),
        )


def _resume(flags: Mapping[str, Any]) -> Resume:
    if flags["resume"] and flags["resume_if_any"]:
        raise UsageError("cannot both insist on a run to go on with and do without: give one of the --resume flags")
    return Resume.YES if flags["resume"] else Resume.IF_ANY if flags["resume_if_any"] else Resume.NO


def _kept(flags: Mapping[str, Any], request: Request) -> Kept:
    """Return where the run is kept. Raises UsageError for what could not be written from there."""
    said = flags["store"] or os.environ.get("BULKHEAD_STORE") or ""
    store = said or (_DEFAULT_STORE if _can_keep() else "")
    kept = Kept(
        "" if store == NO_STORE else store,
        tuple(map(_dashboard, flags["dashboards"])),
        flags["metrics"] or "",
        is_missed=not store,
    )
    if not kept.store and (kept.dashboards or kept.metrics):
        flag = "--dashboard" if kept.dashboards else "--metrics"
        raise UsageError(
            f"cannot write {flag}: it tells of several runs, and none is kept",
            hint="name a store with --store; --report html=FILE is the report of this run alone",
        )
    if kept.metrics and request.tenant:
        raise UsageError("cannot write metrics for one tenant: they count everybody", hint="leave out --tenant")
    parse_reports([*(f"{name}={path}" for name, path in request.reports), *(f"x={path}" for path in _files(kept))])
    return kept


def _can_keep() -> bool:
    return all(find_spec(module) is not None for module in ("sqlalchemy", "alembic"))


def _files(kept: Kept) -> tuple[str, ...]:
    return (*(path for _, path in kept.dashboards), *filter(None, [kept.metrics]))


def _dashboard(path: str) -> tuple[str, str]:
    format_ = _DASHBOARDS.get(os.path.splitext(path)[1].lower())
    if format_ is None:
        hint = f"its name ends in {', '.join(_DASHBOARDS)}, which says what it is; 'bulkhead runs report' has the rest"
        raise UsageError(f"cannot write dashboard '{path}': what kind of file it is to be is not clear", hint=hint)
    return format_, path


def _pairs(flag: str, texts: tuple[str, ...], form: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name or not value:
            raise UsageError(f"cannot read {flag} '{text}'", hint=f"write {flag} {form}")
        if name in found:
            raise UsageError(f"cannot read cluster '{name}' twice: {flag} names it again", hint="name it once")
        found[name] = value
    return found


def in_share(request: AuditRequest, estate: "Estate") -> AuditRequest:
    """Return ``request`` for the clusters and subscriptions of its share. Raises UsageError where that is none."""
    if not request.shard:
        return request
    if request.only:
        raise UsageError("cannot read a share of what --only names: give either --shard or --only")
    clusters = [cluster.name for cluster in estate.clusters]
    azure = [*estate.management_groups, *(one.id for one in estate.subscriptions)]
    names = share(request.shard, clusters, azure)
    if not names:
        raise UsageError(
            f"cannot read share {request.shard}: there is nothing in it",
            hint="more shares than there are clusters, and one for Azure, are of no use",
        )
    return replace(request, only=names)
