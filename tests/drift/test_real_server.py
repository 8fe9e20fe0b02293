"""The example estate on a real API server: no drift once applied, then all of what kubectl does to it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scanner.model.finding import Finding
from scanner.points.drift import drift
from tests.conftest import ROOT
from tests.tools.kube import Kube, running_kube

pytestmark = pytest.mark.slow

CLUSTER = "aks-prd-weu-01"
TENANTS = ("aldersyde-prd", "calderon-prd", "zennor-prd")
KINDS = (
    "namespaces,serviceaccounts,configmaps,services,resourcequotas,limitranges,persistentvolumes,persistentvolumeclaims,"
    "deployments.apps,statefulsets.apps,daemonsets.apps,cronjobs.batch,poddisruptionbudgets.policy,"
    "horizontalpodautoscalers.autoscaling,networkpolicies.networking.k8s.io,ingresses.networking.k8s.io,"
    "ingressclasses.networking.k8s.io,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io,"
    "clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,storageclasses.storage.k8s.io"
)
GROUPS = (
    "",
    "apps",
    "batch",
    "policy",
    "autoscaling",
    "networking.k8s.io",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tenants and the platform of the example estate, without kinds that need operators."""
    folder = tmp_path_factory.mktemp("declared")
    clusters = ROOT / "fixtures" / "erp-hosting" / "clusters" / CLUSTER
    for part in ("platform", *(f"tenants/{tenant}" for tenant in TENANTS)):
        for file in sorted((clusters / part).glob("*.yaml")):
            documents = [one for one in yaml.safe_load_all(file.read_text("utf-8")) if one]
            known = [one for one in documents if one["apiVersion"].rpartition("/")[0] in GROUPS]
            if known:
                (folder / f"{part.replace('/', '-')}-{file.name}").write_text(yaml.safe_dump_all(known))
    return folder


@pytest.fixture(scope="module")
def kube(tmp_path_factory: pytest.TempPathFactory, declared: Path) -> Iterator[Kube]:
    pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")
    with running_kube(tmp_path_factory.mktemp("kube") / "run") as running:
        names = {
            one["metadata"].get("namespace", one["metadata"]["name"] if one["kind"] == "Namespace" else "")
            for file in declared.iterdir()
            for one in yaml.safe_load_all(file.read_text("utf-8"))
        }
        running.create(
            "/api/v1/namespaces",
            *(
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
                for name in sorted(names - {"", "kube-system", "default"})
            ),
        )
        running.kubectl("apply", "--server-side", "--field-manager=kustomize-controller", "-f", str(declared))
        yield running


def found(kube: Kube, declared: Path, folder: Path, **flags: str) -> dict[str, Finding]:
    """Return the drift by Resource and attribute."""
    dump = folder / "dump.json"
    dump.write_text(kube.kubectl("get", KINDS, "--all-namespaces", "-o", "json", "--show-managed-fields"))
    assert len(json.loads(dump.read_text())["items"]) > 100
    return compared(declared, f"{CLUSTER}={dump}", folder, **flags)


def compared(declared: Path, against: str, folder: Path, **flags: str) -> dict[str, Finding]:
    """Return the drift of what is declared against what ``against`` names."""
    config = folder / "bulkhead.yaml"
    config.write_text("{}\n")
    here = os.getcwd()
    os.chdir(declared)
    try:
        report = drift(
            {
                "paths": (),
                "against": (against,),
                "cluster": CLUSTER,
                "config": str(config),
                "reports": (f"json={folder / 'report.json'}",),
                **flags,
            }
        )
    finally:
        os.chdir(here)
    return {f"{one.rule} {one.resource.partition('/')[2]} {one.tag}": one for one in report.findings}


def test_what_was_applied_has_not_drifted(kube: Kube, declared: Path, tmp_path: Path) -> None:
    assert list(found(kube, declared, tmp_path)) == []


