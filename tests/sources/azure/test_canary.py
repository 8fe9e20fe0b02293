"""Secrets that people leave in Azure reach no rule, no report and no log."""

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from scanner.sources.azure.export import AzureExport
from scanner.sources.azure.live import LiveAzure
from scanner.sources.azure.secrets import NAMES
from tests.cli.running import bulkhead
from tests.sources.azure.asking import client, plan
from tests.sources.azure.clock import FakeTime
from tests.sources.azure.conftest import SUBSCRIPTIONS
from tests.sources.azure.rows import answer, row
from tests.tools.azure_server import AzureServer

_COUNT = iter(range(10_000))
REPORTS = ("json", "sarif", "html", "markdown", "csv", "junit", "text")


def secret() -> str:
    return f"CaNaRy{next(_COUNT):04d}x"


def payload() -> dict[str, Any]:
    """Properties with a secret in each place that is known to hold some: more than a hundred."""
    url = "https://acct.blob.core.windows.net/c?sv=1&sig="
    return {
        "byName": {name: secret() for name in sorted(NAMES)},
        "lists": [{"connectionString": secret()}, {"keys": [{"primaryKey": secret()}, {"value": secret()}]}],
        "siteConfig": {
            "minTlsVersion": "1.0",
            "appSettings": [{"name": "A", "value": secret()}],
            "connectionStrings": [{"name": "B", "connectionString": secret(), "type": "SQLAzure"}],
        },
        "template": {"containers": [{"env": [{"name": "C", "value": secret()}]}]},
        "containers": [{"properties": {"environmentVariables": [{"name": "D", "secureValue": secret()}]}}],
        "profile": {"osProfile": {"adminPassword": secret(), "customData": secret()}},
        "extension": {"settings": {"script": f"run --password={secret()}", "fileUris": [url + secret() + "%3D"]}},
        "texts": [
            f"AccountName=a;AccountKey={secret()}==",
            f"Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={secret()}=",
            f"postgresql://app:{secret()}@db/app",
            f"Server=tcp:db;User ID=app;Password={secret()};",
            f"-----BEGIN PRIVATE KEY-----\n{secret()}\n-----END PRIVATE KEY-----",
        ],
    }


def rows() -> list[dict[str, Any]]:
    site = row("Microsoft.Web/sites", "web", payload(), tags={"note": f"password={secret()}"})
    settings = row("Microsoft.Web/sites/config", "web/appsettings", {"KEY": secret(), "OTHER": secret()})
    strings = row("Microsoft.Web/sites/config", "web/connectionstrings", {"DB": {"value": secret(), "type": "Custom"}})
    vault = row("Microsoft.KeyVault/vaults", "kv", {**payload(), "enableRbacAuthorization": False})
    account = row("Microsoft.Storage/storageAccounts", "data", {**payload(), "minimumTlsVersion": "TLS1_0"})
    return [site, settings, strings, vault, account]


def leaks(*texts: object) -> set[str]:
    return {found for text in texts for found in re.findall(r"CaNaRy\d{4}", str(text))}


def test_an_export_full_of_secrets_leaves_none_in_a_resource(tmp_path: Path) -> None:
    planted = json.dumps(answer(*rows()))
    assert len(leaks(planted)) > 200
    (tmp_path / "inventory.json").write_text(planted, "utf-8")
    contents = [page.read() for page in AzureExport(str(tmp_path / "inventory.json")).pages()]
    assert sum(len(content.resources) for content in contents) == 5
    assert leaks(*contents) == set()
    assert leaks(pickle.dumps(contents)) == set()


def test_no_report_shows_a_secret_of_an_export(tmp_path: Path) -> None:
    (tmp_path / "inventory.json").write_text(json.dumps(answer(*rows()), indent=2), "utf-8")
    flags = [flag for name in REPORTS for flag in ("--report", f"{name}=out.{name}")]
    run = bulkhead("scan", "inventory.json", *flags, cwd=tmp_path)
    assert run.code == 1, run.stderr
    assert leaks(run.stdout, run.stderr) == set()
    for name in REPORTS:
        text = (tmp_path / f"out.{name}").read_text("utf-8")
        assert text
        assert leaks(text) == set()


def test_secrets_of_live_azure_reach_nothing(
    azure: AzureServer, time: FakeTime, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    scope = f"/subscriptions/{SUBSCRIPTIONS[0]}/resourceGroups/rg-Shop/providers"
    azure.add(f"{scope}/Microsoft.Web/sites/web", properties=payload(), location="westeurope")
    azure.add(f"{scope}/Microsoft.Storage/storageAccounts/data", properties=payload(), location="westeurope")
    caplog.set_level("DEBUG")
    source = LiveAzure([SUBSCRIPTIONS[0]], client(azure, time), plan("Microsoft.*"))
    contents = [page.read() for page in source.pages()]
    assert any(one.type == "Microsoft.Web/sites" for content in contents for one in content.resources)
    assert leaks(*contents, source.entries(), caplog.text, *capfd.readouterr()) == set()
    assert "FAKE" not in caplog.text
