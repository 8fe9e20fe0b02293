"""What a plan sorts is found again in the configuration."""

from pathlib import Path
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.terraform.beside import Beside, in_order_of, refine
from scanner.sources.terraform.instance import Instance
from scanner.sources.terraform.roots import Configured, RootSettings
from tests.sources.terraform.plan.builder import change, configured, plan, read
from tests.sources.terraform.tree import write


@pytest.mark.parametrize(
    ("written", "planned", "path", "expected"),
    [
        ({"r": [{"n": "a"}, {"n": "b"}]}, {"r": [{"n": "b"}, {"n": "a"}]}, ("r", 0, "p"), ("r", 1, "p")),
        ({"r": [{"n": "a"}, {"n": "b"}]}, {"r": [{"n": "a"}, {"n": "b"}]}, ("r", 1, "p"), ("r", 1, "p")),
        ({"r": [{"n": "a"}]}, {"r": [{"n": "z"}]}, ("r", 0, "p"), ("r",)),
        ({"r": [{"n": "a", "u": object()}]}, {"r": [{"n": "a", "u": 1, "m": 2}]}, ("r", 0, "u"), ("r", 0, "u")),
        ({"r": [{"port": 22}]}, {"r": [{"port": "22"}]}, ("r", 0), ("r", 0)),
        ({}, {"r": [{"n": "a"}]}, ("r", 0, "n"), ("r", 0, "n")),
        ({"l": ["x"]}, {"l": ["x"]}, ("l", 0), ("l", 0)),
        ({"l": ["x"]}, {"l": []}, ("l", 3, "q"), ("l", 3, "q")),
    ],
)
def test_blocks_that_a_plan_sorts_are_found_by_what_they_say(
    written: Any, planned: Any, path: tuple[str | int, ...], expected: tuple[str | int, ...]
) -> None:
    assert in_order_of(written, planned, path) == expected


CONFIGURATION = """
    resource "azurerm_storage_account" "a" {
      for_each = toset(["k", "l"])
      name     = each.key
    }
    locals { ids = { for key, one in azurerm_storage_account.a : key => one.id } }
    variable "given" {}
    resource "azurerm_x" "y" {
      for_each = toset(["k"])
      direct   = azurerm_storage_account.a[each.key].endpoint
      through  = local.ids[each.key]
      made     = "of-${azurerm_storage_account.a["k"].id}"
      below    = "${azurerm_storage_account.a["k"].id}/default"
      given    = var.given
      block { id = azurerm_storage_account.a["l"].id }
    }
"""
LATER = "known after apply"


def refined(root: Path, configuration: str, address: str = 'azurerm_x.y["k"]') -> dict[str, Any]:
    """Return the attributes of one resource of a plan beside ``configuration``."""
    write(root, {"main.tf": configuration})
    accounts = [change(f'azurerm_storage_account.a["{key}"]', {}, after_unknown={"id": True}) for key in "kl"]
    arguments = {
        "direct": True,
        "through": True,
        "made": True,
        "below": True,
        "given": True,
        "own": True,
        "block": [{"id": True}],
    }
    references = {
        "direct": ["azurerm_storage_account.a", "each.key"],
        "through": ["local.ids"],
        "made": ['azurerm_storage_account.a["k"].id', 'azurerm_storage_account.a["k"]', "azurerm_storage_account.a"],
        "below": ['azurerm_storage_account.a["k"].id', 'azurerm_storage_account.a["k"]', "azurerm_storage_account.a"],
        "given": ["var.given"],
        "block": [{"id": ["azurerm_storage_account.a"]}],
    }
    document = plan(
        *accounts,
        change(address, {"name": "n"}, after_unknown=arguments),
        root={"resources": [configured("azurerm_x.y", references)]},
    )
    instances = read(document).instances
    refine(instances, Beside(Configured(str(root), RootSettings(str(root), str(root), str(root)))))
    found: Instance = instances[-1]
    return dict(found.attributes)


def test_the_configuration_tells_where_a_value_comes_from(tmp_path: Path) -> None:
    found = refined(tmp_path, CONFIGURATION)
    account = "azurerm_storage_account.a"
    assert found["direct"] == Unknown(LATER, f'{account}["k"].endpoint')
    assert found["through"] == Unknown(LATER, f'{account}["k"].id')
    assert found["block"] == [{"id": Unknown(LATER, f'{account}["l"].id')}]


def test_a_value_that_is_made_of_another_has_no_origin(tmp_path: Path) -> None:
    made = refined(tmp_path, CONFIGURATION)["made"]
    assert (made.origin, LATER in made.reason) == ("", True)


def test_a_path_below_an_id_keeps_what_it_is_below(tmp_path: Path) -> None:
    below = refined(tmp_path, CONFIGURATION)["below"]
    assert (below.origin, LATER in below.reason) == ('azurerm_storage_account.a["k"].id/default', True)


def test_what_the_plan_knows_stays(tmp_path: Path) -> None:
    found = refined(tmp_path, CONFIGURATION)
    assert found["name"] == "n"
    assert found["own"] == Unknown(LATER, 'azurerm_x.y["k"].own')
    assert found["given"] == Unknown(LATER), "that a variable has no value here is no news"


def test_another_instance_is_not_asked(tmp_path: Path) -> None:
    found = refined(tmp_path, CONFIGURATION, address="azurerm_x.y")
    assert found["through"] == Unknown(LATER)
    assert found["made"] == Unknown(LATER, 'azurerm_storage_account.a["k"].id')


def test_without_a_configuration_nothing_is_refined() -> None:
    (instance,) = read(plan(change("azurerm_x.y", {}, after_unknown={"id": True, "a": True}))).instances
    refine([instance], Beside(None))
    assert instance.attributes["a"] == Unknown(LATER, "azurerm_x.y.a")
