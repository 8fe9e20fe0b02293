"""What Git knows of a change beside its files: what is tracked, what was renamed, who wrote what.

It is about commits: what was edited in the work tree and never committed has no author and no history.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.sources.git_tree import Commit, run_git

_SIMILARITY = "--find-renames=40%"
"""Two files are one that was renamed where this much is the same; Git's own default is 50."""


class Author(NamedTuple):
    """Who wrote a commit, as far as commits say; nothing proves it unless they are signed."""

    commit: str
    mail: str


def tracked(repository: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files that Git tracks at or below ``paths``; both relative to the top of the repository."""
    if not paths:
        return ()
    listing = run_git(repository, "--literal-pathspecs", "ls-files", "-z", "--", *paths)
    return tuple(os.fsdecode(name) for name in listing.stdout.split(b"\0") if name)


def submodules(repository: str) -> tuple[str, ...]:
    """Return the paths of the submodules in the index, relative to the top of the repository."""
    listing = run_git(repository, "ls-files", "--stage", "-z")
    entries = (os.fsdecode(entry).partition("\t") for entry in listing.stdout.split(b"\0") if entry)
    return tuple(path for meta, _, path in entries if meta.startswith("160000 "))


def renamed(base: Commit) -> Mapping[str, str]:
    """Return old path → new path of the files that were renamed since ``base``, as far as that is staged."""
    arguments = ("diff-index", "--cached", "-z", "--no-ext-diff", "--no-textconv", "--diff-filter=R", "--name-status")
    listing = run_git(base.repository, *arguments, _SIMILARITY, "-l0", base.id)
    fields = [os.fsdecode(field) for field in listing.stdout.split(b"\0") if field]
    return {fields[index + 1]: fields[index + 2] for index in range(0, len(fields) - 2, 3)}


def followed(path: str, renames: Mapping[str, str]) -> str:
    """Return where a file or folder went by ``renames``: a folder to where most of its files did; else ``path``."""
    if path in renames:
        return renames[path]
    below = path.rstrip("/") + "/"
    targets: Counter[str] = Counter()
    for old, new in renames.items():
        tail = old.removeprefix(below)
        if tail != old and new.endswith("/" + tail):
            targets[new[: -len(tail) - 1]] += 1
    return max(sorted(targets), key=targets.__getitem__) if targets else path


def authors(base: Commit, paths: Sequence[str]) -> Iterator[Author]:
    """Yield who wrote the commits between ``base`` and HEAD that change any of ``paths``, latest first."""
    if not paths:
        return
    arguments = ("--literal-pathspecs", "log", "-z", "--no-merges", "--format=%H %ae", f"{base.id}..HEAD", "--", *paths)
    for line in run_git(base.repository, *arguments).stdout.split(b"\0"):
        commit, _, mail = line.decode("utf-8", "replace").strip().partition(" ")
        if commit:
            yield Author(commit, mail)
