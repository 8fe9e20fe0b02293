"""The Source of overlays: which kustomizations are built, and which files they are made of."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, Source
from scanner.sources.rendered.charts import Catalogue
from scanner.sources.rendered.clusters import Clusters
from scanner.sources.rendered.helm import Capabilities
from scanner.sources.rendered.inflated import charts_of
from scanner.sources.rendered.kustomizations import (
    Kustomization,
    Overlay,
    components,
    files_of,
    find_kustomization,
    included,
    is_component,
    reach,
    roots_of,
)
from scanner.sources.rendered.kustomize_page import KIND, Build, KustomizePage, KustomizeSettings
from scanner.sources.rendered.objects import Target
from scanner.sources.rendered.tree import Tree, real_paths
from scanner.sources.walk import Found, is_inside, printable

_INCLUDED = (State.SCANNED, "a component: it is judged with the kustomizations that include it")
_ALONE = (State.UNSUPPORTED, "a component that no kustomization here includes: nothing is built from it")


class KustomizeChoices(NamedTuple):
    """How overlays are built."""

    clusters: Mapping[str, str] = {}
    """Cluster → folder that holds what is deployed to it."""
    default_cluster: str = ""
    inline_exemptions: bool = True
    charts: Catalogue | None = None
    """Charts that ``helmCharts`` may name; None where they are not rendered."""
    capabilities: Capabilities = Capabilities()
    alone: frozenset[str] = frozenset()
    """Names of kustomizations that are built for themselves too, whatever else includes or deploys them."""


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
        of_charts: Collection[str] = (),
    ) -> None:
        """Take the files that were found; arguments are as of :class:`HelmSource`.

        ``elsewhere`` are builds that files of the tree declare; the folders of those are not built for
        themselves. ``of_charts`` are names of files that charts are made of: no kustomization is looked for there.
        """
        base = os.path.abspath(base) if base is not None else os.getcwd()
        self._base = base
        self._choices = choices or KustomizeChoices()
        self._clusters = Clusters.of(base, self._choices.clusters, self._choices.default_cluster)
        self._tree = Tree.of(top if top is not None else base, base)
        self._settings = KustomizeSettings(self._tree, self._choices.charts, self._choices.capabilities)
        self._files = real_paths(files)
        self._requested = None if requested is None else frozenset(map(printable, requested))
        self._elsewhere = tuple(elsewhere)
        folders = sorted({os.path.dirname(path) for path, one in self._files.items() if one.name not in of_charts})
        found = (find_kustomization(self._tree, folder) for folder in folders)
        self._kustomizations = [one for one in found if one is not None]

    def pages(self) -> Iterator[Page]:
        """Yield one page for each root, sorted by its folder, and for each build that is declared elsewhere."""
        deployed = {build.overlay.folder for build in self._elsewhere}
        deployed.update(path for build in self._elsewhere for path in build.overlay.resources or ())
        roots = [root for root in roots_of(self._tree, self._kustomizations) if root.folder not in deployed]
        kept = (one for one in self._kustomizations if self._tree.shown(one.path) in self._choices.alone)
        for root in sorted({one.path: one for one in (*roots, *kept)}.values()):
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
        """Return what is to be said of components, and of the files of those from which nothing is built."""
        inner = {folder for one in self._kustomizations for folder in included(self._tree, one)}
        inner.update(folder for build in self._elsewhere for folder in components(self._tree, build.overlay))
        said: dict[str, LedgerEntry] = {}
        for one in filter(is_component, self._kustomizations):
            for path in (one.path,) if one.folder in inner else files_of(self._tree, one):
                name = self._tree.shown(path)
                said[name] = LedgerEntry(name, *(_INCLUDED if one.folder in inner else _ALONE))
        return tuple(entry for name, entry in said.items() if self._requested is None or name in self._requested)

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
        size = sum(one.size_bytes for one in found)
        only = None if self._requested is None else self._requested.intersection(self._parts(build, files))
        if only is None or only:
            yield KustomizePage(build, self._settings, size, only)

    def _parts(self, build: Build, files: Collection[str]) -> Iterator[str]:
        """Yield the names of the files that play a part in a build."""
        declared = () if build.declared is None else (build.declared[0],)
        for path in (*files, *declared, *build.substitution.files, *build.also):
            if path in self._files:
                yield printable(self._files[path].name)

    def _listed(self, build: Build) -> frozenset[str]:
        inner = (find_kustomization(self._tree, path) for path in build.overlay.resources or ())
        closures = (self._closure(one) for one in inner if one is not None)
        return frozenset(build.overlay.resources or ()).union(*closures)

    def _closure(self, root: Kustomization) -> frozenset[str]:
        reached = reach(self._tree, root)
        files = frozenset(path for one in reached for path in files_of(self._tree, one))
        charts = self._choices.charts
        if charts is None:
            return files
        folders = {folder for one in reached for folder in charts_of(self._tree, one.folder, one.data)}
        inside = {part for folder in folders for part in charts.reached(folder)}
        return files.union(path for path in self._files if any(is_inside(path, folder) for folder in inside))
