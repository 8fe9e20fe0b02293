"""A file that is named alone is judged through the charts and overlays it plays a part in."""

from pathlib import Path

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.sources.rendered.choices import ReleaseChoice, RenderedChoices
from scanner.sources.repository import RepositorySource

from .trees import needs, write

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
CHARTS = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"
    "dependencies: [{name: shared, version: 1.0.0, repository: 'file://../shared'}]\n",
    "charts/web/templates/_names.tpl": '{{ define "web" }}web{{ end }}\n',
    "charts/web/templates/a.yaml": CONFIG_MAP % '{{ .Release.Name }}-{{ include "web" . }}',
    "charts/web/templates/b.yaml": CONFIG_MAP % "{{ .Release.Name }}-b"
    + 'data: {f: {{ .Files.Get "files/f.txt" | quote }}}\n',
    "charts/web/files/f.txt": "text\n",
    "charts/shared/Chart.yaml": "apiVersion: v2\nname: shared\nversion: 1.0.0\n",
    "charts/shared/templates/s.yaml": CONFIG_MAP % "{{ .Release.Name }}-shared",
    "values/blue.yaml": "color: blue\n",
    "flux/green.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
    "metadata: {name: green, namespace: g}\nspec:\n"
    "  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: x}}}\n"
    "  valuesFrom: [{kind: ConfigMap, name: settings}]\n",
    "flux/settings.yaml": CONFIG_MAP % "settings, namespace: g" + "data:\n  values.yaml: 'color: green'\n",
}
RELEASES = (ReleaseChoice("charts/web", "blue", "b", ("values/blue.yaml",)), ReleaseChoice("charts/web", "red", "r"))
OVERLAYS = {
    "base/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    "base/a.yaml": CONFIG_MAP % "a",
    "base/b.yaml": CONFIG_MAP % "b",
    "prod/kustomization.yaml": "namePrefix: prod-\nresources: [../base]\npatches: [{path: patch.yaml}]\n",
    "prod/patch.yaml": CONFIG_MAP % "a" + "data: {x: '1'}\n",
    "test/kustomization.yaml": "namePrefix: test-\nresources: [../base]\n",
    "part/kustomization.yaml": "kind: Component\nresources: [p.yaml]\n",
    "part/p.yaml": CONFIG_MAP % "p",
    "plain.yaml": CONFIG_MAP % "plain",
}


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm", "kustomize")


def judged(folder: Path, *paths: str) -> tuple[list[str], list[LedgerEntry]]:
    """Return the names of all Resources that a scan of some paths judges, and the ledger."""
    source = RepositorySource(paths, base=str(folder), rendered=RenderedChoices(RELEASES))
    contents = [page.read() for page in source.pages()]
    entries = [entry for content in contents for entry in content.entries]
    return sorted(one.name for content in contents for one in content.resources), [*entries, *source.entries()]


