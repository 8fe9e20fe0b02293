"""A template that Terraform deploys: handed on as it is, for whoever evaluates templates."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.instance import Instance


class Deployment(NamedTuple):
    """One ``azurerm_…_template_deployment``."""

    instance: Instance
    template: Any
    """The template's text, or an Unknown."""
    parameters: Any
    """The parameters file's content as text, a map of plain values, an Unknown, or None."""
    scope: str
    """Id of the group, subscription, management group or tenant (``/``) it is deployed to."""
    key: str
    """Key of the deployment; keys of what it deploys start with it."""


Deploy: TypeAlias = Callable[[Deployment], Iterable[ArmObject]]
"""Evaluates a template: the ArmObjects that it declares."""
