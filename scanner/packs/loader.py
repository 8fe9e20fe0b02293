"""Finds packs and their rules, and keeps an index so that the next start need not read them again.

A pack is a folder with ``pack.yaml`` whose sub-folders with ``rule.md`` are its rules. The built-in ones lie in
``rules/`` and ``rego/`` beside the package (a checkout, an editable install) or in ``scanner/_packs`` (a wheel).
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.documents import read_yaml
from scanner.errors import PackError
from scanner.model.rule import Rule
from scanner.packs.index import Index
from scanner.packs.rule_file import parse_rule

LANGUAGE_FILES = {"rule.py": "python", "rule.rego": "rego"}
"""Which file decides, and the language it says."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of Rules, versioned together."""

    name: str
    """``<root folder>/<folder>``, such as ``rego/tenant_isolation``."""
    version: str
    title: str
    digest: str
    """``sha256:`` and 64 hexadecimal digits over path and content of every file."""
    folder: str
    """Absolute path."""
    builtin: bool
    rules: tuple[Rule, ...]
    libraries: tuple[str, ...]
    """Absolute paths of the Rego library modules its rules may import."""


def builtin_roots() -> tuple[str, ...]:
    """Return the folders that hold the built-in packs: ``rules`` and ``rego``.

    Raises PackError where they are missing, which means a broken installation.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for parent in (os.path.join(package, "_packs"), os.path.dirname(package)):
        roots = tuple(os.path.join(parent, name) for name in ("rules", "rego"))
        if all(os.path.isdir(root) for root in roots):
            return roots
    raise PackError(f"cannot find the built-in packs near {package}", hint="reinstall bulkhead-scanner")


def builtin_packs() -> tuple[Pack, ...]:
    """Return the packs that ship with the package."""
    return _load(builtin_roots(), builtin=True)


def load_packs(paths: Sequence[str]) -> tuple[Pack, ...]:
    """Return the packs at ``paths``; each is a pack folder or a folder of packs. Raises PackError."""
    return _load(tuple(os.path.abspath(path) for path in paths), builtin=False)


def unique_rules(packs: Iterable[Pack]) -> dict[str, Rule]:
    """Return all Rules by id, sorted; raises PackError naming both folders where an id is there twice."""
    rules: dict[str, Rule] = {}
    for pack in packs:
        for rule in pack.rules:
            other = rules.setdefault(rule.id, rule)
            if other is not rule:
                raise PackError(
                    f"cannot load rule {rule.id}: both {other.folder} and {rule.folder} have this id",
                    hint="give one of them another id; packs never override each other",
                )
    return dict(sorted(rules.items()))


def _load(roots: Sequence[str], *, builtin: bool) -> tuple[Pack, ...]:
    packs: list[Pack] = []
    for root in roots:
        if not os.path.isdir(root):
            raise PackError(f"cannot load pack {root}: no such folder", hint=_NEW_HINT)
        index = Index.of(root)
        found = index.cached()
        if found is None or any(pack.builtin is not builtin for pack in found):
            found = tuple(_read_pack(folder, root, index, builtin=builtin) for folder in _pack_folders(root))
            if not found:
                raise PackError(f"cannot find a pack in {root}: there is no pack.yaml", hint=_NEW_HINT)
            index.store(found)
        packs.extend(found)
    unique_rules(packs)
    return tuple(packs)


_NEW_HINT = "'bulkhead rules new PATH' writes a pack with a first rule"


def _pack_folders(root: str) -> list[str]:
    if os.path.isfile(os.path.join(root, "pack.yaml")):
        return [root]
    folders = [entry.path for entry in os.scandir(root) if os.path.isfile(os.path.join(entry.path, "pack.yaml"))]
    return sorted(folders)


def _read_pack(folder: str, root: str, index: Index, *, builtin: bool) -> Pack:
    manifest_file = os.path.join(folder, "pack.yaml")
    manifest = _read_manifest(manifest_file)
    root_name = os.path.basename(root if root != folder else os.path.dirname(folder))
    name = f"{root_name}/{os.path.basename(folder)}"
    rules = [
        _read_rule(entry.path, name)
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if entry.is_dir() and os.path.isfile(os.path.join(entry.path, "rule.md"))
    ]
    libraries = _libraries(os.path.dirname(folder)) if any(rule.language == "rego" for rule in rules) else ()
    return Pack(
        name=name,
        version=manifest["version"],
        title=manifest.get("title", manifest["name"]),
        digest=_digest(folder, libraries, index),
        folder=folder,
        builtin=builtin,
        rules=tuple(rules),
        libraries=libraries,
    )


def _read_manifest(file: str) -> Mapping[str, str]:
    with open(file, "rb") as stream:
        read = read_yaml(stream.read())
    if read.problems:
        problem = read.problems[0]
        raise PackError(f"cannot load pack: {file}:{problem.line}:{problem.column}: {problem.reason}")
    value = read.documents[0].value if read.documents else None
    if not isinstance(value, dict) or not {"name", "version"} <= value.keys():
        raise PackError(f"cannot load pack: {file}:1: fields 'name' and 'version' are needed")
    from scanner import __version__

    minimum = str(value.get("minimum_scanner", "0"))
    if _version(minimum) > _version(__version__):
        raise PackError(f"cannot load pack {file}: it needs Bulkhead {minimum}, this is {__version__}", hint="upgrade")
    return {key: str(text) for key, text in value.items()}


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))


def _read_rule(folder: str, pack: str) -> Rule:
    languages = [name for name in LANGUAGE_FILES if os.path.isfile(os.path.join(folder, name))]
    if len(languages) != 1:
        raise PackError(f"cannot load rule: {folder} must hold exactly one of {', '.join(LANGUAGE_FILES)}")
    file = os.path.join(folder, "rule.md")
    with open(file, encoding="utf-8") as stream:
        text = stream.read()
    return parse_rule(text, file, language=LANGUAGE_FILES[languages[0]], pack=pack, folder=folder)


def _libraries(parent: str) -> tuple[str, ...]:
    """Return the library modules that packs side by side in the folder ``parent`` share."""
    folder = os.path.join(parent, "lib")
    if not os.path.isdir(folder):
        return ()
    return tuple(sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(".rego")))


def _digest(folder: str, libraries: Sequence[str], index: Index) -> str:
    """Return the digest over relative path and content of every file of the pack and of the libraries it may use."""
    total = hashlib.sha256()
    for path in [*(path for path in index.files() if path.startswith(folder + os.sep)), *libraries]:
        with open(path, "rb") as stream:
            content = hashlib.sha256(stream.read()).hexdigest()
        total.update(f"{os.path.relpath(path, os.path.dirname(folder)).replace(os.sep, '/')}\0{content}\n".encode())
    return f"sha256:{total.hexdigest()}"
