from pathlib import Path

import pytest

from scanner.sources.bicep.page import BicepPage, BicepSettings

from .trees import write

_TERMS = 'until=2027-01-01 owner=x reason="y" ticket=T-1'


def found(folder: Path, files: dict[str, str]) -> tuple[list[tuple[str, tuple[object, ...], int]], list[str]]:
    """Return key, path and line of every exemption in a tree, and the reasons of the notes."""
    write(folder, {name: text.replace("EXEMPT", f"// bulkhead:exempt A-1 {_TERMS}") for name, text in files.items()})
    content = BicepPage("main.bicep", BicepSettings(str(folder), str(folder), str(folder))).read()
    exemptions = [(one.resource, one.path, one.line) for one in content.exemptions]
    assert all(one.rules == ("A-1",) and one.ticket == "T-1" for one in content.exemptions)
    return exemptions, [note.reason for note in content.notes]


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("EXEMPT\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n}", [("main.bicep:kv", (), 1)]),
        (
            "EXEMPT\n@description('x')\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n}",
            [("main.bicep:kv", (), 1)],
        ),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { // x\n  name: 'kv' EXEMPT\n}",
            [("main.bicep:kv", ("name",), 2)],
        ),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n  EXEMPT\n\n  // more\n"
            "  properties: {\n    a: 1\n  }\n}",
            [("main.bicep:kv", ("properties", "a"), 3)],
        ),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n  name: 'kv'\n  properties: {\n    a: 1 EXEMPT\n"
            "    b: 2\n  }\n}",
            [("main.bicep:kv", ("properties", "a"), 4)],
        ),
        (
            "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = [for n in ['a', 'b']: {\n  name: n\n  properties: {\n"
            "    EXEMPT\n    a: 1\n  }\n}]",
            [("main.bicep:kv[0]", ("properties", "a"), 4), ("main.bicep:kv[1]", ("properties", "a"), 4)],
        ),
    ],
)  # fmt: skip
def test_what_a_comment_covers(tmp_path: Path, text: str, covered: list[tuple[str, tuple[object, ...], int]]) -> None:
    exemptions, notes = found(tmp_path, {"main.bicep": text})
    assert notes == []
    for key, path, line in covered:
        assert any(one[0] == key and one[2] == line and path[: len(one[1])] == one[1] for one in exemptions)
    assert {one[0] for one in exemptions} == {key for key, *_ in covered}


def test_above_a_module_it_covers_what_the_module_deploys(tmp_path: Path) -> None:
    files = {
        "main.bicep": "EXEMPT\nmodule a 'a.bicep' = { name: 'a' }\nmodule b 'a.bicep' = { name: 'b' }",
        "a.bicep": "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: 'kv' }\nmodule c 'c.bicep' = {}",
        "c.bicep": "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: 'inner' }",
    }
    assert found(tmp_path, files) == ([("main.bicep:a/kv", (), 1), ("main.bicep:a/c/kv", (), 1)], [])


def test_in_a_module_it_holds_for_every_call(tmp_path: Path) -> None:
    files = {
        "main.bicep": "module a 'a.bicep' = { name: 'a' }\nmodule b 'a.bicep' = { name: 'b' }",
        "a.bicep": "EXEMPT\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: 'kv' }",
    }
    assert found(tmp_path, files) == ([("main.bicep:a/kv", (), 1), ("main.bicep:b/kv", (), 1)], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("EXEMPT\nvar a = 1", "an inline exemption covers nothing: no resource starts there, or none came out of it"),
        ("EXEMPT", "an inline exemption covers nothing: no resource starts there, or none came out of it"),
    ],
)
def test_what_covers_nothing_is_told(tmp_path: Path, text: str, reason: str) -> None:
    assert found(tmp_path, {"main.bicep": text}) == ([], [reason])


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    text = "// bulkhead:exempt until=x\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: 'kv' }"
    exemptions, (note,) = found(tmp_path, {"main.bicep": text})
    assert exemptions == []
    assert note.startswith("cannot read inline exemption: it names no rule")


def test_text_that_looks_like_a_comment_is_none(tmp_path: Path) -> None:
    text = "var a = '''\nEXEMPT\n'''\nresource kv 'Microsoft.KeyVault/vaults@2023-07-01' = { name: a }"
    assert found(tmp_path, {"main.bicep": text}) == ([], [])
