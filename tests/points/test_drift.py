"""``bulkhead drift`` over files: manifests against a dump, Terraform against an export."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanner.cli import cli
from scanner.errors import BaselineError, UsageError
from tests.conftest import ROOT
from tests.drift.noise import live_of, real

pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - {name: web, image: registry.example.net/web:1, securityContext: {privileged: false}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""


def listing(*objects: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})


def deployment(replicas: int = 2, **container: Any) -> dict[str, Any]:
    first = {"name": "web", "image": "registry.example.net/web:1", "imagePullPolicy": "IfNotPresent", **container}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "uid": "1"},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [first]}}},
        "status": {"replicas": replicas},
    }


POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "deny", "namespace": "shop"},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "shop.yaml").write_text(MANIFEST)
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["drift", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_no_drift(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(), POLICY))
    result = run("declared", "--against", "dump.json")
    assert result.exit_code == 0, result.output
    assert "GATE PASSED" in result.output
    assert "2 judged" in result.output


def test_drift_is_told_at_the_declaring_line_with_the_severity_of_the_rule_that_reads_it(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(7, securityContext={"privileged": True})))
    result = run("declared", "--against", "dump.json", "--report", "json=-")
    assert result.exit_code == 1
    report = json.loads(result.output)
    found = {(one["rule"], one["severity"]): one for one in report["findings"]}
    changed = found["DRIFT-001", "low"]
    assert changed["message"] == "spec.replicas is 7; 2 is declared"
    assert changed["location"]["line"] == 5
    assert changed["location"]["file"] == "declared/shop.yaml"
    privileged = found["DRIFT-001", "critical"]["message"]
    assert privileged.startswith("spec.template.spec.containers[name=web].securityContext.privileged is true; false")
    assert privileged.endswith("; it breaks ISO-029"), privileged
    missing = next(one for (rule, _), one in found.items() if rule == "DRIFT-002")
    assert "NetworkPolicy shop/deny is declared and not there" in missing["message"]
    assert "ISO-001" in missing["message"]


def test_drift_may_be_no_reason_to_fail(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(7), POLICY))
    assert run("declared", "--against", "dump.json", "--no-exit-code").exit_code == 0
    assert run("declared", "--against", "dump.json", "--fail-on", "high").exit_code == 0


def test_a_dump_that_is_cut_off_makes_nothing_missing(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(), POLICY)[:-200])
    result = run("declared", "--against", "dump.json")
    assert result.exit_code == 3, result.output
    assert "DRIFT-002" not in result.output
    assert "cannot be said" in result.output


def test_what_cannot_be_compared_is_said_before(here: Path) -> None:
    with pytest.raises(UsageError, match="cannot compare with nowhere: there is no such file"):
        run("declared", "--against", "nowhere")
    with pytest.raises(UsageError, match="it names no cluster"):
        run("declared", "--against", "live:")
    (here / "bulkhead.yaml").write_text("clusters: {prd: declared, npd: other}\n")
    (here / "dump.json").write_text(listing(POLICY))
    with pytest.raises(UsageError, match=r"cannot tell which cluster dump\.json is of") as raised:
        run("declared", "--against", "dump.json")
    assert "known: npd, prd" in raised.value.diagnostics()


def test_an_exemption_accepts_drift(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(7), POLICY))
    (here / "exemptions.yaml").write_text(
        "apiVersion: exemptions/v1\nexemptions:\n  - id: EX-1\n    rules: [DRIFT-001]\n"
        "    selector: {kind: Deployment, name: web}\n"
        "    reason: scaled for the sale\n    owner: shop\n    expires: 2026-12-01\n"
    )
    result = run("declared", "--against", "dump.json", "--exemptions", "exemptions.yaml", "--today", "2026-11-21")
    assert result.exit_code == 0, result.output


def test_terraform_against_an_export_of_azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.points.inputs import load_inputs, source_of
    from scanner.points.request import Request

    monkeypatch.chdir(ROOT / "fixtures" / "erp-hosting")
    request = Request.of({"paths": ("terraform",)})
    pages = source_of(request, load_inputs(request).estate).pages()
    chance = random.Random(3)
    declared = real([one for page in pages for one in page.read().resources if one.type.startswith("Microsoft.")])
    rows = [{"type": one.type.lower(), **live_of(one, chance).attributes} for one in declared]
    changed = next(row for row in rows if row["type"] == "microsoft.storage/storageaccounts")
    changed["properties"] = {**changed["properties"], "minimumTlsVersion": "TLS1_0"}
    export = tmp_path / "inventory.json"
    export.write_text(json.dumps({"data": rows, "count": len(rows), "totalRecords": len(rows)}, default=str))
    output = tmp_path / "r.json"
    result = run("terraform", "--against", str(export), "--report", f"json={output}", "--unknown", "ignore")
    failed = [one for one in json.loads(output.read_text())["findings"] if one["verdict"] == "fail"]
    assert len(failed) == 1, [one["message"] for one in failed][:5]
    assert failed[0]["rule"] == "DRIFT-001"
    assert "'TLS1_0'" in failed[0]["message"]
    assert result.exit_code == 1, result.output


def test_what_is_accepted_is_written_down_and_its_change_is_drift(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(workingDir="/a"), POLICY))
    assert run("declared", "--against", "dump.json", "--accept", "accepted.json").exit_code == 0
    assert run("declared", "--against", "dump.json", "--accepted", "accepted.json").exit_code == 0
    (here / "dump.json").write_text(listing(deployment(workingDir="/b"), POLICY))
    assert run("declared", "--against", "dump.json").exit_code == 0
    result = run("declared", "--against", "dump.json", "--accepted", "accepted.json", "--report", "json=-")
    assert result.exit_code == 1
    (one,) = json.loads(result.output)["findings"]
    assert one["message"] == (
        "spec.template.spec.containers[name=web].workingDir is not declared, "
        "and is no longer what it was when it was accepted"
    )
    assert one["location"]["line"] == 9


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is no JSON"),
        ("[]", "it is no file of accepted drift"),
        ('{"version": "drift/v9", "resources": {}}', "it is no file of accepted drift"),
        ('{"version": "drift/v1", "resources": {"a": 1}}', "it is no file of accepted drift"),
        (None, "cannot read accepted.json"),
    ],
)
def test_a_file_that_is_none_of_ours_is_said_so(here: Path, text: str | None, said: str) -> None:
    (here / "dump.json").write_text(listing(deployment(), POLICY))
    if text is not None:
        (here / "accepted.json").write_text(text)
    with pytest.raises(BaselineError, match=said):
        run("declared", "--against", "dump.json", "--accepted", "accepted.json")
