"""What is known of a cluster has an age, which is bounded: beyond it a lookup goes live, or is missing."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.engine.projection import Projection
from scanner.engine.selection import ALWAYS
from scanner.estate import load_estate
from scanner.points.admission import cluster_context
from scanner.points.admission.cluster_context import ClusterContext
from scanner.points.admission.following import Follower, Heard, kind_of
from scanner.sources.cluster.answers import ApiError
from tests.conftest import ROOT

NAMESPACE, INGRESS = "core/Namespace", "networking.k8s.io/Ingress"
TYPES = (INGRESS, NAMESPACE)
OWN = "erp.example.net"


def namespace(name: str, **labels: str) -> dict[str, Any]:
    found = {f"{OWN}/{key}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": found}}


class Client:
    """An API server that answers from a table, or not at all."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.slow = threading.Event()
        self.slow.set()

    def json(self, path: str, *_: object) -> Any:
        self.asked.append(path)
        self.slow.wait(10)
        found = self.answers.get(path, ApiError(404, "not found"))
        if isinstance(found, ApiError):
            raise found
        return found


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(cluster_context, "time", found)
    return found


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def follower(client: Client) -> Follower:
    kept = {type_: Projection(type_, (*ALWAYS, ("spec",))) for type_ in TYPES}
    return Follower(client, "aks-prd-weu-01", kept)  # type: ignore[arg-type]


@pytest.fixture
def context(client: Client, follower: Follower, clock: Clock) -> Iterator[ClusterContext]:
    estate = load_estate(str(ROOT / "scanner" / "points" / "proof_estate.yaml"))
    found = ClusterContext(client, follower, TYPES, estate, 120)  # type: ignore[arg-type]
    yield found
    client.slow.set()
    found.stop()


def listed(follower: Follower, type_: str, *objects: dict[str, Any], at: float) -> None:
    put = tuple(found for value in objects if (found := follower.resource(type_, value)) is not None)
    follower.tell(Heard(type_, at, put, replaces=True))


def test_it_is_ready_when_every_type_was_read(context: ClusterContext, follower: Follower, clock: Clock) -> None:
    assert context.why_not_ready() == f"not read yet: {NAMESPACE}, {INGRESS}"
    assert set(context.moment("").missing) == set(TYPES)
    listed(follower, NAMESPACE, at=clock.now)
    assert context.why_not_ready() == f"not read yet: {INGRESS}"
    listed(follower, INGRESS, at=clock.now)
    assert context.why_not_ready() == ""
    assert context.moment("").missing == {}


def test_what_may_not_be_read_is_missing_and_no_reason_to_wait(context: ClusterContext, follower: Follower) -> None:
    listed(follower, NAMESPACE, at=1000.0)
    follower.tell(Heard(INGRESS, 1000.0, lost="forbidden (no permission)", is_refused=True))
    assert context.why_not_ready() == ""
    assert context.moment("").missing == {INGRESS: "forbidden (no permission)"}
    assert context.wanted(TYPES, "") == (), "asking again does not help"


def test_age_is_counted_from_the_last_thing_that_was_heard(
    context: ClusterContext, follower: Follower, clock: Clock
) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=clock.now)
    clock.now += 100
    follower.tell(Heard(NAMESPACE, clock.now))  # a bookmark
    clock.now += 60
    assert context.ages_s() == {NAMESPACE: 60.0, INGRESS: 160.0}
    assert context.moment("").missing == {INGRESS: "what is known of it is 160 s old: nothing was heard since"}
    assert context.wanted((INGRESS,), "") == (INGRESS,)
    follower.tell(Heard(INGRESS, clock.now, lost="connection refused"))
    assert "160 s old: connection refused" in context.moment("").missing[INGRESS]


def test_within_the_bound_what_was_lost_is_still_trusted(context: ClusterContext, follower: Follower) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=1000.0)
    follower.tell(Heard(INGRESS, 1000.0, lost="connection refused"))
    assert context.moment("").missing == {}


def test_a_namespace_that_is_not_known_is_asked_for(
    context: ClusterContext, follower: Follower, client: Client, clock: Clock
) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=clock.now)
    assert context.wanted((INGRESS, NAMESPACE), "new") == (NAMESPACE,)
    client.answers["/api/v1/namespaces/new"] = namespace("new", tenant="t01")
    assert context.fetch((NAMESPACE,), "new", 5.0) == "read"
    moment = context.moment("new")
    assert moment.missing == {}
    found = moment.inventory.namespace("aks-prd-weu-01", "new")
    assert found is not None
    assert found.tenancy.tenant == "t01"
    assert context.wanted((NAMESPACE,), "new") == ()


