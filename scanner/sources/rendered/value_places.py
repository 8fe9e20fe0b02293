"""Where the values of a release are set that a line of a template uses.

A line refers to values by ``.Values.a.b``, or by ``.`` inside of ``with`` and ``range``. What it refers to is looked
for in the files of values, the strongest first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.model.location import Step
from scanner.model.path import Path, format_path, value_at
from scanner.sources.rendered.tree import Tree

_MISSING = object()
_ACTION = re.compile(r"\{\{-?\s*(?P<text>.*?)\s*-?\}\}", re.DOTALL)
_WORD = re.compile(r"(?P<word>if|with|range|define|block|else|end)\b")
_VALUES = re.compile(r"\$?\.Values(?P<path>(?:\.\w+)+)")
_INDEX = re.compile(r"index\s+\$?\.Values(?P<path>(?:\.\w+)*)(?P<keys>(?:\s+\"[^\"]+\")+)")
_VARIABLE = re.compile(r"(?P<name>\$\w+)\s*:?=\s*(?P<text>.*)", re.DOTALL)
_DOT = re.compile(r"(?<![\w$)\"\]])\.(?P<path>\w+(?:\.\w+)*)?(?![\w\"])")
_CONTEXT = ("Values", "Release", "Chart", "Files", "Capabilities", "Template", "Subcharts")
_MAX_STEPS = 4


class ValuesFile(NamedTuple):
    """Values of a release, and where they are written."""

    values: Mapping[str, Any]
    path: str
    """Absolute path of the file."""
    document: int = 0
    base: Path = ()
    """Where they start in the document: ``("spec", "values")`` of a HelmRelease."""
    scope: Path = ()
    """What they are to the chart that is installed: the values of its dependency x are at ``("x",)``."""


def references(template: str, line: int) -> list[Path]:
    """Return the paths of values that a line of a template refers to, in their order."""
    found: dict[Path, None] = {}
    for start, text, around, variables in _actions(template):
        if start == line:
            for path in _paths(text, around, variables):
                found[path] = None
    return list(found)


def steps(
    tree: Tree, paths: Sequence[Path], files: Sequence[ValuesFile], scope: Path, wanted: Path, rendered: Any
) -> Iterator[Step]:
    """Yield where the values at ``paths`` are set.

    ``files`` are those of the release, the strongest first. ``scope`` is the chart that the template belongs to, as
    the path of its values in the release. ``wanted`` is the attribute path that was asked for and ``rendered`` what is
    there.
    """
    told: set[tuple[str, Path]] = set()
    for path in paths:
        full = path if path[:1] == ("global",) else (*scope, *path)
        for file in files:
            inner = full[len(file.scope) :] if full[: len(file.scope)] == file.scope else None
            if path[:1] == ("global",):
                inner = path
            if inner is None or value_at(file.values, inner, _MISSING) is _MISSING:
                continue
            place = _deepest(file.values, inner, wanted, rendered)
            if (file.path, place) not in told and len(told) < _MAX_STEPS:
                told.add((file.path, place))
                location = tree.location(file.path, (*file.base, *place), file.document)
                yield Step(f"value {format_path(full)} is set here", location)
            break


def _deepest(values: Mapping[str, Any], path: Path, wanted: Path, rendered: Any) -> Path:
    """Return ``path``, or what lies below it and is what was asked for: ``toYaml`` writes whole values."""
    if not isinstance(value_at(values, path), (dict, list)):
        return path
    for start in range(len(wanted)):
        below = (*path, *wanted[start:])
        if value_at(values, below, _MISSING) == rendered and value_at(values, below, _MISSING) is not _MISSING:
            return below
    return path


def _actions(template: str) -> Iterator[tuple[int, str, "Path | None", Mapping[str, list[Path]]]]:
    """Yield line, text, what ``.`` is (None for the whole context), and variables, for each action."""
    stack: list[tuple[str, Path | None]] = [("", None)]
    variables: dict[str, list[Path]] = {}
    line, position = 1, 0
    for match in _ACTION.finditer(template):
        line += template.count("\n", position, match.start())
        position = match.start()
        text = match["text"]
        word = _WORD.match(text)
        around = stack[-1][1]
        yield line, text, around, variables
        last = template.count("\n", match.start(), match.end())
        for more in range(1, last + 1):  # an action over several lines is on each of them
            yield line + more, text, around, variables
        assigned = _VARIABLE.search(text)
        if assigned is not None:
            variables[assigned["name"]] = _paths(assigned["text"], around, variables)
        if word is None:
            continue
        if word["word"] == "end":
            if len(stack) > 1:
                stack.pop()
        elif word["word"] in ("with", "range"):
            paths = _paths(text, around, variables)
            stack.append((word["word"], paths[0] if paths else ("\0",)))
        elif word["word"] in ("define", "block"):
            stack.append((word["word"], ("\0",)))
        elif word["word"] == "if":
            stack.append(("if", around))


def _paths(text: str, around: "Path | None", variables: Mapping[str, list[Path]]) -> list[Path]:
    found: list[Path] = []
    for match in _INDEX.finditer(text):
        keys = re.findall(r"\"([^\"]+)\"", match["keys"])
        found.append((*_split(match["path"]), *keys))
    found += [_split(match["path"]) for match in _VALUES.finditer(text)]
    for name, paths in variables.items():
        for match in re.finditer(re.escape(name) + r"\b(?P<path>(?:\.\w+)*)", text):
            found += [(*path, *_split(match["path"])) for path in paths]
    if around is not None and around != ("\0",):
        for match in _DOT.finditer(_VALUES.sub("", text)):
            steps_ = _split(match["path"] or "")
            if steps_[:1] and steps_[0] in _CONTEXT:
                continue
            found.append((*around, *steps_))
    return found


def _split(path: str) -> Path:
    return tuple(step for step in path.split(".") if step)
