"""``helmCharts`` of kustomizations, through the real ``kustomize`` and ``helm``."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from scanner.model.ledger import State
from scanner.model.unknown import Unknown
from scanner.sources.interface import PageContent

from .trees import at, needs, of, pages, place, places, read, source, write

POD = """apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  hostNetwork: {{ .Values.host }}
  containers:
  - name: {{ .Chart.Name }}
    image: {{ .Values.image }}
"""
CHART = {
    "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "app/charts/web/values.yaml": "host: false\nimage: web:1\n",
    "app/charts/web/templates/pod.yaml": POD,
}
APP = "helmCharts:\n- name: web\n  releaseName: shop\n  namespace: shop-a\n"


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm", "kustomize")


def built(folder: Path, **files: str) -> PageContent:
    """Return what the only kustomization holds, with charts rendered."""
    write(folder, {**CHART, **{f"app/{name.replace('_yaml', '.yaml')}": text for name, text in files.items()}})
    (page,) = (one for one in pages(folder, helm_charts=True) if one.name == "app/kustomization.yaml")
    return pickle.loads(pickle.dumps(page)).read()


def reasons(content: PageContent) -> list[str]:
    return [entry.reason for entry in content.entries if entry.incomplete]


def test_unless_switched_on_they_are_in_the_ledger_and_the_chart_is_judged_for_itself(tmp_path: Path) -> None:
    folder = write(tmp_path, {**CHART, "app/kustomization.yaml": APP})
    chart, kustomization = pages(folder)
    assert chart.read().resources[0].key == "-/core/Pod/-/web"
    (entry,) = kustomization.read().entries
    assert (entry.input, entry.line, entry.state, entry.incomplete) == (
        "app/kustomization.yaml",
        1,
        State.PARTIAL,
        True,
    )
    assert "kustomize.helm_charts" in entry.reason


def test_a_chart_of_the_tree_is_rendered_with_what_the_entry_says_and_not_once_more(tmp_path: Path) -> None:
    more = "  valuesFile: values.yaml\n  valuesInline: {host: true}\nnamePrefix: x-\n"
    write(tmp_path, {**CHART, "app/kustomization.yaml": APP + more, "app/values.yaml": "image: web:2\n"})
    (page,) = pages(tmp_path, helm_charts=True)
    content = page.read()
    (pod,) = content.resources
    assert pod.key == "-/core/Pod/shop-a/x-shop"
    assert pod.value("spec", "hostNetwork") is True
    assert pod.value("spec", "containers", 0, "image") == "web:2"
    placed = place(page, content, "Pod shop-a/x-shop", ("spec", "hostNetwork"))
    assert at(placed.location) == ("app/kustomization.yaml", 2)


def test_one_of_a_repository_is_looked_for_where_kustomize_puts_it(tmp_path: Path) -> None:
    moved = {name.replace("charts/web", "vendor/web-1.0.0/web"): text for name, text in CHART.items()}
    entry = "- name: web\n  repo: https://charts.example.com\n  version: 1.0.0\n"
    write(tmp_path, {**moved, "app/kustomization.yaml": f"helmGlobals: {{chartHome: vendor}}\nhelmCharts:\n{entry}"})
    (pod,) = read(tmp_path, helm_charts=True).resources
    assert pod.name == "web"


def test_two_releases_of_one_chart(tmp_path: Path) -> None:
    write(tmp_path, CHART)
    write(tmp_path, {"app/kustomization.yaml": APP + "- name: web\n  releaseName: other\n  namespace: shop-b\n"})
    (page,) = pages(tmp_path, helm_charts=True)
    content = page.read()
    (placed,) = places(page, content, {"Pod shop-b/other": (("spec", "hostNetwork"),)})
    assert at(placed.location) == ("app/kustomization.yaml", 5)
    assert sorted(one.key for one in content.resources) == ["-/core/Pod/shop-a/shop", "-/core/Pod/shop-b/other"]
    assert not reasons(content)


def test_one_in_a_base_and_one_that_depends_on_another_chart(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
    chart += "dependencies: [{name: sub, version: 1.x, repository: 'file://../sub'}]\n"
    sub = {"app/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.2.0\n"}
    sub["app/charts/sub/templates/a.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sub}\n"
    write(tmp_path, {**CHART, **sub, "app/charts/web/Chart.yaml": chart, "app/kustomization.yaml": APP})
    write(tmp_path, {"top/kustomization.yaml": "resources: [../app]\nnamePrefix: x-\n"})
    (page,) = pages(tmp_path, helm_charts=True)
    assert page.name == "top/kustomization.yaml"
    assert sorted(one.key for one in page.read().resources) == ["-/core/ConfigMap/-/x-sub", "-/core/Pod/shop-a/x-shop"]


def test_one_that_is_not_in_the_tree_is_named_and_the_rest_is_built(tmp_path: Path) -> None:
    gone = "- name: gone\n  repo: https://charts.example.com\n  version: 2.0.0\n"
    content = built(tmp_path, kustomization_yaml=APP + gone)
    assert [one.name for one in content.resources] == ["shop"]
    assert reasons(content) == ["chart gone is not in the tree: vendor it where helmGlobals.chartHome says"]
    assert [entry.line for entry in content.entries if entry.incomplete] == [5]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"releaseName": "--post-renderer=/bin/sh"}, "releaseName --post-renderer=/bin/sh is no name"),
        ({"namespace": "--kube-context=x"}, "namespace --kube-context=x is no name"),
        ({"nameTemplate": '{{ env "HOME" }}'}, "nameTemplate is not evaluated"),
        ({"valuesFile": "/etc/hostname"}, "values file /etc/hostname is not in the tree"),
        ({"additionalValuesFiles": ["../../x.yaml"]}, "values file ../../x.yaml is not in the tree"),
        ({"valuesMerge": "-f"}, "valuesMerge -f is none of merge, override, replace"),
    ],
)
def test_what_helm_could_take_for_something_else_is_not_handed_to_it(
    tmp_path: Path, entry: dict[str, Any], reason: str
) -> None:
    import json

    content = built(tmp_path, kustomization_yaml=json.dumps({"helmCharts": [{"name": "web", **entry}]}))
    assert not content.resources
    assert reasons(content) == [f"chart web is not rendered: {reason}"]


@pytest.mark.parametrize("home", ["../../outside", "{outside}"])
def test_a_chart_outside_of_the_tree_is_not_read(tmp_path: Path, home: str) -> None:
    outside = write(tmp_path / "outside", {name.removeprefix("app/charts/"): text for name, text in CHART.items()})
    home = home.format(outside=outside)
    folder = write(tmp_path / "tree", {"app/kustomization.yaml": f"helmGlobals: {{chartHome: {home}}}\n{APP}"})
    (page,) = pages(folder, helm_charts=True)
    content = page.read()
    assert not content.resources
    assert reasons(content) == ["chart web is not in the tree: vendor it where helmGlobals.chartHome says"]


INFLATOR = """apiVersion: builtin
kind: HelmChartInflationGenerator
metadata: {name: x}
name: web
chartHome: %s
releaseName: evil
"""


@pytest.mark.parametrize("entry", ["generator.yaml", "gen", "|\n  {inline}"])
def test_no_generator_renders_a_chart_in_another_way(tmp_path: Path, entry: str) -> None:
    outside = write(tmp_path / "outside", {name.removeprefix("app/charts/"): text for name, text in CHART.items()})
    text = INFLATOR % outside
    entry = entry.format(inline=text.replace("\n", "\n  "))
    content = built(
        tmp_path / "tree",
        **{
            "kustomization_yaml": f"{APP}generators:\n- {entry}\n",
            "generator_yaml": text,
            "gen/kustomization_yaml": "resources: [i.yaml]\n",
            "gen/i_yaml": text,
        },
    )
    assert [one.name for one in content.resources] == ["shop"]
    assert reasons(content) == ["generators are not run where charts are rendered"]


def test_a_kustomization_that_was_not_looked_at_is_not_built(tmp_path: Path) -> None:
    evil = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: evil}\n"
    outside = write(tmp_path / "outside", {"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": evil})
    generator = "configMapGenerator:\n- {name: a, files: [t/kustomization.yaml]}\n"
    content = built(
        tmp_path / "tree",
        **{
            "kustomization_yaml": f"{APP}{generator}transformers: [t]\n",
            "t/kustomization_yaml": f"resources: ['{outside}']\n",
        },
    )
    assert "evil" not in {one.name for one in content.resources}
    assert f"{outside} lies outside of the tree" in reasons(content)


def test_a_folder_of_transformers_is_built(tmp_path: Path) -> None:
    transformer = "apiVersion: builtin\nkind: PrefixSuffixTransformer\nmetadata: {name: p}\nprefix: p-\n"
    transformer += "fieldSpecs: [{path: metadata/name}]\n"
    content = built(
        tmp_path,
        **{
            "kustomization_yaml": f"{APP}transformers: [t]\n",
            "t/kustomization_yaml": "resources: [p.yaml]\n",
            "t/p_yaml": transformer,
        },
    )
    assert [one.name for one in content.resources] == ["p-shop"]


def test_what_differs_at_each_rendering_is_not_known(tmp_path: Path) -> None:
    write(tmp_path, {**CHART, "app/kustomization.yaml": APP})
    write(tmp_path, {"app/charts/web/templates/pod.yaml": POD.replace("{{ .Values.image }}", "{{ randAlphaNum 8 }}")})
    (pod,) = read(tmp_path, helm_charts=True).resources
    assert isinstance(pod.value("spec", "containers", 0, "image"), Unknown)


def test_an_error_of_a_template_is_told(tmp_path: Path) -> None:
    write(tmp_path, {**CHART, "app/kustomization.yaml": APP})
    write(
        tmp_path,
        {"app/charts/web/templates/pod.yaml": POD.replace(".Values.image", 'required "none" .Values.none')},
    )
    (reason,) = reasons(read(tmp_path, helm_charts=True))
    assert "none" in reason


def test_without_helm_the_ledger_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    tools = tmp_path / "tools"
    tools.mkdir()
    os.symlink(Path(os.environ["BULKHEAD_TOOLS"]) / "kustomize", tools / "kustomize")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BULKHEAD_TOOLS", str(tools))
    (reason,) = reasons(built(tmp_path / "tree", kustomization_yaml=APP))
    assert reason.startswith("cannot render: helm is not found")


def test_a_template_that_is_named_alone_is_judged_through_it(tmp_path: Path) -> None:
    write(tmp_path, {**CHART, "app/kustomization.yaml": APP})
    (page,) = source(tmp_path, requested=["app/charts/web/templates/pod.yaml"], helm_charts=True).pages()
    assert of(page.read(), "Pod shop-a/shop")
