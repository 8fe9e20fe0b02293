"""Finds the real tools that tests compare with; a test that needs one that is not there says so and skips."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

# Read before any test scrubs the environment.
_CACHE = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
_TOOLS = Path(os.environ.get("BULKHEAD_TOOLS") or Path(_CACHE, "bulkhead-tools", "bin"))

OPA_VERSION = "1.22"
"""The minor version whose answers are recorded; another one may answer differently."""


def find_opa() -> Path:
    """Return the real `opa`, or skip the test with the reason."""
    path, reason = _opa()
    if path is None:
        pytest.skip(reason)
    return path


def tools() -> Path:
    """Return the folder that tests/tools/oracles.sh builds into; it need not be there."""
    return _TOOLS


def find_kubernetes() -> Path:
    """Return the folder with the real `etcd`, `kube-apiserver` and `kubectl`, or skip the test with the reason."""
    missing = [name for name in ("etcd", "kube-apiserver", "kubectl") if not (_TOOLS / name).is_file()]
    if missing:
        pytest.skip(f"no {', no '.join(missing)} in {_TOOLS}; tests/tools/oracles.sh kube builds them")
    return _TOOLS


@cache
def _opa() -> tuple[Path | None, str]:
    reason = "no 'opa' is there; tests/tools/oracles.sh opa builds it"
    for candidate in (_TOOLS / "opa", shutil.which("opa")):
        if candidate is None or not Path(candidate).is_file():
            continue
        done = subprocess.run([candidate, "version"], capture_output=True, text=True, check=False, timeout=60)
        match = re.search(r"^Version: (\d+\.\d+)", done.stdout, re.MULTILINE)
        if match and match[1] == OPA_VERSION:
            return Path(candidate), ""
        reason = f"{candidate} is of version {match[1] if match else 'unknown'}, the recorded answers of {OPA_VERSION}"
    return None, reason
