from pathlib import Path

import pytest

from scanner.sources.arm.evaluation import evaluate
from scanner.sources.bicep.names import find_circle

from .trees import deployed, faults, lowered

_GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroup}"
_VAULT = "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n}\n"


def test_a_resource_and_what_is_nested_in_it(tmp_path: Path) -> None:
    text = """
resource sa 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'sa'
  location: 'westeurope'
  properties: { minimumTlsVersion: 'TLS1_2' }
  resource blobs 'blobServices' = {
    name: 'default'
    resource data 'containers@2022-09-01' = { name: 'data', properties: { parent: blobs.name, tls: sa.apiVersion } }
  }
}
output id string = sa::blobs::data.name
"""
    program = lowered(tmp_path, text)
    objects = evaluate(program).objects
    assert [(one.type, one.name, one.api_version) for one in objects] == [
        ("Microsoft.Storage/storageAccounts", "sa", "2023-01-01"),
        ("Microsoft.Storage/storageAccounts/blobServices", "sa/default", "2023-01-01"),
        ("Microsoft.Storage/storageAccounts/blobServices/containers", "sa/default/data", "2022-09-01"),
    ]
    assert objects[2].body == {"properties": {"parent": "default", "tls": "2023-01-01"}}
    assert objects[2].key == "main.bicep:sa::blobs::data"
    assert not program.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            _VAULT + "resource s 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {\n parent: kv\n name: 's'\n}",
            [("Microsoft.KeyVault/vaults", "kv", {}), ("Microsoft.KeyVault/vaults/secrets", "kv/s", {})],
        ),
        ("resource kv 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'kv' }", []),
        ("resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = if (1 > 2) { name: 'kv' }", []),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for (n, i) in ['a', 'b', 'c']: if (i != 1) {\n"
            " name: n\n tags: { i: '${i}' }\n}]",
            [
                ("Microsoft.KeyVault/vaults", "a", {"tags": {"i": "0"}}),
                ("Microsoft.KeyVault/vaults", "c", {"tags": {"i": "2"}}),
            ],
        ),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for n in ['a', 'b']: { name: n }]\n"
            "resource s 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = { parent: kv[1], name: 's' }",
            [
                ("Microsoft.KeyVault/vaults", "a", {}),
                ("Microsoft.KeyVault/vaults", "b", {}),
                ("Microsoft.KeyVault/vaults/secrets", "b/s", {}),
            ],
        ),
        (
            "resource n 'Microsoft.Network/virtualNetworks@2023-09-01' = {\n name: 'n'\n properties: {\n"
            "  subnets: [for i in range(0, 2): { name: 's${i}' }]\n  deep: [ { a: [for i in range(0, 1): i] } ]\n }\n}",
            [
                (
                    "Microsoft.Network/virtualNetworks",
                    "n",
                    {"properties": {"subnets": [{"name": "s0"}, {"name": "s1"}], "deep": [{"a": [0]}]}},
                )
            ],
        ),
        (
            _VAULT + "resource l 'Microsoft.Authorization/locks@2020-05-01' = { scope: kv, name: 'l' }",
            [
                ("Microsoft.KeyVault/vaults", "kv", {}),
                (
                    "Microsoft.Authorization/locks",
                    "l",
                    {"scope": f"{_GROUP}/providers/Microsoft.KeyVault/vaults/kv"},
                ),
            ],
        ),
        (
            "resource d 'Microsoft.Resources/deployments@2022-09-01' = {\n name: 'd'\n properties: {\n  template: {\n"
            "   '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'\n"
            "   resources: [ { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv' } ]\n  }\n }\n}",
            [("Microsoft.KeyVault/vaults", "kv", {})],
        ),
    ],
)  # fmt: skip
def test_what_is_deployed(tmp_path: Path, text: str, expected: object) -> None:
    assert deployed(tmp_path, text) == expected


_PART = "param name string\nparam secret string = ''\noutput upper string = toUpper(name)\n" + _VAULT.replace(
    "'kv'", "name"
)


def test_a_module_is_deployed_with_its_arguments(tmp_path: Path) -> None:
    files = {
        "main.bicep": "module m 'parts/m.bicep' = [for n in ['a', 'b']: {\n name: 'm-${n}'\n params: { name: n }\n}]\n"
        "output first string = m[0].outputs.upper",
        "parts/m.bicep": _PART,
    }
    program = lowered(tmp_path, files)
    evaluated = evaluate(program)
    assert [(one.name, one.key) for one in evaluated.objects] == [
        ("a", "main.bicep:m[0]/kv"),
        ("b", "main.bicep:m[1]/kv"),
    ]
    assert evaluated.output("first") == "A"


def test_the_scope_of_a_module_is_where_its_resources_are(tmp_path: Path) -> None:
    files = {
        "main.bicep": "targetScope = 'subscription'\nmodule m 'm.bicep' = {\n scope: resourceGroup('rg')\n name: 'm'\n"
        " params: { name: 'kv' }\n}",
        "m.bicep": _PART,
    }
    (only,) = evaluate(lowered(tmp_path, files)).objects
    assert only.id == "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"


