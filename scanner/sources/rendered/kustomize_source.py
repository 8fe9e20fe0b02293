"""The Source of overlays: which kustomizations are built, and which files they are made of."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, Source
from scanner.sources.rendered.clusters import Clusters
from scanner.sources.rendered.kustomizations import (
    Kustomization,
    Overlay,
    files_of,
    find_kustomization,
    is_component,
    reach,
    roots_of,
)
from scanner.sources.rendered.kustomize_page import KIND, Build, KustomizePage
from scanner.sources.rendered.objects import Target
from scanner.sources.rendered.tree import Tree, real_paths
from scanner.sources.walk import Found, printable


class KustomizeChoices(NamedTuple):
    """How overlays are built."""

    clusters: Mapping[str, str] = {}
    """Cluster → folder that holds what is deployed to it."""
    default_cluster: str = ""
    inline_exemptions: bool = True


class KustomizeSource(Source):
    """Kustomizations among the files that a walk has found."""

    kind = KIND

    def __init__(
        self,
        files: Sequence[Found],
        *,
        base: str | None = None,
        top: str | None = None,
        choices: KustomizeChoices | None = None,
        requested: Collection[str] | None = None,
        elsewhere: Sequence[Build] = (),
    ) -> None:
        """Take the files that were found; arguments are as of :class:`HelmSource`.

        ``elsewhere`` are builds that files of the tree declare; the folders of those are not built for themselves.
        """
        base = os.path.abspath(base) if base is not None else os.getcwd()
        self._base = base
        self._choices = choices or KustomizeChoices()
        self._clusters = Clusters.of(base, self._choices.clusters, self._choices.default_cluster)
        self._tree = Tree.of(top if top is not None else base, base)
        self._files = real_paths(files)
        self._requested = None if requested is None else frozenset(map(printable, requested))
        self._elsewhere = tuple(elsewhere)
        folders = sorted({os.path.dirname(path) for path in self._files})
        found = (find_kustomization(self._tree, folder) for folder in folders)
        self._kustomizations = [one for one in found if one is not None]

    def pages(self) -> Iterator[Page]:
        """Yield one page for each root, sorted by its folder, and for each build that is declared elsewhere."""
        deployed = {build.overlay.folder for build in self._elsewhere}
        deployed.update(path for build in self._elsewhere for path in build.overlay.resources or ())
        for root in roots_of(self._tree, self._kustomizations):
            if root.folder in deployed:
                continue
            target = Target(self._clusters.at(root.folder))
            build = Build(
                Overlay(root.folder),
                self._tree.shown(root.path),
                target,
                inline_exemptions=self._choices.inline_exemptions,
            )
            yield from self._page(build, self._closure(root))
        for build in self._elsewhere:
            own = find_kustomization(self._tree, build.overlay.folder)
            files = self._closure(own) if own is not None else self._listed(build)
            yield from self._page(build, files)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what is to be said of components that nothing includes."""
        reason = "a component: it is judged with the kustomizations that include it"
        return tuple(
            LedgerEntry(self._tree.shown(one.path), State.SCANNED, reason)
            for one in self._kustomizations
            if is_component(one)
        )

    def claimed(self) -> frozenset[str]:
        """Return the names of the files that are built: no one else is to read them as manifests."""
        claimed = set()
        for one in self._kustomizations:
            claimed |= set(files_of(self._tree, one))
        for build in self._elsewhere:
            claimed |= set(build.overlay.resources or ())
        return frozenset(found.name for path in claimed if (found := self._files.get(path)) is not None)

    def _page(self, build: Build, files: Collection[str]) -> Iterator[Page]:
        found = [self._files[path] for path in files if path in self._files]
        names = {printable(one.name) for one in found}
        if self._requested is None or not self._requested.isdisjoint(names):
            only = None if self._requested is None else self._requested & names
            yield KustomizePage(build, self._tree, sum(one.size_bytes for one in found), only)

    def _listed(self, build: Build) -> frozenset[str]:
        inner = (find_kustomization(self._tree, path) for path in build.overlay.resources or ())
        closures = (self._closure(one) for one in inner if one is not None)
        return frozenset(build.overlay.resources or ()).union(*closures)

    def _closure(self, root: Kustomization) -> frozenset[str]:
        return frozenset(path for one in reach(self._tree, root) for path in files_of(self._tree, one))
