"""Against a real kube-apiserver and etcd: what the fake cannot prove."""

import json
import pickle
import threading
import time
import tracemalloc
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.ledger import LedgerEntry, State
from scanner.model.resource import Resource
from scanner.sources.cluster import client as client_module
from scanner.sources.cluster import discovery, listing, watch
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.client import ClusterClient, Pacing
from scanner.sources.cluster.discovery import discover, needed
from scanner.sources.cluster.dump import ClusterDump
from scanner.sources.cluster.kinds import NAMESPACES, Kind
from scanner.sources.cluster.listing import Gap, ListPage, list_pages
from scanner.sources.cluster.live import LiveCluster
from scanner.sources.cluster.permissions import Permission, plurals
from scanner.sources.cluster.reviews import missing_permissions
from scanner.sources.cluster.watch import EventType
from tests.tools.kube import Kube, running_kube

pytestmark = pytest.mark.slow

CONFIG_MAPS = Kind("", "v1", "configmaps", "ConfigMap")
CROWD = 5000
QUICK = Pacing(first_s=0.05)


@pytest.fixture(autouse=True)
def _never_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")


def admin(kube: Kube, context: str = "admin") -> ClusterClient:
    return ClusterClient(Access(context, kube.kubeconfig), QUICK)


def live(kube: Kube, *types: str, context: str = "admin") -> LiveCluster:
    return LiveCluster("c", Access(context, kube.kubeconfig), types, pacing=QUICK)


def read(source: LiveCluster | ClusterDump) -> tuple[dict[str, Resource], dict[str, LedgerEntry]]:
    resources: dict[str, Resource] = {}
    entries = {}
    for page in source.pages():
        content = pickle.loads(pickle.dumps(page)).read()
        resources.update((resource.key, resource) for resource in content.resources)
        entries.update((entry.input, entry) for entry in content.entries)
    entries.update((entry.input, entry) for entry in source.entries())
    return resources, {name.removeprefix("cluster c: "): entry for name, entry in entries.items()}


def namespace(kube: Kube, name: str) -> str:
    kube.create("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    return name


def deployment(name: str, space: str) -> dict[str, Any]:
    labels = {"app": name}
    spec = {"containers": [{"name": "web", "image": "web:1"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": space},
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}},
    }


def crd(group: str, kind: str, plural: str, *versions: str, scope: str = "Namespaced") -> dict[str, Any]:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [{"name": v, "served": True, "storage": v == versions[0], "schema": schema} for v in versions],
        },
    }


@pytest.fixture(scope="session")
def custom(kube: Kube) -> list[Kind]:
    """Minimal definitions of what operators bring, with an object of each."""
    wanted = [
        ("traefik.io", "IngressRoute", "ingressroutes", ("v1alpha1", "v1"), "Namespaced"),
        ("velero.io", "Schedule", "schedules", ("v1",), "Namespaced"),
        ("cert-manager.io", "ClusterIssuer", "clusterissuers", ("v1",), "Cluster"),
        ("postgresql.cnpg.io", "Cluster", "clusters", ("v1",), "Namespaced"),
    ]
    space = namespace(kube, "custom")
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    kube.create(path, *(crd(g, kind, plural, *versions, scope=scope) for g, kind, plural, versions, scope in wanted))
    made = []
    for group, kind, plural, versions, scope in wanted:
        root = f"/apis/{group}/{versions[0]}"
        collection = f"{root}/namespaces/{space}/{plural}" if scope == "Namespaced" else f"{root}/{plural}"
        value = {"apiVersion": f"{group}/{versions[0]}", "kind": kind, "metadata": {"name": "one"}, "spec": {"a": 1}}
        deadline = time.monotonic() + 20
        while True:  # a definition is served a moment after it was created
            try:
                kube.request("POST", collection, value)
            except urllib.error.HTTPError as error:
                if error.code != 404 or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                break
        made.append(Kind(group, versions[-1], plural, kind, scope == "Namespaced"))
    return made


@pytest.fixture(scope="session")
def crowd(kube: Kube) -> str:
    """5,000 objects of a kind in one namespace."""
    space = namespace(kube, "crowd")
    objects = (
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number:05}"}, "data": {"text": "x" * 2000}}
        for number in range(CROWD)
    )
    kube.create(f"/api/v1/namespaces/{space}/configmaps", *objects)
    return space


