"""Where a path of an ARM body came from: the Terraform attribute path, found by walking the rows that wrote it.

Only findings ask, so nothing is recorded while translating.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scanner.canonical.levels import Level, Row
from scanner.model.path import Path


class _Found(NamedTuple):
    score: tuple[int, bool, bool]
    """How many steps of the path a row explains, whether all that the row writes is in it, whether it is present."""
    path: Path


_NOTHING = _Found((0, False, False), ())
_SAME = {"location": "location", "tags": "tags", "identity": "identity", "name": "name", "id": "name"}


def trace(level: Level, attributes: Mapping[str, Any], path: Path) -> Path:
    """Return the attribute path that wrote ``path``; an absent attribute's name; empty where no row explains it."""
    found = _search(level, attributes, path, path)
    if found.path:
        return found.path
    if path and path[0] == "identity":
        return _identity(path)
    if path and path[0] in _SAME:
        return (_SAME[str(path[0])], *path[1:])
    if len(path) > 1 and path[0] == "_tf":
        return path[1:]
    return ()


def _identity(path: Path) -> Path:
    inner = {"type": "type", "userAssignedIdentities": "identity_ids"}
    return ("identity", 0, inner[str(path[1])]) if len(path) > 1 and path[1] in inner else ("identity",)


def _search(level: Level, attributes: Mapping[str, Any], path: Path, whole: Path) -> _Found:
    """Return the best explanation of ``path`` (from the base of this level); ``whole`` counts from the root."""
    best = _NOTHING
    for row in level.specs:
        wanted = whole if row.absolute else path
        found = _explain(row, attributes, wanted, whole)
        if found.score > best.score:
            best = found
    return best


def _explain(row: Row, attributes: Mapping[str, Any], path: Path, whole: Path) -> _Found:
    name = next((name for name in row.names if attributes.get(name) is not None), None)
    if name is None and row.also:
        name = next((name for name in row.also if attributes.get(name) is not None), None)
    there = name is not None
    name = name or row.names[0]
    reached = _common(row.to, path) if row.to else 0
    rest = path[reached:]
    if row.kind == "block":
        return _in_block(row, attributes, name, there, rest, whole, reached)
    if reached and reached == min(len(row.to), len(path)):
        if row.kind == "list" and reached == len(row.to):
            return _in_list(row, attributes, name, rest, reached)
        if row.kind == "value":
            return _Found((reached, reached == len(row.to), there), (name, *_rest(row, attributes, name, rest)))
    best = _NOTHING
    for present in row.present:
        common = _common(present, path)
        if common == len(present):
            best = max(best, _Found((common, True, there), (name,)))
    return best


def _in_block(
    row: Row, attributes: Mapping[str, Any], name: str, there: bool, rest: Path, whole: Path, reached: int
) -> _Found:
    block = attributes.get(name)
    inside = block[0] if isinstance(block, list) and block else block
    assert row.level is not None
    here = reached == len(row.to)  # else only rows that start at the root again can explain the path
    found = _search(row.level, inside if isinstance(inside, Mapping) else {}, rest if here else (), whole)
    if found.path:
        score = (found.score[0] + (reached if here else 0), *found.score[1:])
        return _Found(score, (name, 0, *found.path) if there else (name,))
    if reached and (here or not rest):
        return _Found((reached, here, there), (name,))
    return _NOTHING


def _in_list(row: Row, attributes: Mapping[str, Any], name: str, rest: Path, reached: int) -> _Found:
    items = attributes.get(name)
    if not rest or not isinstance(rest[0], int):
        return _Found((reached, True, items is not None), (name,))
    item = items[rest[0]] if isinstance(items, list) and rest[0] < len(items) else items
    assert row.level is not None
    inside = item if isinstance(item, Mapping) else {}
    found = _search(row.level, inside, rest[1:], rest[1:])
    return _Found((reached + 1 + found.score[0], True, items is not None), (name, rest[0], *found.path))


def _rest(row: Row, attributes: Mapping[str, Any], name: str, rest: Path) -> Path:
    """Return how the path goes on below a plain value: into its element, or as it is where nothing was changed."""
    value: Any = attributes.get(name)
    if row.each is not None:
        return rest[:1]
    steps: list[str | int] = []
    for step in rest:
        inside = isinstance(step, int) and isinstance(value, list) and step < len(value)
        if not inside and not (isinstance(value, Mapping) and step in value):
            break
        steps.append(step)
        value = value[step]
    return tuple(steps)


def _common(to: tuple[str, ...], path: Path) -> int:
    length = 0
    for one, other in zip(to, path, strict=False):
        if one != other:
            break
        length += 1
    return length
