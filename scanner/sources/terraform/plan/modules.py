"""Walks the resources of a module tree in JSON: ``root_module`` with ``resources`` and ``child_modules``."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from scanner.sources.terraform.plan.cursor import Cursor

Complain = Callable[[str, int | None], None]
"""Takes what is wrong with a part of the text, and its offset."""


class Found(NamedTuple):
    """What identifies a resource instance."""

    address: str
    module: str
    """Address of the module instance; empty for the root."""
    mode: str
    type: str
    name: str
    provider: str
    """As written: ``registry.terraform.io/hashicorp/azurerm``."""

    @classmethod
    def of(cls, resource: Any, module: Any) -> "Found | None":
        """Return what identifies ``resource``; None where that is not all there."""
        if not isinstance(resource, dict) or not isinstance(module, str):
            return None
        address, type_, name = resource.get("address"), resource.get("type"), resource.get("name")
        if not (isinstance(address, str) and isinstance(type_, str) and isinstance(name, str)):
            return None
        provider = resource.get("provider_name")
        mode = "data" if resource.get("mode") == "data" else "managed"
        return cls(address, module, mode, type_, name, provider if isinstance(provider, str) else "")

    @property
    def block(self) -> str:
        """Its block in the module: ``azurerm_subnet.a``, ``data.azurerm_subnet.a``."""
        return f"data.{self.type}.{self.name}" if self.mode == "data" else f"{self.type}.{self.name}"

    @property
    def block_address(self) -> str:
        """Its block in the module instance."""
        return f"{self.module}.{self.block}" if self.module else self.block

    @property
    def key(self) -> str:
        """Its instance key as written: ``["a"]``, ``[0]``, or empty."""
        return self.address.removeprefix(self.block_address)


Listed = tuple[Found, dict[str, Any], int, int]
"""A resource: what identifies it, all that is said of it, and where that starts and ends."""


def resources_below(cursor: Cursor, complain: Complain) -> Iterator[Listed]:
    """Yield the resources of the values that start at ``cursor``, in their order; deposed objects are left out."""
    for key in cursor.members():
        if key == "root_module" and cursor.at("{"):
            yield from _module(cursor, "", complain)
        else:
            cursor.value()


def _module(cursor: Cursor, parent: str, complain: Complain) -> Iterator[Listed]:
    """Yield the resources of a module; its address may stand behind them, but their own addresses hold it."""
    for key in cursor.members():
        if key == "resources" and cursor.at("["):
            for _ in cursor.elements():
                start = cursor.position
                resource = cursor.value()
                found = Found.of(resource, _module_of(resource))
                if found is None:
                    complain("a resource has no address, type or name", start)
                elif "deposed_key" not in resource:
                    yield found, resource, start, cursor.position
        elif key == "child_modules" and cursor.at("["):
            for _ in cursor.elements():
                if cursor.at("{"):
                    yield from _module(cursor, parent, complain)
                else:
                    cursor.value()
        else:
            cursor.value()


def _module_of(resource: Any) -> str:
    """Return the address of the module instance that a resource's own address begins with."""
    if not isinstance(resource, dict) or not isinstance(resource.get("address"), str):
        return ""
    mode = "data." if resource.get("mode") == "data" else ""
    address: str = resource["address"]
    index = resource.get("index")
    block = f"{mode}{resource.get('type')}.{resource.get('name')}"
    end = address.rfind(block) if index is None else address.rfind(f"{block}[")
    return address[: max(end - 1, 0)]
