"""One overlay as a page: it is built, read, and every place taken back to resource files, patches and fields."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.documents import read_yaml
from scanner.model.exemption import Exemption
from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Origin, Step
from scanner.model.path import Path
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.sources.interface import Locator, Page, PageContent
from scanner.sources.rendered.charts import Catalogue
from scanner.sources.rendered.helm import Capabilities, is_random
from scanner.sources.rendered.kustomizations import Overlay, find_kustomization
from scanner.sources.rendered.kustomize_places import ORIGIN, Finder, KustomizeLocator, Source
from scanner.sources.rendered.objects import Target, read_document
from scanner.sources.rendered.overlay_copy import Built, stage
from scanner.sources.rendered.tools import Missing, Ran, Scratch, Tool, find_tool, run
from scanner.sources.rendered.tree import TooMuch, Tree

KIND = "kustomize"

_QUOTED = re.compile(r"(?:'|\"|\[|path\()([^'\"\[\]()\s]+)(?:'|\"|\]|\))")
_VARIABLE = re.compile(r"(?P<escape>\$?)\$\{(?P<name>[A-Za-z_]\w*)(?P<rest>[^}]*)\}")
_DEFAULT = re.compile(r":?[=-](?P<text>.*)", re.DOTALL)
_BETWEEN = re.compile(r"(?m)^(---[^\n]*\n)")
_NOT_SUBSTITUTED = re.compile(r"kustomize\.toolkit\.fluxcd\.io/substitute:\s*[\"']?disabled\b")


class Substitution(NamedTuple):
    """Variables that are replaced in what was built, as Flux does it."""

    values: Mapping[str, str] = {}
    unknown: Mapping[str, str] = {}
    """Name → why it is not known."""
    on: bool = False
    files: tuple[str, ...] = ()
    """Absolute paths of the files that the variables are taken from."""


class Build(NamedTuple):
    """One overlay that is built; picklable."""

    overlay: Overlay
    name: str
    """Of the page."""
    target: Target = Target()
    declared: tuple[str, int, Path] | None = None
    """File, document and path that say that it is deployed; None where nothing does."""
    substitution: Substitution = Substitution()
    inline_exemptions: bool = True
    also: tuple[str, ...] = ()
    """Absolute paths of further files that have a say in it, such as those a generator takes parameters from."""


class KustomizeSettings(NamedTuple):
    """What all overlays of a Source share; picklable."""

    tree: Tree
    charts: Catalogue | None = None
    """Charts that ``helmCharts`` may name; None where they are not rendered."""
    capabilities: Capabilities = Capabilities()
    """What their templates are told of the cluster."""


class KustomizePage(Page):
    """One overlay."""

    def __init__(
        self, build: Build, settings: KustomizeSettings, size_bytes: int = 0, requested: frozenset[str] | None = None
    ) -> None:
        """Take what is built. ``requested`` are the files that the user asked for and that play a part, None for all.

        Where they are all files of resources, only what is built from them is reported.
        """
        self._requested = requested
        self._build = build
        self._settings = settings
        self._tree = settings.tree
        self._size_bytes = size_bytes
        self._locator: Locator | None = None

    def __getstate__(self) -> tuple[Build, KustomizeSettings, int, frozenset[str] | None]:
        return self._build, self._settings, self._size_bytes, self._requested

    def __setstate__(self, state: tuple[Build, KustomizeSettings, int, frozenset[str] | None]) -> None:
        self._build, self._settings, self._size_bytes, self._requested = state
        self._tree = self._settings.tree
        self._locator = None

    @property
    def name(self) -> str:
        """The kustomization as reports print it, with what deploys it where that is known."""
        return self._build.name

    @property
    def size_bytes(self) -> int:
        """Size of its files, as far as the walk has seen them."""
        return self._size_bytes

    def read(self) -> PageContent:
        """Build the overlay and read what comes out."""
        self._locator = None
        tool = find_tool("kustomize")
        if isinstance(tool, Missing):
            return self._nothing(State.UNSUPPORTED, tool.reason)
        scratch = Scratch()
        try:
            built = stage(self._tree, self._build.overlay, scratch.folder("tree"), self._settings.charts)
            helm = find_tool("helm") if built.charts else None
            if isinstance(helm, Missing):
                return self._nothing(State.UNSUPPORTED, helm.reason)
            ran = self._run(tool, helm, built, scratch)
            is_again = not ran.fault and any(map(is_random, built.charts))
            again = self._run(tool, helm, built, scratch) if is_again else None
        except TooMuch as error:
            return self._nothing(State.UNPARSED, f"cannot build the kustomization: {error}")
        finally:
            scratch.remove()
        if ran.fault:
            return PageContent(entries=(*self._refusals(built), self._fault(built, ran.errors, ran.fault)))
        return self._content(built, _text(ran), _text(again) if again is not None else "")

    def _run(self, tool: Tool, helm: Tool | None, built: Built, scratch: Scratch) -> Ran:
        arguments = ["build", built.path] if tool.command[1:] == () else [built.path]
        if helm is not None:
            asked = self._settings.capabilities
            arguments += ["--enable-helm", "--helm-command", helm.command[0]]
            arguments += ["--helm-kube-version", asked.kube_version] if asked.kube_version else []
            for version in asked.api_versions:
                arguments += ["--helm-api-versions", version]
        return run(tool, arguments, scratch)

    def locator(self) -> Locator:
        """Hand over what finds the places of the last read; the page keeps nothing."""
        locator, self._locator = self._locator, None
        return super().locator() if locator is None else locator

    @property
    def _file(self) -> str:
        found = find_kustomization(self._tree, self._build.overlay.folder)
        return self._tree.shown(found.path) if found is not None else self._tree.shown(self._build.overlay.folder)

    def _nothing(self, state: State, reason: str) -> PageContent:
        return PageContent(entries=(LedgerEntry(self._file, state, reason, incomplete=True),))

    def _content(self, built: Built, text: str, again: str) -> PageContent:
        substitution = self._build.substitution
        if substitution.on:
            text, stand_ins = _substituted(text, substitution)
            again, _ = _substituted(again, substitution)
        else:
            stand_ins = {}
        stream = read_yaml(text)
        others = {document.index: document.value for document in read_yaml(again).documents} if again else {}
        finder = Finder(self._tree, self._build.overlay.folder, built.reached)
        resources: list[Resource] = []
        entries: list[LedgerEntry] = [*self._refusals(built)]
        sources: dict[int, Source] = {}
        for document in stream.documents:
            if not isinstance(document.value, dict):
                continue
            document.value, said = _without_origin(document.value)
            other = others.get(document.index)
            sources[document.index] = finder.source(document.value, said)
            file = self._tree.shown(sources[document.index].path)
            made, faults = read_document(
                document,
                self._build.target,
                lambda found, file=file, index=document.index: Origin(  # type: ignore[misc]
                    KIND, file, index, found.base, page=self.name
                ),
                again=_without_origin(other)[0] if isinstance(other, dict) else None,
                stand_ins=stand_ins,
            )
            resources += made
            for fault in faults:
                state = State.PARTIAL if fault.malformed else State.UNSUPPORTED
                entries.append(LedgerEntry(file, state, fault.reason, incomplete=fault.malformed))
        entries += (
            LedgerEntry(self._file, State.PARTIAL, f"cannot read what is built: {problem.reason}", incomplete=True)
            for problem in stream.problems
        )
        documents = {document.index: document for document in stream.documents}
        self._locator = KustomizeLocator(finder, documents, sources, tuple(self._installed()))
        exemptions = tuple(self._exemptions(finder, resources, sources)) if self._build.inline_exemptions else ()
        only = self._requested
        if only is not None and not only <= {one.origin.file for one in resources}:
            only = None  # a patch, a field of a kustomization: what it decides may be anywhere in what is built
        asked_for = tuple(one for one in resources if only is None or one.origin.file in only)
        accounted = self._accounted(built, entries, resources)
        if only is not None:  # the others are read for these alone
            accounted = tuple(one for one in accounted if one.input in only or one.incomplete)
        return PageContent(asked_for, accounted, exemptions)

    def _installed(self) -> Iterator[Step]:
        if self._build.declared is not None:
            file, document, path = self._build.declared
            yield Step("deployed from here", self._tree.location(file, path, document))

    def _refusals(self, built: Built) -> Iterator[LedgerEntry]:
        for kustomization in built.reached:
            for problem in self._tree.stream(kustomization.path).problems[:1]:
                reason = f"cannot build the kustomization: {problem.reason}"
                file = self._tree.shown(kustomization.path)
                yield LedgerEntry(file, State.UNPARSED, reason, problem.line, problem.column, incomplete=True)
        for refused in built.refused:
            location = self._tree.location(refused.file, refused.at)
            line, column = location.region[:2] if location.region else (None, None)
            yield LedgerEntry(location.file, State.PARTIAL, refused.reason, line, column, incomplete=True)

    def _fault(self, built: Built, errors: str, ended: str) -> LedgerEntry:
        start = errors.rfind("Error:")
        message = re.sub(r"\s+", " ", errors[start:].removeprefix("Error:")).strip() if start >= 0 else ended
        message = re.sub(r"/[^\s'\"]*?bulkhead-render-[^/\s'\"]+/tree/?", "", message)
        reason = f"cannot build the kustomization: {message if len(message) <= 400 else message[:397] + '...'}"
        # the innermost name comes last; the folder that was built is in every message and tells nothing
        for name in reversed(_QUOTED.findall(message)):
            for kustomization in built.reached:
                folder = os.path.relpath(kustomization.folder, self._tree.top)
                at = _find_text(kustomization.data, {name, os.path.relpath(name, folder)})
                if at:
                    location = self._tree.location(kustomization.path, at)
                    line, column = location.region[:2] if location.region else (None, None)
                    return LedgerEntry(location.file, State.UNPARSED, reason, line, column, incomplete=True)
        return LedgerEntry(self._file, State.UNPARSED, reason, incomplete=True)

    def _accounted(
        self, built: Built, entries: list[LedgerEntry], resources: list[Resource]
    ) -> tuple[LedgerEntry, ...]:
        counts = Counter(resource.origin.file for resource in resources)
        said = {entry.input for entry in entries}
        files = [self._tree.shown(path) for path in built.files if path.endswith((".yaml", ".yml", ".json"))]
        rest = [
            LedgerEntry(file, State.SCANNED, resources=counts[file])
            for file in dict.fromkeys((*files, *counts))
            if file not in said
        ]
        counted = [one._replace(resources=one.resources + counts.pop(one.input, 0)) for one in entries]
        return (*counted, *rest)

    def _exemptions(
        self, finder: Finder, resources: list[Resource], sources: Mapping[int, Source]
    ) -> Iterator[Exemption]:
        """Yield the exemptions that stand in the resource files, for what is built from them."""
        from dataclasses import replace

        from scanner.documents import DEFAULT_LIMITS
        from scanner.sources.manifest_file import FileContext, read_manifest

        built = {(sources[one.origin.document][:3]): one for one in resources}
        for path in dict.fromkeys(source.path for source in sources.values()):
            data = self._tree.read(path)
            if not isinstance(data, bytes) or b"bulkhead" not in data:
                continue
            context = FileContext(self._tree.shown(path), "", _nowhere, DEFAULT_LIMITS, True)
            content, _ = read_manifest(data, context)
            there = {one.key: (path, one.origin.document, one.origin.base) for one in content.resources}
            for exemption in content.exemptions:
                resource = built.get(there.get(exemption.resource, ("", 0, ())))
                if resource is not None:
                    yield replace(exemption, resource=resource.key)


def _text(ran: Ran) -> str:
    return ran.output.decode("utf-8", "replace")


def _nowhere(origin: Origin, path: Path) -> None:
    return None


def _without_origin(value: Any) -> tuple[dict[str, Any], Any]:
    """Return an object without the annotation that says what it was built from, and the annotation."""
    metadata = value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict) or ORIGIN not in annotations:
        return value, None
    left = {key: item for key, item in annotations.items() if key != ORIGIN}
    kept = {key: item for key, item in metadata.items() if key != "annotations"}
    return {**value, "metadata": {**kept, "annotations": left} if left else kept}, annotations[ORIGIN]


def _substituted(text: str, substitution: Substitution) -> tuple[str, Mapping[str, Unknown]]:
    """Return ``text`` with variables replaced, and the texts that stand for what they are not known to be.

    Objects may say that nothing is to be replaced in them; ``$${`` stands for ``${``.
    """
    stand_ins: dict[str, Unknown] = {}

    def replaced(match: re.Match[str]) -> str:
        name, rest = match["name"], match["rest"]
        if match["escape"]:
            return match[0][1:]
        default = _DEFAULT.fullmatch(rest)
        if not rest or default is not None:
            if name in substitution.values:
                return substitution.values[name]
            if default is not None and name not in substitution.unknown:
                return default["text"]
            stand_in = f"variable-{name}-has-no-value"
            reason = substitution.unknown.get(name, f"variable {name} has no value")
        else:
            stand_in = f"expression-of-{name}-{len(stand_ins)}-is-not-evaluated"
            reason = f"{match[0]} is not evaluated"
        stand_ins[stand_in] = Unknown(reason, name)
        return stand_in

    parts = _BETWEEN.split(text)
    return "".join(
        part if _NOT_SUBSTITUTED.search(part) else _VARIABLE.sub(replaced, part) for part in parts
    ), stand_ins


def _find_text(value: Any, wanted: Collection[str], at: Path = ()) -> Path:
    if isinstance(value, dict):
        return next((found for key, item in value.items() if (found := _find_text(item, wanted, (*at, key)))), ())
    if isinstance(value, list):
        return next(
            (found for index, item in enumerate(value) if (found := _find_text(item, wanted, (*at, index)))), ()
        )
    return at if isinstance(value, str) and value in wanted else ()
