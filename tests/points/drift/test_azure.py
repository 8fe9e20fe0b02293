"""``bulkhead drift --against azure``: Azure itself is what is live, and only reads leave."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scanner.cli import cli
from scanner.errors import UsageError
from tests.conftest import ROOT
from tests.sources.azure.asking import client
from tests.sources.azure.clock import FakeTime
from tests.tools.azure_server import AzureServer, Fault, running

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-shop"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/data"
DATABASE = f"{GROUP}/providers/Microsoft.DBforPostgreSQL/flexibleServers/db"


def template(**properties: Any) -> str:
    """Return a template that declares the account and a firewall rule of the database."""
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return json.dumps(
        {
            "$schema": schema,
            "contentVersion": "1.0.0.0",
            "resources": [
                {
                    "type": "Microsoft.Storage/storageAccounts",
                    "apiVersion": "2023-05-01",
                    "name": "data",
                    "location": "westeurope",
                    "kind": "StorageV2",
                    "properties": {"minimumTlsVersion": "TLS1_2", **properties},
                },
                {
                    "type": "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
                    "apiVersion": "2024-08-01",
                    "name": "db/work_mem",
                    "properties": {"value": "on"},
                },
            ],
        }
    )


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AzureServer]:
    pytest.importorskip("azure.mgmt.core", reason="the azure extra is not installed")
    time = FakeTime()
    server = AzureServer(clock=time.now)
    server.add(SUBSCRIPTION, "Microsoft.Resources/subscriptions", name="Shop", properties={"state": "Enabled"})
    server.add(GROUP, "Microsoft.Resources/subscriptions/resourceGroups", location="westeurope", tags={})
    server.add(ACCOUNT, location="westeurope", kind="StorageV2", properties={"minimumTlsVersion": "TLS1_2"})
    server.add(f"{ACCOUNT}/blobServices/default", properties={})
    server.add(DATABASE, location="westeurope", properties={"version": "16"})
    server.add(f"{DATABASE}/configurations/work_mem", properties={"value": "on"})
    with running(server, tmp_path):
        asking = client(server, time)
        monkeypatch.setattr("scanner.sources.azure.client.ArmClient", lambda *_: asking)
        yield server


def found(folder: Path, declared: str, against: str, *flags: str) -> dict[str, str]:
    """Return resource's last segment and Rule → message."""
    (folder / "main.json").write_text(declared)
    report = folder / "report.json"
    arguments = ["drift", str(folder / "main.json"), "--against", against, "--report", f"json={report}", *flags]
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    findings = json.loads(report.read_text())["findings"]
    return {f"{one['rule']} {one['resource'].rpartition('/')[2]}": one["message"] for one in findings}


@pytest.mark.parametrize("name", ["azure", "live:azure"])
def test_what_is_there_as_declared_has_not_drifted(azure: AzureServer, tmp_path: Path, name: str) -> None:
    azure.resources.pop(DATABASE.lower())
    azure.add(DATABASE, location="westeurope", managedBy="somebody", properties={"version": "16"})
    assert found(tmp_path, template(), f"{name}={SUBSCRIPTION}") == {}
    assert azure.writes() == []


def test_what_somebody_changed_deleted_and_added_is_found_and_only_reads_leave(
    azure: AzureServer, tmp_path: Path
) -> None:
    azure.add(ACCOUNT, location="westeurope", kind="StorageV2", properties={"minimumTlsVersion": "TLS1_0"})
    azure.resources.pop(f"{DATABASE}/configurations/work_mem".lower())
    azure.add(f"{DATABASE}/configurations/other", properties={"value": "on"})
    azure.add(f"{GROUP}/providers/Microsoft.KeyVault/vaults/by-hand", location="westeurope", properties={})
    drifted = found(tmp_path, template(), f"azure={SUBSCRIPTION}")
    assert drifted.keys() == {"DRIFT-001 data", "DRIFT-002 work_mem", "DRIFT-003 by-hand", "DRIFT-003 db"}
    assert drifted["DRIFT-001 data"].startswith("properties.minimumTlsVersion is 'TLS1_0'; 'TLS1_2' is declared")
    assert azure.writes() == []
    assert {request.method for request in azure.log} == {"GET", "POST"}


def test_what_may_not_be_read_is_not_missing(azure: AzureServer, tmp_path: Path) -> None:
    azure.hidden.add(SUBSCRIPTION)
    drifted = found(tmp_path, template(), f"azure={SUBSCRIPTION}")
    assert {name.split()[0] for name in drifted} == {"DRIFT-005"}


