"""A root module as a page: Resources, places, ledger."""

from pathlib import Path

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Location, Region
from tests.sources.terraform.tree import ACCOUNT, MODULE, account, accounts, only, placed, source

LIVE = """\
module "tenant" {
  source   = "../modules/storage"
  for_each = { a = "TLS1_0", b = "TLS1_2" }
  name     = each.key
  tls      = each.value
}
"""
TREE = {"live/main.tf": LIVE, "modules/storage/main.tf": MODULE}


def test_every_instance_is_a_resource_of_its_own(tmp_path: Path) -> None:
    content, _ = only(source(tmp_path, TREE))
    found = accounts(content)
    assert list(found) == [f'module.tenant["{key}"].azurerm_storage_account.this' for key in "ab"]
    one = found['module.tenant["a"].azurerm_storage_account.this']
    assert one.key == 'live:module.tenant["a"].azurerm_storage_account.this'
    assert one.origin.declared == "live:module.tenant[*].azurerm_storage_account.this"
    assert (one.origin.kind, one.origin.file, one.origin.page) == ("terraform", "modules/storage/main.tf", "live")
    assert one.name == "sta"


def test_a_place_is_where_it_is_written_with_the_way_its_value_took(tmp_path: Path) -> None:
    content, locator = only(source(tmp_path, TREE))
    one = accounts(content)['module.tenant["a"].azurerm_storage_account.this']
    place = placed(locator, one, "properties", "minimumTlsVersion")

    path = ("properties", "minimumTlsVersion")
    assert place.location == Location("modules/storage/main.tf", path, Region(10, 3, 10, 37))
    assert [(step.role, step.location) for step in place.trail][:2] == [
        ("called here", Location("live/main.tf", (), Region(1, 1, 1, 16))),
        ("var.tls is set here", Location("live/main.tf", (), Region(5, 3, 5, 24))),
    ]


def test_the_place_of_what_is_absent_is_the_block(tmp_path: Path) -> None:
    content, locator = only(source(tmp_path, {"main.tf": account("a")}))
    one = next(iter(accounts(content).values()))
    place = placed(locator, one, "properties", "publicNetworkAccess")
    assert place.location.region is not None
    assert (place.location.file, place.location.region.line) == ("main.tf", 1)


def test_the_locator_is_handed_over_once(tmp_path: Path) -> None:
    (page,) = source(tmp_path, {"main.tf": account("a")}).pages()
    (one, *_) = page.read().resources
    locator = page.locator()
    assert locator(one.origin, ()) is not None
    assert page.locator()(one.origin, ()) is None


def entries(tmp_path: Path, files: dict[str, str]) -> dict[str, LedgerEntry]:
    content, _ = only(source(tmp_path, files))
    return {entry.input: entry for entry in content.entries}


def test_every_file_has_an_entry_that_counts_what_came_out_of_it(tmp_path: Path) -> None:
    found = entries(tmp_path, TREE | {"live/terraform.tfvars": ""})
    assert found["live/terraform.tfvars"] == LedgerEntry("live/terraform.tfvars", State.SCANNED, "variables")
    module = found["modules/storage/main.tf"]
    assert (module.state, module.reason, module.incomplete) == (State.SCANNED, "", False)
    assert module.resources >= 2


@pytest.mark.parametrize(
    ("content", "state", "reason", "line", "column"),
    [
        ('resource "a" {', State.UNPARSED, "cannot parse the file", 1, 1),
        (
            'locals {\n  a = local.b\n  b = local.a\n}\nresource "azurerm_subnet" "x" {\n  name = local.a\n}',
            State.PARTIAL,
            "cannot evaluate local.",
            2,
            None,
        ),
        (
            'resource "azurerm_subnet" "x" {\n  for_each = ["a"]\n}',
            State.PARTIAL,
            "cannot evaluate azurerm_subnet.x.for_each: it has to be a map or a set of strings",
            2,
            None,
        ),
        ('resource "azurerm_subnet" "x" {\n  name = "${0 / 0}"\n}', State.PARTIAL, "cannot ", 2, None),
        ('resource "azurerm_subnet" "x" {\n  name = nosuch(1)\n}', State.PARTIAL, "cannot ", 2, None),
        ('resource "azurerm_subnet" "x" {\n  name = regex("(", "a")\n}', State.PARTIAL, "cannot ", 2, None),
        (
            'module "a" {\n  source = "./a"\n}',
            State.PARTIAL,
            'cannot call module.a: the folder "./a" does not exist',
            2,
            3,
        ),
        ('module "a" {\n  source = "."\n}', State.PARTIAL, "cannot call module.a: the module calls itself", 2, 3),
        ('module "a" {\n  source = "../a"\n}', State.PARTIAL, "cannot call module.a: ", 2, 3),
    ],
)
def test_a_fault_makes_its_file_incomplete_and_names_the_place(
    tmp_path: Path, content: str, state: State, reason: str, line: int, column: int | None
) -> None:
    found = entries(tmp_path, {"main.tf": content, "other.tf": account("fine")})
    entry = found["main.tf"]
    assert (entry.state, entry.incomplete, entry.line) == (state, True, line)
    assert entry.reason.startswith(reason)
    assert column is None or entry.column == column
    assert found["other.tf"].state is State.SCANNED, "one broken file does not hide the others"


