"""What is in a state: every resource as it is."""

import pytest

from scanner.model.unknown import Unknown
from tests.sources.terraform.plan.builder import kept, named, only, planned, read, state


def test_an_instance_with_its_real_id() -> None:
    instance = only(state(kept("azurerm_subnet", "a", {"attributes": {"id": "/subscriptions/1", "name": "n"}})))
    assert (instance.address, instance.type, instance.name, instance.mode) == (
        "azurerm_subnet.a",
        "azurerm_subnet",
        "a",
        "managed",
    )
    assert (instance.provider, instance.provider_major) == ("azurerm", None)
    assert instance.attributes == {"id": "/subscriptions/1", "name": "n"}


def test_addresses_hold_modules_and_keys() -> None:
    document = state(
        kept("azurerm_subnet", "a", {"index_key": 0, "attributes": {}}, {"index_key": 1, "attributes": {}}),
        kept("azurerm_subnet", "b", {"index_key": 'k"x', "attributes": {}}, module='module.m["t"]'),
        kept("azurerm_client_config", "me", {"attributes": {}}, mode="data", module="module.m.module.n[2]"),
    )
    assert sorted(named(read(document).instances)) == [
        "azurerm_subnet.a[0]",
        "azurerm_subnet.a[1]",
        "module.m.module.n[2].data.azurerm_client_config.me",
        'module.m["t"].azurerm_subnet.b["k\\"x"]',
    ]


def test_secrets_are_hidden_and_the_private_data_of_providers_is_not_kept() -> None:
    marked = [[{"type": "get_attr", "value": "custom"}]]
    attributes = {"custom": "s3cr3t", "primary_access_key": "s3cr3t", "nested": [{"password": "s3cr3t"}], "name": "n"}
    instance = only(
        state(
            kept(
                "azurerm_storage_account",
                "a",
                {"attributes": attributes, "sensitive_attributes": marked, "private": "s3cr3t"},
            ),
            outputs={"key": {"value": "s3cr3t", "type": "string", "sensitive": True}},
        )
    )
    assert instance.attributes["custom"] == Unknown("marked sensitive")
    assert instance.attributes["name"] == "n"
    assert "s3cr3t" not in repr(instance)


def test_an_attribute_of_any_type_is_unwrapped() -> None:
    """A provider may leave the type open (``body`` of azapi); the state then holds it beside the value."""
    body = {"value": {"properties": {"secret": "s3cr3t", "n": 1}}, "type": ["object", {"properties": "dynamic"}]}
    path = [{"type": "get_attr", "value": name} for name in ("body", "properties", "secret")]
    instance = only(
        state(kept("azapi_resource", "a", {"attributes": {"body": body}, "sensitive_attributes": [path]})),
    )
    assert instance.attributes == {"body": {"properties": {"secret": Unknown("marked sensitive"), "n": 1}}}
    tags = {"value": "x", "type": 7}
    assert only(state(kept("azurerm_x", "a", {"attributes": {"tags": tags}}))).attributes == {"tags": tags}


def test_deposed_objects_are_left_out() -> None:
    document = state(kept("azurerm_subnet", "a", {"attributes": {"n": 1}}, {"deposed": "ab12", "attributes": {"n": 2}}))
    assert only(document).attributes == {"n": 1}


def test_the_type_may_stand_behind_the_instances() -> None:
    document = state(dict(reversed(kept("azurerm_subnet", "a", {"attributes": {"n": 1}}).items())))
    assert only(document).address == "azurerm_subnet.a"


def shown(**members: object) -> dict[str, object]:
    return {"format_version": "1.0", "terraform_version": "1.11.4", **members}


def test_what_show_prints_of_a_state() -> None:
    child = {"address": 'module.m["a"]', "resources": [planned('module.m["a"].azurerm_subnet.b[0]', {"n": 2})]}
    root = {
        "resources": [
            planned("azurerm_subnet.a", {"n": 1, "p": "s3cr3t"}, sensitive_values={"p": True}),
            planned("azurerm_subnet.old", {}, deposed_key="ab12"),
            planned("azurerm_subnet.whole", {"p": "s3cr3t"}, sensitive_values=True),
        ],
        "child_modules": [child],
    }
    document = shown(values={"outputs": {"o": {"value": "s3cr3t", "sensitive": True}}, "root_module": root})
    found = named(read(document).instances)
    assert sorted(found) == ["azurerm_subnet.a", "azurerm_subnet.whole", 'module.m["a"].azurerm_subnet.b[0]']
    assert found["azurerm_subnet.a"].attributes == {"n": 1, "p": Unknown("marked sensitive")}
    assert "s3cr3t" not in repr(found)


def test_an_empty_state_is_fine_in_both_forms() -> None:
    for content in (state(), shown(values={"root_module": {}}), '{"format_version":"1.0"}'):
        found = read(content)
        assert (found.kind, found.instances, found.problems) == ("state", (), ())


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ("junk", "resources[0] is no object"),
        ({"instances": []}, "resources[0] has no type or name"),
        (kept("a", "b") | {"instances": [7]}, "resources[0].instances[0] is no object"),
        (
            kept("a", "b", {"attributes_flat": {"id": "1"}}),
            "a.b has no attributes, or those of a Terraform before 0.12",
        ),
    ],
)
def test_a_resource_that_cannot_be_read_is_named_and_the_others_are_read(resource: object, message: str) -> None:
    document = state(kept("azurerm_subnet", "a", {"attributes": {}}))
    document["resources"].insert(0, resource)
    found = read(document)
    assert [problem.message for problem in found.problems] == [message]
    assert found.problems[0].line is not None
    assert [instance.address for instance in found.instances] == ["azurerm_subnet.a"]
