"""Charts through the real ``helm``."""

import io
import os
import pickle
import tarfile
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.model.unknown import Unknown
from scanner.sources.rendered.choices import ReleaseChoice

from .trees import at, needs, of, pages, place, read, source, write

LIMITS = ("spec", "template", "spec", "containers", 0, "resources", "limits", "memory")
USER = ("spec", "template", "spec", "securityContext", "runAsUser")
IMAGE = ("spec", "template", "spec", "containers", 0, "image")

SHOP = {
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "shop/values.yaml": "image:\n  name: shop\n  tag: '1'\nuser: 0\nresources:\n  limits:\n    memory: 1Gi\n",
    "shop/templates/_helpers.tpl": '{{- define "shop.labels" -}}\napp: {{ .Chart.Name }}\nrelease: x\n{{- end }}\n',
    "shop/templates/deployment.yaml": """\
{{- /* the shop */ -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  template:
    spec:
      securityContext:
        runAsUser: {{ .Values.user }}
      containers:
        - name: shop
          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
""",
}
PROD = {"prod.yaml": "user: 1000\nresources:\n  limits:\n    memory: 2Gi\n"}


@pytest.fixture(autouse=True)
def _helm(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "without_helm" not in request.keywords and "no_helm" not in request.fixturenames:
        needs(monkeypatch, "helm")


@pytest.fixture
def no_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATH", "BULKHEAD_TOOLS"):
        monkeypatch.setenv(name, "")


def test_without_helm_the_chart_is_in_the_ledger(tmp_path: Path, no_helm: None) -> None:
    content = read(write(tmp_path, SHOP))
    assert not content.resources
    (entry,) = content.entries
    assert (entry.input, entry.state, entry.incomplete) == ("shop/Chart.yaml", State.UNSUPPORTED, True)
    assert "helm is not found; install Helm 3 or 4" in entry.reason


def test_a_chart_with_its_own_values(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    content = read(folder)
    (deployment,) = content.resources
    assert deployment.key == "-/apps/Deployment/-/shop"
    assert deployment.value(*USER) == 0
    assert deployment.origin.file == "shop/templates/deployment.yaml"
    assert {(entry.input, entry.state, entry.resources) for entry in content.entries} == {
        ("shop/Chart.yaml", State.SCANNED, 0),
        ("shop/values.yaml", State.SCANNED, 0),
        ("shop/templates/deployment.yaml", State.SCANNED, 1),
    }


def test_places_are_lines_of_templates_and_values(tmp_path: Path) -> None:
    (page,) = pages(write(tmp_path, SHOP))
    page = pickle.loads(pickle.dumps(page))
    content = page.read()
    locate = page.locator()
    origin = content.resources[0].origin
    template = "shop/templates/deployment.yaml"

    def told(path: tuple[str | int, ...]) -> list[tuple[str, int]]:
        placed = locate(origin, path)
        return [at(placed.location), *(at(step.location) for step in placed.trail)]

    assert told(USER) == [(template, 12), ("shop/values.yaml", 4)]
    assert told(IMAGE) == [(template, 15), ("shop/values.yaml", 2), ("shop/values.yaml", 3)]
    assert told(LIMITS) == [(template, 18), ("shop/values.yaml", 7)]
    assert told(("kind",)) == [(template, 3)]
    assert told(("metadata", "labels", "app")) == [("shop/templates/_helpers.tpl", 2), (template, 7)]
    assert told(("spec", "template", "spec", "hostNetwork")) == [(template, 10)]
    region = locate(origin, USER).location.region
    assert (region.column, region.end_column) == (9, 38)


def test_releases_have_their_own_values_and_namespaces(tmp_path: Path) -> None:
    folder = write(tmp_path, {**SHOP, **PROD})
    releases = (
        ReleaseChoice("shop", "test", "shop-test"),
        ReleaseChoice("shop", "prod", "shop", ("prod.yaml",), "weu"),
    )
    test, prod = pages(folder, releases=releases, default_cluster="dev")
    assert (test.name, prod.name) == ("shop/Chart.yaml#dev/shop-test/test", "shop/Chart.yaml#weu/shop/prod")
    assert test.read().resources[0].key == "dev/apps/Deployment/shop-test/test"
    content = prod.read()
    deployment = content.resources[0]
    assert deployment.key == "weu/apps/Deployment/shop/prod"
    assert deployment.value("metadata", "namespace") == "shop"
    assert (deployment.value(*USER), deployment.value(*LIMITS)) == (1000, "2Gi")
    assert deployment.origin.declared == test.read().resources[0].origin.declared != ""
    placed = place(prod, content, "Deployment shop/prod", LIMITS)
    assert [at(step.location) for step in placed.trail] == [("prod.yaml", 4)]
    assert source(folder, releases=releases).claimed() == {*SHOP, *PROD} - {"shop/templates/_helpers.tpl"}


def test_a_release_whose_chart_or_values_are_not_there(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOP)
    made = source(folder, releases=(ReleaseChoice("none"), ReleaseChoice("shop", values=("none.yaml",))))
    (page,) = made.pages()
    (entry,) = page.read().entries
    assert (entry.input, entry.incomplete) == ("shop/Chart.yaml", True)
    assert entry.reason == "cannot render the chart: values file none.yaml is not there"
    (entry,) = made.entries()
    assert (entry.input, entry.state, entry.incomplete) == ("none", State.UNREACHABLE, True)


def test_the_namespace_of_a_release_is_unknown_unless_it_is_configured(tmp_path: Path) -> None:
    files = {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "c/templates/b.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n"
        "metadata:\n  name: b\n  namespace: {{ .Release.Namespace }}\n"
        "subjects:\n- kind: ServiceAccount\n  name: b\n  namespace: {{ .Release.Namespace }}\n",
    }
    (binding,) = read(write(tmp_path, files)).resources
    assert binding.namespace == ""
    assert isinstance(binding.value("metadata", "namespace"), Unknown)
    assert isinstance(binding.value("subjects", 0, "namespace"), Unknown)
    assert set(binding.unknowns) == {("metadata", "namespace"), ("subjects", 0, "namespace")}


def test_what_differs_at_each_rendering_is_unknown(tmp_path: Path) -> None:
    template = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-{{ randAlphaNum 9 }}\n  namespace: ns\n"
        "data:\n  a: {{ randAlphaNum 9 }}\n  b: fixed\n"
    )
    files = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/templates/a.yaml": template}
    (found,) = read(write(tmp_path, files)).resources
    assert found.key == "-/core/ConfigMap/ns/c-*"
    assert found.attributes["data"] == {"a": Unknown("it differs at each rendering"), "b": "fixed"}


def test_a_template_error_is_located_and_the_rest_is_judged(tmp_path: Path) -> None:
    bad = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.none.name }}\n"
    content = read(write(tmp_path, {**SHOP, "shop/templates/bad.yaml": bad}))
    assert [resource.title for resource in content.resources] == ["Deployment shop"]
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.state, entry.line, entry.column) == ("shop/templates/bad.yaml", State.UNPARSED, 4, 19)
    assert "nil pointer evaluating" in entry.reason


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: {{ if }}\n", 1, "missing value for if"),
        ('a: {{ required "name it" .Values.x }}\n', 1, "name it"),
        ("kind: Pod\nmetadata: [\n", None, "YAML parse error"),
    ],
)
def test_other_errors(tmp_path: Path, text: str, line: int | None, reason: str) -> None:
    content = read(write(tmp_path, {**SHOP, "shop/templates/bad.yaml": text}))
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.line) == ("shop/templates/bad.yaml", line)
    assert reason in entry.reason
    assert "bulkhead-render" not in entry.reason


