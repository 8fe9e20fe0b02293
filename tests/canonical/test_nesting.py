"""Children that ARM nests, joined into the parents of the same page."""

from typing import Any

from scanner.canonical.normalise import normalise
from scanner.model.unknown import Unknown
from tests.canonical.build import arm, canonical, instance, no_value

VNET = "Microsoft.Network/virtualNetworks"
NSG = "Microsoft.Network/networkSecurityGroups"
AKS = "Microsoft.ContainerService/managedClusters"
VAULT = "Microsoft.KeyVault/vaults"


def test_a_child_is_an_element_of_its_parent() -> None:
    rule = arm(
        f"{NSG}/securityRules",
        "g/ssh",
        {"properties": {"access": "Allow", "priority": "100"}},
        trace=lambda path: ("r", *path),
    )
    (group,) = normalise([arm(NSG, "g", {"properties": {"securityRules": [{"name": "a"}]}}), rule])
    assert group.attributes["properties"]["securityRules"] == [
        {"name": "a"},
        {"name": "ssh", "properties": {"access": "Allow", "priority": 100}},
    ]
    declaration, path = group.source_path(("properties", "securityRules", 1, "properties", "access"))
    assert (declaration.name, path) == ("g/ssh", ("r", "properties", "access"))
    assert group.owner(("properties", "securityRules", 0, "name"))[0].name == "g"


def test_order_on_the_page_does_not_matter() -> None:
    child, parent = arm(f"{VNET}/subnets", "v/s"), arm(VNET, "V")
    assert [each.attributes["properties"]["subnets"] for each in normalise([child, parent])] == [
        [{"name": "s", "properties": {}}]
    ]


def test_a_child_that_the_parent_lists_too_is_one_element() -> None:
    inline = {"properties": {"subnets": [{"name": "S", "id": "x", "properties": {"addressPrefix": "a"}}]}}
    (network,) = normalise(
        [arm(VNET, "v", inline), arm(f"{VNET}/subnets", "v/s", {"properties": {"addressPrefix": "b"}})]
    )
    assert network.attributes["properties"]["subnets"] == [
        {"name": "s", "id": "x", "properties": {"addressPrefix": "b"}}
    ]


def test_flat_children() -> None:
    pool = arm(f"{AKS}/agentPools", "c/user", {"properties": {"mode": "User", "enableEncryptionAtHost": "true"}})
    (cluster,) = normalise([arm(AKS, "c", {"properties": {"agentPoolProfiles": [{"name": "system"}]}}), pool])
    assert cluster.attributes["properties"]["agentPoolProfiles"][1] == {
        "name": "user", "mode": "User", "enableEncryptionAtHost": True,
    }  # fmt: skip
    declaration, path = cluster.owner(("properties", "agentPoolProfiles", 1, "enableEncryptionAtHost"))
    assert (declaration.name, path) == ("c/user", ("properties", "enableEncryptionAtHost"))
    assert cluster.owner(("properties", "agentPoolProfiles", 1, "name")) == (declaration, ("name",))


def test_children_that_hold_elements() -> None:
    added = arm(f"{VAULT}/accessPolicies", "kv/add", {"properties": {"accessPolicies": [{"objectId": "b"}]}})
    removed = arm(f"{VAULT}/accessPolicies", "kv/remove", {"properties": {"accessPolicies": [{"objectId": "a"}]}})
    (vault,) = normalise([arm(VAULT, "kv", {"properties": {"accessPolicies": [{"objectId": "a"}]}}), added, removed])
    assert vault.attributes["properties"]["accessPolicies"] == [{"objectId": "a"}, {"objectId": "b"}]
    assert vault.owner(("properties", "accessPolicies", 1, "objectId"))[0].name == "kv/add"


RECOVERY = "Microsoft.RecoveryServices/vaults"


def test_children_that_say_what_the_parent_can_say() -> None:
    body = {"properties": {"storageModelType": "locallyredundant", "crossRegionRestoreFlag": "true"}}
    storage = arm(f"{RECOVERY}/backupstorageconfig", "v/vaultstorageconfig", body)
    (vault,) = normalise([arm(RECOVERY, "v", {"properties": {"redundancySettings": {"other": 1}}}), storage])
    assert vault.attributes["properties"]["redundancySettings"] == {
        "other": 1,
        "standardTierStorageRedundancy": "LocallyRedundant",
        "crossRegionRestore": "Enabled",
    }
    declaration, path = vault.owner(("properties", "redundancySettings", "crossRegionRestore"))
    assert (declaration, path) == (storage, ("properties", "crossRegionRestoreFlag"))
    assert vault.owner(("properties", "redundancySettings", "other"))[0].name == "v"
    lost = arm(f"{RECOVERY}/backupstorageconfig", "x/vaultstorageconfig", {"parent": Unknown("why")})
    vault, _ = normalise([arm(RECOVERY, "v"), lost])
    assert isinstance(vault.attributes["properties"]["redundancySettings"]["crossRegionRestore"], Unknown)
    assert vault.attributes["properties"]["securitySettings"]["softDeleteSettings"] == {"softDeleteState": "Enabled"}


