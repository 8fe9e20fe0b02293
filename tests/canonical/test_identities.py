"""Names and ids before anything exists, and what references mean."""

from typing import Any

from scanner.model.unknown import Unknown
from tests.canonical.build import after_apply, canonical, instance, no_value, translated

GROUP = "/subscriptions/{subscription}/resourceGroups/rg"
ACCOUNT: dict[str, Any] = {
    "name": "acct",
    "resource_group_name": "rg",
    "location": "West Europe",
    "account_tier": "Standard",
    "account_replication_type": "GRS",
}


def test_a_reference_to_an_id_is_the_id() -> None:
    found = canonical(
        instance("azurerm_storage_account.a", **ACCOUNT),
        instance(
            "azurerm_role_assignment.r", scope=after_apply("azurerm_storage_account.a.id"), principal_id="p", name="n"
        ),
    )
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
    assignment = found["azurerm_role_assignment.r"].attributes
    assert assignment["id"] == f"{account}/providers/Microsoft.Authorization/roleAssignments/n"
    assert assignment["scope"] == account


def test_a_reference_inside_a_list_and_to_a_data_source() -> None:
    subnet = Unknown("read from the provider", "data.azurerm_subnet.s.id")
    found = canonical(
        instance("data.azurerm_storage_account.d", mode="data", name="other", resource_group_name="rg2"),
        instance(
            "azurerm_storage_account.a",
            **ACCOUNT,
            network_rules=[{"default_action": "Deny", "virtual_network_subnet_ids": [subnet]}],
        ),
        instance("azurerm_role_assignment.r", scope=Unknown("read", "data.azurerm_storage_account.d.id"), name="n"),
    )
    assert found["azurerm_role_assignment.r"].attributes["scope"] == (
        "/subscriptions/{subscription}/resourceGroups/rg2/providers/Microsoft.Storage/storageAccounts/other"
    )
    rules = found["azurerm_storage_account.a"].attributes["properties"]["networkAcls"]["virtualNetworkRules"]
    assert rules == [{"id": subnet, "action": "Allow"}]
    assert found["azurerm_storage_account.a"].unknowns == (
        ("properties", "networkAcls", "virtualNetworkRules", 0, "id"),
    )


def test_an_exported_attribute_is_composed() -> None:
    found = canonical(
        instance("azurerm_key_vault.v", name="kv", resource_group_name="rg", location="westeurope"),
        instance("azurerm_storage_account.a", **ACCOUNT, tags={"vault": after_apply("azurerm_key_vault.v.vault_uri")}),
    )
    assert found["azurerm_storage_account.a"].attributes["tags"] == {"vault": "https://kv.vault.azure.net/"}


def test_the_current_subscription() -> None:
    scope = Unknown("read from the provider", "data.azurerm_subscription.current.id")
    found = canonical(
        instance("data.azurerm_subscription.current", mode="data"),
        instance("data.azurerm_subscription.other", mode="data", subscription_id="s9"),
        instance("azurerm_role_assignment.r", scope=scope, name="n"),
        instance("azurerm_role_assignment.o", scope=Unknown("read", "data.azurerm_subscription.other.id"), name="n"),
    )
    assert found["azurerm_role_assignment.r"].attributes["scope"] == "/subscriptions/{subscription}"
    assert found["azurerm_role_assignment.o"].attributes["scope"] == "/subscriptions/s9"


def test_a_management_group() -> None:
    found = canonical(
        instance("azurerm_management_group.m", name="mg"),
        instance("data.azurerm_management_group.d", mode="data", name=no_value("mg")),
        instance("azurerm_role_assignment.m", scope=after_apply("azurerm_management_group.m.id"), name="n"),
        instance("azurerm_role_assignment.d", scope=Unknown("read", "data.azurerm_management_group.d.id"), name="n"),
    )
    start = "/providers/Microsoft.Management/managementGroups"
    assert found["azurerm_role_assignment.m"].attributes["scope"] == f"{start}/mg"
    assert found["azurerm_role_assignment.d"].attributes["scope"] == f"{start}/{{var.mg}}"


