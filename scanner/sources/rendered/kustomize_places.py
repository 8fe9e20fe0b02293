"""Where in a tree of kustomizations something stands that was built from it: resource file, patch, or a field."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.documents import Document, read_yaml
from scanner.model.location import Location, Origin, Placed, Region, Step
from scanner.model.path import Path, value_at
from scanner.sources.manifest_file import region
from scanner.sources.rendered.kustomizations import Kustomization
from scanner.sources.rendered.tree import Tree

ORIGIN = "config.kubernetes.io/origin"
_MISSING = object()
_GENERATORS = {"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"}
_INFLATOR = "HelmChartInflationGenerator"
_KEYS = ("name", "containerPort", "port", "mountPath", "key", "ip")
"""What tells elements of a list apart, where their order may change."""


_COMMON = (("labels", "commonLabels"), ("matchLabels", "commonLabels"), ("annotations", "commonAnnotations"))


class Source(NamedTuple):
    """The document that an object was built from."""

    path: str
    """Absolute path of the file."""
    document: int = 0
    base: Path = ()
    """Where the object stands in it; of a generated one the entry of the generator."""
    name: str = ""
    """Name of the object there, before prefixes."""
    generated: bool = False


class Finder:
    """Finds the documents that objects were built from; remembers the files it has read."""

    def __init__(self, tree: Tree, root: str, reached: Sequence[Kustomization]) -> None:
        """Take the folder of the root in the tree, and the kustomizations it reaches, the outermost first."""
        self.tree = tree
        self._root = root
        self.reached = tuple(reached)
        self._documents: dict[str, tuple[Document, ...]] = {}

    def source(self, value: Mapping[str, Any], said: Any) -> Source:
        """Return what an object was built from; ``said`` is the annotation that kustomize has put on it."""
        origin = _mapping(read_yaml(said).documents[0].value if isinstance(said, str) and said.strip() else None)
        name, kind = str(value_at(value, ("metadata", "name"), "")), value.get("kind")
        path = origin.get("path")
        if isinstance(path, str):
            file = os.path.normpath(os.path.join(self._root, path))
            if os.path.isfile(file) and self.tree.holds(file):
                return self._in_file(file, kind, name)
        configured = origin.get("configuredIn")
        if isinstance(configured, str):
            file = os.path.normpath(os.path.join(self._root, configured))
            if _mapping(origin.get("configuredBy")).get("kind") == _INFLATOR:
                return self._inflated(file, value)
            return self._generated(file, str(kind), name)
        return Source(self.reached[0].path)

    def documents(self, path: str) -> tuple[Document, ...]:
        """Return the documents of a file."""
        if path not in self._documents:
            self._documents[path] = self.tree.stream(path).documents
        return self._documents[path]

    def _in_file(self, file: str, kind: Any, name: str) -> Source:
        fitting = []
        for document in self.documents(file):
            for base, item in _objects(document.value, ()):
                declared = str(value_at(item, ("metadata", "name"), ""))
                if item.get("kind") == kind and declared and declared in name:
                    fitting.append((len(declared), Source(file, document.index, base, declared)))
        return max(fitting, key=lambda found: found[0])[1] if fitting else Source(file)

    def _inflated(self, file: str, value: Mapping[str, Any]) -> Source:
        """Return the entry that an object of a chart comes from; all of them where more than one may be it."""
        field = "helmCharts"
        listed = self.tree.mapping(file).get(field) if self.tree.holds(file) else None
        entries = [_mapping(item) for item in listed] if isinstance(listed, list) else []
        labels = _mapping(value_at(value, ("metadata", "labels"), None))
        named = {str(value_at(value, ("metadata", "name"), "")), str(labels.get("app.kubernetes.io/instance", ""))}
        fitting = [
            index
            for index, entry in enumerate(entries)
            if len(entries) == 1 or any(str(entry.get("releaseName") or entry.get("name")) in one for one in named)
        ]
        base: Path = (field, fitting[0]) if len(fitting) == 1 else (field,)
        return Source(file, 0, base, generated=True)

    def _generated(self, file: str, kind: str, name: str) -> Source:
        field = _GENERATORS.get(kind, "")
        listed = self.tree.mapping(file).get(field) if self.tree.holds(file) else None
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            declared = str(_mapping(item).get("name", ""))
            if declared and declared in name:
                return Source(file, 0, (field, index), declared, generated=True)
        return Source(file if self.tree.holds(file) else self.reached[0].path, generated=True)


class KustomizeLocator:
    """Finds places in what was built."""

    def __init__(
        self,
        finder: Finder,
        documents: Mapping[int, Document],
        sources: Mapping[int, Source],
        installed: Sequence[Step] = (),
    ) -> None:
        """Take what was built, by index of the document, and what each was built from."""
        self._finder = finder
        self._documents = documents
        self._sources = sources
        self._installed = tuple(installed)

    def __call__(self, origin: Origin, path: Path) -> Region | Placed | None:
        """Return the place of ``path`` in the Resource with ``origin``: what decides it last."""
        document, source = self._documents.get(origin.document), self._sources.get(origin.document)
        if document is None or source is None:
            return None
        value = value_at(document.value, origin.base)
        declared, written = self._declared(source, value, path)
        deciding = next(self._deciding(source, value, path, written), None)
        if deciding is None:
            return Placed(declared, self._installed)
        return Placed(deciding, (Step("declared here", declared), *self._installed))

    def _declared(self, source: Source, value: Any, path: Path) -> tuple[Location, Any]:
        """Return where the object stands in its own file, and the value there."""
        shown = self._finder.tree.shown(source.path)
        document = next((one for one in self._finder.documents(source.path) if one.index == source.document), None)
        if document is None:
            return Location(shown, path), _MISSING
        if source.generated:
            return Location(shown, path, document.region(source.base)), _MISSING
        own = value_at(document.value, source.base)
        there = _same_place(value, own, path)
        found = region(document, Origin("", shown, source.document, source.base), there)
        return Location(shown, path, found), value_at(own, there, _MISSING)

    def _deciding(self, source: Source, value: Any, path: Path, written: Any) -> Iterator[Location]:
        rendered = value_at(value, path, _MISSING)
        for kustomization in self._finder.reached:
            yield from self._patches(kustomization, source, value, path)
            if rendered is not _MISSING and rendered != written:
                field = _field(path, rendered, kustomization.data)
                if field:
                    yield self._finder.tree.location(kustomization.path, field)._replace(path=path)

    def _patches(self, kustomization: Kustomization, source: Source, value: Any, path: Path) -> Iterator[Location]:
        """Yield where patches of a kustomization set ``path`` of the object, the last first."""
        for at, patch, target in reversed(list(patches_of(kustomization.data))):
            if isinstance(patch, dict):  # operations or an object that stand in the kustomization
                continue
            if "\n" in patch or patch.lstrip().startswith(("{", "[")):
                documents, file = read_yaml(patch).documents, kustomization.path
                if any(touches(one.value, source, value, path, target) for one in documents):
                    yield self._finder.tree.location(file, at)._replace(path=path)
                continue
            file = os.path.normpath(os.path.join(kustomization.folder, patch))
            if not (os.path.isfile(file) and self._finder.tree.holds(file)):
                continue
            for one in self._finder.documents(file):
                place = touches(one.value, source, value, path, target)
                if place is not None:
                    yield Location(self._finder.tree.shown(file), path, one.region(place))


def patches_of(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any, Mapping[str, Any]]]:
    """Yield place, text or file, and target of every patch."""
    for field in ("patchesStrategicMerge", "patchesJson6902", "patches"):
        listed = data.get(field)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, str):
                yield (field, index), item, {}
            elif isinstance(item, dict):
                for key in ("path", "patch"):
                    if isinstance(item.get(key), str):
                        yield (field, index, key), item[key], _mapping(item.get("target"))


def touches(patch: Any, source: Source, value: Any, path: Path, target: Mapping[str, Any]) -> Path | None:
    """Return the place in a patch that sets ``path`` of an object, None where nothing does."""
    if isinstance(patch, list):
        if not is_target(target, source, value):
            return None
        for index in range(len(patch) - 1, -1, -1):
            pointer = _mapping(patch[index]).get("path")
            if isinstance(pointer, str) and _points(pointer, path):
                return (index, "value") if "value" in patch[index] else (index,)
        return None
    if not isinstance(patch, dict):
        return None
    named = patch.get("kind") == value.get("kind") and value_at(patch, ("metadata", "name")) in (
        source.name,
        value_at(value, ("metadata", "name")),
    )
    if not (is_target(target, source, value) if target else named) or path[:1] in (("apiVersion",), ("kind",)):
        return None
    there = _same_place(value, patch, path)
    found = value_at(patch, there, _MISSING) if len(there) == len(path) else _MISSING
    if found is _MISSING or path in ((), ("metadata",), ("metadata", "name")):
        return None
    is_part = isinstance(found, (dict, list)) and found != value_at(value, path)  # of what others set too
    return None if is_part else there


def is_target(target: Mapping[str, Any], source: Source, value: Any) -> bool:
    """Whether the target of a patch selects an object, as far as kind and name tell; an empty one selects none."""
    names = (source.name, value_at(value, ("metadata", "name"), ""))
    import re

    for key, found in (("kind", (value.get("kind", ""),)), ("name", names)):
        wanted = target.get(key)
        if isinstance(wanted, str) and wanted:
            try:
                if not any(re.fullmatch(wanted, str(one)) for one in found):
                    return False
            except re.error:
                return False
    return bool(target)


def _points(pointer: str, path: Path) -> bool:
    """Whether a JSON pointer names ``path`` or what is around it; ``-`` is the end of a list."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    if len(steps) > len(path):
        return False
    return all(
        step == str(here) or (step == "-" and isinstance(here, int)) for step, here in zip(steps, path, strict=False)
    )


