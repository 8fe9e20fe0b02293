"""Whether a tree holds anything that is rendered: asked of every tree, so it imports nothing that renders."""

import os
from collections.abc import Sequence

from scanner.sources.walk import Found

_NAMES = frozenset(("Chart.yaml", "kustomization.yaml", "kustomization.yml"))
_MANIFESTS = (".yaml", ".yml")
_WORDS = (b"argoproj.io/", b"toolkit.fluxcd.io/")
"""Groups of the objects that say what is deployed."""
_MAX_BYTES = 4 << 20


def is_rendered(files: Sequence[Found]) -> bool:
    """Whether a chart, a kustomization or an object of Flux or Argo CD is among the files."""
    if any(os.path.basename(found.name) in _NAMES for found in files):
        return True
    return any(mentions_gitops(found.path) for found in files if found.name.endswith(_MANIFESTS))


def mentions_gitops(path: str) -> bool:
    """Whether a file names a group of Flux or Argo CD; False where it cannot be read."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _MAX_BYTES:
            return False
        with open(path, "rb") as stream:
            data = stream.read(_MAX_BYTES)
    except OSError:
        return False
    return any(word in data for word in _WORDS)
