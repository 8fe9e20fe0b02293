"""Content digests: the same wherever a Resource stands, another where it changes in what a Rule reads."""

from dataclasses import replace
from typing import Any

import pytest

from scanner.engine.content import content_of
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown

AT = ("containers", 0, "image")


def digest(read: Any, at: tuple[str | int, ...] = AT, rule: str = "ISO-001", **changes: Any) -> str:
    resource = Resource("root:azurerm_x.a", "core/Pod", {}, Origin("manifests", "a.yaml"), namespace="shop", name="web")
    return content_of(rule, replace(resource, **changes), at, read)


def test_it_says_nothing_of_where_a_resource_stands() -> None:
    moved = {"key": "other:module.m.azurerm_x.b", "origin": Origin("terraform", "b.tf", address="module.m.azurerm_x.b")}
    assert digest({"a": 1}) == digest({"a": 1}, **moved)
    assert len(digest({})) == 32


def test_the_order_of_a_list_counts_for_nothing_but_how_often_an_element_is_in_it() -> None:
    assert digest({"a": ["x", {"b": 1}]}) == digest({"a": [{"b": 1}, "x"]})
    assert digest({"a": ["x", "x"]}) != digest({"a": ["x"]})
    assert digest({"a": [1]}, ("a", 0)) == digest({"a": [1]}, ("a", 5))


@pytest.mark.parametrize(
    "other",
    [
        {"a": 2}, {"a": "1"}, {"a": True}, {"a": None}, {"a": [1]}, {"b": 1}, {"a": 1, "b": None}, {"a": {"a": 1}}, {},
    ],
)  # fmt: skip
def test_another_value_is_another_content(other: dict[str, Any]) -> None:
    assert digest({"a": 1}) != digest(other)


def test_so_is_another_rule_type_name_namespace_or_place() -> None:
    found = {
        digest({}), digest({}, rule="ISO-002"), digest({}, type="core/Node"), digest({}, name="job"),
        digest({}, namespace="bank"), digest({}, at=("b",)),
    }  # fmt: skip
    assert len(found) == 6


def test_a_reference_counts_by_the_type_of_what_it_leads_to() -> None:
    before = digest({"id": "/subnets/{azurerm_subnet.nodes}"})
    assert before == digest({"id": '/subnets/{module.hub["a"].module.net.azurerm_subnet.this}'})
    assert before != digest({"id": "/subnets/{azurerm_virtual_network.nodes}"})
    assert digest({}, name="{azurerm_x.a}") == digest({}, name="{module.m.azurerm_x.b}")


def test_an_unknown_counts_for_being_one() -> None:
    assert digest({"a": Unknown("var.x has no value", "var.x")}) == digest({"a": Unknown("other")})
    assert digest({"a": Unknown("no")}) != digest({"a": "no"})


def test_deep_and_odd_values_end() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert digest(deep)
    assert digest({"a": "\ud800", 3: 1.5})
