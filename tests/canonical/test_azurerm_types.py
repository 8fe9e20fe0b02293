"""The data of the azurerm map: each case is a few attributes, and the ARM properties they must become."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.canonical import compile as compiler
from scanner.canonical.templates import Template
from scanner.model.unknown import Unknown
from tests.canonical.build import after_apply, canonical, instance, translated

CASES = yaml.safe_load((Path(__file__).parent / "azurerm_cases.yaml").read_text("utf-8"))
GROUP = {"name": "a", "resource_group_name": "rg"}
MAP = {name: definition for name, (_, definition) in compiler.read_map(compiler.HERE / "azurerm").items()}
MISSING = object()


def with_references(value: Any) -> Any:
    """Return ``value`` with every ``${address.attribute}`` as the evaluator would give it."""
    if isinstance(value, dict):
        return {key: with_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_references(item) for item in value]
    if isinstance(value, str) and value.startswith("${"):
        return after_apply(value[2:-1])
    return value


def at(value: Any, path: str) -> Any:
    """Return what stands at a dotted path, ``MISSING`` where nothing does."""
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else MISSING
        elif isinstance(value, dict):
            value = value.get(step, MISSING)
        else:
            return MISSING
    return value


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_type_becomes_its_arm_resource(case: dict[str, Any]) -> None:
    first = next(key for key in case if key.startswith("azurerm_"))
    declared = {first: case[first], **case.get("with", {})}
    major = case.get("major", 5)
    instances = [
        instance(address, major=major, **GROUP | with_references(attributes))
        for address, attributes in declared.items()
    ]
    found = canonical(*instances)[case.get("of", first)].attributes
    assert {path: at(found, path) for path in case["expect"]} == case["expect"]
    assert [path for path in case.get("absent", ()) if at(found, path) is not MISSING] == []


def filled(name: str) -> dict[str, Any]:
    """Return the attributes that the templates of a type read, each with an id or a name that fits anywhere."""
    definition = MAP[name]
    parents = definition.get("parent", [])
    parents = parents if isinstance(parents, list) else [parents]
    texts = [definition.get("scope", ""), definition.get("name", "")]
    texts += [text for entry in parents for text in (entry.values() if isinstance(entry, dict) else [entry])]
    fields = {field.path[0] for text in texts for field in Template(text).fields}
    names = {field.path[0] for field in Template(definition.get("name", "")).fields if not field.filter}
    provider = definition["arm"]["type"].rpartition("/")[0]
    kinds = "/".join(f"{kind}/x" for kind in provider.split("/")[1:]) or "vaults/x"
    id_ = f"/subscriptions/s/resourceGroups/rg/providers/{provider.split('/')[0]}/{kinds}"
    return GROUP | {field: "x" if field in names or field.endswith("name") else id_ for field in fields}


@pytest.mark.parametrize("name", sorted(name for name in MAP if "arm" in MAP[name]))
def test_every_type_has_an_id_of_its_arm_type(name: str) -> None:
    (first, *_) = translated(instance(f"{name}.x", **filled(name))).objects
    arm_type = MAP[name]["arm"]["type"]
    assert first.type == arm_type
    if name != "azurerm_resource_group":
        provider, *kinds = arm_type.split("/")
        assert f"/providers/{provider}/" in first.id
        assert first.id.split("/")[-2] == kinds[-1]
    assert not isinstance(first.body.get("parent"), Unknown)
    assert not isinstance(first.body.get("scope"), Unknown)
