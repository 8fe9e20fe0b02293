"""Kustomizations as they lie in the tree: what each refers to, which are roots, and a copy of one that builds.

The copy holds what the root reaches inside of the tree and nothing else. What is remote, and what would start another
program, is taken out of it and named.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.sources.rendered.tree import Copier, Tree

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_MAX_FOLDERS = 500
_REMOTE = re.compile(r"^(?:[a-z+]+://|git@|git::|github\.com[/:]|[^/]+\.[a-z]{2,}/.*(?:\?ref=|//))")
_INCLUDES = ("resources", "bases", "components")
_OTHER_LISTS = (
    *("crds", "configurations", "generators", "transformers", "validators"),
    *("patches", "patchesStrategicMerge", "patchesJson6902"),
)
_GENERATORS = ("configMapGenerator", "secretGenerator")
_HELM = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")


class Kustomization(NamedTuple):
    """One kustomization file."""

    path: str
    """Absolute."""
    data: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """The folder that its paths start at."""
        return os.path.dirname(self.path)


class Refused(NamedTuple):
    """A part that is taken out, and why."""

    file: str
    """Absolute path of the kustomization."""
    at: Path
    reason: str


class Overlay(NamedTuple):
    """What is built on top of a folder; picklable."""

    folder: str
    """Absolute."""
    extra: Mapping[str, Any] = {}
    """Fields that are set in, and lists that are added to, the kustomization there."""
    resources: tuple[str, ...] | None = None
    """Files to build where the folder has no kustomization; absolute."""


class Built(NamedTuple):
    """A copy that builds."""

    path: str
    """Folder of the root in the copy."""
    reached: tuple[Kustomization, ...]
    """The outermost first."""
    files: tuple[str, ...]
    """All files of the tree that take part; absolute."""
    refused: tuple[Refused, ...]


def find_kustomization(tree: Tree, folder: str) -> Kustomization | None:
    """Return the kustomization of a folder; what Flux calls by that name is none."""
    for name in NAMES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and tree.holds(path):
            data = tree.mapping(path)
            return (
                None if str(data.get("apiVersion", "")).startswith("kustomize.toolkit.") else Kustomization(path, data)
            )
    return None


def reach(tree: Tree, root: Kustomization) -> list[Kustomization]:
    """Return a kustomization and all it includes, each once, the outer before the inner."""
    found = {root.folder: root}
    pending = [root]
    while pending and len(found) <= _MAX_FOLDERS:
        current = pending.pop(0)
        for folder in included(tree, current):
            inner = None if folder in found else find_kustomization(tree, folder)
            if inner is not None:
                found[folder] = inner
                pending.append(inner)
    return list(found.values())


def included(tree: Tree, kustomization: Kustomization) -> Iterator[str]:
    """Yield the folders that a kustomization includes."""
    for _, _, text in _entries(kustomization.data, _INCLUDES):
        path = _local(tree, kustomization, text)
        if path and os.path.isdir(path):
            yield path


def files_of(tree: Tree, kustomization: Kustomization) -> Iterator[str]:
    """Yield the files that a kustomization refers to, and itself."""
    yield kustomization.path
    for text in _texts(kustomization.data):
        for candidate in {text, text.partition("=")[2]}:
            path = _local(tree, kustomization, candidate)
            if path and os.path.isfile(path):
                yield path


def is_component(kustomization: Kustomization) -> bool:
    """Whether it only makes sense as a part of others."""
    return kustomization.data.get("kind") == "Component"


def stage(tree: Tree, overlay: Overlay, target: str) -> Built:
    """Copy what an overlay reaches to ``target``, where it keeps its place in the tree. Raises TooMuch."""
    root = find_kustomization(tree, overlay.folder)
    if root is None:
        listed = [os.path.relpath(path, overlay.folder) for path in overlay.resources or ()]
        root = Kustomization(os.path.join(overlay.folder, NAMES[0]), {"resources": listed})
    copier = Copier(tree)
    reached = reach(tree, root)
    files: dict[str, None] = {}
    refused: list[Refused] = []
    for kustomization in reached:
        for path in files_of(tree, kustomization):
            if os.path.isfile(path):
                files[path] = None
                copier.file(path, _copy(tree, path, target))
    for kustomization in reached:
        data = dict(_admitted(tree, kustomization, refused))
        if kustomization is root:
            _add(data, overlay.extra)
            data["buildMetadata"] = ["originAnnotations"]
        path = _copy(tree, kustomization.path, target)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(data, stream, default=str)
    return Built(os.path.dirname(_copy(tree, root.path, target)), tuple(reached), tuple(files), tuple(refused))


def _admitted(tree: Tree, kustomization: Kustomization, refused: list[Refused]) -> Iterator[tuple[str, Any]]:
    for field, value in kustomization.data.items():
        if field in _HELM:
            if field != "helmGlobals":
                reason = "helmCharts are not rendered: write the chart as a release of its own"
                refused.append(Refused(kustomization.path, (field,), reason))
        elif field in (*_INCLUDES, *_OTHER_LISTS) and isinstance(value, list):
            kept = []
            for index, item in enumerate(value):
                reason = _why_not(tree, kustomization, item)
                if reason:
                    refused.append(Refused(kustomization.path, (field, index), reason))
                else:
                    kept.append(item)
            yield field, kept
        elif field in _GENERATORS and isinstance(value, list):
            yield field, [_without_hash(item) for item in value]
        elif field != "buildMetadata":
            yield field, value


def _why_not(tree: Tree, kustomization: Kustomization, item: Any) -> str:
    """Return why an entry is not followed, ``""`` where it is."""
    if isinstance(item, dict):
        item = item.get("path")
    if not isinstance(item, str) or "\n" in item:
        return ""
    path = os.path.normpath(os.path.join(kustomization.folder, item))
    if os.path.exists(path):
        return "" if tree.holds(path) else f"{item} lies outside of the tree"
    if _REMOTE.match(item):
        return f"{item} is remote and not fetched"
    outside = os.path.isabs(item) or not (path == tree.top or path.startswith(tree.top.rstrip(os.sep) + os.sep))
    return f"{item} lies outside of the tree" if outside else ""


def _without_hash(item: Any) -> Any:
    """Return a generator whose objects keep their name when their content changes, so that they stay the same."""
    if not isinstance(item, dict):
        return item
    options = item.get("options")
    return {**item, "options": {**(options if isinstance(options, dict) else {}), "disableNameSuffixHash": True}}


def _add(data: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for field, value in extra.items():
        known = data.get(field)
        data[field] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value


def _local(tree: Tree, kustomization: Kustomization, text: str) -> str:
    """Return the path in the tree that a text names, ``""`` where it names none."""
    if not text or "\n" in text or len(text) > 1024 or os.path.isabs(text):
        return ""
    path = os.path.normpath(os.path.join(kustomization.folder, text))
    return path if os.path.exists(path) and tree.holds(path) else ""


def _entries(data: Mapping[str, Any], fields: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    for field in fields:
        listed = data.get(field)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, str):
                yield field, index, item


def _texts(value: Any) -> Iterator[str]:
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(reversed(item.values()))
        elif isinstance(item, list):
            pending.extend(reversed(item))
        elif isinstance(item, str):
            yield item


def _copy(tree: Tree, path: str, target: str) -> str:
    return os.path.join(target, os.path.relpath(path, tree.top))


def roots_of(tree: Tree, kustomizations: Sequence[Kustomization]) -> list[Kustomization]:
    """Return those that no other includes and that are no components; of a circle the first."""
    inner = {folder for one in kustomizations for folder in included(tree, one) if folder != one.folder}
    roots = [one for one in kustomizations if one.folder not in inner and not is_component(one)]
    seen = {found.folder for root in roots for found in reach(tree, root)}
    for one in kustomizations:
        if one.folder not in seen and not is_component(one):
            roots.append(one)
            seen |= {found.folder for found in reach(tree, one)}
    return sorted(roots)
