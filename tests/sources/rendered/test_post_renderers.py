"""``postRenderers`` of Flux through the real programs, and what of Flux is not resolved, which the ledger has."""

from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.model.unknown import Unknown
from scanner.sources.interface import PageContent

from .test_gitops import FLUX_KUSTOMIZATION, HELM_RELEASE
from .test_helm_source import LIMITS, SHOP, USER
from .test_kustomize_source import BASE
from .trees import at, needs, of, pages, places, source, write

RELEASE = HELM_RELEASE.partition("  valuesFrom")[0]
POST = """\
  postRenderers:
  - kustomize:
      images: [{name: shop, newTag: "7"}]
  - kustomize:
      patches:
      - target: {kind: Deployment}
        patch: |
          - {op: replace, path: /spec/template/spec/securityContext/runAsUser, value: 1000}
      patchesStrategicMerge:
      - {apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {template: {spec: {hostNetwork: true}}}}
"""
HOOK = """\
apiVersion: v1
kind: Pod
metadata:
  name: hook
  annotations: {helm.sh/hook: pre-install}
spec:
  securityContext: {runAsUser: 0}
"""
ALL = "  postRenderers: [{kustomize: {patches: [{target: {}, patch: '%s'}]}}]\n"


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    needs(monkeypatch, "helm", "kustomize")


def rendered(folder: Path, post: str, **files: str) -> PageContent:
    more = {name.replace("_yaml", ".yaml"): text for name, text in files.items()}
    (page,) = pages(write(folder, {**SHOP, "apps/shop.yaml": RELEASE + post, **more}))
    return page.read()


def partial(folder: Path) -> list[tuple[str, int | None, str]]:
    made = source(folder)
    entries = [entry for page in made.pages() for entry in page.read().entries]
    entries += made.entries()
    return [(entry.input, entry.line, entry.reason) for entry in entries if entry.state is State.PARTIAL]


def test_what_helm_renders_is_judged_as_post_renderers_leave_it(tmp_path: Path) -> None:
    write(tmp_path, {**SHOP, "apps/shop.yaml": RELEASE + POST})
    (page,) = pages(tmp_path)
    content = page.read()
    (deployment,) = content.resources
    assert deployment.value(*USER) == 1000
    assert deployment.value("spec", "template", "spec", "containers", 0, "image") == "shop:7"
    assert deployment.value("spec", "template", "spec", "hostNetwork") is True
    assert deployment.value(*LIMITS) == "1Gi"
    assert deployment.value("metadata", "annotations") is None
    assert not [entry for entry in content.entries if entry.incomplete]


def test_what_they_change_stands_in_the_release_and_the_rest_in_the_template(tmp_path: Path) -> None:
    write(tmp_path, {**SHOP, "apps/shop.yaml": RELEASE + POST})
    (page,) = pages(tmp_path)
    content = page.read()
    image = ("spec", "template", "spec", "containers", 0, "image")
    user, tag, network, limits = places(
        page,
        content,
        {"Deployment tenant-a/shop": (USER, image, ("spec", "template", "spec", "hostNetwork"), LIMITS)},
    )
    assert at(user.location) == ("apps/shop.yaml", 19)
    assert [(step.role, *at(step.location)) for step in user.trail[:1]] == [
        ("rendered here", "shop/templates/deployment.yaml", 12)
    ]
    assert at(tag.location) == ("apps/shop.yaml", 15)
    assert at(network.location) == ("apps/shop.yaml", 22)
    assert at(limits.location) == ("shop/templates/deployment.yaml", 18)


def test_hooks_and_crds_are_left_alone_and_what_is_deleted_is_gone(tmp_path: Path) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n"
    label = '[{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]'
    gone = "{$patch: delete, apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}}"
    post = f"  - kustomize: {{patches: [{{target: {{kind: '.*'}}, patch: '{label}'}}]}}\n"
    post += f"  - kustomize: {{patches: [{{patch: '{gone}'}}]}}\n"
    content = rendered(
        tmp_path,
        "  postRenderers:\n" + post,
        **{"shop/templates/hook_yaml": HOOK, "shop/crds/crd_yaml": crd},
    )
    assert {one.name: one.value("metadata", "labels") for one in content.resources} == {"hook": None, "a.b.c": None}


def test_a_list_stays_one_and_an_object_without_a_name_stays_as_it_is(tmp_path: Path) -> None:
    item = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}"
    many = f"apiVersion: v1\nkind: List\nmetadata: {{name: l}}\nitems: [{item % 'a'}, {item % 'b'}]\n"
    nameless = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n"
    post = ALL % '[{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]'
    content = rendered(
        tmp_path,
        post.replace("{}", "{kind: ConfigMap}"),
        **{"shop/templates/l_yaml": many, "shop/templates/n_yaml": nameless},
    )
    found = {one.title: one.value("metadata", "labels") for one in content.resources if one.type != "apps/Deployment"}
    assert {found[f"ConfigMap tenant-a/{name}"] is not None for name in "ab"} == {True}
    assert len(found) == 3


def test_what_cannot_be_applied_is_in_the_ledger_and_the_release_is_judged_without(tmp_path: Path) -> None:
    content = rendered(tmp_path, ALL % "no patch")
    assert of(content, "Deployment tenant-a/shop").value(*USER) == 0
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.line, entry.state) == ("apps/shop.yaml", 13, State.PARTIAL)
    assert entry.reason.startswith("postRenderers are not applied to what shop/Chart.yaml renders: ")
    assert "bulkhead-render" not in entry.reason


