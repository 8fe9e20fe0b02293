"""Whatever a file holds, the answer is an Estate or an EstateError: never another exception."""

import copy
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner.documents import read_yaml
from scanner.errors import EstateError
from scanner.estate import Estate, consistency, load_estate
from scanner.estate.describe import render_estate, render_inconsistencies, render_tenant
from scanner.model.path import Path as AttributePath
from tests.estate.estates import SMALL

VALUES: tuple[Any, ...] = (
    *("x", "", "t02", "production", "*", "(", "P1D", "2027-01-31", "eu", "a" * 300, "/", "*.a.b", "10.0.0.0/8"),
    *("^(?P<tenant>.*)(?P<environment>.*)$", "(?P<tenant>a)?(?P<environment>b)?.*", "(?P<tenant>"),
    *(0, -1, 7, 1.5, True, None, [], {}, ["x"], {"x": 1}, ["t01"], {"production": {}}),
)


def paths(value: Any, path: AttributePath = ()) -> Iterator[AttributePath]:
    """Every path in a value but the empty one."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield (*path, key)
        yield from paths(item, (*path, key))


def spoiled(data: Any, chosen: random.Random) -> Any:
    """A copy of ``data`` in which one value is removed, doubled or replaced."""
    data = copy.deepcopy(data)
    *parents, last = chosen.choice(list(paths(data)))
    holder = data
    for step in parents:
        holder = holder[step]
    match chosen.randrange(6):
        case 0:
            del holder[last]
        case 1 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        case _:
            holder[last] = chosen.choice(VALUES)
    return data


def use(estate: Estate) -> None:
    """Ask everything that can be asked."""
    render_inconsistencies(estate, consistency(estate, date(2026, 11, 21)))
    render_estate(estate)
    for tenant in estate.tenants:
        render_tenant(estate, tenant)
    json.dumps(estate.as_data())
    for namespace in ("erp-alder-prd", "default", "", "b", "legacy-birch"):
        for labels in ({}, {"erp.example.net/tenant": "birch", "erp.example.net/environment": "x"}):
            estate.resolve("aks-prd", namespace, labels)
            estate.disagreement("aks-prd", namespace, labels)
            estate.resolve_labels(labels)
    estate.tenant_of_group("grp-erp-x")
    estate.implied_labels("aks-prd", "erp-alder-prd")


@pytest.mark.slow
def test_spoiled_estates() -> None:
    data = read_yaml(SMALL).documents[0].value
    chosen = random.Random(20261121)
    outcomes = {True: 0, False: 0}
    for _ in range(300):
        Path("estate.json").write_text(json.dumps(spoiled(data, chosen)), "utf-8")
        try:
            estate = load_estate("estate.json")
        except EstateError as error:
            outcomes[False] += bool(error.details)
        else:
            use(estate)
            outcomes[True] += 1
    assert sum(outcomes.values()) == 300, "every error says where"
    assert min(outcomes.values()) > 30