# --- discovery


def test_both_forms_of_discovery_agree_with_kubectl(
    kube: Kube, custom: list[Kind], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line.split() for line in kube.kubectl("api-resources", "--verbs=list", "--no-headers").splitlines()]
    told = {(*version_and_group(line[-3]), line[0], line[-1], line[-2] == "true") for line in lines}
    aggregated = discover(admin(kube), [])
    assert aggregated.missing == ()
    assert {tuple(kind) for kind in aggregated.kinds} == told
    monkeypatch.setattr(discovery, "_AGGREGATED", client_module.JSON)
    assert discover(admin(kube), {kind.group for kind in aggregated.kinds}) == aggregated


def version_and_group(text: str) -> tuple[str, str]:
    group, _, version = text.rpartition("/")
    return group, version


def test_the_table_of_plurals_is_what_the_server_says(kube: Kube) -> None:
    kinds = discover(admin(kube), []).kinds
    for kind in kinds:
        known = plurals().get(kind.group or "core", {})
        assert known.get(kind.kind, kind.plural) == kind.plural
    served = {(kind.group or "core", kind.kind) for kind in kinds}
    groups = {group for group, _ in served}
    listed = {(group, kind) for group, known in plurals().items() if group in groups for kind in known}
    own = {pair for pair in listed if "." not in pair[0] or pair[0].endswith(".k8s.io")}
    assert own <= served


def test_custom_resources_are_found_by_group_in_whatever_version(kube: Kube, custom: list[Kind]) -> None:
    types = [kind.type for kind in custom]
    kinds = needed(discover(admin(kube), []).kinds, types)
    assert kinds[0] == NAMESPACES
    assert set(kinds[1:]) == set(custom)
    resources, entries = read(live(kube, *types))
    found = {resource.type: resource for resource in resources.values() if resource.name == "one"}
    assert set(found) == set(types)
    assert found["traefik.io/IngressRoute"].key == "c/traefik.io/IngressRoute/custom/one"
    assert found["cert-manager.io/ClusterIssuer"].key == "c/cert-manager.io/ClusterIssuer/-/one"
    assert "managedFields" not in found["velero.io/Schedule"].attributes["metadata"]
    assert found["velero.io/Schedule"].value("spec", "a") == 1
    assert not any(entry.incomplete for entry in entries.values())


def test_an_aggregated_api_that_is_down_costs_only_itself(kube: Kube) -> None:
    service = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1beta1.metrics.k8s.io"},
        "spec": {
            "group": "metrics.k8s.io",
            "version": "v1beta1",
            "service": {"name": "metrics-server", "namespace": "kube-system"},
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "insecureSkipTLSVerify": True,
        },
    }
    path = "/apis/apiregistration.k8s.io/v1/apiservices"
    kube.create(path, service)
    try:
        deadline = time.monotonic() + 30
        while not discover(admin(kube), ["metrics.k8s.io"]).missing:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        resources, entries = read(live(kube, "metrics.k8s.io/PodMetrics"))
        assert "c/core/Namespace/-/default" in resources
        assert [name for name, entry in entries.items() if entry.incomplete] == ["metrics.k8s.io"]
        _, entries = read(live(kube, "apps/Deployment"))
        assert not any(entry.incomplete for entry in entries.values())
        assert entries["metrics.k8s.io"].state is State.UNREACHABLE
    finally:
        kube.request("DELETE", f"{path}/v1beta1.metrics.k8s.io")


# --- paging


def test_5000_objects_come_in_pages_and_memory_stays_flat(kube: Kube, crowd: str) -> None:
    tracemalloc.start()
    try:
        seen, largest = set(), 0
        for page in live(kube, "core/ConfigMap").pages():
            largest = max(largest, page.size_bytes)
            seen |= {resource.key for resource in page.read().resources if resource.namespace == crowd}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(seen) == CROWD
    assert 500_000 < largest < 2_000_000
    assert peak < 20 * largest, (
        peak,
        largest,
    )  # parsed, a page is several times its text; all of them would be 10 pages
    pages = [page for page in list_pages(admin(kube), CONFIG_MAPS) if isinstance(page, ListPage)]
    assert len(pages) >= CROWD // 500
    assert len({page.resource_version for page in pages}) == 1


