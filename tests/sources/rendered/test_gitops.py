"""Objects of Flux and Argo CD, through the real programs where they render."""

from pathlib import Path

import pytest

from scanner.model.unknown import Unknown

from .test_helm_source import LIMITS, SHOP, USER
from .test_kustomize_source import BASE
from .trees import at, needs, of, pages, place, source, write

HELM_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: flux-system
spec:
  targetNamespace: tenant-a
  releaseName: shop
  chart:
    spec:
      chart: ./shop
      sourceRef: {kind: GitRepository, name: platform}
  valuesFrom:
  - kind: ConfigMap
    name: shared
  - kind: Secret
    name: hidden
  values:
    user: 1001
"""
SHARED = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shared, namespace: flux-system}
data:
  values.yaml: |
    user: 5
    resources: {limits: {memory: 3Gi}}
"""
FLUX_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec:
  path: ./base
  sourceRef: {kind: GitRepository, name: platform}
  targetNamespace: tenant-b
  images: [{name: web, newTag: "9"}]
  postBuild:
    substitute: {tier: gold}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  destination: {name: weu, namespace: tenant-c}
  source:
    repoURL: https://git.example.com/platform.git
    path: shop
    helm:
      valueFiles: [values-c.yaml]
      valuesObject: {user: 7}
      parameters: [{name: image.tag, value: "8", forceString: true}]
"""


def _resolved(folder: Path) -> list[str]:
    return [f"{entry.input}:{entry.line} {entry.reason}" for entry in source(folder).entries()]


def test_a_helm_release_of_flux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm")
    folder = write(tmp_path, {**SHOP, "apps/shop.yaml": HELM_RELEASE, "apps/shared.yaml": SHARED})
    (page,) = pages(folder, clusters={"weu": "apps"})
    content = page.read()
    deployment = of(content, "Deployment tenant-a/shop")
    assert deployment.key == "weu/apps/Deployment/tenant-a/shop"
    assert (deployment.value(*USER), deployment.value(*LIMITS)) == (1001, "3Gi")
    placed = place(page, content, deployment.title, USER)
    assert at(placed.location) == ("shop/templates/deployment.yaml", 12)
    assert [(step.role, *at(step.location)) for step in placed.trail] == [
        ("value user is set here", "apps/shop.yaml", 19),
        ("release shop is declared here", "apps/shop.yaml", 6),
    ]
    assert _resolved(folder) == ["apps/shop.yaml#HelmRelease/shop:16 values of Secret hidden are not known"]


def test_a_kustomization_of_flux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "kustomize")
    service = BASE["base/service.yaml"].replace("spec: {}", 'spec: {type: "${tier}", externalName: "${nothing}"}')
    folder = write(tmp_path, {**BASE, "base/service.yaml": service, "flux/web.yaml": FLUX_KUSTOMIZATION})
    (page,) = pages(folder)
    content = page.read()
    deployment = of(content, "Deployment tenant-b/web")
    assert deployment.value("spec", "template", "spec", "containers", 1, "image") == "web:9"
    found = of(content, "Service tenant-b/web").attributes["spec"]
    assert found == {"type": "gold", "externalName": Unknown("variable nothing has no value", "nothing")}
    placed = place(page, content, deployment.title, ("spec", "replicas"))
    assert [step.role for step in placed.trail] == ["deployed from here"]


def test_a_plain_folder_that_flux_deploys_as_it_is_stays_with_the_manifests(tmp_path: Path) -> None:
    text = FLUX_KUSTOMIZATION.partition("  targetNamespace")[0]
    folder = write(tmp_path, {"base/service.yaml": BASE["base/service.yaml"], "flux/web.yaml": text})
    made = source(folder)
    assert (list(made.pages()), made.claimed(), made.entries()) == ([], frozenset(), ())


def test_an_application_of_argo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm")
    values = {"shop/values-c.yaml": "resources: {limits: {memory: 9Gi}}\n"}
    (page,) = pages(write(tmp_path, {**SHOP, **values, "argo/shop.yaml": APPLICATION}))
    content = page.read()
    deployment = of(content, "Deployment tenant-c/shop")
    assert deployment.cluster == "weu"
    assert (deployment.value(*USER), deployment.value(*LIMITS)) == (7, "9Gi")
    assert deployment.value("spec", "template", "spec", "containers", 0, "image") == "shop:8"


def test_a_name_cannot_be_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm")
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\ncat\n")
    script.chmod(0o755)
    text = APPLICATION.replace("name: shop,", f'name: "--post-renderer={script}",').partition("    helm:")[0]
    (page,) = pages(write(tmp_path / "tree", {**SHOP, "app.yaml": text}))
    assert any(entry.incomplete for entry in page.read().entries)
    assert not (tmp_path / "started").exists()


def test_values_outside_of_the_tree_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm")
    (tmp_path / "outside.yaml").write_text("user: 1\n")
    chart = "      chart: ./shop\n      valuesFiles: [../outside.yaml]\n"
    text = HELM_RELEASE.replace("      chart: ./shop\n", chart)
    (page,) = pages(write(tmp_path / "tree", {**SHOP, "app.yaml": text}))
    content = page.read()
    assert not content.resources
    assert any("lies outside of the tree" in entry.reason for entry in content.entries)


def test_a_folder_without_a_kustomization_is_deployed_with_the_overlays_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(monkeypatch, "kustomize", "helm")
    application = APPLICATION.partition("    path:")[0] + "    path: all\n    directory: {recurse: true}\n"
    files = {f"all/{name}": text for name, text in {**BASE, **SHOP, "values.yaml": "a: b\n"}.items()}
    plain = BASE["base/service.yaml"].replace("web", "plain")
    made = source(write(tmp_path, {**files, "all/plain.yaml": plain, "app.yaml": application}))
    chart, folder = made.pages()
    assert (chart.name, folder.name) == ("all/shop/Chart.yaml", "app.yaml#Application/shop")
    assert {one.key for one in folder.read().resources} == {
        "weu/apps/Deployment/tenant-c/web",
        "weu/core/ConfigMap/tenant-c/settings",
        "weu/core/Service/tenant-c/web",
        "weu/core/Service/tenant-c/plain",
    }
    assert {"all/plain.yaml", "all/base/service.yaml"} <= made.claimed()
    assert "app.yaml" not in made.claimed()


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: tenants}
spec:
  goTemplate: true
  generators:
  - GENERATOR
  template:
    metadata: {name: 'NAME'}
    spec:
      destination: {server: https://kubernetes.default.svc, namespace: 'NAME'}
      source: {repoURL: x, path: base}
"""


