from pathlib import Path

import pytest

from .trees import faults

_HEAD = """resource a 'M.A/b@2020-01-01' = { name: 'a' }
resource many 'M.A/b@2020-01-01' = [for i in range(0, 2): { name: '${i}' }]
resource old 'M.A/b@2020-01-01' existing = { name: 'old' }
var late = a.properties.x
var key = 'id'
"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("resource b 'M.A/b@2020-01-01' = { name: a.properties.x }", "a.properties"),
        ("resource b 'M.A/b@2020-01-01' = { name: a.location }", "a.location"),
        ("resource b 'M.A/b@2020-01-01' = { name: old.properties.x }", "old.properties"),
        ("resource b 'M.A/b@2020-01-01' = { name: many[0].properties.x }", "many.properties"),
        ("resource b 'M.A/b@2020-01-01' = { name: a['properties'].x }", "a.properties"),
        ("resource b 'M.A/b@2020-01-01' = { name: late }", "a.properties"),
        ("resource b 'M.A/b@2020-01-01' = { name: '${a}' }", "a"),
        ("resource b 'M.A/b@2020-01-01' = { name: a.listKeys().key1 }", "listKeys()"),
        ("resource b 'M.A/b@2020-01-01' = { name: reference('x').y }", "reference()"),
        ("resource b 'M.A/b@2020-01-01' = if (a.properties.x) { name: 'b' }", "a.properties"),
        ("resource b 'M.A/b@2020-01-01' = [for x in a.properties.x: { name: x }]", "a.properties"),
        ("var b = [for x in [1]: a.properties.x]", "a.properties"),
        ("output b array = [for x in a.properties.x: x]", "a.properties"),
        ("module b 'br:x.io/y:z' = { name: a.properties.x }", "a.properties"),
    ],
)
def test_values_that_come_too_late(tmp_path: Path, text: str, what: str) -> None:
    message = f"the value is needed before the deployment starts, and '{what}' is known only afterwards"
    assert [found for *_, found in faults(tmp_path, _HEAD + text)] == [message]


@pytest.mark.parametrize(
    "text",
    [
        "resource b 'M.A/b@2020-01-01' = { name: '${a.name}-${a.id}-${a.apiVersion}-${many[1].name}-${a[key]}' }",
        "resource b 'M.A/b@2020-01-01' = { name: 'b', tags: { x: a.properties.x } }",
        "resource b 'M.A/b@2020-01-01' = [for a in [1]: { name: a.x }]",
        "resource b 'M.A/b@2020-01-01' existing = { name: a.properties.x }",
        "var b = [for x in [1]: a.id]",
        "var b = map([{ x: 1 }], a => a.x)",
        "output b string = a.properties.x",
        "resource b 'M.A/b@2020-01-01' = { name: nameof(a) }",
    ],
)
def test_values_that_are_known(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, _HEAD + text) == []
