"""On every history: what the gate says a commit introduced and fixed is what the commit did."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from scanner.model.finding import Finding
from scanner.points.base import exported
from scanner.points.gate import evaluate
from scanner.points.request import Request
from scanner.report import Report
from scanner.report.compare import units
from tests.points.flags import flags
from tests.points.histories import TELLING, Team, repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

COMMITS = 50
_ENVIRONMENTS = 2
"""Every root is judged once for each."""


def judged(reference: str) -> Report:
    with exported(reference, (".",)) as tree:
        return evaluate(Request.of(flags(base=reference), tree), tree=tree)


def pairs(findings: tuple[Finding, ...]) -> Counter[tuple[str, str]]:
    """(Rule, name) of every instance, of the telling rules; what is found elsewhere counts by its key."""
    found: Counter[tuple[str, str]] = Counter()
    for unit in units(findings):
        name = re.search(r"stadded\w+|added-\d+", f"{unit.occurrence.resource}")
        if unit.finding.rule in TELLING or name is None:
            found[(unit.finding.rule, name[0] if name else unit.occurrence.resource)] += 1
    return found


def expected(truth: frozenset[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter({pair: _ENVIRONMENTS if pair[1].startswith("st") else 1 for pair in truth})


@pytest.mark.slow(seconds=300)
@pytest.mark.parametrize("seed", [11, 29])
def test_what_a_commit_introduces_and_fixes_is_what_it_did(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "repository")
    monkeypatch.chdir(folder)
    team = Team(folder, seed)
    for number in range(COMMITS):
        truth = team.edit()
        report = judged("HEAD~1")
        compared = report.comparison
        assert compared is not None
        told = f"commit {number + 1}: {truth.edit}"
        assert pairs(compared.introduced) == expected(truth.introduced), told
        assert pairs(compared.fixed) == expected(truth.fixed), told
        assert not compared.became_unknown, told
        assert not report.incomplete(), told
        assert report.counts().errors == 0, told
        assert (report.exit_code() == 1) == bool(truth.introduced), told
