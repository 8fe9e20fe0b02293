"""An Azure object in canonical shape, children joined, with the way back to whoever wrote each attribute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.canonical.arm_object import ArmObject, Part, owner_of
from scanner.model.path import Path


@dataclass(frozen=True, slots=True)
class Joined:
    """Everything of a Resource but its origin and tenancy."""

    key: str
    type: str
    """In Azure's own spelling: ``Microsoft.Storage/storageAccounts``."""
    name: str
    """All segments: ``acct/default``; what is not known in braces."""
    attributes: Mapping[str, Any]
    """``id``, ``name`` (the last segment), ``type``, ``apiVersion``, ``location``, ``tags``, ``sku``, ``kind``,
    ``identity``, ``zones``, ``scope`` (extension resources: id of the target), ``parent`` (children: id of the parent),
    ``properties``; what is not stated and has no default is absent."""
    unknowns: tuple[Path, ...]
    object: ArmObject = field(compare=False, repr=False)
    """The declaration it comes from."""
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)
    """What children that ARM nests wrote into it."""

    def owner(self, path: Path) -> tuple[ArmObject, Path]:
        """Return the declaration that wrote ``path`` (a child, an association, or its own), and the path in its body.

        The path is spelled as the declaration spells it; what is absent there keeps its canonical spelling.
        """
        found = owner_of(self.parts, path) or self.object.owner(path)
        return found[0], as_written(found[0].body, found[1])

    def source_path(self, path: Path) -> tuple[ArmObject, Path]:
        """Return the declaration that wrote ``path``, and the path in its source's own notation."""
        declaration, inner = self.owner(path)
        return declaration, declaration.trace(inner) if declaration.trace is not None else inner


def as_written(body: Any, path: Path) -> Path:
    """Return ``path`` with each key as ``body`` spells it."""
    steps: list[str | int] = []
    value = body
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            if step not in value:
                lowered = step.lower()
                step = next((key for key in value if key.lower() == lowered), step)
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            value = None
        steps.append(step)
    return tuple(steps)
