from pathlib import Path

from scanner.sources.bicep.page import BicepPage, BicepSettings

from .trees import write

_FILES = {
    "main.bicep": "param p string = 'x'\nmodule m 'm.bicep' = [for i in range(0, 2): {\n"
    "  name: 'm${i}'\n  params: { p: '${p}${i}' }\n}]",
    "m.bicep": "param p string\n\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for i in ['a', 'b']: {\n"
    "  name: '${p}${i}'\n}]",
    "dev.bicepparam": "using 'main.bicep'",
}


def test_what_all_rounds_and_environments_share(tmp_path: Path) -> None:
    write(tmp_path, _FILES)
    settings = BicepSettings(str(tmp_path), str(tmp_path), str(tmp_path))
    one = BicepPage("main.bicep", settings, parameters="dev.bicepparam", environment="dev")
    origins = {resource.key: resource.origin for resource in one.read().resources}
    assert list(origins) == [f"main.bicep[dev]:m[{m}]/kv[{kv}]" for m in (0, 1) for kv in (0, 1)]
    assert {origin.declared for origin in origins.values()} == {"main.bicep:m[*]/kv[*]"}
    assert {(origin.kind, origin.file, origin.page) for origin in origins.values()} == {
        ("bicep", "m.bicep", "main.bicep [dev]")
    }
    assert origins["main.bicep[dev]:m[1]/kv[0]"].address == "m[1]/kv[0]"


def test_the_identity_does_not_move_with_the_text(tmp_path: Path) -> None:
    def declared(files: dict[str, str], name: str) -> set[str]:
        folder = write(tmp_path / name, files)
        page = BicepPage("main.bicep", BicepSettings(str(folder), str(folder), str(folder)))
        return {resource.origin.declared for resource in page.read().resources}

    moved = {**_FILES, "m.bicep": f"// more\n\nvar other = 1\n{_FILES['m.bicep']}"}
    assert declared(_FILES, "one") == declared(moved, "two")
