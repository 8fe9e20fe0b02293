"""A declaration that is no ARM resource and needs no more joining: Kubernetes objects and Terraform's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.canonical.arm_object import Trace


@dataclass(frozen=True, slots=True)
class Declared:
    """One object in its control plane's shape, ready to become a Resource."""

    type: str
    """``apps/Deployment``, ``terraform/Settings``, ``terraform/Provider`` or ``terraform/HelmRelease``."""
    name: str
    """Empty where it is not known or only generated."""
    namespace: str
    """Empty where there is none, or none is known."""
    attributes: Mapping[str, Any]
    """What the Kubernetes API would hold, or the settings; may hold ``Unknown``."""
    key: str
    source: Any = field(default=None, compare=False, repr=False)
    """The Instance it comes from."""
    trace: Trace | None = field(default=None, compare=False, repr=False)
    """Turns an attribute path into the path in the Instance's attributes."""