def test_a_secret_of_a_vault_is_a_reference(tmp_path: Path) -> None:
    files = {
        "main.bicep": "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'kv' }\n"
        "module m 'm.bicep' = { params: { name: 'x', secret: kv.getSecret('s') } }",
        "m.bicep": _PART,
    }
    program = lowered(tmp_path, files)
    assert program.modules[0].references == {"secret"}
    assert not program.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var a = 1\nvar a = 2", (2, 5, "'a' is declared more than once")),
        ("param sys string", (1, 7, "'sys' is the name of a namespace and cannot be declared")),
        ("output a int = 1\noutput a int = 2", (2, 8, "the output 'a' is declared more than once")),
        ("metadata _a = 1", (1, 10, "names of metadata that start with '_' are reserved")),
        ("targetScope = 'tenant'\ntargetScope = 'tenant'", (2, 1, "targetScope is declared more than once")),
        (
            "targetScope = 'planet'",
            (1, 15, "targetScope must be one of managementGroup, resourceGroup, subscription, tenant"),
        ),
        ("var a = b\nvar b = a", (1, 1, "'a' needs itself: a → b → a")),
        ("resource a 'M.A/b@2020-01-01' = {}", (1, 10, "the resource has no name")),
        ("resource a 'M.A/b' = { name: 'a' }", (1, 12, "'M.A/b' is not a resource type with a version")),
        ("resource a 'M.A/b@v1' = { name: 'a' }", (1, 12, "the version of the resource type is not a date")),
        ("resource a 'M.A/${b}@2020-01-01' = { name: 'a' }", (1, 12, "the type of a resource cannot be interpolated")),
        ("resource a 'M.A/b@2020-01-01' = { name: 'a', parent: x }", (1, 54, "parent must name a resource directly")),
        ("resource a 'M.A/b/c@2020-01-01' = { name: 'x' }", (1, 43, "the name must have 2 segments, it has 1")),
        ("resource a 'M.A/b@2020-01-01' = { name: 'x/y' }", (1, 41, "the name must have 1 segment, it has 2")),
        ("module m '${a}' = {}", (1, 10, "the path of a module cannot be interpolated")),
        ("module m 'x.bicep' = {}", (1, 10, "there is no file 'x.bicep'")),
        ("module m '../x.bicep' = {}", (1, 10, "'../x.bicep' is outside of the tree")),
        (
            "module m '/x.bicep' = {}",
            (1, 10, "cannot find '/x.bicep': the path is absolute; it must be relative to the file"),
        ),
        (
            "module m 'a\\\\x.bicep' = {}",
            (1, 10, r"cannot find 'a\x.bicep': the path has '\' in it; folders are separated by '/'"),
        ),
        ("module m 'main.bicep' = {}", (1, 10, "the module calls itself")),
        ("module m 'br:a.io/b:c' = { params: x }", (1, 36, "params must be an object that is written down")),
        ("module m 'br:a.io/b:c' = { name: 'a', tags: {} }", (1, 45, "'tags' is not a property of modules")),
        ("import { a } from 'x.bicep'\noutput o int = a", (1, 19, "there is no file 'x.bicep'")),
        ("import { a } from 'main.bicep'\nvar a2 = 1\noutput o int = a", (1, 1, "'a' is not exported by 'main.bicep'")),
        (
            "var a = loadTextContent('x.txt')",
            (1, 9, "cannot evaluate loadTextContent(): 'x.txt': cannot open the file: no such file or directory"),
        ),
        ("var a = ", (1, 9, "expected a value, found the end of the file")),
    ],
)  # fmt: skip
def test_complaints(tmp_path: Path, text: str, expected: tuple[int, int, str]) -> None:
    assert expected in faults(tmp_path, text)


def test_modules_in_a_circle_are_not_deployed(tmp_path: Path) -> None:
    files = {"main.bicep": "module m 'b.bicep' = {}", "b.bicep": "module m 'main.bicep' = {}"}
    (problem,) = evaluate(lowered(tmp_path, files)).problems
    assert problem.message == "modules call each other in a circle: main.bicep → b.bicep → main.bicep"
    assert problem.incomplete


def test_resources_of_extensions_are_told_apart(tmp_path: Path) -> None:
    text = (
        "extension kubernetes\nresource a 'apps/Deployment@v1' = { metadata: { name: 'a' } }\n"
        "output o string = a.metadata.name"
    )
    program = lowered(tmp_path, text)
    assert not program.faults
    assert not evaluate(program).objects


def test_loops_bound_what_they_make(tmp_path: Path) -> None:
    text = "resource a 'M.A/b@2020-01-01' = [for i in range(0, 1000000000): { name: '${i}' }]"
    evaluated = evaluate(lowered(tmp_path, text))
    assert evaluated.problems
    assert len(evaluated.objects) <= 1


@pytest.mark.parametrize(
    ("uses", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"a"}}, ["a", "a"]),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"b"}}, ["b", "d", "b"]),
        ({str(n): {str(n + 1)} for n in range(5_000)}, []),
    ],
)
def test_circles(uses: dict[str, set[str]], circle: list[str]) -> None:
    assert find_circle(uses) == circle


def test_a_round_of_a_loop_whose_number_is_not_known(tmp_path: Path) -> None:
    text = (
        "param p int\nvar names = ['a', 'b']\n"
        "resource many 'Microsoft.KeyVault/vaults@2023-07-01' = [for (n, i) in names: { name: 'kv-${n}-${i}' }]\n"
        "resource one 'M.A/b@2020-01-01' = [for names in [1]: {\n"
        "  name: 'one'\n  tags: { known: many[names].id, name: many[names - 1].name, unknown: many[p].id }\n}]\n"
    )
    (body,) = [body for type_, _, body in deployed(tmp_path, text) if type_ == "M.A/b"]
    assert body["tags"] == {
        "known": f"{_GROUP}/providers/Microsoft.KeyVault/vaults/kv-b-1",
        "name": "kv-a-0",
        "unknown": body["tags"]["unknown"],
    }
    assert body["tags"]["unknown"].startswith(f"{_GROUP}/providers/Microsoft.KeyVault/vaults/kv-{{")
