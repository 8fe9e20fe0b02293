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
    done = bulkhead("scan", "ops", "--config", "ops/bulkhead.yaml", cwd=folder)
    assert done.code == 0, done.stderr
    assert "charts/web" not in done.stdout


def test_a_file_that_is_named_alone_is_judged_through_the_releases_it_has_a_part_in(folder: Path) -> None:
    def found(path: str) -> tuple[int, list[str], list[str]]:
        done = bulkhead("scan", path, "--config", "ops/bulkhead.yaml", "--report", "json=-", cwd=folder)
        report = json.loads(done.stdout)
        return done.code, [one["resource"] for one in report["findings"]], [one["input"] for one in report["ledger"]]

    template = "charts/web/templates/pod.yaml"
    assert found(template) == (1, ["-/core/Pod/web/blue"], [template])
    for path in ("values", "values/blue.yaml"):
        code, resources, ledger = found(path)
        assert (code, resources) == (1, ["-/core/Pod/web/blue"]), path
        assert {"values/blue.yaml", template} <= set(ledger)
    (folder / "values/green.yaml").write_text("root: true\n")
    assert found("values/green.yaml")[:2] == (0, []), "no release takes its values from there"


def test_what_templates_are_told_of_the_cluster_is_configured(folder: Path) -> None:
    (folder / "charts/web/templates/pod.yaml").write_text(
        '{{- if and (eq .Capabilities.KubeVersion.Version "v1.31.7") '
        '(.Capabilities.APIVersions.Has "a.example/v1") }}\n' + TREE["charts/web/templates/pod.yaml"] + "{{- end }}\n"
    )
    assert judged(folder) == (0, []), "neither is what Helm takes by itself"
    with (folder / "ops/bulkhead.yaml").open("a") as file:
        file.write("  kube_version: 1.31.7\n  api_versions: [a.example/v1]\n")
    assert judged(folder) == (1, [("-/core/Pod/web/blue", "")])


def test_test_hooks_and_gitops_can_be_left_out(folder: Path) -> None:
    pod = TREE["charts/web/templates/pod.yaml"]
    hook = pod.replace("metadata:\n", "metadata:\n  annotations: {helm.sh/hook: test}\n")
    (folder / "charts/web/templates/pod.yaml").write_text(hook)
    release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: red, namespace: web}\n"
    chart = "spec:\n  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: x}}}\n"
    (folder / "red.yaml").write_text(release + chart + "  values: {root: true}\n")
    assert "core/Pod/web/red" in bulkhead(*GATE, cwd=folder).stdout, "Flux installs it"
    settings = (folder / "ops/bulkhead.yaml").read_text()
    (folder / "ops/bulkhead.yaml").write_text(settings + "gitops: false\n")
    assert judged(folder) == (1, [("-/core/Pod/web/blue", "")])
    assert "core/Pod/web/red" not in bulkhead(*GATE, cwd=folder).stdout
    (folder / "ops/bulkhead.yaml").write_text(settings + "  tests: false\ngitops: false\n")
    assert judged(folder) == (0, [])


def test_helm_charts_of_kustomizations_are_rendered_where_the_configuration_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(monkeypatch, "helm", "kustomize")
    kustomization = "helmGlobals: {chartHome: ../charts}\nhelmCharts:\n- {name: web, releaseName: red}\n"
    write(folder, {"app/kustomization.yaml": kustomization})
    assert judged(folder)[0] == 1
    settings = (folder / "ops/bulkhead.yaml").read_text()
    (folder / "ops/bulkhead.yaml").write_text(settings.partition("helm:")[0] + "kustomize: {helm_charts: true}\n")
    (folder / "charts/web/values.yaml").write_text("root: true\n")
    done = bulkhead(*GATE, cwd=folder)
    assert [one["resource"] for one in json.loads(done.stdout)["findings"]] == ["-/core/Pod/default/red"], (
        "as kustomize itself has it"
    )
