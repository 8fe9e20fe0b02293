"""Reducing a Resource to the attribute paths that rules read of it.

This bounds the memory of a run by what rules need instead of by what an estate holds; that nothing else matters is
proven for every Rule by ``bulkhead rules test``, which removes the rest and compares.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from scanner.model.path import ANY, Path
from scanner.model.resource import Resource
from scanner.views.pods import pod_path

Tree: TypeAlias = "dict[str | int, Tree] | None"
"""Steps to keep; None keeps everything below."""

NAMING_KEYS = ("name", "key", "host", "type", "kind", "ip", "id", "path", "containerPort", "port", "mountPath")
"""What identifies a list element, first match wins: the merge keys of the Kubernetes API come first."""

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
        tree: Tree = {}
        for pattern in paths:
            for path in attribute_paths(type_, pattern):
                tree = _insert(tree, path)
        self._plan = _Plan(tree) if tree is not None else None

    def apply(self, resource: Resource) -> Resource:
        """Return ``resource`` with only what is kept; list indexes stay what they were."""
        return resource.reduced(self.attributes(resource.attributes))

    def attributes(self, attributes: Any) -> Any:
        """Return only what is kept of ``attributes``, and what names the list elements on the way."""
        return attributes if self._plan is None else _keep(attributes, self._plan)


def _insert(tree: Tree, path: Path) -> Tree:
    if tree is None or not path:
        return None
    step, rest = path[0], path[1:]
    tree[step] = _insert(tree.get(step, {}), rest)
    return tree


class _Plan:
    """A tree in the form that is quickest to follow: this runs for every Resource."""

    __slots__ = ("each", "inner", "keeps_each", "leaves")

    def __init__(self, tree: "dict[str | int, Tree]") -> None:
        self.leaves = tuple(step for step, below in tree.items() if below is None)
        self.inner = tuple((step, _Plan(below)) for step, below in tree.items() if below is not None)
        self.keeps_each = ANY in tree
        below = tree.get(ANY)
        self.each = _Plan(below) if below is not None else None
        """For every element; None keeps elements whole."""


def _keep(value: Any, plan: _Plan) -> Any:
    """Return the part of ``value`` that ``plan`` names, and the naming keys of the list elements on the way.

    Recursion ends with the plan, whose depth rules bound.
    """
    if isinstance(value, dict):
        if plan.keeps_each:
            return {key: _part(item, plan, key) for key, item in value.items()}
        kept = {step: value[step] for step in plan.leaves if step in value}
        for step, below in plan.inner:
            if step in value:
                kept[step] = _keep(value[step], below)
        return kept
    each = plan.each
    if not isinstance(value, list) or each is None:
        return value
    parts = [_keep(item, each) for item in value]
    for item, part in zip(value, parts, strict=True):
        if isinstance(item, dict):
            for name in NAMING_KEYS:
                if name in item and name not in part and isinstance(item[name], (str, int)):
                    part[name] = item[name]
    return parts


def _part(value: Any, plan: _Plan, key: str) -> Any:
    """Return what is kept of the element ``key`` of a mapping whose every element is read."""
    is_named = key in plan.leaves or any(step == key for step, _ in plan.inner)
    return value if plan.each is None or is_named else _keep(value, plan.each)


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
