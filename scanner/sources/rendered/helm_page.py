"""One release of a chart as a page: it is rendered, read, and every place taken back to the templates and values."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.documents import Document, read_yaml
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.sources.inline_exemptions import NO_INLINE, InlineExemptions, find_inline
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.kubernetes_objects import KubernetesObject
from scanner.sources.rendered.charts import CHART, Catalogue, Staged, Stager, Template, find_template
from scanner.sources.rendered.helm import Capabilities, Release, Rendering, is_random, render
from scanner.sources.rendered.helm_places import HelmLocator
from scanner.sources.rendered.objects import NO_NAMESPACE, Faulty, Target, read_document
from scanner.sources.rendered.post_renderers import Fault, PostLocator, is_post_rendered, post_rendered
from scanner.sources.rendered.template_lines import Chunk, chunks
from scanner.sources.rendered.tools import Missing, Scratch, Tool, find_tool, run
from scanner.sources.rendered.tree import TooMuch, Tree

KIND = "helm"
_NAMESPACE_UNKNOWN = Unknown("the namespace of the release is not configured", "helm.releases")


class HelmSettings(NamedTuple):
    """What all releases of a Source share; picklable."""

    catalogue: Catalogue
    capabilities: Capabilities
    inline_exemptions: bool = True


class HelmPage(Page):
    """One release."""

    def __init__(
        self,
        release: Release,
        settings: HelmSettings,
        files: Sequence[str],
        size_bytes: int = 0,
        requested: frozenset[str] | None = None,
    ) -> None:
        """Take the release, and the files (as reports print them) that the ledger has to account for.

        ``requested`` are templates that the user asked for: only what is rendered from them is reported; None for all.
        """
        self._requested = requested
        self._release = release
        self._settings = settings
        self._files = tuple(files)
        self._size_bytes = size_bytes
        self._locator: Locator | None = None

    def __getstate__(self) -> tuple[Release, HelmSettings, tuple[str, ...], int, frozenset[str] | None]:
        return self._release, self._settings, self._files, self._size_bytes, self._requested

    def __setstate__(self, state: tuple[Release, HelmSettings, tuple[str, ...], int, frozenset[str] | None]) -> None:
        self._release, self._settings, self._files, self._size_bytes, self._requested = state
        self._locator = None

    @property
    def name(self) -> str:
        """The chart as reports print it, with the release where there are several or an object declares it."""
        name = self._settings.catalogue.tree.shown(os.path.join(self._release.chart, CHART))
        release = self._release
        if not release.shared and release.declared is None:
            return name
        number = f"~{release.number}" if release.number > 1 else ""
        return f"{name}#{'/'.join((*filter(None, (release.cluster, release.namespace)), release.name))}{number}"

    @property
    def size_bytes(self) -> int:
        """Size of its files, as far as the walk has seen them."""
        return self._size_bytes

    def read(self) -> PageContent:
        """Render the release and read what comes out."""
        self._locator = None
        tree = self._settings.catalogue.tree
        chart = tree.shown(os.path.join(self._release.chart, CHART))
        tool = find_tool("helm")
        if isinstance(tool, Missing):
            return PageContent(entries=(LedgerEntry(chart, State.UNSUPPORTED, tool.reason, incomplete=True),))
        if tree.mapping(os.path.join(self._release.chart, CHART)).get("type") == "library":
            reason = "a library chart: it is judged with the charts that use it"
            return PageContent(entries=self._accounted([LedgerEntry(chart, State.SCANNED, reason)], Counter()))
        for values in self._release.values:
            if values.data is None and not (tree.holds(values.path) and os.path.isfile(values.path)):
                why = "is not there" if tree.holds(values.path) else "lies outside of the tree"
                reason = f"cannot render the chart: values file {tree.shown(values.path)} {why}"
                return PageContent(entries=(LedgerEntry(chart, State.UNPARSED, reason, incomplete=True),))
        scratch = Scratch()
        try:
            staged = self._stage(scratch)
        except TooMuch as error:
            reason = f"cannot render the chart: {error}"
            return PageContent(entries=(LedgerEntry(chart, State.UNPARSED, reason, incomplete=True),))
        rendering = render(tool, self._release, staged, self._settings.capabilities, scratch)
        return self._content(tool, staged, rendering, scratch)

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator

    def _stage(self, scratch: Scratch) -> Staged:
        tree = self._settings.catalogue.tree
        values: dict[str, Any] = {}
        for one in self._release.values:
            values.update(tree.mapping(one.path) if one.data is None else one.data)
        return Stager(self._settings.catalogue, values).stage(self._release.chart, os.path.join(scratch.path, "chart"))

    def _content(self, tool: Tool, staged: Staged, rendering: Rendering, scratch: Scratch) -> PageContent:
        again = ""
        if rendering.text and is_random(staged.path):
            again = run(tool, rendering.arguments, scratch).output.decode("utf-8", "replace")
        tree = self._settings.catalogue.tree
        read = _Reader(self.name, self._release, staged, tree).read(rendering.text, again)
        places = HelmLocator(self._release, tree, staged, rendering, read.documents, tool, scratch)
        self._locator = places
        if read.changed and self._release.declared is not None:
            declared = (tree, *self._release.declared[:2])
            after = {index: document.value for index, document in read.documents.items()}
            self._locator = PostLocator(places, read.changed, after, self._release.post, declared)
        inline = self._inline(rendering.text, read, places)
        entries = [*self._faults(rendering, staged, read), *read.faults]
        if self._requested is not None and rendering.text:  # the requested ones were rendered without the others
            entries = [one for one in entries if one.input in (*self._requested, read.chart)]
        return PageContent(
            tuple(one for one in read.resources if self._is_asked_for(one)),
            self._accounted(entries, read.counts),
            inline.exemptions,
            (*self._notes(staged, rendering), *inline.notes),
        )

    def _is_asked_for(self, resource: Resource) -> bool:
        return self._requested is None or resource.origin.file in self._requested

    def _inline(self, text: str, read: "_Read", places: HelmLocator) -> InlineExemptions:
        """Return the exemptions in templates, at their lines there."""
        if not self._settings.inline_exemptions or "bulkhead" not in text:
            return NO_INLINE
        found = find_inline(text, self.name, tuple(read.documents.values()), read.resources)
        exemptions = []
        for exemption in found.exemptions:
            line = places.line(exemption.line or 0)
            file, number = (line.template, line.line) if line is not None else ("", exemption.line)
            name = self._settings.catalogue.tree.shown(file) if file else self.name
            from dataclasses import replace

            exemptions.append(replace(exemption, id=f"inline:{name}:{number}", file=name, line=number))
        notes = []
        for note in found.notes:
            line = places.line(note.line or 0)
            if line is not None:
                shown = self._settings.catalogue.tree.shown(line.template)
                note = note._replace(input=shown, line=line.line, column=None)
            notes.append(note)
        return InlineExemptions(tuple(exemptions), tuple(notes))

    def _faults(self, rendering: Rendering, staged: Staged, read: "_Read") -> Iterator[LedgerEntry]:
        tree = self._settings.catalogue.tree
        chart = tree.shown(os.path.join(self._release.chart, CHART))
        release = f" (release {self._release.name})" if self._release.shared else ""
        for fault in rendering.faults:
            file = tree.shown(fault.file) if fault.file else chart
            yield LedgerEntry(file, State.UNPARSED, fault.reason + release, fault.line, fault.column, incomplete=True)
        for lacking in staged.lacking:
            if lacking.enabled:
                where = lacking.where.region
                reason = f"dependency {lacking.name} is not in the tree: vendor it with helm dependency build"
                line, column = (where.line, where.column) if where else (None, None)
                yield LedgerEntry(lacking.where.file, State.PARTIAL, reason, line, column, incomplete=True)
        if rendering.text and not read.resources and not read.faults:
            yield LedgerEntry(chart, State.SCANNED, "nothing is rendered from it with the values given")

    def _notes(self, staged: Staged, rendering: Rendering) -> Iterator[LedgerEntry]:
        chart = self._settings.catalogue.tree.shown(os.path.join(self._release.chart, CHART))
        for note in staged.notes:
            yield LedgerEntry(chart, State.SCANNED, note)
        if rendering.noise and rendering.text:
            yield LedgerEntry(chart, State.SCANNED, f"helm says: {rendering.noise}")

    def _accounted(self, entries: list[LedgerEntry], counts: "Counter[str]") -> tuple[LedgerEntry, ...]:
        said = {entry.input for entry in entries}
        files = [file for file in dict.fromkeys((*self._files, *counts)) if file not in said]
        if self._requested is not None:  # the others are read for these alone
            files = [file for file in files if file in self._requested]
        rest = [LedgerEntry(file, State.SCANNED, resources=counts[file]) for file in files]
        with_counts = []
        for entry in entries:
            count = counts.pop(entry.input, 0) if entry.input in said else 0
            state = State.PARTIAL if count and entry.state is State.UNPARSED else entry.state
            with_counts.append(entry._replace(resources=entry.resources + count, state=state))
        return (*with_counts, *rest)


class _Read(NamedTuple):
    """What a rendering holds."""

    resources: list[Resource]
    documents: Mapping[int, Document]
    faults: list[LedgerEntry]
    counts: "Counter[str]"
    """Resources by file."""
    chart: str
    """Name of its ``Chart.yaml``."""
    changed: Mapping[int, Any]
    """What the objects were that post renderers have had, by index of the document."""


class _Reader:
    """Reads what Helm has rendered."""

    def __init__(self, page: str, release: Release, staged: Staged, tree: Tree) -> None:
        self._page = page
        self._release = release
        self._staged = staged
        self._tree = tree
        self._ordinals: Counter[tuple[str, str]] = Counter()

    def read(self, text: str, again: str) -> _Read:
        """Return what ``text`` holds; ``again`` is another rendering of the same, where it may differ."""
        parts = chunks(text)
        stream = read_yaml(text)
        others = {document.index: document.value for document in read_yaml(again).documents} if again else {}
        resources: list[Resource] = []
        faults: list[LedgerEntry] = []
        changed = self._post_rendered(stream.documents, others, parts, faults) if self._release.post else {}
        current = 0
        unknown = None if self._release.namespace else _NAMESPACE_UNKNOWN
        target = Target(self._release.cluster, self._release.namespace, unknown)
        stand_ins = {} if self._release.namespace else {NO_NAMESPACE: _NAMESPACE_UNKNOWN}
        for document in stream.documents:
            while current + 1 < len(parts) and parts[current + 1].first <= document.line:
                current += 1
            template = find_template(self._staged.chart, parts[current].template) if parts else None
            made, wrong = read_document(
                document,
                target,
                lambda found, template=template, index=document.index: self._origin(found, template, index),  # type: ignore[misc]
                again=others.get(document.index),
                stand_ins=stand_ins,
            )
            resources += made
            faults += (self._fault(fault, template) for fault in wrong)
        for problem in stream.problems:
            reason = f"cannot read what is rendered from the chart: {problem.reason}"
            faults.append(LedgerEntry(self._chart, State.PARTIAL, reason, incomplete=True))
        counts = Counter(resource.origin.file for resource in resources)
        documents = {document.index: document for document in stream.documents}
        return _Read(resources, documents, faults, counts, self._chart, changed)

    def _post_rendered(
        self,
        documents: Sequence[Document],
        others: dict[int, Any],
        parts: Sequence[Chunk],
        faults: list[LedgerEntry],
    ) -> Mapping[int, Any]:
        """Put what post renderers make of objects in their place, and return what those were."""
        seen = {}
        for document in documents:
            part = next((one for one in reversed(parts) if one.first <= document.line), None)
            template = find_template(self._staged.chart, part.template) if part is not None else None
            if is_post_rendered(document.value, template.inside if template is not None else ""):
                seen[document.index] = document.value
        found = post_rendered(seen, self._release.post)
        if isinstance(found, Fault):
            faults.append(self._not_applied(found))
            return {}
        for document in documents:
            if document.index in seen:
                document.value = found.get(document.index)
        again = {index: others[index] for index in seen if isinstance(others.get(index), dict)}
        if again:
            other = post_rendered(again, self._release.post)
            others.update(other if not isinstance(other, Fault) else {})
        return seen

    def _not_applied(self, fault: Fault) -> LedgerEntry:
        file, document, at = self._release.declared or (self._chart, 0, ())
        place = self._tree.location(file, (*at, "postRenderers"), document)
        line, column = place.region[:2] if place.region else (None, None)
        reason = f"postRenderers are not applied to what {self._chart} renders: {fault.reason}"
        return LedgerEntry(place.file, State.PARTIAL, reason, line, column, incomplete=True)

    @property
    def _chart(self) -> str:
        return self._tree.shown(os.path.join(self._release.chart, CHART))

    def _fault(self, fault: Faulty, template: Template | None) -> LedgerEntry:
        file = self._file(template)
        if fault.malformed:
            return LedgerEntry(file, State.PARTIAL, f"what is rendered: {fault.reason}", incomplete=True)
        return LedgerEntry(file, State.UNSUPPORTED, fault.reason)

    def _file(self, template: Template | None) -> str:
        if template is None:
            return self._chart
        declared = template.chart.declared
        return declared.file if template.chart.archived and declared else self._tree.shown(template.path)

    def _origin(self, found: KubernetesObject, template: Template | None, index: int) -> Origin:
        declared = ""
        if self._release.shared and template is not None:
            place = f"{template.chart.name}/{template.inside}", found.type
            declared = f"{place[0]}:{found.type}#{self._ordinals[place]}"
            self._ordinals[place] += 1
        address = self._release.name if self._release.shared else ""
        return Origin(KIND, self._file(template), index, found.base, address, page=self._page, declared=declared)