def test_another_provider_configuration_is_another_subscription() -> None:
    found = canonical(
        instance("azurerm_storage_account.a", **ACCOUNT),
        instance("azurerm_storage_account.b", meta={"provider_alias": "hub"}, **ACCOUNT),
    )
    ids = {
        found[key].attributes["id"].split("/")[2] for key in ("azurerm_storage_account.a", "azurerm_storage_account.b")
    }
    assert ids == {"{subscription}", "{subscription of hub}"}


def test_names_that_are_not_known_stand_in_braces() -> None:
    name = no_value("name")
    template = Unknown("var.x has no value")
    found = canonical(
        instance("azurerm_storage_account.a", **{**ACCOUNT, "name": name, "resource_group_name": no_value("rg")}),
        instance('azurerm_storage_account.b["x"]', **{**ACCOUNT, "name": template}),
        instance("azurerm_role_assignment.r", scope=after_apply('azurerm_storage_account.b["x"].id')),
    )
    assert found["azurerm_storage_account.a"].attributes["id"] == (
        "/subscriptions/{subscription}/resourceGroups/{var.rg}/providers/Microsoft.Storage/storageAccounts/{var.name}"
    )
    scope = f'{GROUP}/providers/Microsoft.Storage/storageAccounts/{{azurerm_storage_account.b["x"]}}'
    assignment = found["azurerm_role_assignment.r"]
    assert assignment.attributes["scope"] == scope
    assert assignment.attributes["name"] == "{azurerm_role_assignment.r}"


def test_the_same_unknown_object_is_the_same_name() -> None:
    """A template with an unknown part has no origin: the object that travels tells where it came from."""
    shared = Unknown("var.x has no value")
    found = canonical(
        instance("azurerm_network_security_group.g", name=shared, resource_group_name="rg", location="x"),
        instance(
            "azurerm_network_security_rule.r",
            name="ssh",
            network_security_group_name=shared,
            resource_group_name="rg",
            access="Allow",
        ),
    )
    assert list(found) == ["azurerm_network_security_group.g"]
    rules = found["azurerm_network_security_group.g"].attributes["properties"]["securityRules"]
    assert rules == [{"name": "ssh", "properties": {"access": "Allow"}}]


def test_an_unresolved_scope_is_unknown() -> None:
    lost = no_value("scope")
    assignment = canonical(instance("azurerm_role_assignment.r", scope=lost, name="n"))["azurerm_role_assignment.r"]
    assert assignment.attributes["scope"] == lost
    assert assignment.attributes["id"] == "{var.scope}/providers/Microsoft.Authorization/roleAssignments/n"
    assert ("scope",) in assignment.unknowns


def test_a_child_whose_parent_is_not_known() -> None:
    lost = no_value("server")
    found = canonical(
        instance("azurerm_postgresql_flexible_server_configuration.c", name="ssl", server_id=lost, value="on"),
        instance("azurerm_postgresql_flexible_server_configuration.d", name="ssl", value="on"),
    )
    first = found["azurerm_postgresql_flexible_server_configuration.c"]
    assert first.attributes["parent"] == lost
    assert first.attributes["name"] == "ssl"
    assert first.attributes["id"] == "{var.server}/configurations/ssl"
    second = found["azurerm_postgresql_flexible_server_configuration.d"]
    assert second.attributes["parent"] == Unknown("its parent is not stated")


def test_a_parent_given_by_name_alone_is_looked_up() -> None:
    found = canonical(
        instance("azurerm_storage_account.a", major=3, **ACCOUNT),
        instance("azurerm_storage_container.c", major=3, name="c", storage_account_name="acct"),
        instance("azurerm_storage_container.d", major=3, name="d", storage_account_name="elsewhere"),
    )
    assert found["azurerm_storage_container.c"].attributes["parent"] == (
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct/blobServices/default"
    )
    assert found["azurerm_storage_container.d"].attributes["parent"] == (
        "/subscriptions/{subscription}/resourceGroups/{resource group of elsewhere}"
        "/providers/Microsoft.Storage/storageAccounts/elsewhere/blobServices/default"
    )


