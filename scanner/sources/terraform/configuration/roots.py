"""Finds the root modules of a tree."""

import os
from collections.abc import Iterable

from scanner.sources.terraform.configuration.module import Module
from scanner.sources.terraform.configuration.tree import Tree
from scanner.sources.terraform.syntax import nodes


def find_roots(tree: Tree, folders: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``folders`` (paths to open, each holding configuration files) that no module of the others calls.

    Sorted real paths. Folders that only call each other in a circle count as one root, the first of them.
    """
    modules = {module.folder: module for module in (tree.module(folder) for folder in folders)}
    calls = {folder: sorted(called_folders(tree, module)) for folder, module in modules.items()}
    called = {target for folder, targets in calls.items() for target in targets if target != folder}
    roots = sorted(folder for folder in modules if folder not in called)
    reached = _reached(roots, calls)
    for folder in sorted(modules):
        if folder not in reached:
            roots.append(folder)
            reached |= _reached([folder], calls)
    return tuple(sorted(roots))


def called_folders(tree: Tree, module: Module) -> set[str]:
    """Return the real paths of the folders that ``module`` calls by a relative source."""
    found = set()
    for call in module.calls.values():
        written = call.attribute("source")
        source = written.value.value if written is not None and isinstance(written.value, nodes.Literal) else None
        if isinstance(source, str) and source.startswith("."):
            found.add(tree.real(os.path.normpath(os.path.join(module.folder, source))))
    return found


def _reached(start: Iterable[str], calls: dict[str, list[str]]) -> set[str]:
    reached: set[str] = set()
    pending = list(start)
    while pending:
        folder = pending.pop()
        if folder not in reached:
            reached.add(folder)
            pending.extend(calls.get(folder, ()))
    return reached
