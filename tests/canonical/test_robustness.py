"""Whatever an input holds, nothing raises: a value of the wrong shape is the provider's to refuse, not ours."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.canonical.normalise import normalise
from scanner.canonical.tables import terraform_type, terraform_types
from scanner.canonical.terraform import translate
from scanner.model.path import Path
from scanner.model.unknown import Unknown
from tests.canonical.build import arm, instance

UNKNOWNS = st.sampled_from(
    (Unknown("why"), Unknown("known after apply", "azurerm_storage_account.x.id"), Unknown("no value", "var.a.b"))
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), UNKNOWNS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
)


def attributes_of(rows: dict[str, Any], draw: Any, depth: int = 0) -> dict[str, Any]:
    """Return attributes that reach deep into a type's rows, with values of any shape."""
    found: dict[str, Any] = {}
    for name, entry in rows.items():
        row = entry[0] if isinstance(entry, list) else entry
        choice = draw(st.integers(0, 9))
        if "rows" in row and choice < 5 and depth < 4:
            found[name] = [attributes_of(row["rows"], draw, depth + 1) for _ in range(draw(st.integers(1, 2)))]
        elif choice < 8:
            found[name] = draw(VALUES)
    return found


def leaves(value: Any, path: Path = ()) -> list[Path]:
    if isinstance(value, dict):
        return [path, *(leaf for key, item in value.items() for leaf in leaves(item, (*path, key)))]
    if isinstance(value, list):
        return [path, *(leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index)))]
    return [path]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_instance_of_any_type(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(terraform_types()))
    table = terraform_type(name)
    assert table is not None
    attributes = attributes_of(table.get("rows", {}), data.draw)
    for common in ("id", "name", "resource_group_name", "location", "tags", "identity"):
        if data.draw(st.booleans()):
            attributes[common] = data.draw(VALUES)
    major = data.draw(st.sampled_from((None, 2, 3, 4, 5)))
    target = instance("azurerm_storage_account.x", name="x", resource_group_name="rg")
    found = translate([target, instance(f"{name}.a", major=major, **attributes)])
    for joined in normalise(found.objects):
        for path in leaves(joined.attributes):
            joined.source_path(path)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(
        ("Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.Network/virtualNetworks")
    ),
    VALUES,
    VALUES,
)
def test_any_body_of_an_arm_object(type_: str, properties: Any, envelope: Any) -> None:
    body = {**(envelope if isinstance(envelope, dict) else {"sku": envelope}), "properties": properties}
    for joined in normalise([arm(type_, "x", body), arm("Microsoft.Network/virtualNetworks/subnets", "x/s", body)]):
        for path in leaves(joined.attributes):
            joined.source_path(path)
