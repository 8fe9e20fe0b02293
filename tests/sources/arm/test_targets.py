import pytest

from scanner.sources.arm.targets import Target, names_of, resource_id, value_of
from scanner.sources.arm.values import Token

HERE = Target(subscription="s", resource_group="g", location="westeurope")


@pytest.mark.parametrize(
    ("identifier", "result"),
    [
        ("/subscriptions/s/resourceGroups/g", HERE.id),
        ("/subscriptions/t/resourceGroups/h", "/subscriptions/t/resourceGroups/h"),
        ("/subscriptions/t", "/subscriptions/t"),
        ("/providers/Microsoft.Management/managementGroups/m", "/providers/Microsoft.Management/managementGroups/m"),
        ("/", ""),
        ("", ""),
        ("{parameters.scope}", "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"),
    ],
)
def test_moves(identifier: str, result: str) -> None:
    assert HERE.moved(identifier).id == result


def test_the_region_is_that_of_the_group() -> None:
    assert HERE.moved(HERE.id).location == "westeurope"
    assert HERE.moved("/subscriptions/s/resourceGroups/other").location == "{location}"


def test_ids_of_containers_have_a_form_of_their_own() -> None:
    assert (
        resource_id("/subscriptions/s", "microsoft.resources/resourceGroups", ["g"])
        == "/subscriptions/s/resourceGroups/g"
    )
    assert resource_id("/subscriptions/s", "Microsoft.Resources/subscriptions", ["t"]) == "/subscriptions/t"


@pytest.mark.parametrize(
    ("value", "count", "names"),
    [
        ("a/b", 2, ["a", "b"]),
        ("a/b/c", 2, ["a", "b|c"]),
        ("a", 2, ["a"]),
        (Token("{p}", "x"), 2, ["{p[0]}", "{p[1]}"]),
        (Token("{p}/b", "x"), 2, ["{p}", "b"]),
    ],
)
def test_names_are_split(value: object, count: int, names: list[str]) -> None:
    assert names_of(value, count) == names


def test_a_text_with_an_unknown_part_is_no_text() -> None:
    assert value_of("/a/b", "x") == "/a/b"
    assert isinstance(value_of("/a/{b}", "x"), Token)
