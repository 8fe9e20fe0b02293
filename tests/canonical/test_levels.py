from typing import Any

import pytest

from scanner.canonical.compile import compile_type
from scanner.canonical.levels import Level, Run, holds
from scanner.model.unknown import Unknown

WHY = Unknown("var.x has no value", "var.x")


def filled(rows: dict[str, Any], attributes: dict[str, Any], major: int = 5) -> dict[str, Any]:
    body: dict[str, Any] = {}
    level = Level(compile_type({"map": rows})["rows"], major)
    level.fill(attributes, body, body, Run(lambda unknown: unknown))
    return body


def test_the_short_form_names_only_the_path() -> None:
    assert filled({"a": "properties.b"}, {"a": 1}) == {"properties": {"b": 1}}


def test_null_is_absent() -> None:
    assert filled({"a": {"to": "b", "default": 2}}, {"a": None}) == {"b": 2}


def test_a_default_by_major() -> None:
    rows = {"a": {"to": "b", "default": {"<3": "old", "3": "three", ">=4": "new"}}}
    assert [filled(rows, {}, major) for major in (2, 3, 4)] == [{"b": "old"}, {"b": "three"}, {"b": "new"}]
    assert filled({"a": {"to": "b", "default": {">=4": 1}}}, {}, 3) == {}


def test_a_default_that_is_an_object_is_not_a_choice_by_major() -> None:
    assert filled({"a": {"to": "b", "default": {"enabled": False}}}, {}) == {"b": {"enabled": False}}


def test_former_names_and_the_first_row_wins() -> None:
    rows = {"new": {"to": "p", "aliases": ["old"], "default": 0}, "other": "p"}
    assert filled(rows, {"old": 1}) == {"p": 1}
    assert filled(rows, {"new": 2, "old": 1, "other": 3}) == {"p": 2}
    assert filled(rows, {"other": 3}) == {"p": 3}
    assert filled(rows, {}) == {"p": 0}


def test_one_attribute_with_several_targets() -> None:
    rows = {"sku": [{"to": "sku.name", "fn": "after_underscore"}, {"to": "sku.tier", "fn": "before_underscore"}]}
    assert filled(rows, {"sku": "GP_D2"}) == {"sku": {"name": "D2", "tier": "GP"}}


def test_join() -> None:
    rows = {"b": {"to": "sku", "join": "{a}_{b}"}}
    assert filled(rows, {"a": "Standard", "b": "LRS"}) == {"sku": "Standard_LRS"}
    assert filled(rows, {"b": "LRS"}) == {}
    assert filled(rows, {"a": WHY, "b": "LRS"}) == {"sku": WHY}


def test_a_block() -> None:
    rows = {
        "acls": {
            "to": "p.acls",
            "present": {"on": True, "/top": 1},
            "block": {"a": "x", "b": {"to": "/kind"}, "c": {"to": "y", "default": 5}},
        }
    }
    assert filled(rows, {"acls": [{"a": 1, "b": 2}]}) == {
        "p": {"acls": {"on": True, "x": 1, "y": 5}},
        "top": 1,
        "kind": 2,
    }
    assert filled(rows, {"acls": []}) == {}
    assert filled(rows, {"acls": {"a": 1}}) == {"p": {"acls": {"on": True, "x": 1, "y": 5}}, "top": 1}


def test_a_block_without_a_target_of_its_own() -> None:
    rows = {"rbac": {"block": {"enabled": "p.rbac", "deep": {"to": "p.deep", "block": {"a": "a"}}}}}
    assert filled(rows, {"rbac": [{"enabled": True}]}) == {"p": {"rbac": True}}


def test_an_unknown_block_makes_all_unknown_that_it_may_write() -> None:
    rows = {
        "rbac": {"block": {"enabled": "p.rbac", "deep": {"block": {"a": "q"}}}},
        "acls": {"to": "acls", "block": {"a": "x"}},
    }
    assert filled(rows, {"rbac": WHY, "acls": [WHY]}) == {"p": {"rbac": WHY}, "q": WHY, "acls": WHY}


def test_a_repeated_block() -> None:
    rows = {
        "rule": {
            "to": "p.rules",
            "present": {"mode": "User"},
            "list": {"name": "name", "port": {"to": "p.port", "type": "string"}, "top": {"to": "/t"}},
        }
    }
    assert filled(rows, {"rule": [{"name": "a", "port": 22, "top": 1}, WHY]}) == {
        "p": {"rules": [{"mode": "User", "name": "a", "p": {"port": "22"}, "t": 1}, WHY]}
    }
    assert filled(rows, {"rule": WHY}) == {"p": {"rules": WHY}}
    assert filled(rows, {"rule": []}) == {"p": {"rules": []}}


def test_a_child_resource() -> None:
    rows = {
        "blob": {"child": {"type": "blobServices", "name": "default"}, "block": {"v": {"to": "p.v", "default": False}}}
    }
    run = Run(lambda unknown: unknown)
    body: dict[str, Any] = {}
    Level(compile_type({"map": rows})["rows"], 5).fill({"blob": [{"v": True}]}, body, body, run)
    assert body == {}
    assert [(child.type, child.name, child.body) for child in run.children] == [
        ("blobServices", "default", {"p": {"v": True}})
    ]


def test_an_unknown_stays_the_same_unknown_through_every_transform() -> None:
    rows = {"a": {"to": "b", "fn": "key_url", "bool_enum": ["x", "y"], "type": "string", "each": {"v": "$"}}}
    assert filled(rows, {"a": WHY})["b"] is WHY


@pytest.mark.parametrize(
    ("condition", "majors"), [("<4", [2, 3]), ("<=4", [2, 3, 4]), ("4", [4]), (">4", [5]), (">=4", [4, 5])]
)
def test_conditions_on_the_major(condition: str, majors: list[int]) -> None:
    assert [major for major in (2, 3, 4, 5) if holds(condition, major)] == majors
