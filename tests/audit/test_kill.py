"""Whatever is killed, and whenever: the verdicts at the end are those of an undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.audit.estates import ESTATE, write_dumps
from tests.conftest import ROOT

MOMENTS = 20


def _command(dumps: dict[str, Path], work: Path, *others: str) -> list[str]:
    named = [argument for name, path in dumps.items() for argument in ("--cluster-dump", f"{name}={path}")]
    return [
        *(sys.executable, "-m", "scanner", "audit", "--estate", str(ESTATE), *named, "--work", str(work)),
        *(
            "--executor",
            "local=2",
            "--today",
            "2026-11-21T06:00:00Z",
            "--store",
            "none",
            *("--declared", str(ESTATE.parent / "clusters"), "--config", str(ESTATE.parent / "bulkhead.yaml")),
            *("--report", f"json={work}.json"),
            *others,
        ),
    ]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _report(work: Path) -> Any:
    report = json.loads(Path(f"{work}.json").read_text("utf-8"))
    del report["elapsed_s"]
    return report


def _children(pid: int) -> list[int]:
    """Return the processes below ``pid``, the deepest last."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finding workers to kill needs /proc")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    dumps = write_dumps("erp-hosting-broken", tmp_path / "dumps")
    for folder in dumps.values():  # more pages, so that there are moments to be killed at
        for path in list(folder.iterdir()):
            for copy in range(4):
                text = path.read_text("utf-8").replace('"name": "', f'"name": "c{copy}-')
                (folder / f"c{copy}-{path.name}").write_text(text, "utf-8")
    started = time.monotonic()
    whole = subprocess.run(_command(dumps, tmp_path / "whole"), env=_environment(), capture_output=True, check=False)
    lasts = time.monotonic() - started
    assert whole.returncode == 1, whole.stderr.decode()
    assert any(one["rule"].startswith("DRIFT-") for one in _report(tmp_path / "whole")["findings"])
    chance = random.Random(11)
    killed = 0
    work = tmp_path / "work"
    resume: tuple[str, ...] = ()
    while killed < MOMENTS:
        run = subprocess.Popen(
            _command(dumps, work, *resume), env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        time.sleep(chance.uniform(0.1, lasts))
        below = _children(run.pid)
        victim = chance.choice(below) if below and chance.random() < 0.5 else run.pid
        try:
            os.kill(victim, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            pass
        _, said = run.communicate(timeout=120)
        if run.returncode == 1:  # it reached its end: a worker was killed, or nobody in time
            assert _report(work) == _report(tmp_path / "whole")
            resume = ()
        else:
            assert run.returncode in (-signal.SIGKILL, 3, 2), said.decode()
            resume = ("--resume",) if any(work.rglob("audit.work")) else ()
    end = subprocess.run(_command(dumps, work, *resume), env=_environment(), capture_output=True, check=False)
    assert end.returncode == 1, end.stderr.decode()
    assert _report(work) == _report(tmp_path / "whole")
