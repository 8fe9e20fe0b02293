"""Which configuration of a provider a resource runs with: its own, or the one that the callers hand down."""

from typing import TYPE_CHECKING

from scanner.sources.terraform.configuration.module import ModuleCall, Resource
from scanner.sources.terraform.configuration.reference_text import reference_text
from scanner.sources.terraform.syntax import nodes

if TYPE_CHECKING:
    from scanner.sources.terraform.configuration.module_instance import ModuleInstance


def provider_of(resource: Resource) -> tuple[str, str]:
    """Return the local name of a resource's provider and the alias it names, which may be empty."""
    written = resource.attribute("provider")
    if written is None:
        return resource.type.split("_", 1)[0], ""
    name, _, alias = reference_text(written.value).partition(".")
    return name or resource.type.split("_", 1)[0], alias.split("[")[0]


def alias_at_root(instance: "ModuleInstance", name: str, alias: str) -> str:
    """Return the alias, in the root module, of a provider that ``instance`` calls ``name`` or ``name.alias``.

    A default provider is inherited; an alias that no caller hands down is the module's own.
    """
    while instance.call is not None:
        handed = _handed_down(instance.call.block)
        written = handed.get(f"{name}.{alias}" if alias else name)
        if written is not None:
            name, _, alias = written.partition(".")
        elif alias or handed:
            return alias
        instance = instance.call.parent
    return alias


def _handed_down(block: ModuleCall) -> dict[str, str]:
    """Return what ``providers`` of a call says: the module's name of a provider → the caller's."""
    written = block.attribute("providers")
    if written is None or not isinstance(written.value, nodes.ObjectCons):
        return {}
    return {reference_text(key): reference_text(value) for key, value in written.value.items}
