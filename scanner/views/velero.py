"""What a Velero backup covers: the ``spec`` of a Backup and the ``spec.template`` of a Schedule are the same thing.

Source: Velero documentation, *Backup API Type*, *Schedule API Type* and *Resource filtering*.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from scanner.model.unknown import find_unknowns
from scanner.views.selectors import selects
from scanner.views.shapes import label_selector, sequence, text, texts

ALL = "*"
DEFAULT_TTL = "720h0m0s"
"""Thirty days: how long a backup is kept that does not say, unless the server is told otherwise."""
_CLAIMS = ("persistentvolumeclaims", "persistentvolumeclaim", "pvc")
_VOLUMES = frozenset((*_CLAIMS, "persistentvolumes", "persistentvolume", "pv", "pods", "pod", "po"))


def namespaces_of(template: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what it includes: names of namespaces, or ``*`` for patterns, for all, and where that is not known."""
    return tuple(ALL if ALL in name else name for name in _included(template))


def names(template: Mapping[str, Any], namespace: str) -> bool:
    """Whether the namespace is among the included and not among the excluded ones; names may hold ``*``.

    Where it is not known which are included, it may be.
    """
    excluded = texts(template.get("excludedNamespaces"))
    return any(fnmatchcase(namespace, name) for name in _included(template)) and not any(
        fnmatchcase(namespace, name) for name in excluded
    )


def _included(template: Mapping[str, Any]) -> list[str]:
    included = template.get("includedNamespaces")
    return [ALL] if any(True for _ in find_unknowns(included)) else texts(included) or [ALL]


def why_partial(template: Mapping[str, Any], objects: Iterable[Mapping[str, str]]) -> str:
    """Return why it leaves out some of a namespace that it names, in words; empty where it takes all of it.

    ``objects`` are the labels of the Namespace and of what holds its data: a label selector has to match each.
    """
    selectors = [template["labelSelector"]] if template.get("labelSelector") else []
    selectors += sequence(template.get("orLabelSelectors"))
    wanted = [label_selector(selector) for selector in selectors]
    if wanted and not all(any(selects(selector, labels) for selector in wanted) for labels in objects):
        return "takes only what its label selector matches"
    for field in ("includedResources", "includedNamespaceScopedResources"):
        included = texts(template.get(field))
        if included and ALL not in included:
            return f"takes only {', '.join(sorted(included))}"
    for field in ("excludedResources", "excludedNamespaceScopedResources"):
        left_out = sorted(name for name in texts(template.get(field)) if name.partition(".")[0].lower() in _VOLUMES)
        if left_out or ALL in texts(template.get(field)):
            return f"leaves out {', '.join(left_out) or 'everything'}"
    return ""


def copies_volumes(template: Mapping[str, Any]) -> bool:
    """Whether the data of volumes is in it: as snapshots, which is the default, or file by file."""
    return template.get("snapshotVolumes") is not False or template.get("defaultVolumesToFsBackup") is True


def ttl_of(template: Mapping[str, Any]) -> str:
    """Return how long it is kept, as a Go duration."""
    ttl = text(template.get("ttl"))
    return ttl if ttl and ttl not in ("0", "0s", "0h0m0s") else DEFAULT_TTL
