"""Where a value that is known only after apply comes from."""

from collections.abc import Mapping
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from tests.sources.terraform.plan.builder import change, configured, named, plan, read

ACCOUNT = "azurerm_storage_account"


def origin_of(
    references: Any,
    *others: dict[str, Any],
    address: str = "azurerm_x.y",
    root: Mapping[str, Any] | None = None,
    **facts: Any,
) -> str | None:
    """Return the origin of ``scope`` of one resource; None where it is known."""
    changes = [change(address, {}, after_unknown={"id": True, "scope": True}), *others]
    block = address.partition("[")[0]
    resources = [configured(block, {"scope": references}, **facts)] if root is None else []
    found = named(read(plan(*changes, root=root or {"resources": resources})).instances)[address].attributes["scope"]
    assert isinstance(found, Unknown)
    assert found.reason == "known after apply"
    return found.origin


def new(address: str, **unknown: Any) -> dict[str, Any]:
    """Return the change of a resource that is created: its id is not known."""
    return change(address, {}, after_unknown={"id": True, **unknown})


def test_what_the_configuration_does_not_set_comes_from_the_resource_itself() -> None:
    (instance,) = read(plan(new("azurerm_x.y", identity=[{"principal_id": True}]))).instances
    assert instance.attributes["id"] == Unknown("known after apply", "azurerm_x.y.id")
    assert instance.attributes["identity"][0]["principal_id"].origin == "azurerm_x.y.identity[0].principal_id"


@pytest.mark.parametrize(
    ("references", "origin"),
    [
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"], f"{ACCOUNT}.a.id"),
        ([f"{ACCOUNT}.c[0].id", f"{ACCOUNT}.c[0]", f"{ACCOUNT}.c"], f"{ACCOUNT}.c[0].id"),
        ([f'{ACCOUNT}.f["k.x"].id', f'{ACCOUNT}.f["k.x"]', f"{ACCOUNT}.f"], f'{ACCOUNT}.f["k.x"].id'),
        ([f"{ACCOUNT}.a.identity[0].principal_id", f"{ACCOUNT}.a"], f"{ACCOUNT}.a.identity[0].principal_id"),
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a", f"{ACCOUNT}.c[0].id", f"{ACCOUNT}.c[0]", f"{ACCOUNT}.c"], ""),
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a", f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"], f"{ACCOUNT}.a.id"),
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a", "var.x", "path.module", "each.key"], f"{ACCOUNT}.a.id"),
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a", f"{ACCOUNT}.known.name", f"{ACCOUNT}.known"], f"{ACCOUNT}.a.id"),
        ([f"{ACCOUNT}.a.id", f"{ACCOUNT}.a", "local.z"], ""),
        ([f"{ACCOUNT}.gone.id", f"{ACCOUNT}.gone"], ""),
        ([f"{ACCOUNT}.f"], ""),
        (["var.x"], ""),
        ([], ""),
        (["nonsense"], ""),
    ],
)
def test_references_of_an_argument(references: list[str], origin: str) -> None:
    others = [
        new(f"{ACCOUNT}.a", identity=[{"principal_id": True}]),
        new(f"{ACCOUNT}.c[0]"),
        new(f'{ACCOUNT}.f["k.x"]'),
        new(f'{ACCOUNT}.f["z"]'),
        change(f"{ACCOUNT}.known", {"id": "/x", "name": "n"}, actions=["no-op"]),
    ]
    assert origin_of(references, *others) == origin


def test_the_instance_with_the_same_key_is_meant() -> None:
    """``azurerm_storage_account.a[each.key].id`` is given as the block and ``each.key``."""
    accounts = [new(f'{ACCOUNT}.a["x"]'), new(f'{ACCOUNT}.a["y"]')]
    found = origin_of([f"{ACCOUNT}.a", "each.key"], *accounts, address='azurerm_x.y["y"]')
    assert found == f'{ACCOUNT}.a["y"].id'


def test_what_a_loop_over_a_resource_gives() -> None:
    accounts = [new(f'{ACCOUNT}.a["x"]'), new(f'{ACCOUNT}.a["y"]')]
    loop = {"references": [f"{ACCOUNT}.a"]}
    references = ["each.value.id", "each.value"]
    found = origin_of(references, *accounts, address='azurerm_x.y["x"]', for_each_expression=loop)
    assert found == f'{ACCOUNT}.a["x"].id'
    assert origin_of(references, *accounts, address='azurerm_x.y["x"]', for_each_expression={}) == ""


def test_nested_blocks_have_expressions_of_their_own() -> None:
    blocks = [{"subnet_id": ["azurerm_subnet.a.id", "azurerm_subnet.a"]}, {"subnet_id": ["azurerm_subnet.b.id"]}]
    document = plan(
        change("azurerm_x.y", {}, after_unknown={"ip": [{"subnet_id": True}, {"subnet_id": True, "private": True}]}),
        new("azurerm_subnet.a"),
        new("azurerm_subnet.b"),
        root={"resources": [configured("azurerm_x.y", {"ip": blocks})]},
    )
    ip = named(read(document).instances)["azurerm_x.y"].attributes["ip"]
    assert [one["subnet_id"].origin for one in ip] == ["azurerm_subnet.a.id", "azurerm_subnet.b.id"]
    assert ip[1]["private"].origin == "azurerm_x.y.ip[1].private"


