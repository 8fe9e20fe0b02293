"""What a change takes out of sight: files that the base shows to the gate and the change does not.

Findings that vanish because nobody looks any more are not fixed. So a tracked file that only the change's own ignore
files leave out is read all the same, and one that was renamed to where nothing is read makes the run incomplete.
"""

import filecmp
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from scanner.model.ledger import LedgerEntry, State
from scanner.points.base import BaseTree
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.compare import Before
from scanner.sources.git_changes import followed, renamed, submodules, tracked
from scanner.sources.ignore import Patterns
from scanner.sources.walk import Walked, is_inside, may_hold, walk

_IGNORED = "ignored by "
_READ_ELSEWHERE = "a link to what is read under its own name"


class Sight(NamedTuple):
    """What of a change is seen."""

    same: bool
    """Whether nothing differs from the base, so that it need not be judged."""
    ignored: tuple[str, ...]
    """Tracked files that only the change's own ignore files leave out."""
    lost: tuple[LedgerEntry, ...]
    """Files of the base that nobody sees any more."""
    renames: Mapping[str, str]
    """Old path → new path, relative to the top of the repository."""
    seen: frozenset[str] = frozenset()
    """Names of the files of the change that are read."""


def sight_of(request: Request, tree: BaseTree) -> Sight:
    """Return what the work tree shows of what ``tree`` shows, for the paths of ``request``."""
    there = [path for path in request.paths if os.path.lexists(os.path.join(tree.here_there, path))]
    before, after = walk(there, tree.here_there, request.exclude), walk(request.paths, tree.here, request.exclude)
    ignored = tuple(_ignored(before, after, request, tree))
    seen = {found.name for found in after.files} | set(ignored)
    shown = {found.name for found in before.files}
    renames = renamed(tree.commit) if shown - seen else {}
    lost = (*_lost(shown - seen, after, seen, tree, renames), *_empty_submodules(request, tree))
    same = not lost and not ignored and seen == shown and _same_files(tree)
    return Sight(same, ignored, lost, renames, frozenset(seen))


def _ignored(before: Walked, after: Walked, request: Request, tree: BaseTree) -> Iterator[str]:
    """Yield the files that Git tracks and that ignore files leave out as the base's do not."""
    known = {entry.input for entry in before.entries if entry.reason.startswith(_IGNORED)}
    new = [e.input for e in after.entries if e.reason.startswith(_IGNORED) and e.input not in known]
    if not new:
        return
    excluded = Patterns(request.exclude) if request.exclude else None
    for path in tracked(tree.commit.repository, [_from_top(name, tree) for name in new]):
        name = os.path.relpath(os.path.join(tree.commit.repository, path), tree.here)
        if may_hold(name) and not (excluded and excluded.decide(name)):
            yield name


def demoted_roots(before: Before, after: Report) -> Iterator[LedgerEntry]:
    """Yield the root modules that are judged only as the change calls them, with values of its choosing."""
    for folder, caller in sorted(before.demoted(after).items()):
        why = f"it was a root module and is judged only as {caller or 'another'} calls it; state terraform.roots"
        yield _out_of_sight(folder or ".", why)


def unjudged(before: Before, after: Report, sight: Sight, tree: BaseTree) -> Iterator[LedgerEntry]:
    """Yield the files whose objects were judged as they stand there, that still hold objects, and judge none now.

    A chart or a component that nothing renders takes whatever lies in it with it, and ``kubectl`` applies it still.
    """
    judged = {one.origin.file for one in after.judged}
    judged |= {entry.input for entry in after.ledger if entry.incomplete or entry.resources}
    for name in sorted(before.manifests - judged):
        target = _now(name, sight, tree)
        if target in sight.seen and target not in judged and _holds_objects(os.path.join(tree.here, target)):
            where = "" if target == name else f"it is now {target}, and "
            yield _out_of_sight(name, f"{where}it is a part of something that nothing is rendered from")

    left = {chart for chart, template in before.templates if _now(template, sight, tree) in sight.seen - judged}
    for chart in sorted(left):
        if os.path.basename(_now(chart, sight, tree)) != "Chart.yaml" or _now(chart, sight, tree) not in sight.seen:
            yield _out_of_sight(chart, "its templates are still there, and are no chart any more")


def _now(name: str, sight: Sight, tree: BaseTree) -> str:
    """Return what a file of the base is called in the change."""
    moved = sight.renames.get(_from_top(name, tree))
    return name if moved is None else os.path.relpath(os.path.join(tree.commit.repository, moved), tree.here)


