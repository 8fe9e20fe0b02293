# ruff: noqa: E501  # a case is one line
from pathlib import Path

import pytest

from .trees import faults

_MODULE = "param a string\nparam b int = 1\nparam c string?\ntype n = 'x' | null\nparam d n\nparam e ('x' | null)\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("{ name: 'm', params: { a: 'x', z: 1 } }", [(1, 53, "'m.bicep' has no parameter 'z'")]),
        ("{ name: 'm', params: { b: 1 } }", [(1, 43, "'m.bicep' needs a value for a")]),
        ("{ name: 'm' }", [(1, 8, "'m.bicep' needs a value for a")]),
        ("{ params: { a: 'x' }, scope: subscription() }", [(1, 51, "the scope is subscription(), and 'm.bicep' has targetScope 'resourceGroup'")]),
        ("{ params: { a: 'x' }, scope: resourceGroup('b') }", []),
    ],
)  # fmt: skip
def test_calls_of_modules(tmp_path: Path, call: str, expected: list[tuple[int, int, str]]) -> None:
    assert faults(tmp_path, {"main.bicep": f"module m 'm.bicep' = {call}", "m.bicep": _MODULE}) == expected
