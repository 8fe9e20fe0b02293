"""Kustomizations as they lie in the tree: what each refers to, and which are roots."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.sources.rendered.tree import Tree

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_MAX_FOLDERS = 500
INCLUDES = ("resources", "bases", "components")
"""Fields that name what is included."""
_BUILT_FIRST = ("generators", "transformers", "validators")
"""Fields that may name folders too, which are built for what they hold."""


class Kustomization(NamedTuple):
    """One kustomization file."""

    path: str
    """Absolute."""
    data: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """The folder that its paths start at."""
        return os.path.dirname(self.path)


class Overlay(NamedTuple):
    """What is built on top of a folder; picklable."""

    folder: str
    """Absolute."""
    extra: Mapping[str, Any] = {}
    """Fields that are set in, and lists that are added to, the kustomization there."""
    resources: tuple[str, ...] | None = None
    """Files to build where the folder has no kustomization; absolute."""


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
    for _, _, text in _entries(kustomization.data, (*INCLUDES, *_BUILT_FIRST)):
        path = local_path(tree, kustomization, text)
        if path and os.path.isdir(path):
            yield path


def components(tree: Tree, overlay: Overlay) -> Iterator[str]:
    """Yield the folders of the components that what is built on top adds."""
    listed = overlay.extra.get("components")
    for item in listed if isinstance(listed, list) else ():
        path = os.path.normpath(os.path.join(overlay.folder, str(item)))
        if os.path.isdir(path) and tree.holds(path):
            yield path


def files_of(tree: Tree, kustomization: Kustomization) -> Iterator[str]:
    """Yield the files that a kustomization refers to, and itself."""
    yield kustomization.path
    for text in _texts(kustomization.data):
        for candidate in {text, text.partition("=")[2]}:
            path = local_path(tree, kustomization, candidate)
            if path and os.path.isfile(path):
                yield path


def is_kustomization(name: str) -> bool:
    """Whether a file of this name is one."""
    return os.path.basename(name) in NAMES


def is_component(kustomization: Kustomization) -> bool:
    """Whether it only makes sense as a part of others."""
    return kustomization.data.get("kind") == "Component"


def local_path(tree: Tree, kustomization: Kustomization, text: str) -> str:
    """Return the path in the tree that a text of a kustomization names, ``""`` where it names none."""
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
