"""Plans and states made by hand: only what a test is about is stated."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.plan import Read, read_terraform_json

AZURERM = "registry.terraform.io/hashicorp/azurerm"


def change(address: str, after: Any = None, **facts: Any) -> dict[str, Any]:
    """Return one element of ``resource_changes``; ``facts`` are of the change, such as ``after_unknown``."""
    mode, type_, name, module = _parts(address)
    actions = facts.pop("actions", ["create"])
    return {
        "address": address,
        **({"module_address": module} if module else {}),
        "mode": mode,
        "type": type_,
        "name": name,
        "provider_name": AZURERM,
        "change": {"actions": actions, "before": None, "after": after, "after_unknown": {}, **facts},
    }


def planned(address: str, values: Mapping[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    """Return one resource of ``planned_values`` or ``prior_state``."""
    mode, type_, name, _ = _parts(address)
    about = {"address": address, "mode": mode, "type": type_, "name": name, "provider_name": AZURERM}
    index = address.rpartition("[")[2].rstrip("]") if address.endswith("]") else None
    return {**about, **({"index": json.loads(index)} if index else {}), "values": dict(values or {}), **facts}


def plan(*changes: dict[str, Any], root: Mapping[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """Return a plan; ``root`` is the root module of its configuration, ``members`` replace what it has."""
    resources = [planned(one["address"], one["change"]["after"]) for one in changes if one["change"]["after"]]
    whole = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": list(changes),
        "configuration": {"root_module": root or {}},
    }
    return {name: member for name, member in {**whole, **members}.items() if member is not None}


def configured(address: str, expressions: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
    """Return one resource of the configuration; references are given as lists of texts."""
    mode, type_, name, _ = _parts(address)
    return {
        "address": address,
        "mode": mode,
        "type": type_,
        "name": name,
        "expressions": {key: _expression(value) for key, value in expressions.items()},
        **facts,
    }


def state(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return a state file of version 4."""
    about = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}}
    return {**about, "resources": list(resources), **members}


def kept(type_: str, name: str, *instances: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Return one resource of a state file."""
    about = {"mode": "managed", "type": type_, "name": name, "provider": f'provider["{AZURERM}"]'}
    return {**about, **facts, "instances": list(instances)}


def read(content: Any) -> Read:
    """Return what a plan or state holds, given as data, text or bytes."""
    data = content if isinstance(content, bytes) else _text(content).encode()
    return read_terraform_json(data, "plan.json", lambda: data)


def only(content: Any) -> Instance:
    """Return the one Instance of a plan or state that nothing is wrong with."""
    found = read(content)
    assert found.problems == ()
    (instance,) = found.instances
    return instance


def named(instances: Sequence[Instance]) -> dict[str, Instance]:
    """Return Instances by address."""
    return {instance.address: instance for instance in instances}


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, indent=1)


def _expression(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {"references": value}
    if isinstance(value, list):
        return [{key: _expression(below) for key, below in block.items()} for block in value]
    return value


def _parts(address: str) -> tuple[str, str, str, str]:
    """Return mode, type, name and module address."""
    steps = address.split(".")
    module = []
    while steps[0] == "module":
        module += steps[:2]
        steps = steps[2:]
    mode = "data" if steps[0] == "data" else "managed"
    type_, name = steps[1:3] if mode == "data" else steps[:2]
    return mode, type_, name.partition("[")[0], ".".join(module)