def test_a_resource_of_the_subscription_and_one_without_a_group() -> None:
    found = canonical(
        instance("azurerm_security_center_subscription_pricing.p", tier="Standard", resource_type="VirtualMachines"),
        instance("azurerm_storage_account.a", name="acct"),
    )
    pricing = found["azurerm_security_center_subscription_pricing.p"].attributes["id"]
    assert pricing == "/subscriptions/{subscription}/providers/Microsoft.Security/pricings/VirtualMachines"
    account = found["azurerm_storage_account.a"].attributes["id"]
    assert "/resourceGroups/{azurerm_storage_account.a.resource_group_name}/" in account


def test_a_data_source_that_says_too_little_means_nothing() -> None:
    def scope(data: Any) -> Any:
        reference = Unknown("read from the provider", f"{data.address}.id")
        assigned = instance("azurerm_role_assignment.r", scope=reference, name="n")
        return canonical(data, assigned)["azurerm_role_assignment.r"].attributes["scope"]

    for data in (
        instance("data.azurerm_storage_account.d", mode="data", name="acct"),
        instance("data.azurerm_storage_account.d", mode="data"),
        instance("data.azurerm_storage_container.d", mode="data", name="c"),
        instance("data.azurerm_client_config.d", mode="data"),
        instance("data.azurerm_not_mapped.d", mode="data", name="x"),
    ):
        assert isinstance(scope(data), Unknown)


def test_an_id_that_the_provider_gave_is_the_key() -> None:
    real = "/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Storage/storageAccounts/acct"
    found = translated(instance("azurerm_storage_account.a", **ACCOUNT, id=real, blob_properties=[{}])).objects
    assert [each.key for each in found] == [real.lower(), f"{real.lower()}/blobservices/default"]
    assert found[0].id == real


def test_an_id_of_another_kind_is_none() -> None:
    found = translated(instance("azurerm_storage_account.a", **ACCOUNT, id="https://acct.blob.core.windows.net"))
    assert found.objects[0].key == ":azurerm_storage_account.a"


def test_a_cycle_of_references_ends() -> None:
    found = translated(
        instance(
            "azurerm_postgresql_flexible_server_configuration.a",
            name="x",
            server_id=after_apply("azurerm_role_assignment.b.id"),
        ),
        instance(
            "azurerm_role_assignment.b",
            name="y",
            scope=after_apply("azurerm_postgresql_flexible_server_configuration.a.id"),
        ),
    )
    assert len(found.objects) == 2


def test_a_long_chain_of_references_ends() -> None:
    def lock(number: int) -> Any:
        scope = after_apply(f"azurerm_management_lock.l{number - 1}.id")
        return instance(f"azurerm_management_lock.l{number}", name="l", scope=scope)

    assert len(translated(*(lock(number) for number in range(3_000, 0, -1))).objects) == 3_000


def test_a_role_by_name() -> None:
    def role(name: str) -> Any:
        found = canonical(
            instance("azurerm_role_assignment.r", scope="/subscriptions/s", name="n", role_definition_name=name)
        )
        return found["azurerm_role_assignment.r"].attributes["properties"]["roleDefinitionId"]

    assert role("Owner").endswith("/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
    assert isinstance(role("Own Role"), Unknown)


def test_a_role_of_this_root_by_name_and_by_id() -> None:
    own = instance(
        "azurerm_role_definition.own", name="Own Role", scope="/subscriptions/s", permissions=[{"actions": ["*"]}]
    )
    by_name = instance("azurerm_role_assignment.n", scope="/subscriptions/s", name="n", role_definition_name="own role")
    reference = after_apply("azurerm_role_definition.own.role_definition_resource_id")
    by_id = instance("azurerm_role_assignment.i", scope="/subscriptions/s", name="i", role_definition_id=reference)
    found = canonical(own, by_name, by_id)
    id_ = found["azurerm_role_definition.own"].attributes["id"]
    assert id_.endswith("/roleDefinitions/{azurerm_role_definition.own}")
    assert found["azurerm_role_assignment.i"].attributes["properties"]["roleDefinitionId"] == id_
    assert found["azurerm_role_assignment.n"].attributes["properties"]["roleDefinitionId"] == (
        "/providers/Microsoft.Authorization/roleDefinitions/{azurerm_role_definition.own}"
    )
