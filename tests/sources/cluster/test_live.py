"""Every way in which reading a cluster goes wrong ends in the ledger, and costs no more than it must."""

import gzip
import pickle
import socket
import stat
from pathlib import Path

import pytest

from scanner.model.ledger import LedgerEntry, State, Unseen
from scanner.model.resource import Resource
from scanner.sources.cluster import client as client_module
from scanner.sources.cluster.access import Access
from scanner.sources.cluster.kinds import NAMESPACES, Kind
from scanner.sources.cluster.live import LiveCluster
from scanner.sources.cluster.trimming import Trimming
from tests.sources.cluster.fake_cluster import DEPLOYMENTS, ROUTES, Answer, Asked, FakeCluster, items, refused, told

TYPES = ("apps/Deployment", "traefik.io/IngressRoute", "core/Namespace")


def cluster(fake: FakeCluster, access: Access | None = None, types: tuple[str, ...] = TYPES) -> LiveCluster:
    return LiveCluster("c", access or fake.access(), types, pacing=fake.pacing)


def read(source: LiveCluster) -> tuple[list[Resource], dict[str, LedgerEntry]]:
    """All Resources, and the entries by input without ``cluster c: ``, the pages' beside the Source's."""
    resources: list[Resource] = []
    entries: dict[str, LedgerEntry] = {}
    for page in source.pages():
        content = pickle.loads(pickle.dumps(page)).read()
        resources += content.resources
        for entry in content.entries:
            before = entries.get(entry.input)
            entries[entry.input] = (
                entry if before is None else before._replace(resources=before.resources + entry.resources)
            )
    for entry in source.entries():
        assert entry.input not in entries, f"a page speaks for {entry.input} already, so the ledger would drop {entry}"
        entries[entry.input] = entry
    return resources, {name.removeprefix("cluster c: "): entry for name, entry in entries.items()}


def names(resources: list[Resource]) -> list[str]:
    return [resource.name for resource in resources]


def test_of_what_was_listed_nothing_else_is_there(fake: FakeCluster) -> None:
    fake.answers[ROUTES.path()] = refused(403, "forbidden")
    source = cluster(fake, types=(*TYPES, "gone.io/Thing"))
    read(source)
    assert source.listed_types() == {"core/Namespace", "apps/Deployment", "gone.io/Thing"}


def test_what_is_needed_is_listed_and_nothing_else(fake: FakeCluster) -> None:
    secrets = Kind("", "v1", "secrets", "Secret")
    fake.discovers([NAMESPACES, secrets, DEPLOYMENTS, ROUTES])
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop")
    fake.answers[DEPLOYMENTS.path()] = items(DEPLOYMENTS, "web")
    fake.answers[ROUTES.path()] = items(ROUTES, "www")
    resources, entries = read(cluster(fake, types=(*TYPES, "gone.io/Thing")))
    assert [resource.key for resource in resources] == [
        "c/core/Namespace/-/shop",
        "c/apps/Deployment/shop/web",
        "c/traefik.io/IngressRoute/shop/www",
    ]
    assert fake.paths() == ["/api", "/apis", NAMESPACES.path(), DEPLOYMENTS.path(), ROUTES.path()]
    assert entries.pop("connection").reason.startswith("anyone could have answered: ")  # it is plain HTTP
    assert {entry.input: (entry.state, entry.resources, entry.reason) for entry in entries.values()} == {
        "cluster c": (State.SCANNED, 0, "it serves 4 kinds that can be listed; the selected rules need 3"),
        "cluster c: v1 namespaces": (State.SCANNED, 1, ""),
        "cluster c: apps/v1 deployments": (State.SCANNED, 1, ""),
        "cluster c: traefik.io/v1alpha1 ingressroutes": (State.SCANNED, 1, ""),
        "cluster c: gone.io/Thing": (State.SCANNED, 0, "the cluster does not serve this kind"),
    }
    source = cluster(fake, types=(*TYPES, "gone.io/Thing"))
    again = [one.key for page in source.of_types([DEPLOYMENTS.type], Trimming()) for one in page.read().resources]
    assert again == ["c/core/Namespace/-/shop", "c/apps/Deployment/shop/web"]
    assert resources[1].attributes == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
    }


