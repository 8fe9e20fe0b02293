"""``helmCharts`` of kustomizations: each is rendered from the chart that the tree holds, or taken out and named.

Kustomize starts Helm itself, with what an entry says as its arguments. So an entry is written anew from what was looked
at: a release name could be an option of Helm that starts a program, and a folder could be anywhere on this machine.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.sources.rendered.charts import CHART, SCHEMA, Catalogue, Stager
from scanner.sources.rendered.tree import Tree

CHARTS = ".bulkhead-charts"
"""Folder for the copies of charts, beside the kustomization in the copy: files of values must not lie outside of it."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?")
_MERGES = ("merge", "override", "replace")
_SWITCHES = ("includeCRDs", "skipHooks", "skipTests")


class Inflation(NamedTuple):
    """What becomes of one entry."""

    entry: Mapping[str, Any] | None
    """For the copy; None where it is taken out."""
    reasons: tuple[str, ...] = ()
    """What is to be said of it."""
    chart: str = ""
    """Its copy."""


def chart_of(tree: Tree, folder: str, data: Mapping[str, Any], entry: Any) -> str:
    """Return the folder of the chart that an entry of the kustomization in ``folder`` names, ``""`` without one.

    It is looked for where kustomize puts what it has fetched: below ``chartHome``, by name, and by version for one that
    is from a repository.
    """
    name = entry.get("name") if isinstance(entry, dict) else None
    settings = data.get("helmGlobals")
    home = settings.get("chartHome") if isinstance(settings, dict) else None
    home = home or "charts"
    if not isinstance(name, str) or not isinstance(home, str) or os.path.isabs(home) or os.path.isabs(name):
        return ""
    if entry.get("repo") and entry.get("version"):
        home = os.path.join(home, f"{name}-{entry['version']}")
    chart = os.path.normpath(os.path.join(folder, home, name))
    return chart if os.path.isfile(os.path.join(chart, CHART)) and tree.holds(chart) else ""


def charts_of(tree: Tree, folder: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the folders of the charts that a kustomization renders."""
    listed = data.get("helmCharts")
    for entry in listed if isinstance(listed, list) else ():
        chart = chart_of(tree, folder, data, entry)
        if chart:
            yield chart


def inflate(catalogue: Catalogue, folder: str, data: Mapping[str, Any], index: int, copy: str) -> Inflation:
    """Return what becomes of entry ``index`` of a kustomization in ``folder``; its chart is copied below ``copy``.

    Raises TooMuch.
    """
    entry = data["helmCharts"][index]
    chart = chart_of(catalogue.tree, folder, data, entry)
    if not chart:
        name = entry.get("name") if isinstance(entry, dict) else entry
        return Inflation(None, (f"chart {name} is not in the tree: vendor it where helmGlobals.chartHome says",))
    fault = _fault(catalogue.tree, folder, entry)
    if fault:
        return Inflation(None, (f"chart {entry['name']} is not rendered: {fault}",))
    name = os.path.basename(chart)
    # with a repository and a version kustomize looks for it in a folder of its own
    target = os.path.join(copy, CHARTS, f"{name}-{index}", name)
    staged = Stager(catalogue, entry.get("valuesInline") or {}).stage(chart, target)
    if staged.has_foreign_schema and os.path.isfile(os.path.join(target, SCHEMA)):
        os.remove(os.path.join(target, SCHEMA))
    defaults = os.path.join(target, "values.yaml")
    if not os.path.exists(defaults):  # kustomize reads it, Helm needs none
        with open(defaults, "w", encoding="utf-8") as stream:
            stream.write("{}\n")
    lacking = (f"dependency {one.name} of chart {name} is not in the tree" for one in staged.lacking if one.enabled)
    kept = {key: value for key in (*_FILES, "valuesInline") if (value := entry.get(key))}
    kept |= {key: entry[key] for key in _SWITCHES if isinstance(entry.get(key), bool)}
    kept |= {key: entry[key] for key in ("namespace", "valuesMerge") if entry.get(key)}
    made = {"name": name, "repo": "https://vendored.invalid", "version": str(index)}
    # without a name Helm would make one up, another one each time
    made["releaseName"] = entry.get("releaseName") or _release(name)
    return Inflation({**kept, **made}, tuple(lacking), target)


_FILES = ("valuesFile", "additionalValuesFiles")


def _fault(tree: Tree, folder: str, entry: Mapping[str, Any]) -> str:
    """Return what is in the way of handing an entry to Helm, ``""`` where nothing is."""
    for key in ("releaseName", "namespace"):
        value = entry.get(key) or _release(entry["name"])
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            return f"{key} {value} is no name"
    if entry.get("nameTemplate"):
        return "nameTemplate is not evaluated"
    if entry.get("valuesMerge") not in (None, "", *_MERGES):
        return f"valuesMerge {entry['valuesMerge']} is none of {', '.join(_MERGES)}"
    if not isinstance(entry.get("valuesInline") or {}, dict):
        return "valuesInline is no mapping"
    more = entry.get("additionalValuesFiles") or []
    for file in (entry.get("valuesFile") or None, *(more if isinstance(more, list) else [more])):
        if file is None:
            continue
        path = os.path.normpath(os.path.join(folder, str(file)))
        if os.path.isabs(str(file)) or not (os.path.isfile(path) and tree.holds(path)):
            return f"values file {file} is not in the tree"
    return ""


def _release(name: str) -> str:
    """Return the name of a chart as that of a release."""
    return re.sub(r"[^a-z0-9-]", "-", os.path.basename(name).lower()).strip("-")[:53] or "release"
