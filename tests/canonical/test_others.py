"""azapi, deployed templates and Terraform's own settings."""

import json
from typing import Any

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.deployment import Deployment
from scanner.canonical.terraform import translate
from scanner.model.unknown import Unknown
from scanner.sources.terraform.instance import Instance
from tests.canonical.build import after_apply, canonical, instance, no_value, translated

GROUP = "/subscriptions/{subscription}/resourceGroups/rg"
STORAGE = "Microsoft.Storage/storageAccounts"


def azapi(label: str, **attributes: Any) -> Instance:
    return instance(f"azapi_resource.{label}", **attributes)


def test_an_azapi_resource_is_arm_already() -> None:
    account = azapi(
        "a",
        type=f"{STORAGE}@2023-01-01",
        name="acct",
        parent_id=GROUP,
        location="West Europe",
        tags={"a": "b"},
        identity=[{"type": "SystemAssigned", "identity_ids": []}],
        body={"sku": {"name": "Standard_LRS"}, "properties": {"MINIMUMTLSVERSION": "tls1_0"}},
    )
    found = canonical(account)["azapi_resource.a"]
    assert found.type == STORAGE
    assert found.attributes["id"] == f"{GROUP}/providers/{STORAGE}/acct"
    assert found.attributes["apiVersion"] == "2023-01-01"
    assert found.attributes["location"] == "westeurope"
    assert found.attributes["identity"] == {"type": "SystemAssigned"}
    assert found.attributes["properties"]["minimumTlsVersion"] == "TLS1_0"
    assert found.attributes["properties"]["supportsHttpsTrafficOnly"] is True
    assert found.source_path(("properties", "minimumTlsVersion"))[1] == ("body", "properties", "MINIMUMTLSVERSION")
    assert found.source_path(("properties", "supportsHttpsTrafficOnly"))[1] == (
        "body", "properties", "supportsHttpsTrafficOnly",
    )  # fmt: skip
    assert found.source_path(("tags", "a"))[1] == ("tags", "a")
    assert found.source_path(("identity", "type"))[1] == ("identity",)


def test_a_body_as_text_and_a_body_that_is_not_known() -> None:
    text = json.dumps({"properties": {"minimumTlsVersion": "TLS1_2"}})
    found = canonical(azapi("a", type=f"{STORAGE}@2023-01-01", name="acct", parent_id=GROUP, body=text))
    assert found["azapi_resource.a"].attributes["properties"]["minimumTlsVersion"] == "TLS1_2"
    assert found["azapi_resource.a"].source_path(("properties", "minimumTlsVersion"))[1] == ("body",)
    lost = no_value("body")
    found = canonical(azapi("a", type=f"{STORAGE}@2023-01-01", name="acct", parent_id=GROUP, body=lost))
    assert found["azapi_resource.a"].attributes["properties"] == lost


def test_where_an_azapi_resource_stands() -> None:
    account = f"{GROUP}/providers/{STORAGE}/acct"
    found = canonical(
        azapi("a", type=f"{STORAGE}@2023-01-01", name="acct", parent_id=GROUP),
        azapi(
            "b",
            type=f"{STORAGE}/blobServices@2023-01-01",
            name="default",
            parent_id=after_apply("azurerm_storage_account.x.id"),
        ),
        azapi("c", type=f"{STORAGE}/blobServices@2023-01-01", name="default", parent_id=account),
        azapi("l", type="Microsoft.Authorization/locks@2020-05-01", name="l", parent_id=account),
        azapi("g", type="Microsoft.Resources/resourceGroups@2023-07-01", name="rg2", parent_id="/subscriptions/s"),
        azapi("n", type=f"{STORAGE}@2023-01-01", name="acct"),
    )
    assert found["azapi_resource.c"].attributes["id"] == f"{account}/blobServices/default"
    assert found["azapi_resource.c"].name == "acct/default"
    assert found["azapi_resource.b"].attributes["parent"] == after_apply("azurerm_storage_account.x.id")
    assert found["azapi_resource.l"].attributes["scope"] == account
    assert found["azapi_resource.g"].attributes["id"] == "/subscriptions/s/resourceGroups/rg2"
    assert found["azapi_resource.n"].attributes["id"].startswith("{azapi_resource.n.parent_id}/")


def test_a_reference_to_an_azapi_resource() -> None:
    found = canonical(
        azapi("a", type=f"{STORAGE}@2023-01-01", name="acct", parent_id=GROUP),
        azapi("t", type=no_value("type"), name="acct", parent_id=GROUP),
        instance("azurerm_role_assignment.r", scope=after_apply("azapi_resource.a.id"), name="n"),
        instance("azurerm_role_assignment.t", scope=after_apply("azapi_resource.t.id"), name="n"),
    )
    assert found["azurerm_role_assignment.r"].attributes["scope"] == f"{GROUP}/providers/{STORAGE}/acct"
    assert found["azurerm_role_assignment.t"].attributes["scope"] == after_apply("azapi_resource.t.id")


def test_an_update_in_another_spelling_meets_its_target() -> None:
    account = instance("azurerm_storage_account.a", name="acct", resource_group_name="rg")
    update = instance(
        "azapi_update_resource.u",
        type=f"{STORAGE}@2023-01-01",
        resource_id=after_apply("azurerm_storage_account.a.id"),
        body={"Properties": {"AllowSharedKeyAccess": "false"}},
    )
    found = canonical(account, update)["azurerm_storage_account.a"]
    assert found.attributes["properties"]["allowSharedKeyAccess"] is False
    assert found.source_path(("properties", "allowSharedKeyAccess"))[1] == (
        "body", "Properties", "AllowSharedKeyAccess",
    )  # fmt: skip