def test_the_limit_may_change_between_pages(kube: Kube, crowd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_BYTES", 300_000)
    names = []
    sizes = []
    for page in list_pages(admin(kube), CONFIG_MAPS, crowd):
        assert isinstance(page, ListPage)
        found = [item["metadata"]["name"] for item in json.loads(page.data)["items"]]
        sizes.append(len(found))
        names += found
    assert sizes[0] == 500
    assert sizes[1] < 200
    assert [name for name in names if name.startswith("c0")] == [f"c{number:05}" for number in range(CROWD)]


@pytest.fixture(scope="session")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    """A server without a cache of its own, so that what etcd has forgotten is gone; with a dozen objects."""
    with running_kube(tmp_path_factory.mktemp("kube") / "forgetful", "--watch-cache=false") as running:
        names = [f"c{number:02}" for number in range(12)]
        running.create("/api/v1/namespaces/default/configmaps", *({"metadata": {"name": name}} for name in names))
        yield running


def test_a_list_that_outlives_what_the_server_keeps_goes_on_at_a_later_moment(
    forgetful: Kube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_OBJECTS", 5)
    pages = list_pages(admin(forgetful), CONFIG_MAPS, "default")
    first = next(pages)
    assert isinstance(first, ListPage)
    newer = compact(forgetful)
    rest = list(pages)
    gaps = [one for one in rest if isinstance(one, Gap)]
    assert [(gap.number, gap.state, gap.incomplete) for gap in gaps] == [(2, State.SCANNED, False)]
    lists = [json.loads(one.data) for one in (first, *rest) if isinstance(one, ListPage)]
    names = [item["metadata"]["name"] for one in lists for item in one["items"]]
    assert [name for name in names if name.startswith("c")] == [f"c{number:02}" for number in range(12)]
    assert newer in names  # it came in between


def compact(kube: Kube) -> str:
    """Make a new revision and have etcd forget all before it; returns the name of what is new."""
    name = f"newer-{time.monotonic_ns()}"
    kube.create("/api/v1/namespaces/default/configmaps", {"metadata": {"name": name}})
    status = etcd(kube, "/v3/kv/range", {"key": "AA=="})
    etcd(kube, "/v3/kv/compaction", {"revision": status["header"]["revision"], "physical": True})
    return name


def etcd(kube: Kube, path: str, value: dict[str, Any]) -> Any:
    request = urllib.request.Request(kube.etcd + path, json.dumps(value).encode(), method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        return json.load(answer)


# --- permissions


def until_readers_may(kube: Kube, **asked: dict[str, str]) -> None:
    """Wait until the API server knows a role, its own first ones too: it hears of them as everybody does."""
    spec = {"user": "anybody", "groups": ["readers", "system:authenticated"], **asked}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    for _ in range(200):
        answer = kube.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        if answer["status"]["allowed"]:
            return
        time.sleep(0.05)
    raise AssertionError(f"the role never came to be: {asked}")


def listing_of(resource: str, group: str, namespace: str) -> dict[str, str]:
    return {"verb": "list", "resource": resource, "group": group, "namespace": namespace}


def test_what_is_forbidden_is_read_by_namespace_or_said(kube: Kube) -> None:
    for space in ("open", "closed"):
        kube.create(f"/apis/apps/v1/namespaces/{namespace(kube, space)}/deployments", deployment("web", space))
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    everywhere = [
        {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list"]},
        {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["list"]},
    ]
    subject = {"kind": "Group", "name": "readers", "apiGroup": "rbac.authorization.k8s.io"}
    cluster_role = {"kind": "ClusterRole", "name": "reads", "apiGroup": "rbac.authorization.k8s.io"}
    kube.create(f"{rbac}/clusterroles", {"metadata": {"name": "reads"}, "rules": everywhere})
    kube.create(
        f"{rbac}/clusterrolebindings", {"metadata": {"name": "reads"}, "roleRef": cluster_role, "subjects": [subject]}
    )
    here = [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}]
    kube.create(f"{rbac}/namespaces/open/roles", {"metadata": {"name": "reads"}, "rules": here})
    role = {**cluster_role, "kind": "Role"}
    kube.create(
        f"{rbac}/namespaces/open/rolebindings", {"metadata": {"name": "reads"}, "roleRef": role, "subjects": [subject]}
    )

    until_readers_may(kube, nonResourceAttributes={"verb": "get", "path": "/apis"})
    until_readers_may(kube, resourceAttributes=listing_of("namespaces", "", ""))
    until_readers_may(kube, resourceAttributes=listing_of("networkpolicies", "networking.k8s.io", ""))
    until_readers_may(kube, resourceAttributes=listing_of("deployments", "apps", "open"))
    types = ("apps/Deployment", "networking.k8s.io/NetworkPolicy", "core/Secret", "core/Node")
    resources, entries = read(live(kube, *types, context="reader"))
    assert "c/apps/Deployment/open/web" in resources
    assert "c/apps/Deployment/closed/web" not in resources
    assert entries["apps/v1 deployments"].state is State.PARTIAL
    assert entries["apps/v1 deployments in open"].resources == 1
    assert entries["networking.k8s.io/v1 networkpolicies"].state is State.SCANNED
    for kind in ("v1 secrets", "v1 nodes"):
        assert entries[kind].state is State.UNREACHABLE
        assert entries[kind].reason.startswith("forbidden (HTTP 403: ")
        assert entries[kind].incomplete
    client = admin(kube, "reader")
    assert client.may("list", "apps", "deployments", "open")
    assert not client.may("list", "apps", "deployments")
    wanted = [
        Permission(kind.group, kind.plural, ("list",), kind.type, (), False) for kind in (NAMESPACES, CONFIG_MAPS)
    ]
    assert list(missing_permissions(client, wanted)) == wanted[1:]
    resources, entries = read(live(kube, *types, context="nobody"))
    assert resources == {}
    assert sum(entry.incomplete for entry in entries.values()) == 5


def test_a_token_that_the_server_does_not_know(kube: Kube, tmp_path: Path) -> None:
    config = json.loads(Path(kube.kubeconfig).read_text())
    config["users"] = [{"name": user["name"], "user": {"token": "canary"}} for user in config["users"]]
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    source = LiveCluster("c", Access(kubeconfig=str(tmp_path / "kubeconfig")), ["apps/Deployment"], pacing=QUICK)
    resources, entries = read(source)
    assert resources == {}
    (entry,) = entries.values()
    assert entry.reason == "cannot go on: the server does not say what it serves (HTTP 401: Unauthorized)"
    assert "canary" not in str(entries)


def test_a_server_that_need_not_prove_itself_is_noted(kube: Kube, tmp_path: Path) -> None:
    config = json.loads(Path(kube.kubeconfig).read_text())
    del config["clusters"][0]["cluster"]["certificate-authority"]
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    source = LiveCluster("c", Access(kubeconfig=str(tmp_path / "kubeconfig")), [], pacing=QUICK)
    resources, entries = read(source)
    assert resources == {}
    assert "certificate verify failed" in entries["cluster c"].reason
    config["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = True
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    source = LiveCluster("c", Access(kubeconfig=str(tmp_path / "kubeconfig")), [], pacing=QUICK)
    resources, entries = read(source)
    assert resources
    assert entries["connection"].reason.startswith("anyone could have answered")


# --- secrets, and the dump beside the live cluster


@pytest.fixture(scope="session")
def shop(kube: Kube) -> str:
    space = namespace(kube, "shop")
    kube.create(f"/apis/apps/v1/namespaces/{space}/deployments", *(deployment(f"web{n}", space) for n in range(3)))
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "canary-value"}},
        "stringData": {"password": "canary-value"},
    }
    kube.create(f"/api/v1/namespaces/{space}/secrets", secret)
    return space


def test_values_of_secrets_do_not_even_arrive(kube: Kube, shop: str) -> None:
    data = [
        page.data for page in list_pages(admin(kube), Kind("", "v1", "secrets", "Secret")) if isinstance(page, ListPage)
    ]
    assert any(b'"PartialObjectMetadata"' in one for one in data)
    assert not any(b'"data":{"password"' in one or b"Y2FuYXJ5LXZhbHVl" in one for one in data)
    pages = list(live(kube, "core/Secret").pages())
    assert not any(b"canary-value" in pickle.dumps(page) for page in pages)
    assert any(resource.key == "c/core/Secret/shop/s" for page in pages for resource in page.read().resources)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_dump_gives_what_the_cluster_gives(
    kube: Kube, shop: str, custom: list[Kind], tmp_path: Path, form: str
) -> None:
    names = "namespaces,deployments.apps,ingressroutes.traefik.io,clusterissuers.cert-manager.io"
    (tmp_path / f"all.{form}").write_text(kube.kubectl("get", names, "--all-namespaces", "-o", form), "utf-8")
    (tmp_path / "raw.json").write_text(kube.kubectl("get", "--raw", "/apis/velero.io/v1/schedules"), "utf-8")
    types = ("apps/Deployment", "traefik.io/IngressRoute", "cert-manager.io/ClusterIssuer", "velero.io/Schedule")
    online, _ = read(live(kube, *types))
    offline, entries = read(ClusterDump("c", tmp_path))
    assert not any(entry.incomplete for entry in entries.values())
    assert offline.keys() == online.keys()
    assert len([key for key in online if "/shop/" in key]) == 3
    for key, resource in online.items():
        assert offline[key].attributes == resource.attributes, key


# --- watch


class Follower(threading.Thread):
    """Follows Namespaces in the background, as the webhook does."""

    def __init__(self, kube: Kube, version: str = "") -> None:
        super().__init__(daemon=True)
        self.events: list[watch.Event] = []
        self.stopped = threading.Event()
        self._client = admin(kube)
        self._version = version
        self.start()

    def run(self) -> None:
        for event in watch.watch(self._client, NAMESPACES, self._version, stop=self.stopped, pacing=QUICK):
            self.events.append(event)

    def wait_for(self, *wanted: EventType, name: str = "") -> watch.Event:
        deadline = time.monotonic() + 30
        while True:
            for event in list(self.events):
                if event.type in wanted and name in str(event.object.get("metadata", {}).get("name", "")):
                    return event
            assert time.monotonic() < deadline, [event.type for event in self.events]
            time.sleep(0.02)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(watch, "_WATCH_S", 4)
    return


def test_a_watch_tells_changes_and_bookmarks_and_outlives_its_end(kube: Kube, short: None) -> None:
    follower = Follower(kube)
    everything = follower.wait_for(EventType.REPLACED)
    assert "default" in [one["metadata"]["name"] for one in everything.objects]
    namespace(kube, "watched-1")
    follower.wait_for(EventType.ADDED, name="watched-1")
    follower.wait_for(EventType.BOOKMARK)  # the server sends one before it ends a watch
    ended = time.monotonic()
    while time.monotonic() < ended + 3:  # over the end of the first watch
        time.sleep(0.1)
    namespace(kube, "watched-2")
    follower.wait_for(EventType.ADDED, name="watched-2")
    kube.request("PUT", "/api/v1/namespaces/watched-2", labelled(kube, "watched-2"))
    follower.wait_for(EventType.MODIFIED, name="watched-2")
    follower.stopped.set()
    namespace(kube, "watched-3")
    follower.join(timeout=10)
    assert not follower.is_alive()
    types = [event.type for event in follower.events]
    assert types.count(EventType.REPLACED) == 1
    assert EventType.LOST not in types
    assert len([event for event in follower.events if event.type is EventType.ADDED]) <= 3


def labelled(kube: Kube, name: str) -> Any:
    value = kube.request("GET", f"/api/v1/namespaces/{name}")
    value["metadata"]["labels"]["watched"] = "yes"
    return value


def test_a_version_that_is_too_old_is_listed_anew(forgetful: Kube) -> None:
    compact(forgetful)
    follower = Follower(forgetful, version="1")
    lost = follower.wait_for(EventType.LOST)
    assert "is too old" in lost.reason
    assert follower.wait_for(EventType.REPLACED).objects
    namespace(forgetful, "after")
    follower.wait_for(EventType.ADDED, name="after")
    assert [event.type for event in follower.events][:2] == [EventType.LOST, EventType.REPLACED]
    follower.stopped.set()
