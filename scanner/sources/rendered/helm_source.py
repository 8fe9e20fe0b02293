"""The Source of charts: which releases there are, and which files they are made of."""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, Source
from scanner.sources.rendered.charts import CHART, Catalogue, is_of_chart, is_template
from scanner.sources.rendered.choices import ReleaseChoice
from scanner.sources.rendered.clusters import Clusters
from scanner.sources.rendered.helm import Capabilities, Release, Values
from scanner.sources.rendered.helm_page import KIND, HelmPage, HelmSettings
from scanner.sources.rendered.tree import Tree, real_paths
from scanner.sources.walk import Found, printable


class HelmChoices(NamedTuple):
    """How charts are rendered."""

    releases: tuple[ReleaseChoice, ...] = ()
    """A chart that none of them names is rendered once, with its own values."""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    tests: bool = True
    clusters: Mapping[str, str] = {}
    """Cluster → folder that holds what is deployed to it."""
    default_cluster: str = ""
    inline_exemptions: bool = True
    alone: frozenset[str] = frozenset()
    """Names of ``Chart.yaml`` of charts that are rendered with their own values too, whatever else installs them."""


class HelmSource(Source):
    """Charts among the files that a walk has found."""

    kind = KIND

    def __init__(
        self,
        files: Sequence[Found],
        *,
        base: str | None = None,
        top: str | None = None,
        choices: HelmChoices | None = None,
        requested: Collection[str] | None = None,
        elsewhere: Sequence[Release] = (),
        inflated: Collection[str] = (),
    ) -> None:
        """Take the files that were found; those that belong to no chart are left alone.

        ``base`` is the folder that names of files are relative to, the working directory where it is not given; nothing
        outside of ``top`` is opened, which is the base where it is not given. ``requested`` are the names of the files
        that the user asked for: a release that none of them has a part in is not rendered, and where they are all
        templates only what is rendered from them is reported; None for all. ``elsewhere`` are releases that files of
        the tree declare; ``inflated`` are folders of charts that kustomizations render, which are not rendered for
        themselves.
        """
        base = os.path.abspath(base) if base is not None else os.getcwd()
        self._choices = choices or HelmChoices()
        self._clusters = Clusters.of(base, self._choices.clusters, self._choices.default_cluster)
        self._base = base
        self._tree = Tree.of(top if top is not None else base, base)
        self._files = [found._replace(path=path) for path, found in real_paths(files).items()]
        self._requested = None if requested is None else frozenset(map(printable, requested))
        self._asked = [found for found in self._files if self._requested and printable(found.name) in self._requested]
        folders = (os.path.dirname(found.path) for found in self._files if os.path.basename(found.path) == CHART)
        self.catalogue = Catalogue(self._tree, folders)
        self._elsewhere = tuple(elsewhere)
        self._inflated = frozenset(inflated)
        self._entries: list[LedgerEntry] = []

    def pages(self) -> Iterator[Page]:
        """Yield one page for each release, in the order of the charts."""
        releases = self._releases()
        choices = self._choices
        capabilities = Capabilities(choices.kube_version, choices.api_versions, choices.tests)
        settings = HelmSettings(self.catalogue, capabilities, choices.inline_exemptions)
        for folder in sorted(releases):
            shared = len(releases[folder]) > 1
            called: Counter[tuple[str, str, str]] = Counter()
            for release in releases[folder]:
                identity = (release.cluster, release.namespace, release.name)
                called[identity] += 1
                only = self._requested_of(release)
                if only is None or only:
                    files = self._files_of(release)
                    names = [printable(found.name) for found in files]
                    size = sum(found.size_bytes for found in files)
                    numbered = release._replace(shared=shared, number=called[identity])
                    yield HelmPage(numbered, settings, names, size, only)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what is to be said of releases that the configuration names and that have no chart."""
        return tuple(self._entries)

    def claimed(self) -> frozenset[str]:
        """Return the names of the files that charts are made of: no one else is to read them as manifests."""
        folders = set(self.catalogue.folders)
        claimed = set()
        values = {path for choice in self._choices.releases for path in map(self._path, choice.values)}
        for found in self._files:
            if found.path in values or any(is_of_chart(found.path, folder) for folder in _above(found.path, folders)):
                claimed.add(found.name)
        return frozenset(claimed)

    def _releases(self) -> Mapping[str, list[Release]]:
        self._entries = []
        releases: defaultdict[str, list[Release]] = defaultdict(list)
        known = set(self.catalogue.folders)
        for choice in self._choices.releases:
            folder = self._path(choice.chart)
            if folder not in known:
                reason = "cannot render the chart: the configuration names it, and it is not among what is scanned"
                self._entries.append(LedgerEntry(self._tree.shown(folder), State.UNREACHABLE, reason, incomplete=True))
                continue
            name = choice.name or _release_name(folder)
            values = tuple(Values(self._path(path)) for path in choice.values)
            cluster = choice.cluster or self._clusters.at(folder)
            releases[folder].append(Release(folder, name, choice.namespace, cluster, values))
        configured = frozenset(releases)
        for release in self._elsewhere:
            alike = [one for one in releases[release.chart] if one._replace(declared=release.declared) == release]
            if not alike:
                releases[release.chart].append(release)
        own = {folder for folder in self.catalogue.roots() if folder not in releases and folder not in self._inflated}
        own |= {folder for folder in self.catalogue.folders if self._chart(folder) in self._choices.alone} - configured
        for folder in sorted(own):
            # called like the chart and not like its folder: it stays the same where the folder is moved
            named = self._tree.mapping(os.path.join(folder, CHART)).get("name")
            name = _release_name(named if isinstance(named, str) and named else folder)
            releases[folder].append(Release(folder, name, cluster=self._clusters.at(folder)))
        return releases

    def _chart(self, folder: str) -> str:
        return self._tree.shown(os.path.join(folder, CHART))

    def _files_of(self, release: Release) -> list[Found]:
        values = {values.path for values in release.values if values.data is None}
        return [found for found in self._files if found.path in values or is_of_chart(found.path, release.chart)]

    def _requested_of(self, release: Release) -> frozenset[str] | None:
        """Return the requested templates that play a part in ``release``; None where all of it is to be reported."""
        if self._requested is None:
            return None
        deciding = {*(values.path for values in release.values), *release.also}
        deciding |= {release.declared[0]} if release.declared is not None else set()
        reached = self.catalogue.reached(release.chart) if self._asked else frozenset()
        charts = frozenset(self.catalogue.folders)
        templates = set()
        for found in self._asked:
            chart = next(_above(found.path, charts), "")
            if found.path in deciding or (chart in reached and not is_template(found.path, chart)):
                return None
            if chart in reached:
                templates.add(printable(found.name))
        return frozenset(templates)

    def _path(self, path: str) -> str:
        return os.path.realpath(os.path.join(self._base, path))


def _release_name(folder: str) -> str:
    """Return the name of a folder as that of a release: Helm accepts 53 lower-case characters."""
    name = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in os.path.basename(folder).lower()
    )
    return name[:53].strip("-") or "release"


def _above(path: str, folders: Collection[str]) -> Iterator[str]:
    folder = os.path.dirname(path)
    while folder != os.path.dirname(folder):
        if folder in folders:
            yield folder
        folder = os.path.dirname(folder)
