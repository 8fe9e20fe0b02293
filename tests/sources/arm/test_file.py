import json
from typing import Any

import pytest

from scanner.sources.arm.file import is_arm_json, kind_of

BASE = "https://schema.management.azure.com/schemas/2019-04-01/"


@pytest.mark.parametrize(
    ("value", "kind", "scope"),
    [
        ({"$schema": f"{BASE}deploymentTemplate.json#"}, "template", "resourceGroup"),
        ({"$schema": f"{BASE}DeploymentTemplate.json"}, "template", "resourceGroup"),
        ({"$schema": f"{BASE}subscriptionDeploymentTemplate.json#"}, "template", "subscription"),
        ({"$schema": f"{BASE}managementGroupDeploymentTemplate.json#"}, "template", "managementGroup"),
        ({"$schema": f"{BASE}tenantDeploymentTemplate.json#"}, "template", "tenant"),
        ({"$schema": f"{BASE}deploymentParameters.json#"}, "parameters", "resourceGroup"),
        ({"$schema": f"{BASE}subscriptionDeploymentParameters.json#"}, "parameters", "subscription"),
        (
            {"$schema": "https://schema.management.azure.com/x/CreateUIDefinition.MultiVm.json#"},
            "user interface definition",
            "",
        ),
        ({"contentVersion": "1.0.0.0", "resources": []}, "template", "resourceGroup"),
        ({"contentVersion": "1.0.0.0", "resources": "x"}, "", ""),
        ({"$schema": 5}, "", ""),
        ({"kind": "List"}, "", ""),
        ([], "", ""),
    ],
)
def test_knows_its_kind(value: Any, kind: str, scope: str) -> None:
    assert kind_of(value) == (kind, scope)
    if kind:
        assert is_arm_json(json.dumps(value).encode())
        assert is_arm_json(json.dumps(value).encode("utf-16"))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"kind": "List", "items": []}', b'{"format_version": "1.2"}', b"\xff\xfe\x00"]
)
def test_leaves_other_json_alone(data: bytes) -> None:
    assert not is_arm_json(data)
