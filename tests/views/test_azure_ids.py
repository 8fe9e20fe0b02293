import pytest

from scanner.views.azure_ids import (
    AzureId,
    Level,
    is_known,
    level,
    may_be_same,
    name,
    parent,
    parse,
    resource_group,
    same,
    split,
    subscription,
    within,
)

GROUP = "/subscriptions/s1/resourceGroups/rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acct"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/c"
ASSIGNMENT = f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/a"


def test_the_parts_of_an_id() -> None:
    assert parse(CONTAINER) == AzureId(
        Level.RESOURCE,
        GROUP,
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        ("acct", "default", "c"),
        "s1",
        "rg",
    )
    assert parse(ASSIGNMENT) == AzureId(
        Level.RESOURCE, ACCOUNT, "Microsoft.Authorization/roleAssignments", ("a",), "s1", "rg"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/", Level.TENANT),
        ("/providers/Microsoft.Management/managementGroups/mg", Level.MANAGEMENT_GROUP),
        ("/subscriptions/s1", Level.SUBSCRIPTION),
        ("/subscriptions/{subscription}/", Level.SUBSCRIPTION),
        (GROUP, Level.RESOURCE_GROUP),
        ("/subscriptions/s1/RESOURCEGROUPS/rg", Level.RESOURCE_GROUP),
        (ACCOUNT, Level.RESOURCE),
        (ASSIGNMENT, Level.RESOURCE),
        ("/providers/Microsoft.Authorization/roleDefinitions/x", Level.RESOURCE),
        ("/subscriptions", None),
        ("/subscriptions/s1/resourceGroups", None),
        ("/subscriptions/s1/resourceGroups/rg/more", None),
        (f"{GROUP}/providers/Microsoft.Storage", None),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts", None),
        ("acct", None),
        ("", None),
        ("https://kv.vault.azure.net/keys/k", None),
    ],
)
def test_levels(text: str, expected: Level | None) -> None:
    assert level(text) == expected


def test_parents_go_up_to_the_tenant() -> None:
    chain = [CONTAINER]
    while chain[-1]:
        chain.append(parent(chain[-1]))
    assert chain[1:] == [f"{ACCOUNT}/blobServices/default", ACCOUNT, GROUP, "/subscriptions/s1", "/", ""]
    assert parent(ASSIGNMENT) == ACCOUNT
    assert parent("/providers/Microsoft.Management/managementGroups/mg") == "/"
    assert parent("no id") == ""


def test_the_group_and_subscription_of_anything() -> None:
    assert resource_group(ASSIGNMENT) == resource_group(GROUP) == GROUP
    assert resource_group("/subscriptions/s1") == resource_group("none") == ""
    assert subscription(CONTAINER) == "/subscriptions/s1"
    assert subscription("/providers/Microsoft.Management/managementGroups/mg") == ""


def test_names() -> None:
    assert (name(CONTAINER), name(GROUP), name("/subscriptions/s1"), name("/"), name("x")) == ("c", "rg", "s1", "", "")


def test_ids_compare_without_case_and_final_slash() -> None:
    assert same(ACCOUNT, ACCOUNT.upper() + "/")
    assert not same(ACCOUNT, GROUP)
    assert within(CONTAINER, ACCOUNT.upper())
    assert within(ACCOUNT, ACCOUNT)
    assert within(ACCOUNT, "/")
    assert not within(f"{ACCOUNT}2", ACCOUNT)


def test_a_slash_in_braces_separates_nothing() -> None:
    text = '/subscriptions/{subscription}/resourceGroups/{var.g["a/b"]}-x/providers/Microsoft.Storage/storageAccounts/a'
    assert split(text)[3] == '{var.g["a/b"]}-x'
    assert parse(text) is not None
    assert resource_group(text).endswith('/{var.g["a/b"]}-x')
    assert not is_known(text)
    assert is_known(ACCOUNT)


def test_what_may_be_the_same_once_it_is_known() -> None:
    account = "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/"
    assert may_be_same(f"{account}{{var.a}}", f"{account}acct")
    assert may_be_same(f"{account}ACCT", f"{account}acct")
    assert not may_be_same(f"{account}one", f"{account}two")
    assert not may_be_same(f"{account}{{var.a}}", GROUP)