def test_places_come_first_and_are_asked_for_once(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop")
    source = cluster(fake)
    (place,) = source.places()
    assert names(list(place.read().resources)) == ["shop"]
    assert fake.paths() == [NAMESPACES.path()]
    assert next(page.name for page in source.pages()) == place.name
    assert fake.paths().count(NAMESPACES.path()) == 1


def test_pages_follow_the_token_and_share_an_input(fake: FakeCluster) -> None:
    fake.answers[ROUTES.path()] = [
        items(ROUTES, "a", "b", token="t"),
        items(ROUTES, "c", token="u"),
        items(ROUTES, "d"),
    ]
    source = cluster(fake)
    pages = list(source.pages())
    assert [page.name for page in pages[-3:]] == [
        "cluster c: traefik.io/v1alpha1 ingressroutes",
        "cluster c: traefik.io/v1alpha1 ingressroutes, page 2",
        "cluster c: traefik.io/v1alpha1 ingressroutes, page 3",
    ]
    asked = [one.query for one in fake.asked if one.path == ROUTES.path()]
    assert [query.get("continue") for query in asked] == [None, "t", "u"]
    assert {query["limit"] for query in asked} == {"500"}
    assert {entry.input for page in pages[-3:] for entry in page.read().entries} == {pages[-3].name}


def test_large_objects_make_pages_of_fewer(fake: FakeCluster) -> None:
    large = told(
        {"kind": "DeploymentList", "metadata": {"continue": "t"}, "items": [{"metadata": {"name": "x" * (16 << 20)}}]}
    )
    fake.answers[DEPLOYMENTS.path()] = [large, items(DEPLOYMENTS)]
    list(cluster(fake).pages())
    assert [one.query["limit"] for one in fake.asked if one.path == DEPLOYMENTS.path()] == ["500", "249"]


# --- the table of failures


def test_401_renews_once_and_goes_on(fake: FakeCluster, tmp_path: Path) -> None:
    """A plugin gives another token each time; the first has run out on the server, whatever its expiry says."""
    plugin = tmp_path / "plugin"
    plugin.write_text(
        '#!/bin/sh\necho x >> "$0.calls"\n'
        'printf \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
        '"status":{"token":"t%s","expirationTimestamp":"2099-01-01T00:00:00Z"}}\' "$(wc -l < "$0.calls" | tr -d " ")"\n'
    )
    plugin.chmod(plugin.stat().st_mode | stat.S_IXUSR)
    valid = {"Bearer t1"}

    def guarded(asked: Asked) -> Answer:
        if asked.headers["Authorization"] in valid:
            return items(DEPLOYMENTS, "web")
        return refused(401, "Unauthorized")

    fake.answers[DEPLOYMENTS.path()] = guarded
    source = cluster(
        fake,
        fake.access(
            exec={"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "interactiveMode": "Never"}
        ),
    )
    list(source.places())
    valid = {"Bearer t2"}
    resources, entries = read(source)
    assert names(resources) == ["web"]
    assert not any(entry.incomplete for entry in entries.values())
    assert (tmp_path / "plugin.calls").read_text() == "x\nx\n"


def test_401_twice_ends_the_run_of_the_cluster(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop")
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "web", token="t"), refused(401, "Unauthorized")]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["shop", "web"]
    assert entries["cluster c"].state is State.UNREACHABLE
    assert entries["cluster c"].reason.startswith(
        "cannot go on: the server refuses the credentials, renewed ones too (HTTP 401: Unauthorized"
    )
    for kind in ("apps/v1 deployments, the rest", "traefik.io/v1alpha1 ingressroutes, the rest"):
        assert entries[kind][1:3] == (State.UNREACHABLE, "not read: the server refuses the credentials")
        assert entries[kind].incomplete
    assert fake.paths().count(DEPLOYMENTS.path()) == 3
    assert ROUTES.path() not in fake.paths()


def test_an_expired_token_and_a_clock_that_is_wrong(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = fake.server.RequestHandlerClass
    monkeypatch.setattr(handler, "date_time_string", lambda *_: "Tue, 01 Jan 2019 00:00:00 GMT")
    fake.answers["/api"] = refused(401, "token has expired")
    resources, entries = read(cluster(fake))
    assert resources == []
    (entry,) = (entry for entry in entries.values() if entry.incomplete)
    assert (entry.input, entry.state, entry.incomplete) == ("cluster c", State.UNREACHABLE, True)
    assert "HTTP 401: token has expired; this machine's clock is " in entry.reason
    assert " s ahead of the server's" in entry.reason


def test_403_falls_back_to_namespaces(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop", "bank", "post")
    fake.answers[DEPLOYMENTS.path()] = refused(403, "deployments.apps is forbidden")
    for namespace in ("bank", "post"):
        fake.answers[DEPLOYMENTS.path(namespace)] = refused(403, "forbidden")
    fake.answers[DEPLOYMENTS.path("shop")] = items(DEPLOYMENTS, "web")
    resources, entries = read(cluster(fake))
    assert names(resources) == ["shop", "bank", "post", "web"]
    assert entries["apps/v1 deployments in shop"].resources == 1
    entry = entries["apps/v1 deployments"]
    assert (entry.state, entry.incomplete) == (State.PARTIAL, True)
    missing = "the right to list deployments.apps is missing there"
    assert entry.reason == f"forbidden in 2 of 3 namespaces: bank, post; {missing}"
    assert entry.unseen == Unseen(("c",), ("apps/Deployment",))
    assert entries["traefik.io/v1alpha1 ingressroutes"].state is State.SCANNED


def test_403_everywhere_is_one_entry(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop")
    fake.answers[DEPLOYMENTS.path()] = fake.answers[DEPLOYMENTS.path("shop")] = refused(403, "deployments is forbidden")
    _, entries = read(cluster(fake))
    entry = entries["apps/v1 deployments"]
    assert (entry.state, entry.reason, entry.incomplete) == (
        State.UNREACHABLE,
        "forbidden (HTTP 403: deployments is forbidden); the right to list deployments.apps is missing",
        True,
    )


def test_403_on_namespaces_uses_those_that_are_named(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = fake.answers[DEPLOYMENTS.path()] = refused(403, "forbidden")
    fake.answers[DEPLOYMENTS.path("shop")] = items(DEPLOYMENTS, "web")
    source = LiveCluster("c", fake.access(), TYPES, namespaces=("shop",), pacing=fake.pacing)
    resources, entries = read(source)
    assert names(resources) == ["web"]
    assert entries["v1 namespaces"].state is State.UNREACHABLE
    assert entries["apps/v1 deployments"].reason == "read namespace by namespace (1): forbidden for the whole cluster"


def test_types_of_which_something_is_missing_are_told(fake: FakeCluster) -> None:
    fake.discovers([NAMESPACES, DEPLOYMENTS, ROUTES], stale=[("metrics.k8s.io", "v1beta1")])
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "a", token="t"), refused(500)]
    source = cluster(fake, types=(*TYPES, "metrics.k8s.io/PodMetrics", "absent.io/Thing"))
    assert source.unseen_types() == frozenset()
    list(source.pages())
    assert source.unseen_types() == {"apps/Deployment", "metrics.k8s.io/PodMetrics"}
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop", "bank")
    fake.answers[DEPLOYMENTS.path()] = fake.answers[DEPLOYMENTS.path("bank")] = refused(403)
    fake.answers[DEPLOYMENTS.path("shop")] = items(DEPLOYMENTS)
    fake.answers[ROUTES.path()] = refused(401)
    source = cluster(fake)
    list(source.pages())
    assert source.unseen_types() == {"apps/Deployment", "traefik.io/IngressRoute"}
    fake.answers["/apis"] = refused(403)
    source = cluster(fake)
    list(source.pages())
    assert source.unseen_types() == set(TYPES)
    source = LiveCluster("c", Access("no such context", fake.access().kubeconfig), TYPES)
    list(source.pages())
    assert source.unseen_types() == set(TYPES)


def test_404_is_a_kind_that_is_gone(fake: FakeCluster) -> None:
    fake.answers[ROUTES.path()] = refused(404, "the server could not find the requested resource")
    _, entries = read(cluster(fake))
    entry = entries["traefik.io/v1alpha1 ingressroutes"]
    assert (entry.state, entry.incomplete) == (State.UNREACHABLE, True)
    assert entry.reason.startswith("gone: the server does not serve this kind any more (HTTP 404: ")


def test_410_goes_on_with_the_token_of_the_answer(fake: FakeCluster) -> None:
    def expiring(asked: Asked) -> Answer:
        return {
            "": items(DEPLOYMENTS, "a", token="old"),
            "old": refused(410, "The provided continue parameter is too old", token="new"),
            "new": items(DEPLOYMENTS, "b"),
        }[asked.query.get("continue", "")]

    fake.answers[DEPLOYMENTS.path()] = expiring
    resources, entries = read(cluster(fake))
    assert names(resources) == ["a", "b"]
    entry = entries["apps/v1 deployments, page 2"]
    assert entry.state is State.SCANNED
    assert not entry.incomplete
    assert "a later moment" in entry.reason


@pytest.mark.parametrize("token", ["", "old"])
def test_410_without_a_place_to_go_on_keeps_what_was_read(fake: FakeCluster, token: str) -> None:
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "a", token="old"), refused(410, "too old", token=token)]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["a"]
    entry = entries["apps/v1 deployments, page 2"]
    assert (entry.state, entry.incomplete) == (State.PARTIAL, True)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(fake: FakeCluster, status: int) -> None:
    busy = [
        refused(status, "too busy", Retry_After="7"),
        refused(status, "too busy", Retry_After="3600"),
        refused(status, "x"),
    ]
    fake.answers[DEPLOYMENTS.path()] = [*busy, items(DEPLOYMENTS, "web")]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["web"]
    assert not any(entry.incomplete for entry in entries.values())
    assert fake.waited == [7.0, 30.0, 2.0]


@pytest.mark.parametrize(
    ("status", "said"), [(429, "throttled: the server"), (503, "unavailable: the API service"), (500, "cannot list")]
)
def test_a_server_that_stays_busy_is_let_go(fake: FakeCluster, status: int, said: str) -> None:
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "a", token="t"), refused(status, "too busy")]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["a"]
    entry = entries["apps/v1 deployments, page 2"]
    assert (entry.state, entry.incomplete) == (State.PARTIAL, True)
    assert entry.reason.startswith(said)
    assert fake.waited == [0.5, 1.0, 2.0]
    assert entries["traefik.io/v1alpha1 ingressroutes"].state is State.SCANNED


