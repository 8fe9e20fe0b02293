"""Attribute paths: where in a Resource something stands.

Inside the program a path is a tuple of keys and indexes, ``("spec", "containers", 0, "image")``. In files and
reports it is text, ``spec.containers[0].image``; keys that are not plain words are quoted:
``metadata.labels["a.b/c"]``.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys (str) and list indexes (int) from the root of a Resource's attributes to a value."""

ANY = "*"
"""The step ``[*]`` of a pattern: every element of a list, or every value of a mapping."""

_STEP = re.compile(
    r"""\.?(?P<word>[A-Za-z_$@/-][\w$@/-]*)      # .key
      | \[(?P<index>\d+)\]                         # [0]
      | \[(?P<any>\*)\]                            # [*]
      | \["(?P<quoted>(?:[^"\\]|\\.)*)"\]          # ["a.b/c"]
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z_$@/-][\w$@/-]*\Z")


def format_path(path: Path) -> str:
    """Return the text form of ``path``; the empty path is ``""``."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif step == ANY:
            parts.append("[*]")
        elif _WORD.match(step):
            parts.append(f".{step}" if parts else step)
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'["{quoted}"]')
    return "".join(parts)


def parse_path(text: str) -> Path:
    """Return the path that ``text`` writes; ``[*]`` becomes :data:`ANY`. Raises ValueError with the offset."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            raise ValueError(f"cannot read path {text!r}: unexpected {text[position]!r} at offset {position}")
        if match["word"] is not None:
            steps.append(match["word"])
        elif match["index"] is not None:
            steps.append(int(match["index"]))
        elif match["any"] is not None:
            steps.append(ANY)
        else:
            steps.append(re.sub(r"\\(.)", r"\1", match["quoted"]))
        position = match.end()
    return tuple(steps)


def value_at(attributes: Any, path: Path, default: Any = None) -> Any:
    """Return the value at ``path``, or ``default`` where any step is missing. ``path`` has no :data:`ANY`."""
    value = attributes
    for step in path:
        if isinstance(value, dict):
            if step not in value:
                return default
        elif not isinstance(value, list) or isinstance(step, str) or step >= len(value):
            return default
        value = value[step]
    return value


def expand(attributes: Any, pattern: Path) -> Iterator[Path]:
    """Yield every existing path that ``pattern`` matches, in document order."""
    return (path for path, _ in matches(attributes, pattern))


def matches(attributes: Any, pattern: Path, *, only_lists: bool = False) -> list[tuple[Path, Any]]:
    """Return (path, value) of everything that ``pattern`` matches, in document order.

    With ``only_lists`` :data:`ANY` stands for the elements of lists only, not for those of mappings.
    """
    found: list[tuple[Path, Any]] = [((), attributes)]
    for step in pattern:
        deeper: list[tuple[Path, Any]] = []
        for path, value in found:
            if step == ANY:
                if isinstance(value, list):
                    deeper.extend(((*path, index), item) for index, item in enumerate(value))
                elif isinstance(value, dict) and not only_lists:
                    deeper.extend(((*path, key), item) for key, item in value.items())
            elif isinstance(step, str):
                if isinstance(value, dict) and step in value:
                    deeper.append(((*path, step), value[step]))
            elif isinstance(value, list) and step < len(value):
                deeper.append(((*path, step), value[step]))
        if not deeper:
            return []
        found = deeper
    return found


def covers(prefix: Path, path: Path) -> bool:
    """Whether ``path`` is ``prefix`` or lies below it."""
    return path[: len(prefix)] == prefix
