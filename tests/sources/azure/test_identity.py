import pytest

from scanner.sources.azure.identity import identify
from tests.sources.azure.rows import GROUP, SUBSCRIPTION


def test_all_spellings_of_an_id_are_one() -> None:
    spellings = [
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/Acct",
        f"{GROUP.replace('resourceGroups', 'resourcegroups').upper()}/providers/microsoft.storage/storageaccounts/Acct",
        f"{GROUP}/Providers/MICROSOFT.STORAGE/STORAGEACCOUNTS/Acct/",
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/Acct"[1:],
    ]
    found = {identify(spelling) for spelling in spellings}
    assert found == {
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/Acct", "Microsoft.Storage/storageAccounts", "Acct")
    }


@pytest.mark.parametrize(
    ("id_", "type_", "name"),
    [
        (SUBSCRIPTION, "Microsoft.Resources/subscriptions", SUBSCRIPTION.rpartition("/")[2]),
        (GROUP, "Microsoft.Resources/resourceGroups", "rg-shop"),
        ("/providers/Microsoft.Management/managementGroups/root", "Microsoft.Management/managementGroups", "root"),
        (
            f"{GROUP}/providers/microsoft.dbforpostgresql/flexibleservers/db/virtualnewthings/x",
            "Microsoft.DBforPostgreSQL/flexibleServers/virtualnewthings",
            "db/x",
        ),
        (
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a/providers/microsoft.insights/diagnosticSettings/d",
            "Microsoft.Insights/diagnosticSettings",
            "d",
        ),
    ],
)
def test_type_and_name_come_from_the_id(id_: str, type_: str, name: str) -> None:
    found = identify(id_)
    assert found is not None
    assert (found.type, found.name) == (type_, name)


@pytest.mark.parametrize("text", ["", "/", "nothing", "https://vault.azure.net/keys/k", "/subscriptions"])
def test_other_texts_name_nothing(text: str) -> None:
    assert identify(text) is None
