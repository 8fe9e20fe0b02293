"""An ArmObject: one declaration in ARM's shape, before children are joined and spellings settled.

What the Terraform map, the template evaluators and live Azure hand to :mod:`scanner.canonical.normalise`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from scanner.model.path import Path

Trace: TypeAlias = Callable[[Path], Path]
"""Turns a path in the body into the path in the source's own notation."""


class Part(NamedTuple):
    """A stretch of a body that another declaration wrote."""

    at: Path
    """Where it stands in the body (or the attributes) it was joined into."""
    object: "ArmObject"
    """The declaration that wrote it."""
    inner: Path
    """Where it stands in that declaration's own body."""


@dataclass(frozen=True, slots=True)
class ArmObject:
    """One ARM resource as some source declares it."""

    type: str
    """Full type in any case: ``microsoft.storage/storageaccounts/blobServices``."""
    name: str
    """All segments: ``acct/default``; a segment that is not known is written ``{why}``."""
    id: str
    """ARM resource id; segments not known before creation are written ``{…}``, the same text for the same thing."""
    body: Mapping[str, Any]
    """``location``, ``tags``, ``sku``, ``kind``, ``identity``, ``zones``, ``scope``, ``properties`` …; may hold
    ``Unknown``. ``parent`` stands here only where it is Unknown; else it follows from the id."""
    key: str
    """Becomes the Resource's key."""
    api_version: str = ""
    """Empty where it is not known."""
    defaults: str = "arm"
    """Whose defaults apply to what is absent: ``arm``, ``azurerm`` or ``live`` (nothing is filled in)."""
    source: Any = field(default=None, compare=False, repr=False)
    """What the source needs to find places again: handed through to ``Joined.parts``."""
    trace: Trace | None = field(default=None, compare=False, repr=False)
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)
    """What associations wrote into the body (Terraform only)."""

    def owner(self, path: Path) -> "tuple[ArmObject, Path]":
        """Return the declaration that wrote ``path`` of the body, and the path in that declaration's body."""
        return owner_of(self.parts, path) or (self, path)


def owner_of(parts: tuple[Part, ...], path: Path) -> tuple[ArmObject, Path] | None:
    """Return who wrote ``path``: of the parts that reach it the deepest, the last of equals; None where none does."""
    best: Part | None = None
    for part in parts:
        if path[: len(part.at)] == part.at and (best is None or len(part.at) >= len(best.at)):
            best = part
    if best is None:
        return None
    return best.object.owner((*best.inner, *path[len(best.at) :]))
