"""Application of Argo CD: which chart or folder of the repository it deploys, with which values.

Source: the API of ``argoproj.io/v1alpha1``.
"""

import fnmatch
import os
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.documents import read_yaml
from scanner.model.path import Path
from scanner.sources.rendered.charts import CHART
from scanner.sources.rendered.declarations import Declared, Resolved, folder_of, items, mapping
from scanner.sources.rendered.flux import manifests_below
from scanner.sources.rendered.helm import Release, Values
from scanner.sources.rendered.kustomizations import Overlay, find_kustomization
from scanner.sources.rendered.kustomize_page import Build
from scanner.sources.rendered.objects import Target
from scanner.sources.rendered.tree import Tree

GROUP = "argoproj.io"
_HERE = ("https://kubernetes.default.svc", "in-cluster")


def application(tree: Tree, declared: Declared, cluster: str, at: Path = ("spec",)) -> Resolved:
    """Return what an Application deploys; ``at`` is where it is declared in the file."""
    spec = declared.spec
    destination = mapping(spec.get("destination"))
    target = Target(_cluster(destination) or cluster, _text(destination.get("namespace")))
    several = items(spec.get("sources"))
    sources = several or items([spec.get("source")])
    resolved = Resolved()
    for index, source in enumerate(sources):
        place = (*at, "sources", index) if several else (*at, "source")
        if source.get("ref") and not source.get("path") and not source.get("chart"):
            continue  # it only lends its files of values
        resolved += _source(tree, declared, source, target, place)
    return resolved


def _source(tree: Tree, declared: Declared, source: Mapping[str, Any], target: Target, at: Path) -> Resolved:
    folder = folder_of(tree, source.get("path"))
    if source.get("chart") or not folder:
        what = f"chart {source['chart']}" if source.get("chart") else f"path {source.get('path')}"
        reason = f"{what} of {source.get('repoURL')} is not in the tree"
        return Resolved(entries=(declared.entry(tree, reason, at),))
    if source.get("plugin"):
        return Resolved(entries=(declared.entry(tree, "plugins are not run", (*at, "plugin")),))
    if os.path.isfile(os.path.join(folder, CHART)):
        return _release(tree, declared, folder, mapping(source.get("helm")), target, at)
    name = f"{tree.shown(declared.path)}#{declared.kind}/{declared.name}"
    own = find_kustomization(tree, folder)
    extra = dict(_extra(mapping(source.get("kustomize")))) if own is not None else {}
    resources = None if own is not None else tuple(_files(tree, folder, mapping(source.get("directory"))))
    build = Build(Overlay(folder, extra, resources), name, target, (declared.path, declared.document, at))
    return Resolved(builds=(build,) if resources is None or resources else ())


def _release(
    tree: Tree, declared: Declared, folder: str, helm: Mapping[str, Any], target: Target, at: Path
) -> Resolved:
    values = []
    entries = []
    for index, file in enumerate(helm.get("valueFiles") or ()):
        path = _values_file(tree, folder, str(file))
        if path and os.path.isfile(path):
            values.append(Values(path))
        elif not helm.get("ignoreMissingValueFiles"):
            entries.append(
                declared.entry(tree, f"values file {file} is not in the tree", (*at, "helm", "valueFiles", index))
            )
    text, data = helm.get("values"), helm.get("valuesObject")
    if isinstance(text, str) and not data:
        documents = read_yaml(text).documents
        if documents and isinstance(documents[0].value, dict):
            values.append(Values(declared.path, documents[0].value, declared.document, (*at, "helm", "values")))
    if isinstance(data, dict):
        values.append(Values(declared.path, data, declared.document, (*at, "helm", "valuesObject")))
    release = Release(
        folder,
        _text(helm.get("releaseName")) or declared.name[:53],
        _text(helm.get("namespace")) or target.namespace,
        target.cluster,
        tuple(values),
        tuple(
            (str(one["name"]), str(one.get("value", "")), bool(one.get("forceString")))
            for one in items(helm.get("parameters"))
            if "name" in one
        ),
        (declared.path, declared.document, at),
        includes_crds=not helm.get("skipCrds"),
    )
    return Resolved(releases=(release,), entries=tuple(entries))


def _values_file(tree: Tree, folder: str, file: str) -> str:
    """Return the path of a values file; ``$name/`` is the top of another source, which is taken for the same tree."""
    if "://" in file:
        return ""
    if file.startswith("$"):
        path = os.path.join(tree.top, file.partition("/")[2])
    else:
        path = os.path.join(tree.top, file.lstrip("/")) if file.startswith("/") else os.path.join(folder, file)
    path = os.path.normpath(path)
    return path if tree.holds(path) else ""


def _extra(kustomize: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in ("namePrefix", "nameSuffix", "namespace", "components", "patches", "replicas", "commonAnnotations"):
        if kustomize.get(field):
            yield field, kustomize[field]
    if mapping(kustomize.get("commonLabels")):
        yield "labels", [{"pairs": kustomize["commonLabels"], "includeSelectors": True}]
    images = [_image(one) for one in kustomize.get("images") or () if isinstance(one, str)]
    if images:
        yield "images", images


def _image(text: str) -> dict[str, str]:
    """Return ``name=new:tag``, ``new:tag`` or ``new@digest`` as kustomize writes it."""
    name, _, new = text.rpartition("=")
    name, new = name.strip(), new.strip()
    new_name, at, digest = new.partition("@")
    tag = ""
    if not at and ":" in new.rpartition("/")[2]:
        new_name, _, tag = new.rpartition(":")
    found = {"name": name or new_name, "newName": new_name, "newTag": tag, "digest": digest}
    return {key: value for key, value in found.items() if value}


def _files(tree: Tree, folder: str, directory: Mapping[str, Any]) -> Iterator[str]:
    for path in manifests_below(tree, folder, recurse=bool(directory.get("recurse"))):
        inside = os.path.relpath(path, folder)
        if directory.get("include") and not _matches(inside, str(directory["include"])):
            continue
        if not (directory.get("exclude") and _matches(inside, str(directory["exclude"]))):
            yield path


def _matches(path: str, pattern: str) -> bool:
    choices = pattern[1:-1].split(",") if pattern.startswith("{") and pattern.endswith("}") else [pattern]
    return any(fnmatch.fnmatchcase(path, choice.strip()) for choice in choices)


def _cluster(destination: Mapping[str, Any]) -> str:
    """Return the cluster that a destination names, ``""`` for the one that Argo CD runs in.

    A server has no name here; its host keeps apart what is deployed to several.
    """
    named, server = _text(destination.get("name")), _text(destination.get("server"))
    return "" if {named, server} & {*_HERE} - {""} else named or server.rpartition("//")[2].partition("/")[0]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
