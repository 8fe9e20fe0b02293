"""Every real template there is: evaluated, or the ledger says why not."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scanner.documents import DEFAULT_LIMITS, Problem
from scanner.model.ledger import State
from scanner.model.location import Placed
from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.file import is_arm_json, read_file
from scanner.sources.arm.links import TreeLinks
from scanner.sources.arm.page import ArmContext, read_arm
from scanner.sources.arm.template import lower

ROOT = Path(os.environ.get("BULKHEAD_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))
CORPUS = ROOT / "arm"
PAIRS = ROOT / "bicep"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real templates is not here (BULKHEAD_CORPUS)"),
]

BROKEN_ON_PURPOSE = {
    "AnInvalidTemplate.json",
    "InnerOuterScopeFail.json",
    "azuredeploy-nested.json",
    "azuredeploy.json",
    "corp-vnet-peering.json",
    "expressions/template.json",
    "fail2.json",
    "invalid.json",
    "no_resource.json",
    "log_profile_global_locations_infra.json",
    "pass.json",
    "variables/template.json",
}
"""Their expressions, parameters or links mean nothing to the service either."""


def test_every_template_is_evaluated_or_the_ledger_says_why_not() -> None:
    states: Counter[State] = Counter()
    incomplete = []
    for path in sorted(CORPUS.rglob("*.json")):
        data = path.read_bytes()
        if not is_arm_json(data):
            continue
        name = str(path.relative_to(CORPUS))

        content, locate = read_arm(data, ArmContext(name, str(path), str(CORPUS), str(CORPUS)))

        assert content.entries
        for entry in content.entries:
            states[entry.state] += 1
            assert entry.reason or entry.resources, entry
            if entry.incomplete:
                incomplete.append(entry)
        for found in content.resources[:20]:
            assert locate is not None
            placed = locate(found.origin, ("properties",))
            assert isinstance(placed, Placed)
            assert placed.location.region is not None

    strange = [entry for entry in incomplete if not entry.input.endswith(tuple(BROKEN_ON_PURPOSE))]
    assert strange == []
    assert states[State.SCANNED] > 500


def deployed(path: Path) -> list[Any]:
    """Return type, id, API version and body of everything a template deploys; whatever is unknown is equal."""
    file = read_file(path.read_bytes(), path.name, DEFAULT_LIMITS)
    assert not isinstance(file, Problem)
    evaluated = evaluate(lower(file, TreeLinks(str(PAIRS), str(PAIRS), DEFAULT_LIMITS)))
    found = [(one.type.lower(), one.id.lower(), one.api_version, comparable(one.body)) for one in evaluated.objects]
    return sorted(found, key=repr)


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return "unknown" if isinstance(value, Unknown) else value


def test_the_list_and_the_symbolic_form_of_real_templates_deploy_the_same() -> None:
    pairs = 0
    for symbolic in sorted(PAIRS.rglob("*.symbolicnames.json")):
        plain = symbolic.with_name(symbolic.name.replace(".symbolicnames", ""))
        if plain.is_file():
            pairs += 1

            assert deployed(symbolic) == deployed(plain), symbolic

    assert pairs > 250
