"""One Finding explained: the value, where each part came from, and why."""

import json
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.points.explanation import explain
from tests.cli.running import bulkhead
from tests.points.flags import flags

MODULE = """variable "name" {}
variable "tls" { default = "TLS1_0" }
resource "azurerm_storage_account" "this" {
  name                     = var.name
  resource_group_name      = "rg"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "GRS"
  min_tls_version          = var.tls
}
"""
ROOT = """variable "tls" {}
variable "open" {}
module "given" {
  source = "./account"
  name   = "stgiven"
  tls    = var.tls
}
module "usual" {
  source = "./account"
  name   = "stusual"
}
module "open" {
  source = "./account"
  name   = "stopen"
  tls    = var.open
}
"""


@pytest.fixture
def fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    (tmp_path / "account").mkdir()
    (tmp_path / "account/main.tf").write_text(MODULE)
    (tmp_path / "main.tf").write_text(ROOT)
    (tmp_path / "terraform.tfvars").write_text('tls = "TLS1_1"\n')
    (tmp_path / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"
        "spec: {containers: [{name: web, image: web, securityContext: {privileged: true}}]}\n"
    )
    monkeypatch.chdir(tmp_path)
    rules = ("--rule", "ENC-002", "--rule", "ISO-029")
    run = bulkhead("scan", "-q", "--report", "json=-", *rules, cwd=tmp_path)
    found = json.loads(run.stdout)["findings"]
    return {finding["resource"]: finding["fingerprint"] for finding in found}


def test_a_value_that_a_values_file_set(fingerprints: dict[str, str]) -> None:
    key = next(key for key in fingerprints if "module.given" in key)
    found = explain(fingerprints[key][:10], flags())
    (part,) = found.deciding
    assert (part.path, part.value) == ("properties.minimumTlsVersion", '"TLS1_1"')
    assert part.location is not None
    assert (part.location.file, part.location.region and part.location.region.line) == ("account/main.tf", 9)
    trail = [(step.location.file, step.location.region.line) for step in part.trail if step.location.region]
    assert ("main.tf", 6) in trail, "the argument of the call"
    assert ("terraform.tfvars", 1) in trail, "the values file"


def test_a_value_that_is_a_default(fingerprints: dict[str, str]) -> None:
    key = next(key for key in fingerprints if "module.usual" in key)
    (part,) = explain(fingerprints[key], flags()).deciding
    assert part.value == '"TLS1_0"'
    assert ("account/main.tf", 2) in [
        (step.location.file, step.location.region.line) for step in part.trail if step.location.region
    ]


def test_a_value_that_is_not_known_has_its_cause(fingerprints: dict[str, str]) -> None:
    key = next(key for key in fingerprints if "module.open" in key)
    found = explain(fingerprints[key], flags())
    assert found.deciding[0].value.startswith("not known: ")
    assert "var.open" in found.deciding[0].value


def test_a_manifest(fingerprints: dict[str, str], tmp_path: Path) -> None:
    run = bulkhead("explain", fingerprints["-/core/Pod/shop/web"][:8].upper(), cwd=tmp_path)
    assert run.code == 0, run.stderr
    assert run.stdout.startswith("ISO-029  No privileged containers\nfail · severity critical · fingerprint ")
    assert "spec.containers[0].securityContext.privileged = true\n     pod.yaml:4:" in run.stdout
    assert "Why        container 'web' is privileged" in run.stdout


def test_a_fingerprint_that_is_nobodys(fingerprints: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no finding here has that fingerprint"):
        explain("0" * 32, flags())


def test_a_beginning_that_several_share(fingerprints: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="several begin so"):
        explain("", flags())
