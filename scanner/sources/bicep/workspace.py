"""All files that one root calls for: each read, parsed and lowered once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scanner.sources.arm import program as arm
from scanner.sources.bicep.content import ContentError, check_path
from scanner.sources.bicep.files import BicepFile, Tree, open_file
from scanner.sources.bicep.modules import Registry, Remotes, is_remote
from scanner.sources.bicep.names import Declared, declare
from scanner.sources.bicep.syntax import nodes
from scanner.sources.files import Unreadable

_MAX_FILES: Final = 2_000
_TEMPLATES: Final = (".json", ".jsonc", ".arm")

TemplateReader = Callable[[Tree, str], "arm.Program | arm.Missing"]
"""Reads an ARM template of a tree."""


class Workspace:
    """The files around one root."""

    def __init__(self, tree: Tree, registry: Registry | None = None) -> None:
        self.tree = tree
        self.notes: list[tuple[BicepFile, str, int]] = []
        """What is not evaluated though nothing is wrong with it: (file, why, offset)."""
        self._registry = registry or Registry()
        self._remotes: dict[str, Remotes] = {}
        self._files: dict[tuple[str, str], BicepFile | Unreadable] = {}
        self._names: dict[tuple[str, str], dict[str, Declared]] = {}
        self._programs: dict[tuple[str, str], arm.Program | arm.Missing] = {}

    def files(self) -> list[BicepFile]:
        """Return the files that were read, in that order."""
        return [file for file in self._files.values() if isinstance(file, BicepFile)]

    def open(self, tree: Tree, path: str) -> BicepFile | Unreadable:
        """Return a file, parsed."""
        key = tree.root, path
        file = self._files.get(key)
        if file is None:
            file = open_file(tree, path)
            self._files[key] = file
        return file

    def names(self, file: BicepFile) -> dict[str, Declared]:
        """Return what ``file`` declares; what is wrong with it is the business of whoever lowers it."""
        key = file.tree.root, file.path
        if key not in self._names:
            self._names[key] = declare(file.syntax.statements, lambda message, node: None)
        return self._names[key]

    def program(self, tree: Tree, path: str) -> arm.Program | arm.Missing:
        """Return the program of a ``.bicep`` file, or of an ARM template."""
        key = tree.root, path
        found = self._programs.get(key)
        if found is None:
            found = self._programs[key] = self._lower(tree, path)
        return found

    def _lower(self, tree: Tree, path: str) -> arm.Program | arm.Missing:
        if path.endswith(_TEMPLATES):
            from scanner.sources.bicep.templates import read_template

            return read_template(tree, path)
        if len(self._files) > _MAX_FILES:
            return arm.Missing(f"more than {_MAX_FILES} files are called for", input=tree.display(path))
        file = self.open(tree, path)
        if isinstance(file, Unreadable):
            return arm.Missing(file.reason, input=tree.display(path))
        from scanner.sources.bicep.declarations import lower

        return lower(file, self)

    def locate(self, file: BicepFile, reference: str) -> tuple[Tree, str] | arm.Missing:
        """Return where the file is that ``reference`` means in ``file``."""
        if is_remote(reference):
            remotes = self._remotes.setdefault(file.tree.root, Remotes(file.tree, self._registry))
            found = remotes.find(file.path, reference)
            if found is not None:
                return found
            return arm.Missing(f"the module '{reference}' is not in the tree", incomplete=False, input=reference)
        try:
            check_path(reference)
        except ContentError as fault:
            return arm.Missing(f"cannot find '{reference}': {fault}")
        path = file.tree.resolve(file.path, reference)
        if path is None:
            return arm.Missing(f"'{reference}' is outside of the tree")
        if not file.tree.exists(path):
            return arm.Missing(f"there is no file '{reference}'")
        return file.tree, path

    def module(self, file: BicepFile, reference: str) -> arm.Program | arm.Missing:
        """Return the program of a module that ``file`` calls."""
        found = self.locate(file, reference)
        if isinstance(found, arm.Missing):
            return found
        circle = self._circle(file, *found)
        if circle is not None:
            return arm.Missing(f"modules call each other in a circle: {' → '.join(circle)}")
        return self.program(*found)

    def _circle(self, file: BicepFile, tree: Tree, path: str) -> list[str] | None:
        """Return the way from ``file`` over the module at ``path`` back to itself, if there is one."""
        pending: list[tuple[Tree, str, list[str]]] = [(tree, path, [file.path])]
        seen: set[tuple[str, str]] = set()
        while pending:
            tree, path, way = pending.pop()
            if (tree.root, path) == (file.tree.root, file.path):
                return [*way, path]
            if (tree.root, path) in seen or path.endswith(_TEMPLATES) or len(seen) > _MAX_FILES:
                continue
            seen.add((tree.root, path))
            called = self.open(tree, path)
            if isinstance(called, BicepFile):
                pending.extend((*found, [*way, path]) for found in self._calls(called))
        return None

    def _calls(self, file: BicepFile, *, imports: bool = False) -> list[tuple[Tree, str]]:
        found = []
        for statement in file.syntax.statements:
            called = isinstance(statement, nodes.Module) or (imports and isinstance(statement, nodes.Import))
            path = statement.path if isinstance(statement, nodes.Module | nodes.Import) else None
            if called and isinstance(path, nodes.Literal):
                target = self.locate(file, str(path.value))
                if not isinstance(target, arm.Missing):
                    found.append(target)
        return found

    def called(self, file: BicepFile) -> list[str]:
        """Return the paths of the files of the tree that ``file`` calls as modules."""
        return [path for tree, path in self._calls(file) if tree.root == file.tree.root]

    def reachable(self, tree: Tree, path: str) -> list[BicepFile]:
        """Return the ``.bicep`` files that play a part in one, itself first."""
        found: list[BicepFile] = []
        pending = [(tree, path)]
        seen: set[tuple[str, str]] = set()
        while pending and len(seen) < _MAX_FILES:
            tree, path = pending.pop(0)
            if (tree.root, path) in seen or path.endswith(_TEMPLATES):
                continue
            seen.add((tree.root, path))
            file = self.open(tree, path)
            if isinstance(file, BicepFile):
                found.append(file)
                pending.extend(self._calls(file, imports=True))
        return found
