"""What rules about clusters and environments say where the cases' estate has nothing of the kind."""

import json
from pathlib import Path

import pytest

from scanner.points import proof
from tests.cli.running import bulkhead

ESTATE = (Path(proof.__file__).parent / "proof_estate.yaml").read_text("utf-8")
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: %s}
spec:
  template:
    spec:
      containers: [{name: web, image: acrerpprd01.azurecr.io/web:1}]
"""
CLUSTER = """provider "azurerm" {
  features {}
  subscription_id = "00000000-0000-0000-0000-000000000102"
}
resource "azurerm_kubernetes_cluster" "this" {
  name                = "aks-prd-weu-01"
  resource_group_name = "rg-aks-prd-weu"
  location            = "westeurope"
  dns_prefix          = "aks"
  tags                = { tenant = "platform", environment = "production" }
  default_node_pool {
    name       = "system"
    vm_size    = "Standard_D4ds_v5"
    node_count = 3
  }
  identity { type = "SystemAssigned" }
}
"""


def found(folder: Path, rule: str, *arguments: str) -> list[tuple[str, str]]:
    """Scan `folder` for one rule; the verdict and message of each finding."""
    run = bulkhead("scan", ".", "--estate", "estate.yaml", "--rule", rule, "--report", "json=-", *arguments, cwd=folder)
    return [(one["verdict"], one["message"]) for one in json.loads(run.stdout)["findings"]]


def written(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("namespace", "findings"),
    [
        ("erp-westmoor-prd", ["no node selector names 'tenant'", "no toleration lets pods"]),  # only there
        ("erp-westmoor-stg", []),  # only in the other cluster, where the tenant has no pool
        ("erp-aldersyde-prd", []),
    ],
)
def test_without_a_cluster_a_tenant_is_judged_by_where_its_environment_may_be(
    tmp_path: Path, namespace: str, findings: list[str]
) -> None:
    written(tmp_path, estate_yaml=ESTATE, a_yaml=DEPLOYMENT % namespace)
    said = found(tmp_path, "ISO-017")
    assert [verdict for verdict, _ in said] == ["fail"] * len(findings)
    assert all(message.startswith(wanted) for (_, message), wanted in zip(said, findings, strict=True))


def test_without_cluster_and_environment_it_is_unknown_whether_the_tenant_has_nodes_there(tmp_path: Path) -> None:
    labels = "labels: {erp.example.net/tenant: t23}"
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: blue, {labels}}}\n"
    written(tmp_path, estate_yaml=ESTATE, a_yaml=DEPLOYMENT % "blue", b_yaml=namespace)
    ((verdict, message),) = found(tmp_path, "ISO-017")
    assert (verdict, message.partition(",")[0]) == ("unknown", "neither its cluster nor its environment is known")
    assert len(found(tmp_path, "ISO-017", "--cluster", "aks-prd-weu-01")) == 2


def test_a_cluster_that_is_declared_for_both_is_reported_where_it_is_met(tmp_path: Path) -> None:
    mixed = ESTATE.replace(
        "environments: [production]\n    podCidr", "environments: [production, development]\n    podCidr"
    )
    assert mixed != ESTATE
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n"
    written(tmp_path, estate_yaml=mixed, main_tf=CLUSTER, a_yaml=namespace)
    message = "aks-prd-weu-01 is declared for 'production' and 'development'; production stands alone"
    assert found(tmp_path, "ISO-027", "--cluster", "aks-prd-weu-01") == [("fail", message)] * 2
    written(tmp_path, estate_yaml=ESTATE)
    assert found(tmp_path, "ISO-027", "--cluster", "aks-prd-weu-01") == []
