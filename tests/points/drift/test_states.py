"""``bulkhead drift --state``: repository, state and live; and a plan, which is all of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scanner.cli import cli
from scanner.errors import UsageError
from scanner.points.inputs import source_of
from scanner.points.request import Request
from tests.drift.noise import known
from tests.sources.terraform.plan.builder import change, kept, plan, planned, state

GROUP = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
ID = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/data"
ADDRESS = "azurerm_storage_account.this"
MAIN = """\
resource "azurerm_storage_account" "this" {
  name                     = "data"
  resource_group_name      = "rg"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "LRS"
  min_tls_version          = "TLS1_2"
  tags                     = { owner = "shop" }
}
"""


def account(tls: str = "TLS1_2", owner: str = "shop") -> dict[str, Any]:
    return {
        "id": ID,
        "name": "data",
        "resource_group_name": "rg",
        "location": "westeurope",
        "account_tier": "Standard",
        "account_replication_type": "LRS",
        "min_tls_version": tls,
        "tags": {"owner": owner},
        "primary_access_key": "hunter2hunter2",
    }


def export(tls: str, owner: str) -> str:
    """Return what Resource Graph says of the account, once it is deployed from the folder that the test is in."""
    request = Request.of({"paths": ("infra",)})
    pages = source_of(request, None).pages()
    (declared,) = (one for page in pages for one in page.read().resources if one.name == "data")
    properties = {**known(declared.attributes["properties"], references=True), "minimumTlsVersion": tls}
    row = {**declared.attributes, "id": ID, "type": declared.type.lower(), "properties": properties}
    return json.dumps({"data": [{**row, "tags": {"owner": owner}}], "count": 1, "totalRecords": 1})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(MAIN)
    return tmp_path


def changed(*arguments: str) -> dict[str, str]:
    """Return tag → message of the attributes that are not as declared."""
    result = CliRunner().invoke(cli, ["drift", *arguments, "--report", "json=report.json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    text = Path("report.json").read_text()
    assert "hunter2" not in text
    return {one["tag"]: one["message"] for one in json.loads(text)["findings"] if one["rule"] == "DRIFT-001"}


def test_what_is_not_applied_is_told_from_what_was_changed_by_hand(here: Path) -> None:
    (here / "state.json").write_text(
        json.dumps(state(kept("azurerm_storage_account", "this", {"attributes": account("TLS1_0")})))
    )
    (here / "inventory.json").write_text(export("TLS1_0", "nobody"))
    found = changed("infra", "--against", "inventory.json", "--state", "state.json")
    assert found.keys() == {"properties.minimumTlsVersion", "tags.owner"}
    assert "; not yet applied" in found["properties.minimumTlsVersion"]
    assert "; applied and changed by hand" in found["tags.owner"]


def test_who_did_it_is_told_where_a_log_says_so(here: Path) -> None:
    (here / "inventory.json").write_text(export("TLS1_0", "shop"))
    said = {"timestamp": "2026-11-20T10:00:00Z", "correlationId": "c-1", "changedBy": "ann@example.net",
            "clientType": "Azure Portal", "operation": "Microsoft.Storage/storageAccounts/write"}  # fmt: skip
    wrote = {"properties.minimumTlsVersion": {"previousValue": "TLS1_2", "newValue": "TLS1_0"}}
    row = {"targetResourceId": ID, "changeType": "Update", "changeAttributes": said, "changes": wrote}
    (here / "changes.json").write_text(json.dumps({"data": [{"properties": row}]}))
    (message,) = changed("infra", "--against", "inventory.json", "--changes", "changes.json").values()
    assert (
        "changed by ann@example.net with Azure Portal at 2026-11-20T10:00:00Z "
        "(Microsoft.Storage/storageAccounts/write, correlation c-1, certain)"
    ) in message


def test_without_a_state_nothing_is_said_of_what_was_applied(here: Path) -> None:
    (here / "inventory.json").write_text(export("TLS1_0", "shop"))
    (message,) = changed("infra", "--against", "inventory.json").values()
    assert "applied" not in message


def test_a_state_that_is_out_of_date_is_a_note(here: Path) -> None:
    (here / "state.json").write_text(
        json.dumps(state(kept("azurerm_storage_account", "this", {"attributes": account("TLS1_0")})))
    )
    (here / "inventory.json").write_text(export("TLS1_2", "shop"))
    assert changed("infra", "--against", "inventory.json", "--state", "state.json") == {}
    notes = json.loads(Path("report.json").read_text())["notes"]
    assert any("1 attribute is live as declared, and another in the state" in note["reason"] for note in notes)


def test_a_plan_tells_its_two_halves_apart(here: Path) -> None:
    """``resource_drift`` is what happened outside of Terraform, ``resource_changes`` what would be applied."""
    moved = change(ADDRESS, account("TLS1_0", "nobody"), actions=["update"], before=account("TLS1_0", "shop"))
    update = change(ADDRESS, account("TLS1_2", "shop"), actions=["update"], before=account("TLS1_0", "nobody"))
    prior = {"values": {"root_module": {"resources": [planned(ADDRESS, account("TLS1_0", "nobody"))]}}}
    (here / "plan.json").write_text(json.dumps(plan(update, resource_drift=[moved], prior_state=prior)))
    found = changed("plan.json", "--against", "plan.json", "--state", "plan.json")
    assert "; not yet applied" in found["properties.minimumTlsVersion"]
    assert "; applied and changed by hand" in found["tags.owner"]
    assert changed("infra", "--against", "plan.json", "--state", "plan.json").keys() == found.keys()


def test_what_was_deleted_outside_of_terraform_is_missing(here: Path) -> None:
    gone = change(ADDRESS, None, actions=["delete"], before=account())
    create = change(ADDRESS, account(), actions=["create"])
    other = planned("azurerm_storage_account.other", {**account(), "id": f"{ID}2", "name": "data2"})
    prior = {"values": {"root_module": {"resources": [other]}}}
    (here / "plan.json").write_text(json.dumps(plan(create, resource_drift=[gone], prior_state=prior)))
    CliRunner().invoke(cli, ["drift", "plan.json", "--against", "plan.json", "--state", "plan.json",
                             "--report", "json=report.json"])  # fmt: skip
    messages = [one["message"] for one in json.loads(Path("report.json").read_text())["findings"]]
    missing = next(one for one in messages if "is declared and not there" in one)
    assert "applied and changed by hand" in missing


def test_what_is_compared_with_declares_nothing_though_it_lies_beside(here: Path) -> None:
    (here / "inventory.json").write_text(export("TLS1_0", "shop"))
    (here / "state.json").write_text(
        json.dumps(state(kept("azurerm_storage_account", "this", {"attributes": account("TLS1_1")})))
    )
    found = changed(".", "--against", "inventory.json", "--state", "state.json")
    assert found["properties.minimumTlsVersion"].startswith("properties.minimumTlsVersion is 'TLS1_0'; 'TLS1_2' is")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "it is neither a plan nor a state"),
        ('{"version": 3, "terraform_version": "0.11", "serial": 1}', "its version is 3"),
        ('{"format_version": "1.0", "terraform_version": "1.1", "resource_changes": [', "it cannot be read: line 1"),
        (None, "there is no such file"),
    ],
)
def test_what_is_no_state_is_said_so(here: Path, text: str | None, said: str) -> None:
    (here / "inventory.json").write_text(export("TLS1_0", "shop"))
    if text is not None:
        (here / "state.json").write_text(text)
    with pytest.raises(UsageError, match=said):
        changed("infra", "--against", "inventory.json", "--state", "state.json")
