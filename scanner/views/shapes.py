"""Reading attributes whose shape nobody has guaranteed.

A manifest may hold anything anywhere. These accessors give the value where it has the expected shape and the empty one
where it has not, so that a rule reads like the object it is about and never raises. They know no resource type.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from scanner.model.path import Path, matches, parse_path
from scanner.model.resource import Resource

_EMPTY: Mapping[str, Any] = {}


def mapping(value: Any) -> Mapping[str, Any]:
    """Return ``value`` if it is a mapping, else the empty one."""
    return value if isinstance(value, dict) else _EMPTY


def sequence(value: Any) -> list[Any]:
    """Return ``value`` if it is a list, else the empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return ``value`` if it is text, else the empty text."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """Return what is text in the list ``value``; nothing where it is no list."""
    return [item for item in sequence(value) if isinstance(item, str)]


def found(resource: Resource, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Yield (path, value) for all in ``resource`` that ``pattern`` (``spec.rules[*].host``) matches, in order.

    Here ``[*]`` stands for the elements of a list only.
    """
    return iter(matches(resource.attributes, _parsed(pattern), only_lists=True))


def label_selector(value: Any) -> dict[str, Any]:
    """Return ``value`` as a LabelSelector that :func:`scanner.views.selects` can evaluate, without what is malformed.

    It is empty, ``{}``, exactly when it has no requirement: then it selects everything.
    """
    selector = mapping(value)
    labels = {key: text(item) for key, item in mapping(selector.get("matchLabels")).items() if isinstance(key, str)}
    expressions = [
        {**item, "values": sequence(item.get("values"))}
        for item in sequence(selector.get("matchExpressions"))
        if isinstance(item, dict)
    ]
    parts = {"matchLabels": labels, "matchExpressions": expressions}
    return {name: part for name, part in parts.items() if part}


def listed(items: list[str], shown: int = 3) -> str:
    """Return ``a, b, c and 2 more``: sorted, each once, at most ``shown`` by name."""
    names = sorted(set(items))
    head = ", ".join(names[:shown])
    return f"{head} and {len(names) - shown} more" if len(names) > shown else head


@lru_cache(maxsize=512)
def _parsed(pattern: str) -> Path:
    return parse_path(pattern)