def test_azapi_update_resource_is_merged_into_its_target() -> None:
    account = instance(
        "azurerm_storage_account.a",
        name="acct",
        resource_group_name="rg",
        account_tier="Standard",
        account_replication_type="LRS",
    )
    update = instance(
        "azapi_update_resource.u",
        type=f"{STORAGE}@2023-01-01",
        resource_id=after_apply("azurerm_storage_account.a.id"),
        body={"properties": {"allowSharedKeyAccess": False}},
    )
    found = canonical(account, update)["azurerm_storage_account.a"]
    assert found.attributes["properties"]["allowSharedKeyAccess"] is False
    declaration, path = found.source_path(("properties", "allowSharedKeyAccess"))
    assert (declaration.source.address, path) == (
        "azapi_update_resource.u",
        ("body", "properties", "allowSharedKeyAccess"),
    )
    lost = instance(
        "azapi_update_resource.u", type=f"{STORAGE}@2023-01-01", resource_id=no_value("x"), body={"kind": "x"}
    )
    assert isinstance(canonical(account, lost)["azurerm_storage_account.a"].attributes["kind"], Unknown)


def test_an_update_names_its_target_in_either_way() -> None:
    account = instance("azurerm_storage_account.a", name="acct", resource_group_name="rg")
    update = {"type": f"{STORAGE}@2023-01-01", "body": {"kind": "Storage"}, "location": "North Europe"}
    by_name = instance("azapi_update_resource.u", name="acct", parent_id=GROUP, **update)
    found = canonical(account, by_name)["azurerm_storage_account.a"]
    assert found.attributes["kind"] == "Storage"
    assert found.attributes["location"] == "northeurope"
    assert found.source_path(("location",))[1] == ("location",)
    by_id = instance("azapi_update_resource.u", resource_id=f"{GROUP}/providers/{STORAGE}/acct", **update)
    assert canonical(account, by_id)["azurerm_storage_account.a"].attributes["kind"] == "Storage"
    broken = instance("azapi_update_resource.u", **{**update, "body": [1]})
    assert [text for _, text in translated(account, broken).notes] == ["its body is not known"]


def test_an_azapi_resource_of_unknown_type_is_noted() -> None:
    found = translated(azapi("a", type=no_value("type"), body={}), azapi("b", type=f"{STORAGE}@2023-01-01", body="[]"))
    assert [text for _, text in found.notes] == ["its type or its body is not known"] * 2


def deployment(**attributes: Any) -> Instance:
    return instance("azurerm_resource_group_template_deployment.d", name="d", resource_group_name="rg", **attributes)


def test_a_deployed_template_is_handed_on() -> None:
    found = translated(deployment(template_content="{}", parameters_content='{"a": {"value": 1}}'))
    assert found.deployments == [
        Deployment(
            found.deployments[0].instance,
            "{}",
            '{"a": {"value": 1}}',
            GROUP,
            ":azurerm_resource_group_template_deployment.d",
        )
    ]
    spec = translated(deployment(template_spec_version_id="/x")).deployments[0]
    assert spec.template == Unknown("the template is not in this configuration", "/x")
    scopes = [
        instance("azurerm_subscription_template_deployment.d", template_content="{}"),
        instance("azurerm_tenant_template_deployment.d", template_content="{}"),
        instance("azurerm_management_group_template_deployment.d", template_content="{}", management_group_id="/mg"),
        instance(
            "azurerm_management_group_template_deployment.e", template_content="{}", management_group_id=no_value("m")
        ),
        instance("azurerm_template_deployment.d", template_body="{}", parameters={"a": "b"}, resource_group_name="rg"),
    ]
    assert [each.scope for each in translated(*scopes).deployments] == [
        "/subscriptions/{subscription}", "/", "/mg", "{var.m}", GROUP,
    ]  # fmt: skip


def test_an_evaluator_of_templates_adds_objects() -> None:
    def deploy(given: Deployment) -> list[ArmObject]:
        return [ArmObject(STORAGE, "a", f"{given.scope}/providers/{STORAGE}/a", {}, f"{given.key}/a")]

    found = translate([deployment(template_content="{}")], deploy=deploy)
    assert [each.key for each in found.objects] == [":azurerm_resource_group_template_deployment.d/a"]
    assert found.deployments == []


def test_the_settings_of_a_root_are_one_resource() -> None:
    first = Instance("terraform", "terraform", "terraform", {"required_version": ">= 1.9"}, mode="settings")
    second = Instance(
        "terraform", "terraform", "terraform", {"backend": [{"type": "azurerm", "use_oidc": True}]}, mode="settings"
    )
    provider = Instance("provider.azurerm.hub", "provider", "azurerm", {"features": [{}]}, mode="settings")
    settings, provided = translate([first, second, provider], "infra").declared
    assert (settings.type, settings.key) == ("terraform/Settings", "infra:terraform")
    assert settings.attributes == {"required_version": ">= 1.9", "backend": {"type": "azurerm", "use_oidc": True}}
    assert settings.source is second
    assert settings.trace is not None
    assert settings.trace(("backend", "use_oidc")) == ("backend", 0, "use_oidc")
    assert (provided.type, provided.name, provided.key) == (
        "terraform/Provider",
        "azurerm",
        "infra:provider.azurerm.hub",
    )
