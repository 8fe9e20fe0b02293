import pytest

from scanner.packs.loader import builtin_packs
from scanner.sources.azure import queries
from scanner.sources.azure.needs import CALLS, TABLES, Target, plan_for
from scanner.sources.azure.permissions import Permission, permissions
from tests.conftest import ROOT
from tests.sources.azure.asking import plan, rule

STORAGE = "Microsoft.Storage/storageAccounts"


def test_a_rule_about_a_type_needs_that_type_and_nothing_else() -> None:
    needed = plan(STORAGE)
    assert (needed.types, needed.queries, needed.calls) == (frozenset([STORAGE.lower()]), (), ())


def test_a_rule_about_every_resource_needs_them_all() -> None:
    assert plan("Microsoft.*").types is None


def test_a_child_is_found_through_its_parent() -> None:
    needed = plan(f"{STORAGE}/blobServices/containers")
    assert needed.types == frozenset([STORAGE.lower()])
    assert [call.url for call in needed.calls] == ["/blobServices/default/containers?api-version=2023-05-01"]


def test_what_arm_nests_comes_with_its_parent() -> None:
    needed = plan("Microsoft.Network/networkSecurityGroups/securityRules")
    assert needed.types == frozenset(["microsoft.network/networksecuritygroups"])
    assert needed.calls == ()


def test_a_child_that_says_what_a_rule_reads_of_the_parent_is_asked_for() -> None:
    vault = "Microsoft.RecoveryServices/vaults"
    state = ("properties", "securitySettings", "softDeleteSettings", "softDeleteState")
    assert [call.type for call in plan_for([rule("T-001", vault, reads=[state])]).calls] == [f"{vault}/backupconfig"]
    assert plan_for([rule("T-001", vault, reads=[("tags",)])]).calls == ()


def test_tables_of_their_own_are_asked_once_for_all_their_types() -> None:
    needed = plan("Microsoft.Authorization/roleAssignments", looks_up=["Microsoft.Authorization/roleDefinitions"])
    assert needed.queries == (queries.AUTHORIZATION,)
    assert needed.types == frozenset()


def test_diagnostics_are_asked_for_the_types_that_are_judged_by_them() -> None:
    needed = plan(STORAGE, looks_up=["Microsoft.Insights/diagnosticSettings"])
    assert needed.subjects == {"microsoft.insights/diagnosticsettings": frozenset([STORAGE.lower()])}


def test_rules_that_are_not_for_the_audit_need_nothing() -> None:
    from dataclasses import replace

    assert plan_for([replace(rule("T-001", STORAGE), points=("gate",))]).types == frozenset()
    assert plan_for([rule("T-001", "core/Pod")]).types == frozenset()


def test_every_call_says_what_it_is_made_for() -> None:
    for call in CALLS:
        assert call.path.startswith("/")
        assert (call.target is Target.RESOURCE) == bool(call.parent)
        assert len({other.type for other in CALLS}) == len(CALLS)


def test_all_rules_there_are_have_a_plan() -> None:
    needed = plan_for([one for pack in builtin_packs() for one in pack.rules])
    assert needed.types is None
    assert queries.AUTHORIZATION in needed.queries
    assert f"{STORAGE}/blobServices" in {call.type for call in needed.calls}
    assert needed.unread == ()


def test_a_type_that_nothing_gives_is_named() -> None:
    assert plan("Microsoft.Example/things/parts").unread == ("microsoft.example/things/parts",)
    assert plan("Microsoft.Sql/servers/databases", "Microsoft.Graph/groups", "Microsoft.Example/things").unread == ()


ALWAYS = (
    "Microsoft.Management/managementGroups/descendants/read",
    "Microsoft.Management/managementGroups/read",
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
)


def test_permissions_are_those_of_the_plan() -> None:
    found = permissions([rule("T-001", f"{STORAGE}/blobServices"), rule("T-002", STORAGE)])
    assert found == (
        *(Permission(action, ()) for action in ALWAYS),
        Permission(f"{STORAGE}/blobServices/read", ("T-001",)),
        Permission(f"{STORAGE}/read", ("T-001", "T-002")),
    )


def test_permissions_of_what_is_nested_are_those_of_the_parent() -> None:
    found = permissions([rule("T-001", "Microsoft.Network/networkSecurityGroups/securityRules")])
    assert "Microsoft.Network/networkSecurityGroups/read" in {one.action for one in found}
    assert not any("securityRules" in one.action for one in found)


def test_no_rules_need_only_what_every_run_needs() -> None:
    assert tuple(one.action for one in permissions([])) == ALWAYS


def test_all_permissions_only_read() -> None:
    found = permissions(one for pack in builtin_packs() for one in pack.rules)
    assert all(one.action.endswith("/read") for one in found)
    (everything,) = [one for one in found if one.action == "*/read"]
    assert {"GOV-001", "TAG-001", "TAG-002"} <= set(everything.rules)
    assert not any(one.action.startswith("Microsoft.Graph/") for one in found)


@pytest.mark.parametrize(
    ("counts", "types", "number"),
    [
        ([], None, 1),
        ([("Microsoft.Compute/disks", 700)], None, 1),
        ([("Microsoft.Compute/disks", 701)], None, 2),
        ([("Microsoft.Compute/disks", 7000)], {"microsoft.storage/storageaccounts"}, 1),
        ([("microsoft.containerservice/managedclusters", 700)], None, 5),
    ],
)
def test_how_a_pull_is_divided(counts: list[tuple[str, int]], types: set[str] | None, number: int) -> None:
    assert queries.partitions(counts, types) == number


def test_the_order_of_a_query_is_one_in_which_each_row_has_one_place() -> None:
    for query in (queries.CONTAINERS, queries.AUTHORIZATION, queries.BACKUP, queries.POLICIES, queries.resources(None)):
        assert query.text().endswith(" | order by id asc")
        assert " | where hash(tolower(id)) % 4 == 3 | project id," in query.text(3, 4)


def test_the_documentation_lists_every_question_and_every_call() -> None:
    text = (ROOT / "docs" / "azure.md").read_text("utf-8")
    for query in (queries.resources(None), queries.CONTAINERS, *set(TABLES.values())):
        assert f"\n{query.text()}\n" in text
    for call in CALLS:
        assert any(
            line.startswith(f"| `{call.type}` | ") and line.endswith(f" | `{call.path}` | {call.version} |")
            for line in text.splitlines()
        ), call.type
