"""Whatever an export holds, and wherever it breaks off: resources and a reason, never an exception."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.sources.azure.export import AzureExport
from scanner.sources.azure.file import read_export
from tests.sources.azure.rows import GROUP

_IDS = st.sampled_from(
    [
        f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/n",
        f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/n/securityRules/r",
        f"{GROUP}/providers/Microsoft.Web/sites/w",
        f"{GROUP}/providers/Microsoft.Web/sites/w/config/web",
        f"{GROUP}/providers/Microsoft.Web/sites/w/config/appsettings",
        f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/a/protectionContainers/c/protectedItems/p",
        f"{GROUP}/providers/Microsoft.KeyVault/vaults/v/accessPolicies/add",
        f"{GROUP}/providers/Microsoft.Authorization/locks/l",
        GROUP,
        "/subscriptions/x",
        "/providers/Microsoft.Management/managementGroups/m",
        "/",
        "",
        "no id",
        "/subscriptions//resourceGroups//providers//",
    ]
)
_NAMES = st.sampled_from(
    ("id", "type", "name", "kind", "sku", "tags", "properties", "location", "identity", "value",
     "data", "count", "totalRecords", "resultTruncated", "nextLink", "$skipToken", "securityRules", "accessPolicies",
     "appSettings", "siteConfig", "password", "columns", "rows", "error", "zones")
)  # fmt: skip
_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=9),
        _IDS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner, max_size=4)),
    max_leaves=12,
)
_ROWS = st.builds(lambda id_, rest: {**rest, "id": id_}, _IDS, st.dictionaries(_NAMES, _VALUES, max_size=5))
_DOCUMENTS = st.one_of(
    _ROWS,
    st.lists(_ROWS, max_size=4),
    st.builds(lambda rows, rest: {**rest, "data": rows}, st.lists(_ROWS, max_size=4), st.dictionaries(_NAMES, _VALUES)),
    st.builds(lambda rows: {"value": rows}, st.lists(_ROWS, max_size=4)),
    _VALUES,
)


def pages(text: bytes) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        path.write_bytes(text)
        source = AzureExport(str(path), name="export.json", page_rows=2)
        contents = [page.read() for page in source.pages()]
        assert all(content.entries for content in contents)
        assert contents or source.entries()
        return [resource for content in contents for resource in content.resources]


@settings(max_examples=300, deadline=None)
@given(st.lists(_DOCUMENTS, min_size=1, max_size=3))
def test_any_export_gives_resources_and_entries(documents: list[Any]) -> None:
    text = "\n".join(map(json.dumps, documents)).encode()
    whole = read_export(text, "export.json")
    keys = {resource.key for resource in pages(text)}
    if whole is not None:
        (entry,) = whole[0].entries
        assert entry.incomplete == bool(entry.reason)
        assert {resource.key for resource in whole[0].resources} == keys
        for resource in whole[0].resources:
            whole[1](resource.origin, ("properties",))


@settings(max_examples=150, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=4), st.integers(0, 400), st.binary(max_size=3))
def test_any_damage_is_an_entry(rows: list[Any], at: int, bytes_: bytes) -> None:
    text = json.dumps({"data": rows}).encode()
    pages(text[:at] + bytes_ + text[at:])
    pages(text[:at])
    read_export(text[:at] + bytes_ + text[at:], "export.json")
