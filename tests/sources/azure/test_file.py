import json
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.model.location import Location, Placed, Region
from scanner.sources.azure.file import read_export
from scanner.sources.repository import RepositorySource
from tests.sources.azure.rows import GROUP, SUBSCRIPTION, answer, content, resources, row

SERVER = row("Microsoft.DBforPostgreSQL/flexibleServers", "db", {"version": "16"})
SETTING = row(
    "Microsoft.DBforPostgreSQL/flexibleServers/configurations", "db/require_secure_transport", {"value": "on"}
)


def test_a_scan_of_files_knows_an_export_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "inventory.json").write_text(json.dumps(answer(SERVER, SETTING), indent=2), "utf-8")
    (page,) = RepositorySource(["inventory.json"], base=str(tmp_path)).pages()
    found = page.read()
    assert [resource.type for resource in found.resources] == [
        "Microsoft.DBforPostgreSQL/flexibleServers",
        "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
    ]
    assert found.entries == ((("inventory.json", State.SCANNED, "", None, None, 2, False, "", None)),)


def test_a_place_is_that_of_the_attribute_in_its_row() -> None:
    text = json.dumps(answer(SERVER, SETTING), indent=2)
    found = read_export(text.encode(), "export.json")
    assert found is not None
    (_, setting), locate = found[0].resources, found[1]
    line = 1 + text[: text.index('"value": "on"')].count("\n")
    place = Location("export.json", ("properties", "value"), Region(line, 9, line, 22), secret=True)
    assert locate(setting.origin, ("properties", "value")) == Placed(place)


def test_a_place_in_a_later_document_is_counted_from_the_beginning_of_the_file() -> None:
    text = json.dumps(SERVER) + "\n" + json.dumps(SETTING)
    found = read_export(text.encode(), "export.jsonl")
    assert found is not None
    (_, setting), locate = found[0].resources, found[1]
    start = text.split("\n")[1].index('"value": "on"') + 1
    place = Location("export.jsonl", ("properties", "value"), Region(2, start, 2, start + 13), secret=True)
    assert locate(setting.origin, ("properties", "value")) == Placed(place)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_a_shell_wrote_with_a_byte_order_mark_is_read(encoding: str) -> None:
    found = read_export(json.dumps([SERVER]).encode(encoding), "export.json")
    assert found is not None
    assert len(found[0].resources) == 1


def test_a_text_that_breaks_off_is_read_so_far_and_not_complete() -> None:
    found = read_export((json.dumps(SERVER) + "\n" + json.dumps(SETTING)[:-9]).encode(), "export.jsonl")
    assert found is not None
    (entry,) = found[0].entries
    assert (entry.state, entry.resources, entry.incomplete) == (State.PARTIAL, 1, True)
    assert entry.reason == "the text after the last whole document cannot be read"


def test_children_that_arm_nests_are_in_their_parents_wherever_they_stand_in_the_file() -> None:
    rule = row("Microsoft.Network/networkSecurityGroups/securityRules", "nsg/ssh", {"access": "Allow"})
    group = row("Microsoft.Network/networkSecurityGroups", "nsg", {"securityRules": []})
    for documents in ([[rule, group]], [[group], [rule]]):
        found = resources(*documents)
        assert list(found) == ["nsg"]
        rules = found["nsg"].attributes["properties"]["securityRules"]
        assert rules == [{"name": "ssh", "properties": {"access": "Allow"}}]


def test_groups_and_subscriptions_are_resources_too() -> None:
    found = content(
        answer(
            {"id": GROUP.upper(), "name": "RG-SHOP", "type": "microsoft.resources/subscriptions/resourcegroups",
             "location": "West Europe", "tags": {"tenant": "t01"}, "properties": {"provisioningState": "Succeeded"}},
            {"id": SUBSCRIPTION, "name": "Production", "type": "microsoft.resources/subscriptions",
             "properties": {"state": "Enabled"}},
        )
    ).resources  # fmt: skip
    group, subscription = found
    assert (group.key, group.type, group.name) == (GROUP.lower(), "Microsoft.Resources/resourceGroups", "RG-SHOP")
    assert group.attributes["location"] == "westeurope"
    assert (subscription.key, subscription.type) == (SUBSCRIPTION, "Microsoft.Resources/subscriptions")
    assert subscription.name == SUBSCRIPTION.rpartition("/")[2]
    assert subscription.attributes["properties"] == {"state": "Enabled", "displayName": "Production"}


def test_a_subscription_of_the_rest_api_is_the_one_of_resource_graph() -> None:
    listed = {"id": SUBSCRIPTION, "subscriptionId": "x", "displayName": "Production", "state": "Enabled"}
    graph = {"id": SUBSCRIPTION, "name": "Production", "type": "microsoft.resources/subscriptions",
             "properties": {"state": "Enabled"}}  # fmt: skip
    assert content([listed]).resources[0].attributes == content([graph]).resources[0].attributes
