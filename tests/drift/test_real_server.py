"""The example estate on a real API server: no drift once applied, then all of what kubectl does to it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.model.finding import Finding
from scanner.points.drift.conduct import drift
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


class Audit:
    """What an API server wrote down of the requests it got."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "audit.jsonl"

    def since(self, moment: int) -> list[dict[str, Any]]:
        """Return the requests of this program that were answered since there were so many lines."""
        found = [json.loads(line) for line in self.path.read_text("utf-8").splitlines()[moment:]]
        return [one for one in found if one["stage"] == "ResponseComplete" and one.get("userAgent") == "bulkhead"]

    def now(self) -> int:
        return len(self.path.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return Audit(tmp_path_factory.mktemp("audit"))


def audited(audit: Audit) -> tuple[str, ...]:
    """Return the flags that make an API server write down every request."""
    folder = audit.path.parent
    rules = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "Metadata"}]}
    (folder / "policy.yaml").write_text(yaml.safe_dump(rules))
    return f"--audit-policy-file={folder / 'policy.yaml'}", f"--audit-log-path={audit.path}"


@pytest.fixture(scope="module")
def kube(tmp_path_factory: pytest.TempPathFactory, declared: Path, audit: Audit) -> Iterator[Kube]:
    pytest.importorskip("orjson", reason="the extra [kubernetes] is not installed")
    with running_kube(tmp_path_factory.mktemp("kube") / "run", *audited(audit)) as running:
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


def compared(declared: Path, against: str, folder: Path, **flags: Any) -> dict[str, Finding]:
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


def moments(kube: Kube) -> dict[str, str]:
    """Return the version of every object: whoever wrote to one made it another."""
    items = json.loads(kube.kubectl("get", KINDS, "--all-namespaces", "-o", "json"))["items"]
    return {one["metadata"]["uid"]: one["metadata"]["resourceVersion"] for one in items}


def told(folder: Path) -> list[str]:
    """Return what the last report says of dry runs."""
    ledger = json.loads((folder / "report.json").read_text())["ledger"]
    return [one["reason"] for one in ledger if one["input"].endswith(": dry runs")]


