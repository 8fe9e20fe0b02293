"""What is in a plan: every resource as it will be."""

import pytest

from scanner.model.unknown import Unknown
from tests.sources.terraform.plan.builder import AZURERM, change, configured, named, only, plan, planned, read


def test_a_resource_as_it_will_be() -> None:
    document = plan(
        change('module.a["x"].azurerm_subnet.b[0]', {"name": "n", "tags": None}, after_unknown={"id": True}),
        configuration={
            "provider_config": {"azurerm": {"full_name": AZURERM, "version_constraint": "~> 4.0"}},
            "root_module": {},
        },
    )
    instance = only(document)
    assert (instance.address, instance.type, instance.name, instance.mode) == (
        'module.a["x"].azurerm_subnet.b[0]',
        "azurerm_subnet",
        "b",
        "managed",
    )
    assert (instance.provider, instance.provider_major, instance.file) == ("azurerm", 4, "plan.json")
    assert instance.attributes["name"] == "n"
    assert instance.attributes["tags"] is None
    assert instance.attributes["id"] == Unknown("known after apply", 'module.a["x"].azurerm_subnet.b[0].id')


@pytest.mark.parametrize(
    ("actions", "there"),
    [
        (["no-op"], True),
        (["create"], True),
        (["update"], True),
        (["delete", "create"], True),
        (["create", "delete"], True),
        (["delete"], False),
        (["forget"], False),
    ],
)
def test_what_will_be_destroyed_is_not_in_the_future(actions: list[str], there: bool) -> None:
    found = read(plan(change("azurerm_subnet.a", {"name": "n"} if there else None, actions=actions)))
    assert bool(found.instances) is there
    assert found.problems == ()


def test_data_is_there_whether_it_was_read_or_will_be() -> None:
    was_read = planned("data.azurerm_client_config.me", {"tenant_id": "t"})
    kept = planned("azurerm_subnet.old", {"id": "/old"})
    later = change("data.azurerm_subnet.later", {"name": "n"}, actions=["read"], after_unknown={"id": True})
    modules = [{"address": "module.m", "resources": [planned("module.m.data.azurerm_subnet.inner", {"id": "/x"})]}]
    prior = {"values": {"root_module": {"resources": [was_read, kept], "child_modules": modules}}}
    found = named(read(plan(later, prior_state=prior)).instances)

    assert sorted(found) == [
        "data.azurerm_client_config.me",
        "data.azurerm_subnet.later",
        "module.m.data.azurerm_subnet.inner",
    ]
    assert {instance.mode for instance in found.values()} == {"data"}
    assert found["data.azurerm_client_config.me"].attributes == {"tenant_id": "t"}
    assert found["data.azurerm_subnet.later"].attributes["id"].origin == "data.azurerm_subnet.later.id"


def test_deposed_objects_are_left_out() -> None:
    document = plan(change("azurerm_subnet.a", {"name": "n"}))
    deposed = change("azurerm_subnet.a", None, actions=["delete"]) | {"deposed": "abcd1234"}
    replaced = change("azurerm_subnet.a", {"name": "old"}) | {"deposed": "abcd1235"}
    document["resource_changes"] += [replaced, deposed]
    assert [instance.attributes["name"] for instance in read(document).instances] == ["n"]


def test_secrets_are_hidden_however_they_are_marked() -> None:
    after = {"a": "s3cr3t", "b": {"c": "s3cr3t", "d": 1}, "primary_access_key": "s3cr3t", "name": "n"}
    instance = only(plan(change("azurerm_x.y", after, after_sensitive={"a": True, "b": {"c": True}})))
    assert instance.attributes["name"] == "n"
    assert instance.attributes["b"]["d"] == 1
    assert "s3cr3t" not in repr(instance)
    whole = only(plan(change("azurerm_x.y", {"a": "s3cr3t", "b": None}, after_sensitive=True)))
    assert whole.attributes == {"a": Unknown("marked sensitive"), "b": None}


def test_what_is_planned_without_a_change_is_there_too() -> None:
    document = plan(
        change("azurerm_subnet.a", {"name": "a"}),
        planned_values={
            "root_module": {
                "resources": [planned("azurerm_subnet.a"), planned("azurerm_subnet.b", {"name": "b", "key": "x"})],
                "child_modules": [
                    {
                        "resources": [
                            planned("module.m[0].azurerm_subnet.c[1]", {"p": "x"}, sensitive_values={"p": True})
                        ]
                    }
                ],
            }
        },
    )
    found = named(read(document).instances)
    assert sorted(found) == ["azurerm_subnet.a", "azurerm_subnet.b", "module.m[0].azurerm_subnet.c[1]"]
    assert found["module.m[0].azurerm_subnet.c[1]"].attributes == {"p": Unknown("marked sensitive")}


def test_members_may_come_in_any_order() -> None:
    document = plan(
        change("azurerm_x.y", {}, after_unknown={"scope": True}),
        change("azurerm_z.a", {}, after_unknown={"id": True}),
        root={"resources": [configured("azurerm_x.y", {"scope": ["azurerm_z.a.id", "azurerm_z.a"]})]},
    )
    backwards = dict(reversed(document.items()))
    assert read(backwards).instances == read(document).instances
    assert named(read(backwards).instances)["azurerm_x.y"].attributes["scope"].origin == "azurerm_z.a.id"


def test_a_plan_that_changes_nothing_is_empty_and_fine() -> None:
    assert read(plan()).problems == ()
    assert read(plan(planned_values={}, resource_changes=None)).problems == ()


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"errored": True}, "planning ended with an error, so the plan is not complete"),
        ({"complete": False}, "the plan is not complete: it was targeted, or changes were deferred"),
        ({"deferred_changes": [{}, {}]}, "2 changes are deferred and not in the plan"),
        (
            {"resource_changes": None},
            "the plan has no resource_changes: what is known only after apply is taken to be absent",
        ),
    ],
)
def test_a_plan_that_is_not_whole_says_so_and_is_read(members: dict[str, object], message: str) -> None:
    found = read(plan(change("azurerm_subnet.a", {"name": "n"}), **members))
    assert [(problem.message, problem.incomplete) for problem in found.problems] == [(message, True)]
    assert len(found.instances) == 1


def test_a_change_that_says_not_what_it_is_about_is_named_with_its_place() -> None:
    document = plan(change("azurerm_subnet.a", {"name": "n"}))
    document["resource_changes"].append({"mode": "managed", "change": {}})
    found = read(document)
    (problem,) = found.problems
    assert problem.message == "resource_changes[1] has no address, type, name or change"
    assert problem.line is not None
    assert len(found.instances) == 1
