"""HelmRelease and Kustomization of Flux: which chart or folder of the repository they deploy, with which values.

Source: the API of ``helm.toolkit.fluxcd.io/v2`` and ``kustomize.toolkit.fluxcd.io/v1``.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.documents import read_yaml
from scanner.model.ledger import LedgerEntry
from scanner.model.path import Path
from scanner.sources.rendered.charts import CHART
from scanner.sources.rendered.declarations import Declared, Resolved, folder_of, items, mapping
from scanner.sources.rendered.helm import Release, Values
from scanner.sources.rendered.kustomizations import Kustomization, Overlay, find_kustomization
from scanner.sources.rendered.kustomize_page import Build, Substitution
from scanner.sources.rendered.kustomize_places import Source, is_target, patches_of
from scanner.sources.rendered.objects import Target
from scanner.sources.rendered.post_renderers import read_post_renderers
from scanner.sources.rendered.tree import Tree

_MANIFESTS = (".yaml", ".yml", ".json")

HELM_RELEASE = ("helm.toolkit.fluxcd.io", "HelmRelease")
KUSTOMIZATION = ("kustomize.toolkit.fluxcd.io", "Kustomization")

_VARIABLE = re.compile(r"(?<!\$)\$\{[A-Za-z_]")
_STEERING = (
    "targetNamespace",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "components",
    "namePrefix",
    "nameSuffix",
    "postBuild",
    "commonMetadata",
)


class Flux:
    """Resolves the objects of Flux in one tree."""

    def __init__(
        self,
        tree: Tree,
        values: Sequence[Declared],
        substituting: Sequence[str] = (),
        kustomizations: Sequence[Kustomization] = (),
    ) -> None:
        """Take the ConfigMaps and Secrets of the tree, which values may come from.

        ``substituting`` are the names of the Kustomizations that replace variables in what they build,
        ``kustomizations`` those of kustomize, which may patch objects of Flux.
        """
        self._tree = tree
        self._substituting = tuple(substituting)
        self._kustomizations = tuple(kustomizations)
        self._values = {(found.kind, found.namespace, found.name): found for found in values}

    def helm_release(self, declared: Declared, cluster: str) -> Resolved:
        """Return the release that a HelmRelease asks for."""
        chart = mapping(mapping(declared.spec.get("chart")).get("spec"))
        source = mapping(chart.get("sourceRef"))
        if not chart:
            reason = "the chart comes from a chartRef, which is not in the tree"
            return Resolved(entries=(declared.entry(self._tree, reason, ("spec", "chartRef")),))
        folder = folder_of(self._tree, chart.get("chart")) if source.get("kind") == "GitRepository" else ""
        if not folder or not os.path.isfile(os.path.join(folder, CHART)):
            reason = (
                f"chart {chart.get('chart')} comes from {source.get('kind')} {source.get('name')}, not from the tree"
            )
            return Resolved(entries=(declared.entry(self._tree, reason, ("spec", "chart")),))
        target = str(declared.spec.get("targetNamespace") or "")
        name = str(declared.spec.get("releaseName") or (f"{target}-{declared.name}" if target else declared.name))
        listed = chart.get("valuesFiles")
        named = listed if isinstance(listed, list) else [chart["valuesFile"]] if chart.get("valuesFile") else []
        paths = (os.path.normpath(os.path.join(self._tree.top, str(file))) for file in named)
        ignores = bool(chart.get("ignoreMissingValuesFiles"))
        files = tuple(Values(path) for path in paths if not ignores or os.path.isfile(path))
        found, entries = self._values_from(declared)
        values = [*files, *found]
        inline = declared.spec.get("values")
        if isinstance(inline, dict):
            values.append(Values(declared.path, inline, declared.document, ("spec", "values")))
        post, others = read_post_renderers(declared.spec)
        release = Release(
            folder,
            name[:53],
            target or declared.namespace,
            cluster,
            tuple(values),
            declared=(declared.path, declared.document, ("spec",)),
            includes_crds=mapping(declared.spec.get("install")).get("crds") != "Skip",
            post=post,
        )
        reason = "a post renderer that is not kustomize is not run"
        entries += (declared.partial(self._tree, reason, at) for at in others)
        entries += self._not_seen(declared)
        return Resolved(releases=(release,), entries=tuple(entries))

    def kustomization(self, declared: Declared, cluster: str) -> Resolved:
        """Return the build that a Kustomization asks for; none where the files say all there is."""
        source = mapping(declared.spec.get("sourceRef"))
        folder = (
            folder_of(self._tree, declared.spec.get("path") or ".") if source.get("kind") == "GitRepository" else ""
        )
        if not folder:
            reason = (
                f"{declared.spec.get('path')} comes from {source.get('kind')} {source.get('name')}, not from the tree"
            )
            return Resolved(entries=(declared.entry(self._tree, reason, ("spec", "path")),))
        plain = find_kustomization(self._tree, folder) is None
        if plain and not any(declared.spec.get(field) for field in _STEERING):
            return Resolved()
        substitution, entries = self._substitution(declared)
        entries += self._remote(declared)
        build = Build(
            Overlay(
                folder, dict(self._extra(declared.spec)), tuple(manifests_below(self._tree, folder)) if plain else None
            ),
            f"{self._tree.shown(declared.path)}#{declared.kind}/{declared.name}",
            Target(cluster),
            (declared.path, declared.document, ("spec",)),
            substitution,
        )
        return Resolved(builds=(build,), entries=tuple(entries))

    def _extra(self, spec: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        if spec.get("targetNamespace"):
            yield "namespace", spec["targetNamespace"]
        for field in ("images", "components", "namePrefix", "nameSuffix"):
            if spec.get(field):
                yield field, spec[field]
        patches = [*items(spec.get("patches")), *_old_patches(spec)]
        if patches:
            yield "patches", patches
        metadata = mapping(spec.get("commonMetadata"))
        if mapping(metadata.get("labels")):
            yield "labels", [{"pairs": metadata["labels"]}]
        if mapping(metadata.get("annotations")):
            yield "commonAnnotations", metadata["annotations"]

    def _not_seen(self, declared: Declared) -> Iterator[LedgerEntry]:
        """Yield what decides over a HelmRelease that is not resolved: it is read as its file has it."""
        yield from self._remote(declared)
        patching = next(patching_kustomizations(self._tree, self._kustomizations, declared), None)
        if patching is not None:
            reason = f"{self._tree.shown(patching.path)} patches it: the release is judged as this file has it"
            yield declared.partial(self._tree, reason, ("spec",))
        for by in self._substituting:
            at = _find_variable(declared.spec.get("values"), ("spec", "values"))
            if at:
                reason = f"values hold variables, which Kustomization {by} may replace: they are taken as they are"
                yield declared.partial(self._tree, reason, at)
                return

    def _remote(self, declared: Declared) -> Iterator[LedgerEntry]:
        if declared.spec.get("kubeConfig"):
            reason = "it is deployed to the cluster of a kubeConfig, which has no name here: judged with its own"
            yield declared.partial(self._tree, reason, ("spec", "kubeConfig"))

    def _values_from(self, declared: Declared) -> tuple[list[Values], list[Any]]:
        values: list[Values] = []
        entries = []
        for index, reference in enumerate(items(declared.spec.get("valuesFrom"))):
            at = ("spec", "valuesFrom", index)
            key = str(reference.get("valuesKey") or "values.yaml")
            found = self._find(declared, reference)
            text = (
                mapping(found.value.get("data")).get(key) if found is not None and found.kind == "ConfigMap" else None
            )
            if found is None or not isinstance(text, str):
                if not reference.get("optional"):
                    reason = f"values of {reference.get('kind')} {reference.get('name')} are not known"
                    entries.append(declared.entry(self._tree, reason, at))
                continue
            data, base = _read(text, reference.get("targetPath")), ("data", key)
            if data is None:
                entries.append(found.entry(self._tree, f"cannot read the values of {key}", base, incomplete=True))
            else:
                values.append(Values(found.path, data, found.document, base))
        return values, entries

    def _substitution(self, declared: Declared) -> tuple[Substitution, list[Any]]:
        post = mapping(declared.spec.get("postBuild"))
        values: dict[str, str] = {}
        unknown: dict[str, str] = {}
        files: dict[str, None] = {}
        entries = []
        for index, reference in enumerate(items(post.get("substituteFrom"))):
            found = self._find(declared, reference)
            if found is None:
                if not reference.get("optional"):
                    reason = f"variables of {reference.get('kind')} {reference.get('name')} are not known"
                    entries.append(declared.entry(self._tree, reason, ("spec", "postBuild", "substituteFrom", index)))
                continue
            files[found.path] = None
            if found.kind == "Secret":
                for field in ("data", "stringData"):
                    unknown.update(dict.fromkeys(mapping(found.value.get(field)), "value of a Secret is not read"))
            else:
                values.update({key: str(value) for key, value in mapping(found.value.get("data")).items()})
        values.update({key: str(value) for key, value in mapping(post.get("substitute")).items()})
        unknown = {key: reason for key, reason in unknown.items() if key not in values}
        return Substitution(values, unknown, bool(post), tuple(files)), entries

    def _find(self, declared: Declared, reference: Mapping[str, Any]) -> Declared | None:
        kind, name = str(reference.get("kind")), str(reference.get("name"))
        return self._values.get((kind, declared.namespace, name)) or self._values.get((kind, "", name))


def patching_kustomizations(
    tree: Tree, kustomizations: Sequence[Kustomization], declared: Declared
) -> Iterator[Kustomization]:
    """Yield the kustomizations with a patch for an object, as far as kind and name tell."""
    for kustomization in kustomizations:
        for _, patch, target in patches_of(kustomization.data):
            path = os.path.normpath(os.path.join(kustomization.folder, str(patch)))
            is_file = "\n" not in str(patch) and os.path.isfile(path)
            documents = tree.stream(path).documents if is_file else read_yaml(str(patch)).documents
            named = (
                mapping(one.value).get("kind") == declared.kind
                and mapping(mapping(one.value).get("metadata")).get("name") == declared.name
                for one in documents
            )
            if is_target(target, Source("", name=declared.name), declared.value) if target else any(named):
                yield kustomization
                break


def manifests_below(tree: Tree, folder: str, *, recurse: bool = True) -> list[str]:
    """Return what a controller deploys of a folder without a kustomization, sorted: files, and folders that have one.

    Charts below it, and files that hold no objects, are left alone.
    """
    found: list[str] = []
    for above, folders, names in os.walk(folder):
        inner = [name for name in sorted(folders) if not name.startswith(".")] if recurse else []
        overlays = [name for name in inner if find_kustomization(tree, os.path.join(above, name)) is not None]
        charts = [name for name in inner if os.path.isfile(os.path.join(above, name, CHART))]
        folders[:] = [name for name in inner if name not in overlays and name not in charts]
        found += [os.path.join(above, name) for name in overlays]
        files = (os.path.join(above, name) for name in sorted(names) if name.endswith(_MANIFESTS))
        found += [path for path in files if _holds_objects(tree, path)]
    return found


def _old_patches(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the patches of fields that ``v1beta2`` had, as ``patches`` states them."""
    for item in items(spec.get("patchesStrategicMerge")):
        yield {"patch": json.dumps(item, default=str)}
    for item in items(spec.get("patchesJson6902")):
        yield {"patch": json.dumps(item.get("patch"), default=str), "target": item.get("target")}


def _find_variable(value: Any, at: Path) -> Path:
    """Return the place of the first text that holds a variable, empty where none does."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found = _find_variable(item, (*at, key))
        if found:
            return found
    return at if isinstance(value, str) and _VARIABLE.search(value) else ()


def _holds_objects(tree: Tree, path: str) -> bool:
    data = tree.read(path)
    return isinstance(data, bytes) and b"kind" in data and b"apiVersion" in data


def _read(text: str, target: Any) -> Mapping[str, Any] | None:
    documents = read_yaml(text).documents
    value: Any = documents[0].value if documents else {}
    if isinstance(target, str) and target:
        value = text
        for step in reversed(target.split(".")):
            value = {step: value}
    return value if isinstance(value, dict) else None