def test_applying_would_change_nothing_and_asking_changes_nothing(
    kube: Kube, declared: Path, audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    before, begun = moments(kube), audit.now()
    assert list(compared(declared, f"live:{CLUSTER}=admin", tmp_path, dry_run_apply=True)) == []
    (asked_about,) = told(tmp_path)
    objects = int(asked_about.split()[0])
    assert objects > 100
    asked = audit.since(begun)
    patches = [one for one in asked if one["verb"] not in ("get", "list")]
    assert len(patches) == objects, "once each: the answer is of the moment of the list"
    assert {one["verb"] for one in patches} == {"patch"}
    assert all("dryRun=All" in one["requestURI"] for one in patches)
    assert all("fieldManager=kustomize-controller&" in one["requestURI"] for one in patches)
    assert moments(kube) == before


def test_who_may_not_patch_gets_the_approximate_comparison(
    kube: Kube, declared: Path, audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    kube.kubectl("create", "clusterrole", "read", "--verb=get,list", "--resource=*.*")
    kube.kubectl("create", "clusterrolebinding", "read", "--clusterrole=read", "--group=readers")
    begun = audit.now()
    unmanaged = compared(declared, f"live:{CLUSTER}=reader", tmp_path, dry_run_apply=True)
    kube.kubectl("delete", "clusterrole,clusterrolebinding", "read")
    assert {name.split()[0] for name in unmanaged} == {"DRIFT-003"}, "the role and its binding"
    (forbidden,) = told(tmp_path)
    assert forbidden.startswith("no dry run, the comparison is approximate: forbidden: it needs the verb patch (HTTP 4")
    refused = [one["objectRef"] for one in audit.since(begun) if one["verb"] == "patch"]
    places = [(one["resource"], one.get("namespace")) for one in refused]
    assert len(places) == len(set(places)), "what is forbidden is not asked for again"


ROUTE = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "routes.example.net"},
    "spec": {
        "group": "example.net",
        "scope": "Namespaced",
        "names": {"kind": "Route", "plural": "routes", "singular": "route"},
        "versions": [
            {
                "name": name,
                "served": True,
                "storage": name == "v2",
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "host": {"type": "string"},
                                    "open": {"type": "boolean"},
                                    "weight": {"type": "integer", "default": 3},
                                },
                            }
                        },
                    }
                },
            }
            for name in ("v1", "v2")
        ],
    },
}
CUSTOM = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default, labels: {gone: soon}}
data: {a: b}
---
apiVersion: example.net/v1
kind: Route
metadata: {name: one, namespace: default}
spec: {host: a.example.net, open: false}
---
apiVersion: example.net/v1
kind: Route
metadata: {name: other, namespace: default}
spec: {host: b.example.net}
---
apiVersion: v1
kind: Secret
metadata: {name: key, namespace: default, labels: {of: me}}
stringData: {password: canary-one}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: twice, namespace: default}
data: {a: seven}
"""


def test_custom_resources_and_what_cannot_be_asked(
    kube: Kube, audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    declared = tmp_path / "declared"
    declared.mkdir()
    kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", ROUTE)
    kube.kubectl("wait", "--for=condition=established", "crd/routes.example.net")
    (declared / "custom.yaml").write_text(CUSTOM)
    kube.kubectl("apply", "--server-side", "--field-manager=argocd-controller", "-f", str(declared))
    against = f"live:{CLUSTER}=admin"
    begun = audit.now()
    assert list(compared(declared, against, tmp_path, dry_run_apply=True)) == []
    assert any(one.startswith("4 objects ") for one in told(tmp_path))
    assert any(one.endswith("nothing to send: Secret default/key") for one in told(tmp_path))
    kube.kubectl("patch", "-n", "default", "routes/one", "--type=json", "-p", '[{"op":"remove","path":"/spec/open"}]')
    kube.kubectl("patch", "-n", "default", "routes/one", "--type=merge", "-p", '{"spec":{"weight":7}}')
    kube.kubectl("delete", "-n", "default", "routes/other")
    kube.kubectl("label", "-n", "default", "secret/key", "of=them", "--overwrite")
    (declared / "custom.yaml").write_text(CUSTOM.replace(", labels: {gone: soon}", "").replace("seven", "7"))
    drifted = compared(declared, against, tmp_path, dry_run_apply=True)
    assert "canary" not in (tmp_path / "report.json").read_text()
    route = "DRIFT-001 example.net/Route/default/one spec.open"
    assert drifted.keys() == {
        route,
        "DRIFT-002 example.net/Route/default/other ",
        "DRIFT-001 core/Secret/default/key metadata.labels.of",
        "DRIFT-001 core/ConfigMap/default/settings metadata.labels.gone",
        "DRIFT-001 core/ConfigMap/default/twice data.a",
    }
    assert drifted[route].message == "spec.open is not there; false is declared"
    methods = {name: one.difference.method for name, one in drifted.items() if one.difference is not None}
    assert methods[route] == "dry run"
    assert methods["DRIFT-001 core/Secret/default/key metadata.labels.of"] == "approximate"
    gone = drifted["DRIFT-001 core/ConfigMap/default/settings metadata.labels.gone"].message
    assert "holds a value that is declared no longer; not yet applied; written by argocd-controller" in gone
    refused = "no dry run, the comparison is approximate: the server does not try it (HTTP 500: failed to create"
    assert any(one.startswith(refused) and one.endswith("ConfigMap default/twice") for one in told(tmp_path))
    approximate = compared(declared, against, tmp_path)
    assert route not in approximate, "to the tables false is as good as nothing"
    writes = [one for one in audit.since(begun) if one["verb"] not in ("get", "list")]
    assert writes
    assert all("dryRun=All" in one["requestURI"] for one in writes)
    kube.kubectl(
        "delete", "crd/routes.example.net", "-n", "default", "secret/key", "configmap/twice", "configmap/settings"
    )


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
    kube: Kube, declared: Path, audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calderon, zennor = "erp-calderon-prd", "erp-zennor-prd"
    kube.kubectl("scale", "-n", calderon, "deployment/odoo-web", "--replicas=7")
    kube.kubectl("set", "image", "-n", zennor, "deployment/odoo-web", "*=docker.io/evil/odoo:latest")
    kube.kubectl("label", "namespace", calderon, "pod-security.kubernetes.io/enforce=privileged", "--overwrite")
    kube.kubectl("delete", "-n", zennor, "networkpolicy", "default-deny-egress")
    kube.kubectl("create", "rolebinding", "by-hand", "-n", zennor, "--clusterrole=admin", "--user=somebody@example.net")
    privileged = '[{"op":"add","path":"/spec/template/spec/hostNetwork","value":true}]'
    kube.kubectl("patch", "-n", calderon, "deployment/odoo-web", "--type=json", "-p", privileged)
    kube.kubectl("set", "subject", "-n", calderon, "rolebinding/tenant-operators", "--user=somebody@example.net")
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/maxUnavailable:.*/maxUnavailable:\\ 0/")
    kube.kubectl("edit", "-n", zennor, "poddisruptionbudget", "odoo-web")
    drifted = found(kube, declared, tmp_path)
    monkeypatch.setenv("KUBECONFIG", kube.kubeconfig)
    begun = audit.now()
    approximate = compared(declared, f"live:{CLUSTER}=admin", tmp_path)
    assert approximate.keys() == drifted.keys()
    before = moments(kube)
    exact = compared(declared, f"live:{CLUSTER}=admin", tmp_path, dry_run_apply=True)
    assert moments(kube) == before
    writes = [one for one in audit.since(begun) if one["verb"] not in ("get", "list")]
    assert len(writes) > 100
    assert all(one["verb"] == "patch" and "dryRun=All" in one["requestURI"] for one in writes)
    assert exact.keys() == drifted.keys()
    assert [one.message for one in exact.values()] == [one.message for one in approximate.values()]
    beside = [one.tag for one in exact.values() if one.difference and one.difference.method == "approximate"]
    assert beside == ["spec.template.spec.hostNetwork"], "applying leaves alone what is declared nowhere"
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
    edited = drifted[f"DRIFT-001 policy/PodDisruptionBudget/{zennor}/odoo-web spec.maxUnavailable"].message
    assert "written by kubectl-edit, not after 20" in edited
    subject = next(one for name, one in drifted.items() if f"RoleBinding/{calderon}/tenant-operators subjects" in name)
    assert subject.difference is not None
    assert "somebody@example.net" in subject.difference.live
    assert "written by kubectl-set, not after 20" in subject.message
    assert kinds == {
        ("DRIFT-001", f"policy/PodDisruptionBudget/{zennor}/odoo-web"),
        ("DRIFT-001", f"rbac.authorization.k8s.io/RoleBinding/{calderon}/tenant-operators"),
        ("DRIFT-001", f"apps/Deployment/{calderon}/odoo-web"),
        ("DRIFT-001", f"apps/Deployment/{zennor}/odoo-web"),
        ("DRIFT-001", f"core/Namespace/-/{calderon}"),
        ("DRIFT-002", f"networking.k8s.io/NetworkPolicy/{zennor}/default-deny-egress"),
        ("DRIFT-003", f"rbac.authorization.k8s.io/RoleBinding/{zennor}/by-hand"),
    }
