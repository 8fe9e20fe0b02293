"""What the canonical layer needs of a Terraform Instance, so that it need not know the source that makes them."""

from collections.abc import Mapping
from typing import Any, Protocol


class Instance(Protocol):
    """The fields of ``scanner.sources.terraform.instance.Instance`` that are read here; see there."""

    @property
    def address(self) -> str:
        """``module.a["x"].azurerm_subnet.b[0]``."""

    @property
    def type(self) -> str:
        """``azurerm_subnet``."""

    @property
    def name(self) -> str:
        """``b``."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """JSON-shaped, may hold ``Unknown``; nested blocks are lists of dicts."""

    @property
    def mode(self) -> str:
        """``managed``, ``data``, ``ephemeral`` or ``settings``."""

    @property
    def provider_major(self) -> int | None:
        """Major version of the provider; None where nothing tells."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """Terraform's own arguments; ``provider_alias`` is read here."""
