from pathlib import Path
from typing import Any

import pytest

from .trees import lowered


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("param a string", {"type": "string"}),
        ("param a any", {}),
        ("param a sys.int", {"type": "int"}),
        ("param a string?", {"type": "string", "nullable": True}),
        ("type t = string?\nparam a t!", {"type": "string"}),
        ("param a 'x' | 'y'", {"type": "string", "allowedValues": ["x", "y"]}),
        ("param a 'x' | null", {"type": "string", "allowedValues": ["x"], "nullable": True}),
        ("param a 1 | -2", {"type": "int", "allowedValues": [1, -2]}),
        ("param a !true", {"type": "bool", "allowedValues": [False]}),
        ("type t = 'x' | 'y'\nparam a t | 'z'", {"type": "string", "allowedValues": ["x", "y", "z"]}),
        ("param a int[][]", {"type": "array", "items": {"type": "array", "items": {"type": "int"}}}),
        (
            "param a [int, string]",
            {"type": "array", "prefixItems": [{"type": "int"}, {"type": "string"}], "items": False},
        ),
        (
            "param a { b: string, *: int }",
            {"type": "object", "properties": {"b": {"type": "string"}}, "additionalProperties": {"type": "int"}},
        ),
        ("type t = { b: { c: bool } }\nparam a t.b.c", {"type": "bool"}),
        ("type t = { *: bool }\nparam a t.*", {"type": "bool"}),
        ("type t = int[]\nparam a t[*]", {"type": "int"}),
        ("type t = [int, bool]\nparam a t[1]", {"type": "bool"}),
        ("@secure()\nparam a string", {"type": "securestring"}),
        ("@secure()\nparam a object", {"type": "secureobject"}),
        ("@secure()\ntype t = string\nparam a t", {"type": "securestring"}),
        ("@allowed(['x', 1 == 1])\nparam a string", {"type": "string"}),
        ("@allowed(['x'])\nparam a string", {"type": "string", "allowedValues": ["x"]}),
        ("param a resourceInput<'M.A/b@2020-01-01'>.properties.x", {}),
        ("param a resource 'M.A/b@2020-01-01'", {}),
        ("type t = { next: t? }\nparam a t", {"type": "object", "properties": {"next": {"nullable": True}}}),
    ],
)  # fmt: skip
def test_shapes(tmp_path: Path, text: str, shape: dict[str, Any]) -> None:
    assert lowered(tmp_path, text).parameters["a"].shape == shape


@pytest.mark.parametrize(
    ("text", "allowed", "secure", "nullable"),
    [
        ("param a 'x'", ("x",), False, False),
        ("@allowed(['x', 'y'])\nparam a array", None, False, False),
        ("@secure()\nparam a string?", None, True, True),
    ],
)
def test_parameters(tmp_path: Path, text: str, allowed: Any, secure: bool, nullable: bool) -> None:
    parameter = lowered(tmp_path, text).parameters["a"]
    assert (parameter.allowed, parameter.secure, parameter.nullable) == (allowed, secure, nullable)


def test_types_of_other_files(tmp_path: Path) -> None:
    files = {
        "main.bicep": "import { t as mine } from 'a.bicep'\nimport * as all from 'a.bicep'\n"
        "param a mine\nparam b all.t",
        "a.bicep": "type inner = 'x'\n@export()\ntype t = inner",
    }
    shape = {"type": "string", "allowedValues": ["x"]}
    parameters = lowered(tmp_path, files).parameters
    assert [parameters[name].shape for name in "ab"] == [shape, shape]


def test_many_uses_of_a_type_cost_little(tmp_path: Path) -> None:
    types = "\n".join(f"type t{n} = {{ a: t{n + 1}, b: t{n + 1} }}" for n in range(30))
    assert lowered(tmp_path, f"{types}\ntype t30 = string\nparam a t0").parameters["a"].type == "object"
