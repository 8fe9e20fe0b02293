"""One spelling, one shape, for all sources."""

from typing import Any

import pytest

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.normalise import normalise
from scanner.model.unknown import Unknown
from tests.canonical.build import arm

STORAGE = "Microsoft.Storage/storageAccounts"


def only(*objects: ArmObject) -> Any:
    return normalise(objects)[0]


def test_types_properties_and_words_are_spelled_as_azure_does() -> None:
    found = only(
        arm(
            "microsoft.storage/STORAGEACCOUNTS", "acct", {"PROPERTIES": {"publicnetworkaccess": "disabled", "Other": 1}}
        )
    )
    assert found.type == STORAGE
    assert found.attributes["type"] == STORAGE
    assert found.attributes["properties"]["publicNetworkAccess"] == "Disabled"
    assert found.attributes["properties"]["Other"] == 1


def test_types_that_no_table_knows_keep_their_spelling() -> None:
    found = only(arm("microsoft.Foo/barBaz", "x", {"LOCATION": "North Europe", "properties": {"aB": 1}}))
    assert found.type == "Microsoft.Foo/barBaz"
    assert found.attributes["location"] == "northeurope"
    assert found.attributes["properties"] == {"aB": 1}
    assert only(ArmObject("Contoso.Foo/bars", "x", "/x", {}, "k")).type == "Contoso.Foo/bars"


def test_values_become_what_azure_wants() -> None:
    properties = {"supportsHttpsTrafficOnly": "true", "encryption": {"requireInfrastructureEncryption": "False"}}
    found = only(arm(STORAGE, "acct", {"properties": properties})).attributes["properties"]
    assert found["supportsHttpsTrafficOnly"] is True
    assert found["encryption"]["requireInfrastructureEncryption"] is False


def test_null_is_absent_and_takes_the_default() -> None:
    found = only(arm(STORAGE, "acct", {"tags": None, "properties": {"supportsHttpsTrafficOnly": None}}))
    assert "tags" not in found.attributes
    assert found.attributes["properties"]["supportsHttpsTrafficOnly"] is True


@pytest.mark.parametrize(
    ("version", "value"),
    [("2018-11-01", False), ("2019-04-01", True), ("2023-05-01", True), ("2019-04-01-preview", True), ("", True)],
)
def test_defaults_depend_on_the_api_version(version: str, value: bool) -> None:
    assert only(arm(STORAGE, "acct", version=version)).attributes["properties"]["supportsHttpsTrafficOnly"] is value


def test_live_objects_get_no_defaults() -> None:
    assert "properties" not in only(arm(STORAGE, "acct", defaults="live")).attributes


def test_unknown_properties_stay_and_nothing_is_filled_in() -> None:
    lost = Unknown("parameter p has no value")
    found = only(arm(STORAGE, "acct", {"properties": lost, "tags": {"a": [lost]}}))
    assert found.attributes["properties"] is lost
    assert set(found.unknowns) == {("properties",), ("tags", "a", 0)}


def test_the_declaration_is_not_changed() -> None:
    body: dict[str, Any] = {
        "properties": {"networkAcls": {"ipRules": []}},
        "identity": {"type": "SystemAssigned, UserAssigned"},
    }
    before = repr(body)
    found = only(arm(STORAGE, "acct", body))
    assert repr(body) == before
    assert found.attributes["identity"]["type"] == "SystemAssigned,UserAssigned"


def test_tags_keep_their_keys() -> None:
    assert only(arm(STORAGE, "acct", {"tags": {"SKU": "x", "Location": "y"}})).attributes["tags"] == {
        "SKU": "x",
        "Location": "y",
    }


def test_scope_of_an_extension_and_parent_of_a_child() -> None:
    account = f"/subscriptions/s/resourceGroups/rg/providers/{STORAGE}/acct"
    assignment = "Microsoft.Authorization/roleAssignments"
    on_account = only(ArmObject(assignment, "n", f"{account}/providers/{assignment}/n", {"scope": "as written"}, "k"))
    assert on_account.attributes["scope"] == account
    on_subscription = only(ArmObject(assignment, "n", f"/subscriptions/s/providers/{assignment}/n", {}, "k"))
    assert on_subscription.attributes["scope"] == "/subscriptions/s"
    lost = Unknown("why")
    assert (
        only(ArmObject(assignment, "n", f"{{x}}/providers/{assignment}/n", {"scope": lost}, "k")).attributes["scope"]
        is lost
    )
    assert only(arm(f"{STORAGE}/blobServices", "acct/default")).attributes["parent"].endswith("/storageAccounts/acct")


def test_a_very_deep_body_is_no_danger() -> None:
    lost = Unknown("deep")
    value: Any = lost
    for _ in range(3_000):
        value = {"x": [value]}
    found = only(arm("Microsoft.Foo/bars", "x", {"properties": value}))
    assert len(found.unknowns) == 1
    assert len(found.unknowns[0]) == 6_001


def test_doing_it_again_changes_nothing() -> None:
    body = {
        "location": "West Europe",
        "properties": {"publicnetworkaccess": "disabled", "networkAcls": {"defaultaction": "deny"}},
    }
    first = only(arm(STORAGE, "acct", body))
    rest = {key: value for key, value in first.attributes.items() if key not in ("id", "name", "type", "apiVersion")}
    assert only(arm(STORAGE, "acct", rest)).attributes == first.attributes


SERVICES = f"{STORAGE}/blobServices"


def types_of(*objects: ArmObject) -> list[str]:
    return sorted(f"{each.type} {each.name}" for each in normalise(objects))


def test_a_child_that_is_always_there() -> None:
    assert types_of(arm(STORAGE, "a"), arm(STORAGE, "b"), arm(SERVICES, "A/default")) == sorted(
        [f"{STORAGE} a", f"{STORAGE} b", f"{SERVICES} A/default", f"{SERVICES} b/default"]
    )
    assert types_of(arm(STORAGE, "a", defaults="live")) == [f"{STORAGE} a"]


def test_nothing_is_implied_where_a_declared_child_may_be_it() -> None:
    named = arm(SERVICES, "{parameters.name}/default")
    assert types_of(arm(STORAGE, "a"), named) == [f"{STORAGE} a", f"{SERVICES} {{parameters.name}}/default"]
    lost = arm(SERVICES, "x/default", {"parent": Unknown("why")})
    assert types_of(arm(STORAGE, "a"), lost) == [f"{STORAGE} a", f"{SERVICES} x/default"]
