from pathlib import Path

from .trees import outputs


def test_imports_bring_what_they_need(tmp_path: Path) -> None:
    files = {
        "main.bicep": "import { tags, name as fn, Tier } from 'shared.bicep'\nimport * as all from 'shared.bicep'\n"
        "param tier Tier = 'low'\nvar local = 'mine'\n"
        "output a object = tags\noutput b string = fn('x')\n"
        "output c string = all.name('y')\noutput d object = all.tags\n",
        "shared.bicep": "import { base } from 'base.bicep'\nvar local = 'theirs'\n"
        "@export()\ntype Tier = 'low' | 'high'\n"
        "@export()\nvar tags = { of: local, base: base }\n"
        "func join2(a string, b string) string => '${a}-${b}'\n"
        "@export()\nfunc name(n string) string => join2(n, local)\n",
        "base.bicep": "@export()\nvar base = [for i in range(0, 2): i]\n",
    }
    tags = {"of": "theirs", "base": [0, 1]}
    assert outputs(tmp_path, files) == {"a": tags, "b": "x-theirs", "c": "y-theirs", "d": tags}


def test_imports_from_a_template(tmp_path: Path) -> None:
    template = (
        '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",'
        ' "resources": [], "variables": {"a-b": "[variables(\'inner\')]", "inner": 7}}'
    )
    files = {"main.bicep": "import { 'a-b' as value } from 'm.json'\noutput v int = value", "m.json": template}
    assert outputs(tmp_path, files) == {"v": 7}
