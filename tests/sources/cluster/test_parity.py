"""The same objects give the same findings as manifests, in a real cluster and in a dump of it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import yaml

from scanner.estate import load_estate
from scanner.model.types import CLUSTER_SCOPED
from scanner.packs.loader import builtin_packs
from scanner.report import Report
from scanner.scan import Options, scan
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.discovery import discover
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.kinds import Kind
from scanner.sources.cluster.live import LiveCluster
from scanner.sources.cluster.permissions import needed_types, plurals
from scanner.sources.cluster.trimming import trimming_for
from scanner.sources.interface import Source
from scanner.sources.repository import RepositorySource
from tests.sources.cluster.test_real import admin, crd
from tests.tools.kube import Kube, running_kube

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
ESTATE = ROOT / "fixtures" / "erp-hosting-broken" / "estate.yaml"
MANIFESTS = ROOT / "fixtures" / "erp-hosting-broken" / "clusters" / "aks-prd-weu-01"
NAME = "aks-prd-weu-01"
SECRETS = "secrets"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    """A cluster with everything that the broken example estate deploys to production."""
    pytest.importorskip("kubernetes", reason="the extra [kubernetes] is not installed")
    with running_kube(tmp_path_factory.mktemp("kube") / "filled") as kube:
        texts = [path.read_text("utf-8") for path in sorted(MANIFESTS.rglob("*.yaml"))]
        objects = [value for text in texts for value in yaml.safe_load_all(text) if value]
        define(kube, objects)
        kinds = {(kind.group, kind.version, kind.kind): kind for kind in discover(admin(kube), []).kinds}
        for value in sorted(objects, key=lambda value: value["kind"] != "Namespace"):
            group, _, version = value["apiVersion"].rpartition("/")
            kind = kinds[group, version, value["kind"]]
            kube.create(kind.path(value["metadata"].get("namespace", "") if kind.namespaced else ""), value)
        yield kube


def define(kube: Kube, objects: list[dict[str, Any]]) -> None:
    """Create a definition for every custom kind, and wait until all are served."""
    versions = {(*value["apiVersion"].rpartition("/")[::2], value["kind"]) for value in objects}
    served = {kind.group for kind in discover(admin(kube), []).kinds}
    custom = sorted(one for one in versions if one[0] not in served)
    for group, version, kind in custom:
        scope = "Cluster" if f"{group}/{kind}" in CLUSTER_SCOPED else "Namespaced"
        definition = crd(group, kind, plurals()[group][kind], version, scope=scope)
        kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
    deadline = time.monotonic() + 60
    for group, version, kind in custom:
        while True:
            try:
                kube.request("GET", Kind(group, version, plurals()[group][kind], kind).path())
                break
            except HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
    while not {(kind.group, kind.kind) for kind in discover(admin(kube), []).kinds} >= {(g, k) for g, _, k in custom}:
        time.sleep(0.1)


def judged(*sources: Source) -> Report:
    packs = builtin_packs()
    rules = [rule for pack in packs for rule in pack.rules]
    return scan(sources, packs, rules, load_estate(str(ESTATE)), (), Options(point="audit"))


def findings(report: Report) -> set[tuple[str, str, str, str, str]]:
    """What was found, but for the namespace that every cluster has and no manifest declares."""
    found = {(one.rule, one.resource, one.tag, one.message, one.fingerprint) for one in report.findings}
    return {one for one in found if "/default" not in one[1]}


def test_manifests_the_live_cluster_and_its_dump_are_judged_alike(filled: Kube, tmp_path: Path) -> None:
    packs = builtin_packs()
    rules = [rule for pack in packs for rule in pack.rules]
    trimming = trimming_for(rules)
    for kind in filled.kubectl("api-resources", "--verbs=list", "-o", "name").split():
        if kind != SECRETS:
            (tmp_path / f"{kind}.json").write_text(filled.kubectl("get", kind, "-A", "-o", "json"), "utf-8")
    live = judged(LiveCluster(NAME, Access(kubeconfig=filled.kubeconfig), needed_types(rules), trimming))
    dump = judged(ClusterDump(NAME, tmp_path, trimming))
    manifests = judged(RepositorySource([str(MANIFESTS)], clusters={NAME: str(MANIFESTS)}))
    assert not [entry for report in (live, dump, manifests) for entry in report.ledger if entry.incomplete]
    assert len(findings(live)) > 30
    assert findings(live) == findings(dump) == findings(manifests)
    assert {one.key: (one.rules, one.codes) for one in dump.judged if one.rules} == {
        one.key: (one.rules, one.codes) for one in live.judged if one.rules
    }
