"""Override files: which declarations they change, and what they cannot."""

from pathlib import Path

from scanner.model.unknown import Unknown
from scanner.sources.terraform.configuration.overrides import is_override
from tests.sources.terraform.configuration.written import attributes, evaluate, messages


def test_names_of_override_files() -> None:
    names = ("override.tf", "a/x_override.tf", "override.tf.json", "b_override.tofu.json", "override.tofu")
    assert all(map(is_override, names))
    assert not any(map(is_override, ("main.tf", "overrides.tf", "override.tfvars", "override_x.tf")))


def test_settings_providers_calls_and_blocks_are_overridden(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'terraform {\n  required_version = ">= 1.0"\n  backend "local" {}\n}\n'
            'provider "azurerm" {\n  features {}\n}\nprovider "azurerm" {\n  alias = "hub"\n  x = 1\n}\n'
            'module "m" {\n  source = "./a"\n  v = 1\n}\n'
            'resource "a_b" "x" {\n  for_each = { k = 1 }\n  rule { n = 1 }\n  rule { n = 2 }\n  kept { n = 1 }\n}\n'
            'data "a_b" "d" { x = 1 }\n',
            "a/main.tf": 'variable "v" {}\nresource "a_b" "a" { v = var.v }\n',
            "b/main.tf": 'variable "v" {}\nresource "a_b" "b" { v = var.v }\n',
            "x_override.tf": 'terraform {\n  backend "azurerm" { key = "k" }\n}\n'
            'provider "azurerm" {\n  alias = "hub"\n  x = 2\n}\nprovider "random" {}\n'
            'module "m" { source = "./b" }\n'
            'resource "a_b" "x" {\n  count = 1\n  dynamic "rule" {\n    for_each = [7]\n'
            "    content { n = rule.value }\n"
            '  }\n}\ndata "a_b" "d" { x = 2 }\n',
        },
    )
    assert found.faults == ()
    settings = {item.address: item.attributes for item in found.instances if item.mode == "settings"}
    assert settings == {
        "terraform": {"required_version": ">= 1.0", "backend": [{"type": "azurerm", "key": "k"}]},
        "provider.azurerm": {"features": [{}]},
        "provider.azurerm.hub": {"alias": "hub", "x": 2},
        "provider.random": {},
    }
    assert attributes(found) == {
        "a_b.x[0]": {"kept": [{"n": 1}], "rule": [{"n": 7}]},
        "data.a_b.d": {"x": 2},
        "module.m.a_b.b": {"v": 1},
    }


def test_what_no_other_file_declares_cannot_be_overridden(tmp_path: Path) -> None:
    found = evaluate(
        tmp_path,
        {
            "main.tf": 'output "x" { value = 1 }',
            "override.tf": 'resource "a_b" "x" {}\ndata "a_b" "x" {}\nvariable "v" {}\nlocals { a = 1 }\n'
            'terraform {\n  backend "local" {}\n}\n',
        },
    )
    assert messages(found) == [
        "override.tf:1:1 cannot override a_b.x: no other file declares it",
        "override.tf:2:1 cannot override data.a_b.x: no other file declares it",
        "override.tf:3:1 cannot override variable v: no other file declares it",
    ]
    assert found.instances[0].attributes == {"backend": [{"type": "local"}]}


def test_an_override_by_something_at_fault_costs_that_only(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "a_b" "x" {\n  a = 1\n  b = 2\n}\n',
        "override.tf": 'resource "a_b" "x" { a = 1 + "y" }\n',
    }
    given = attributes(evaluate(tmp_path, files))["a_b.x"]
    assert given["b"] == 2
    assert isinstance(given["a"], Unknown)
