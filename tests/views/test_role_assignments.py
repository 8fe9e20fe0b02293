import pytest

from scanner.inventory import Inventory
from scanner.model.unknown import Unknown
from scanner.views.azure_ids import Level
from scanner.views.role_assignments import Role, principal_of, role_of, scope_of, writes
from tests.views.azure import GROUP, azure

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions"
CUSTOM = f"{GROUP}{DEFINITIONS}/own"


def assignment(role: object = f"/subscriptions/s{DEFINITIONS}/{OWNER}", scope: str = GROUP, **properties: object):  # type: ignore[no-untyped-def]
    return azure(
        f"{scope}/providers/Microsoft.Authorization/roleAssignments/a", {"roleDefinitionId": role, **properties}
    )


def definition(*actions: str, data: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    permissions = [{"actions": list(actions), "dataActions": list(data)}]
    return azure(CUSTOM, {"roleName": "ours", "permissions": permissions})


def test_a_role_is_told_by_the_end_of_its_id() -> None:
    for text in (f"{DEFINITIONS}/{OWNER}", f"/subscriptions/s{DEFINITIONS}/{OWNER.upper()}", OWNER):
        assert role_of(assignment(text), Inventory()).name == "Owner"


def test_a_custom_role_is_known_where_it_is_defined() -> None:
    own = definition("x/read")
    assert role_of(assignment(CUSTOM), Inventory([own])) == Role("ours", own)
    assert role_of(assignment(f"/subscriptions/s{DEFINITIONS}/own"), Inventory([own])) == Role("ours", own)
    assert role_of(assignment(CUSTOM), Inventory()) == Role("own", None)


@pytest.mark.parametrize("value", [Unknown("var.role has no value"), f"{GROUP}{DEFINITIONS}/{{var.role}}", None, 7])
def test_a_role_that_is_not_known_says_why(value: object) -> None:
    role = role_of(assignment(value), Inventory())
    assert (role.name, role.definition) == ("", None)
    assert role.unknown.startswith("roleDefinitionId is ")


@pytest.mark.parametrize(
    ("scope", "level", "title"),
    [
        ("/subscriptions/s", Level.SUBSCRIPTION, "subscription 's'"),
        ("/subscriptions/{subscription}", Level.SUBSCRIPTION, "this subscription"),
        (GROUP, Level.RESOURCE_GROUP, "resource group 'rg'"),
        (f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv", Level.RESOURCE, "vaults 'kv'"),
        ("/providers/Microsoft.Management/managementGroups/mg", Level.MANAGEMENT_GROUP, "management group 'mg'"),
    ],
)
def test_a_scope_is_told_by_where_the_assignment_stands(scope: str, level: Level, title: str) -> None:
    found = scope_of(assignment(scope=scope))
    assert (found.id, found.level, found.title, found.unknown) == (scope, level, title, "")
    assert found.is_high is (level in (Level.SUBSCRIPTION, Level.MANAGEMENT_GROUP))


def test_a_scope_that_is_not_known_says_why() -> None:
    one = assignment()
    found = scope_of(one.reduced({**one.attributes, "scope": Unknown("var.scope has no value")}))
    assert (found.level, found.unknown) == (None, "scope is not known: var.scope has no value")


def test_a_principal_is_compared_in_lower_case() -> None:
    assert principal_of(assignment(principalId="ABC")) == "abc"
    assert isinstance(principal_of(assignment()), Unknown)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role("Owner", None), True),
        (Role("AcrPush", None), True),
        (Role("Reader and Data Access", None), True),
        (Role("Reader", None), False),
        (Role("AcrPull", None), False),
        (Role("Storage Blob Data Reader", None), False),
        (Role("somebody's", None), None),
        (Role("ours", definition("x/read", "*/read")), False),
        (Role("ours", definition("x/read", "x/write")), True),
        (Role("ours", definition("x/read", data=("x/blobs/delete",))), True),
    ],
)
def test_what_a_role_may_change(role: Role, expected: bool | None) -> None:
    assert writes(role) is expected
