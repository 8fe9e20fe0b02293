"""What a branch removes, as far as it is known what that is."""

from dataclasses import replace
from typing import Any

from scanner.drift.branch import Branch
from scanner.model.location import Origin
from scanner.model.resource import Resource

ACCOUNT = "/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/"


def account(name: str, address: str = "a", **properties: Any) -> Resource:
    id_ = ACCOUNT + name
    attributes = {"id": id_, "properties": properties}
    return Resource(
        id_, "Microsoft.Storage/storageAccounts", attributes, Origin("terraform", "main.tf", 0, (), address)
    )


def test_what_is_declared_elsewhere_now_is_not_removed() -> None:
    base = [account("one"), account("two")]
    moved = replace(base[0], origin=Origin("terraform", "other.tf", 0, (), "module.x.a"))
    assert [one.key for one in Branch(base).removed([moved])] == [base[1].key]
    assert Branch(base).removed(base) == ()


def test_what_may_still_be_declared_is_not_removed() -> None:
    assert Branch([account("one")]).removed([account("{suffix}")]) == ()


def test_what_nobody_knows_the_id_of_is_not_told_as_removed() -> None:
    assert Branch([account("{suffix}")]).removed([]) == ()


def test_no_line_of_another_file_is_taken_for_it() -> None:
    (gone,) = Branch([account("one")]).removed([])
    assert gone.origin.file == "main.tf"
    assert gone.origin.page
    assert gone.origin.locate is None
