from typing import Any

from scanner.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.views.diagnostics import exported
from tests.views.azure import GROUP, azure

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/LAW"


def setting(name: str, *logs: dict[str, Any], workspace: object = WORKSPACE, target: str = VAULT) -> Resource:
    properties = {"workspaceId": workspace, "logs": list(logs)}
    return azure(f"{target}/providers/Microsoft.Insights/diagnosticSettings/{name}", properties)


def on(category: str) -> dict[str, Any]:
    return {"category": category, "enabled": True}


def test_settings_of_one_resource_add_up() -> None:
    one, other = (
        setting("one", on("AuditEvent")),
        setting("other", on("Metrics"), {"category": "Off", "enabled": False}),
    )
    found = exported(Inventory([one, other]), VAULT, ["law"])
    assert found.settings == (one, other)
    assert [found.covers(name) for name in ("auditevent", "Metrics", "Off")] == [True, True, False]
    assert found.unknown == ""


def test_a_group_of_categories_stands_for_all() -> None:
    for group in ("allLogs", "audit"):
        inventory = Inventory([setting("one", {"categoryGroup": group, "enabled": True})])
        assert exported(inventory, VAULT, ["law"]).covers("anything")


def test_another_workspace_or_another_resource_does_not_count() -> None:
    elsewhere = setting("one", on("AuditEvent"), workspace=WORKSPACE.replace("LAW", "other"))
    assert not exported(Inventory([elsewhere]), VAULT, ["law"]).covers("AuditEvent")
    stranger = setting("one", on("AuditEvent"), target=f"{VAULT}2")
    assert exported(Inventory([stranger]), VAULT, ["law"]) == exported(Inventory(), VAULT, ["law"])


def test_what_is_not_known_is_said() -> None:
    for one in (
        setting("one", on("AuditEvent"), workspace=Unknown("var.w has no value")),
        setting("one", {"category": Unknown("var.c has no value"), "enabled": True}),
        setting("one", on("AuditEvent"), target=VAULT.replace("kv", "{var.vault}")),
    ):
        assert exported(Inventory([one]), VAULT, ["law"]).unknown
