"""What the ledger says of a root module."""

from pathlib import Path

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.model.location import Region
from scanner.sources.terraform.configuration import Evaluated, Fault
from scanner.sources.terraform.configuration.module import SourceFile
from scanner.sources.terraform.ledger import (
    file_entries,
    further_faults,
    judged_alone,
    notes,
    resource_notes,
    unmapped_entry,
    unread_modules,
)
from scanner.sources.terraform.roots import Configured, RootSettings
from scanner.sources.terraform.syntax.nodes import Body
from tests.sources.terraform.tree import write

AT = Region(3, 5, 3, 9)


def evaluated(*faults: Fault, told: tuple[Fault, ...] = (), files: tuple[str, ...] = ()) -> Evaluated:
    return Evaluated("live", (), {}, faults, told, files, ())


def test_every_file_has_one_entry() -> None:
    parsed = {"a.tf": SourceFile("a.tf", Body({}, [], 0, 0), ())}
    faults = (Fault("b.tfvars", AT, "cannot x"), Fault("b.tfvars", None, "cannot y"), Fault("gone", None, "cannot z"))
    found = list(file_entries(evaluated(*faults, files=("a.tf", "b.tfvars", "c.tfvars")), parsed, {"a.tf": 3}, {}))
    assert found == [
        LedgerEntry("a.tf", State.SCANNED, resources=3),
        LedgerEntry("b.tfvars", State.PARTIAL, "cannot x; and 1 more", 3, 5, incomplete=True),
        LedgerEntry("c.tfvars", State.SCANNED, "variables"),
        LedgerEntry("gone", State.PARTIAL, "cannot z", incomplete=True),
    ]


def test_a_file_of_which_nothing_was_read_is_unparsed() -> None:
    fault = Fault("a.tf", AT, "cannot parse the file: x")
    for file in (SourceFile("a.tf", None, (fault,)), SourceFile("a.tf", Body({}, [], 0, 0), (fault,))):
        (entry,) = file_entries(evaluated(fault), {"a.tf": file}, {}, {"a.tf": "something"})
        assert entry == LedgerEntry("a.tf", State.UNPARSED, "cannot parse the file: x", 3, 5, incomplete=True)


def test_the_first_fault_of_a_file_is_in_its_entry_and_the_others_are_notes() -> None:
    faults = [Fault("a.tf", AT, "one"), Fault("b.tf", AT, "two"), Fault("a.tf", AT._replace(line=9), "three")]
    assert list(further_faults(evaluated(*faults))) == [LedgerEntry("a.tf", State.SCANNED, "three", 9, 5)]


def test_a_module_that_was_not_read_is_an_entry_and_everything_else_a_note() -> None:
    remote = Fault("a.tf", AT, 'module.aks was not read: "Azure/aks/azurerm" is not in the tree')
    other = Fault("x.tfvars", AT, "var.y is set here, but live has no such variable")
    found = evaluated(told=(remote, other))
    assert list(unread_modules(found)) == [LedgerEntry("a.tf#module.aks", State.UNSUPPORTED, remote.message, 3, 5)]
    assert list(notes(found)) == [LedgerEntry("x.tfvars", State.SCANNED, other.message, 3, 5)]


@pytest.mark.parametrize(
    ("unmapped", "reason"),
    [
        ({"aws_a": 1}, "1 resource is of a type that no rule knows: aws_a"),
        ({"aws_a": 1, "aws_b": 3}, "4 resources are of types that no rule knows: aws_b (3), aws_a"),
        (
            {f"aws_{n:02}": 1 for n in range(12)},
            "12 resources are of types that no rule knows: "
            + ", ".join(f"aws_{n:02}" for n in range(10))
            + " and 2 more types",
        ),
    ],
)
def test_types_that_no_rule_knows(unmapped: dict[str, int], reason: str) -> None:
    assert unmapped_entry("live", unmapped) == [LedgerEntry("live", State.UNSUPPORTED, reason)]
    assert unmapped_entry("live", {}) == []


def test_notes_on_single_resources() -> None:
    assert list(resource_notes([("a.b", "main.tf", "it is lost")])) == [
        LedgerEntry("main.tf", State.SCANNED, "a.b: it is lost")
    ]


@pytest.mark.parametrize(
    ("variables", "given", "said"),
    [
        ("", [], ""),
        ('variable "a" { default = 1 }', [], ""),
        ('variable "a" {}', ["a"], ""),
        ('variable "a" {}', ["b"], "nothing calls this module, and var.a has no value"),
        (
            "".join(f'variable "{name}" {{}}\n' for name in "abcde"),
            ["a"],
            "nothing calls this module, and var.b, var.c, var.d and 1 more have no value",
        ),
    ],
)
def test_what_a_module_lacks_that_nothing_calls(tmp_path: Path, variables: str, given: list[str], said: str) -> None:
    write(tmp_path, {"main.tf": variables})
    configured = Configured(str(tmp_path), RootSettings(variables + said, str(tmp_path), str(tmp_path)))
    assert judged_alone(configured.tree.module(str(tmp_path)), given) == said
