from scanner.canonical.levels import NEWEST_MAJOR
from scanner.canonical.type_map import type_map


def test_a_type_is_made_ready_once_per_major() -> None:
    assert type_map("azurerm_storage_account", 4) is type_map("azurerm_storage_account", 4)
    assert type_map("azurerm_storage_account", 4) is not type_map("azurerm_storage_account", 3)
    assert type_map("azurerm_nothing", 4) is None


def test_without_a_major_the_newest_is_meant() -> None:
    newest, unstated = (type_map("azurerm_storage_account", major) for major in (NEWEST_MAJOR, None))
    assert newest is not None
    assert unstated is not None
    bodies: list[dict[str, object]] = [{}, {}]
    for table, body in zip((newest, unstated), bodies, strict=True):
        table.level.fill({}, body, body, None)  # type: ignore[arg-type]
    assert bodies[0] == bodies[1]


def test_what_templates_read_is_understood() -> None:
    table = type_map("azurerm_network_security_rule", 5)
    assert table is not None
    assert {"network_security_group_name", "resource_group_name", "name", "access"} <= table.understood
    assert "something_else" not in table.understood


def test_associations_have_ways_to_their_target() -> None:
    table = type_map("azurerm_storage_account_network_rules", 5)
    assert table is not None
    assert table.patch is not None
    assert [way.id is not None for way in table.patch] == [True, False]
