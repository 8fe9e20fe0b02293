"""Objects of GitOps controllers in the tree: what says that a chart or a folder of the same repository is deployed."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.model.path import Path
from scanner.sources.rendered.helm import Release
from scanner.sources.rendered.kustomize_page import Build
from scanner.sources.rendered.recognise import mentions_gitops
from scanner.sources.rendered.tree import Tree

_MAX_BYTES = 4 << 20


class Declared(NamedTuple):
    """One object of the tree."""

    value: Mapping[str, Any]
    path: str
    """Absolute path of its file."""
    document: int

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.value.get("kind", ""))

    @property
    def group(self) -> str:
        """The group of its API."""
        return str(self.value.get("apiVersion", "")).rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name."""
        return str(mapping(self.value.get("metadata")).get("name", ""))

    @property
    def namespace(self) -> str:
        """Its namespace; empty where it names none."""
        return str(mapping(self.value.get("metadata")).get("namespace") or "")

    @property
    def spec(self) -> Mapping[str, Any]:
        """What it asks for."""
        return mapping(self.value.get("spec"))

    def entry(self, tree: Tree, reason: str, at: Path = ("spec",), *, incomplete: bool = False) -> LedgerEntry:
        """Return what to say of it."""
        location = tree.location(self.path, at, self.document)
        line, column = location.region[:2] if location.region else (None, None)
        name = f"{location.file}#{self.kind}/{self.name}"
        return LedgerEntry(name, State.UNSUPPORTED, reason, line, column, incomplete=incomplete)

    def partial(self, tree: Tree, reason: str, at: Path) -> LedgerEntry:
        """Return that it is resolved but for something that does not stop the run."""
        return self.entry(tree, reason, at)._replace(state=State.PARTIAL)


class Resolved(NamedTuple):
    """What declarations come to."""

    releases: tuple[Release, ...] = ()
    builds: tuple[Build, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()

    def __add__(self, other: "Resolved") -> "Resolved":  # type: ignore[override]
        """Return both together."""
        return Resolved(*(mine + others for mine, others in zip(self, other, strict=True)))  # type: ignore[arg-type]


def find_declared(tree: Tree, paths: Sequence[str]) -> Iterator[Declared]:
    """Yield the objects of files that mention a GitOps controller, and of those that they may take values from."""
    for path in paths:
        if mentions_gitops(path) and tree.holds(path):
            yield from _objects(tree, path)


def find_objects(tree: Tree, paths: Sequence[str], kinds: Sequence[str]) -> Iterator[Declared]:
    """Yield the objects of some kinds."""
    for path in paths:
        data = tree.read(path)
        if isinstance(data, bytes) and len(data) <= _MAX_BYTES and any(kind.encode() in data for kind in kinds):
            yield from (found for found in _objects(tree, path) if found.kind in kinds)


def folder_of(tree: Tree, path: Any) -> str:
    """Return the folder that a path from the top of the repository names, ``""`` where it is not in the tree."""
    if not isinstance(path, str):
        return ""
    folder = os.path.normpath(os.path.join(tree.top, path.lstrip("/")))
    return folder if os.path.isdir(folder) and tree.holds(folder) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _objects(tree: Tree, path: str) -> Iterator[Declared]:
    for document in tree.stream(path).documents:
        if isinstance(document.value, dict) and isinstance(document.value.get("kind"), str):
            yield Declared(document.value, path, document.index)