def test_waits_are_spread() -> None:
    waited: list[float] = []
    pacing = client_module.Pacing(sleep=waited.append, jitter=lambda: 1.0)
    pacing.wait(1, 8.0)
    pacing.wait(3, None)
    assert waited == [10.0, 2.5]


def test_a_group_whose_server_is_down_costs_that_group(fake: FakeCluster) -> None:
    metrics = ("metrics.k8s.io", "v1beta1")
    fake.discovers([NAMESPACES, DEPLOYMENTS, ROUTES], stale=[metrics])
    for types, incomplete in ((TYPES, False), ((*TYPES, "metrics.k8s.io/PodMetrics"), True)):
        _, entries = read(cluster(fake, types=types))
        entry = entries["metrics.k8s.io"]
        assert (entry.state, entry.incomplete) == (State.UNREACHABLE, incomplete)
        assert entry.reason.startswith("the API service of metrics.k8s.io/v1beta1 does not answer the API server")
        assert [name for name, entry in entries.items() if entry.incomplete] == ["metrics.k8s.io"] * incomplete


def test_a_list_that_is_cut_is_asked_for_again_and_then_partial(fake: FakeCluster) -> None:
    whole = items(DEPLOYMENTS, "b")
    cut = whole._replace(body=whole.body[:20], length=len(whole.body))
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "a", token="t"), cut, whole]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["a", "b"]
    assert not any(entry.incomplete for entry in entries.values())
    fake.answers[DEPLOYMENTS.path()] = [items(DEPLOYMENTS, "a", token="t"), cut]
    resources, entries = read(cluster(fake))
    assert names(resources) == ["a"]
    entry = entries["apps/v1 deployments, page 2"]
    assert (entry.state, entry.incomplete) == (State.PARTIAL, True)
    assert "no answer" in entry.reason


