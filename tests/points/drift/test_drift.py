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
    elsewhere = {**POLICY, "metadata": {"name": "deny", "namespace": "other"}}
    (here / "dump.json").write_text(listing(deployment(7, securityContext={"privileged": True}), elsewhere))
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


def test_what_a_dump_holds_nothing_of_was_perhaps_not_asked_for(here: Path) -> None:
    def told() -> dict[str, str]:
        report = json.loads(run("declared", "--against", "prd=dump", "--cluster", "prd", "--report", "json=-").output)
        return {one["rule"]: one["message"] for one in report["findings"]}

    (here / "dump").mkdir()
    (here / "dump" / "some.json").write_text(listing(deployment()))
    assert told() == {
        "DRIFT-005": "whether NetworkPolicy shop/deny is as declared cannot be said: nothing of its type was read, "
        "and a dump does not say whether it was asked for"
    }
    empty = {"kind": "NetworkPolicyList", "apiVersion": "networking.k8s.io/v1", "metadata": {}, "items": []}
    (here / "dump" / "policies.json").write_text(json.dumps(empty))
    assert list(told()) == ["DRIFT-002"], "it was asked for, and there is none"


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
    with pytest.raises(UsageError, match="cannot dry-run: --against names no cluster itself"):
        run("declared", "--against", "declared", "--dry-run-apply")
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


def exempting(here: Path, *entries: str) -> None:
    """Write exemptions of DRIFT-001: a selector, and more, each."""
    text = "".join(
        f"  - {{id: EX-{number}, rules: [DRIFT-001], reason: sale, owner: shop, {entry}}}\n"
        for number, entry in enumerate(entries, 1)
    )
    (here / "exemptions.yaml").write_text(f"apiVersion: exemptions/v1\nexemptions:\n{text}")


WITH = ("--exemptions", "exemptions.yaml", "--today", "2026-11-21", "--report", "json=-")


def test_an_exemption_of_one_attribute_leaves_the_others(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(7, image="registry.example.net/web:2"), POLICY))
    exempting(here, "selector: {name: web, attributes: [spec.replicas]}, expires: 2026-12-01")
    result = run("declared", "--against", "dump.json", *WITH)
    assert result.exit_code == 1
    report = json.loads(result.output)
    accepted = {one["tag"]: one["exemption"] and one["exemption"]["id"] for one in report["findings"]}
    image = "spec.template.spec.containers[name=web].image"
    assert accepted == {"spec.replicas": "EX-1", image: None}
    exempting(here, f"selector: {{name: web, attributes: [spec.replicas, '{image}']}}, expires: 2026-12-01")
    assert run("declared", "--against", "dump.json", *WITH).exit_code == 0


def test_exemptions_of_drift_that_expired_or_cover_nothing_are_told(here: Path) -> None:
    (here / "dump.json").write_text(listing(deployment(7), POLICY))
    exempting(
        here,
        "selector: {name: web, attributes: [spec.replicas]}, expires: 2026-11-20",
        "selector: {name: web, attributes: [spec.paused]}, expires: 2026-12-01",
    )
    (here / "exemptions.yaml").rename(here / "declared" / "exemptions.yaml")
    named = ("--exemptions", "declared/exemptions.yaml", *WITH[2:])
    report = json.loads(run("declared", "--against", "dump.json", *named).output)
    kinds = {kind: [one["id"] for one in found] for kind, found in report["exemptions"].items()}
    assert kinds == {"used": [], "expired": ["EX-1"], "unused": ["EX-2"], "unseen": []}
    told = [note["reason"] for note in report["notes"]]
    assert "exemption EX-1 expired on 2026-11-20: it does nothing; renew it or remove it" in told
    assert "exemption EX-2 covers no finding: remove it" in told
    (here / "dump.json").write_text(listing(deployment(7), POLICY)[:-200])
    report = json.loads(run("declared", "--against", "dump.json", *named).output)
    assert [one["id"] for one in report["exemptions"]["unseen"]] == ["EX-2"], "not all could be compared"


def test_an_exemption_by_labels_accepts_drift(here: Path) -> None:
    labelled = MANIFEST.replace("namespace: shop}", "namespace: shop, labels: {tier: front}}", 1)
    (here / "declared" / "shop.yaml").write_text(labelled)
    web = deployment(7)
    web["metadata"]["labels"] = {"tier": "front"}
    (here / "dump.json").write_text(listing(web, POLICY))
    exempting(here, "selector: {labels: {tier: front}}, expires: 2026-12-01")
    assert run("declared", "--against", "dump.json", *WITH).exit_code == 0


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
