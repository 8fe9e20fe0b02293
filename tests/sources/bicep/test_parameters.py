# ruff: noqa: E501  # a case is one line
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.parameters import ParametersFile, find_template, read_json_parameters, read_parameters

from .trees import plain, workspace, write

_TEMPLATE = "param a string = ''\nparam b int = 1\nparam c int?\n"


def read(folder: Path, files: dict[str, str] | str) -> ParametersFile:
    """Read ``main.bicepparam``; a text alone is its content."""
    write(folder, {"main.bicep": _TEMPLATE, **({"main.bicepparam": files} if isinstance(files, str) else files)})
    files_ = workspace(folder)
    file = files_.open(files_.tree, "main.bicepparam")
    assert isinstance(file, BicepFile)
    return read_parameters(file, files_)


def values(found: ParametersFile) -> dict[str, Any]:
    """Return the plain values."""
    return {name: plain(supplied.value) for name, supplied in found.values.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("param a = 'x'\nparam b = 2", {"a": "x", "b": 2}),
        ("var v = { x: [1] }\nparam a = '${v.x[0]}'\nparam b = length(v.x)", {"a": "1", "b": 1}),
        ("param a = 'x'\nparam b = length(a)", {"a": "x", "b": 1}),
        ("func f(x string) string => toUpper(x)\nparam a = f('x')", {"a": "X"}),
        ("import { shared } from 'shared.bicep'\nparam a = shared", {"a": "s"}),
        (
            "param a = readEnvironmentVariable('A', 'x')",
            {"a": "? readEnvironmentVariable() is known only where it is deployed"},
        ),
        (
            "param b = int(readEnvironmentVariable('B'))",
            {"b": "? readEnvironmentVariable() is known only where it is deployed"},
        ),
        ("param a = az.getSecret('s', 'g', 'v', 'n')", {"a": "? it is a secret of a key vault"}),
        ("param a = externalInput('sys.cli', 'x')", {"a": "? externalInput() is known only where it is deployed"}),
    ],
)  # fmt: skip
def test_values(tmp_path: Path, text: str, expected: dict[str, Any]) -> None:
    files = {"main.bicepparam": f"using 'main.bicep'\n{text}", "shared.bicep": "@export()\nvar shared = 's'"}
    found = read(tmp_path, files)
    assert values(found) == expected
    assert found.template is not None
    assert found.template[1] == "main.bicep"
    assert not found.problems
    assert not any(program.faults for program in found.programs)


def test_what_is_extended_comes_first(tmp_path: Path) -> None:
    files = {
        "main.bicepparam": "using 'main.bicep'\nextends 'parts/base.bicepparam'\nparam a = 'mine'",
        "parts/base.bicepparam": "using none\nextends 'root.bicepparam'\nparam a = 'base'\nparam b = 1",
        "parts/root.bicepparam": "using none\nparam b = 0\nparam c = 3",
    }
    found = read(tmp_path, files)
    assert values(found) == {"a": "mine", "b": 1, "c": 3}
    assert [program.file for program in found.programs] == [
        "parts/root.bicepparam",
        "parts/base.bicepparam",
        "main.bicepparam",
    ]
    supplied = found.values["b"]
    assert supplied.file == "parts/base.bicepparam"
    assert supplied.region is not None
    region = supplied.region()
    assert region is not None
    assert (region.line, region.column) == (4, 1)


def test_base_is_what_is_extended(tmp_path: Path) -> None:
    files = {
        "main.bicepparam": "using 'main.bicep'\nextends 'base.bicepparam'\nparam a = '${base.a}-${base.c}'\nparam b = base.b",
        "base.bicepparam": "using none\nparam a = 'x'\nparam b = 2\nparam c = readEnvironmentVariable('C')",
    }
    found = read(tmp_path, files)
    reason = "? readEnvironmentVariable() is known only where it is deployed"
    assert values(found) == {"a": reason, "b": 2, "c": reason}
    assert not any(program.faults for program in found.programs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("using 'none.bicep'", "there is no file 'none.bicep'"),
        ("using 'main.bicep'\nextends 'x.bicepparam'", "cannot read what is extended: there is no file 'x.bicepparam'"),
        (
            "using 'main.bicep'\nextends 'main.bicepparam'",
            "cannot read what is extended: it is no other .bicepparam file",
        ),
        ("using 'main.bicep'\nparam a = resourceId('M.A/b', 'c')", "resourceId() can only be used in a .bicep file"),
        ("using 'main.bicep'\nparam a = nope", "'nope' is not declared"),
        ("using 'main.bicep'\nparam a = 'x'\nparam a = 'y'", "the param 'a' is declared more than once"),
        ("using 'main.bicep'\n@nope()\nparam a = 'x'", "'nope' is not a decorator"),
        ("param a string", "expected '=', found 'string'"),
        ("using 'main.bicep'\nparam z = 1", "'main.bicep' has no parameter 'z'"),
        ("using 'main.bicep'\nparam a = 1", "the value of 'a' must be of type string, not int"),
        ("using 'strict.bicep'", "'strict.bicep' needs a value for x"),
        ("using 'strict.bicep'\nparam x = 'c'", "the value of 'x' is none of 'a', 'b'"),
        ("using 'strict.bicep'\nparam x = 'a'\nparam y = { k: [1] }", "the value of 'y' has a property 'k' that has an item that must be of type string, not int"),
        ("using 'strict.bicep'\nparam x = 'a'\nparam y = { }", "the value of 'y' has no property 'k', which its type requires"),
    ],
)  # fmt: skip
def test_complaints(tmp_path: Path, text: str, message: str) -> None:
    strict = "param x 'a' | 'b'\nparam y { k: string[] } = { k: [] }"
    found = read(tmp_path, {"main.bicepparam": text, "strict.bicep": strict})
    messages = [message for program in found.programs for message, _ in program.faults]
    assert message in messages


@pytest.mark.parametrize(
    ("text", "template"), [("using './a.bicep'", "./a.bicep"), ("using none", None), ("param a = 1", None)]
)
def test_the_template_that_is_named(tmp_path: Path, text: str, template: str | None) -> None:
    write(tmp_path, {"x.bicepparam": text})
    files = workspace(tmp_path)
    file = files.open(files.tree, "x.bicepparam")
    assert isinstance(file, BicepFile)
    assert find_template(file) == template


def test_parameters_of_arm(tmp_path: Path) -> None:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
    given = {"a": {"value": {"x": 1}}, "b": {"reference": {"keyVault": {"id": "/x"}, "secretName": "y"}}}
    text = json.dumps({"$schema": schema, "contentVersion": "1.0.0.0", "parameters": given}, indent=2)
    write(tmp_path, {"p.json": text, "other.json": "{}", "broken.json": "{"})
    tree = workspace(tmp_path).tree
    found = read_json_parameters(tree, "p.json")
    assert not isinstance(found, str)
    assert {name: plain(one.value) for name, one in found.values.items()} == {
        "a": {"x": 1},
        "b": "? parameter 'b' is secure",
    }
    assert read_json_parameters(tree, "other.json") == "it is no parameters file"
    assert str(read_json_parameters(tree, "broken.json")).startswith("cannot read the parameters: ")
    assert str(read_json_parameters(tree, "none.json")).startswith("cannot open the file")
