"""Who wrote an attribute last, as far as a live object says it: its ``managedFields``.

An entry names a client (``kubectl-edit``) and the time of its last write to any of its fields, not a person and not the
time of one field: so a cause says "by", and "not after". Source: Server-Side Apply, and the field set format v1 of
sigs.k8s.io/structured-merge-diff.
"""

import json
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from scanner.model.path import Path

_ITSELF = "."


class Cause(NamedTuple):
    """Who wrote an attribute last."""

    manager: str
    """Name of the client: ``kubectl-edit``, ``kustomize-controller``."""
    operation: str
    """``Apply`` or ``Update``."""
    not_after: str
    """Time of the client's last write to the object, RFC 3339; empty where it is not said."""
    subresource: str = ""
    """``scale``, ``status``; empty for the object itself."""
    exact: bool = True
    """Whether the client owns the attribute itself, and not only something above it."""

    def __str__(self) -> str:
        through = f" ({self.subresource})" if self.subresource else ""
        until = f", not after {self.not_after}" if self.not_after else ""
        sure = "" if self.exact else "probably "
        return f"{sure}written by {self.manager}{through}{until}"


def cause_of(live: Mapping[str, Any], path: Path, above: tuple[Any, ...], value: Any) -> Cause | None:
    """Return who wrote the attribute at ``path``: the most exact that the object names, and of several the latest.

    ``above`` holds the live values on the way to it, from the whole object down, and ``value`` what is there; ``path``
    may end at the list that an element was added to. None where the object does not say.
    """
    steps = _steps(path, above, value)
    best: tuple[int, str, Cause] | None = None
    for entry in _entries(live):
        depth = _depth(entry.get("fieldsV1"), steps)
        time = str(entry.get("time") or "")
        if depth and (best is None or (depth, time) > best[:2]):
            cause = Cause(
                str(entry.get("manager") or "?"),
                str(entry.get("operation") or ""),
                time,
                str(entry.get("subresource") or ""),
                depth >= len(steps),
            )
            best = (depth, time, cause)
    return best[2] if best else None


def last_write(live: Mapping[str, Any], managers: Container[str]) -> str:
    """Return when any of ``managers`` wrote last, RFC 3339; empty where they did not, or do not say."""
    return max((str(one.get("time") or "") for one in _entries(live) if one.get("manager") in managers), default="")


def writes(live: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (client, operation, subresource, RFC 3339 time of its last write) as far as the object says them.

    What controllers note in ``status`` is nobody's change.
    """
    for entry in _entries(live):
        told = tuple(str(entry.get(key) or "") for key in ("manager", "operation", "subresource", "time"))
        manager, operation, subresource, time = told
        if manager and time and subresource != "status":
            yield manager, operation, subresource, time


def _entries(live: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    metadata = live.get("metadata")
    entries = metadata.get("managedFields") if isinstance(metadata, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield entry


def _steps(path: Path, above: tuple[Any, ...], value: Any) -> list[tuple[str | None, Any]]:
    """Return (key or None for an element, the live value there) for each step on the way to ``value``."""
    values = (*above[1:], value)
    steps = [
        (step if isinstance(step, str) else None, values[index] if index < len(values) else None)
        for index, step in enumerate(path)
    ]
    return [*steps, (None, value)] if len(values) > len(path) else steps


def _depth(fields: Any, steps: list[tuple[str | None, Any]]) -> int:
    """Return how many of ``steps`` the set of fields goes along; all of them where it holds the attribute itself."""
    for depth, (key, value) in enumerate(steps):
        if not isinstance(fields, dict):
            return depth
        if not fields:  # a leaf: all below is its owner's
            return len(steps) if depth else 0
        below = fields.get(f"f:{key}") if key is not None else _element(fields, value)
        if below is None:
            return depth if _ITSELF in fields else 0
        fields = below
    return len(steps)


def _element(fields: Mapping[str, Any], value: Any) -> Any:
    """Return the fields of the element that is ``value``: by its keys (``k:``) or by itself (``v:``)."""
    for name, below in fields.items():
        kind, _, text = name.partition(":")
        if kind not in ("k", "v"):
            continue
        try:
            wanted = json.loads(text)
        except ValueError:
            continue
        if kind == "v" and wanted == value:
            return below
        if kind == "k" and isinstance(value, dict) and all(value.get(key) == one for key, one in wanted.items()):
            return below
    return None
