"""ApplicationSet of Argo CD: the Applications it makes, as far as the tree alone tells.

The generators that need no more are list, git (directories and files of the same repository), matrix and merge. A
template may refer to parameters, in either notation; what calls functions is not resolved.
"""

import fnmatch
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.model.ledger import LedgerEntry
from scanner.sources.rendered.argo import application
from scanner.sources.rendered.declarations import Declared, Resolved, items, mapping
from scanner.sources.rendered.tree import Tree

MAX_APPLICATIONS = 500

_MISSING = object()
_REFERENCE = re.compile(r"\{\{-?\s*(?P<text>[^{}]*?)\s*-?\}\}")
_NAME = re.compile(r"\.?[\w.\[\]-]+")
_INDEX = re.compile(r"index\s+\.(?P<name>[\w.]+)\s+(?P<index>\d+)")
_Parameters = Mapping[str, Any]


class _NotKnown(Exception):  # noqa: N818 - a condition that ends up in the ledger
    """A generator or a template that the tree alone does not resolve."""


class Listing:
    """The folders and files of a tree, looked up when they are first asked for."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._names: tuple[list[str], list[str]] | None = None

    def names(self) -> tuple[list[str], list[str]]:
        """Return folders and files that may hold parameters, relative to the top of the tree, sorted in each folder."""
        if self._names is None:
            self._names = self._found()
        return self._names

    def _found(self) -> tuple[list[str], list[str]]:
        folders: list[str] = []
        files: list[str] = []
        for above, names, here in os.walk(self.tree.top):
            names[:] = sorted(name for name in names if not name.startswith("."))
            inside = os.path.relpath(above, self.tree.top).replace(os.sep, "/")
            folders += [inside] if inside != "." else []
            prefix = "" if inside == "." else f"{inside}/"
            files += [prefix + name for name in sorted(here) if name.endswith((".json", ".yaml", ".yml"))]
        return folders, files


def application_set(listing: "Listing", declared: Declared, cluster: str) -> Resolved:
    """Return what the Applications of a set deploy."""
    tree, spec = listing.tree, declared.spec
    resolved = Resolved()
    seen: set[str] = set()
    for index, generator in enumerate(items(spec.get("generators"))):
        at = ("spec", "generators", index)
        try:
            found = list(_generated(listing, generator))
            read = tuple(_read(listing, generator))
        except _NotKnown as error:
            resolved += Resolved(entries=(declared.entry(tree, str(error), at),))
            continue
        if len(found) > MAX_APPLICATIONS:
            resolved += Resolved(entries=(_too_many(tree, declared, len(found)),))
            found = found[:MAX_APPLICATIONS]
        own = mapping(next((body.get("template") for body in generator.values() if isinstance(body, dict)), None))
        for parameters in found:
            try:
                value = _filled(_merged(mapping(spec.get("template")), own), parameters)
            except _NotKnown as error:
                resolved += Resolved(entries=(declared.entry(tree, str(error), ("spec", "template")),))
                break
            one = Declared(
                {**value, "kind": "Application", "apiVersion": "argoproj.io/v1alpha1"}, declared.path, declared.document
            )
            if one.name not in seen:
                seen.add(one.name)
                resolved += _also(application(tree, one, cluster, ("spec", "template", "spec")), read)
    if spec.get("templatePatch"):
        reason = "templatePatch is not applied"
        resolved += Resolved(entries=(declared.entry(tree, reason, ("spec", "templatePatch"), incomplete=True),))
    return resolved


def _also(resolved: Resolved, files: tuple[str, ...]) -> Resolved:
    """Return ``resolved`` with ``files`` as having a say in it."""
    return resolved._replace(
        releases=tuple(one._replace(also=files) for one in resolved.releases),
        builds=tuple(one._replace(also=files) for one in resolved.builds),
    )


def _read(listing: "Listing", generator: Any) -> Iterator[str]:
    """Yield the absolute paths of the files that a generator takes parameters from."""
    for kind, body in generator.items():
        if kind == "git":
            wanted = items(mapping(body).get("files"))
            files = listing.names()[1] if wanted else ()
            yield from (os.path.join(listing.tree.top, file) for file in files if any(_is(file, one) for one in wanted))
        for part in items(mapping(body).get("generators")):
            yield from _read(listing, part)


def _too_many(tree: Tree, declared: Declared, count: int) -> LedgerEntry:
    reason = f"of {count} applications only the first {MAX_APPLICATIONS} are resolved"
    return declared.entry(tree, reason, ("spec", "generators"), incomplete=True)


def _generated(listing: "Listing", generator: Mapping[str, Any]) -> Iterator[_Parameters]:
    if generator.get("selector"):
        raise _NotKnown("a generator with a selector is not resolved")
    kind = next((key for key in generator if key not in ("selector",)), "")
    body = mapping(generator.get(kind))
    if kind == "list" and "elements" in body:
        yield from items(body["elements"])
    elif kind == "git" and ("directories" in body or "files" in body):
        for parameters in _of_git(listing, body):
            yield {**parameters, **_filled(mapping(body.get("values")), parameters, "values.")}
    elif kind in ("matrix", "merge"):
        parts = [list(_generated(listing, part)) for part in items(body.get("generators")) if not _refers(part)]
        if len(parts) != len(items(body.get("generators"))):
            raise _NotKnown("a generator that refers to another is not resolved")
        yield from _matrix(parts) if kind == "matrix" else _merge(parts, body.get("mergeKeys") or ())
    else:
        raise _NotKnown(f"generator {kind or '?'} needs more than the tree")


def _matrix(parts: Sequence[Sequence[_Parameters]]) -> Iterator[_Parameters]:
    found: Sequence[_Parameters] = [{}]
    for part in parts:
        found = [_merged(one, other) for one in found for other in part][: MAX_APPLICATIONS + 1]
    yield from found


def _merge(parts: Sequence[Sequence[_Parameters]], keys: Sequence[Any]) -> Iterator[_Parameters]:
    for one in parts[0] if parts else ():
        merged = dict(one)
        for part in parts[1:]:
            for other in part:
                if all(_at(other, str(key)) == _at(one, str(key)) for key in keys):
                    merged = dict(_merged(merged, other))
        yield merged


def _of_git(listing: "Listing", body: Mapping[str, Any]) -> Iterator[_Parameters]:
    tree = listing.tree
    folders, files = listing.names()
    if "directories" in body:
        wanted = items(body["directories"])
        for folder in folders:
            kept = any(_is(folder, one) for one in wanted if not one.get("exclude"))
            if kept and not any(_is(folder, one) for one in wanted if one.get("exclude")):
                yield _path_parameters(folder, "")
        return
    for file in files:
        if any(_is(file, one) for one in items(body["files"])):
            value = tree.mapping(os.path.join(tree.top, file))
            yield {**value, **_path_parameters(os.path.dirname(file), os.path.basename(file))}


def _is(path: str, wanted: Mapping[str, Any]) -> bool:
    """Whether a pattern is for a path: ``*`` stays in one folder, ``**`` does not."""
    parts, patterns = path.split("/"), str(wanted.get("path", "")).strip("/").split("/")
    return _fits(parts, patterns)


def _fits(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fits(parts[start:], patterns[1:]) for start in range(len(parts) + 1))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], patterns[0]) and _fits(parts[1:], patterns[1:])


def _path_parameters(folder: str, file: str) -> _Parameters:
    base = folder.rpartition("/")[2]
    segments = folder.split("/")
    whole: dict[str, Any] = {
        "path": folder,
        "basename": base,
        "basenameNormalized": re.sub(r"[^a-z0-9.-]", "-", base.lower()),
        "segments": segments,
    }
    if file:
        whole["filename"] = file
        whole["filenameNormalized"] = re.sub(r"[^a-z0-9.-]", "-", file.lower())
    return {"path": whole}


def _refers(part: Any) -> bool:
    if isinstance(part, dict):
        return any(_refers(item) for key, item in part.items() if key != "template")
    if isinstance(part, list):
        return any(map(_refers, part))
    return isinstance(part, str) and "{{" in part


def _filled(value: Any, parameters: _Parameters, prefix: str = "") -> Any:
    if isinstance(value, dict):
        return {f"{prefix}{key}": _filled(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, parameters) for item in value]
    if not isinstance(value, str) or "{{" not in value:
        return value

    def replaced(match: re.Match[str]) -> str:
        text = match["text"]
        indexed = _INDEX.fullmatch(text)
        if indexed is not None:
            text = f"{indexed['name']}[{indexed['index']}]"
        found = _at(parameters, text.removeprefix(".")) if _NAME.fullmatch(text) else _MISSING
        if found is _MISSING or isinstance(found, (dict, list)):
            raise _NotKnown(f"template expression {match[0]} is not resolved")
        return str(found)

    return _REFERENCE.sub(replaced, value)


def _at(parameters: _Parameters, name: str) -> Any:
    """Return a parameter by its dotted name; ``path`` is the whole path, ``path[0]`` a part of it."""
    if name in parameters and not isinstance(parameters[name], dict):
        return parameters[name]
    value: Any = parameters
    for step in re.findall(r"[\w-]+", name):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, dict) and step.isdigit() and isinstance(value.get("segments"), list):
            value = value["segments"]
            value = value[int(step)] if int(step) < len(value) else _MISSING
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value["path"] if name == "path" and isinstance(value, dict) else value


def _merged(value: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    merged = dict(value)
    for key, item in other.items():
        if item in ("", None, {}):
            continue
        known = merged.get(key)
        merged[key] = _merged(known, item) if isinstance(known, dict) and isinstance(item, dict) else item
    return merged
