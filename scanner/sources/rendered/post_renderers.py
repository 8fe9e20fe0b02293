"""``postRenderers`` of a HelmRelease: the real kustomize is run over what Helm has rendered, as Flux does it.

Source: the API of ``helm.toolkit.fluxcd.io/v2``. Hooks and CRDs of the chart are left alone: Helm hands neither to what
comes after it.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scanner.documents import read_yaml
from scanner.model.location import Location, Origin, Placed, Region, Step
from scanner.model.path import Path, value_at
from scanner.sources.interface import Locator
from scanner.sources.rendered.kustomize_places import ORIGIN, Source, touches
from scanner.sources.rendered.tools import Missing, Scratch, find_tool, run
from scanner.sources.rendered.tree import Tree

_ALL: Path = ("spec", "postRenderers")
_IMAGES: Path = ("kustomize", "images")
_HOOK = "helm.sh/hook"
_MISSING = object()


class Patch(NamedTuple):
    """One patch of a post renderer."""

    at: Path
    """Where it stands in the HelmRelease."""
    text: str
    target: Mapping[str, Any]
    """Empty where the patch itself names what it is for."""


class PostRenderer(NamedTuple):
    """One step after Helm; picklable."""

    at: Path
    patches: tuple[Patch, ...]
    images: tuple[Mapping[str, Any], ...]


class Fault(NamedTuple):
    """Why post renderers could not be applied."""

    reason: str


def read_post_renderers(spec: Mapping[str, Any]) -> tuple[tuple[PostRenderer, ...], tuple[Path, ...]]:
    """Return the post renderers that a HelmRelease states, and the places of those that are not kustomize's."""
    found: list[PostRenderer] = []
    others: list[Path] = []
    listed = spec.get("postRenderers")
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        at = ("spec", "postRenderers", index)
        kustomize = item.get("kustomize") if isinstance(item, dict) else None
        if not isinstance(kustomize, dict):
            others.append(at)
            continue
        images = tuple(one for one in kustomize.get("images") or () if isinstance(one, dict))
        found.append(PostRenderer(at, tuple(_patches(kustomize, (*at, "kustomize"))), images))
    return tuple(found), tuple(others)


def post_rendered(values: Mapping[int, Any], renderers: Sequence[PostRenderer]) -> Mapping[int, Any] | Fault:
    """Return index → object as the post renderers leave it; an index that they delete is missing."""
    tool = find_tool("kustomize")
    if isinstance(tool, Missing):
        return Fault(tool.reason)
    scratch = Scratch()
    try:
        top = _written(values, renderers, scratch)
        ran = run(tool, ["build", top] if tool.command[1:] == () else [top], scratch)
    finally:
        scratch.remove()
    if ran.fault:
        message = " ".join(ran.errors.rpartition("Error:")[2].split()).replace(scratch.path, "") or ran.fault
        return Fault(message if len(message) <= 400 else f"{message[:397]}...")
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for document in read_yaml(ran.output.decode("utf-8", "replace")).documents:
        value, index = _without_origin(document.value)
        found[index].append(value)
    return {index: _alike(values[index], found[index]) for index in found if index in values}


