"""One Terraform type of the map, made ready: its rows, and the templates that make names and ids."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from scanner.canonical.levels import NEWEST_MAJOR, Level
from scanner.canonical.tables import terraform_type
from scanner.canonical.templates import Template

_COMMON = frozenset(("id", "name", "resource_group_name", "location", "tags", "identity", "timeouts"))


class Parent(NamedTuple):
    """One way in which a type names its parent."""

    id: Template | None
    """The parent's id, or None where it is given by name."""
    name: Template | None
    under: Template
    """What goes on below that id: ``/blobServices/default``; often the empty text."""


class TypeMap:
    """What the map says of one Terraform type, for one provider major."""

    __slots__ = (
        "api_version", "append", "arm_type", "constants", "data", "exports", "level", "name", "parents", "patch",
        "scope", "stands_at", "understood",
    )  # fmt: skip

    def __init__(self, table: Mapping[str, Any], major: int) -> None:
        arm = table.get("arm") or table.get("patch") or {}
        self.arm_type: str = arm.get("type", "")
        self.api_version: str = arm.get("apiVersion", "")
        self.patch = tuple(_parent(entry) for entry in table["patch"]["id"]) if "patch" in table else None
        """Ways to say what it changes; None for what is a resource of its own."""
        self.append = (
            tuple(table.get("patch", {}).get("append", "").split(".")) if "append" in table.get("patch", {}) else ()
        )
        """Path of the target's list that the type is an element of; empty for others."""
        self.name = Template(table.get("name", "{name}"))
        self.parents = tuple(_parent(entry) for entry in table.get("parent", ()))
        self.scope = Template(table["scope"]) if "scope" in table else None
        self.stands_at: str = table.get("level", "")
        """``subscription``, ``tenant``, or empty for the resource group."""
        self.constants: Mapping[str, Any] = table.get("set", {})
        self.exports = {name: Template(text) for name, text in table.get("exports", {}).items()}
        self.data = {name: Template(text) for name, text in table.get("data", {}).items()}
        self.level = Level(table.get("rows", {}), major)
        templates = [self.name, self.scope]
        templates += [each for way in (*self.parents, *(self.patch or ())) for each in (way.id, way.name, way.under)]
        named = {name for template in templates if template is not None for name in template.names()}
        self.understood = frozenset((*self.level.known, *named, *_COMMON, *table.get("ignore", ())))
        """Attributes that need not be kept aside."""


def _parent(entry: Mapping[str, str]) -> Parent:
    by_id, by_name = entry.get("id"), entry.get("name")
    return Parent(
        Template(by_id) if by_id is not None else None,
        Template(by_name) if by_name is not None else None,
        Template(entry.get("under", "")),
    )


@cache
def type_map(name: str, major: int | None) -> TypeMap | None:
    """Return the map of a Terraform type; None where it has none. No major known: the newest."""
    table = terraform_type(name)
    return TypeMap(table, major or NEWEST_MAJOR) if table is not None else None
