"""What GitOps tools applied last: the declarations of the commit that they say they synced.

An object names the Application or the Kustomization that applies it, and that one names the commit. Sources:
``status.lastAppliedRevision`` of ``kustomize.toolkit.fluxcd.io/v1``; ``status.sync`` and ``status.history`` of
``argoproj.io/v1alpha1``; the tracking marks of both.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import join, normpath
from types import MappingProxyType
from typing import Any, NamedTuple

from scanner.model.resource import Resource

KUSTOMIZATION = "kustomize.toolkit.fluxcd.io/Kustomization"
APPLICATION = "argoproj.io/Application"
OWNERS = frozenset((KUSTOMIZATION, APPLICATION))

_FLUX = "kustomize.toolkit.fluxcd.io"
_TRACKING = "argocd.argoproj.io/tracking-id"
_INSTANCE = "argocd.argoproj.io/instance"
_COMMIT = re.compile(r"(?:.*[@/:])?([0-9a-fA-F]{40})")
"""``main@sha1:ID``, ``main/ID`` (Flux before 2.0), ``ID``; an OCI digest is longer."""


class Owner(NamedTuple):
    """What applies objects."""

    type: str
    namespace: str
    """Empty where the mark does not say it: Argo CD names Applications of its own namespace so."""
    name: str


class Revision(NamedTuple):
    """What a live owner says it applied."""

    owner: Owner
    cluster: str
    """That the owner lives in."""
    commits: tuple[str, ...]
    """Of its sources, in lower case; none where it was not synced from Git."""
    said: str
    """As the owner has it."""
    paths: tuple[str, ...]
    """Folders from the top of the repository that it applies."""


def revision_of(live: Resource) -> Revision | None:
    """Return what an Application or Kustomization says it applied last; None for all else, and before the first."""
    if live.type == KUSTOMIZATION:
        said = [live.value("status", "lastAppliedRevision")]
        paths = [live.value("spec", "path") or "."]
    elif live.type == APPLICATION:
        said = list(_of_application(live))
        sources = (*_list(live.value("spec", "sources")), live.value("spec", "source"))
        paths = [_mapping(one).get("path") for one in sources]
    else:
        return None
    texts = [text for text in said if isinstance(text, str) and text]
    commits = (found[1].lower() for text in texts if (found := _COMMIT.fullmatch(text)))
    owner = Owner(live.type, live.namespace, live.name)
    folders = tuple(path for path in paths if isinstance(path, str))
    return Revision(owner, live.cluster, tuple(dict.fromkeys(commits)), ", ".join(texts), folders) if texts else None


def _of_application(live: Resource) -> Iterator[Any]:
    """Yield the revisions of the sources of an Application.

    ``status.sync`` is what it was last compared with; only where that is ``Synced`` was it applied too.
    """
    sync = _mapping(live.value("status", "sync"))
    last = _mapping(next(reversed(_list(live.value("status", "history"))), None))
    for one in (sync, last) if sync.get("status") == "Synced" else (last, sync):
        found = [*_list(one.get("revisions")), one.get("revision")]
        if any(found):
            yield from filter(None, found)
            return


def owner_of(live: Resource) -> Owner | None:
    """Return what applies ``live``, by the marks it left; None where there is none."""
    labels, annotations = live.labels, live.value("metadata", "annotations") or {}
    if labels.get(f"{_FLUX}/name"):
        return Owner(KUSTOMIZATION, str(labels.get(f"{_FLUX}/namespace") or ""), str(labels[f"{_FLUX}/name"]))
    tracked = annotations.get(_TRACKING) if isinstance(annotations, dict) else None
    name = str(tracked).partition(":")[0] if tracked else str(labels.get(_INSTANCE) or "")
    namespace, _, own = name.rpartition("_")  # APPLICATION, or NAMESPACE_APPLICATION
    return Owner(APPLICATION, namespace, own) if own else None


class Synced:
    """The declarations of the commits that were synced, found by what is live."""

    def __init__(
        self,
        revisions: Iterable[Revision] = (),
        trees: Mapping[str, Iterable[Resource]] = MappingProxyType({}),
        here: str = "",
    ) -> None:
        """Take what owners say, and commit → what it declares; a commit that is not at hand is not among them.

        ``here`` is the folder that names of files are relative to, from the top of the repository.
        """
        self._here = here
        self._revisions = [one for one in revisions if any(commit in trees for commit in one.commits)]
        self._trees = {id_: {one.key: one for one in declared} for id_, declared in trees.items()}

    def of(self, live: Resource) -> Resource | None:
        """Return what was applied of ``live``; None where nobody says so."""
        owner = owner_of(live)
        alike = [one for one in self._revisions if owner is not None and _is(one.owner, owner)]
        mine = [one for one in alike if one.cluster == live.cluster] or alike
        return self._in(mine[0], live.key) if len(mine) == 1 else None

    def was_applied(self, declared: Resource) -> bool | None:
        """Whether what is declared and not there was applied once; None where nobody says so."""
        if any(self._in(one, declared.key) is not None for one in self._revisions):
            return True
        file = normpath(join(self._here, declared.origin.file))
        near = (one for one in self._revisions if one.cluster == declared.cluster or one.owner.type == APPLICATION)
        return False if any(_below(file, folder) for one in near for folder in one.paths) else None

    def _in(self, revision: Revision, key: str) -> Resource | None:
        found = (self._trees[commit].get(key) for commit in revision.commits if commit in self._trees)
        return next((one for one in found if one is not None), None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is(one: Owner, marked: Owner) -> bool:
    same = one.type == marked.type and one.name == marked.name
    return same and marked.namespace in ("", one.namespace)


def _below(file: str, folder: str) -> bool:
    top = normpath(folder.lstrip("/"))
    return not file.startswith("..") and (top == "." or file.startswith(f"{top}/"))