def test_an_error_in_a_helper_is_told_where_it_stands(tmp_path: Path) -> None:
    helper = '{{- define "shop.labels" -}}\na: 1\nb: {{ .Values.none.name }}\n{{- end }}\n'
    content = read(write(tmp_path, {**SHOP, "shop/templates/_helpers.tpl": helper}))
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.line) == ("shop/templates/_helpers.tpl", 3)


UMBRELLA = {
    "all/Chart.yaml": "apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n"
    "- name: sub\n  version: 1.x\n  repository: file://../sub\n"
    "- name: vendored\n  version: '*'\n  alias: other\n  repository: https://charts.example.com\n"
    "- name: none\n  version: '*'\n  repository: https://charts.example.com\n"
    "- name: spare\n  version: '*'\n  condition: spare.enabled\n  repository: https://charts.example.com\n",
    "all/values.yaml": "sub:\n  size: 2\nspare:\n  enabled: false\n",
    "all/charts/vendored/Chart.yaml": "apiVersion: v2\nname: vendored\nversion: 1.0.0\n",
    "all/charts/vendored/values.yaml": "\nsize: 3\n",
    "all/charts/vendored/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v}\ndata:\n"
    "  size: '{{ .Values.size }}'\n",
    "sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.4.0\n",
    "sub/values.yaml": "size: 1\n",
    "sub/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata:\n"
    "  size: '{{ .Values.size }}'\n",
}


