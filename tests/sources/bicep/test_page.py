import pickle
from pathlib import Path

from scanner.model.ledger import LedgerEntry, State
from scanner.model.unknown import Unknown
from scanner.sources.bicep.page import BicepPage, BicepSettings, read_bicep

from .trees import write

_STORAGE = """param name string
param tls string = 'TLS1_2'

resource sa 'Microsoft.Cache/redis@2023-08-01' = {
  name: name
  location: 'westeurope'
  properties: {
    minimumTlsVersion: tls
  }
}
output id string = sa.id
"""
_MAIN = """param env string
param tls string = 'TLS1_0'

module st 'modules/storage.bicep' = {
  name: 'st'
  params: {
    name: 'st${env}'
    tls: tls
  }
}

resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv'
  properties: { tenantId: tenant().tenantId, note: st.outputs.id }
}
"""


def page(folder: Path, files: dict[str, str], parameters: str = "", environment: str = "") -> BicepPage:
    """Return the page of ``main.bicep``."""
    write(folder, files)
    settings = BicepSettings(str(folder), str(folder), str(folder))
    return BicepPage("main.bicep", settings, parameters=parameters, environment=environment)


def test_resources_of_a_root_and_its_modules(tmp_path: Path) -> None:
    files = {
        "main.bicep": _MAIN,
        "modules/storage.bicep": _STORAGE,
        "main.bicepparam": "using 'main.bicep'\n\nparam env = 'prod'\nparam tls = 'TLS1_1'",
    }
    content = page(tmp_path, files, "main.bicepparam").read()
    by_key = {resource.key: resource for resource in content.resources}
    assert list(by_key) == ["main.bicep:kv", "main.bicep:st/sa"]
    account = by_key["main.bicep:st/sa"]
    assert account.type == "Microsoft.Cache/redis"
    assert account.name == "stprod"
    assert account.value("properties", "minimumTlsVersion") == "TLS1_1"
    assert account.origin.file == "modules/storage.bicep"
    assert account.origin.page == "main.bicep"
    vault = by_key["main.bicep:kv"]
    assert isinstance(vault.value("properties", "tenantId"), Unknown)
    assert ("properties", "tenantId") in vault.unknowns
    assert content.entries == (
        LedgerEntry("main.bicep", State.SCANNED, resources=1),
        LedgerEntry("main.bicepparam", State.SCANNED, "parameters"),
        LedgerEntry("modules/storage.bicep", State.SCANNED, resources=1),
    )
    assert content.notes == ()


def test_a_value_is_placed_with_what_carried_it(tmp_path: Path) -> None:
    files = {
        "main.bicep": _MAIN,
        "modules/storage.bicep": _STORAGE,
        "main.bicepparam": "using 'main.bicep'\n\nparam env = 'prod'\nparam tls = 'TLS1_1'",
    }
    one = page(tmp_path, files, "main.bicepparam")
    account = one.read().resources[1]
    placed = one.locator()(account.origin, ("properties", "minimumTlsVersion"))
    assert placed is not None
    assert (placed.location.file, placed.location.region) == ("modules/storage.bicep", (8, 5, 8, 27))
    assert [(step.role, step.location.file, step.location.region) for step in placed.trail] == [
        ("parameter 'tls' is set here", "main.bicep", (8, 10, 8, 13)),
        ("parameter 'tls' is set here", "main.bicepparam", (4, 1, 4, 21)),
        ("deployed here", "main.bicep", (4, 1, 4, 34)),
    ]
    absent = BicepPage("main.bicep", BicepSettings(str(tmp_path), str(tmp_path), str(tmp_path)))
    absent.read()
    placed = absent.locator()(account.origin, ("sku", "name"))
    assert placed is not None
    assert placed.location.region == (4, 1, 4, 47)


def test_a_default_carries_its_value_too(tmp_path: Path) -> None:
    one = page(tmp_path, {"main.bicep": _STORAGE.replace("name string", "name string = 'x'")})
    account = one.read().resources[0]
    placed = one.locator()(account.origin, ("properties", "minimumTlsVersion"))
    assert placed is not None
    assert [(step.role, step.location.region) for step in placed.trail] == [
        ("the default of parameter 'tls'", (2, 20, 2, 28))
    ]


def test_parameters_without_a_value_are_told(tmp_path: Path) -> None:
    content = page(tmp_path, {"main.bicep": _MAIN, "modules/storage.bicep": _STORAGE}).read()
    assert content.entries[0] == LedgerEntry("main.bicep", State.SCANNED, "nothing gives a value to env", resources=1)


def test_an_environment_is_part_of_name_and_keys(tmp_path: Path) -> None:
    files = {"main.bicep": _STORAGE, "prod.bicepparam": "using 'main.bicep'\nparam name = 'x'"}
    one = page(tmp_path, files, "prod.bicepparam", "prod")
    assert one.name == "main.bicep [prod]"
    assert [resource.key for resource in one.read().resources] == ["main.bicep[prod]:sa"]


