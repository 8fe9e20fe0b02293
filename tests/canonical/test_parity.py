"""The same thing in every notation is the same canonical object; what differs is listed here by name."""

from typing import Any

import pytest

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.normalise import normalise
from tests.canonical.build import after_apply, arm, canonical, instance

ID = "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct"
WRITTEN: dict[str, Any] = {
    "kind": "StorageV2",
    "sku": {"name": "Standard_GRS"},
    "location": "westeurope",
    "tags": {"owner": "x"},
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "accessTier": "Hot",
        "supportsHttpsTrafficOnly": True,
        "minimumTlsVersion": "TLS1_2",
        "allowBlobPublicAccess": False,
        "publicNetworkAccess": "Disabled",
        "allowSharedKeyAccess": False,
        "networkAcls": {
            "defaultAction": "Deny",
            "bypass": "AzureServices, Logging",
            "ipRules": [{"value": "1.2.3.4", "action": "Allow"}],
        },
    },
}
ACLS = {"default_action": "Deny", "bypass": ["AzureServices", "Logging"], "ip_rules": ["1.2.3.4"]}
ATTRIBUTES: dict[str, Any] = {
    "name": "acct",
    "resource_group_name": "rg",
    "location": "West Europe",
    "account_tier": "Standard",
    "account_replication_type": "GRS",
    "min_tls_version": "TLS1_2",
    "shared_access_key_enabled": False,
    "tags": {"owner": "x"},
    "identity": [{"type": "SystemAssigned"}],
    "network_rules": [ACLS],
}
LIVE_ONLY = {"primaryEndpoints": {"blob": "https://acct.blob.core.windows.net/"}, "provisioningState": "Succeeded"}
LOUD = {
    "KIND": "StorageV2",
    "Sku": {"Name": "Standard_GRS"},
    "Location": "West Europe",
    "tags": {"owner": "x"},
    "identity": {"type": "SystemAssigned"},
    "PROPERTIES": {
        "AccessTier": "Hot",
        "supportshttpstrafficonly": "true",
        "minimumTlsVersion": "tls1_2",
        "allowBlobPublicAccess": "False",
        "publicNetworkAccess": "disabled",
        "allowSharedKeyAccess": False,
        "networkAcls": {
            "DefaultAction": "deny",
            "bypass": "AzureServices, Logging",
            "ipRules": [{"value": "1.2.3.4", "action": "Allow"}],
        },
    },
}


def of_terraform(major: int, **names: Any) -> dict[str, Any]:
    account = instance("azurerm_storage_account.a", major=major, **ATTRIBUTES, **names)
    return dict(canonical(account)["azurerm_storage_account.a"].attributes)


def of_azapi(body: Any) -> dict[str, Any]:
    resource = instance(
        "azapi_resource.a",
        type="Microsoft.Storage/storageAccounts@2026-09-01",
        name="acct",
        parent_id="/subscriptions/{subscription}/resourceGroups/rg",
        body=body,
    )
    return dict(canonical(resource)["azapi_resource.a"].attributes)


def of_arm(body: Any, defaults: str = "arm") -> dict[str, Any]:
    declared = ArmObject("microsoft.storage/storageaccounts", "acct", ID, body, "k", "2026-09-01", defaults)
    return dict(normalise([declared])[0].attributes)