def test_dependencies_beside_the_chart_and_in_it(tmp_path: Path) -> None:
    (page,) = pages(write(tmp_path, UMBRELLA))  # the chart that is a dependency is no release of its own
    content = page.read()
    assert {one.title: one.value("data", "size") for one in content.resources} == {
        "ConfigMap s": "2",
        "ConfigMap v": "3",
    }
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.line, entry.state) == ("all/Chart.yaml", 12, State.PARTIAL)
    assert entry.reason == "dependency none is not in the tree: vendor it with helm dependency build"
    locate = page.locator()
    placed = locate(of(content, "ConfigMap s").origin, ("data", "size"))
    assert at(placed.location) == ("sub/templates/a.yaml", 5)
    assert [at(step.location) for step in placed.trail] == [("all/values.yaml", 2)]
    placed = locate(of(content, "ConfigMap v").origin, ("data", "size"))
    assert at(placed.location) == ("all/charts/vendored/templates/a.yaml", 5)
    assert [at(step.location) for step in placed.trail] == [("all/charts/vendored/values.yaml", 2)]


def _archive(path: Path, files: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))


def test_what_an_archive_holds_stands_where_the_chart_names_it(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n- name: sub\n  version: 1.4.0\n"
    folder = write(tmp_path, {"all/Chart.yaml": chart})
    _archive(
        folder / "all/charts/sub-1.4.0.tgz",
        {"sub/" + name.removeprefix("sub/"): text for name, text in UMBRELLA.items() if name.startswith("sub/")},
    )
    (page,) = pages(folder)
    content = page.read()
    assert [one.origin.file for one in content.resources] == ["all/Chart.yaml"]
    placed = place(page, content, "ConfigMap s", ("data", "size"))
    assert at(placed.location) == ("all/Chart.yaml", 5)
    (step,) = placed.trail
    assert (step.location.file, step.role) == (
        "all/charts/sub-1.4.0.tgz",
        "sub-1.4.0.tgz holds templates/a.yaml, which it is rendered from",
    )


def test_an_inline_exemption_in_a_template(tmp_path: Path) -> None:
    template = SHOP["shop/templates/deployment.yaml"].replace(
        "        runAsUser", '        # bulkhead:exempt POD-001 reason="it is a demo"\n        runAsUser'
    )
    content = read(write(tmp_path, {**SHOP, "shop/templates/deployment.yaml": template}))
    (exemption,) = content.exemptions
    assert (exemption.file, exemption.line) == ("shop/templates/deployment.yaml", 12)
    assert exemption.resource == content.resources[0].key
    assert read(tmp_path, inline_exemptions=False).exemptions == ()


def test_library_charts_crds_and_capabilities(tmp_path: Path) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    crd += "metadata:\n  name: a.b.c\nspec:\n  group: b.c\n"
    files = {
        "lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "c/crds/a.yaml": crd,
        "c/templates/a.yaml": '{{ if .Capabilities.APIVersions.Has "x.y/v1" }}\napiVersion: x.y/v1\nkind: X\n'
        'metadata:\n  name: "{{ .Capabilities.KubeVersion.Minor }}"\n{{ end }}',
    }
    chart, library = pages(write(tmp_path, files), api_versions=("x.y/v1",), kube_version="1.29.0")
    content = chart.read()
    assert [one.title for one in content.resources] == ["CustomResourceDefinition a.b.c", "X 29"]
    assert at(place(chart, content, "CustomResourceDefinition a.b.c", ("spec", "group")).location) == (
        "c/crds/a.yaml",
        6,
    )
    (entry,) = library.read().entries
    assert (entry.state, entry.incomplete) == (State.SCANNED, False)
    assert "library chart" in entry.reason


def test_only_what_was_asked_for_is_rendered(tmp_path: Path) -> None:
    folder = write(tmp_path, {**SHOP, **UMBRELLA})
    (page,) = source(folder, requested=["shop/values.yaml"]).pages()
    assert page.name == "shop/Chart.yaml"
    (page,) = source(folder, requested=["all/charts/vendored/templates/a.yaml"]).pages()
    assert [resource.title for resource in page.read().resources] == ["ConfigMap v"]
    (page,) = source(folder, requested=["all/values.yaml"]).pages()
    assert len(page.read().resources) == 2


# Hostile charts


def _chart(template: str, **files: str) -> dict[str, str]:
    metadata = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"}
    return {**metadata, "c/templates/a.yaml": template, **files}


POD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  "


@pytest.mark.slow
@pytest.mark.parametrize(
    "template",
    [
        "{{ range until 2000000000 }}{{ end }}",
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
        POD + 'a: {{ repeat 900000000 "x" }}',
        '{{ range $i := until 100000 }}{{ range $j := until 100000 }}a: "{{ $i }}{{ $j }}"\n{{ end }}{{ end }}',
    ],
)
def test_endless_charts_are_stopped(tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.sources.rendered.tools.TIMEOUT_S", 5.0)
    content = read(write(tmp_path, _chart(template)))
    assert not content.resources
    assert any(entry.incomplete for entry in content.entries)


def test_templates_see_no_cluster_no_network_and_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("hunter2")
    template = (
        POD + 'lookup: "{{ len (lookup "v1" "Secret" "" "") }}"\n  dns: "{{ getHostByName "localhost" }}"\n'
        '  up: "{{ .Files.Get "../../outside/secret.txt" }}"\n  absolute: "{{ .Files.Get "/etc/passwd" }}"\n'
        '  link: "{{ .Files.Get "link.txt" }}"\n  linked: "{{ .Files.Get "linked/secret.txt" }}"\n'
    )
    folder = write(tmp_path / "tree", _chart(template))
    os.symlink(outside / "secret.txt", folder / "c/link.txt")
    os.symlink(outside, folder / "c/linked")
    content = read(folder)
    assert content.resources[0].attributes["data"] == {
        "lookup": "0",
        "dns": "",
        "up": "",
        "absolute": "",
        "link": "",
        "linked": "",
    }
    assert any("links that leave the tree are not followed: c/link" in note.reason for note in content.notes)


def test_an_archive_cannot_write_outside(tmp_path: Path) -> None:
    folder = write(tmp_path / "a/b/tree", _chart(POD + "a: b\n"))
    _archive(
        folder / "c/charts/evil-1.0.0.tgz",
        {"evil/Chart.yaml": "apiVersion: v2\nname: evil\nversion: 1.0.0\n", "evil/../../../../../../evil.txt": "x"},
    )
    content = read(folder)
    assert any(entry.incomplete for entry in content.entries) or content.resources
    assert not list(tmp_path.rglob("evil.txt"))


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    folder = write(tmp_path, _chart(POD + "a: b\n"))
    os.symlink(folder / "c", folder / "c/loop")
    assert len(read(folder).resources) == 1


def test_a_schema_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    folder = write(
        tmp_path, _chart(POD + "a: b\n", **{"c/values.schema.json": '{"$ref": "http://127.0.0.1:1/schema.json"}'})
    )
    content = read(folder)
    assert len(content.resources) == 1
    assert not any(entry.incomplete for entry in content.entries)


# Real-world charts


@pytest.mark.slow
def test_every_chart_of_the_corpus_is_judged_or_has_a_reason(corpus: Path) -> None:
    found = resources = places = 0
    for page in pages(corpus / "helm"):
        found += 1
        content = page.read()
        locate = page.locator()
        for resource in content.resources:
            resources += 1
            placed = locate(resource.origin, ("spec",))
            assert placed is None or (corpus / "helm" / placed.location.file).is_file()
            places += placed is not None and placed.location.region is not None
        said = any(entry.reason or entry.resources for entry in (*content.entries, *content.notes))
        assert content.resources or said or not any("templates/" in entry.input for entry in content.entries), page.name
        assert all(entry.reason for entry in content.entries if entry.incomplete)
    assert found >= 75
    assert resources >= 170
    assert places >= 0.9 * resources