def test_mistakes_cost_what_they_stand_in(tmp_path: Path) -> None:
    files = {
        "main.bicep": "var a = \nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: nope }\n"
        "module m 'm.bicep' = { name: 'm' }\nmodule r 'br:a.io/b:1' = { name: 'r' }\n",
        "m.bicep": "resource = {}\n",
    }
    content = page(tmp_path, files).read()
    assert [resource.type for resource in content.resources] == ["Microsoft.KeyVault/vaults"]
    assert content.entries == (
        LedgerEntry(
            "m.bicep",
            State.UNPARSED,
            "expected the name of the resource, found '='",
            1,
            10,
            incomplete=True,
        ),
        LedgerEntry(
            "main.bicep",
            State.PARTIAL,
            "expected a value, found the end of the line; and 1 more",
            1,
            9,
            1,
            incomplete=True,
        ),
        LedgerEntry("main.bicep#br:a.io/b:1", State.UNSUPPORTED, "the module 'br:a.io/b:1' is not in the tree", 4, 1),
    )
    assert content.notes == (LedgerEntry("main.bicep", State.SCANNED, "'nope' is not declared", 2, 62),)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    settings = BicepSettings(str(tmp_path), str(tmp_path), str(tmp_path))
    (entry,) = read_bicep("none.bicep", settings).entries
    assert (entry.state, entry.incomplete) == (State.UNREACHABLE, True)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_bytes(b"\xff\xfe\xff")
    (entry,) = page(tmp_path, {}).read().entries
    assert entry == LedgerEntry(
        "main.bicep", State.UNPARSED, "cannot decode the file: it is not valid UTF-8", incomplete=True
    )


def test_parameters_that_cannot_be_read(tmp_path: Path) -> None:
    content = page(tmp_path, {"main.bicep": _STORAGE, "p.json": "{}"}, "p.json").read()
    assert LedgerEntry("p.json", State.PARTIAL, "it is no parameters file", incomplete=True) in content.entries


def test_resources_of_extensions_are_in_the_ledger(tmp_path: Path) -> None:
    text = "extension kubernetes\nresource a 'apps/Deployment@v1' = { metadata: { name: 'a' } }\n"
    content = page(tmp_path, {"main.bicep": text}).read()
    reason = "the resource 'a' is one of an extension and is not evaluated"
    assert LedgerEntry("main.bicep#2", State.UNSUPPORTED, reason, 2, 1) in content.entries


def test_only_what_was_requested_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"main.bicep": _MAIN, "modules/storage.bicep": _STORAGE})
    settings = BicepSettings(str(tmp_path), str(tmp_path), str(tmp_path))
    content = BicepPage("main.bicep", settings, requested=frozenset({"modules/storage.bicep"})).read()
    assert [resource.key for resource in content.resources] == ["main.bicep:st/sa"]
    assert [entry.input for entry in content.entries] == ["modules/storage.bicep"]


def test_a_page_can_be_pickled_after_it_was_read(tmp_path: Path) -> None:
    one = page(tmp_path, {"main.bicep": _STORAGE})
    one.read()
    assert pickle.loads(pickle.dumps(one)).name == "main.bicep"  # our own
    assert one.locator() is not None


def test_imports_out_of_a_registry_are_in_the_ledger(tmp_path: Path) -> None:
    text = (
        "import { lock, tags, name } from 'br/public:avm/utl/types:0.5.1'\nparam l lock?\n"
        "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: name('kv')\n  tags: tags\n"
        "  properties: { x: l.?kind ?? 'None' }\n}\n"
    )
    content = page(tmp_path, {"main.bicep": text}).read()
    assert content.entries == (
        LedgerEntry("main.bicep", State.SCANNED, resources=1),
        LedgerEntry(
            "main.bicep#1",
            State.UNSUPPORTED,
            "the module 'br/public:avm/utl/types:0.5.1' is not in the tree",
            1,
            1,
        ),
    )
    (vault,) = content.resources
    assert isinstance(vault.value("tags"), Unknown)
    assert vault.value("properties", "x") == "None"


def test_a_module_that_is_missing_is_told_once(tmp_path: Path) -> None:
    content = page(tmp_path, {"main.bicep": "module m 'none.bicep' = { name: 'm' }\n"}).read()
    assert content.entries == (
        LedgerEntry("main.bicep", State.PARTIAL, "there is no file 'none.bicep'", 1, 10, incomplete=True),
    )
    assert content.notes == ()


def test_parameters_in_json_that_are_for_another_template(tmp_path: Path) -> None:
    given = (
        '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",'
        ' "contentVersion": "1.0.0.0", "parameters": {"other": {"value": 1}}}'
    )
    content = page(tmp_path, {"main.bicep": _STORAGE, "p.json": given}, "p.json").read()
    reason = "none of its parameters is one of the template 'main.bicep': 'other'"
    assert [(note.input, note.reason) for note in content.notes] == [("p.json", reason)]