def test_a_cluster_that_is_deleted_meanwhile_is_not_waited_for_kind_by_kind(fake: FakeCluster) -> None:
    fake.answers[NAMESPACES.path()] = items(NAMESPACES, "shop")
    fake.answers[DEPLOYMENTS.path()] = items(DEPLOYMENTS, "web", token="t")
    source = cluster(fake)
    pages = source.pages()
    read_names = [resource.name for _ in range(2) for resource in next(pages).read().resources]
    fake.server.shutdown()
    fake.server.server_close()
    fake.server.socket.close()
    source._client._session.pool.clear()  # type: ignore[union-attr]  # the kept connection is cut, too
    assert list(pages) == []
    assert read_names == ["shop", "web"]
    entries = {entry.input: entry for entry in source.entries()}
    assert entries["cluster c"].reason.startswith("cannot go on: the server does not answer any more (no answer: ")
    assert entries["cluster c: apps/v1 deployments, page 2"].state is State.PARTIAL
    assert entries["cluster c: traefik.io/v1alpha1 ingressroutes, the rest"].incomplete
    assert len(fake.waited) == 6


# --- what is no API server, and what leads nowhere


@pytest.mark.parametrize("answer", [Answer(200, b"<html>log in</html>"), Answer(200, b"[]"), Answer(200, b'"x"')])
def test_what_is_no_api_server_is_said(fake: FakeCluster, answer: Answer) -> None:
    fake.answers[DEPLOYMENTS.path()] = answer
    _, entries = read(cluster(fake))
    entry = entries["apps/v1 deployments"]
    assert entry.incomplete
    assert "this is not the API server" in entry.reason
    fake.answers["/api"] = answer
    resources, entries = read(cluster(fake))
    assert resources == []


