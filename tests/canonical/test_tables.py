from scanner.canonical.tables import arm_paths, arm_type, arm_types, terraform_type, terraform_types


def test_what_is_not_known_is_none() -> None:
    assert terraform_type("azurerm_nothing") is None
    assert arm_type("microsoft.nothing/things") is None
    assert arm_paths("microsoft.nothing/things") == {}


def test_every_line_can_be_read() -> None:
    assert len(terraform_types()) > 48
    assert all(terraform_type(name) for name in terraform_types())
    assert "microsoft.storage/storageaccounts" in arm_types()
    for name in arm_types():
        table = arm_type(name)
        assert table is not None
        assert table["type"].lower() == name
        assert all(isinstance(path, str) for path in arm_paths(name))
