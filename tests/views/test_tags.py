import pytest

from scanner.views import tag, why_untagged
from tests.engine.rules import make_resource

ACCOUNT = "Microsoft.Storage/storageAccounts"


@pytest.mark.parametrize(
    ("type_", "attributes", "reason"),
    [
        (ACCOUNT, {"location": "westeurope"}, ""),
        (f"{ACCOUNT}/blobServices", {}, "it is part of another resource and carries no tags"),
        ("Microsoft.Resources/resourceGroups", {}, ""),
        (
            "Microsoft.Resources/deployments",
            {"location": "westeurope"},
            "it is part of another resource and carries no tags",
        ),
        ("Microsoft.Authorization/locks", {"location": "x"}, "the estate exempts its type from tags"),
    ],
)
def test_what_carries_tags(type_: str, attributes: dict[str, str], reason: str) -> None:
    assert why_untagged(make_resource(attributes, type_), ["microsoft.authorization/*"]) == reason


@pytest.mark.parametrize(
    ("tags", "exactly", "found"),
    [
        ({"Owner": "a"}, False, ("Owner", "a")),
        ({"Owner": "a"}, True, ("", "")),
        ({"owner": "b", "OWNER": "a"}, False, ("owner", "b")),
        ({"owner": ""}, False, ("", "")),
        ({"owner": 7}, True, ("owner", "7")),
        ({}, False, ("", "")),
    ],
)
def test_one_tag(tags: dict[str, object], exactly: bool, found: tuple[str, str]) -> None:
    assert tag(make_resource({"tags": tags}, ACCOUNT), "owner", exactly) == found


def test_tags_of_another_shape_are_none() -> None:
    assert tag(make_resource({"tags": "x"}, ACCOUNT), "owner") == ("", "")
