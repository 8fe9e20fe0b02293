"""One root module under one environment: evaluated once, and its files as exemptions and the ledger need them."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from scanner.canonical.terraform import Deploy
from scanner.sources.terraform.comments import MARK, File
from scanner.sources.terraform.configuration import Evaluated, Tree, evaluate_root
from scanner.sources.terraform.configuration.module import Module, SourceFile
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.syntax.nodes import Literal, Node
from scanner.sources.walk import printable

_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\]')
_MOST_FOLDERS = 10_000


class RootSettings(NamedTuple):
    """How root modules are evaluated; picklable."""

    run: str
    """Names the run: what was read is kept for as long as pages of the same run follow."""
    top: str
    """Folder that nothing outside of is opened."""
    base: str
    """Folder that names of files are relative to in reports."""
    relative: bool = False
    """Whether files outside of the base are named relative to it too (``../infra/main.tf``), as the user wrote them."""
    var_files: tuple[str, ...] = ()
    """Paths of the var-files of every root, weakest first; all are stronger than an environment's."""
    variables: tuple[tuple[str, str], ...] = ()
    """Name and text of variables, as after ``-var``."""
    environment: tuple[tuple[str, str], ...] = ()
    """``TF_VAR_x`` and its text; empty where the process environment does not count."""
    workspace: str = "default"
    deploy: Deploy | None = None
    """Evaluates templates that Terraform deploys; a module-level function."""


@lru_cache(1)
def tree_of(settings: RootSettings) -> Tree:
    """Return the tree of a run: its files are parsed once per process, not once per root that uses them."""
    tree = _RelativeTree if settings.relative else Tree
    return tree(settings.top, settings.base)


class _RelativeTree(Tree):
    """A tree outside of the base whose files are named from there."""

    def name(self, path: str) -> str:
        """Return ``path`` relative to the base, wherever it lies."""
        name = super().name(path)
        return printable(os.path.relpath(name, self._base)) if os.path.isabs(name) else name


class Configured:
    """The configuration in one folder."""

    def __init__(self, folder: str, settings: RootSettings, var_files: tuple[str, ...] = ()) -> None:
        """Take the folder, and var-files of an environment, which are weaker than those of the settings."""
        self.folder = folder
        self._settings = settings
        self._var_files = var_files
        self.tree = tree_of(settings)

    @property
    def exists(self) -> bool:
        """Whether the folder holds a configuration inside the tree."""
        return self.tree.holds(self.folder) and self.tree.is_module(self.folder)

    @cached_property
    def evaluated(self) -> Evaluated:
        """What it gives."""
        settings = self._settings
        return evaluate_root(
            self.tree,
            self.folder,
            var_files=(*self._var_files, *settings.var_files),
            variables=self._declared(settings.variables),
            environment=dict(settings.environment),
            workspace=settings.workspace,
        )

    def _declared(self, variables: tuple[tuple[str, str], ...]) -> dict[str, str]:
        """Return the variables that the root declares: those of the command line are meant for whichever root does."""
        module = self.tree.module(self.folder)
        return {name: text for name, text in variables if name in module.variables}

    def by_address(self) -> Mapping[str, Instance]:
        """Return its Instances by address; of every block one also by the address without instance keys."""
        found: dict[str, Instance] = {}
        for instance in self.evaluated.instances:
            found[instance.address] = instance
            found.setdefault(self.without_keys(instance.address), instance)
        return found

    @staticmethod
    def without_keys(address: str) -> str:
        """Return ``address`` without its instance keys."""
        return _KEY.sub("", address) if "[" in address else address

    def modules(self) -> Iterator[Module]:
        """Yield the module in the folder and all that it calls, each once; downloaded ones once it was evaluated."""
        pending = [*self.__dict__["evaluated"].folders] if "evaluated" in self.__dict__ else []
        pending.append(self.folder)
        seen: set[str] = set()
        while pending and len(seen) < _MOST_FOLDERS:
            folder = self.tree.real(pending.pop())
            if folder in seen or not self.tree.holds(folder):
                continue
            seen.add(folder)
            module = self.tree.module(folder)
            yield module
            for call in module.calls.values():
                source = call.attribute("source")
                if source is not None and isinstance(source.value, Literal) and isinstance(source.value.value, str):
                    path = source.value.value
                    pending += [os.path.normpath(os.path.join(folder, path))] if path.startswith(("./", "../")) else []

    def files(self) -> dict[str, SourceFile]:
        """Return every configuration file of the modules, by its name in reports."""
        return {file.name: file for module in self.modules() for file in module.files}

    def files_with_exemptions(self) -> Iterator[File]:
        """Yield the files that hold exemptions, in the order of their names."""
        own = self.tree.real(self.folder)
        found = [(file, module.folder == own) for module in self.modules() for file in module.files]
        for file, is_root in sorted(found, key=lambda one: one[0].name):
            if file.body is None or file.name.endswith(".json"):
                continue
            text = self.tree.text(file.name)
            if MARK in text:
                yield File(file.name, text, file.body, partial(self._line, file.name), is_root)

    def given_variables(self) -> Iterator[str]:
        """Yield the names of the variables that are set for the root, by files or otherwise."""
        yield from (name for name, _ in self._settings.variables)
        yield from (name.removeprefix("TF_VAR_") for name, _ in self._settings.environment)
        own = [os.path.join(self.folder, name) for name in self.tree.files(self.folder) if is_automatic(name)]
        for path in (*own, *self._var_files, *self._settings.var_files):
            body = self.tree.read_file(path).body
            yield from body.attributes if body is not None else ()

    def _line(self, file: str, node: Node) -> int:
        return self.tree.region(file, node).line


def is_automatic(name: str) -> bool:
    """Whether a var-file of this name is read without being named."""
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))
