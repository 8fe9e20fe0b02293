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
from scanner.sources.rendered.helm_source import HelmChoices, HelmSource
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
        resolved = self._resolved() if choices.gitops else Resolved()
        self._entries = resolved.entries
        self._helm = HelmSource(
            files,
            base=base,
            top=top,
            requested=requested,
            elsewhere=resolved.releases,
            choices=HelmChoices(
                choices.releases,
                choices.kube_version,
                choices.api_versions,
                choices.tests,
                choices.clusters,
                choices.default_cluster,
                choices.inline_exemptions,
            ),
        )
        of_charts = self._helm.claimed()
        self._kustomize = KustomizeSource(
            [found for found in files if found.name not in of_charts],
            base=base,
            top=top,
            requested=requested,
            elsewhere=resolved.builds,
            choices=KustomizeChoices(choices.clusters, choices.default_cluster, choices.inline_exemptions),
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

    def _resolved(self) -> Resolved:
        declared = [found for found in find_declared(self._tree, self._paths) if "{{" not in found.name]
        if not declared:
            return Resolved()
        asks = any(found.spec.get(field) for found in declared for field in ("valuesFrom", "postBuild"))
        flux = Flux(self._tree, list(find_objects(self._tree, self._paths, _VALUES)) if asks else [])
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
