"""Where the code of a module is: a file of the tree, or a copy of a registry's module in a folder that was named.

``br:registry/path:tag`` and ``ts:subscription/group/name:version`` are never fetched. They are looked for in the cache
that the compiler keeps (``br/<registry>/<path, $ for />/<tag>$/main.json``) and in folders given for an alias.
Source of the cache's layout and of aliases: the pages "Bicep modules" and "Add module settings in the Bicep config
file" on learn.microsoft.com.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scanner.sources.bicep.files import Tree
from scanner.sources.files import Unreadable

CONFIGURATION: Final = "bicepconfig.json"
_PUBLIC: Final = {"registry": "mcr.microsoft.com", "modulePath": "bicep"}
_MAX_CONFIGURATION: Final = 1024 * 1024
_REGISTRY: Final = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\](?::\d+)?|[^/]+)/(?P<path>[^:@]+)[:@](?P<tag>[^/]+)")
_ALIASED: Final = re.compile(r"(?P<alias>[A-Za-z0-9_-]+):(?P<path>[^:@]+)[:@](?P<tag>[^/]+)")
_SPEC: Final = re.compile(r"(?P<group>[^/:]+/[^/:]+)/(?P<path>[^/:]+):(?P<tag>[^/]+)")
_COMMENT: Final = re.compile(r'("(?:[^"\\]|\\.)*+")|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/')
_ENTRY_FILES: Final = ("main.bicep", "main.json", "azuredeploy.json")


@dataclass(frozen=True, slots=True)
class Registry:
    """Copies of modules that are on this machine."""

    caches: tuple[str, ...] = ()
    """Folders laid out as the compiler's cache is."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Alias (``public``, ``ts/mySpecs``) or host → folder with ``<path>/<tag>/main.json`` or ``<path>/main.bicep``."""


def is_remote(reference: str) -> bool:
    """Whether a module's path is one of a registry or of template specs."""
    return reference.startswith(("br:", "br/", "ts:", "ts/"))


class Remotes:
    """Finds the copies of registry modules for the files of one tree."""

    def __init__(self, tree: Tree, registry: Registry) -> None:
        self._tree = tree
        self._registry = registry
        self._configurations: dict[str, Mapping[str, Any]] = {}

    def find(self, base: str, reference: str) -> tuple[Tree, str] | None:
        """Return the tree and path of a copy of what ``reference`` means in the file ``base``."""
        for folder, path in self._candidates(base, reference):
            tree = Tree(folder, self._tree.root)
            for name in _ENTRY_FILES:
                if tree.exists(posixpath.join(path, name)):
                    return tree, posixpath.join(path, name)
        return None

    def _candidates(self, base: str, reference: str) -> list[tuple[str, str]]:
        scheme, rest = reference[:2], reference[3:]
        aliased = reference[2] == "/"
        match = (_ALIASED if aliased else _SPEC if scheme == "ts" else _REGISTRY).fullmatch(rest)
        if match is None or ".." in match["path"].split("/") or ".." in match["tag"]:
            return []
        path, tag = match["path"], match["tag"]
        found: list[tuple[str, str]] = []
        if aliased:
            alias = match["alias"]
            folder = self._registry.aliases.get(alias if scheme == "br" else f"ts/{alias}")
            found += _in_folder(folder, path, tag)
            target = self._alias(base, scheme, alias)
            host = target.get("registry", "")
            path = posixpath.join(target.get("modulePath", ""), path)
            group = f"{target.get('subscription', '')}/{target.get('resourceGroup', '')}"
        else:
            host = match["host"] if scheme == "br" else ""
            group = match["group"] if scheme == "ts" else ""
        found += _in_folder(self._registry.aliases.get(host), path, tag)
        for cache in self._registry.caches:
            if scheme == "br" and host:
                found.append((cache, f"br/{host.replace(':', '$')}/{path.replace('/', '$')}/{tag}$"))
            elif scheme == "ts":
                found.append((cache, f"ts/{group.lower()}/{path.lower()}/{tag.lower()}"))
        return found

    def _alias(self, base: str, scheme: str, alias: str) -> Mapping[str, str]:
        aliases = self._configuration(posixpath.dirname(base)).get("moduleAliases")
        known = aliases.get(scheme) if isinstance(aliases, dict) else None
        target = known.get(alias) if isinstance(known, dict) else None
        if isinstance(target, dict):
            return {key: value for key, value in target.items() if isinstance(value, str)}
        return _PUBLIC if (scheme, alias) == ("br", "public") else {}

    def _configuration(self, folder: str) -> Mapping[str, Any]:
        """Return the nearest ``bicepconfig.json``: of ``folder``, or of the next one above it in the tree."""
        if folder not in self._configurations:
            path = posixpath.join(folder, CONFIGURATION)
            if self._tree.exists(path):
                data = self._tree.read(path, _MAX_CONFIGURATION)
                found: Mapping[str, Any] = {} if isinstance(data, Unreadable) else _read(data)
            else:
                found = self._configuration(posixpath.dirname(folder)) if folder else {}
            self._configurations[folder] = found
        return self._configurations[folder]


def _in_folder(folder: str | None, path: str, tag: str) -> list[tuple[str, str]]:
    return [(folder, f"{path}/{tag}"), (folder, path)] if folder else []


def _read(data: bytes) -> Mapping[str, Any]:
    """Return a configuration; comments are allowed in it, and one that cannot be read has no aliases."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(_COMMENT.sub(lambda match: match[1] or " ", text))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
