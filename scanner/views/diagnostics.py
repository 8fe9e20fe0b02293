"""Diagnostic settings: what logs of a resource are exported, and where to.

Source: Microsoft.Insights/diagnosticSettings REST reference; "Resource log categories" for what a category group holds.
"""

from collections.abc import Collection
from typing import NamedTuple

from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.views import azure_ids
from scanner.views.azure_links import Indexed, Link
from scanner.views.shapes import found, mapping, text

SETTING = "Microsoft.Insights/diagnosticSettings"
READ = ("scope", "properties.logs", "properties.workspaceId")
"""The attribute paths that these functions read of a setting."""

_ALL = ("alllogs", "audit")
_SETTINGS = Link((SETTING,), ("scope",))
_WORKSPACE = ("properties", "workspaceId")


class Exported(NamedTuple):
    """What settings of one resource export to the workspaces that are asked about."""

    settings: tuple[Resource, ...]
    """All settings of the resource, wherever they lead."""
    categories: frozenset[str]
    """In lower case."""
    has_all: bool
    """Whether a category group stands for whatever there is to audit."""
    unknown: str = ""
    """Why there may be more than that; empty where there is not."""

    def covers(self, category: str) -> bool:
        """Whether a category of logs is among them."""
        return self.has_all or category.lower() in self.categories


def exported(inventory: Indexed, target: str, workspaces: Collection[str]) -> Exported:
    """Return what is exported from the id ``target`` to one of ``workspaces``, by name."""
    linked = _SETTINGS.to(inventory, target)
    unknown = "what every diagnostic setting is for is not known" if linked.perhaps is not None else ""
    categories: set[str] = set()
    for setting in linked.sure:
        told, why = _exported(setting, {name.lower() for name in workspaces})
        categories |= told
        unknown = unknown or why
    return Exported(linked.sure, frozenset(categories), any(group in categories for group in _ALL), unknown)


def workspace_of(setting: Resource) -> str:
    """Return the name of the workspace that a setting exports to; empty where there is none or it is not known."""
    return azure_ids.name(text(setting.value(*_WORKSPACE)))


def enabled(setting: Resource) -> frozenset[str]:
    """Return the categories and category groups that a setting exports, in lower case; nothing it does not know."""
    names: set[str] = set()
    for _, log in found(setting, "properties.logs[*]"):
        one = mapping(log)
        if one.get("enabled") is True:
            names |= {text(one.get("category")).lower(), text(one.get("categoryGroup")).lower()}
    return frozenset(names - {""})


def why_unknown(setting: Resource) -> str:
    """Return why a setting does not tell what it exports, or where to; empty where it tells."""
    if isinstance(setting.value(*_WORKSPACE), Unknown) or "{" in workspace_of(setting):
        return "the workspace of a diagnostic setting is not known"
    logs = setting.value("properties", "logs")
    values = [
        logs,
        *(value for _, log in found(setting, "properties.logs[*]") for value in (log, *mapping(log).values())),
    ]
    return "the logs of a diagnostic setting are not known" if any(isinstance(one, Unknown) for one in values) else ""


def _exported(setting: Resource, workspaces: Collection[str]) -> tuple[frozenset[str], str]:
    unknown = why_unknown(setting)
    if workspace_of(setting).lower() not in workspaces:
        return frozenset(), unknown
    return enabled(setting), unknown
