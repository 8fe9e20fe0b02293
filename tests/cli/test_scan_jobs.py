"""``bulkhead scan --jobs``: the number of processes changes no byte of a report."""

import re
from pathlib import Path

import pytest

from scanner.engine import wide_workers
from scanner.points.gate import judge
from scanner.sources.rendered import recognise
from tests.conftest import ROOT
from tests.points.flags import flags

FORMATS = ("text", "json", "sarif")
_TIMES = re.compile(r'"elapsed_s": [\d.]+|in [\d.]+ m?s\b|"(?:start|end)TimeUtc": "[^"]*"|\d+[.\d]* m?s\b')
"""What a run took, and when."""


def reports(tmp_path: Path, jobs: int) -> dict[str, str]:
    paths = {name: tmp_path / f"{name}-{jobs}" for name in FORMATS}
    judge(flags(paths=(".",), jobs=jobs, reports=tuple(f"{name}={path}" for name, path in paths.items())))
    return {name: _TIMES.sub("-", path.read_text("utf-8")) for name, path in paths.items()}


@pytest.mark.parametrize("fixture", ["erp-hosting", "erp-hosting-broken"])
def test_reports_are_the_same_byte_for_byte(fixture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "fixtures" / fixture)
    alone = reports(tmp_path, 1)
    monkeypatch.setattr(wide_workers, "WORTH_WORKERS", 1)  # else these trees are too small for several processes
    monkeypatch.setattr(wide_workers, "_LEAST", 5)
    monkeypatch.setattr(recognise, "_WORTH_WORKERS", 1)
    assert reports(tmp_path, 2) == alone
    assert all(len(text) > 1_000 for text in alone.values())
