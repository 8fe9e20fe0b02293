"""Instances and ArmObjects as tests want them: what a case is about, and defaults for the rest."""

from typing import Any

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.joined import Joined
from scanner.canonical.normalise import normalise
from scanner.canonical.terraform import Translated, translate
from scanner.model.unknown import Unknown
from scanner.sources.terraform.instance import Instance


def instance(
    address: str, /, mode: str = "managed", major: int | None = 5, meta: Any = None, **attributes: Any
) -> Instance:
    """Return an Instance of azurerm; its type and name are read from the address."""
    steps = address.split("[")[0].split(".")
    return Instance(
        address=address,
        type=steps[-2],
        name=steps[-1],
        attributes=attributes,
        mode=mode,
        provider="azurerm",
        provider_major=major,
        meta=meta or {},
    )


def after_apply(origin: str) -> Unknown:
    """Return a reference to an attribute that the provider computes."""
    return Unknown("known after apply", origin)


def no_value(variable: str) -> Unknown:
    """Return a variable without value."""
    return Unknown(f"var.{variable} has no value", f"var.{variable}")


def translated(*instances: Instance) -> Translated:
    """Return what the instances of the working directory's root become."""
    return translate(instances)


def canonical(*instances: Instance) -> dict[str, Joined]:
    """Return key → canonical object of the instances of one root, without the ``:`` that every key starts with."""
    return {each.key.removeprefix(":"): each for each in normalise(translate(instances).objects)}


def arm(
    type_: str, name: str, body: Any = None, /, group: str = "rg", version: str = "2024-01-01", **fields: Any
) -> ArmObject:
    """Return an ARM object in a resource group of an unknown subscription."""
    provider, _, kinds = type_.partition("/")
    pairs = "/".join(f"{kind}/{part}" for kind, part in zip(kinds.split("/"), name.split("/"), strict=True))
    id_ = f"/subscriptions/{{subscription}}/resourceGroups/{group}/providers/{provider}/{pairs}"
    return ArmObject(type_, name, id_, body or {}, f"main.json:{type_}/{name}", version, **fields)