def test_one_that_is_not_there_is_a_fact_for_a_moment(
    context: ClusterContext, follower: Follower, clock: Clock
) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=clock.now)
    assert context.fetch((NAMESPACE,), "gone", 5.0) == "read"
    assert context.moment("gone").missing == {}
    clock.now += 10
    assert context.wanted((NAMESPACE,), "gone") == (NAMESPACE,)


@pytest.mark.parametrize("slow", [False, True])
def test_where_nobody_answers_it_is_missing(
    context: ClusterContext, follower: Follower, client: Client, clock: Clock, slow: bool
) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=clock.now)
    client.answers["/api/v1/namespaces/new"] = ApiError(0, "connection refused")
    if slow:
        client.slow.clear()
    assert context.fetch((NAMESPACE,), "new", 0.1) == "failed"
    reason = context.moment("new").missing[NAMESPACE]
    assert reason.startswith("namespace 'new': ")
    assert reason.endswith("was not asked for in time" if slow else "connection refused")


def test_many_reviews_that_want_the_same_ask_once(context: ClusterContext, follower: Follower, client: Client) -> None:
    for type_ in TYPES:
        listed(follower, type_, at=1000.0)
    context.moment("")
    client.slow.clear()
    client.answers["/api/v1/namespaces/new"] = namespace("new")
    threads = [threading.Thread(target=context.fetch, args=((NAMESPACE,), "new", 5.0)) for _ in range(20)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    client.slow.set()
    for thread in threads:
        thread.join()
    assert client.asked == ["/api/v1/namespaces/new"]


def test_events_change_what_is_known(context: ClusterContext, follower: Follower, clock: Clock) -> None:
    listed(follower, NAMESPACE, namespace("a"), namespace("b"), at=clock.now)
    first = context.moment("").inventory
    assert [found.name for found in first.of_type(NAMESPACE)] == ["a", "b"]
    resource = follower.resource(NAMESPACE, namespace("c"))
    assert resource is not None
    follower.tell(Heard(NAMESPACE, clock.now, put=(resource,)))
    follower.tell(Heard(NAMESPACE, clock.now, discard=("aks-prd-weu-01/core/Namespace/-/a",)))
    assert [found.name for found in context.moment("").inventory.of_type(NAMESPACE)] == ["b", "c"]
    listed(follower, NAMESPACE, namespace("z"), at=clock.now)
    assert [found.name for found in context.moment("").inventory.of_type(NAMESPACE)] == ["z"]


def test_one_object_says_nothing_of_the_age_of_the_others(
    context: ClusterContext, follower: Follower, clock: Clock
) -> None:
    listed(follower, NAMESPACE, at=clock.now)
    clock.now += 100
    resource = follower.resource(NAMESPACE, namespace("new"))
    assert resource is not None
    follower.tell(Heard(NAMESPACE, clock.now, (resource,), is_single=True))
    assert context.ages_s()[NAMESPACE] == 100.0


def test_names_that_requests_choose_do_not_fill_the_memory(
    context: ClusterContext, follower: Follower, clock: Clock
) -> None:
    listed(follower, NAMESPACE, at=clock.now)
    for number in range(1500):
        context.fetch((NAMESPACE,), f"n{number}", 5.0)
    assert len(context._absent) <= 1000
    assert len(context._under_way) <= 1000


def test_a_kind_is_served_in_the_version_that_the_cluster_prefers(client: Client) -> None:
    client.answers["/apis/networking.k8s.io"] = {"preferredVersion": {"version": "v1"}}
    client.answers["/apis/networking.k8s.io/v1"] = {
        "resources": [
            {"name": "ingresses/status", "kind": "Ingress", "namespaced": True, "verbs": ["get"]},
            {"name": "ingresses", "kind": "Ingress", "namespaced": True, "verbs": ["get", "list", "watch"]},
        ]
    }
    kind = kind_of(client, INGRESS)  # type: ignore[arg-type]
    assert kind is not None
    assert kind.path() == "/apis/networking.k8s.io/v1/ingresses"
    assert kind_of(client, "traefik.io/IngressRoute") is None, "not installed"  # type: ignore[arg-type]
    client.answers["/apis/traefik.io"] = ApiError(503, "busy")
    with pytest.raises(ApiError):
        kind_of(client, "traefik.io/IngressRoute")  # type: ignore[arg-type]
