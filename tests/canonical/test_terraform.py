"""Instances of azurerm as canonical objects: types, defaults, children, keys, places."""

from typing import Any

import pytest

from scanner.canonical.terraform import translate
from tests.canonical.build import canonical, instance, no_value, translated

GROUP = "/subscriptions/{subscription}/resourceGroups/rg"
ACCOUNT: dict[str, Any] = {
    "name": "acct",
    "resource_group_name": "rg",
    "location": "West Europe",
    "account_tier": "Standard",
    "account_replication_type": "GRS",
}


def test_an_account_in_arms_shape() -> None:
    found = canonical(instance("azurerm_storage_account.a", **ACCOUNT, min_tls_version="TLS1_0", tags={"owner": "x"}))
    account = found["azurerm_storage_account.a"]
    assert account.type == "Microsoft.Storage/storageAccounts"
    assert account.name == "acct"
    attributes = account.attributes
    assert attributes["id"] == f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
    assert attributes["location"] == "westeurope"
    assert attributes["tags"] == {"owner": "x"}
    assert attributes["sku"] == {"name": "Standard_GRS"}
    assert attributes["properties"]["minimumTlsVersion"] == "TLS1_0"
    assert attributes["properties"]["supportsHttpsTrafficOnly"] is True
    assert "parent" not in attributes
    assert account.unknowns == ()


@pytest.mark.parametrize(
    ("major", "name"),
    [(2, "enable_https_traffic_only"), (3, "enable_https_traffic_only"), (4, "https_traffic_only_enabled")],
)
def test_the_names_of_every_major(major: int, name: str) -> None:
    found = canonical(instance("azurerm_storage_account.a", major=major, **ACCOUNT, **{name: False}))
    assert found["azurerm_storage_account.a"].attributes["properties"]["supportsHttpsTrafficOnly"] is False


def test_defaults_are_those_of_the_providers_major() -> None:
    def tls(major: int | None) -> Any:
        found = canonical(instance("azurerm_storage_account.a", major=major, **ACCOUNT))
        return found["azurerm_storage_account.a"].attributes["properties"]["minimumTlsVersion"]

    assert [tls(major) for major in (2, 3, 4, 5, None)] == ["TLS1_0", "TLS1_2", "TLS1_2", "TLS1_2", "TLS1_2"]


def test_an_unknown_attribute_stays_unknown_and_is_listed() -> None:
    found = canonical(instance("azurerm_storage_account.a", **ACCOUNT, min_tls_version=no_value("tls")))
    account = found["azurerm_storage_account.a"]
    assert account.unknowns == (("properties", "minimumTlsVersion"),)
    assert account.attributes["properties"]["minimumTlsVersion"] == no_value("tls")


def test_a_block_that_is_a_resource_of_its_own() -> None:
    found = canonical(
        instance("azurerm_storage_account.a", **ACCOUNT, blob_properties=[{"delete_retention_policy": [{"days": 30}]}])
    )
    child = found["azurerm_storage_account.a/blobServices/default"]
    assert child.type == "Microsoft.Storage/storageAccounts/blobServices"
    assert child.name == "acct/default"
    assert child.attributes["name"] == "default"
    assert child.attributes["parent"] == f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
    assert child.attributes["properties"]["deleteRetentionPolicy"]["days"] == 30
    assert child.attributes["properties"]["deleteRetentionPolicy"]["enabled"] is True
    assert child.source_path(("properties", "deleteRetentionPolicy", "days"))[1] == (
        "blob_properties", 0, "delete_retention_policy", 0, "days",
    )  # fmt: skip
    assert child.source_path(("properties", "isVersioningEnabled"))[1] == ("blob_properties", 0, "versioning_enabled")


def test_the_blob_service_is_there_although_nobody_declares_it() -> None:
    found = canonical(instance("azurerm_storage_account.a", **ACCOUNT))
    child = found["azurerm_storage_account.a/blobServices/default"]
    assert child.attributes["properties"]["deleteRetentionPolicy"] == {"enabled": False}
    declaration, path = child.source_path(("properties", "deleteRetentionPolicy", "enabled"))
    assert (declaration.source.address, path) == ("azurerm_storage_account.a", ())
    files = canonical(instance("azurerm_storage_account.a", **ACCOUNT, account_kind="FileStorage"))
    assert list(files) == ["azurerm_storage_account.a"]


def test_keys_start_with_the_root() -> None:
    found = translate([instance("azurerm_storage_account.a", **ACCOUNT)], "infra/prod[production]")
    assert found.objects[0].key == "infra/prod[production]:azurerm_storage_account.a"


def test_types_without_a_map_are_counted() -> None:
    found = translated(
        instance("azurerm_not_mapped_at_all.a"),
        instance("azurerm_not_mapped_at_all.b"),
        instance("random_string.r"),
        instance("data.azurerm_not_mapped_at_all.d", mode="data"),
    )
    assert found.unmapped == {"azurerm_not_mapped_at_all": 2}
    assert found.objects == []
