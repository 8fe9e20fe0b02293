"""Where in the templates and values of a chart something stands that was rendered from it."""

import os
from collections.abc import Iterator, Mapping, Sequence

from scanner.documents import Document
from scanner.model.location import Location, Origin, Placed, Region, Step
from scanner.model.path import Path, value_at
from scanner.sources.manifest_file import region
from scanner.sources.rendered.charts import Staged, Template, copies, find_template
from scanner.sources.rendered.helm import Release, Rendering
from scanner.sources.rendered.template_lines import Chunk, Line, chunks, lines_of, mark_files, search
from scanner.sources.rendered.tools import Scratch, Tool, run
from scanner.sources.rendered.tree import Tree
from scanner.sources.rendered.value_places import ValuesFile, references, steps


class HelmLocator:
    """Finds the places of what a release has rendered; renders once more, with marks, when it is first asked."""

    def __init__(
        self,
        release: Release,
        tree: Tree,
        staged: Staged,
        rendering: Rendering,
        documents: Mapping[int, Document],
        tool: Tool,
        scratch: Scratch,
    ) -> None:
        self._release = release
        self._tree = tree
        self._staged = staged
        self._rendering = rendering
        self._documents = documents
        self._tool = tool
        self._scratch = scratch
        self._chunks = chunks(rendering.text)
        self._lines: Mapping[int, tuple[Line, ...]] | None = None
        self._texts: dict[str, str] = {}
        self._values: dict[tuple[str, ...], tuple[ValuesFile, ...]] = {}

    def __call__(self, origin: Origin, path: Path) -> Region | Placed | None:
        """Return the place of ``path`` in the Resource with ``origin``."""
        document = self._documents.get(origin.document)
        if document is None:
            return None
        part, template = self._template_at(document.line)
        if part is None or template is None:
            return None
        if template.chart.archived:
            return self._in_archive(template, path)
        found: tuple[Line, ...] = ()
        for length in range(len(path), -1, -1):  # a line that nothing tells stands where what it belongs to stands
            found = self._lines_at(region(document, origin, path[:length]).line, part, template)
            if found:
                break
        chart = os.path.join(template.chart.folder, "")
        primary = next((place for place in found if place.template.startswith(chart)), None)
        location = Location(origin.file, path) if primary is None else self._location(primary, path)
        trail = [Step("written here", self._location(place, path)) for place in found if place != primary][:2]
        trail += self._value_steps(found, template, origin, document, path)
        return Placed(location, (*trail, *self._installed()))

    def line(self, line: int) -> Line | None:
        """Return the line of a template that wrote a rendered line."""
        part, template = self._template_at(line)
        if part is None or template is None or template.chart.archived:
            return None
        return next(iter(self._lines_at(line, part, template)), None)

    def _template_at(self, line: int) -> tuple[Chunk | None, Template | None]:
        part = next((part for part in reversed(self._chunks) if part.first <= line), None)
        return part, find_template(self._staged.chart, part.template) if part is not None else None

    def _lines_at(self, line: int, part: Chunk, template: Template) -> tuple[Line, ...]:
        if template.inside.startswith("crds/"):
            text = self._text(template.path).split("\n")
            number = line - part.first + 1  # Helm writes these files as they are
            if part.lines[number - 1 : number] != tuple(text[number - 1 : number]):
                number = search(part, number - 1, text)
            return (Line(template.path, number),) if number else ()
        if self._lines is None:
            self._lines = self._marked()
        found = self._lines.get(line, ())
        if not found and line - part.first < len(part.lines):
            number = search(part, line - part.first, self._text(template.path).split("\n"))
            found = (Line(template.path, number),) if number else ()
        return found

    def _marked(self) -> Mapping[int, tuple[Line, ...]]:
        names = mark_files(copies(self._staged.chart))
        ran = run(self._tool, self._rendering.arguments, self._scratch)
        if ran.fault:
            return {}
        return lines_of(self._rendering.text, ran.output.decode("utf-8", "replace"), names)

    def _in_archive(self, template: Template, path: Path) -> Placed | None:
        declared = template.chart.declared
        if declared is None:
            return None
        role = f"{os.path.basename(template.chart.folder)} holds {template.inside}, which it is rendered from"
        return Placed(
            declared._replace(path=path), (Step(role, Location(self._tree.shown(template.chart.folder), ())),)
        )

    def _location(self, place: Line, path: Path) -> Location:
        lines = self._text(place.template).split("\n")
        text = lines[place.line - 1].rstrip() if place.line <= len(lines) else ""
        column = len(text) - len(text.lstrip()) + 1
        found = Region(place.line, column, place.line, max(len(text), column) + 1)
        return Location(self._tree.shown(place.template), path, found)

    def _value_steps(
        self, places: Sequence[Line], template: Template, origin: Origin, document: Document, path: Path
    ) -> Iterator[Step]:
        rendered = value_at(document.value, (*origin.base, *path))
        scope = template.scope
        for place in places:
            paths = references(self._text(place.template), place.line)
            found = list(steps(self._tree, paths, self._values_of(scope), scope, path, rendered))
            if found:
                yield from found
                return

    def _values_of(self, scope: tuple[str, ...]) -> tuple[ValuesFile, ...]:
        """Return the files of values that a chart of the release sees, the strongest first."""
        known = self._values.get(scope)
        if known is None:
            known = self._values[scope] = (*self._given(), *self._defaults(scope))
        return known

    def _given(self) -> Iterator[ValuesFile]:
        for values in reversed(self._release.values):
            data = self._tree.mapping(values.path) if values.data is None else values.data
            yield ValuesFile(data, values.path, values.document, values.base)

    def _defaults(self, scope: tuple[str, ...]) -> Iterator[ValuesFile]:
        chart = self._staged.chart
        for depth in range(len(scope) + 1):
            path = os.path.join(chart.folder, "values.yaml")
            yield ValuesFile(self._tree.mapping(path), path, scope=scope[:depth])
            if depth < len(scope):
                chart = chart.children[scope[depth]]

    def _installed(self) -> Iterator[Step]:
        if self._release.declared is not None:
            file, document, path = self._release.declared
            yield Step(f"release {self._release.name} is declared here", self._tree.location(file, path, document))

    def _text(self, path: str) -> str:
        text = self._texts.get(path)
        if text is None:
            data = self._tree.read(path)
            text = data.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(data, bytes) else ""
            self._texts[path] = text
        return text
