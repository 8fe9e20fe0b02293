"""Runs the command line as a user does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """What a run of ``bulkhead`` gave."""

    code: int
    stdout: str
    stderr: str


def bulkhead(*arguments: str, cwd: Path | str | None = None, stdin: str | None = None, **environment: str) -> Run:
    """Run ``bulkhead`` to its end, without colours."""
    result = subprocess.run(
        [sys.executable, "-m", "scanner", *arguments],
        cwd=cwd,
        input=stdin or "",
        env={**os.environ, "PYTHONPATH": _checkout(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Run(result.returncode, result.stdout, result.stderr)


def _checkout() -> str:
    """The folder that holds the package under test, so that a run from elsewhere finds the same one."""
    import scanner

    return os.path.dirname(os.path.dirname(os.path.abspath(scanner.__file__)))