def test_of_several_faults_the_entry_names_the_first_and_notes_the_others(tmp_path: Path) -> None:
    broken = 'resource "azurerm_subnet" "x" {\n  name = 0 / 0\n  tags = nosuch()\n}'
    content, _ = only(source(tmp_path, {"main.tf": broken}))
    (entry,) = [entry for entry in content.entries if entry.input == "main.tf"]
    assert entry.line == 2
    assert entry.reason.endswith("; and 1 more")
    assert [(note.input, note.line) for note in content.notes] == [("main.tf", 3)]


def test_a_module_that_nothing_calls_says_what_it_lacks(tmp_path: Path) -> None:
    found = entries(tmp_path, {"modules/storage/main.tf": MODULE})
    reason = "nothing calls this module, and var.name, var.tls have no value"
    assert found["modules/storage/main.tf"].reason == reason
    assert entries(tmp_path, {"modules/storage/terraform.tfvars": 'name = "n"\ntls = "x"'})[
        "modules/storage/main.tf"
    ].reason == ("")


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"m/main.tf": MODULE}, False),
        ({"m/main.tf": MODULE, "m/versions.tf": 'terraform {\n  required_version = ">= 1.5"\n}'}, False),
        ({"m/main.tf": MODULE, "m/p.tf": 'provider "azurerm" {\n  features {}\n}'}, True),
        ({"m/main.tf": MODULE, "m/b.tf": 'terraform {\n  backend "local" {}\n}'}, True),
        ({"m/main.tf": MODULE, "m/terraform.tfvars": 'name = "n"\ntls = "x"'}, True),
        ({"m/main.tf": account("a")}, True),
    ],
)
def test_a_module_that_is_meant_to_be_called_keeps_no_state(tmp_path: Path, files: dict[str, str], kept: bool) -> None:
    content, _ = only(source(tmp_path, files))
    assert ("terraform/Settings" in {one.type for one in content.resources}) is kept


def test_a_module_without_an_instance_says_so(tmp_path: Path) -> None:
    call = 'module "a" {\n  source = "./a"\n  count = 0\n}'
    found = entries(tmp_path, {"main.tf": call, "a/main.tf": account("x")})
    assert found["a/main.tf"] == LedgerEntry("a/main.tf", State.SCANNED, "no instance of its module is made")


def test_a_remote_module_has_an_entry_at_its_call(tmp_path: Path) -> None:
    call = 'module "aks" {\n  source  = "Azure/aks/azurerm"\n  version = "9.1.0"\n}'
    found = entries(tmp_path, {"main.tf": call})
    entry = found["main.tf#module.aks"]
    assert (entry.state, entry.incomplete, entry.line) == (State.UNSUPPORTED, False, 2)
    assert entry.reason.startswith("module.aks was not read: ")
    assert found["main.tf"].state is State.SCANNED


def test_types_that_no_rule_knows_are_counted(tmp_path: Path) -> None:
    blocks = "".join(f'resource "aws_{type_}" "x{n}" {{}}\n' for type_, n in (("b", 1), ("a", 2), ("a", 3)))
    found = entries(tmp_path, {"main.tf": blocks})
    assert found["."] == LedgerEntry(
        ".", State.UNSUPPORTED, "3 resources are of types that no rule knows: aws_a (2), aws_b"
    )


def test_an_unknown_value_is_where_the_resource_says_it_is(tmp_path: Path) -> None:
    content, _ = only(source(tmp_path, {"main.tf": 'variable "tls" {}\n' + account("a", tls="var.tls")}))
    one = next(iter(accounts(content).values()))
    assert ("properties", "minimumTlsVersion") in one.unknowns
    assert one.type == ACCOUNT
