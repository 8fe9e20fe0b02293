"""The format of the map: what is refused, and what comes out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scanner.canonical import compile as compiler
from scanner.canonical.compile import HERE, MapError, arm_tables, check_names, compile_type, read_map, validate
from scanner.canonical.functions import FUNCTIONS
from scanner.canonical.templates import FILTERS
from scanner.documents import read_yaml

SCHEMA = json.loads((HERE / "azurerm" / "schema.json").read_text("utf-8"))
ARM_SCHEMA = json.loads((HERE / "arm" / "schema.json").read_text("utf-8"))
ARM = {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01"}


def test_the_schemas_are_schemas() -> None:
    import jsonschema

    for schema in (SCHEMA, ARM_SCHEMA):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_file_keeps_to_the_format() -> None:
    definitions = read_map(HERE / "azurerm")
    validate(definitions, SCHEMA)
    check_names(definitions)
    validate(read_map(HERE / "arm"), ARM_SCHEMA)


def test_the_examples_of_the_readme_are_right() -> None:
    text = (HERE / "azurerm" / "README.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 3
    for example in examples[1:]:  # the first one shows the shape, with words in angle brackets
        for name, definition in read_yaml(example).documents[0].value.items():
            validate({name: ("README.md", definition)}, SCHEMA)
            check_names({name: ("README.md", definition)})
            compile_type(definition)


@pytest.mark.parametrize(
    ("definition", "fault"),
    [
        ({"arm": ARM, "map": {"a": {"too": "x"}}}, "too"),
        ({"arm": ARM, "map": {"a": {"default": 1}}}, "not valid"),
        ({"arm": ARM, "map": {"a": "properties..x"}}, "does not match"),
        ({"arm": {**ARM, "apiVersion": "latest"}, "map": {}}, "latest"),
        ({"arm": {**ARM, "type": "storageAccounts"}, "map": {}}, "storageAccounts"),
        ({"arm": ARM, "patch": {"type": ARM["type"], "id": "{x}"}, "map": {}}, "valid under each"),
        ({"map": {}}, "not valid"),
        ({"arm": ARM, "map": {"a": {"to": "x", "bool_enum": ["Off"]}}}, "too short"),
        ({"arm": ARM, "map": {"a": {"to": "x", "bool_enum": [False, True]}}}, "not of type 'string'"),
        ({"arm": ARM, "map": {"a": {"to": "x", "type": "text"}}}, "not one of"),
        ({"arm": ARM, "map": {"a": {"to": "x", "list": {}, "block": {}}}}, "should not be valid"),
        ({"arm": ARM, "map": {"a": {"list": {}}}}, "not valid"),
        ({"arm": ARM, "parent": {"under": "/x/y"}, "map": {}}, "'name' is a required property"),
        ({"arm": ARM, "level": "group", "map": {}}, "not one of"),
    ],
)
def test_what_is_refused_names_the_file_and_the_place(definition: Any, fault: str) -> None:
    with pytest.raises(MapError, match=r"cannot read x\.yaml: azurerm_x") as refused:
        validate({"azurerm_x": ("x.yaml", definition)}, SCHEMA)
    assert fault in str(refused.value)


def test_names_of_functions_and_filters_are_checked() -> None:
    with pytest.raises(MapError, match="there is no function 'upside_down'"):
        check_names({"azurerm_x": ("x.yaml", {"map": {"a": {"to": "x", "fn": "upside_down"}}})})
    with pytest.raises(MapError, match="there is no filter 'backwards'"):
        check_names({"azurerm_x": ("x.yaml", {"name": "{a|backwards}"})})


def test_broken_files_and_types_given_twice(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("azurerm_a: {arm: [}")
    with pytest.raises(MapError, match=r"cannot read a\.yaml: "):
        read_map(tmp_path)
    (tmp_path / "a.yaml").write_text("azurerm_a: {}")
    (tmp_path / "b.yaml").write_text("azurerm_a: {}")
    with pytest.raises(MapError, match=r"cannot read b\.yaml: azurerm_a stands in a\.yaml already"):
        read_map(tmp_path)


def test_shorthands_are_written_out() -> None:
    definition = {
        "arm": ARM,
        "parent": "{a_id}",
        "majors": "<5",
        "map": {
            "a": "p.a",
            "b": [{"to": "p.b"}, "p.c"],
            "c": {"to": "p.d", "majors": "<4", "default": {"<4": 1}, "block": {"d": "e"}},
            "f": {"to": "p.f", "default": {"enabled": False}},
            "g": {"to": "p.g", "list": {"h": "i"}},
        },
    }
    assert compile_type(definition) == {
        "arm": ARM,
        "parent": [{"id": "{a_id}"}],
        "rows": {
            "a": {"to": "p.a"},
            "b": [{"to": "p.b"}, {"to": "p.c"}],
            "c": {"to": "p.d", "defaults": {"<4": 1}, "kind": "block", "rows": {"d": {"to": "e"}}},
            "f": {"to": "p.f", "default": {"enabled": False}},
            "g": {"to": "p.g", "kind": "list", "rows": {"h": {"to": "i"}}},
        },
    }


def test_the_paths_of_a_type() -> None:
    rows = {
        "a": {"to": "p.a", "type": "boolean"},
        "b": {"to": "p.b", "each": {"value": "$"}},
        "c": {
            "to": "p.c",
            "present": {"on": True, "/top": "x"},
            "default": {"on": False},
            "block": {"d": {"to": "/q", "bool_enum": ["No", "Yes"]}},
        },
        "e": {"child": {"type": "kids", "name": "default"}, "block": {"f": {"to": "p.f", "enum": {"1": "One"}}}},
        "g": {"to": "p.g", "list": {"h": {"to": "i", "invert": True}}},
    }
    compiled = compile_type({"arm": {"type": "Microsoft.X/outer", "apiVersion": "v"}, "set": {"p.z.y": 1}, "map": rows})
    assert arm_tables({"azurerm_x": compiled}, {}) == {
        "microsoft.x/outer": {
            "type": "Microsoft.X/outer",
            "paths": {
                "p.z.y": "",
                "p.a": "boolean",
                "p.b": "",
                "p.b.value": "",
                "p.c.on": "boolean",
                "top": "",
                "q": ["No", "Yes"],
                "p.g.i": "boolean",
            },
        },
        "microsoft.x/outer/kids": {"type": "Microsoft.X/outer/kids", "paths": {"p.f": ["One"]}},
    }


def test_a_nested_child_and_its_parent_share_their_paths() -> None:
    child = compile_type(
        {
            "arm": {"type": "Microsoft.X/outer/kids", "apiVersion": "v"},
            "map": {"a": {"to": "properties.a", "type": "integer"}},
        }
    )
    extra = {
        "Microsoft.X/outer": {
            "nested": {"kids": {"at": "properties.kids", "shape": "named"}},
            "paths": {"properties.kids.properties.b": "string"},
        }
    }
    tables = arm_tables({"azurerm_x": child}, extra)
    assert tables["microsoft.x/outer"]["paths"]["properties.kids.properties.a"] == "integer"
    assert tables["microsoft.x/outer/kids"]["paths"]["properties.b"] == "string"


def test_two_spellings_of_a_type_are_refused() -> None:
    types = {
        name: compile_type({"arm": {"type": type_, "apiVersion": "v"}, "map": {"a": "b"}})
        for name, type_ in (("x", "Microsoft.X/outer"), ("y", "Microsoft.X/Outer"))
    }
    with pytest.raises(MapError, match="is also written"):
        arm_tables(types, {})


def test_the_tool_says_whether_the_tables_are_current(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(compiler, "PATH", str(tmp_path / "tables.jsonl"))
    assert compiler.main(["--check"]) == 1
    assert "run python -m scanner.canonical.compile" in capsys.readouterr().err
    assert compiler.main([]) == 0
    assert compiler.main(["--check"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["tables.jsonl"]


def test_the_tool_reports_a_fault_of_the_map(monkeypatch: Any, capsys: Any) -> None:
    def refuse() -> str:
        raise MapError("cannot read x.yaml: it is wrong")

    monkeypatch.setattr(compiler, "compiled", refuse)
    assert compiler.main([]) == 2
    assert capsys.readouterr().err == "cannot read x.yaml: it is wrong\n"


def test_the_readme_names_every_function_and_filter() -> None:
    text = (HERE / "azurerm" / "README.md").read_text("utf-8")
    assert not [name for name in (*FUNCTIONS, *FILTERS) if f"`{name}`" not in text]