@pytest.fixture
def charts(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return write(tmp_path, CHARTS)


@pytest.fixture
def overlays(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return write(tmp_path, OVERLAYS)


def test_of_a_template_what_all_releases_render_from_it(charts: Path) -> None:
    names, ledger = judged(charts, "charts/web/templates/a.yaml")
    assert names == ["blue-web", "green-web", "red-web"]
    assert {entry.input for entry in ledger} == {"charts/web/templates/a.yaml"}


def test_of_a_template_nothing_is_said_of_a_fault_in_another(charts: Path) -> None:
    write(charts, {"charts/web/templates/b.yaml": "{{ fail }}"})
    names, ledger = judged(charts, "charts/web/templates/a.yaml")
    assert names == ["blue-web", "green-web", "red-web"]
    assert not [entry for entry in ledger if entry.incomplete]
    assert [entry.input for entry in judged(charts, "charts/web/templates/b.yaml")[1] if entry.incomplete] == [
        "charts/web/templates/b.yaml"
    ] * 3


def test_of_a_template_of_a_chart_elsewhere_what_those_that_depend_on_it_render(charts: Path) -> None:
    assert judged(charts, "charts/shared/templates/s.yaml")[0] == ["blue-shared", "green-shared", "red-shared"]


@pytest.mark.parametrize("file", ["Chart.yaml", "templates/_names.tpl", "files/f.txt"])
def test_of_what_steers_a_chart_all_of_it(charts: Path, file: str) -> None:
    names, _ = judged(charts, f"charts/web/{file}")
    assert {"blue-web", "blue-b", "blue-shared", "green-web", "red-b"} <= set(names)


def test_of_a_file_of_values_the_releases_that_take_it(charts: Path) -> None:
    assert set(judged(charts, "values/blue.yaml")[0]) == {"blue-web", "blue-b", "blue-shared"}
    for file in ("flux/green.yaml", "flux/settings.yaml"):
        names, _ = judged(charts, file)
        assert {name for name in names if name not in ("green", "settings")} == {"green-web", "green-b", "green-shared"}


def test_of_a_file_of_a_base_what_all_overlays_build_of_it(overlays: Path) -> None:
    names, ledger = judged(overlays, "base/a.yaml")
    assert names == ["prod-a", "test-a"]
    assert {entry.input for entry in ledger} == {"base/a.yaml"}


@pytest.mark.parametrize("file", ["prod/patch.yaml", "prod/kustomization.yaml"])
def test_of_a_patch_and_of_a_kustomization_all_that_is_built(overlays: Path, file: str) -> None:
    assert judged(overlays, file)[0] == ["prod-a", "prod-b"]


def test_of_a_component_that_nothing_includes_the_ledger_tells(overlays: Path) -> None:
    for file in ("part/kustomization.yaml", "part/p.yaml"):
        _, (entry,) = judged(overlays, file)
        assert (entry.input, entry.state) == (file, State.UNSUPPORTED)
        assert "no kustomization here includes" in entry.reason


def test_what_has_no_part_in_any_is_a_manifest(overlays: Path) -> None:
    names, ledger = judged(overlays, "plain.yaml")
    assert names == ["plain"]
    assert [entry.input for entry in ledger] == ["plain.yaml"]


def test_what_substitutes_variables_has_a_part_in_the_build(overlays: Path) -> None:
    write(
        overlays,
        {
            "flux/app.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, "
            "namespace: f}\nspec:\n  path: ./prod\n  sourceRef: {kind: GitRepository, name: x}\n"
            "  postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}\n",
            "flux/settings.yaml": CONFIG_MAP % "settings, namespace: f" + "data: {x: '1'}\n",
        },
    )
    for file, own in (("flux/app.yaml", "app"), ("flux/settings.yaml", "settings")):
        assert judged(overlays, file)[0] == sorted([own, "prod-a", "prod-b"])


def test_what_a_generator_takes_parameters_from_has_a_part_in_what_it_makes(overlays: Path) -> None:
    write(
        overlays,
        {
            "set.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n"
            "  generators: [{git: {files: [{path: 'params/*.json'}]}}]\n"
            "  template:\n    metadata: {name: '{{ name }}'}\n"
            "    spec: {source: {path: '{{ name }}'}, destination: {namespace: '{{ name }}'}}\n",
            "params/prod.json": '{"name": "prod"}',
        },
    )
    assert judged(overlays, "params/prod.json")[0] == ["prod-a", "prod-b"]


def test_without_a_repository_only_the_charts_and_overlays_around_it_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {**CHARTS, **OVERLAYS, "far/broken/Chart.yaml": "{{"})
    assert "red-web" in judged(tmp_path, "charts/web/templates/a.yaml")[0]
    assert judged(tmp_path, "base/a.yaml")[0] == ["a"], "which overlays there are is not known"
    assert judged(tmp_path, "plain.yaml")[0] == ["plain"]


def test_flux_alone_makes_a_tree_one_that_is_rendered(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
            "metadata: {name: app}\nspec:\n"
            "  path: ./app\n  targetNamespace: shop\n  sourceRef: {kind: GitRepository, name: x}\n",
            "app/a.yaml": CONFIG_MAP % "a",
        },
    )
    source = RepositorySource(["."], base=str(tmp_path))
    keys = [one.key for page in source.pages() for one in page.read().resources]
    assert "-/core/ConfigMap/shop/a" in keys
