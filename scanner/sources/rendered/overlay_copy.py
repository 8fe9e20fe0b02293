"""A copy of a kustomization that builds, and what had to be taken out of it.

The copy holds what the root reaches inside of the tree and nothing else. What is remote, and what would start another
program, is taken out of it and named.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.model.path import Path
from scanner.sources.rendered.charts import Catalogue
from scanner.sources.rendered.inflated import CHARTS, charts_of, inflate
from scanner.sources.rendered.kustomizations import (
    INCLUDES,
    NAMES,
    Kustomization,
    Overlay,
    files_of,
    find_kustomization,
    reach,
)
from scanner.sources.rendered.tree import Copier, Tree

_REMOTE = re.compile(r"^(?:[a-z+]+://|git@|git::|github\.com[/:]|[^/]+\.[a-z]{2,}/.*(?:\?ref=|//))")
_OTHER_LISTS = (
    *("crds", "configurations", "generators", "transformers", "validators"),
    *("patches", "patchesStrategicMerge", "patchesJson6902"),
)
_GENERATORS = ("configMapGenerator", "secretGenerator")
_NOT_RENDERED = (
    "helmCharts are not rendered: switch them on with kustomize.helm_charts, or write the chart as a release of its own"
)
_OLD_FIELD = "is not rendered: write it as helmCharts"


class Refused(NamedTuple):
    """A part that is taken out, and why."""

    file: str
    """Absolute path of the kustomization."""
    at: Path
    reason: str


class Built(NamedTuple):
    """A copy that builds."""

    path: str
    """Folder of the root in the copy."""
    reached: tuple[Kustomization, ...]
    """The outermost first."""
    files: tuple[str, ...]
    """All files of the tree that take part; absolute."""
    refused: tuple[Refused, ...]
    charts: tuple[str, ...] = ()
    """Copies of the charts that are rendered for it, by a Helm that kustomize starts."""


def stage(tree: Tree, overlay: Overlay, target: str, charts: Catalogue | None = None) -> Built:
    """Copy what an overlay reaches to ``target``, where it keeps its place in the tree. Raises TooMuch.

    ``charts`` are those that ``helmCharts`` may name; None where they are not rendered.
    """
    root = find_kustomization(tree, overlay.folder)
    if root is None:
        listed = [os.path.relpath(path, overlay.folder) for path in overlay.resources or ()]
        root = Kustomization(os.path.join(overlay.folder, NAMES[0]), {"resources": listed})
    extended = root._replace(data=_added(root.data, overlay.extra))
    reached = reach(tree, extended)
    files = _copied(tree, reached, target)
    staging = _Staging(tree, charts, reached)
    for kustomization in reached:
        path = _copy(tree, kustomization.path, target)
        data = staging.admitted(kustomization, os.path.dirname(path))
        if kustomization is extended:
            data["buildMetadata"] = ["originAnnotations"]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(data, stream, default=str)
    top = os.path.dirname(_copy(tree, root.path, target))
    return Built(top, (root, *reached[1:]), files, tuple(staging.refused), tuple(staging.charts))


def _copied(tree: Tree, reached: list[Kustomization], target: str) -> tuple[str, ...]:
    """Copy the files that kustomizations refer to; returns them."""
    copier = Copier(tree)
    own = {kustomization.path for kustomization in reached}
    files: dict[str, None] = {}
    for kustomization in reached:
        for path in files_of(tree, kustomization):
            # another kustomization is never copied as it is: nobody has looked at what it includes
            if os.path.isfile(path) and (path in own or os.path.basename(path) not in NAMES):
                files[path] = None
                copier.file(path, _copy(tree, path, target))
    return tuple(files)


class _Staging:
    """Decides what of each kustomization is built."""

    def __init__(self, tree: Tree, charts: Catalogue | None, reached: list[Kustomization]) -> None:
        self._tree = tree
        self._catalogue = charts
        self._inflates = charts is not None and any(
            next(charts_of(tree, one.folder, one.data), None) is not None for one in reached
        )
        self.refused: list[Refused] = []
        self.charts: list[str] = []

    def admitted(self, kustomization: Kustomization, copy: str) -> dict[str, Any]:
        """Return what a kustomization is in its copy, which is the folder ``copy``."""
        data = dict(self._fields(kustomization))
        listed = kustomization.data.get("helmCharts")
        if not isinstance(listed, list):
            return data
        if self._catalogue is None:
            self.refused.append(Refused(kustomization.path, ("helmCharts",), _NOT_RENDERED))
            return data
        kept = []
        for index in range(len(listed)):
            found = inflate(self._catalogue, kustomization.folder, kustomization.data, index, copy)
            self.refused += (Refused(kustomization.path, ("helmCharts", index), why) for why in found.reasons)
            if found.entry is not None:
                kept.append(found.entry)
                self.charts.append(found.chart)
        return {**data, "helmGlobals": {"chartHome": CHARTS}, "helmCharts": kept} if kept else data

    def _fields(self, kustomization: Kustomization) -> Iterator[tuple[str, Any]]:
        for field, value in kustomization.data.items():
            if field in ("helmCharts", "helmGlobals", "buildMetadata"):
                continue
            if field == "helmChartInflationGenerator":
                self.refused.append(Refused(kustomization.path, (field,), f"{field} {_OLD_FIELD}"))
            elif field == "generators" and self._inflates and value:
                # one of them could be another way to render a chart, with whatever arguments
                reason = "generators are not run where charts are rendered"
                self.refused.append(Refused(kustomization.path, (field,), reason))
            elif field in (*INCLUDES, *_OTHER_LISTS) and isinstance(value, list):
                yield field, self._kept(kustomization, field, value)
            elif field in _GENERATORS and isinstance(value, list):
                yield field, [_without_hash(item) for item in value]
            else:
                yield field, value

    def _kept(self, kustomization: Kustomization, field: str, listed: list[Any]) -> list[Any]:
        kept = []
        for index, item in enumerate(listed):
            reason = _why_not(self._tree, kustomization, item)
            if reason:
                self.refused.append(Refused(kustomization.path, (field, index), reason))
            else:
                kept.append(item)
        return kept


def _why_not(tree: Tree, kustomization: Kustomization, item: Any) -> str:
    """Return why an entry is not followed, ``""`` where it is."""
    if isinstance(item, dict):
        item = item.get("path")
    if not isinstance(item, str) or "\n" in item:
        return ""
    path = os.path.normpath(os.path.join(kustomization.folder, item))
    if os.path.exists(path):
        return "" if tree.holds(path) else f"{item} lies outside of the tree"
    if _REMOTE.match(item):
        return f"{item} is remote and not fetched"
    outside = os.path.isabs(item) or not (path == tree.top or path.startswith(tree.top.rstrip(os.sep) + os.sep))
    return f"{item} lies outside of the tree" if outside else ""


def _without_hash(item: Any) -> Any:
    """Return a generator whose objects keep their name when their content changes, so that they stay the same."""
    if not isinstance(item, dict):
        return item
    options = item.get("options")
    return {**item, "options": {**(options if isinstance(options, dict) else {}), "disableNameSuffixHash": True}}


def _added(data: Mapping[str, Any], extra: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``data`` with fields set, and lists added to."""
    added = dict(data)
    for field, value in extra.items():
        known = added.get(field)
        added[field] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
    return added


def _copy(tree: Tree, path: str, target: str) -> str:
    return os.path.join(target, os.path.relpath(path, tree.top))
