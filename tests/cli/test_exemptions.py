"""``bulkhead exemptions``, protected rules and the greatest number: what a user runs to keep exemptions in order."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Run, bulkhead
from tests.conftest import ROOT

ESTATE = ROOT / "fixtures" / "erp-hosting-broken"


def run(folder: Path, *arguments: str, today: str = "2026-11-21") -> Run:
    return bulkhead(*arguments, "--today", today, cwd=folder)


@pytest.fixture(scope="module")
def listed() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(ESTATE, "exemptions", "list", "--format", "json").stdout)
    return found


def test_the_list_has_every_exemption_with_its_state(listed: list[dict[str, object]]) -> None:
    states = {str(one["id"]): one["state"] for one in listed}
    assert states["EX-2026-021"] == "expired"
    assert states["EX-2026-018"] == "unused"
    assert states["EX-2026-011"] == "holds"
    assert "inline:clusters/aks-prd-weu-01/platform/flux.yaml:73" in states
    (expired,) = (one for one in listed if one["state"] == "expired")
    assert expired["days"] == -52


def test_check_fails_for_expired_and_unused_ones() -> None:
    found = run(ESTATE, "exemptions", "check")
    assert found.code == 1
    assert "EX-2026-021" in found.stdout
    assert "EX-2026-018" in found.stdout
    assert "1 expired, 1 unused, 0 expire soon, 0 not permitted" in found.stdout


POD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1.0", securityContext: {privileged: true}}]}
"""
EXEMPTIONS = """apiVersion: exemptions/v1
exemptions:
  - {id: EX-1, rules: [ISO-029], selector: {name: web}, reason: r, owner: o, expires: 2026-12-10}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bulkhead.yaml").write_text("rules: {only: [ISO-029]}\nexemptions: {files: [e.yml]}\n")
    (tmp_path / "e.yml").write_text(EXEMPTIONS)
    (tmp_path / "pod.yaml").write_text(POD)
    return tmp_path


def test_check_names_what_expires_soon_and_fails_only_where_asked(folder: Path) -> None:
    found = run(folder, "exemptions", "check", "pod.yaml")
    assert (found.code, "EX-1" in found.stdout, "1 expire soon" in found.stdout) == (0, True, True)
    assert run(folder, "exemptions", "check", "pod.yaml", "--within", "19").code == 1
    assert run(folder, "exemptions", "check", "pod.yaml", "--within", "18").code == 0


def test_a_protected_rule_is_not_exempted(folder: Path) -> None:
    assert run(folder, "scan", "-q", "pod.yaml").code == 0
    config = "rules: {only: [ISO-029]}\nexemptions: {files: [e.yml], protected: [iso-*]}\n"
    (folder / "bulkhead.yaml").write_text(config)
    found = run(folder, "scan", "-q", "pod.yaml")
    assert found.code == 1
    assert "EX-1 does not cover ISO-029: nothing may accept its findings" in " ".join(found.stdout.split())
    assert run(folder, "exemptions", "check", "pod.yaml").code == 1


def test_a_protected_rule_that_does_not_exist_is_an_error(folder: Path) -> None:
    (folder / "bulkhead.yaml").write_text("exemptions: {protected: [ISO-999]}\n")
    found = run(folder, "scan", "-q", "pod.yaml")
    assert found.code == 2
    assert "cannot select rule 'ISO-999'" in found.stderr


def test_more_exemptions_than_permitted_close_the_gate(folder: Path) -> None:
    assert run(folder, "scan", "-q", "pod.yaml", "--max-exemptions", "1").code == 0
    found = run(folder, "scan", "-q", "pod.yaml", "--max-exemptions", "0")
    assert found.code == 1
    assert "1 exemptions hold; 0 at most are permitted" in found.stdout


def test_the_owners_of_what_exempts_are_checked(folder: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    (folder / ".git").mkdir()
    (folder / "CODEOWNERS").write_text("/bulkhead.yaml @a\n/CODEOWNERS @a\n")
    config = "rules: {only: [ISO-029]}\nexemptions: {files: [e.yml], owners_file: CODEOWNERS}\n"
    (folder / "bulkhead.yaml").write_text(config)
    found = run(folder, "exemptions", "check", "pod.yaml")
    assert found.code == 1
    assert "e.yml: it decides what is accepted, and the owners file names no owner for it" in found.stdout
    (folder / "CODEOWNERS").write_text("* @a\n")
    assert run(folder, "exemptions", "check", "pod.yaml").code == 0
