"""Whether a tree holds anything that is rendered: asked of every tree, so it imports nothing that renders."""

import os
import stat
from collections.abc import Sequence
from typing import NamedTuple

from scanner.sources.walk import Found, is_inside
from scanner.stretches import Stretch, can_fork, together, usable_processors

_NAMES = frozenset(("Chart.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"))
_MANIFESTS = (".yaml", ".yml")
_WORDS = (b"argoproj.io/", b"toolkit.fluxcd.io/")
"""Groups of the objects that say what is deployed."""
_MAX_BYTES = 4 << 20
_WORTH_WORKERS = 5_000
"""Below so many files a second process costs more than it saves (measured: start 20 ms, 80,000 files/s)."""
_STRETCHES = 4
"""For each process: when one is there that mentions it, the others need not be looked at."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Without waiting: what is no file may be a pipe that nobody writes to."""


def outermost(folder: str, top: str) -> str:
    """Return the outermost folder around ``folder`` (itself included), not above ``top``, that is a chart or overlay.

    ``""`` where none is.
    """
    found = ""
    while is_inside(folder, top):
        if any(os.path.isfile(os.path.join(folder, name)) for name in _NAMES):
            found = folder
        if folder == os.path.dirname(folder):
            break
        folder = os.path.dirname(folder)
    return found


def is_rendered(files: Sequence[Found], jobs: int = 1) -> bool:
    """Whether a chart, a kustomization or an object of Flux or Argo CD is among the files.

    ``jobs`` is the number of processes to look with, where there is much to look at; 0 chooses.
    """
    if any(os.path.basename(found.name) in _NAMES for found in files):
        return True
    manifests = [found for found in files if found.name.endswith(_MANIFESTS)]
    processes = jobs or usable_processors()
    if processes <= 1 or len(manifests) < _WORTH_WORKERS or not can_fork():
        return any(mentions_gitops(found.path) for found in manifests)
    length = -(-len(manifests) // (processes * _STRETCHES))
    stretches = [Stretch(start, min(start + length, len(manifests))) for start in range(0, len(manifests), length)]
    return any(together(_Search(manifests), stretches, processes))


class _Search(NamedTuple):
    """Files that may mention what renders; does its own work, since nothing has to be loaded for it."""

    files: Sequence[Found]

    def ready(self) -> "_Search":
        return self

    def __call__(self, stretch: Stretch) -> bool:
        return any(mentions_gitops(found.path) for found in self.files[stretch.start : stretch.stop])

    def close(self) -> None:
        """Nothing was started."""


def mentions_gitops(path: str) -> bool:
    """Whether a file names a group of Flux or Argo CD; False where it cannot be read."""
    # not open(): every manifest of a tree comes through here, and that takes four times as long
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
                return False
            data = _contents(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return any(word in data for word in _WORDS)


def _contents(descriptor: int) -> bytes:
    """Return what a file holds, up to what is looked at; a file system may give it in parts."""
    parts = []
    size = 0
    while size < _MAX_BYTES and (part := os.read(descriptor, _MAX_BYTES - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
