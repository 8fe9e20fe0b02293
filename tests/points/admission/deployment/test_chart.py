"""The Helm chart says what `bulkhead deploy webhook` says; Helm itself renders it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.points.admission.deployment.deployed import deployed_chart
from tests.cli.running import bulkhead
from tests.conftest import ROOT
from tests.points.admission.deployment.test_manifests import ESTATE, IMAGE
from tests.tools import oracles

CHART = ROOT / "deploy" / "charts" / "bulkhead-webhook"


def test_the_chart_in_the_repository_is_what_is_generated() -> None:
    wanted = deployed_chart()
    stored = {str(path.relative_to(CHART)): path.read_text("utf-8") for path in CHART.rglob("*") if path.is_file()}
    assert stored == dict(wanted), "run 'python docs/generate.py'"


def test_no_mark_is_left() -> None:
    assert not re.search(r"zz-|7777777", "".join(deployed_chart().values()))


def _helm() -> str:
    for candidate in (oracles._TOOLS / "helm", shutil.which("helm")):
        if candidate is not None and Path(candidate).is_file():
            return str(candidate)
    pytest.skip("no 'helm' is there; tests/tools/oracles.sh helm builds it")


def objects(text: str) -> dict[tuple[str, str], Any]:
    found = {}
    for value in yaml.safe_load_all(text):
        for hook in value.get("webhooks", ()):
            hook["namespaceSelector"]["matchExpressions"][0]["values"].sort()
        if value["kind"] == "Deployment":  # a digest of the same texts, made by another
            annotations = value["spec"]["template"]["metadata"]["annotations"]
            assert re.fullmatch(r"[0-9a-f]{32,64}", annotations.pop("bulkhead/configuration"))
        found[value["kind"], value["metadata"]["name"]] = value
    return found


@pytest.mark.slow
def test_helm_renders_the_same(tmp_path: Path) -> None:
    helm = _helm()
    (tmp_path / "bulkhead.yaml").write_text("fail_on: low\n")
    common = (
        "--cluster",
        "aks-prd-weu-01",
        "--estate",
        str(ESTATE),
        "--namespace",
        "velero",
        "--config",
        "bulkhead.yaml",
    )
    ours = bulkhead("deploy", "webhook", "--image", IMAGE, "--monitoring", "monitoring", *common, cwd=tmp_path)
    assert ours.code == 0, ours.stderr
    values = f"image={IMAGE},cluster=aks-prd-weu-01"
    files = ("--set-file", f"estate={ESTATE}", "--set-file", "config=bulkhead.yaml")
    command = [helm, "template", "bulkhead-webhook", str(CHART), "-n", "velero", "--set", values, *files]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    wanted = objects(ours.stdout)
    del wanted["Namespace", "velero"]  # which Helm is given
    assert objects(theirs) == wanted


@pytest.mark.slow
def test_without_an_estate_it_says_what_is_missing() -> None:
    command = [_helm(), "template", "x", str(CHART)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "--set-file estate=F" in run.stderr
