"""Which major version of a provider a configuration runs with."""

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from scanner.sources.terraform.configuration.module import Declaration, Module
from scanner.sources.terraform.syntax import nodes

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.tree import Tree

LOCK_FILE: Final = ".terraform.lock.hcl"
_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_HIGHEST = 10**6


class ProviderVersions:
    """The majors of all providers of one root: the lock file says, else what all modules' constraints leave."""

    def __init__(self, tree: "Tree", root: Module, modules: Iterable[Module]) -> None:
        self._locked = _locked(tree, root)
        self._constraints: dict[str, list[str]] = {}
        self._sources: dict[str, dict[str, str]] = {}
        for module in modules:
            self._collect(module)
        self._majors: dict[str, int | None] = {}

    def major(self, module: Module, provider: str) -> int | None:
        """Return the major of the provider with this local name in ``module``; None where several are possible."""
        source = self._sources.get(module.folder, {}).get(provider, _source(provider))
        if source not in self._majors:
            self._majors[source] = self._decide(source)
        return self._majors[source]

    def _decide(self, source: str) -> int | None:
        locked = self._locked.get(source)
        return major_of([locked]) if locked else major_of(self._constraints.get(source, ()))

    def _collect(self, module: Module) -> None:
        sources = self._sources.setdefault(module.folder, {})
        for settings in module.settings:
            for block in settings.block.body.blocks:
                if block.type == "required_providers":
                    for attribute in block.body.attributes.values():
                        self._require(sources, attribute)
        for declaration in module.providers:
            version = _text(declaration, "version")
            if version:
                name = declaration.block.labels[0]
                self._constraints.setdefault(sources.get(name, _source(name)), []).append(version)

    def _require(self, sources: dict[str, str], attribute: nodes.Attribute) -> None:
        name = attribute.name
        written = required(attribute.value)
        source = sources[name] = _source(written.get("source", name))
        if written.get("version"):
            self._constraints.setdefault(source, []).append(written["version"])


def required(node: nodes.Expression) -> dict[str, str]:
    """Return ``source`` and ``version`` of an entry of ``required_providers``, as far as they are plain text."""
    if isinstance(node, nodes.Literal) and type(node.value) is str:
        return {"version": node.value}
    found: dict[str, str] = {}
    if isinstance(node, nodes.ObjectCons):
        for key, value in node.items:
            if isinstance(key, nodes.Literal) and isinstance(value, nodes.Literal) and type(value.value) is str:
                found[str(key.value)] = value.value
    return found


def major_of(constraints: Iterable[str]) -> int | None:
    """Return the one major that all of ``constraints`` allow; None where several are, or nothing is said."""
    lowest, highest, said = 0, _HIGHEST, False
    for constraint in constraints:
        for clause in constraint.split(","):
            match = _CLAUSE.fullmatch(clause.split("-")[0].split("+")[0].rstrip())
            if match is None:
                continue
            said = True
            low, high = _range(match[1] or "=", int(match[2]), match[3], match[4])
            lowest, highest = max(lowest, low), min(highest, high)
    return lowest if said and lowest == highest else None


def _range(operator: str, major: int, minor: str | None, patch: str | None) -> tuple[int, int]:
    """Return the lowest and highest major that one clause allows."""
    if operator == "=":
        return major, major
    if operator == "~>":
        return (major, major) if minor is not None else (major, _HIGHEST)
    if operator in (">", ">="):
        return major, _HIGHEST
    if operator == "<":
        return 0, major if int(minor or 0) or int(patch or 0) else major - 1
    return (0, major) if operator == "<=" else (0, _HIGHEST)


def _source(written: str) -> str:
    """Return a provider's address as ``namespace/type``, which the lock file and the constraints share."""
    parts = written.lower().split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else f"hashicorp/{parts[0]}"


def _text(declaration: Declaration, name: str) -> str:
    written = declaration.attribute(name)
    value: Any = written.value.value if written is not None and isinstance(written.value, nodes.Literal) else None
    return value if isinstance(value, str) else ""


def _locked(tree: "Tree", root: Module) -> dict[str, str]:
    if LOCK_FILE not in tree.files(root.folder):
        return {}
    body = tree.read_file(os.path.join(root.folder, LOCK_FILE)).body
    blocks = body.blocks if body is not None else []
    locked = [Declaration("", block) for block in blocks if block.type == "provider" and len(block.labels) == 1]
    return {_source(item.block.labels[0]): _text(item, "version") for item in locked}
