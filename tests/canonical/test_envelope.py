"""Location, tags, identity, and what is kept aside."""

from typing import Any

from tests.canonical.build import canonical, instance, no_value

ACCOUNT: dict[str, Any] = {
    "name": "acct",
    "resource_group_name": "rg",
    "location": "West Europe",
    "account_tier": "Standard",
    "account_replication_type": "GRS",
}


def test_what_no_row_reads_is_kept_aside() -> None:
    found = canonical(
        instance("azurerm_storage_account.a", **ACCOUNT, queue_properties=[{"logging": []}], timeouts=[{}])
    )
    assert found["azurerm_storage_account.a"].attributes["_tf"] == {"queue_properties": [{"logging": []}]}


def test_managed_identities() -> None:
    def identity(*blocks: Any) -> Any:
        account = instance("azurerm_storage_account.a", **ACCOUNT, identity=list(blocks))
        return canonical(account)["azurerm_storage_account.a"].attributes["identity"]

    assert identity({"type": "SystemAssigned, UserAssigned", "identity_ids": ["/a", "/b"]}) == {
        "type": "SystemAssigned,UserAssigned",
        "userAssignedIdentities": {"/a": {}, "/b": {}},
    }
    lost = no_value("ids")
    assert identity({"type": "UserAssigned", "identity_ids": lost})["userAssignedIdentities"] == lost
    assert identity({"type": "UserAssigned", "identity_ids": [lost]})["userAssignedIdentities"] == lost
    assert identity(lost) == lost
