"""Associations: resources of Terraform that change another one."""

from typing import Any

from scanner.model.unknown import Unknown
from tests.canonical.build import after_apply, canonical, instance, no_value, translated


def account(label: str, **attributes: Any) -> Any:
    common = {"resource_group_name": "rg", "account_tier": "Standard", "account_replication_type": "LRS"}
    return instance(
        f"azurerm_storage_account.{label}",
        **{"name": f"acct{label}", "account_kind": "FileStorage", **common, **attributes},
    )


def rules(label: str, target: Any, **attributes: Any) -> Any:
    return instance(f"azurerm_storage_account_network_rules.{label}", storage_account_id=target, **attributes)


def acls(found: Any, label: str) -> Any:
    return found[f"azurerm_storage_account.{label}"].attributes["properties"].get("networkAcls")


def test_an_association_is_merged_into_its_target_and_traced_to_itself() -> None:
    found = canonical(
        account("a", network_rules=[{"default_action": "Allow", "ip_rules": ["9.9.9.9"]}]),
        rules("n", after_apply("azurerm_storage_account.a.id"), default_action="Deny", ip_rules=["1.2.3.4"]),
    )
    assert list(found) == ["azurerm_storage_account.a"]
    joined = found["azurerm_storage_account.a"]
    assert acls(found, "a") == {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4", "action": "Allow"}]}
    declaration, path = joined.source_path(("properties", "networkAcls", "ipRules", 0, "value"))
    assert (declaration.source.address, path) == ("azurerm_storage_account_network_rules.n", ("ip_rules", 0))
    declaration, path = joined.source_path(("properties", "networkAcls", "defaultAction"))
    assert (declaration.source.address, path) == ("azurerm_storage_account_network_rules.n", ("default_action",))
    declaration, path = joined.source_path(("properties", "minimumTlsVersion"))
    assert (declaration.source.address, path) == ("azurerm_storage_account.a", ("min_tls_version",))


def test_the_translation_does_not_change_what_it_was_given() -> None:
    given = account("a", network_rules=[{"default_action": "Allow"}])
    before = repr(given)
    canonical(given, rules("n", after_apply("azurerm_storage_account.a.id"), default_action="Deny"))
    assert repr(given) == before


def test_an_unknown_target_makes_the_joined_attribute_of_every_candidate_unknown() -> None:
    found = canonical(account("a"), account("b"), rules("n", no_value("id"), default_action="Deny"))
    for label in ("a", "b"):
        lost = acls(found, label)
        assert isinstance(lost, Unknown)
        assert lost.reason == "azurerm_storage_account_network_rules.n may change it: var.id has no value"
        assert found[f"azurerm_storage_account.{label}"].attributes["properties"]["minimumTlsVersion"] == "TLS1_2"


def test_a_target_that_has_its_own_association_is_no_candidate() -> None:
    own = rules("o", after_apply("azurerm_storage_account.a.id"), default_action="Deny")
    found = canonical(account("a"), account("b"), own, rules("n", no_value("id"), default_action="Allow"))
    assert acls(found, "a") == {"defaultAction": "Deny"}
    assert isinstance(acls(found, "b"), Unknown)


def test_a_target_by_name() -> None:
    found = canonical(
        account("a"),
        instance(
            "azurerm_storage_account_network_rules.n",
            major=2,
            resource_group_name="rg",
            storage_account_name="accta",
            default_action="Deny",
        ),
    )
    assert acls(found, "a") == {"defaultAction": "Deny"}


def test_a_target_that_is_not_stated() -> None:
    found = canonical(account("a"), instance("azurerm_storage_account_network_rules.n", default_action="Deny"))
    assert acls(found, "a").reason.endswith("may change it: its target is not stated")


def test_a_target_whose_name_is_not_known_may_be_any_of_the_same_group() -> None:
    target = "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/"
    found = canonical(
        account("a"),
        account("b", resource_group_name="other"),
        rules("n", f"{target}{{var.name}}", default_action="Deny"),
    )
    assert isinstance(acls(found, "a"), Unknown)
    assert acls(found, "b") is None


def test_a_target_elsewhere_is_noted() -> None:
    target = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/other"
    found = translated(account("a"), rules("n", target, default_action="Deny"))
    notes = [(source.address, text) for source, text in found.notes]
    assert notes == [("azurerm_storage_account_network_rules.n", "changes a resource that is not declared here")]
    nowhere = translated(rules("n", no_value("id"), default_action="Deny"))
    assert [text for _, text in nowhere.notes] == ["changes a resource that is not known"]


def test_a_target_in_a_known_subscription_may_be_the_one_in_the_current() -> None:
    target = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/accta"
    found = canonical(account("a"), account("b"), rules("n", target, default_action="Deny"))
    assert isinstance(acls(found, "a"), Unknown)
    assert acls(found, "b") is None


def test_an_element_of_the_targets_list() -> None:
    vault = instance(
        "azurerm_key_vault.v",
        name="kv",
        resource_group_name="rg",
        access_policy=[{"object_id": "o1", "key_permissions": ["Get"]}],
    )
    policy = instance(
        "azurerm_key_vault_access_policy.p",
        key_vault_id=after_apply("azurerm_key_vault.v.id"),
        object_id="o2",
        secret_permissions=["List"],
    )
    found = canonical(vault, policy)["azurerm_key_vault.v"]
    assert found.attributes["properties"]["accessPolicies"] == [
        {"objectId": "o1", "permissions": {"keys": ["Get"]}},
        {"objectId": "o2", "permissions": {"secrets": ["List"]}},
    ]
    declaration, path = found.source_path(("properties", "accessPolicies", 1, "permissions", "secrets", 0))
    assert (declaration.source.address, path) == ("azurerm_key_vault_access_policy.p", ("secret_permissions", 0))
    declaration, path = found.source_path(("properties", "accessPolicies", 0, "objectId"))
    assert (declaration.source.address, path) == ("azurerm_key_vault.v", ("access_policy", 0, "object_id"))


def test_what_a_state_says_twice_is_one_element() -> None:
    vault = instance("azurerm_key_vault.v", name="kv", resource_group_name="rg", access_policy=[{"object_id": "o"}])
    policy = instance(
        "azurerm_key_vault_access_policy.p", key_vault_id=after_apply("azurerm_key_vault.v.id"), object_id="o"
    )
    found = canonical(vault, policy)["azurerm_key_vault.v"]
    assert found.attributes["properties"]["accessPolicies"] == [{"objectId": "o"}]


def test_thousands_of_associations_without_target_stay_linear() -> None:
    """Pairs of lost associations and candidates are not compared without bound: this would not end otherwise."""
    many = 400
    accounts = [account(f"a{number}") for number in range(many)]
    lost = [rules(f"n{number}", f"{{var.id{number}}}", default_action="Deny") for number in range(many)]
    found = canonical(*accounts, *lost)
    assert isinstance(acls(found, "a0"), Unknown)
    assert isinstance(acls(found, f"a{many - 1}"), Unknown)
