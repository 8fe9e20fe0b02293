import pytest

from scanner.canonical.shapes import is_extension, location, parent_type, shape_of


def test_shapes_are_found_in_any_case_and_made_once() -> None:
    shape = shape_of("MICROSOFT.STORAGE/StorageAccounts")
    assert shape.type == "Microsoft.Storage/storageAccounts"
    assert shape.root.below["properties"].below["minimumtlsversion"].name == "minimumTlsVersion"
    assert shape_of("MICROSOFT.STORAGE/StorageAccounts") is shape


def test_a_type_that_is_not_known_has_the_envelope() -> None:
    shape = shape_of("microsoft.Foo/bars")
    assert shape.type == "Microsoft.Foo/bars"
    assert shape.root.below["sku"].below["name"].name == "name"
    assert not shape.nested
    assert not shape.defaults


def test_extension_types() -> None:
    assert shape_of("Microsoft.Authorization/roleAssignments").extension
    assert not shape_of("Microsoft.Storage/storageAccounts").extension


@pytest.mark.parametrize(
    ("value", "expected"),
    [("West Europe", "westeurope"), ("westeurope", "westeurope"), ("Global", "global"), (None, None)],
)
def test_locations(value: str | None, expected: str | None) -> None:
    assert location(value) == expected


def test_parents_of_types() -> None:
    assert parent_type("Microsoft.X/a/b/c") == "Microsoft.X/a/b"
    assert parent_type("Microsoft.X/a") == ""


def test_ids_of_extensions() -> None:
    account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
    assert is_extension(f"{account}/providers/Microsoft.Authorization/locks/l")
    assert not is_extension(account)
    assert not is_extension(f"{account}/blobServices/default")
    assert not is_extension("{var.x}/x")


@pytest.mark.parametrize(
    ("version", "expected"),
    [("2018-02-01", False), ("2019-04-01", True), ("2019-04-01-preview", True), ("", True)],
)
def test_a_default_by_version(version: str, expected: bool) -> None:
    default = next(
        each
        for each in shape_of("Microsoft.Storage/storageAccounts").defaults
        if each.path[-1] == "supportsHttpsTrafficOnly"
    )
    assert default.value(version) == (True, expected)
