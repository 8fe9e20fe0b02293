"""To which cluster a folder is deployed, as for manifests: the longest path that holds it counts."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Clusters(NamedTuple):
    """Folders of clusters."""

    folders: tuple[tuple[str, str], ...]
    """Absolute path and name, the longest path first."""
    default: str

    @classmethod
    def of(cls, base: str, clusters: Mapping[str, str], default: str) -> "Clusters":
        """Return what a configuration says; its paths are absolute or relative to ``base``."""
        found = ((os.path.realpath(os.path.join(base, path)), name) for name, path in clusters.items())
        return cls(tuple(sorted(found, key=lambda item: (-len(item[0]), item))), default)

    def at(self, path: str) -> str:
        """Return the name of the cluster that what lies at an absolute path is deployed to."""
        for folder, name in self.folders:
            if path == folder or path.startswith(folder.rstrip(os.sep) + os.sep):
                return name
        return self.default
