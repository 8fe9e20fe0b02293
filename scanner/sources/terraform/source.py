"""The Source of Terraform: configurations, evaluated root by root.

Which files there are is decided by the walk; here is which of their folders are root modules, and what becomes of the
files that no root reads.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

from scanner.canonical.terraform import Deploy
from scanner.model.ledger import LedgerEntry, State
from scanner.sources.interface import Page, Source
from scanner.sources.terraform.configuration import find_roots
from scanner.sources.terraform.ledger import NO_INSTANCE
from scanner.sources.terraform.page import Root, RootPage
from scanner.sources.terraform.resources import KIND
from scanner.sources.terraform.roots import Configured, RootSettings, is_automatic, tree_of
from scanner.sources.walk import Found, is_inside, printable

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
"""Ends of the names of configuration files."""
VARIABLES = (".tfvars", ".tfvars.json")
"""Ends of the names of var-files."""


_UNDECLARED = "no root module declares a variable of this name"


class TerraformChoices(NamedTuple):
    """How roots are found and evaluated; paths are absolute or relative to the base."""

    roots: tuple[str, ...] = ()
    """Folders of root modules; empty for every folder that no module calls."""
    environments: Mapping[str, tuple[str, ...]] = {}
    """Environment → its var-files; every root is judged once for each. Empty for one judgement without a name."""
    var_files: tuple[str, ...] = ()
    """Var-files of every root and environment, stronger than those of the environment."""
    variables: Mapping[str, str] = {}
    """Name → text, as after ``-var``; the strongest."""
    process_environment: Mapping[str, str] = {}
    """Where ``TF_VAR_x`` are looked for; empty where they do not count."""
    workspace: str = "default"
    inline_exemptions: bool = True


class TerraformSource(Source):
    """Configurations in files that a walk has found."""

    kind = KIND

    def __init__(
        self,
        files: Sequence[Found],
        *,
        base: str | None = None,
        top: str | None = None,
        choices: TerraformChoices | None = None,
        requested: Collection[str] | None = None,
        asked: Collection[str] = (),
        deploy: Deploy | None = None,
    ) -> None:
        """Take the Terraform files that were found; others are left alone.

        ``base`` is the folder that names of files are relative to, the working directory where it is not given. Nothing
        outside of ``top`` is opened: where it is not given the base, or what the files have in common if some lie
        outside. ``requested`` are the names of the files that the user asked for: what they declare is reported, in the
        context of their roots; None for all. Roots in one of the folders ``asked`` for are reported whole. ``deploy``
        is a module-level function that evaluates the templates Terraform deploys.
        """
        self._base = os.path.abspath(base) if base is not None else os.getcwd()
        self._files = [found for found in files if is_terraform(found.name)]
        self._choices = choices or TerraformChoices()
        self._requested = None if requested is None else frozenset(map(printable, requested))
        self._asked = tuple(asked)
        self._undeclared: tuple[str, ...] = ()
        self._settings = RootSettings(
            run=uuid4().hex,
            top=os.path.abspath(top) if top is not None else self._top(),
            base=self._base,
            relative=any(found.name.startswith(os.pardir) for found in self._files),
            var_files=tuple(self._path(path) for path in self._choices.var_files),
            variables=tuple(self._choices.variables.items()),
            environment=tuple(
                (name, text) for name, text in self._choices.process_environment.items() if name.startswith("TF_VAR_")
            ),
            workspace=self._choices.workspace,
            deploy=deploy,
        )

    @property
    def settings(self) -> RootSettings:
        """How roots are evaluated: what the page of a plan needs to read the configuration beside it."""
        return self._settings

    def pages(self) -> Iterator[Page]:
        """Yield one page for each root module and environment, roots sorted by name."""
        environments = self._choices.environments or {"": ()}
        roots = list(self._roots())
        self._undeclared = self._undeclared_in(roots)
        for root in roots:
            requested = self._requested_of(root)
            if requested is not None and not requested:
                continue
            for environment, var_files in environments.items():
                yield RootPage(
                    root,
                    self._settings,
                    environment=environment,
                    var_files=tuple(self._path(path) for path in var_files),
                    requested=None if requested is None or any(map(_is_variables, requested)) else requested,
                    inline_exemptions=self._choices.inline_exemptions,
                )

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return what is to be said of every file that no page has an entry for."""
        undeclared = (
            LedgerEntry(f"--var {name}", State.UNPARSED, _UNDECLARED, incomplete=True) for name in self._undeclared
        )
        wanted = (found for found in self._files if self._requested is None or printable(found.name) in self._requested)
        return (*undeclared, *(_unread(printable(found.name)) for found in wanted))

    def _undeclared_in(self, roots: Sequence[Root]) -> tuple[str, ...]:
        """Return the variables of the command line that no root declares."""
        tree = tree_of(self._settings)
        declared = {name for root in roots for name in tree.module(root.folder).variables}
        return tuple(name for name in self._choices.variables if name not in declared)

    def _roots(self) -> Iterator[Root]:
        sizes: defaultdict[str, int] = defaultdict(int)
        for found in self._files:
            sizes[os.path.dirname(found.path)] += found.size_bytes
        tree = tree_of(self._settings)
        folders: Sequence[str] = [self._path(root) for root in self._choices.roots]
        if not folders:
            declared = {os.path.dirname(found.path) for found in self._files if not _is_variables(found.name)}
            folders = find_roots(tree, sorted(declared))
        for folder in folders:
            yield Root(folder, tree.name(folder), sizes.get(folder, 0))

    def _requested_of(self, root: Root) -> frozenset[str] | None:
        """Return the requested files that play a part in ``root``; None where everything was requested."""
        if self._requested is None or any(is_inside(root.folder, folder) for folder in self._asked):
            return None
        configured = Configured(root.folder, self._settings)
        tree = configured.tree
        files = set(configured.files())
        files |= {tree.name(os.path.join(root.folder, name)) for name in tree.files(root.folder) if is_automatic(name)}
        if not self._asked:  # a var-file that was named concerns every root; one in a folder only comes along
            stated = self._choices.environments.values()
            named = (*self._choices.var_files, *(path for paths in stated for path in paths))
            files |= {tree.name(self._path(path)) for path in named}
        return self._requested & files

    def _top(self) -> str:
        folders = {os.path.dirname(found.path) for found in self._files}
        inside = self._base.rstrip(os.sep) + os.sep
        if all(folder == self._base or folder.startswith(inside) for folder in folders):
            return self._base
        return os.path.commonpath(folders)

    def _path(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._base, path))


def is_terraform(name: str) -> bool:
    """Whether a file of this name is Terraform's: configuration or variables."""
    return name.endswith((*CONFIGURATION, *VARIABLES))


def _is_variables(name: str) -> bool:
    return name.endswith(VARIABLES)


def _unread(name: str) -> LedgerEntry:
    if _is_variables(name):
        reason = "variables that no root module reads by itself; name the file with --var-file or in bulkhead.yaml"
        return LedgerEntry(name, State.UNSUPPORTED, reason)
    return LedgerEntry(name, State.SCANNED, NO_INSTANCE)
