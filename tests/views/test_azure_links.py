from scanner.inventory import Inventory
from scanner.model.unknown import Unknown
from scanner.views.azure_links import Link, Linked, at_hand
from tests.views.azure import GROUP, azure

ACCOUNT = "Microsoft.Storage/storageAccounts"
ITEM = "Microsoft.RecoveryServices/vaults/backupFabrics"
BACKUPS = Link((ITEM,), ("properties.source", "properties.others[*].id"))


def account(name: str) -> str:
    return f"{GROUP}/providers/{ACCOUNT}/{name}"


def item(name: str, source: object) -> object:
    return azure(f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/{name}", {"source": source})


def linked(target: str, *resources: object) -> Linked:
    return BACKUPS.to(Inventory(resources), target)  # type: ignore[arg-type]


def test_equal_ids_are_joined_whatever_their_case() -> None:
    one = item("a", account("docs").upper().replace("/SUBSCRIPTIONS", "/subscriptions") + "/")
    assert linked(account("docs"), one, item("b", account("other"))) == Linked((one,))  # type: ignore[arg-type]


def test_the_same_text_in_braces_means_the_same_thing() -> None:
    unborn = account("{azurerm_storage_account.docs}")
    one = item("a", unborn)
    assert linked(unborn, one).sure == (one,)


def test_ids_in_lists_count() -> None:
    one = azure(
        f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/a", {"others": [{"id": account("d")}]}
    )
    assert linked(account("d"), one).sure == (one,)


def test_what_is_not_known_may_be_meant() -> None:
    for source in (
        Unknown("var.x has no value"),
        "{var.x}",
        account("{var.x}"),
        account("docs").replace("/s/", "/{s}/"),
    ):
        one = item("a", source)
        assert linked(account("docs"), one) == Linked((), one), source  # type: ignore[arg-type]


def test_what_is_known_to_be_something_else_is_not_meant() -> None:
    for source in (
        account("other"),
        account("other").replace("/s/", "/{s}/"),
        account("docs").replace("rg", "other"),
        7,
        "",
    ):
        assert linked(account("docs"), item("a", source)) == Linked(()), source


def test_an_id_of_another_resource_at_hand_is_not_meant_however_alike_it_looks() -> None:
    one, other = account("{azurerm_storage_account.one}"), account("{azurerm_storage_account.other}")
    assert linked(one, item("a", other)).perhaps is not None
    assert linked(one, item("a", other), azure(other)) == Linked(())


def test_a_resource_is_found_by_its_id() -> None:
    docs = azure(account("docs"))
    inventory = Inventory([docs])
    assert at_hand(inventory, account("DOCS"), ACCOUNT) is docs
    assert at_hand(inventory, account("none"), ACCOUNT) is None