def _same_place(value: Any, other: Any, path: Path) -> Path:
    """Return ``path`` of ``value`` as it is in ``other``, where elements of lists are told apart by their names.

    The path ends where there is nothing like it.
    """
    there: list[str | int] = []
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and isinstance(other, list) and step < len(value):
            item = value[step]
            at = _index(item, other, step)
            if at is None:
                return tuple(there)
            there.append(at)
            value, other = item, other[at]
        else:
            there.append(step)
            value = value.get(step) if isinstance(value, dict) and isinstance(step, str) else None
            other = other.get(step) if isinstance(other, dict) and isinstance(step, str) else None
    return tuple(there)


def _index(item: Any, others: Sequence[Any], step: int) -> int | None:
    if isinstance(item, dict):
        for key in _KEYS:
            if key in item:
                same = [index for index, one in enumerate(others) if _mapping(one).get(key, _MISSING) == item[key]]
                return same[0] if same else None
    if item in others:
        return others.index(item)
    return step if step < len(others) and isinstance(others[step], type(item)) else None


def _field(path: Path, rendered: Any, data: Mapping[str, Any]) -> Path:
    """Return the field of a kustomization that sets ``path``, empty where none does."""
    if path[-1:] == ("image",):
        listed = data.get("images")
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            one = _mapping(item)
            if str(one.get("newName") or one.get("name") or "\0") in str(rendered):
                return ("images", index)
    if path == ("spec", "replicas") and data.get("replicas"):
        return ("replicas",)
    if path == ("metadata", "namespace") and data.get("namespace") == rendered:
        return ("namespace",)
    if path == ("metadata", "name"):
        for field in ("namePrefix", "nameSuffix"):
            if data.get(field) and str(data[field]) in str(rendered):
                return (field,)
    for part, field in (
        ("labels", "commonLabels"),
        ("matchLabels", "commonLabels"),
        ("annotations", "commonAnnotations"),
    ):
        if len(path) > 1 and path[-2] == part and path[-1] in _mapping(data.get(field)):
            return (field, path[-1])
    return ()


def _objects(value: Any, base: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if not isinstance(value, dict):
        return
    items = value.get("items")
    if str(value.get("kind", "")).endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            yield from _objects(item, (*base, "items", index))
    else:
        yield base, value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
