"""Majors of providers: from constraints, from all modules together, from the lock file."""

from pathlib import Path

import pytest

from scanner.sources.terraform.configuration.providers import major_of
from tests.sources.terraform.configuration.written import by_address, evaluate


@pytest.mark.parametrize(
    ("constraints", "major"),
    [
        (["~> 4.0"], 4),
        (["~> 4.1.2"], 4),
        (["= 3.116.0"], 3),
        (["3.116.0"], 3),
        (["v3.1.0"], 3),
        (["2.0.0-beta1"], 2),
        ([">= 3.0, < 4.0"], 3),
        ([">= 3.0, < 4.0.0"], 3),
        ([">= 3.0, < 4.5"], None),
        ([">= 4.0", "~> 4.2"], 4),
        ([">= 3.0", "< 5", "> 3.9"], None),
        ([">= 3.0", "<= 3.99"], 3),
        ([">= 3.0"], None),
        (["~> 3"], None),
        (["!= 4.0.1"], None),
        ([], None),
        (["nonsense"], None),
    ],
)
def test_the_one_major_that_constraints_allow(constraints: list[str], major: int | None) -> None:
    assert major_of(constraints) == major


REQUIRED = 'terraform {{\n  required_providers {{\n    {} = {{ source = "{}", version = "{}" }}\n  }}\n}}\n'


def test_constraints_of_all_modules_count_and_local_names_are_followed(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": REQUIRED.format("azurerm", "hashicorp/azurerm", ">= 3.0")
            + 'module "m" { source = "./m" }\nresource "azurerm_subnet" "s" {}\n',
            "m/main.tf": REQUIRED.format("az", "registry.terraform.io/hashicorp/azurerm", "~> 3.50")
            + 'resource "azurerm_subnet" "s" { provider = az }\n',
        },
    )
    assert [item.provider_major for item in by_address(found).values()] == [3, 3]


def test_the_lock_file_knows_best(tmp_path: Path) -> None:
    lock = 'provider "registry.terraform.io/hashicorp/azurerm" {\n  version = "4.14.0"\n  hashes = []\n}\n'
    files = {".terraform.lock.hcl": lock, "main.tf": REQUIRED.format("azurerm", "hashicorp/azurerm", ">= 3.0")}
    files["main.tf"] += 'resource "azurerm_subnet" "s" {}\n'
    assert by_address(evaluate(tmp_path, files))["azurerm_subnet.s"].provider_major == 4


def test_a_version_in_the_provider_block_counts_as_it_once_did(tmp_path: Path) -> None:
    text = 'provider "azurerm" {\n  version = "~> 2.0"\n}\nresource "azurerm_subnet" "s" {}\n'
    assert by_address(evaluate(tmp_path, text))["azurerm_subnet.s"].provider_major == 2


def test_the_alias_is_the_one_the_root_hands_down(tmp_path: Path) -> None:
    middle = 'module "b" {\n  source = "../b"\n  providers = { azurerm = azurerm, azurerm.far = azurerm.other }\n}\n'
    inner = (
        'resource "azurerm_subnet" "near" {}\nresource "azurerm_subnet" "far" { provider = azurerm.far }\n'
        'resource "azurerm_subnet" "own" { provider = azurerm.own }\n'
    )
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'module "a" {\n  source = "./a"\n'
            "  providers = { azurerm = azurerm.hub, azurerm.other = azurerm }\n}\n"
            'module "b" { source = "./b" }\nresource "azurerm_subnet" "x" { provider = azurerm.hub }\n',
            "a/main.tf": middle,
            "b/main.tf": inner,
        },
    )
    aliases = {address: item.meta.get("provider_alias", "") for address, item in by_address(found).items()}
    assert aliases == {
        "azurerm_subnet.x": "hub",
        "module.a.module.b.azurerm_subnet.near": "hub",
        "module.a.module.b.azurerm_subnet.far": "",
        "module.a.module.b.azurerm_subnet.own": "own",
        "module.b.azurerm_subnet.near": "",
        "module.b.azurerm_subnet.far": "far",
        "module.b.azurerm_subnet.own": "own",
    }


def test_json_names_providers_in_text(tmp_path: Path) -> None:
    text = '{"resource": {"azurerm_subnet": {"s": {"provider": "azurerm.hub", "depends_on": ["a_b.c"]}}}}'
    found = by_address(evaluate(tmp_path, {"main.tf.json": text}))["azurerm_subnet.s"]
    assert (found.provider, found.meta) == ("azurerm", {"provider_alias": "hub", "depends_on": ("a_b.c",)})
