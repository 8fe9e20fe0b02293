"""Which file is read where the configuration or a flag names one: the base's own, where there is a base.

Paths are taken as they are written, so that no link of a change leads them elsewhere.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scanner.config import Config, PackReference, find_config, load_config
from scanner.errors import UsageError
from scanner.sources.rendered.choices import ReleaseChoice, RenderedChoices
from scanner.sources.repository import TerraformSettings

if TYPE_CHECKING:
    from scanner.points.base import BaseTree


class Chosen:
    """Says which file is read where one is named: the base's own where there is a base."""

    def __init__(self, tree: "BaseTree | None") -> None:
        self._tree = tree
        self.withheld: list[str] = []
        """Files that the change brings and the base has not, relative to where names start."""

    def config(self, paths: Sequence[str], named: str | None) -> Config:
        """Return the configuration for a scan of ``paths``; its paths are absolute where there is a base."""
        tree = self._tree
        if tree is None:
            file = find_config(paths, named=named)
            return load_config(file) if file else Config()
        outside = not tree.holds(os.path.realpath(os.getcwd()))
        file = named if named is not None else find_config(()) if outside else None
        if file is not None:
            file = self.file(os.path.abspath(file))
        else:
            local = [tree.local(os.path.abspath(path)) for path in paths]
            file = find_config(local, cwd=tree.here_there)
            if file is None and (new := find_config(local, cwd=tree.here)):
                self.withheld.append(tree.local(new))
        if not file:
            return Config()
        below = os.path.relpath(file, tree.folder)
        inside = not below.startswith(os.pardir)
        folder = os.path.dirname(os.path.join(tree.commit.repository, below) if inside else os.path.abspath(file))
        with tree.named():
            return load_config(file, folder)

    def file(self, path: str) -> str:
        """Return what to read for ``path``; empty where the base has no such file."""
        if self._tree is None or not path:
            return path
        absolute = os.path.abspath(path)
        found = self._tree.trusted(absolute)
        if found is None:
            self.withheld.append(self._tree.local(absolute))
        return found or ""

    def localised(self, config: Config) -> Config:
        """Return ``config`` with Packs of the base, and what is scanned relative to where it is scanned."""
        tree = self._tree
        if tree is None:
            return config
        packs = [(pack, self.file(pack.path)) for pack in config.packs]
        return replace(
            config,
            clusters={name: tree.local(path) for name, path in config.clusters.items()},
            packs=tuple(PackReference(path, *pack[1:]) for pack, path in packs if path),
        )

    def terraform(self, flags: Mapping[str, Any], config: Config) -> TerraformSettings:
        """Return how Terraform is evaluated, with paths of the work tree."""
        choice, local = config.terraform, self._local
        return TerraformSettings(
            roots=tuple(map(local, choice.roots)),
            environments={name: tuple(map(local, files)) for name, files in choice.var_files.items()},
            var_files=tuple(map(local, flags["var_files"])),
            variables=dict(_variable(text) for text in flags["variables"]),
            process_environment=dict(os.environ) if choice.tf_var else {},
            workspace=choice.workspace,
        )

    def rendered(self, config: Config) -> RenderedChoices:
        """Return how charts and overlays are rendered, with paths of the work tree."""
        releases = tuple(
            ReleaseChoice(
                self._local(release.chart),
                release.name,
                release.namespace,
                tuple(map(self._local, release.values)),
                release.cluster,
            )
            for release in config.helm.releases
        )
        return RenderedChoices(
            releases, *config.helm[1:], gitops=config.gitops, helm_charts=config.kustomize.helm_charts
        )

    def _local(self, path: str) -> str:
        return self._tree.local(os.path.abspath(path)) if self._tree else path


def _variable(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(f"cannot set variable '{text}'", hint="write --var NAME=VALUE")
    return name, value
