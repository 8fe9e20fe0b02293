"""The wide half on several processes says what it says on one."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.engine import wide_workers
from scanner.engine.judge import Judgement
from scanner.engine.programs import Context
from scanner.engine.selection import select
from scanner.engine.wide import asked_about
from scanner.engine.wide_workers import judge_asked
from scanner.engine.workers import Workshop
from scanner.inventory import Inventory
from scanner.model.rule import Rule
from scanner.stretches import can_fork
from tests.engine.rules import make_resource, make_rule

CHECK = """import multiprocessing
import os


def check(resource, inventory):
    number = int(resource.name[1:])
    pods = inventory.of_type("core/Pod")
    if number % 7 == 0:
        yield resource.fail(f"{resource.name} of {len(pods)}", "spec", related=[(pods[0], ("spec",), "the first")])
    elif number % 7 == 1:
        yield resource.skip(f"number {number % 3}")
    elif number == 12:
        raise ValueError("twelve")
    elif number == DEADLY and multiprocessing.parent_process() is not None:
        os._exit(9)
"""

pytestmark = pytest.mark.skipif(not can_fork(), reason="without fork the wide half is judged in one process")


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    return replace(make_rule(needs=["inventory"]), folder=str(tmp_path))


def judgements(rule: Rule, check: str, workers: int, number: int = 60) -> list[Judgement]:
    Path(rule.folder, "rule.py").write_text(check)
    selection = select([rule], point="gate", estate=False)
    inventory = Inventory(make_resource(name=f"p{number:03d}") for number in range(number))
    asked = list(asked_about(inventory, selection))
    return list(judge_asked(asked, Context(inventory), Workshop(selection, ()), workers))


@pytest.mark.parametrize("deadly", ["-1", "16"])
def test_it_says_the_same_as_one_process(rule: Rule, monkeypatch: pytest.MonkeyPatch, deadly: str) -> None:
    monkeypatch.setattr(wide_workers, "WORTH_WORKERS", 1)
    monkeypatch.setattr(wide_workers, "_LEAST", 5)
    check = CHECK.replace("DEADLY", deadly)
    alone = judgements(rule, check, 1)
    assert judgements(rule, check, 3) == alone
    faults = [fault for judgement in alone for _, fault in judgement.faults]
    assert [fault.message for fault in faults][:2] == ["p000 of 60", "p007 of 60"]
    assert faults[1].related[0][0].name == "p000"
    ((failed, why),) = (failure for judgement in alone for failure in judgement.failures)
    assert failed is rule
    assert "ValueError" in why
    assert alone[8].reasons == {"TST-001": "number 2"}


@pytest.mark.parametrize(("worth", "elsewhere"), [(61, False), (60, True)])
def test_few_resources_are_judged_in_this_process(
    rule: Rule, monkeypatch: pytest.MonkeyPatch, worth: int, elsewhere: bool
) -> None:
    monkeypatch.setattr(wide_workers, "WORTH_WORKERS", worth)
    check = "import os\n\ndef check(resource, inventory):\n    yield resource.fail(str(os.getpid()))\n"
    found = {fault.message for judgement in judgements(rule, check, 2) for _, fault in judgement.faults}
    assert (str(os.getpid()) not in found) == elsewhere
