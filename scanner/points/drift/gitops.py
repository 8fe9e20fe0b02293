"""Which commits GitOps tools synced, and what those declare: the local repository is asked, nothing is fetched."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scanner.drift.synced import OWNERS, Revision, Synced, revision_of
from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.points.base import exported_commit, top_of
from scanner.points.inputs import source_of
from scanner.points.request import Request
from scanner.sources.git_tree import Commit, commit_at, is_checked_out
from scanner.sources.interface import Source

if TYPE_CHECKING:
    from scanner.estate import Estate

_SHORT = 12


class SyncedTrees(NamedTuple):
    """What was synced, and what is to be known of it."""

    synced: Synced
    notes: tuple[LedgerEntry, ...]


def synced_in(
    sources: Iterable[Source], request: Request, estate: "Estate | None", declared: Sequence[Resource]
) -> SyncedTrees:
    """Return what the Applications and Kustomizations in live ``sources`` synced, where ``declared`` has any.

    ``declared`` is what the work tree declares: a commit that is checked out is not read again.
    """
    if not any(resource.type in OWNERS for resource in declared):
        return SyncedTrees(Synced(), ())
    revisions = sorted(_revisions(sources))
    here = os.path.realpath(request.folder or os.getcwd())
    trees: dict[str, Sequence[Resource]] = {}
    notes = []
    for id_ in sorted({id_ for one in revisions for id_ in one.commits}):
        try:
            commit = commit_at(here, id_)
            if commit is not None:
                trees[id_] = declared if is_checked_out(commit) else _declared_at(commit, request, estate)
        except UsageError as error:  # no git, or a clone that lacks a part of it
            notes.append(LedgerEntry("drift", State.SCANNED, f"commit {id_[:_SHORT]} cannot be read: {error}"))
    notes += _told(revisions, trees)
    prefix = os.path.relpath(here, top_of(here))
    return SyncedTrees(Synced(revisions, trees, prefix), tuple(notes))


def _revisions(sources: Iterable[Source]) -> Iterator[Revision]:
    from scanner.sources.cluster.dump import ClusterDump
    from scanner.sources.cluster.live import LiveCluster
    from scanner.sources.cluster.trimming import Trimming

    for source in sources:
        if isinstance(source, ClusterDump | LiveCluster):
            for page in source.of_types(OWNERS, Trimming(with_status=OWNERS)):
                found = map(revision_of, page.read().resources)
                yield from (one for one in found if one is not None)


def _declared_at(commit: Commit, request: Request, estate: "Estate | None") -> list[Resource]:
    """Return what ``commit`` declares, read as the work tree is."""
    with exported_commit(commit, "what was synced") as tree:
        paths = tuple(tree.local(os.path.abspath(path)) for path in request.paths)
        source = source_of(replace(request, paths=paths), estate, tree.here_there)
        return [resource for page in source.pages() for resource in page.read().resources]


def _told(revisions: Iterable[Revision], trees: Iterable[str]) -> Iterator[LedgerEntry]:
    """Yield what each owner is compared at."""
    known = frozenset(trees)
    for one in revisions:
        kind = one.owner.type.rpartition("/")[2]
        name = f"cluster {one.cluster}: {kind} {one.owner.namespace}/{one.owner.name}"
        at = [id_[:_SHORT] for id_ in one.commits if id_ in known]
        if at:
            reason = f"compared at what it synced, commit {', '.join(at)}"
        elif one.commits:
            reason = f"it synced {one.said}, which is not in this clone (git fetch): compared with the work tree"
        else:
            reason = f"it synced {one.said}, which is no commit: compared with the work tree"
        yield LedgerEntry(name, State.SCANNED, reason)
