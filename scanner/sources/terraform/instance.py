"""An Instance: one resource as Terraform would manage it, whichever of configuration, plan or state it was read from.

It speaks Terraform (type names, attribute names, addresses); :mod:`scanner.canonical` turns it into the control
plane's own shape.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from scanner.model.location import Region
from scanner.model.path import Path


class Place(NamedTuple):
    """A stretch of a file."""

    file: str
    """Path as reports print it."""
    region: Region | None
    role: str = ""
    """Its part, in a few words: ``called here``, ``var.tls is set here``; empty for the deciding place itself."""


Places: TypeAlias = Callable[[Path], tuple[Place, ...]]
"""Places of an attribute path: first the attribute that decides (or the block, where it is absent), then the module
calls from the inside out and what carried the value."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One resource instance."""

    address: str
    """``module.a["x"].azurerm_subnet.b[0]``; ``[*]`` where the keys are not known."""
    type: str
    """``azurerm_subnet``."""
    name: str
    """``b``."""
    attributes: Mapping[str, Any]
    """JSON-shaped: dict, list, str, int, float, bool, None, and ``Unknown``. Nested blocks are lists of dicts. What was
    not written is absent, except in plan and state, where it is what the provider filled in. Values marked sensitive
    are ``Unknown``."""
    mode: str = "managed"
    """``managed``, ``data``, ``ephemeral``; ``settings`` for ``terraform`` (type and address ``terraform``) and
    ``provider`` blocks (type ``provider``, name the provider's, address ``provider.azurerm.alias``)."""
    provider: str = ""
    """Local name of the provider: ``azurerm``."""
    provider_major: int | None = None
    """Major version that ``required_providers`` or the lock file allows; None where nothing tells."""
    file: str = ""
    """File of the resource block, as reports print it; of the plan or state where there is no block."""
    places: Places | None = field(default=None, compare=False, repr=False)
    """Finds places; None where there is nothing to point at."""
    meta: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """Terraform's own arguments, where they are written: ``ignore_changes`` and ``depends_on`` (tuples of references as
    text), ``prevent_destroy`` and its like (bool), ``provider_alias``."""
