"""Reducing a Resource to the attribute paths that rules read of it.

This bounds the memory of a run by what rules need instead of by what an estate holds; that nothing else matters is
proven for every Rule by ``bulkhead rules test``, which removes the rest and compares.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from scanner.model.path import ANY, Path
from scanner.model.resource import Resource
from scanner.views.pods import pod_path

Tree: TypeAlias = "dict[str | int, Tree] | None"
"""Steps to keep; None keeps everything below."""

NAMING_KEYS = ("name", "key", "host", "type", "kind", "ip", "id", "path", "containerPort", "port", "mountPath")
"""What identifies a list element, first match wins: the merge keys of the Kubernetes API come first."""

_NAMING = frozenset(NAMING_KEYS)

_CONTAINER_FIELDS = ("containers", "initContainers", "ephemeralContainers")


def attribute_paths(type_: str, path: Path) -> tuple[Path, ...]:
    """Return the attribute patterns that a ``reads`` path means for a type; views become what they look through."""
    if path[:1] != ("views",):
        return (path,)
    base = pod_path(type_)
    if base is None:
        return ()
    if path[1] == "pod":
        return ((*base, *path[2:]),)
    return tuple((*base, "spec", field, ANY, *path[3:]) for field in _CONTAINER_FIELDS)


class Projection:
    """What is kept of the Resources of one type."""

    def __init__(self, type_: str, paths: Iterable[Path]) -> None:
        self._tree: Tree = {}
        for pattern in paths:
            for path in attribute_paths(type_, pattern):
                self._tree = _insert(self._tree, path)

    def apply(self, resource: Resource) -> Resource:
        """Return ``resource`` with only what is kept; list indexes stay what they were."""
        return replace(resource, attributes=self.attributes(resource.attributes))

    def attributes(self, attributes: Any) -> Any:
        """Return only what is kept of ``attributes``, and what names the list elements on the way."""
        return keep(attributes, self._tree, naming=True)


def _insert(tree: Tree, path: Path) -> Tree:
    if tree is None or not path:
        return None
    step, rest = path[0], path[1:]
    tree[step] = _insert(tree.get(step, {}), rest)
    return tree


def keep(value: Any, tree: Tree, *, naming: bool = False) -> Any:
    """Return the part of ``value`` that ``tree`` names, and with ``naming`` also the naming keys of list elements.

    Recursion ends with the tree, whose depth rules bound.
    """
    if tree is None:
        return value
    if isinstance(value, dict):
        if ANY in tree:
            below = tree[ANY]
            return {key: keep(item, None if key in tree else below, naming=naming) for key, item in value.items()}
        return {step: keep(value[step], below, naming=naming) for step, below in tree.items() if step in value}
    if isinstance(value, list) and ANY in tree:
        kept = [keep(item, tree[ANY], naming=naming) for item in value]
        return [_with_names(item, part) for item, part in zip(value, kept, strict=True)] if naming else kept
    return value


def _with_names(item: Any, part: Any) -> Any:
    if not isinstance(item, dict):
        return part
    names = _NAMING & item.keys()
    return {**{key: item[key] for key in names if isinstance(item[key], (str, int))}, **part} if names else part


def without(value: Any, path: Path) -> Any:
    """Return ``value`` without what stands at ``path``; only the containers on the way are copied.

    A list element is not removed but replaced by None, so that the indexes of the others stay what they are.
    """
    if not path:
        return None
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        copy: dict[Any, Any] = dict(value)
        if rest:
            copy[step] = without(value[step], rest)
        else:
            del copy[step]
        return copy
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        items = list(value)
        items[step] = without(value[step], rest) if rest else None
        return items
    return value


def read_paths(rule_reads: Iterable[Path], type_: str) -> tuple[Path, ...]:
    """Return the attribute patterns that a Rule reads of Resources of ``type_``."""
    return tuple(path for pattern in rule_reads for path in attribute_paths(type_, pattern))
