"""The example estate's clusters, as they run, against what is declared for them."""

import json
import shutil
from pathlib import Path

from tests.cli.running import bulkhead
from tests.conftest import ROOT

CLUSTERS = ("aks-npd-weu-01", "aks-prd-weu-01")


def test_what_runs_is_what_is_declared(tmp_path: Path) -> None:
    estate = shutil.copytree(ROOT / "fixtures" / "erp-hosting", tmp_path / "estate")
    against = [word for name in CLUSTERS for word in ("--against", f"{name}=dumps/{name}")]
    run = bulkhead("drift", "clusters", *against, "--report", "json=drift.json", cwd=estate)
    assert (run.code, run.stderr) == (0, "")
    report = json.loads((estate / "drift.json").read_text("utf-8"))
    assert [finding["message"] for finding in report["findings"]] == []
    assert report["counts"]["resources"] > 1_000
