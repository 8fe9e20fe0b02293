from pathlib import Path

import pytest

from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.program import Program
from scanner.sources.bicep.modules import Registry, is_remote

from .trees import workspace, write

_PLAN = (
    "param n string = 'p'\nresource p 'Microsoft.Web/serverfarms@2022-09-01' = { name: n }\noutput id string = p.name\n"
)
_TEMPLATE = """{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "resources": [{"type": "Microsoft.Web/serverfarms", "apiVersion": "2022-09-01", "name": "p"}],
  "outputs": {"id": {"type": "string", "value": "p"}}
}"""
_CONFIGURATION = """{
  // aliases
  "moduleAliases": {
    "br": {"mine": {"registry": "a.io", "modulePath": "lib"}},
    "ts": {"specs": {"subscription": "S-1", "resourceGroup": "RG"}}
  }
}"""


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("br:a.io/lib/plan:1.0", "br/a.io/lib$plan/1.0$/main.json"),
        ("br:localhost:5000/plan:1.0", "br/localhost$5000/plan/1.0$/main.json"),
        ("br/mine:plan:1.0", "br/a.io/lib$plan/1.0$/main.json"),
        ("br/public:storage/x:1.0", "br/mcr.microsoft.com/bicep$storage$x/1.0$/main.json"),
        ("ts:s-1/rg/plan:v1", "ts/s-1/rg/plan/v1/main.json"),
        ("ts/specs:plan:v1", "ts/s-1/rg/plan/v1/main.json"),
    ],
)
def test_modules_of_the_cache(tmp_path: Path, reference: str, path: str) -> None:
    text = f"module m '{reference}' = {{ name: 'm' }}\noutput id string = m.outputs.id"
    write(tmp_path / "tree", {"infra/main.bicep": text, "bicepconfig.json": _CONFIGURATION})
    write(tmp_path / "cache", {path: _TEMPLATE})
    files = workspace(tmp_path / "tree", Registry((str(tmp_path / "cache"),)))
    program = files.program(files.tree, "infra/main.bicep")
    assert isinstance(program, Program)
    evaluated = evaluate(program)
    assert [one.name for one in evaluated.objects] == ["p"]
    assert evaluated.output("id") == "p"


@pytest.mark.parametrize(
    ("reference", "alias", "path"),
    [
        ("br/public:avm/plan:1.0", "public", "avm/plan/main.bicep"),
        ("br/public:avm/plan:1.0", "public", "avm/plan/1.0/main.json"),
        ("br:a.io/plan:1.0", "a.io", "plan/main.bicep"),
        ("ts/specs:plan:1.0", "ts/specs", "plan/main.json"),
    ],
)
def test_modules_of_a_folder_that_is_named(tmp_path: Path, reference: str, alias: str, path: str) -> None:
    write(tmp_path / "tree", {"main.bicep": f"module m '{reference}' = {{ name: 'm' }}"})
    write(tmp_path / "copy", {path: _PLAN if path.endswith(".bicep") else _TEMPLATE})
    files = workspace(tmp_path / "tree", Registry(aliases={alias: str(tmp_path / "copy")}))
    program = files.program(files.tree, "main.bicep")
    assert isinstance(program, Program)
    assert [one.name for one in evaluate(program).objects] == ["p"]


@pytest.mark.parametrize(
    "reference", ["br:a.io/lib/plan:9.9", "br/unknown:plan:1.0", "ts:s/g/x:1", "br:nonsense", "br:a.io/../../x:1"]
)
def test_a_module_that_is_nowhere_gives_outputs_that_are_not_known(tmp_path: Path, reference: str) -> None:
    text = f"module m '{reference}' = {{ name: 'm' }}\noutput id string = m.outputs.id"
    write(tmp_path, {"main.bicep": text})
    files = workspace(tmp_path, Registry((str(tmp_path),)))
    program = files.program(files.tree, "main.bicep")
    assert isinstance(program, Program)
    evaluated = evaluate(program)
    (problem,) = evaluated.problems
    assert (problem.message, problem.incomplete, problem.input) == (
        f"the module '{reference}' is not in the tree",
        False,
        reference,
    )
    assert evaluated.output("id").reason == f"the module '{reference}' is not in the tree"


@pytest.mark.parametrize(("reference", "remote"), [("br:a/b:c", True), ("ts/a:b:c", True), ("brick/a.bicep", False)])
def test_references_to_registries(reference: str, remote: bool) -> None:
    assert is_remote(reference) is remote
