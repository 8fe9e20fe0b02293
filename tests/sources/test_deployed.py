"""Templates inside Terraform give what they declare, at the block that deploys them."""

import json
from pathlib import Path

import pytest

from scanner.model.resource import Resource
from scanner.sources.repository import RepositorySource

TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"tls": {"type": "string", "defaultValue": "TLS1_0"}, "name": {"type": "string"}},
    "resources": [
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2023-05-01",
            "name": "[parameters('name')]",
            "location": "[resourceGroup().location]",
            "properties": {"minimumTlsVersion": "[parameters('tls')]"},
        }
    ],
}


def accounts(tmp_path: Path, **arguments: str) -> list[Resource]:
    body = "".join(f"  {name} = {value}\n" for name, value in arguments.items())
    text = f'resource "azurerm_resource_group_template_deployment" "a" {{\n  name = "a"\n{body}}}\n'
    (tmp_path / "main.tf").write_text(text)
    pages = RepositorySource(["."], base=str(tmp_path)).pages()
    found = [one for page in pages for one in page.read().resources]
    return [one for one in found if one.type == "Microsoft.Storage/storageAccounts"]


def hcl(value: object) -> str:
    return f"<<JSON\n{json.dumps(value)}\nJSON\n"


@pytest.mark.parametrize(
    "parameters",
    [
        hcl({"name": {"value": "stdeployed"}, "tls": {"value": "TLS1_2"}}),
        'jsonencode({ name = { value = "stdeployed" }, tls = { value = "TLS1_2" } })',
        hcl({"$schema": "x", "parameters": {"name": {"value": "stdeployed"}, "tls": {"value": "TLS1_2"}}}),
    ],
)
def test_a_template_gives_what_it_declares(parameters: str, tmp_path: Path) -> None:
    (account,) = accounts(
        tmp_path, template_content=hcl(TEMPLATE), parameters_content=parameters, resource_group_name='"rg"'
    )
    assert account.name == "stdeployed"
    assert account.value("properties", "minimumTlsVersion") == "TLS1_2"
    assert account.value("id").endswith("/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stdeployed")
    assert account.key.startswith(":azurerm_resource_group_template_deployment.a/")
    assert account.origin.file == "main.tf"


@pytest.mark.parametrize("template", ['"no template"', '"[]"', "var.nobody"])
def test_what_is_no_template_gives_nothing(template: str, tmp_path: Path) -> None:
    assert accounts(tmp_path, template_content=template) == []


@pytest.mark.parametrize("parameters", ['"no JSON"', '"[1]"', '"{\\"name\\": 3}"'])
def test_values_that_cannot_be_read_are_none(parameters: str, tmp_path: Path) -> None:
    assert len(accounts(tmp_path, template_content=hcl(TEMPLATE), parameters_content=parameters)) == 1