def test_a_scope_has_to_be_known(azure: AzureServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither an estate nor what is declared names a subscription"):
        found(tmp_path, template(), "azure")
    assert azure.log == []


def test_what_the_estate_accepts_without_a_declaration_is_a_note(azure: AzureServer, tmp_path: Path) -> None:
    azure.resources.pop(DATABASE.lower())
    azure.add(DATABASE, location="westeurope", managedBy="somebody", properties={"version": "16"})
    azure.add(f"{GROUP}/providers/Microsoft.KeyVault/vaults/by-hand", location="westeurope", properties={})
    assert found(tmp_path, template(), f"azure={SUBSCRIPTION}").keys() == {"DRIFT-003 by-hand"}
    estate = (ROOT / "tests" / "estate" / "small.yaml").read_text()
    (tmp_path / "estate.yaml").write_text(f"{estate.rstrip()}\nunmanaged: ['*/Microsoft.KeyVault/vaults/*']\n")
    assert found(tmp_path, template(), f"azure={SUBSCRIPTION}", "--estate", str(tmp_path / "estate.yaml")) == {}
    notes = json.loads((tmp_path / "report.json").read_text())["notes"]
    assert any("the estate accepts it without a declaration" in note["reason"] for note in notes)


def test_azure_is_asked_who_changed_what_drifted_and_nothing_else(azure: AzureServer, tmp_path: Path) -> None:
    azure.add(ACCOUNT, location="westeurope", kind="StorageV2", properties={"minimumTlsVersion": "TLS1_0"})
    azure.add(f"{GROUP}/providers/Microsoft.KeyVault/vaults/by-hand", location="westeurope", properties={})
    azure.change(
        ACCOUNT, "Update", "mallory@example.net", "2026-11-20T10:00:00Z", properties__minimumTlsVersion="TLS1_0"
    )
    azure.change(
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/by-hand", "Create", "trudy@example.net", "2026-11-20T11:00:00Z"
    )
    azure.change(
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/else", "Create", "bob@example.net", "2026-11-20T12:00:00Z"
    )
    drifted = found(tmp_path, template(), f"azure={SUBSCRIPTION}")
    assert "changed by mallory@example.net with Azure Portal at 2026-11-20T10:00:00Z" in drifted["DRIFT-001 data"]
    assert "certain" in drifted["DRIFT-001 data"]
    assert "created by trudy@example.net" in drifted["DRIFT-003 by-hand"]
    (asked,) = azure.asked("resourcechanges")
    assert "vaults/else" not in asked.body["query"]
    assert azure.writes() == []


def test_nobody_is_asked_where_nothing_drifted(azure: AzureServer, tmp_path: Path) -> None:
    azure.resources.pop(DATABASE.lower())
    azure.add(DATABASE, location="westeurope", managedBy="somebody", properties={"version": "16"})
    assert found(tmp_path, template(), f"azure={SUBSCRIPTION}") == {}
    assert azure.asked("resourcechanges") == []


def test_that_azure_does_not_say_who_hides_no_drift(azure: AzureServer, tmp_path: Path) -> None:
    azure.add(ACCOUNT, location="westeurope", kind="StorageV2", properties={"minimumTlsVersion": "TLS1_0"})
    azure.faults.append(Fault("resourcechanges", times=100, status=403, code="AccessDenied"))
    assert found(tmp_path, template(), f"azure={SUBSCRIPTION}")["DRIFT-001 data"].startswith("properties.minimumTls")
    report = json.loads((tmp_path / "report.json").read_text())
    (entry,) = [one for one in report["ledger"] if one["input"].endswith(": changes")]
    assert entry["reason"].startswith("who changed what drifted cannot be told in full: it was not answered: 403")
    assert not entry["incomplete"]


def test_changes_are_asked_for_in_portions_of_ids_that_need_quotes(azure: AzureServer) -> None:
    from scanner.sources.azure.changes import AT_ONCE, ResourceChanges

    odd = f"{GROUP}/providers/Microsoft.KeyVault/vaults/o'brien".lower()
    ids = [f"{GROUP}/providers/Microsoft.KeyVault/vaults/v{number:03}".lower() for number in range(AT_ONCE)]
    azure.change(ids[-1], "Create", "bob@example.net", "2026-11-20T12:00:00Z")
    elsewhere = "/subscriptions/00000000-0000-4000-8000-0000000000ff/resourceGroups/rg"
    from scanner.sources.azure import client as module

    changes = ResourceChanges(module.ArmClient("the fixture's", module.PUBLIC), (SUBSCRIPTION.rpartition("/")[2],))
    rows = list(changes.rows([odd, *ids, elsewhere, f"{GROUP}/providers/x/{{name}}"]))
    assert [row["properties"]["targetResourceId"] for row in rows] == [ids[-1]]
    assert changes.entries == []
    first, second = (one.body["query"] for one in azure.asked("resourcechanges"))
    assert "o\\'brien'" in first
    assert (first + second).count("vaults/v") == AT_ONCE
    assert elsewhere not in first + second