def module(name: str, inner: Mapping[str, Any], expressions: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
    about = {key: {"references": value} for key, value in expressions.items()}
    return {name: {"source": f"./{name}", "expressions": about, "module": inner, **facts}}


def test_through_a_variable_of_a_module() -> None:
    inner = {"resources": [configured("azurerm_x.y", {"scope": ["var.target"]})]}
    root = {"module_calls": module("m", inner, {"target": [f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"]})}
    for address in ("module.m.azurerm_x.y", 'module.m["k"].azurerm_x.y[0]'):
        assert origin_of(None, new(f"{ACCOUNT}.a"), address=address, root=root) == f"{ACCOUNT}.a.id"


def test_through_a_whole_resource_that_is_handed_on() -> None:
    inner = {"resources": [configured("azurerm_x.y", {"scope": ["var.account.id", "var.account"]})]}
    root = {"module_calls": module("m", inner, {"account": [f"{ACCOUNT}.a"]})}
    assert origin_of(None, new(f"{ACCOUNT}.a"), address="module.m.azurerm_x.y", root=root) == f"{ACCOUNT}.a.id"


def test_through_an_object_that_is_made_on_the_way() -> None:
    inner = {"resources": [configured("azurerm_x.y", {"scope": ["var.o.account_id", "var.o"]})]}
    root = {"module_calls": module("m", inner, {"o": [f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"]})}
    assert origin_of(None, new(f"{ACCOUNT}.a"), address="module.m.azurerm_x.y", root=root) == f"{ACCOUNT}.a.id"


def test_through_an_output_of_a_module_and_two_levels() -> None:
    account = configured(ACCOUNT + ".a", {})
    inner = {
        "resources": [account],
        "outputs": {"id": {"expression": {"references": [f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"]}}},
    }
    outer = {
        "module_calls": module("inner", inner, {}),
        "outputs": {"id": {"expression": {"references": ["module.inner.id", "module.inner"]}}},
    }
    root = {
        "module_calls": module("outer", outer, {}),
        "resources": [configured("azurerm_x.y", {"scope": ["module.outer.id", "module.outer"]})],
    }
    address = f"module.outer.module.inner.{ACCOUNT}.a"
    assert origin_of(None, new(address), root=root) == f"{address}.id"


def test_an_output_of_one_of_several_module_instances() -> None:
    inner = {"outputs": {"id": {"expression": {"references": [f"{ACCOUNT}.a.id", f"{ACCOUNT}.a"]}}}}
    accounts = [new(f'module.m["{key}"].{ACCOUNT}.a') for key in "xy"]
    calls = module("m", inner, {}, for_each_expression={})

    def root(*references: str) -> dict[str, Any]:
        return {"module_calls": calls, "resources": [configured("azurerm_x.y", {"scope": list(references)})]}

    named_key = root('module.m["x"].id', 'module.m["x"]', "module.m")
    assert origin_of(None, *accounts, root=named_key) == f'module.m["x"].{ACCOUNT}.a.id'
    lost = root("module.m", "each.key")
    assert origin_of(None, *accounts, address='azurerm_x.y["x"]', root=lost) == ""


def test_a_circle_of_modules_ends() -> None:
    inner: dict[str, Any] = {"outputs": {"id": {"expression": {"references": ["var.a"]}}}}
    root = {
        "module_calls": module("m", inner, {"a": ["module.m.id"]}),
        "resources": [configured("azurerm_x.y", {"scope": ["module.m.id"]})],
    }
    assert origin_of(None, root=root) == ""


def test_an_attribute_that_was_lost_follows_from_the_one_it_fills() -> None:
    def filled(argument: str, **unknown: Any) -> str:
        document = plan(
            change('azurerm_x.y["k"]', {}, after_unknown={argument: True}),
            change(f'{ACCOUNT}.a["k"]', {}, after_unknown=unknown),
            change(f'{ACCOUNT}.a["l"]', {}, after_unknown=unknown),
            root={"resources": [configured("azurerm_x.y", {argument: [f"{ACCOUNT}.a", "each.key"]})]},
        )
        found = named(read(document).instances)['azurerm_x.y["k"]'].attributes[argument]
        assert isinstance(found, Unknown)
        return found.origin

    assert filled("storage_account_id", id=True) == f'{ACCOUNT}.a["k"].id'
    assert filled("principal_id", id=True, principal_id=True) == f'{ACCOUNT}.a["k"].principal_id'
    assert filled("endpoint", id=True) == ""
    assert filled("storage_account_id", name=True) == ""
