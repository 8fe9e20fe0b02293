import json
from pathlib import Path
from typing import Any

from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.program import Missing, Program
from scanner.sources.bicep.files import Tree
from scanner.sources.bicep.templates import inline_template, read_template

from .trees import deployed, lowered, write

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(**parts: Any) -> str:
    """Return the text of a template."""
    return json.dumps({"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [], **parts})


def vault(name: str) -> dict[str, Any]:
    """Return a resource."""
    return {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": name}


def test_a_template_as_module(tmp_path: Path) -> None:
    text = template(parameters={"n": {"type": "string"}}, resources=[vault("[parameters('n')]")])
    files = {"main.bicep": "module m 'm.json' = { params: { n: 'kv' } }", "m.json": text}
    assert deployed(tmp_path, files) == [("Microsoft.KeyVault/vaults", "kv", {})]


def test_templates_that_a_module_links_to(tmp_path: Path) -> None:
    link = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "properties": {"mode": "Incremental", "templateLink": {"relativePath": "inner.json"}},
    }
    files = {
        "main.bicep": "module m 'parts/m.json' = {}",
        "parts/m.json": template(resources=[link]),
        "parts/inner.json": template(resources=[vault("kv")]),
    }
    assert [name for _, name, _ in deployed(tmp_path, files)] == ["kv"]
    files["parts/m.json"] = files["parts/m.json"].replace("inner.json", "../../inner.json")
    (problem,) = evaluate(lowered(tmp_path, files)).problems
    assert problem.message == "the linked template '../../inner.json' is not in the tree"


def test_what_is_no_template(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": "{}", "b.json": "{", "c.json": template()})
    tree = Tree(str(tmp_path))
    assert read_template(tree, "a.json") == Missing("it is no ARM template", input="a.json")
    broken = read_template(tree, "b.json")
    assert isinstance(broken, Missing)
    assert broken.reason.startswith("cannot read the template: ")
    assert isinstance(read_template(tree, "none.json"), Missing)
    assert isinstance(read_template(tree, "c.json"), Program)


def test_a_template_that_is_computed(tmp_path: Path) -> None:
    found = inline_template(None, "computed", "main.bicep#d", Tree(str(tmp_path)))
    assert found == Missing("the template of the deployment is computed", incomplete=False, input="main.bicep#d")


def test_a_deployment_that_links_to_its_template(tmp_path: Path) -> None:
    text = (
        "param id string\nresource d 'Microsoft.Resources/deployments@2022-09-01' = {\n  name: 'd'\n"
        "  properties: { mode: 'Incremental', templateLink: { id: id } }\n}\noutput x string = d.properties.outputs.y"
    )
    program = lowered(tmp_path, text)
    (problem,) = evaluate(program).problems
    assert (problem.message, problem.outside) == ("the template of the deployment is linked", True)
    assert not program.faults