def test_only_the_child_of_the_right_name() -> None:
    site = arm("Microsoft.Web/sites", "s", {"properties": {"siteConfig": {"ftpsState": "AllAllowed", "a": 1}}})
    web = arm("Microsoft.Web/sites/config", "s/web", {"properties": {"ftpsState": "Disabled"}})
    settings = arm("Microsoft.Web/sites/config", "s/appsettings", {"properties": {"KEY": "x"}})
    found = normalise([site, web, settings])
    assert [each.name for each in found] == ["s", "s/appsettings"]
    assert found[0].attributes["properties"]["siteConfig"] == {"ftpsState": "Disabled", "a": 1}
    assert found[0].owner(("properties", "siteConfig", "ftpsState"))[0] == web
    assert found[0].owner(("properties", "siteConfig", "a"))[0] == site


def test_a_child_without_its_parent_stays() -> None:
    found = normalise([arm(VNET, "v"), arm(f"{VNET}/subnets", "elsewhere/s")])
    assert [(each.type, each.attributes.get("properties")) for each in found] == [
        (VNET, None),
        (f"{VNET}/subnets", None),
    ]


def test_an_unknown_parent_makes_the_list_of_every_candidate_unknown() -> None:
    networks = [arm(VNET, "v"), arm(VNET, "w", {"properties": {"subnets": []}})]
    lost = arm(f"{VNET}/subnets", "x/s", {"parent": Unknown("parameter p has no value")})
    first, second, child = normalise([*networks, lost])
    for each in (first, second):
        assert each.attributes["properties"]["subnets"].reason == "x/s may belong to it: parameter p has no value"
        assert each.unknowns == (("properties", "subnets"),)
    assert child.type == f"{VNET}/subnets"


def test_a_parent_whose_name_is_not_known_may_be_any_of_the_group() -> None:
    found = normalise([arm(VNET, "v"), arm(VNET, "w", group="other"), arm(f"{VNET}/subnets", "{var.v}/s")])
    assert isinstance(found[0].attributes["properties"]["subnets"], Unknown)
    assert "properties" not in found[1].attributes
    candidate = normalise([arm(VNET, "{var.v}"), arm(f"{VNET}/subnets", "v/s")])[0]
    assert isinstance(candidate.attributes["properties"]["subnets"], Unknown)


def test_where_the_parent_says_nothing_is_known_nothing_is_joined() -> None:
    lost = Unknown("why")
    (network,) = normalise([arm(VNET, "v", {"properties": lost}), arm(f"{VNET}/subnets", "v/s")])
    assert network.attributes["properties"] is lost


def test_the_association_of_a_subnet_is_joined_twice() -> None:
    """The association into the subnet, the subnet into the network; the way back leads to the association."""
    group = instance("azurerm_network_security_group.g", name="nsg", resource_group_name="rg", location="x")
    network = instance(
        "azurerm_virtual_network.v", name="v", resource_group_name="rg", location="x", address_space=["10.0.0.0/8"]
    )
    subnet = instance(
        "azurerm_subnet.s",
        name="s",
        resource_group_name="rg",
        virtual_network_name="v",
        address_prefixes=["10.0.0.0/24"],
    )
    link = instance(
        "azurerm_subnet_network_security_group_association.l",
        subnet_id=Unknown("known after apply", "azurerm_subnet.s.id"),
        network_security_group_id=Unknown("known after apply", "azurerm_network_security_group.g.id"),
    )
    found = canonical(group, network, subnet, link)
    assert sorted(found) == ["azurerm_network_security_group.g", "azurerm_virtual_network.v"]
    joined = found["azurerm_virtual_network.v"]
    (element,) = joined.attributes["properties"]["subnets"]
    assert (
        element["properties"]["networkSecurityGroup"]["id"]
        == found["azurerm_network_security_group.g"].attributes["id"]
    )
    path = ("properties", "subnets", 0, "properties", "networkSecurityGroup", "id")
    declaration, written = joined.source_path(path)
    assert (declaration.source.address, written) == (link.address, ("network_security_group_id",))
    declaration, written = joined.source_path(("properties", "subnets", 0, "properties", "addressPrefixes", 0))
    assert (declaration.source.address, written) == (subnet.address, ("address_prefixes", 0))


def test_thousands_of_children_without_parent_stay_linear() -> None:
    networks: list[Any] = [arm(VNET, f"{{v{number}}}") for number in range(1_000)]
    children = [arm(f"{VNET}/subnets", f"{{w{number}}}/s") for number in range(1_000)]
    found = normalise([*networks, *children])
    assert all(isinstance(each.attributes["properties"]["subnets"], Unknown) for each in found[:1_000])


def test_a_rule_whose_group_is_unknown_in_terraform() -> None:
    found = canonical(
        instance("azurerm_network_security_group.g", name="nsg", resource_group_name="rg", location="x"),
        instance(
            "azurerm_network_security_rule.r",
            name="r",
            network_security_group_name=no_value("n"),
            resource_group_name="rg",
            access="Allow",
        ),
    )
    assert isinstance(found["azurerm_network_security_group.g"].attributes["properties"]["securityRules"], Unknown)
    assert found["azurerm_network_security_rule.r"].attributes["properties"]["access"] == "Allow"