def test_the_cluster_itself_has_not_drifted_either(
    kube: Kube, declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    assert list(compared(declared, f"live:{CLUSTER}=admin", tmp_path)) == []
    unreadable = compared(declared, f"live:{CLUSTER}=nobody", tmp_path)
    assert {name.split()[0] for name in unreadable} == {"DRIFT-005"}, "what may not be read is not missing"


def test_what_was_accepted_stays_so_until_somebody_changes_it(kube: Kube, declared: Path, tmp_path: Path) -> None:
    accepted = str(tmp_path / "accepted.json")
    assert list(found(kube, declared, tmp_path, accept=accepted)) == []
    assert list(found(kube, declared, tmp_path, accepted=accepted)) == []
    name = ("-n", "erp-aldersyde-prd", "deployment/odoo-web")
    alias = '[{"op":"add","path":"/spec/template/spec/hostAliases","value":[{"ip":"10.0.0.9","hostnames":["a"]}]}]'
    kube.kubectl("patch", *name, "--type=json", "-p", alias)
    assert list(found(kube, declared, tmp_path)) == []
    changed = "DRIFT-001 apps/Deployment/erp-aldersyde-prd/odoo-web spec.template.spec.hostAliases"
    assert list(found(kube, declared, tmp_path, accepted=accepted)) == [changed]
    kube.kubectl("patch", *name, "--type=json", "-p", '[{"op":"remove","path":"/spec/template/spec/hostAliases"}]')


def test_what_kubectl_does_by_hand_is_found(
    kube: Kube, declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calderon, zennor = "erp-calderon-prd", "erp-zennor-prd"
    kube.kubectl("scale", "-n", calderon, "deployment/odoo-web", "--replicas=7")
    kube.kubectl("set", "image", "-n", zennor, "deployment/odoo-web", "*=docker.io/evil/odoo:latest")
    kube.kubectl("label", "namespace", calderon, "pod-security.kubernetes.io/enforce=privileged", "--overwrite")
    kube.kubectl("delete", "-n", zennor, "networkpolicy", "default-deny-egress")
    kube.kubectl("create", "rolebinding", "by-hand", "-n", zennor, "--clusterrole=admin", "--user=somebody@example.net")
    privileged = '[{"op":"add","path":"/spec/template/spec/hostNetwork","value":true}]'
    kube.kubectl("patch", "-n", calderon, "deployment/odoo-web", "--type=json", "-p", privileged)
    drifted = found(kube, declared, tmp_path)
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    assert compared(declared, f"live:{CLUSTER}=admin", tmp_path).keys() == drifted.keys()
    kinds = {(name.split()[0], name.split()[1]) for name in drifted}
    assert f"DRIFT-001 apps/Deployment/{calderon}/odoo-web spec.replicas" in drifted
    assert f"DRIFT-001 apps/Deployment/{calderon}/odoo-web spec.template.spec.hostNetwork" in drifted
    assert f"DRIFT-002 networking.k8s.io/NetworkPolicy/{zennor}/default-deny-egress " in drifted
    assert f"DRIFT-003 rbac.authorization.k8s.io/RoleBinding/{zennor}/by-hand " in drifted
    scaled = drifted[f"DRIFT-001 apps/Deployment/{calderon}/odoo-web spec.replicas"].message
    assert "spec.replicas is 7; 2 is declared" in scaled
    assert "applied and changed by hand; written by kubectl (scale)" in scaled
    network = drifted[f"DRIFT-001 apps/Deployment/{calderon}/odoo-web spec.template.spec.hostNetwork"].message
    assert "written by kubectl-patch, not after 20" in network
    images = [name for name in drifted if name.endswith(".image") and zennor in name]
    assert images
    assert all("written by kubectl-set, not after 20" in drifted[name].message for name in images)
    assert any("pod-security.kubernetes.io/enforce" in name for name in drifted)
    assert kinds == {
        ("DRIFT-001", f"apps/Deployment/{calderon}/odoo-web"),
        ("DRIFT-001", f"apps/Deployment/{zennor}/odoo-web"),
        ("DRIFT-001", f"core/Namespace/-/{calderon}"),
        ("DRIFT-002", f"networking.k8s.io/NetworkPolicy/{zennor}/default-deny-egress"),
        ("DRIFT-003", f"rbac.authorization.k8s.io/RoleBinding/{zennor}/by-hand"),
    }
