"""Bulkhead works identically from a wheel, an sdist, an editable install and a plain checkout."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "XDG_CACHE_HOME")}
    return subprocess.run(
        command, cwd=cwd, env={**clean, "NO_COLOR": "1", **environment}, capture_output=True, text=True, check=False
    )


def build(kind: str, out: Path, source: Path = ROOT, native: str = "auto") -> Path:
    command = (sys.executable, "-m", "build", f"--{kind}", "--outdir", str(out), str(source))
    result = run(*command, cwd=out.parent, SCANNER_NATIVE=native)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    (built,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packaging")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    return build("wheel", folder / "wheel")


def installed(folder: Path, name: str, *what: str) -> Path:
    """Install into a fresh virtual environment; returns its ``bulkhead``."""
    environment = folder / name
    assert run(sys.executable, "-m", "venv", str(environment), cwd=folder).returncode == 0
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (str(binaries / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    result = run(*pip, *what, cwd=folder)
    assert result.returncode == 0, result.stderr[-2000:]
    return binaries / "bulkhead"


def scan(command: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Scan a copy of the broken estate from outside the checkout."""
    estate = folder / "estate"
    if not estate.exists():
        shutil.copytree(ROOT / "fixtures" / "erp-hosting-broken", estate)
    return run(str(command), "scan", "estate", "--today", "2026-11-21", "--report", "json=-", cwd=folder, **environment)


def findings(result: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    import json

    return [(finding["rule"], finding["fingerprint"]) for finding in json.loads(result.stdout)["findings"]]


def test_a_wheel_carries_packs_schemas_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    rules = (path for pack in ("rules", "rego") for path in (ROOT / pack).glob("**/rule.md"))
    assert sum("/_packs/" in name and name.endswith("/rule.md") for name in names) == sum(1 for _ in rules)
    assert "scanner/py.typed" in names
    steps = (ROOT / "scanner" / "audit" / "store" / "migrations").rglob("*.py")
    assert {path.relative_to(ROOT).as_posix() for path in steps} <= set(names), "the store migrates from a wheel"
    assert "scanner/audit/dashboard/style.css" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"scanner", "bulkhead_scanner"}
    assert not [name for name in names if name.endswith(".rs")]


def test_a_wheel_in_a_fresh_environment_scans_like_the_checkout(folder: Path, wheel: Path) -> None:
    result = scan(installed(folder, "from-wheel", str(wheel)), folder)
    assert result.returncode == 1, result.stderr
    checkout = run(
        sys.executable, "-m", "scanner", "scan", "estate", "--today", "2026-11-21", "--report", "json=-",
        cwd=folder, PYTHONPATH=str(ROOT),
    )  # fmt: skip
    assert sorted(findings(result)) == sorted(findings(checkout))


def test_an_sdist_installs_without_a_rust_toolchain_and_says_what_is_missing(folder: Path) -> None:
    sdist = build("sdist", folder / "sdist")
    assert not [name for name in os.listdir(ROOT / "native") if name == "target"]
    result = run(
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder / "pure"), str(sdist),
        cwd=folder, SCANNER_NATIVE="skip",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    (pure,) = (folder / "pure").glob("*.whl")
    assert pure.name.endswith("-py3-none-any.whl")
    command = installed(folder, "from-pure", str(pure))
    scanned = scan(command, folder, PATH=os.fspath(command.parent))
    assert scanned.returncode == 1, "Python rules still find what blocks"
    assert "no Rego engine" in scanned.stdout
    assert "install" in scanned.stdout
