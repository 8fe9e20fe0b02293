"""Drift of live Azure in an audit: who did it is asked of Azure, and known from the store when Azure has forgotten."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("alembic", reason="the extra 'audit' is not installed")
pytest.importorskip("orjson", reason="sources are read with orjson: the extra kubernetes")

from scanner.audit.store import open_store
from tests.audit.estates import audit, flags, inline
from tests.conftest import ROOT
from tests.points.drift.test_azure import ACCOUNT, DATABASE, SUBSCRIPTION, azure, template
from tests.tools.azure_server import AzureServer

__all__ = ["azure"]  # the fixture
PROPERTIES = {"minimumTlsVersion": "TLS1_0"}


def night(folder: Path, day: int, patch: pytest.MonkeyPatch, **others: Any) -> dict[str, str]:
    """Audit live Azure; return resource's last segment and Rule → message, of drift."""
    (folder / "main.json").write_text(template())
    estate = folder / "estate.yaml"
    text = (ROOT / "tests" / "estate" / "small.yaml").read_text("utf-8")
    id_ = SUBSCRIPTION.rpartition("/")[2]
    estate.write_text(text.replace("00000000-0000-0000-0000-000000000102", id_), "utf-8")
    given = {"estate": str(estate), "azure": True, "only_scopes": ("sub-prd",), "only": ("ENC-*",),
             "declared": (str(folder / "main.json"),), "today": f"2026-11-{day:02}T06:00:00Z"}  # fmt: skip
    with inline(patch):
        report = audit(flags({}, folder / "work", **given, **others))
    found = (one for one in report.findings if one.rule.startswith("DRIFT-"))
    return {f"{one.rule} {one.resource.rpartition('/')[2]}": one.message for one in found}


def test_azure_says_who_did_it_and_the_store_remembers(
    azure: AzureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{tmp_path / 'audit.db'}"
    azure.resources.pop(DATABASE.lower())
    azure.add(DATABASE, location="westeurope", managedBy="somebody", properties={"version": "16"})
    assert night(tmp_path, 1, monkeypatch, store=store) == {}
    assert azure.asked("resourcechanges") == []
    azure.add(ACCOUNT, location="westeurope", kind="StorageV2", properties=PROPERTIES)
    azure.change(
        ACCOUNT, "Update", "mallory@example.net", "2026-11-01T10:00:00Z", properties__minimumTlsVersion="TLS1_0"
    )
    told = night(tmp_path, 2, monkeypatch, store=store)
    assert told.keys() == {"DRIFT-001 data"}
    assert "mallory@example.net with Azure Portal at 2026-11-01T10:00:00Z" in told["DRIFT-001 data"]
    assert "certain" in told["DRIFT-001 data"]
    azure.changes.clear()
    later = night(tmp_path, 28, monkeypatch, store=store)["DRIFT-001 data"]
    assert "mallory@example.net with Azure Portal at 2026-11-01T10:00:00Z" in later
    assert "likely" in later
    assert "mallory" not in night(tmp_path, 28, monkeypatch)["DRIFT-001 data"]
    assert azure.writes() == []
    kept = open_store(store)
    (event,) = kept.writes([ACCOUNT.lower()])
    assert event.values == {("properties", "minimumtlsversion"): None}
    kept.close()


def test_a_subscription_that_may_not_be_read_is_not_gone(
    azure: AzureServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    azure.hidden.add(SUBSCRIPTION)
    told = night(tmp_path, 1, monkeypatch)
    assert {name.split()[0] for name in told} == {"DRIFT-005"}
