"""Charts of Helm as they lie in the tree: which there are, what they depend on, and a copy of one that renders.

A dependency that is vendored is used as it is. One that is elsewhere in the tree is copied to where Helm looks for it;
one that is nowhere is left out of the copy, so that the rest is judged, and named.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.model.location import Location
from scanner.sources.rendered.template_lines import is_helper
from scanner.sources.rendered.tree import Copier, Tree
from scanner.sources.rendered.versions import matches

CHART = "Chart.yaml"
REQUIREMENTS = "requirements.yaml"
"""Where charts of ``apiVersion: v1`` name their dependencies."""
SCHEMA = "values.schema.json"

_METADATA = frozenset((CHART, "Chart.lock", REQUIREMENTS, "requirements.lock", "values.yaml", SCHEMA))
_FOLDERS = ("templates", "crds", "charts")
_MAX_DEPTH = 8
_ARCHIVE = re.compile(r"(?P<name>.+?)-v?\d+\.\d+[^/]*\.tgz\Z")
_REMOTE_REFERENCE = re.compile(rb'"\$ref"\s*:\s*"[^#"]')


class Chart(NamedTuple):
    """A chart, and the charts in it by the name that Helm gives them."""

    name: str
    folder: str
    """Absolute path in the tree; of a chart in an archive that of its archive."""
    children: Mapping[str, "Chart"]
    declared: Location | None = None
    """Where the parent names it; None for a chart that is no dependency."""
    archived: bool = False
    copy: str = ""
    """Path of its copy."""


class Lacking(NamedTuple):
    """A dependency that is not in the tree."""

    name: str
    where: Location
    enabled: bool


class Staged(NamedTuple):
    """A chart that is ready to be rendered."""

    chart: Chart
    path: str
    """Of the copy."""
    lacking: tuple[Lacking, ...]
    notes: tuple[str, ...]
    """What was done to it, in words."""
    has_foreign_schema: bool
    """Whether a schema for values refers to what is not in it."""


class Template(NamedTuple):
    """A template by the name that Helm gives it."""

    chart: Chart
    inside: str
    """Path in its chart, with ``/`` between parts."""
    scope: tuple[str, ...]
    """Where the values of its chart are in those of the release."""

    @property
    def path(self) -> str:
        """Absolute path of the file; of a chart in an archive that of its archive."""
        return self.chart.folder if self.chart.archived else os.path.join(self.chart.folder, self.inside)


def find_template(chart: Chart, name: str) -> Template | None:
    """Return the template that Helm calls ``name`` in a rendering of ``chart``."""
    first, *parts = name.split("/")
    if first != chart.name:
        return None
    scope: list[str] = []
    while len(parts) > 2 and parts[0] == "charts" and not chart.archived:
        child = chart.children.get(parts[1])
        if child is None:
            return None
        chart, parts = child, parts[2:]
        scope.append(name.split("/")[2 * len(scope) + 2])
    return Template(chart, "/".join(parts), tuple(scope))


def copies(chart: Chart) -> Iterator[tuple[str, str]]:
    """Yield the templates of a staged chart and of the charts in it: the file, and its copy."""
    folder = os.path.join(chart.copy, "templates")
    for above, _, names in os.walk(folder if chart.copy else ""):
        for name in sorted(names):
            path = os.path.join(above, name)
            yield os.path.join(chart.folder, os.path.relpath(path, chart.copy)), path
    seen: set[str] = set()
    for child in chart.children.values():
        if not child.archived and child.copy not in seen:
            seen.add(child.copy)
            yield from copies(child)


class Catalogue:
    """The charts of a tree by folder, and by name for what depends on them. Picklable."""

    def __init__(self, tree: Tree, folders: Iterable[str]) -> None:
        self.tree = tree
        self.folders = tuple(sorted(folders))
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        for folder in self.folders:
            metadata = tree.mapping(os.path.join(folder, CHART))
            name, version = metadata.get("name"), metadata.get("version")
            if isinstance(name, str):
                self._by_name.setdefault(name, []).append((folder, str(version or "")))

    def roots(self) -> Iterator[str]:
        """Yield the folders of charts that no other chart holds, and that no other names by a path."""
        named = {
            os.path.realpath(os.path.join(folder, _local(dependency)))
            for folder in self.folders
            for dependency, _ in dependencies(self.tree, folder)
            if _local(dependency)
        }
        for folder in self.folders:
            if os.path.realpath(folder) not in named and not self._is_inside(folder):
                yield folder

    def find(self, name: str, constraint: str, beside: str) -> str:
        """Return the folder of the only chart of the tree that fits, ``""`` where none or several do."""
        fitting = [
            folder
            for folder, version in self._by_name.get(name, ())
            if folder != beside and matches(version, constraint) and not self._is_inside(folder)
        ]
        near = [folder for folder in fitting if os.path.dirname(folder) == os.path.dirname(beside)]
        return fitting[0] if len(fitting) == 1 else near[0] if len(near) == 1 else ""

    def reached(self, folder: str) -> frozenset[str]:
        """Return the folders of the charts that one is made of: its own, and those of its dependencies in the tree."""
        found: set[str] = set()
        pending = [folder]
        while pending:
            current = pending.pop()
            if current not in found:
                found.add(current)
                holder = os.path.join(current, "charts")
                pending += (one for one in self.folders if os.path.dirname(one) == holder)
                pending += filter(
                    None, (self.dependency(item, current) for item, _ in dependencies(self.tree, current))
                )
        return frozenset(found)

    def dependency(self, item: Mapping[str, Any], beside: str) -> str:
        """Return the folder of what the chart in ``beside`` lacks, ``""`` where there is none."""
        local = _local(item)
        if not local:
            return self.find(item["name"], str(item.get("version") or ""), beside)
        path = os.path.realpath(os.path.join(beside, local))
        return path if os.path.isfile(os.path.join(path, CHART)) and self.tree.holds(path) else ""

    def _is_inside(self, folder: str) -> bool:
        """Whether it is a dependency that another chart holds."""
        above = os.path.dirname(folder)
        return os.path.basename(above) in _FOLDERS and os.path.dirname(above) in self.folders


def is_of_chart(path: str, folder: str) -> bool:
    """Whether the file at ``path`` is rendered with, or steers, the chart in ``folder``."""
    prefix = folder.rstrip(os.sep) + os.sep
    if not path.startswith(prefix):
        return False
    inside = path[len(prefix) :].replace(os.sep, "/")
    return inside in _METADATA or inside.startswith(tuple(f"{name}/" for name in _FOLDERS))


def is_template(path: str, folder: str) -> bool:
    """Whether objects are rendered from the file at ``path`` of the chart in ``folder``; not so of helpers."""
    inside = os.path.relpath(path, folder).replace(os.sep, "/")
    return inside.startswith(("templates/", "crds/")) and not is_helper(path)


def dependencies(tree: Tree, folder: str) -> Iterator[tuple[Mapping[str, Any], Location]]:
    """Yield what a chart depends on, and where it says so."""
    for file in (CHART, REQUIREMENTS):
        path = os.path.join(folder, file)
        if not os.path.isfile(path):
            continue
        listed = tree.mapping(path).get("dependencies")
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, dict) and isinstance(item.get("name"), str):
                yield item, tree.location(path, ("dependencies", index))


class Stager:
    """Copies one chart with all it depends on."""

    def __init__(self, catalogue: Catalogue, values: Mapping[str, Any]) -> None:
        """Take the charts of the tree, and the values of the release, which switch dependencies on and off."""
        self._catalogue = catalogue
        self._tree = catalogue.tree
        self._values = values
        self._copier = Copier(self._tree)
        self._lacking: list[Lacking] = []
        self._notes: list[str] = []
        self._has_foreign_schema = False

    def stage(self, folder: str, target: str) -> Staged:
        """Return the chart in ``folder``, copied to ``target``. Raises TooMuch."""
        chart = self._chart(folder, target, None, ())
        notes = [*self._notes]
        if self._copier.left:
            shown = ", ".join(self._tree.shown(path) for path in self._copier.left[:3])
            notes.append(f"links that leave the tree are not followed: {shown}")
        return Staged(chart, target, tuple(self._lacking), tuple(notes), self._has_foreign_schema)

    def _chart(self, folder: str, target: str, declared: Location | None, above: tuple[str, ...]) -> Chart:
        self._copier.folder(folder, target, skip=lambda path: path == os.path.join(folder, "charts"))
        self._read_schema(os.path.join(target, SCHEMA))
        metadata = self._tree.mapping(os.path.join(folder, CHART))
        name = metadata.get("name")
        real = os.path.realpath(folder)
        if real in above or len(above) == _MAX_DEPTH:
            return Chart(str(name), folder, {}, declared, copy=target)
        needed = list(dependencies(self._tree, folder))
        children = dict(self._vendored(folder, target, needed, (*above, real)))
        found = {child.name for child in children.values()}
        absent = [(item, where) for item, where in needed if item["name"] not in found]
        left_out = []
        for item, where in absent:
            path = self._elsewhere(item, folder)
            if path and os.path.realpath(path) not in (*above, real):
                children[_name(item)] = self._chart(
                    path, os.path.join(target, "charts", os.path.basename(path)), where, (*above, real)
                )
            else:
                left_out.append(item)
                self._lacking.append(Lacking(item["name"], where, self._is_enabled(item, folder)))
        if left_out:
            self._leave_out(target, left_out)
        shown = str(name) if isinstance(name, (str, int)) else os.path.basename(folder)
        return Chart(shown, folder, children, declared, copy=target)

    def _vendored(
        self, folder: str, target: str, needed: list[tuple[Mapping[str, Any], Location]], above: tuple[str, ...]
    ) -> Iterator[tuple[str, Chart]]:
        holder = os.path.join(folder, "charts")
        for entry in sorted(os.listdir(holder)) if os.path.isdir(holder) and self._tree.holds(holder) else ():
            path, copy = os.path.join(holder, entry), os.path.join(target, "charts", entry)
            if entry.startswith((".", "_")):
                continue
            if os.path.isfile(os.path.join(path, CHART)) and self._tree.holds(path):
                chart = self._chart(path, copy, None, above)
            elif entry.endswith(".tgz"):
                self._copier.file(path, copy)
                self._has_foreign_schema = True  # it may hold one, and is not opened here
                found = _ARCHIVE.match(entry)
                chart = Chart(found["name"] if found else entry.removesuffix(".tgz"), path, {}, None, archived=True)
            else:
                continue
            named = [(_name(item), where) for item, where in needed if item["name"] == chart.name]
            yield chart.name, chart._replace(declared=named[0][1] if named else None)
            for alias, where in named:
                yield alias, chart._replace(declared=where)

    def _elsewhere(self, item: Mapping[str, Any], folder: str) -> str:
        """Return the folder of a dependency that is not vendored, ``""`` where it is not in the tree."""
        path = self._catalogue.dependency(item, folder)
        if path and not _local(item):
            self._notes.append(f"dependency {item['name']} is taken from {self._tree.shown(path)}")
        return path

    def _is_enabled(self, item: Mapping[str, Any], folder: str) -> bool:
        """Whether the values leave a dependency on; of several conditions the first that is set counts."""
        defaults = self._tree.mapping(os.path.join(folder, "values.yaml"))
        for condition in str(item.get("condition") or "").split(","):
            for values in (self._values, defaults):
                value: Any = values
                for step in condition.strip().split("."):
                    value = value.get(step) if isinstance(value, dict) else None
                if isinstance(value, bool):
                    return value
        return True

    def _leave_out(self, target: str, items: list[Mapping[str, Any]]) -> None:
        for file in (CHART, REQUIREMENTS):
            path = os.path.join(target, file)
            data = dict(Tree.of(target, target).mapping(path)) if os.path.isfile(path) else {}
            if isinstance(data.get("dependencies"), list):
                data["dependencies"] = [item for item in data["dependencies"] if item not in items]
                with open(path, "w", encoding="utf-8") as stream:
                    json.dump(data, stream, default=str)

    def _read_schema(self, path: str) -> None:
        if os.path.isfile(path):
            with open(path, "rb") as stream:
                self._has_foreign_schema |= _REMOTE_REFERENCE.search(stream.read()) is not None


def _name(item: Mapping[str, Any]) -> str:
    alias = item.get("alias")
    return alias if isinstance(alias, str) and alias else str(item["name"])


def _local(item: Mapping[str, Any]) -> str:
    """Return the relative path that a dependency is named by, ``""`` where it is not."""
    repository = item.get("repository")
    if isinstance(repository, str) and repository.startswith("file://"):
        return repository.removeprefix("file://")
    return ""
