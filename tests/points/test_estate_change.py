"""A change of the Estate: it is judged as what it becomes, by the Estate that was there before."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.estate.estates import SMALL, line_of
from tests.points.histories import commit, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


ARGUMENTS = ("scan", ".", "--base", "main", "--today", "2026-11-21", "--report", "json=-")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "estate.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "bulkhead.yaml").write_text("estate: estate.yaml\nrules: {only: [GOV-014]}\n")
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "change")
    assert bulkhead(*ARGUMENTS, cwd=tmp_path).code == 0
    return tmp_path


def test_a_change_that_leaves_no_estate_is_not_read_in_full(folder: Path) -> None:
    (folder / "estate.yaml").write_text(SMALL.replace("tiers:", "tears:"), "utf-8")
    run = bulkhead(*ARGUMENTS, cwd=folder)
    (entry,) = [one for one in json.loads(run.stdout)["ledger"] if one["incomplete"] and "tears" in one["reason"]]
    assert run.code == 3
    assert (entry["input"], entry["line"]) == ("estate.yaml", line_of("tiers:"))


def test_what_a_change_makes_inconsistent_is_introduced(folder: Path) -> None:
    broken = SMALL.replace("rpo: PT6H", "rpo: PT1M")
    (folder / "estate.yaml").write_text(broken, "utf-8")
    commit(folder)
    run = bulkhead(*ARGUMENTS, cwd=folder)
    (finding,) = json.loads(run.stdout)["findings"]
    assert run.code == 1
    assert (finding["rule"], finding["change"]) == ("GOV-014", "introduced")
    assert (finding["location"]["file"], finding["location"]["line"]) == ("estate.yaml", line_of("rpo: PT1M", broken))
