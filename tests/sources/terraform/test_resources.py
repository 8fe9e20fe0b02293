"""Instances as Resources: identity, places, and what could not be done."""

import re
from collections.abc import Iterator
from typing import Any

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.terraform import Deployment
from scanner.model.location import Location, Origin, Placed, Region, Step
from scanner.model.path import Path
from scanner.model.unknown import Unknown
from scanner.sources.terraform.instance import Instance, Place
from scanner.sources.terraform.resources import ResourceLocator, Setting, own_places, place, settle
from tests.sources.terraform.tree import ACCOUNT

VALUES = {"name": "sta", "resource_group_name": "rg", "location": "westeurope", "min_tls_version": "TLS1_0"}
SETTING = Setting("Live/Prod", "", "Live/Prod", "Live/Prod")


def places(path: Path) -> tuple[Place, ...]:
    """Return places whose column says how long the path is."""
    return Place("main.tf", Region(1, len(path) + 1, 1, 9)), Place("call.tf", None, "called here")


def instance(address: str = "azurerm_storage_account.a", **changes: Any) -> Instance:
    type_, name = re.sub(r"\[.*?\]", "", address).split(".")[-2:]
    about = {"file": "main.tf", "provider": "azurerm", "places": places, "attributes": VALUES}
    return Instance(address, type_, name, **{**about, **changes})


def test_keys_start_with_the_root_in_lower_case_and_the_environment() -> None:
    def key(setting: Setting) -> tuple[str, str]:
        first = settle([instance('module.m["K"].azurerm_storage_account.a[0]')], setting).resources[0]
        return first.key, first.origin.declared

    address, starred = 'module.m["K"].azurerm_storage_account.a[0]', "module.m[*].azurerm_storage_account.a[*]"
    assert key(SETTING) == (f"live/prod:{address}", f"live/prod:{starred}")
    assert key(Setting(".", "", ".", ".")) == (f":{address}", f":{starred}")
    assert key(Setting(".", "test", ".", ".")) == (f"[test]:{address}", f":{starred}")


def test_a_child_has_an_identity_below_its_instance() -> None:
    blob = {"blob_properties": [{"versioning_enabled": True}]}
    found = settle([instance(attributes={**VALUES, **blob})], SETTING).resources
    (child,) = [one for one in found if one.type == f"{ACCOUNT}/blobServices"]
    assert child.key == "live/prod:azurerm_storage_account.a/blobServices/default"
    assert child.origin.declared == child.key
    assert child.origin.address == "azurerm_storage_account.a/blobServices/default"


def test_what_exists_has_its_real_id_for_a_key_and_its_address_for_a_declaration() -> None:
    id_ = "/subscriptions/0/resourceGroups/RG/providers/Microsoft.Storage/storageAccounts/sta"
    (one, *_) = settle([instance("azurerm_storage_account.a[1]", attributes={**VALUES, "id": id_})], SETTING).resources
    assert one.key == id_.lower()
    assert one.origin.declared == "live/prod:azurerm_storage_account.a[*]"


def test_two_addresses_of_one_resource_are_judged_once_and_told() -> None:
    id_ = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/sta"
    both = [instance(f"azurerm_storage_account.{name}", attributes={**VALUES, "id": id_}) for name in "ab"]
    settled = settle(both, SETTING)
    assert [one.origin.address for one in settled.resources if one.type == ACCOUNT] == ["azurerm_storage_account.a"]
    assert settled.notes[0][:2] == ("azurerm_storage_account.b", "main.tf")
    assert settled.notes[0][2] == "it is the same resource as azurerm_storage_account.a, which is judged"


def test_types_without_a_map_are_counted() -> None:
    settled = settle([instance("aws_vpc.a"), instance("aws_vpc.b"), instance("random_id.c")], SETTING)
    assert (settled.resources, settled.unmapped) == ([], {"aws_vpc": 2})


def test_a_place_is_that_of_whoever_wrote_the_attribute() -> None:
    rules = instance(
        "azurerm_storage_account_network_rules.r",
        attributes={"storage_account_id": Unknown("later", "azurerm_storage_account.a.id"), "default_action": "Allow"},
        places=lambda path: (Place("rules.tf", Region(len(path), 1, 1, 2)),),
        file="rules.tf",
    )
    settled = settle([instance(), rules], SETTING)
    one = next(one for one in settled.resources if one.type == ACCOUNT)
    locator = ResourceLocator(settled, own_places)

    own = locator(one.origin, ("properties", "minimumTlsVersion"))
    joined = locator(one.origin, ("properties", "networkAcls", "defaultAction"))
    assert own is not None
    assert joined is not None
    assert (own.location.file, own.location.region) == ("main.tf", Region(1, 2, 1, 9))
    assert own.trail == (Step("called here", Location("call.tf", ())),)
    assert (joined.location.file, joined.location.region) == ("rules.tf", Region(1, 1, 1, 2))
    assert [found.file for found in settled.instances(one.key)] == ["main.tf", "rules.tf"]


def test_without_places_the_file_is_left_and_of_strangers_nothing() -> None:
    settled = settle([instance(places=None)], SETTING)
    locator = ResourceLocator(settled, own_places)
    assert locator(settled.resources[0].origin, ("tags",)) == Placed(Location("main.tf", ("tags",)))
    assert locator(Origin("terraform", "x.tf", base=("gone",)), ()) is None
    assert locator(Origin("terraform", "x.tf"), ()) is None


def test_places_in_a_secret_file_are_marked() -> None:
    found = place(
        Origin("terraform", "plan.json"), (), (Place("plan.json", None), Place("a.tf", None, "x")), "plan.json"
    )
    assert found == Placed(Location("plan.json", (), None, secret=True), (Step("x", Location("a.tf", ())),))
    assert place(Origin("terraform", "a"), (), ()) is None


def test_what_is_nested_absurdly_deep_is_unknown_and_the_rest_is_judged() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    (one, *_) = settle([instance(attributes={**VALUES, "tags": deep})], SETTING).resources
    assert one.value("properties", "minimumTlsVersion") == "TLS1_0"
    assert one.unknowns


TEMPLATE = instance(
    "azurerm_resource_group_template_deployment.t",
    attributes={"name": "d", "resource_group_name": "rg", "template_content": "{}"},
)


def deploy(deployment: Deployment) -> Iterator[ArmObject]:
    """Return one storage account, as a template would declare it."""
    id_ = f"{deployment.scope}/providers/{ACCOUNT}/fromtemplate"
    yield ArmObject(ACCOUNT, "fromtemplate", id_, {"properties": {}}, f"{deployment.key}/x", source="a template's own")


def test_a_deployed_template_is_evaluated_by_whoever_can_and_placed_at_its_block() -> None:
    settled = settle([TEMPLATE], SETTING, deploy)
    one = next(one for one in settled.resources if one.type == ACCOUNT)
    found = ResourceLocator(settled, own_places)(one.origin, ("properties", "minimumTlsVersion"))
    assert found is not None
    assert found.location.region == Region(1, 2, 1, 9)
    assert settled.notes == []


def test_a_template_that_nobody_evaluates_is_told() -> None:
    settled = settle([TEMPLATE], SETTING)
    assert settled.notes == [(TEMPLATE.address, "main.tf", "the template it deploys is not evaluated")]
