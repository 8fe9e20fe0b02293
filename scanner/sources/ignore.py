"""Which paths ignore files and exclude patterns leave out; the semantics of ``.gitignore`` are pathspec's.

pathspec takes 30 ms to import and some microseconds per pattern and path, so it is imported when there is a pattern,
and asked only about paths that any pattern may match.
"""

import os
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

IGNORE_FILE = ".gitignore"

_MAX_WILDCARDS = 3
"""In one part of a path, and of ``**`` parts in one pattern."""
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


class Patterns:
    """Patterns in the notation of ``.gitignore``, relative to one folder."""

    def __init__(self, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(lines)
        self._may_match = _any_of([pattern.regex for pattern in self._spec.patterns if pattern.regex is not None])

    def decide(self, path: str) -> bool | None:
        """Return whether ``path`` is left out; None where no pattern speaks of it. Folders end in ``/``."""
        return self._spec.check_file(path).include if self._may_match(path) else None


class IgnoreFile(NamedTuple):
    """One ignore file, which speaks of everything below its folder."""

    name: str
    """As the ledger prints it."""
    start: int
    """Length of its folder's name with the separator: where a name relative to it begins."""
    patterns: Patterns


def read_ignore_file(folder: str, name: str) -> IgnoreFile | None:
    """Return the ignore file of ``folder`` (``name`` in the ledger, empty for the base); None if it cannot be read.

    It comes from the tree that is scanned, so patterns that could take forever to match are left out: what they would
    have ignored is read.
    """
    try:
        with open(os.path.join(folder, IGNORE_FILE), encoding="utf-8", errors="replace") as stream:
            patterns = Patterns(line for line in stream.read().splitlines() if _is_tame(line))
    except (OSError, ValueError):
        return None
    prefix = f"{name}/" if name else ""
    return IgnoreFile(prefix + IGNORE_FILE, len(prefix), patterns)


def ignored_by(name: str, ignore_files: tuple[IgnoreFile, ...]) -> str:
    """Return the ignore file that leaves ``name`` out, or ``""``. The one nearest to it has the last word."""
    for ignore_file in reversed(ignore_files):
        decision = ignore_file.patterns.decide(name[ignore_file.start :])
        if decision is not None:
            return ignore_file.name if decision else ""
    return ""


def _is_tame(line: str) -> bool:
    """Whether a pattern has so few wildcards that trying all ways to match a name is quick."""
    parts = line.split("/")
    return parts.count("**") <= _MAX_WILDCARDS and all(part.count("*") <= _MAX_WILDCARDS for part in parts)


def _any_of(expressions: list[re.Pattern[str]]) -> Callable[[str], object]:
    """Return one search for all ``expressions`` together; it says True where it cannot know."""
    if not expressions:
        return lambda _: False
    try:
        joined = "|".join(f"(?:{_GROUP_NAME.sub('(', expression.pattern)})" for expression in expressions)
        return re.compile(joined).match
    except (re.error, AttributeError, TypeError):
        return lambda _: True
