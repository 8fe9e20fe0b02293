"""Overlays through the real ``kustomize``."""

import os
from pathlib import Path

import pytest

from scanner.model.ledger import State
from scanner.sources.rendered.kustomizations import Overlay, find_kustomization, roots_of
from scanner.sources.rendered.overlay_copy import stage
from scanner.sources.rendered.tree import Tree

from .trees import at, needs, of, pages, place, read, source, write

BASE = {
    "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml]\n"
    "configMapGenerator:\n- name: settings\n  literals: [a=b]\n",
    "base/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: side
        image: side:1
      - name: web
        image: web:1
        securityContext:
          privileged: false
        envFrom: [{configMapRef: {name: settings}}]
""",
    "base/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec: {}\n",
}
PROD = {
    "prod/kustomization.yaml": "namespace: shop\nnamePrefix: prod-\nresources: [../base]\ncomponents: [../debug]\n"
    "images:\n- name: side\n  newTag: '2'\n"
    "patches:\n- path: patch.yaml\n- target: {kind: Service}\n  patch: |-\n"
    "    - op: add\n      path: /spec/type\n      value: LoadBalancer\n",
    "prod/patch.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        securityContext:
          privileged: true
""",
    "debug/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    "patches:\n- target: {kind: Deployment}\n  path: debug.json\n",
    "debug/debug.json": '[{"op": "add", "path": "/spec/template/spec/hostPID", "value": true}]\n',
}
# a container that a patch touches comes first in what is built
CONTAINERS = ("spec", "template", "spec", "containers")


@pytest.fixture(autouse=True)
def _kustomize(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "no_kustomize" not in request.fixturenames:
        needs(monkeypatch, "kustomize")


@pytest.fixture
def no_kustomize(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATH", "BULKHEAD_TOOLS"):
        monkeypatch.setenv(name, "")


def test_without_kustomize_the_overlay_is_in_the_ledger(tmp_path: Path, no_kustomize: None) -> None:
    (entry,) = read(write(tmp_path, BASE)).entries
    assert (entry.input, entry.state, entry.incomplete) == ("base/kustomization.yaml", State.UNSUPPORTED, True)
    assert "kustomize is not found; install kustomize 5" in entry.reason


def test_an_overlay_is_built_and_its_base_is_not_built_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, {**BASE, **PROD})
    (page,) = pages(folder, clusters={"weu": "prod"})
    assert page.name == "prod/kustomization.yaml"
    content = page.read()
    assert {one.key for one in content.resources} == {
        "weu/apps/Deployment/shop/prod-web",
        "weu/core/ConfigMap/shop/prod-settings",  # without the hash of its content: it is the same when that changes
        "weu/core/Service/shop/prod-web",
    }
    deployment = of(content, "Deployment shop/prod-web")
    assert "annotations" not in deployment.attributes["metadata"]
    assert deployment.value(*CONTAINERS, 0, "securityContext", "privileged") is True
    assert source(folder).claimed() == {*BASE, *PROD}
    assert {(entry.input, entry.resources) for entry in content.entries if entry.resources} == {
        ("base/deployment.yaml", 1),
        ("base/service.yaml", 1),
        ("base/kustomization.yaml", 1),
    }
    assert {entry.input for entry in content.entries} == {*BASE, *PROD}
    assert not any(entry.incomplete for entry in content.entries)


@pytest.mark.parametrize(
    ("title", "path", "expected", "declared"),
    [
        ("Deployment", (*CONTAINERS, 0, "securityContext", "privileged"), ("prod/patch.yaml", 11), 15),
        ("Deployment", (*CONTAINERS, 1, "image"), ("prod/kustomization.yaml", 6), 11),
        ("Deployment", (*CONTAINERS, 0, "image"), ("base/deployment.yaml", 13), 0),
        ("Deployment", (*CONTAINERS, 0, "resources"), ("base/deployment.yaml", 12), 0),
        ("Deployment", ("spec", "template", "spec", "hostPID"), ("debug/debug.json", 1), 8),
        ("Deployment", ("spec", "replicas"), ("base/deployment.yaml", 6), 0),
        ("Deployment", ("metadata", "namespace"), ("prod/kustomization.yaml", 1), 3),
        ("Deployment", ("metadata", "name"), ("prod/kustomization.yaml", 2), 4),
        ("Deployment", (), ("base/deployment.yaml", 1), 0),
        ("Service", ("spec", "type"), ("prod/kustomization.yaml", 11), 5),
        ("ConfigMap", ("data", "a"), ("base/kustomization.yaml", 3), 0),
    ],
)
def test_places(
    tmp_path: Path, title: str, path: tuple[str | int, ...], expected: tuple[str, int], declared: int
) -> None:
    (page,) = pages(write(tmp_path, {**BASE, **PROD}))
    content = page.read()
    name = next(one.title for one in content.resources if one.title.startswith(title + " "))
    placed = place(page, content, name, path)
    assert at(placed.location) == expected
    assert [at(step.location)[1] for step in placed.trail] == ([declared] if declared else [])


def test_what_is_remote_or_outside_is_refused_and_the_rest_is_judged(tmp_path: Path) -> None:
    outside = write(
        tmp_path / "outside", {"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": BASE["base/service.yaml"]}
    )
    kustomization = (
        "resources:\n- ../base\n- https://example.com/x.yaml\n- github.com/example/base?ref=v1\n"
        f"- ../../outside\n- {outside}\nhelmCharts:\n- name: x\n"
    )
    folder = write(tmp_path / "tree", {**BASE, "o/kustomization.yaml": kustomization})
    content = read(folder)
    assert len(content.resources) == 3
    refused = [(entry.line, entry.reason) for entry in content.entries if entry.incomplete]
    assert refused == [
        (3, "https://example.com/x.yaml is remote and not fetched"),
        (4, "github.com/example/base?ref=v1 is remote and not fetched"),
        (5, "../../outside lies outside of the tree"),
        (6, f"{outside} lies outside of the tree"),
        (
            7,
            "helmCharts are not rendered: switch them on with kustomize.helm_charts, "
            "or write the chart as a release of its own",
        ),
    ]


def test_a_link_out_of_the_tree_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"a.yaml": BASE["base/service.yaml"]})
    folder = write(tmp_path / "tree", {"o/kustomization.yaml": "resources:\n- a.yaml\n"})
    os.symlink(tmp_path / "outside/a.yaml", folder / "o/a.yaml")
    content = read(folder)
    assert not content.resources
    assert [entry.reason for entry in content.entries if entry.incomplete] == ["a.yaml lies outside of the tree"]