def test_what_differs_at_each_rendering_is_still_not_known(tmp_path: Path) -> None:
    template = SHOP["shop/templates/deployment.yaml"].replace("{{ .Values.user }}", "{{ randNumeric 5 }}")
    content = rendered(tmp_path, POST, **{"shop/templates/deployment_yaml": template})
    (deployment,) = content.resources
    assert deployment.value(*USER) == 1000
    template = template.replace(".Values.image.tag", "randAlpha 4").replace("randNumeric 5", ".Values.user")
    post = POST.replace('images: [{name: shop, newTag: "7"}]', "images: []")
    (deployment,) = rendered(tmp_path, post, **{"shop/templates/deployment_yaml": template}).resources
    assert isinstance(deployment.value("spec", "template", "spec", "containers", 0, "image"), Unknown)


def test_what_is_not_resolved_is_said(tmp_path: Path) -> None:
    release = RELEASE + "  kubeConfig: {secretRef: {name: weu}}\n  postRenderers: [{exec: {}}]\n"
    release += "  values: {user: '${user}'}\n"
    overlay = "resources: [../apps]\npatches: [{target: {kind: HelmRelease, name: shop}, patch: '[]'}]\n"
    write(
        tmp_path,
        {
            **SHOP,
            "apps/shop.yaml": release,
            "apps/kustomization.yaml": "resources: [shop.yaml]\n",
            "prod/kustomization.yaml": overlay,
            "flux/web.yaml": FLUX_KUSTOMIZATION.replace("./base", "./prod"),
        },
    )
    name = "apps/shop.yaml#HelmRelease/shop"
    assert {(line, reason) for one, line, reason in partial(tmp_path) if one == name} == {
        (6, "prod/kustomization.yaml patches it: the release is judged as this file has it"),
        (13, "it is deployed to the cluster of a kubeConfig, which has no name here: judged with its own"),
        (14, "a post renderer that is not kustomize is not run"),
        (15, "values hold variables, which Kustomization web may replace: they are taken as they are"),
    }


def test_a_release_that_nothing_patches_has_no_such_entry(tmp_path: Path) -> None:
    other = "resources: [../apps]\npatches: [{target: {kind: HelmRelease, name: other}, patch: '[]'}]\n"
    write(tmp_path, {**SHOP, "apps/shop.yaml": RELEASE, "apps/kustomization.yaml": "resources: [shop.yaml]\n"})
    write(tmp_path, {"prod/kustomization.yaml": other})
    assert partial(tmp_path) == []


def test_files_of_values_that_a_release_names_in_the_old_way_or_may_miss(tmp_path: Path) -> None:
    named = RELEASE.replace("./shop\n", "./shop\n      valuesFile: prod.yaml\n")
    write(tmp_path, {**SHOP, "prod.yaml": "user: 42\n", "apps/shop.yaml": named})
    assert of(pages(tmp_path)[0].read(), "Deployment tenant-a/shop").value(*USER) == 42
    missing = "./shop\n      valuesFiles: [none.yaml, prod.yaml]\n      ignoreMissingValuesFiles: true\n"
    write(tmp_path, {"apps/shop.yaml": RELEASE.replace("./shop\n", missing)})
    assert of(pages(tmp_path)[0].read(), "Deployment tenant-a/shop").value(*USER) == 42


def test_components_and_patches_of_older_fields_of_a_kustomization(tmp_path: Path) -> None:
    flux = FLUX_KUSTOMIZATION + (
        "  components: [../part]\n"
        "  patchesStrategicMerge:\n  - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort}}\n"
        "  patchesJson6902:\n  - target: {kind: Deployment}\n"
        "    patch: [{op: replace, path: /spec/replicas, value: 9}]\n"
    )
    part = {"part/kustomization.yaml": "kind: Component\nresources: [p.yaml]\n"}
    part["part/p.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: part}\n"
    write(tmp_path, {**BASE, **part, "flux/web.yaml": flux})
    (page,) = pages(tmp_path)
    content = page.read()
    assert not [entry for entry in content.entries if entry.incomplete]
    assert of(content, "ConfigMap tenant-b/part")
    assert of(content, "Service tenant-b/web").value("spec", "type") == "NodePort"
    assert of(content, "Deployment tenant-b/web").value("spec", "replicas") == 9


def test_expressions_that_are_not_evaluated_are_unknown_and_escapes_are_not_variables(tmp_path: Path) -> None:
    off = "metadata:\n  name: off\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n"
    spec = "spec: {type: '${tier^^}', externalName: '$${tier}', clusterIP: '${tier:-x}', x: '${none:=d}'}\n"
    head = "apiVersion: v1\nkind: Service\n"
    service = f"{head}metadata: {{name: on}}\n{spec}---\n{head}{off}{spec}"
    (page,) = pages(write(tmp_path, {**BASE, "base/service.yaml": service, "flux/web.yaml": FLUX_KUSTOMIZATION}))
    content = page.read()
    on, untouched = (of(content, f"Service tenant-b/{name}").attributes["spec"] for name in ("on", "off"))
    assert on == {
        "type": Unknown("${tier^^} is not evaluated", "tier"),
        "externalName": "${tier}",
        "clusterIP": "gold",
        "x": "d",
    }
    assert untouched["clusterIP"] == "${tier:-x}"