OLD = {"enable_https_traffic_only": True, "public_network_access_enabled": False}
NEW = {"https_traffic_only_enabled": True, "public_network_access_enabled": False}
NOTATIONS = {
    "azurerm 2.x": of_terraform(2, allow_blob_public_access=False, **OLD),
    "azurerm 3.x": of_terraform(3, allow_nested_items_to_be_public=False, **OLD),
    "azurerm 4.x": of_terraform(4, allow_nested_items_to_be_public=False, **NEW),
    "azurerm 5.x": of_terraform(5, **NEW),
    "azapi": of_azapi(WRITTEN),
    "template": of_arm(LOUD),
    "live": of_arm({**WRITTEN, "properties": {**WRITTEN["properties"], **LIVE_ONLY}}, "live"),
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_storage_account_in_every_notation(notation: str) -> None:
    """Terraform also says the provider's defaults, live Azure what the service computed; nothing else differs."""
    attributes = NOTATIONS[notation]
    assert {key: attributes[key] for key in ("id", "name", "type")} == {
        "id": ID,
        "name": "acct",
        "type": "Microsoft.Storage/storageAccounts",
    }
    assert {key: attributes[key] for key in WRITTEN if key != "properties"} == {
        key: value for key, value in WRITTEN.items() if key != "properties"
    }
    properties = attributes["properties"]
    assert {key: properties[key] for key in WRITTEN["properties"]} == WRITTEN["properties"]
    beyond = sorted(key for key in properties if key not in WRITTEN["properties"])
    if notation == "live":
        assert beyond == ["primaryEndpoints", "provisioningState"]
    elif notation in ("azapi", "template"):
        assert beyond == []
    else:
        assert beyond == [each for each in PROVIDER_DEFAULTS if notation != "azurerm 2.x" or "large" not in each]


PROVIDER_DEFAULTS = [
    "allowCrossTenantReplication",
    "defaultToOAuthAuthentication",
    "dnsEndpointType",
    "encryption",
    "isHnsEnabled",
    "isLocalUserEnabled",
    "isNfsV3Enabled",
    "isSftpEnabled",
    "largeFileSharesState",
]
"""Properties that azurerm sets when nobody does; 2.x leaves large file shares alone."""


NSG = "Microsoft.Network/networkSecurityGroups"
SSH = {
    "access": "Allow",
    "direction": "Inbound",
    "priority": 100,
    "protocol": "Tcp",
    "sourceAddressPrefix": "*",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRange": "22",
}
SSH_OF_TERRAFORM = {
    "name": "ssh",
    "access": "Allow",
    "direction": "Inbound",
    "priority": "100",
    "protocol": "Tcp",
    "source_address_prefix": "*",
    "source_port_range": "*",
    "destination_address_prefix": "*",
    "destination_port_range": 22,
}
GROUP = {"name": "g", "resource_group_name": "rg", "location": "westeurope"}


def rules_of_terraform(*instances: Any) -> Any:
    return canonical(*instances)["azurerm_network_security_group.g"].attributes["properties"]["securityRules"]


def rules_of_arm(*objects: ArmObject) -> Any:
    return normalise(objects)[0].attributes["properties"]["securityRules"]


SECURITY_RULES = {
    "in a block": rules_of_terraform(
        instance("azurerm_network_security_group.g", **GROUP, security_rule=[SSH_OF_TERRAFORM])
    ),
    "a resource": rules_of_terraform(
        instance("azurerm_network_security_group.g", **GROUP),
        instance(
            "azurerm_network_security_rule.r",
            network_security_group_name="g",
            resource_group_name="rg",
            **SSH_OF_TERRAFORM,
        ),
    ),
    "azapi": rules_of_terraform(
        instance("azurerm_network_security_group.g", **GROUP),
        instance(
            "azapi_resource.r",
            type=f"{NSG}/securityRules@2024-05-01",
            name="ssh",
            parent_id=after_apply("azurerm_network_security_group.g.id"),
            body={"properties": SSH},
        ),
    ),
    "in the group": rules_of_arm(
        arm(NSG, "g", {"properties": {"securityRules": [{"name": "ssh", "properties": SSH}]}})
    ),
    "a child": rules_of_arm(
        arm(NSG, "g"),
        arm(f"{NSG}/securityrules", "G/ssh", {"properties": {**SSH, "priority": "100", "destinationPortRange": 22}}),
    ),
}


@pytest.mark.parametrize("notation", SECURITY_RULES)
def test_a_security_rule_in_every_notation(notation: str) -> None:
    (rule,) = SECURITY_RULES[notation]
    assert rule == {"name": "ssh", "properties": SSH}
