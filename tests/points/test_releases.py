"""Releases that the configuration names: judged as they are installed, also where a change renames their chart."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.points.histories import commit, git
from tests.sources.rendered.trees import needs, write

TREE = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "root: false\n",
    "charts/web/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n"
    "  namespace: {{ .Release.Namespace }}\nspec:\n  containers:\n  - name: web\n    image: web:1\n"
    "    securityContext: {privileged: {{ .Values.root }}}\n",
    "values/blue.yaml": "root: true\n",
    "ops/bulkhead.yaml": "rules: {only: [ISO-029]}\nhelm:\n  releases:\n"
    "  - {chart: ../charts/web, name: green, namespace: web}\n"
    "  - {chart: ../charts/web, name: blue, namespace: web, values: [../values/blue.yaml]}\n",
}
"""Only the release blue runs privileged."""
ROOT = Path(__file__).parents[2]
GATE = ("scan", ".", "--config", "ops/bulkhead.yaml", "--report", "json=-")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    needs(monkeypatch, "helm")
    write(tmp_path, TREE)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "change")
    return tmp_path


def judged(folder: Path, *arguments: str) -> tuple[int, list[tuple[str, str]]]:
    """Return the exit code, and the resource and comparison of every finding."""
    done = bulkhead(*GATE, *arguments, cwd=folder)
    report = json.loads(done.stdout)
    return done.code, [(one["resource"], one.get("change", "")) for one in report["findings"]]


def test_each_release_is_judged_with_its_own_values(folder: Path) -> None:
    assert judged(folder) == (1, [("-/core/Pod/web/blue", "")])


def test_a_chart_that_is_renamed_is_still_the_chart_of_its_releases(folder: Path) -> None:
    (folder / "charts/web").rename(folder / "charts/site")
    (folder / "values/blue.yaml").rename(folder / "values/cyan.yaml")
    commit(folder)
    assert judged(folder, "--base", "main") == (0, [("-/core/Pod/web/blue", "unchanged")])


def test_a_change_does_not_choose_the_releases_it_is_judged_by(folder: Path) -> None:
    (folder / "values/blue.yaml").write_text("root: false\n")
    (folder / "ops/bulkhead.yaml").write_text("helm: {releases: [{chart: ../charts/web}]}\n")
    (folder / "charts/web/values.yaml").write_text("root: true\n")
    commit(folder)
    code, found = judged(folder, "--base", "main")
    assert (code, [one for one in found if one[1] == "introduced"]) == (1, [("-/core/Pod/web/green", "introduced")])


def test_a_cluster_that_the_estate_does_not_know_is_told(folder: Path) -> None:
    shutil.copy(ROOT / "fixtures/erp-hosting/estate.yaml", folder)
    text = (folder / "ops/bulkhead.yaml").read_text().replace("name: blue", "name: blue, cluster: aks-none")
    (folder / "ops/bulkhead.yaml").write_text("estate: ../estate.yaml\n" + text)
    done = bulkhead(*GATE, cwd=folder)
    assert done.code == 2
    assert "aks-none" in done.stderr


def test_a_path_without_the_chart_asks_for_no_release(folder: Path) -> None:
    done = bulkhead("scan", "values", "--config", "ops/bulkhead.yaml", cwd=folder)
    assert done.code == 0, done.stderr
    assert "charts/web" not in done.stdout