def test_redirects_are_not_followed(fake: FakeCluster) -> None:
    fake.answers[DEPLOYMENTS.path()] = Answer(302, b"", (("Location", f"{fake.url}/elsewhere"),))
    _, entries = read(cluster(fake))
    assert entries["apps/v1 deployments"].reason == "cannot list (HTTP 302: it sends elsewhere, which is not followed)"
    assert "/elsewhere" not in fake.paths()


def test_an_answer_without_end_is_not_read_into_memory(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MAX_ANSWER_BYTES", 1 << 20)
    fake.answers[DEPLOYMENTS.path()] = Answer(200, b" " * (3 << 20))
    _, entries = read(cluster(fake))
    assert entries["apps/v1 deployments"].reason == "cannot list (the answer is larger than 1 MiB)"


def test_a_silent_server_is_given_up(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fake.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(client_module._ask, "__defaults__", (None, client_module.JSON, 0.05, None))
        resources, entries = read(cluster(fake))
    assert resources == []
    (entry,) = (entry for entry in entries.values() if entry.incomplete)
    assert (entry.input, entry.state) == ("cluster c", State.UNREACHABLE)
    assert "read timed out" in entry.reason.lower()


def test_compressed_answers_are_understood(fake: FakeCluster) -> None:
    plain = items(DEPLOYMENTS, "web")
    fake.answers[DEPLOYMENTS.path()] = Answer(200, gzip.compress(plain.body), (("Content-Encoding", "gzip"),))
    resources, _ = read(cluster(fake))
    assert names(resources) == ["web"]


def test_servers_without_aggregated_discovery(fake: FakeCluster) -> None:
    verbs = ["get", "list"]
    old = Kind("apps", "v1beta1", "deployments", "Deployment")
    fake.answers.update(
        {
            "/api": told({"kind": "APIVersions", "versions": ["v1"]}),
            "/api/v1": told(
                {"resources": [{"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": verbs}]}
            ),
            "/apis": told(
                {
                    "kind": "APIGroupList",
                    "groups": [
                        {
                            "name": "apps",
                            "versions": [{"version": "v1beta1"}, {"version": "v1"}],
                            "preferredVersion": {"version": "v1"},
                        },
                        {"name": "traefik.io", "versions": [{"version": "v1alpha1"}]},
                        {"name": "metrics.k8s.io", "versions": [{"version": "v1beta1"}]},
                    ],
                }
            ),
            "/apis/apps/v1": told(
                {
                    "resources": [
                        {"name": "deployments", "kind": "Deployment", "namespaced": True, "verbs": verbs},
                        {"name": "deployments/scale", "kind": "Scale", "namespaced": True, "verbs": verbs},
                        {"name": "reviews", "kind": "Review", "namespaced": True, "verbs": ["create"]},
                    ]
                }
            ),
            "/apis/apps/v1beta1": told(
                {"resources": [{"name": old.plural, "kind": old.kind, "namespaced": True, "verbs": verbs}]}
            ),
            "/apis/traefik.io/v1alpha1": refused(503, "service unavailable"),
            DEPLOYMENTS.path(): items(DEPLOYMENTS, "web"),
        }
    )
    resources, entries = read(cluster(fake))
    assert names(resources) == ["web"]
    assert old.path() not in fake.paths()
    assert "/apis/metrics.k8s.io/v1beta1" not in fake.paths()
    entry = entries["traefik.io"]
    assert (entry.state, entry.incomplete) == (State.UNREACHABLE, True)
    assert "HTTP 503: service unavailable" in entry.reason


def test_nobody_hides_others_behind_an_object_that_cannot_be_read(fake: FakeCluster) -> None:
    for kind in (DEPLOYMENTS, ROUTES):
        page = items(kind, "a", "DEEP", "b")
        deep = b'{"deep":' * 3000 + b"1" + b"}" * 3000
        fake.answers[kind.path()] = page._replace(body=page.body.replace(b'"DEEP"', b'"deep","spec":' + deep))
    resources, entries = read(cluster(fake))
    assert [resource.key for resource in resources] == [
        f"c/{type_}/shop/{name}" for type_ in TYPES[:2] for name in ("a", "b")
    ]
    for kind in ("apps/v1 deployments", "traefik.io/v1alpha1 ingressroutes"):
        assert (entries[kind].state, entries[kind].incomplete) == (State.PARTIAL, True)
        assert entries[kind].reason.startswith("items[1]: it is no JSON, or nested too deeply: ")


def test_secrets_are_asked_for_without_their_values(fake: FakeCluster) -> None:
    secrets = Kind("", "v1", "secrets", "Secret")
    fake.discovers([NAMESPACES, secrets])
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": "canary", "owner": "team"}
    metadata = {"name": "s", "namespace": "shop", "annotations": annotations, "managedFields": ["canary"]}
    careless = {"metadata": metadata, "data": {"password": "canary"}, "stringData": {"token": "canary"}}
    fake.answers[secrets.path()] = told({"kind": "PartialObjectMetadataList", "metadata": {}, "items": [careless]})
    source = cluster(fake, types=("core/Secret",))
    *_, page = source.pages()
    assert b"canary" not in pickle.dumps(page)
    (secret,) = page.read().resources
    assert secret.attributes["metadata"]["annotations"]["owner"] == "team"
    assert set(secret.unknowns) >= {("data",), ("type",)}
    accept = next(one.headers["Accept"] for one in fake.asked if one.path == secrets.path())
    assert accept == "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    for body in (
        b'{"metadata":{},"items":[{]',
        b'{"metadata":{},"items":[7]}',
        b'{"metadata":{},"items":[{"metadata":[7]}]}',
    ):
        fake.answers[secrets.path()] = Answer(200, body)
        _, entries = read(cluster(fake, types=("core/Secret",)))
        assert (entries["v1 secrets"].state, entries["v1 secrets"].incomplete) == (State.UNPARSED, True)
