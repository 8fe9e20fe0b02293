"""The way back from a canonical attribute to whoever wrote it."""

from typing import Any

from scanner.canonical.arm_object import ArmObject
from scanner.canonical.joined import as_written
from scanner.canonical.normalise import normalise
from tests.canonical.build import arm

STORAGE = "Microsoft.Storage/storageAccounts"


def only(*objects: ArmObject) -> Any:
    return normalise(objects)[0]


def test_the_way_back_uses_the_spelling_of_the_source() -> None:
    found = only(
        arm(
            STORAGE, "acct", {"Properties": {"MinimumTLSVersion": "TLS1_0"}}, trace=lambda path: ("resources", 0, *path)
        )
    )
    declaration, path = found.source_path(("properties", "minimumTlsVersion"))
    assert path == ("resources", 0, "Properties", "MinimumTLSVersion")
    assert declaration.name == "acct"
    assert found.owner(("properties", "accessTier"))[1] == ("Properties", "accessTier")


def test_keys_are_spelled_as_the_source_spells_them() -> None:
    body = {"a": [{"B": 1}], "Exact": {"exact": 1, "EXACT": 2}}
    assert as_written(body, ("A", 0, "b")) == ("a", 0, "B")
    assert as_written(body, ("A", 0, "b", "c")) == ("a", 0, "B", "c")
    assert as_written(body, ("A", 7, "b")) == ("a", 7, "b")
    assert as_written(body, ("exact", "EXACT")) == ("Exact", "EXACT")
    assert as_written(body, ("missing", "x")) == ("missing", "x")


def test_a_source_without_a_notation_of_its_own_keeps_the_path() -> None:
    assert only(arm(STORAGE, "acct")).source_path(("kind",))[1] == ("kind",)
