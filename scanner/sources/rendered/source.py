"""The Source of everything that a program renders: GitOps objects, charts and overlays of one tree.

GitOps objects come first: what they deploy is rendered as they say, and not once more for itself.
"""

import os
from collections.abc import Collection, Iterator, Sequence

from scanner.model.ledger import LedgerEntry
from scanner.sources.interface import Page, Source
from scanner.sources.rendered.application_sets import Listing, application_set
from scanner.sources.rendered.argo import GROUP, application
from scanner.sources.rendered.choices import RenderedChoices
from scanner.sources.rendered.clusters import Clusters
from scanner.sources.rendered.declarations import Declared, Resolved, find_declared, find_objects
from scanner.sources.rendered.flux import HELM_RELEASE, KUSTOMIZATION, Flux
from scanner.sources.rendered.helm import Capabilities
from scanner.sources.rendered.helm_source import HelmChoices, HelmSource
from scanner.sources.rendered.inflated import charts_of
from scanner.sources.rendered.kustomizations import find_kustomization, is_kustomization
from scanner.sources.rendered.kustomize_source import KustomizeChoices, KustomizeSource
from scanner.sources.rendered.tree import Tree, real_paths
from scanner.sources.walk import Found, printable

_MANIFESTS = (".yaml", ".yml", ".json")
_VALUES = ("ConfigMap", "Secret")


class RenderedSource(Source):
    """What is rendered from the files that a walk has found."""

    kind = "rendered"

    def __init__(
        self,
        files: Sequence[Found],
        *,
        base: str | None = None,
        top: str | None = None,
        choices: RenderedChoices | None = None,
        requested: Collection[str] | None = None,
    ) -> None:
        """Take the files that were found; those that nothing renders are left alone.

        ``base`` is the folder that names of files are relative to, the working directory where it is not given; nothing
        outside of ``top`` is opened, which is the base where it is not given. ``requested`` are the names of the files
        that the user asked for: what none of them belongs to is not rendered; None for all.
        """
        choices = choices or RenderedChoices()
        base = os.path.abspath(base) if base is not None else os.getcwd()
        self._tree = Tree.of(top if top is not None else base, base)
        self._base = base
        self._clusters = Clusters.of(base, choices.clusters, choices.default_cluster)
        self._paths = sorted(real_paths(found for found in files if found.name.endswith(_MANIFESTS)))
        self._requested = None if requested is None else frozenset(map(printable, requested))
        own = real_paths(found for found in files if is_kustomization(found.name))
        found = (find_kustomization(self._tree, folder) for folder in sorted(set(map(os.path.dirname, own))))
        self._kustomizations = [one for one in found if one is not None]
        resolved = self._resolved() if choices.gitops else Resolved()
        self._entries = resolved.entries
        self._helm = HelmSource(
            files,
            base=base,
            top=top,
            requested=requested,
            elsewhere=resolved.releases,
            inflated=self._inflated() if choices.helm_charts else (),
            choices=HelmChoices(
                choices.releases,
                choices.kube_version,
                choices.api_versions,
                choices.tests,
                choices.clusters,
                choices.default_cluster,
                choices.inline_exemptions,
                choices.alone,
            ),
        )
        charts = self._helm.catalogue if choices.helm_charts else None
        self._kustomize = KustomizeSource(
            files,
            base=base,
            top=top,
            requested=requested,
            elsewhere=resolved.builds,
            of_charts=self._helm.claimed(),
            choices=KustomizeChoices(
                choices.clusters,
                choices.default_cluster,
                choices.inline_exemptions,
                charts,
                Capabilities(choices.kube_version, choices.api_versions),
                choices.alone,
            ),
        )

    def pages(self) -> Iterator[Page]:
        """Yield one page for each release and each overlay."""
        yield from self._helm.pages()
        yield from self._kustomize.pages()

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what is to be said of what is not rendered: charts elsewhere, generators that need a cluster."""
        said = tuple(
            entry
            for entry in self._entries
            if self._requested is None or entry.input.partition("#")[0] in self._requested
        )
        return (*said, *self._helm.entries(), *self._kustomize.entries())

    def claimed(self) -> frozenset[str]:
        """Return the names of the files that no one else is to read as manifests."""
        return self._helm.claimed() | self._kustomize.claimed()

    def _inflated(self) -> frozenset[str]:
        """Return the folders of the charts that kustomizations render."""
        found = self._kustomizations
        return frozenset(chart for one in found for chart in charts_of(self._tree, one.folder, one.data))

    def _resolved(self) -> Resolved:
        declared = [found for found in find_declared(self._tree, self._paths) if "{{" not in found.name]
        if not declared:
            return Resolved()
        asks = any(found.spec.get(field) for found in declared for field in ("valuesFrom", "postBuild"))
        objects = list(find_objects(self._tree, self._paths, _VALUES)) if asks else []
        builds = (found for found in declared if (found.group, found.kind) == KUSTOMIZATION)
        substituting = [found.name for found in builds if found.spec.get("postBuild")]
        flux = Flux(self._tree, objects, substituting, self._kustomizations)
        listing = Listing(self._tree)
        resolved = Resolved()
        for found in declared:
            resolved += self._of(found, flux, listing)
        return resolved

    def _of(self, found: Declared, flux: Flux, listing: Listing) -> Resolved:
        cluster = self._clusters.at(found.path)
        what = (found.group, found.kind)
        if what == HELM_RELEASE:
            return flux.helm_release(found, cluster)
        if what == KUSTOMIZATION:
            return flux.kustomization(found, cluster)
        if what == (GROUP, "Application"):
            return application(self._tree, found, cluster)
        return application_set(listing, found, cluster) if what == (GROUP, "ApplicationSet") else Resolved()
