"""Who may change the files that exempt, by CODEOWNERS, and whether who did may.

What can be known is little, and is said: commits state a mail address that nothing proves unless they are signed, and a
handle or team means nothing to Git. Which addresses an owner commits with is therefore stated in ``exemptions.owners``.
The review that a code host demands of owners is its own affair and cannot be seen from here.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from scanner.config import ExemptionPolicy
from scanner.errors import UsageError
from scanner.model.ledger import LedgerEntry, State
from scanner.points.base import BaseTree
from scanner.points.request import Request
from scanner.sources.git_changes import authors
from scanner.sources.ignore import Patterns


class _Line(NamedTuple):
    section: str
    matches: Patterns
    owners: tuple[str, ...]


class Owners:
    """A CODEOWNERS file: GitHub's notation, and the sections of GitLab's."""

    def __init__(self, text: str) -> None:
        self._lines = tuple(_lines(text))

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of ``path``, relative to the top of the repository; the last line that matches decides.

        Sections decide each on their own, and their owners add up.
        """
        found: dict[str, tuple[str, ...]] = {}
        for line in self._lines:
            if line.matches.decide(path):
                found[line.section] = line.owners
        return tuple(dict.fromkeys(owner for owners in found.values() for owner in owners))


def owner_notes(request: Request, folder: str, tree: BaseTree | None = None) -> tuple[LedgerEntry, ...]:
    """Return what is to be said of the owners of every file that exempts; nothing without ``exemptions.owners_file``.

    ``folder`` is the top of the repository. With a base, who changed such a file since then is looked at too. Raises
    UsageError where the owners file cannot be read.
    """
    policy = request.options.policy
    if not policy.owners_file:
        return ()
    top = tree.folder if tree is not None else folder
    place = (tree.trusted(policy.owners_file) if tree is not None else policy.owners_file) or policy.owners_file
    owners = Owners(_read(place))
    named = (place, request.config.file, request.estate, *request.exemptions, request.baseline)
    inside = [os.path.relpath(os.path.realpath(path), top) for path in named if path]
    files = [path for path in dict.fromkeys(inside) if not path.startswith(os.pardir)]
    found = list(_unowned(files, owners))
    if tree is not None:
        found.extend(_changed(files, owners, policy, tree))
    return tuple(found)


def _unowned(files: Sequence[str], owners: Owners) -> Iterator[LedgerEntry]:
    for path in files:
        if not owners.of(path):
            reason = "it decides what is accepted, and the owners file names no owner for it: anybody may change it"
            yield LedgerEntry(path, State.SCANNED, reason)


def _changed(files: Sequence[str], owners: Owners, policy: ExemptionPolicy, tree: BaseTree) -> Iterator[LedgerEntry]:
    for path in files:
        wanted = owners.of(path)
        unmapped = [owner for owner in wanted if not _addresses(owner, policy.owners)]
        for author in authors(tree.commit, (path,)) if wanted else ():
            globs = [glob for owner in wanted for glob in _addresses(owner, policy.owners)]
            if any(fnmatchcase(author.mail.lower(), glob.lower()) for glob in globs):
                continue
            said = f"changed by {author.mail} (commit {author.commit[:12]})"
            if unmapped:
                why = f"whether that is one of {', '.join(unmapped)} cannot be known: exemptions.owners does not say"
            else:
                why = f"who is not one of its owners, {', '.join(wanted)}"
            yield LedgerEntry(path, State.SCANNED, f"{said}, {why}" if not unmapped else f"{said}; {why}")


def _addresses(owner: str, mapping: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the addresses ``owner`` commits with; an owner that is an address is its own."""
    known = mapping.get(owner, ())
    return known or (() if owner.startswith("@") else (owner,))


def _lines(text: str) -> Iterator[_Line]:
    section = ""
    usual: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines()):
        words = line.split(" #")[0].split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith(("[", "^[")):
            head, _, rest = line.partition("]")
            section, usual = f"{head}{number}", tuple(word for word in rest.split() if "@" in word)
            continue
        yield _Line(section, Patterns([words[0]]), tuple(words[1:]) or usual)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read owners file {path}: {cause}", hint="see exemptions.owners_file") from None