def test_plugins_are_not_started(tmp_path: Path) -> None:
    plugin = (
        "apiVersion: x/v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n"
        "      exec: {path: ./run.sh}\n"
    )
    script = f"#!/bin/sh\ntouch {tmp_path}/started\n"
    folder = write(
        tmp_path / "tree",
        {**BASE, "base/plugin.yaml": plugin, "base/run.sh": script},
    )
    (folder / "base/run.sh").chmod(0o755)
    with (folder / "base/kustomization.yaml").open("a") as stream:
        stream.write("generators: [plugin.yaml]\n")
    content = read(folder)
    assert any(entry.incomplete for entry in content.entries)
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("kustomization", "line", "reason"),
    [
        ("resources:\n- none.yaml\n", 2, "no such file or directory"),
        ("namePrefix: a-\nconfigMapGenerator:\n- name: a\n  files:\n  - none.txt\n", 5, "no such file or directory"),
        ("resources: [\n", 2, "cannot build the kustomization"),
    ],
)
def test_errors_are_located(tmp_path: Path, kustomization: str, line: int | None, reason: str) -> None:
    content = read(write(tmp_path, {"o/kustomization.yaml": kustomization}))
    (entry,) = (entry for entry in content.entries if entry.incomplete)
    assert (entry.input, entry.line) == ("o/kustomization.yaml", line)
    assert reason in entry.reason
    assert "bulkhead-render" not in entry.reason


def test_an_inline_exemption_in_a_resource_file(tmp_path: Path) -> None:
    deployment = BASE["base/deployment.yaml"].replace(
        "  replicas", '  # bulkhead:exempt POD-001 reason="it is a demo"\n  replicas'
    )
    content = read(write(tmp_path, {**BASE, **PROD, "base/deployment.yaml": deployment}))
    (exemption,) = content.exemptions
    assert (exemption.file, exemption.line) == ("base/deployment.yaml", 6)
    assert exemption.resource == "-/apps/Deployment/shop/prod-web"


def test_only_what_was_asked_for_is_reported(tmp_path: Path) -> None:
    folder = write(tmp_path, {**BASE, **PROD, "other/kustomization.yaml": "resources: []\n"})
    for requested, count in (("base/service.yaml", 1), ("prod/patch.yaml", 3)):
        (page,) = source(folder, requested=[requested]).pages()
        assert len(page.read().resources) == count


def test_circles_end(tmp_path: Path) -> None:
    folder = write(
        tmp_path, {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"}
    )
    tree = Tree.of(str(folder), str(folder))
    found = [one for name in "ab" if (one := find_kustomization(tree, str(folder / name))) is not None]
    assert [os.path.basename(one.folder) for one in roots_of(tree, found)] == ["a"]
    content = read(folder)
    assert [entry.state for entry in content.entries if entry.incomplete] == [State.UNPARSED]


def test_a_copy_keeps_its_place_in_the_tree(tmp_path: Path) -> None:
    folder = write(tmp_path / "tree", {**BASE, **PROD})
    tree = Tree.of(str(folder), str(folder))
    built = stage(tree, Overlay(str(folder / "prod")), str(tmp_path / "copy"))
    assert built.path == str(tmp_path / "copy/prod")
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert copied == {*BASE, *PROD}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "roots", "resources"),
    [("kubernetes-sigs+kustomize", 10, 14), ("fluxcd+flux2", 8, 8), ("crd-users/oadp-operator-samples", 1, 17)],
)
def test_every_overlay_of_the_corpus_is_judged_or_has_a_reason(
    corpus: Path, folder: str, roots: int, resources: int
) -> None:
    found = pages(corpus / "kubernetes" / folder, gitops=False)
    contents = [page.read() for page in found]
    assert len(found) >= roots
    assert sum(len(content.resources) for content in contents) >= resources
    for content in contents:
        assert content.resources or any(entry.incomplete and entry.reason for entry in content.entries)
