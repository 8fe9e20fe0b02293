from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.arm.targets import Target
from scanner.sources.arm.values import Masked
from tests.sources.arm.templates import SCHEMA, output

GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
SERVERS = "Microsoft.Sql/servers"
SUBSCRIPTION = SCHEMA.replace("deploymentTemplate", "subscriptionDeploymentTemplate")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("resourceId('Microsoft.Web/sites', 'a')", f"{GROUP}/providers/Microsoft.Web/sites/a"),
        (
            "resourceId('rg', 'Microsoft.Web/sites', 'a')",
            "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/a",
        ),
        (
            "resourceId('s', 'rg', 'Microsoft.Web/sites', 'a')",
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/a",
        ),
        (
            "resourceId('Microsoft.Sql/servers/databases', 'a', 'b')",
            f"{GROUP}/providers/Microsoft.Sql/servers/a/databases/b",
        ),
        (
            "resourceId('Microsoft.Sql/servers/databases', 'a/b')",
            f"{GROUP}/providers/Microsoft.Sql/servers/a/databases/b",
        ),
        (
            "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
            "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/x",
        ),
        ("subscriptionResourceId('s', 'Microsoft.Resources/resourceGroups', 'x')", "/subscriptions/s/resourceGroups/x"),
        (
            "tenantResourceId('Microsoft.Authorization/policyDefinitions', 'x')",
            "/providers/Microsoft.Authorization/policyDefinitions/x",
        ),
        (
            "managementGroupResourceId('m', 'Microsoft.Authorization/policyDefinitions', 'x')",
            "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/policyDefinitions/x",
        ),
        (
            "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'x')",
            f"{GROUP}/providers/Microsoft.Authorization/locks/x",
        ),
        ("resourceGroup().id", GROUP),
        ("resourceGroup('other').id", "/subscriptions/{subscription}/resourceGroups/other"),
        ("subscription().id", "/subscriptions/{subscription}"),
        ("subscription('s').id", "/subscriptions/s"),
        ("managementGroup('m').id", "/providers/Microsoft.Management/managementGroups/m"),
        ("concat(resourceGroup().id, '/providers/x')", f"{GROUP}/providers/x"),
        (
            "resourceId('Microsoft.Web/sites', uniqueString('a'))",
            f"{GROUP}/providers/Microsoft.Web/sites/{{uniqueString(a)}}",
        ),
        ("environment().suffixes.storage", "core.windows.net"),
        ("environment().suffixes.KeyVaultDns", ".vault.azure.net"),
        ("tenant().id", "/"),
    ],
)
def test_ids_are_texts_in_which_the_unknown_is_in_braces(expression: str, value: str) -> None:
    assert output(f"[{expression}]") == value


def test_in_a_subscription_an_id_has_no_group() -> None:
    found = output("[resourceId('Microsoft.Web/sites', 'a')]", **{"$schema": SUBSCRIPTION})

    assert found == "/subscriptions/{subscription}/providers/Microsoft.Web/sites/a"


@pytest.mark.parametrize(
    "expression",
    [
        "resourceGroup().name",
        "resourceGroup().location",
        "resourceGroup().tags.a",
        "subscription().subscriptionId",
        "subscription().displayName",
        "tenant().tenantId",
        "managementGroup().name",
        "deployment().name",
        "deployment().properties.template.contentVersion",
        "deployer().objectId",
        "reference('x').a.b",
        "references('x')",
        "resourceId(parameters('p'), 'x')",
        "parameters(parameters('p'))",
        "variables(parameters('p'))",
    ],
)
def test_what_only_the_service_knows_is_unknown(expression: str) -> None:
    assert isinstance(output(f"[{expression}]", parameters={"p": {"type": "string"}}), Unknown)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("resourceGroup().name", "g"),
        ("resourceGroup().location", "westeurope"),
        ("subscription().subscriptionId", "s"),
        ("tenant().tenantId", "t"),
        ("managementGroup().name", "m"),
        ("deployment().location", "westeurope"),
    ],
)
def test_what_the_configuration_says_is_known(expression: str, value: str) -> None:
    target = Target("resourceGroup", "t", "m", "s", "g", "westeurope")

    assert output(f"[{expression}]", target=target) == value


@pytest.mark.parametrize("name", ["listKeys", "listSecrets", "LISTACCOUNTSAS", "getSecret"])
def test_what_the_service_lists_is_a_secret(name: str) -> None:
    found: Any = output(f"[{name}('x', '2020-01-01').keys[0].value]")

    assert isinstance(found, Masked)
