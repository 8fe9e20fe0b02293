import os
from collections.abc import Collection
from pathlib import Path

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.bicep.source import BicepChoices, BicepSource, is_bicep
from scanner.sources.walk import Found

from .trees import write

_VAULT = "param name string = 'kv'\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: name }\n"


def source(folder: Path, files: dict[str, str], requested: Collection[str] | None = None) -> BicepSource:
    """Return the source of a tree."""
    write(folder, files)
    found = [Found(name, str(folder / name), os.path.getsize(folder / name)) for name in sorted(files)]
    return BicepSource(found, base=str(folder), requested=requested)


def names(one: BicepSource) -> list[str]:
    """Return the names of its pages."""
    return [page.name for page in one.pages()]


def test_a_root_is_what_nothing_calls(tmp_path: Path) -> None:
    files = {
        "b.bicep": "module m 'parts/m.bicep' = {}",
        "a.bicep": _VAULT,
        "parts/m.bicep": _VAULT,
        "notes.txt": "",
    }
    assert names(source(tmp_path, files)) == ["a.bicep", "b.bicep"]


def test_of_a_circle_the_first_is_a_root(tmp_path: Path) -> None:
    files = {"x.bicep": "module m 'y.bicep' = {}", "y.bicep": "module m 'x.bicep' = {}", "z.bicep": ""}
    assert names(source(tmp_path, files)) == ["x.bicep", "z.bicep"]


def test_parameters_files_supply_values(tmp_path: Path) -> None:
    files = {"main.bicep": _VAULT, "env/only.bicepparam": "using '../main.bicep'\nparam name = 'given'"}
    (page,) = source(tmp_path, files).pages()
    assert page.name == "main.bicep"
    assert [(resource.key, resource.name) for resource in page.read().resources] == [("main.bicep:kv", "given")]


def test_several_parameters_files_give_a_page_each(tmp_path: Path) -> None:
    files = {
        "main.bicep": "module m 'm.bicep' = {}",
        "m.bicep": _VAULT,
        "dev.bicepparam": "using 'm.bicep'\nparam name = 'd'",
        "prod.bicepparam": "using 'm.bicep'\nparam name = 'p'",
    }
    pages = list(source(tmp_path, files).pages())
    assert [page.name for page in pages] == ["m.bicep [dev]", "m.bicep [prod]", "main.bicep"]
    assert sorted(resource.name for page in pages for resource in page.read().resources) == ["d", "kv", "p"]


def test_parameters_in_json_beside_a_root(tmp_path: Path) -> None:
    given = (
        '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",'
        ' "contentVersion": "1.0.0.0", "parameters": {"name": {"value": "given"}}}'
    )
    write(tmp_path, {"main.parameters.json": given})
    (page,) = source(tmp_path, {"main.bicep": _VAULT}).pages()
    content = page.read()
    assert [resource.name for resource in content.resources] == ["given"]
    assert LedgerEntry("main.parameters.json", State.SCANNED, "parameters") in content.entries


def test_parameters_for_nothing_are_in_the_ledger(tmp_path: Path) -> None:
    files = {
        "a.bicepparam": "using none\nparam x = 1",
        "b.bicepparam": "using 'gone.bicep'",
        "c.bicepparam": "using 'br:a.io/b:1'",
        "d.bicepparam": "using",
    }
    one = source(tmp_path, files)
    assert names(one) == []
    assert one.entries() == (
        LedgerEntry("a.bicepparam", State.SCANNED, "parameters for no template of their own"),
        LedgerEntry("b.bicepparam", State.PARTIAL, "there is no file 'gone.bicep'", incomplete=True),
        LedgerEntry("c.bicepparam", State.PARTIAL, "the module 'br:a.io/b:1' is not in the tree"),
        LedgerEntry(
            "d.bicepparam",
            State.PARTIAL,
            "expected the path of a .bicep file, or 'none', found the end of the file",
            1,
            6,
            incomplete=True,
        ),
    )


def test_requested_files_are_judged_in_their_roots(tmp_path: Path) -> None:
    files = {"a.bicep": _VAULT, "b.bicep": "module m 'm.bicep' = {}", "m.bicep": _VAULT}
    (page,) = source(tmp_path, files, requested=["m.bicep"]).pages()
    assert page.name == "b.bicep"
    assert [entry.input for entry in page.read().entries] == ["m.bicep"]


def test_a_file_outside_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path, {"in/a.bicep": "", "out.bicep": ""})
    found = [Found("../out.bicep", str(tmp_path / "out.bicep"), 0)]
    one = BicepSource(found, base=str(tmp_path / "in"), choices=BicepChoices())
    assert names(one) == []
    assert [(entry.input, entry.state, entry.incomplete) for entry in one.entries()] == [
        ("../out.bicep", State.UNREACHABLE, True)
    ]


def test_what_is_bicep() -> None:
    assert [name for name in ("a.bicep", "a.bicepparam", "a.json", "bicep") if is_bicep(name)] == [
        "a.bicep",
        "a.bicepparam",
    ]
