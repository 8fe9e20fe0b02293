"""What an expression gets that names something else of the template."""

from typing import Any

import pytest

from scanner.model.unknown import Unknown
from tests.sources.arm.templates import deploy, resource

NETWORK = "Microsoft.Network/virtualNetworks"
GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
TEMPLATE: dict[str, Any] = {
    "languageVersion": "2.0",
    "parameters": {"n": {"type": "int"}},
    "resources": {
        "vnet": {
            **resource("vnet", NETWORK, properties={"subnets": [{"name": "a"}, "[parameters('n')]"]}),
            "tags": {"x": "y"},
            "identity": {"type": "SystemAssigned"},
        },
        "kept": resource("kept", NETWORK, existing=True),
        "inner": {
            "type": "Microsoft.Resources/deployments",
            "apiVersion": "2022-09-01",
            "name": "inner",
            "properties": {"template": {"resources": {}, "outputs": {"o": {"type": "string", "value": "v"}}}},
        },
    },
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("reference('vnet', '2023-01-01', 'full').id", f"{GROUP}/providers/{NETWORK}/vnet"),
        ("reference('vnet', '2023-01-01', 'full').resourceId", f"{GROUP}/providers/{NETWORK}/vnet"),
        ("reference('vnet', '2023-01-01', 'full').name", "vnet"),
        ("reference('vnet', '2023-01-01', 'full').type", NETWORK),
        ("reference('vnet', '2023-01-01', 'full').apiVersion", "2023-01-01"),
        ("reference('vnet', '2023-01-01', 'full').TAGS.x", "y"),
        ("reference('vnet', '2023-01-01', 'full').properties.subnets[0].id",
         f"{GROUP}/providers/{NETWORK}/vnet/subnets/a"),
        ("resourceInfo('kept').id", f"{GROUP}/providers/{NETWORK}/kept"),
        ("reference('inner').outputs.o", {"type": "string", "value": "v"}),
        ("reference('inner').outputs.o.value", "v"),
        ("resourceInfo('inner').name", "inner"),
        ("resourceInfo('inner').id", f"{GROUP}/providers/Microsoft.Resources/deployments/inner"),
        ("tryGet(reference('inner').outputs, 'nothing')", None),
    ],
)  # fmt: skip
def test_knows_what_is_declared(expression: str, value: Any) -> None:
    evaluated = deploy({**TEMPLATE, "outputs": {"x": {"type": "object", "value": f"[{expression}]"}}})

    assert evaluated.output("x") == value
    assert evaluated.problems == ()


@pytest.mark.parametrize(
    "expression",
    [
        "reference('vnet')",
        "reference('vnet').provisioningState",
        "reference('vnet').subnets",
        "reference('vnet').subnets[1].id",
        "reference('vnet').subnets[7].id",
        "reference('vnet').subnets[0].properties",
        "reference('vnet')[parameters('n')]",
        "reference('vnet', '2023-01-01', 'full')",
        "reference('vnet', '2023-01-01', 'full').etag",
        "reference('vnet', '2023-01-01', 'full').identity.principalId",
        "reference('kept', '2023-01-01', 'full').location",
        "reference('kept').subnets[0].id",
        "reference('inner').provisioningState",
        "reference('inner').outputs[parameters('n')]",
        "reference(resourceId('Microsoft.Web/sites', 'x')).state",
        "references('vnet')",
    ],
)
def test_leaves_the_rest_to_the_service(expression: str) -> None:
    evaluated = deploy({**TEMPLATE, "outputs": {"x": {"type": "object", "value": f"[{expression}]"}}})

    assert isinstance(evaluated.output("x"), Unknown)


@pytest.mark.parametrize(
    "name", ["resourceId('Microsoft.Network/virtualNetworks', 'vnet')", "'vnet'", "toUpper(resourceGroup().id)"]
)
def test_without_symbolic_names_the_id_finds_what_is_declared(name: str) -> None:
    network = resource("vnet", NETWORK, properties={"subnets": [{"name": "a"}]})
    user = resource("user", properties={"id": f"[reference({name}, '2023-01-01').subnets[0].id]"})

    found = deploy({"resources": [user, network]}).objects[0].body["properties"]["id"]

    if "vnet" in name:
        assert found == f"{GROUP}/providers/{NETWORK}/vnet/subnets/a"
    else:
        assert isinstance(found, Unknown)