@pytest.mark.parametrize(
    ("generator", "name", "expected"),
    [
        ("list: {elements: [{tenant: a}, {tenant: b}]}", "{{.tenant}}", ["a", "b"]),
        ("list: {elements: [{tenant: a}, {tenant: b}]}", "{{tenant}}", ["a", "b"]),
        ("git: {repoURL: x, revision: HEAD, directories: [{path: tenants/*}]}", "{{.path.basename}}", ["t1", "t2"]),
        (
            "git: {directories: [{path: tenants/*}, {path: tenants/t2, exclude: true}]}",
            "{{index .path.segments 1}}",
            ["t1"],
        ),
        ("git: {files: [{path: 'tenants/**/tenant.yaml'}]}", "{{.name}}-{{path[1]}}", ["one-t1", "two-t2"]),
        (
            "matrix: {generators: [{list: {elements: [{a: p}, {a: q}]}}, {git: {directories: [{path: tenants/*}]}}]}",
            "{{.a}}-{{.path.basename}}",
            ["p-t1", "p-t2", "q-t1", "q-t2"],
        ),
        (
            "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: '1', m: a}, {k: '2', m: b}]}},"
            " {list: {elements: [{k: '2', m: c}]}}]}",
            "{{.m}}",
            ["a", "c"],
        ),
    ],
)
def test_generators(tmp_path: Path, generator: str, name: str, expected: list[str]) -> None:
    tenants = {"tenants/t1/tenant.yaml": "name: one\n", "tenants/t2/tenant.yaml": "name: two\n"}
    text = SET.replace("GENERATOR", generator).replace("NAME", name)
    folder = write(tmp_path, {**BASE, **tenants, "set.yaml": text})
    assert _resolved(folder) == []
    assert [page.name for page in pages(folder)] == [f"set.yaml#Application/{name}" for name in expected]


@pytest.mark.parametrize(
    ("generator", "name", "reason"),
    [
        ("clusters: {}", "a", "set.yaml#ApplicationSet/tenants:7 generator clusters needs more than the tree"),
        (
            "list: {elements: [{a: b}]}",
            "{{ .a | upper }}",
            "set.yaml#ApplicationSet/tenants:8 template expression {{ .a | upper }} is not resolved",
        ),
    ],
)
def test_what_the_tree_does_not_tell_is_in_the_ledger(tmp_path: Path, generator: str, name: str, reason: str) -> None:
    text = SET.replace("GENERATOR", generator).replace("NAME", name)
    assert _resolved(write(tmp_path, {**BASE, "set.yaml": text})) == [reason]


def test_what_comes_from_elsewhere_is_in_the_ledger(tmp_path: Path) -> None:
    elsewhere = (
        HELM_RELEASE.replace("./shop", "redis").replace("GitRepository", "HelmRepository").partition("  valuesFrom")[0]
    )
    application = APPLICATION.replace("path: shop", "path: none")
    folder = write(tmp_path, {"a.yaml": elsewhere, "b.yaml": application})
    assert _resolved(folder) == [
        "a.yaml#HelmRelease/shop:9 chart redis comes from HelmRepository platform, not from the tree",
        "b.yaml#Application/shop:6 path none of https://git.example.com/platform.git is not in the tree",
    ]
