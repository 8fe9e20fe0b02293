from typing import Any

from scanner.canonical.templates import Template
from scanner.model.unknown import Unknown


def same(unknown: Unknown) -> Any:
    return unknown


def test_a_template_is_filled_from_attributes_and_blocks() -> None:
    template = Template("{tier}_{sku.name}/x")
    assert template.fill({"tier": "Standard", "sku": [{"name": 3}]}, same) == "Standard_3/x"
    assert template.names() == ["tier", "sku"]


def test_a_text_without_places_is_itself() -> None:
    assert Template("default").fill({}, same) == "default"
    assert Template("").fill({}, same) == ""


def test_an_absent_attribute_makes_the_whole_absent() -> None:
    template = Template("{a}-{b}")
    assert template.fill({"a": 1}, same) is None
    assert template.fill({"a": 1, "b": None}, same) is None
    assert not template.present({"a": 1})
    assert Template("{block.a}").fill({"block": []}, same) is None
    assert Template("{block.a}").fill({"block": "text"}, same) is None


def test_an_unknown_makes_the_whole_unknown_unless_something_stands_for_it() -> None:
    unknown = Unknown("var.a has no value", "var.a")
    template = Template("{a}-x")
    assert template.fill({"a": unknown}, same) is unknown
    assert template.fill({"a": unknown}, same, lambda lost, name: f"{{{name}}}") == "{a}-x"
    assert template.fill({"a": unknown}, lambda lost: "known") == "known-x"


def test_filters() -> None:
    id_ = "/subscriptions/s/resourceGroups/G/providers/Microsoft.KeyVault/vaults/kv"
    assert Template("{id|name}").fill({"id": id_}, same) == "kv"
    assert Template("{id|group}").fill({"id": id_}, same) == "G"
    assert Template("{id|group}").fill({"id": "none"}, same) == ""
    assert Template("{a|lower}{a|upper}").fill({"a": "Ab"}, same) == "abAB"
    assert Template("{r|role}").fill({"r": "owner"}, same) == "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    assert isinstance(Template("{r|role}").fill({"r": "Own Role"}, same), Unknown)


def test_booleans_are_written_as_terraform_writes_them() -> None:
    assert Template("{a}").fill({"a": True}, same) == "true"
