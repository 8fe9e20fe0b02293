"""Templates that were broken at random: whatever they say, there is an answer, in time and within bounds."""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.resource import Resource
from scanner.sources.arm.page import ArmContext, read_arm
from tests.sources.arm.templates import SCHEMA

QUICK = 1_500
FULL = 20_000
LONGEST_S = 20
"""A hang would take forever; an answer takes milliseconds."""

TEMPLATE: dict[str, Any] = {
    "$schema": SCHEMA,
    "languageVersion": "2.0",
    "contentVersion": "1.0.0.0",
    "definitions": {"d": {"type": "object", "properties": {"p": {"type": "securestring"}}, "nullable": True}},
    "parameters": {
        "name": {"type": "string", "defaultValue": "[concat('st', uniqueString(resourceGroup().id))]"},
        "tags": {"$ref": "#/definitions/d"},
        "list": {"type": "array", "defaultValue": [1, 2, {"a": "[parameters('name')]"}]},
        "secret": {"type": "secureString"},
    },
    "functions": [
        {
            "namespace": "f",
            "members": {
                "f": {
                    "parameters": [{"name": "x", "type": "string"}],
                    "output": {
                        "value": "[if(equals(length(parameters('x')), 0), 'a', f.f(substring(parameters('x'), 1)))]"
                    },
                }
            },
        }
    ],
    "variables": {
        "copy": [{"name": "rules", "count": 3, "input": {"name": "[concat('r', copyIndex('rules'))]"}}],
        "a": "[createObject('x', variables('b'), 'y', parameters('list'))]",
        "b": "[map(parameters('list'), lambda('i', string(lambdaVariables('i'))))]",
    },
    "resources": {
        "vnet": {
            "type": "Microsoft.Network/virtualNetworks",
            "apiVersion": "2023-01-01",
            "name": "[f.f(parameters('name'))]",
            "properties": {
                "copy": [
                    {
                        "name": "subnets",
                        "count": "[length(variables('b'))]",
                        "input": {"name": "[copyIndex('subnets')]"},
                    }
                ]
            },
        },
        "accounts": {
            "copy": {"name": "accounts", "count": "[length(parameters('list'))]"},
            "condition": "[not(empty(parameters('tags')))]",
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2023-01-01",
            "name": "[format('{0}{1}', parameters('name'), copyIndex())]",
            "tags": "[coalesce(tryGet(parameters('tags'), 'a'), createObject())]",
            "properties": {"networkAcls": {"id": "[resourceId('Microsoft.Network/virtualNetworks', 'x')]"}},
            "resources": [{"type": "blobServices", "apiVersion": "2023-01-01", "name": "default"}],
        },
        "lock": {
            "type": "Microsoft.Authorization/locks",
            "apiVersion": "2020-05-01",
            "scope": "[resourceId('Microsoft.Network/virtualNetworks', parameters('name'))]",
            "name": "[guid(reference('nested').outputs.o.value)]",
            "properties": {"level": "[reference('vnet', '2023-01-01', 'full').location]"},
        },
        "nested": {
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2022-09-01",
            "name": "nested",
            "subscriptionId": "[subscription().subscriptionId]",
            "resourceGroup": "[last(split(resourceGroup().id, '/'))]",
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": {"q": {"value": "[reference('vnet').subnets[0].id]"}},
                "template": {
                    "$schema": SCHEMA,
                    "contentVersion": "1.0.0.0",
                    "parameters": {"q": {"type": "string"}},
                    "resources": [
                        {"type": "A.B/c/providers/locks", "apiVersion": "1", "name": "x/Microsoft.Authorization/y"},
                        {
                            "type": "A.B/c",
                            "apiVersion": "1",
                            "name": "[parameters('q')]",
                            "properties": {"z": "[variables('no')]"},
                        },
                    ],
                    "outputs": {"o": {"type": "string", "value": "[parameters('q')]"}},
                },
            },
        },
    },
    "outputs": {"x": {"type": "string", "value": "[reference('nested').outputs.o.value]"}},
}

VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**9, 10**30, 1.5, "", "[", "[]", "[[x]", "x" * 300, [], {}, [[]], {"copy": [{}]}),
    *("[variables('a')]", "[variables('b')]", "[parameters('name')]", "[copyIndex()]", "[f.f('aaaa')]"),
    *("[deployment()]", "[range(0, 100)]", "[reference('accounts')]", "[resourceGroup()]"),
    *("[padLeft('', 4000)]", "[createArray(variables('a'), variables('a'))]", "[fail()]", "[reference('vnet')]"),
    {"copy": [{"name": "z", "count": 10**9, "input": [1] * 50}]},
)
HEAVY: tuple[Any, ...] = (
    *("[range(0, 10000)]", "[padLeft('', 4000000)]", "[map(range(0, 2000), lambda('x', variables('a')))]"),
    {
        "copy": [
            {"name": "z", "count": 800, "input": {"copy": [{"name": "y", "count": 800, "input": "[copyIndex('y')]"}]}}
        ]
    },
)
"""What is allowed to cost something."""
PARTS = (
    "'",
    "(",
    ")",
    ",",
    "[",
    "]",
    ".",
    "?.",
    "0",
    "'a'",
    "null()",
    "variables('a')",
    "lambda('x',",
    "concat(",
    "\\",
    "}",
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of everything in ``value``."""
    pending = [value]
    while pending:
        container = pending.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            yield container, key
            if isinstance(container[key], (dict, list)):
                pending.append(container[key])


def broken(template: dict[str, Any], chance: random.Random, values: tuple[Any, ...]) -> bytes:
    """Return a template with one to four things in it changed."""
    copy = json.loads(json.dumps(template))
    for _ in range(chance.randint(1, 4)):
        found = list(places(copy))
        if not found:
            break
        container, key = chance.choice(found)
        other, other_key = chance.choice(found)
        value = container[key]
        action = chance.randrange(6)
        if action == 0:
            del container[key]
        elif action == 1:
            container[key] = json.loads(json.dumps(chance.choice(values)))
        elif action == 2 and isinstance(value, str):
            at = chance.randint(0, len(value))
            container[key] = value[:at] + chance.choice(PARTS) + value[at + chance.randint(0, 3) :]
        elif action == 3:
            container[key] = json.loads(json.dumps(other[other_key])) if other_key in _keys(other) else None
        elif action == 4 and isinstance(container, dict) and isinstance(key, str):
            container[chance.choice(("copy", "scope", "resources", "template", "existing", key.upper()))] = value
        else:
            container[key] = [value, value]
    data = json.dumps(copy).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(data))
        data = data[:at] + bytes([chance.choice(b'{}[]",:/\\ \n\x00\xff')]) + data[at + chance.randint(0, 2) :]
    return data


def _keys(container: Any) -> Any:
    return container if isinstance(container, dict) else range(len(container))


def corpus() -> list[dict[str, Any]]:
    """Return real templates, where they are."""
    folder = Path(os.environ.get("BULKHEAD_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "arm"
    found = []
    for path in sorted(folder.rglob("*.json"))[::9]:
        try:
            value = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(value, dict) and "resources" in value and path.stat().st_size < 40_000:
            found.append(value)
    return found


def check(templates: list[dict[str, Any]], count: int, seed: int, values: tuple[Any, ...] = VALUES) -> int:
    """Break templates ``count`` times and return how many Resources came of them."""
    chance = random.Random(seed)
    resources = 0
    for number in range(count):
        data = broken(chance.choice(templates), chance, values)
        start = time.monotonic()

        content, _ = read_arm(data, ArmContext("main.json"))

        assert time.monotonic() - start < LONGEST_S, f"case {number} of seed {seed}"
        assert content.entries
        assert all(isinstance(found, Resource) for found in content.resources)
        assert content.resources or content.entries[0].reason
        resources += len(content.resources)
    return resources


def test_broken_templates_give_answers() -> None:
    assert check([TEMPLATE], QUICK, seed=1) > QUICK


@pytest.mark.slow
def test_many_broken_templates_give_answers() -> None:
    assert check([TEMPLATE, *corpus()], FULL, 2, (*VALUES, *HEAVY)) > FULL
