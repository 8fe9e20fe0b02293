"""Every real template there is: evaluated, or the ledger says why not."""

import os
from collections import Counter
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.model.location import Placed
from scanner.sources.arm.file import is_arm_json
from scanner.sources.arm.page import ArmContext, read_arm

CORPUS = Path(os.environ.get("BULKHEAD_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "arm"
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