def _holds_objects(path: str) -> bool:
    """Whether a file holds objects of Kubernetes as it stands, whoever claims it."""
    from scanner.documents import DEFAULT_LIMITS, read_yaml
    from scanner.sources.files import Unreadable, read_bytes

    data = read_bytes(path, DEFAULT_LIMITS.max_bytes)
    if isinstance(data, Unreadable):
        return False
    values = (document.value for document in read_yaml(data).documents)
    return any(isinstance(value, dict) and {"apiVersion", "kind"} <= set(value) for value in values)


def _empty_submodules(request: Request, tree: BaseTree) -> Iterator[LedgerEntry]:
    """Yield the submodules that the change brings and nobody has checked out: what they hold is not seen."""
    for path in submodules(tree.commit.repository):
        folder = os.path.join(tree.commit.repository, path)
        asked = any(is_inside(folder, os.path.normpath(os.path.join(tree.here, one))) for one in request.paths)
        if asked and path not in tree.submodules and not (os.path.isdir(folder) and os.listdir(folder)):
            name = os.path.relpath(folder, tree.here)
            yield _out_of_sight(name, "it is a submodule now, which is not checked out")


def followed_request(request: Request, tree: BaseTree, renames: Mapping[str, str]) -> Request:
    """Return ``request`` with the folders and files its configuration names as the change calls them.

    The configuration is the base's, so it cannot know what the change has renamed.
    """
    if not renames:
        return request

    def follow(path: str) -> str:
        if os.path.isabs(path) or os.path.lexists(os.path.join(tree.here, path)):
            return path
        target = followed(_from_top(path, tree), renames)
        return os.path.relpath(os.path.join(tree.commit.repository, target), tree.here)

    terraform = request.terraform
    environments = {name: tuple(map(follow, files)) for name, files in terraform.environments.items()}
    releases = tuple(
        one._replace(chart=follow(one.chart), values=tuple(map(follow, one.values)))
        for one in request.rendered.releases
    )
    clusters = {name: follow(path) for name, path in request.config.clusters.items()}
    return replace(
        request,
        config=replace(request.config, clusters=clusters),
        rendered=request.rendered._replace(releases=releases, alone=frozenset(map(follow, request.rendered.alone))),
        terraform=terraform._replace(
            roots=tuple(map(follow, terraform.roots)),
            environments=environments,
            var_files=tuple(map(follow, terraform.var_files)),
        ),
    )


def _lost(
    gone: Iterable[str], after: Walked, seen: Collection[str], tree: BaseTree, renames: Mapping[str, str]
) -> Iterator[LedgerEntry]:
    entries = {entry.input: entry.reason for entry in after.entries}
    for name in sorted(gone):
        reason = entries.get(name, "")
        if reason and reason != _READ_ELSEWHERE:
            yield _out_of_sight(name, reason)
            continue
        target = renames.get(_from_top(name, tree))
        if target is None or reason:
            continue
        moved = os.path.relpath(os.path.join(tree.commit.repository, target), tree.here)
        if moved not in seen:
            why = entries.get(moved, "which is outside of what is scanned")
            yield _out_of_sight(name, f"it is now {moved}, {why}")


def _out_of_sight(name: str, why: str) -> LedgerEntry:
    reason = f"the change takes it out of sight: {why}"
    return LedgerEntry(name, State.UNREACHABLE, reason, incomplete=True)


def _from_top(name: str, tree: BaseTree) -> str:
    return os.path.relpath(os.path.join(tree.here, name), tree.commit.repository)


def _same_files(tree: BaseTree) -> bool:
    """Whether every file of the base is in the work tree as it was: modules and templates count, wherever they are."""
    for folder, folders, files in os.walk(tree.folder):
        if ".git" in folders:
            folders.remove(".git")
        here = os.path.join(tree.commit.repository, os.path.relpath(folder, tree.folder))
        if not all(
            _same(os.path.join(folder, name), os.path.join(here, name)) for name in _all(files, folders, folder)
        ):
            return False
    return True


def _all(files: Sequence[str], folders: Sequence[str], folder: str) -> list[str]:
    return [*files, *(name for name in folders if os.path.islink(os.path.join(folder, name)))]


def _same(old: str, new: str) -> bool:
    if os.path.islink(old) or os.path.islink(new):
        return os.path.islink(old) and os.path.islink(new) and os.readlink(old) == os.readlink(new)
    return os.path.isfile(new) and filecmp.cmp(old, new, shallow=False)
