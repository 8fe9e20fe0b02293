"""``bulkhead scan``: what blocks, what is written where, and which exit code."""

import json
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.conftest import ROOT

POD = """apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: web:latest
      securityContext:
        privileged: true
"""
SECRET = """apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
stringData: {password: hunter2-and-more}
data: {token: aHVudGVyMg==}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pod.yaml").write_text(POD)
    return tmp_path


def test_the_current_folder_is_scanned_by_default(folder: Path) -> None:
    run = bulkhead("scan", "--rule", "ISO-029", cwd=folder)
    assert run.code == 1
    assert "pod.yaml:11:9" in run.stdout
    assert "privileged: true" in run.stdout
    assert "GATE FAILED: 1 blocking finding (1 critical)" in run.stdout


def test_standard_input_is_a_source(folder: Path) -> None:
    run = bulkhead("scan", "-", "--rule", "ISO-029", "--report", "json=-", cwd=folder, stdin=POD)
    (finding,) = json.loads(run.stdout)["findings"]
    assert finding["location"] == {
        "file": "-", "line": 11, "column": 9, "end_line": 11, "end_column": 25,
        "path": "spec.containers[0].securityContext.privileged",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--rule", "IMG-003"), 1),
        (("--rule", "IMG-003", "--fail-on", "high"), 1),
        (("--rule", "IMG-003", "--fail-on", "critical"), 0),
        (("--rule", "IMG-003", "--min-severity", "critical"), 0),
        (("--rule", "ISO-0*", "--skip-rule", "ISO-*"), 0),
        (("--rule", "iso-029"), 1),
    ],
)
def test_what_blocks(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    assert bulkhead("scan", *arguments, cwd=folder).code == code


def test_an_unknown_verdict_warns_or_blocks_as_asked(folder: Path) -> None:
    (folder / "pod.yaml").write_text(POD.replace("privileged: true", "privileged: !vault x"))
    for choice, code in (("ignore", 0), ("warn", 0), ("fail", 1)):
        run = bulkhead("scan", "--rule", "ISO-029", "--unknown", choice, cwd=folder)
        assert run.code == code, choice
    assert "tag !vault is not resolved" in bulkhead("scan", "--rule", "ISO-029", cwd=folder).stdout


def test_an_incomplete_run_is_exit_3_unless_it_only_warns(folder: Path) -> None:
    (folder / "bad.yaml").write_text("apiVersion: v1\nkind: [\n")
    arguments = ("scan", "--rule", "ISO-029", "--fail-on", "critical", "--skip-rule", "IMG-003")
    (folder / "pod.yaml").unlink()
    assert bulkhead(*arguments, cwd=folder).code == 3
    assert bulkhead(*arguments, "--incomplete", "warn", cwd=folder).code == 0
    assert "bad.yaml:3" in bulkhead(*arguments, cwd=folder).stdout


def test_several_reports_are_written_in_one_run(folder: Path) -> None:
    run = bulkhead("scan", "--report", "sarif=out.sarif", "--report", "json=out.json", "--report", "text=-", cwd=folder)
    assert "GATE FAILED" in run.stdout
    sarif = json.loads((folder / "out.sarif").read_text())
    report = json.loads((folder / "out.json").read_text())
    failing = [finding for finding in report["findings"] if finding["verdict"] == "fail"]
    assert len(sarif["runs"][0]["results"]) == len(failing)


def test_two_reports_to_one_place_are_a_mistake(folder: Path) -> None:
    run = bulkhead("scan", "--report", "text=-", "--report", "json=-", cwd=folder)
    assert run.code == 2
    assert "cannot write two reports to -" in run.stderr


def test_no_secret_value_is_printed_or_stored(folder: Path) -> None:
    (folder / "secret.yaml").write_text(SECRET)
    run = bulkhead("scan", "--report", "json=out.json", "--report", "sarif=out.sarif", "--report", "text=-", cwd=folder)
    everything = run.stdout + run.stderr + (folder / "out.json").read_text() + (folder / "out.sarif").read_text()
    for value in ("hunter2", "aHVudGVyMg"):
        assert value not in everything


def test_colour_follows_the_environment(folder: Path) -> None:
    plain = bulkhead("scan", cwd=folder).stdout
    coloured = bulkhead("scan", cwd=folder, NO_COLOR="", FORCE_COLOR="1").stdout
    assert "\x1b[" not in plain
    assert "\x1b[" in coloured


def test_an_inline_exemption_accepts_and_the_configuration_can_forbid_it(folder: Path) -> None:
    comment = '# bulkhead:exempt ISO-029 until=2027-01-31 owner=team-x reason="being replaced"'
    (folder / "pod.yaml").write_text(POD.replace("        privileged", f"        {comment}\n        privileged"))
    arguments = ("scan", "--rule", "ISO-029")
    assert bulkhead(*arguments, "--today", "2026-11-21", cwd=folder).code == 0
    expired = bulkhead(*arguments, "--today", "2027-02-01", cwd=folder)
    assert expired.code == 1
    assert "2027-01-31" in expired.stdout
    (folder / "bulkhead.yaml").write_text("exemptions: {inline: forbid}\n")
    forbidden = bulkhead(*arguments, "--today", "2026-11-21", cwd=folder)
    assert forbidden.code == 1
    assert "inline" in forbidden.stdout


def test_an_exemption_in_a_file_selects_by_name_and_shows_in_sarif(folder: Path) -> None:
    (folder / "exemptions.yaml").write_text(
        "apiVersion: exemptions/v1\nexemptions:\n"
        "  - {id: EX-1, rules: [ISO-029], selector: {namespace: shop, name: 'w*'}, reason: soon gone, owner: me,"
        " expires: 2026-12-31}\n"
        "  - {id: EX-2, rules: [ISO-028], selector: {name: other}, reason: unused, owner: me, expires: 2026-12-31}\n"
    )
    (folder / "bulkhead.yaml").write_text("exemptions: {files: [exemptions.yaml]}\n")
    arguments = ("scan", "--rule", "ISO-029", "--today", "2026-11-21", "--report", "sarif=-")
    run = bulkhead(*arguments, cwd=folder)
    assert run.code == 0
    (result,) = json.loads(run.stdout)["runs"][0]["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("external", "soon gone")
    assert "EX-2" in bulkhead("scan", "--rule", "ISO-02*", "--today", "2026-11-21", cwd=folder).stdout


def test_a_severity_can_be_configured(folder: Path) -> None:
    (folder / "bulkhead.yaml").write_text("rules: {severity: {IMG-003: low}}\nfail_on: medium\n")
    assert bulkhead("scan", "--rule", "IMG-003", cwd=folder).code == 0


def test_a_pack_inside_the_scanned_tree_is_refused(folder: Path) -> None:
    bulkhead("rules", "new", "acme/one", "--id", "ACME-001", cwd=folder)
    (folder / "bulkhead.yaml").write_text("packs: [{path: acme}]\n")
    run = bulkhead("scan", cwd=folder)
    assert run.code == 2
    assert "it lies in the tree that is scanned" in run.stderr


def test_a_pack_with_another_digest_than_the_configured_one_is_refused(folder: Path) -> None:
    (folder / "tree").mkdir()
    bulkhead("rules", "new", "acme/one", "--id", "ACME-001", cwd=folder)
    (folder / "bulkhead.yaml").write_text(f"packs: [{{path: acme, digest: 'sha256:{'0' * 64}'}}]\n")
    run = bulkhead("scan", "tree", cwd=folder)
    assert run.code == 2
    assert "its digest is sha256:" in run.stderr


def test_a_foreign_rego_pack_runs_and_finds(folder: Path) -> None:
    bulkhead("rules", "new", "acme/one", "--id", "ACME-001", cwd=folder)
    run = bulkhead("scan", "pod.yaml", "--pack", "acme", "--rule", "ACME-001", "--report", "json=-", cwd=folder)
    report = json.loads(run.stdout)
    assert [finding["rule"] for finding in report["findings"]] == ["ACME-001"]
    assert {pack["name"] for pack in report["packs"]} >= {"rego/tenant_isolation", f"{folder.name}/acme"}


def test_a_closed_pipe_is_no_error(folder: Path) -> None:
    import os
    import subprocess
    import sys

    from tests.conftest import ROOT

    command = f"{sys.executable} -m scanner scan . | head -n 1"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.stdout.startswith("pod.yaml")
    assert run.stderr == ""


def test_a_tenant_is_reported_on_alone_and_a_name_nobody_has_is_said_before_the_scan(tmp_path: Path) -> None:
    estate = ROOT / "fixtures" / "erp-hosting-broken"
    run = bulkhead("scan", "clusters", "--tenant", "kestrel", "--report", "json=-", cwd=estate)
    assert {one["tenant"] for one in json.loads(run.stdout)["findings"]} == {"t11"}
    for arguments, cause in (
        (("--tenant", "nobody"), "the estate does not declare it"),
        (("--tenant", "kestrel", "--config", str(empty(tmp_path))), "no estate is given"),
    ):
        refused = bulkhead("scan", "clusters", *arguments, cwd=estate)
        assert (refused.code, refused.stdout) == (2, "")
        assert f"cannot report on tenant '{arguments[1]}': {cause}" in refused.stderr


def empty(folder: Path) -> Path:
    path = folder / "bulkhead.yaml"
    path.write_text("{}\n", "utf-8")
    return path
