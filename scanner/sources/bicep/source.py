"""The Source of Bicep: root files, each with the parameters files that are for it.

A root is a file that no other calls as a module, or that a parameters file is for. Modules are judged through their
callers.
"""

from __future__ import annotations

import os
import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple
from uuid import uuid4

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.arm.targets import Target
from scanner.sources.bicep.files import PARAMETERS, BicepFile
from scanner.sources.bicep.page import BicepPage, BicepSettings, workspace_of
from scanner.sources.bicep.parameters import find_template
from scanner.sources.bicep.resources import KIND
from scanner.sources.bicep.workspace import Workspace
from scanner.sources.interface import Page, Source
from scanner.sources.walk import Found, is_inside, printable

TEMPLATE = ".bicep"


class BicepChoices(NamedTuple):
    """How roots are evaluated; paths are absolute or relative to the base."""

    caches: tuple[str, ...] = ()
    """Folders laid out as the compiler's module cache."""
    aliases: Mapping[str, str] = {}
    """Module alias or registry host → folder with copies of its modules."""
    target: Target = Target()  # a frozen value
    inline_exemptions: bool = True


class BicepSource(Source):
    """Bicep files that a walk has found."""

    kind = KIND

    def __init__(
        self,
        files: Sequence[Found],
        *,
        base: str | None = None,
        top: str | None = None,
        choices: BicepChoices | None = None,
        requested: Collection[str] | None = None,
        asked: Collection[str] = (),
    ) -> None:
        """Take the Bicep files that were found; others are left alone.

        ``base`` is the folder that names of files are relative to, the working directory where it is not given; nothing
        outside of ``top`` is opened, which is the base where it is not given. ``requested`` are the names of the files
        that the user asked for: what they declare is reported, in the context of their roots; None for all. Roots in
        one of the folders ``asked`` for are reported whole.
        """
        self._base = os.path.abspath(base) if base is not None else os.getcwd()
        self._files = [found for found in files if is_bicep(found.name)]
        self._requested = None if requested is None else frozenset(map(printable, requested))
        self._asked = tuple(map(os.path.realpath, asked))
        choices = choices or BicepChoices()
        self._settings = BicepSettings(
            run=uuid4().hex,
            top=os.path.abspath(top) if top is not None else self._base,
            base=self._base,
            caches=tuple(self._path(path) for path in choices.caches),
            aliases=tuple((name, self._path(path)) for name, path in sorted(choices.aliases.items())),
            target=choices.target,
            inline_exemptions=choices.inline_exemptions,
        )
        self._entries: list[LedgerEntry] = []

    @cached_property
    def _workspace(self) -> Workspace:
        settings = self._settings
        return workspace_of(settings.run, settings.top, settings.base, settings.caches, settings.aliases)

    def pages(self) -> Iterator[Page]:
        """Yield one page for each root and each of its parameters files, sorted by name."""
        settings = self._settings
        self._entries = []
        sizes = {path: found.size_bytes for found in self._files if (path := self._in_tree(found)) is not None}
        parameters = self._parameters(sizes)
        templates = [path for path in sizes if path.endswith(TEMPLATE)]
        for path in self._roots(templates, parameters):
            requested = self._requested_of(path, parameters.get(path, ()))
            if requested is not None and not requested:
                continue
            for given in parameters.get(path, ("",)):
                several = len(parameters.get(path, ())) > 1
                yield BicepPage(
                    path,
                    settings,
                    parameters=given,
                    environment=_stem(given) if several else "",
                    size_bytes=sizes.get(path, 0),
                    requested=requested,
                )

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what is to be said of parameters files that are for no template, and of files outside of the tree."""
        return tuple(entry for entry in self._entries if self._requested is None or entry.input in self._requested)

    def _in_tree(self, found: Found) -> str | None:
        path = self._workspace.tree.path_of(found.path)
        if path is None:
            reason = "the file is outside of the folder that is scanned"
            self._entries.append(LedgerEntry(printable(found.name), State.UNREACHABLE, reason, incomplete=True))
        return path

    def _parameters(self, files: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return template → the parameters files that are for it, sorted."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(files):
            if path.endswith(PARAMETERS):
                template = self._template_of(path)
                if template is not None:
                    found[template].append(path)
        for path in files:
            beside = f"{path.removesuffix(TEMPLATE)}.parameters.json"
            if path.endswith(TEMPLATE) and path not in found and self._workspace.tree.exists(beside):
                found[path].append(beside)
        return {template: tuple(paths) for template, paths in found.items()}

    def _template_of(self, path: str) -> str | None:
        tree = self._workspace.tree
        file = self._workspace.open(tree, path)
        shown = tree.display(path)
        if not isinstance(file, BicepFile):
            self._entries.append(LedgerEntry(shown, file.state, file.reason, incomplete=True))
            return None
        reference = find_template(file)
        if reference is None:
            complaints = file.syntax.complaints
            if complaints:
                place = file.source.position(complaints[0].offset)
                self._entries.append(LedgerEntry(shown, State.PARTIAL, complaints[0].reason, *place, incomplete=True))
            else:
                self._entries.append(LedgerEntry(shown, State.SCANNED, "parameters for no template of their own"))
            return None
        located = self._workspace.locate(file, reference)
        if not isinstance(located, tuple):
            self._entries.append(LedgerEntry(shown, State.PARTIAL, located.reason, incomplete=located.incomplete))
            return None
        if located[0].root != tree.root or not located[1].endswith(TEMPLATE):
            reason = f"parameters for '{reference}', which is no Bicep file of the tree"
            self._entries.append(LedgerEntry(shown, State.UNSUPPORTED, reason))
            return None
        return located[1]

    def _roots(self, templates: Collection[str], parameters: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Return the roots, sorted; of a circle of files that nothing else calls, the first."""
        tree = self._workspace.tree
        called: dict[str, list[str]] = {}
        for path in templates:
            file = self._workspace.open(tree, path)
            called[path] = self._workspace.called(file) if isinstance(file, BicepFile) else []
        modules = {target for path, targets in called.items() for target in targets if target != path}
        roots = {path for path in templates if path not in modules} | set(parameters)
        seen = _closure(roots, called)
        for path in sorted(templates):
            if path not in seen:
                roots.add(path)
                seen |= _closure({path}, called)
        return sorted(roots)

    def _requested_of(self, path: str, parameters: Sequence[str]) -> frozenset[str] | None:
        """Return the requested files that play a part in a root; None where everything it deploys is to be reported."""
        if self._requested is None:
            return None
        tree = self._workspace.tree
        absolute = os.path.join(tree.root, path)
        if any(is_inside(absolute, folder) for folder in self._asked):
            return None
        if any(tree.display(one) in self._requested for one in parameters):
            return None
        return self._requested & {file.shown for file in self._workspace.reachable(tree, path)}

    def _path(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._base, path))


def is_bicep(name: str) -> bool:
    """Whether a file of this name is Bicep: a template or its parameters."""
    return name.endswith((TEMPLATE, PARAMETERS))


def _closure(paths: Collection[str], called: Mapping[str, Sequence[str]]) -> set[str]:
    seen = set(paths)
    pending = list(paths)
    while pending:
        for target in called.get(pending.pop(), ()):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(PARAMETERS)