def is_post_rendered(value: Any, template: str) -> bool:
    """Whether post renderers see an object that ``template`` (its path in the chart) gives."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict) or not value.get("kind") or template.startswith("crds/"):
        return False
    annotations = metadata.get("annotations")
    return bool(metadata.get("name")) and not (isinstance(annotations, dict) and _HOOK in annotations)


class PostLocator:
    """Finds the places of what post renderers have changed; the others are where Helm's locator says."""

    def __init__(
        self,
        inner: Locator,
        before: Mapping[int, Any],
        after: Mapping[int, Any],
        renderers: Sequence[PostRenderer],
        declared: tuple[Tree, str, int],
    ) -> None:
        """Take objects before and after, by index, and tree, file and document of the HelmRelease."""
        self._inner = inner
        self._before = before
        self._after = after
        self._renderers = tuple(renderers)
        self._declared = declared

    def __call__(self, origin: Origin, path: Path) -> Region | Placed | None:
        """Return the place of ``path`` in the Resource with ``origin``: what decides it last."""
        found = self._inner(origin, path)
        before, after = (values.get(origin.document, _MISSING) for values in (self._before, self._after))
        at = (*origin.base, *path)
        if after is _MISSING or value_at(before, at, _MISSING) == value_at(after, at, _MISSING):
            return found
        tree, file, document = self._declared
        placed = found if isinstance(found, Placed) else Placed(Location(origin.file, path, found))
        decided = tree.location(file, self._deciding(before, after, path), document)._replace(path=path)
        return Placed(decided, (Step("rendered here", placed.location), *placed.trail))

    def _deciding(self, before: Any, after: Any, path: Path) -> Path:
        """Return where in the HelmRelease it is said what ``path`` is."""
        source = Source("", name=str(value_at(before, ("metadata", "name"), "")))
        return next(self._candidates(source, after, path), _ALL)

    def _candidates(self, source: Source, after: Any, path: Path) -> Iterator[Path]:
        for renderer in reversed(self._renderers):
            if renderer.images and path[-1:] == ("image",):
                yield (*renderer.at, *_IMAGES)
            for patch in reversed(renderer.patches):
                documents = read_yaml(patch.text).documents
                if any(touches(one.value, source, after, path, patch.target) is not None for one in documents):
                    yield patch.at


def _patches(kustomize: Mapping[str, Any], at: Path) -> Iterator[Patch]:
    for field in ("patchesStrategicMerge", "patchesJson6902", "patches"):
        listed = kustomize.get(field)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            whole = field == "patchesStrategicMerge"
            patch = item if whole else item.get("patch") if isinstance(item, dict) else None
            if patch:
                target = {} if whole else item.get("target") or {}
                place = (*at, field, index) if whole else (*at, field, index, "patch")
                yield Patch(place, patch if isinstance(patch, str) else json.dumps(patch, default=str), target)


def _written(values: Mapping[int, Any], renderers: Sequence[PostRenderer], scratch: Scratch) -> str:
    """Write a kustomization for each renderer, the first over the objects; returns the folder of the last."""
    first = scratch.folder("0")
    for index, value in values.items():
        _write(os.path.join(first, f"{index}.yaml"), value)
    resources = [f"{index}.yaml" for index in values]
    folder = first
    for number, renderer in enumerate(renderers):
        folder = scratch.folder(str(number))
        patches = [{"patch": one.text, **({"target": one.target} if one.target else {})} for one in renderer.patches]
        made = {"resources": resources, "patches": patches, "images": list(renderer.images)}
        _write(os.path.join(folder, "kustomization.yaml"), {**made, "buildMetadata": ["originAnnotations"]})
        resources = [f"../{number}"]
    return folder


def _write(path: str, value: Any) -> None:
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(value, stream, default=str)


def _without_origin(value: Any) -> tuple[Any, int]:
    """Return an object without the annotation that says which file it is from, and the number of that file."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    said = annotations.pop(ORIGIN, "") if isinstance(annotations, dict) else ""
    if isinstance(metadata, dict) and annotations == {}:
        del metadata["annotations"]
    documents = read_yaml(said).documents if said else ()
    origin = documents[0].value if documents else None
    path = origin.get("path") if isinstance(origin, dict) else None
    stem = os.path.basename(str(path)).removesuffix(".yaml")
    return value, int(stem) if stem.isdigit() else -1


def _alike(before: Any, found: list[Any]) -> Any:
    """Return what became of one object; of a list kustomize makes one object for each element."""
    if str(before.get("kind", "")).endswith("List") and isinstance(before.get("items"), list):
        return {**before, "items": found}
    return found[0]
