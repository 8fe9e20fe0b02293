"""What the API server is asked of declarations, and what becomes of answers that are none."""

import json
from dataclasses import replace
from typing import Any

import pytest

from scanner.model.ledger import State
from scanner.model.location import Origin
from scanner.model.resource import Resource
from scanner.model.unknown import Unknown
from scanner.sources.cluster.dry_run import DryRuns, Predicted
from tests.sources.cluster.fake_cluster import Answer, Asked, FakeCluster, refused, told

WEB = "/apis/apps/v1/namespaces/shop/deployments/web"


def deployment(name: str = "web", version: str = "", **spec: Any) -> Resource:
    metadata = {"name": name, "namespace": "shop", **({"resourceVersion": version} if version else {})}
    attributes = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    type_ = "apps/Deployment"
    return Resource(f"c/{type_}/shop/{name}", type_, attributes, Origin("manifest", "a.yaml"), "c", "shop", name)


def runs(fake: FakeCluster) -> DryRuns:
    return DryRuns("c", fake.access(), fake.pacing)


def patched(fake: FakeCluster) -> list[Asked]:
    return [one for one in fake.asked if one.method == "PATCH"]


def test_an_answer_of_the_moment_of_the_list_is_taken(fake: FakeCluster) -> None:
    live = deployment(version="7", replicas=5)
    fake.answers[WEB] = told(deployment(version="7", replicas=2).attributes)
    dry = runs(fake)
    found = dry.predict(deployment(replicas=2), live, "helm")
    assert found == Predicted(deployment(version="7", replicas=2).attributes, live.attributes)
    assert [one.query["fieldManager"] for one in patched(fake)] == ["helm"]
    (entry,) = dry.entries()
    assert (entry.input, entry.reason) == ("cluster c: dry runs", "1 object asked about; none changed")


def test_what_was_written_since_the_list_is_read_again(fake: FakeCluster) -> None:
    new = deployment(version="8", replicas=6).attributes
    fake.answers[WEB] = lambda one: told(
        deployment(version="8", replicas=2).attributes if one.method == "PATCH" else new
    )
    found = runs(fake).predict(deployment(replicas=2), deployment(version="7", replicas=5), "helm")
    assert found is not None
    assert found.live == new
    assert [one.method for one in fake.asked if one.path == WEB] == ["PATCH", "GET"]


def test_another_version_of_the_api_is_read_as_it_is_declared(fake: FakeCluster) -> None:
    listed = deployment(version="7")
    live = Resource(listed.key, listed.type, {**listed.attributes, "apiVersion": "apps/v2"}, listed.origin)
    fake.answers[WEB] = told(deployment(version="7", replicas=5).attributes)
    found = runs(fake).predict(deployment(replicas=2), live, "helm")
    assert found is not None
    assert found.live["apiVersion"] == "apps/v1"


def test_what_never_holds_still_is_not_waited_for(fake: FakeCluster) -> None:
    moments = iter(range(8, 99))
    fake.answers[WEB] = lambda _: told(deployment(version=str(next(moments))).attributes)
    dry = runs(fake)
    assert dry.predict(deployment(), deployment(version="7"), "helm") is None
    assert [one.reason for one in dry.entries()] == [
        "no dry run, the comparison is approximate: it is written to faster than it can be read: Deployment shop/web"
    ]


def test_an_answer_that_does_not_say_of_which_moment_it_is_counts_for_nothing(fake: FakeCluster) -> None:
    fake.answers[WEB] = told(deployment(replicas=2).attributes)
    assert runs(fake).predict(deployment(replicas=2), deployment(replicas=5), "helm") is None


def test_only_what_is_declared_is_sent(fake: FakeCluster) -> None:
    sent: list[bytes] = []
    declared = deployment(version="3", replicas=2)
    declared.attributes["metadata"].update(uid="u", managedFields=[], labels={"a": "b"})  # type: ignore[index]
    declared.attributes["status"] = {"replicas": 1}  # type: ignore[index]
    dry = runs(fake)
    fake.answers[WEB] = told(deployment(version="7").attributes)
    dry.predict(deployment(), deployment(version="7"), "helm")
    assert dry._client is not None
    dry._client.dry_run = lambda path, manager, body: sent.append(body)  # type: ignore[assignment,method-assign,func-returns-value]
    dry.predict(declared, deployment(version="7"), "helm")
    body = json.loads(sent[0])
    assert body["metadata"] == {"name": "web", "namespace": "shop", "labels": {"a": "b"}}
    assert body.keys() == {"apiVersion", "kind", "metadata", "spec"}


MAY_NOT = 'deployments.apps "web" is forbidden: User "ci" cannot patch resource "deployments" in API group "apps"'
DENIED = 'admission webhook "validate.kyverno.svc" denied the request: no limits'
SIDE_EFFECTS = "admission webhook x.example.net does not support dry run"


@pytest.mark.parametrize(
    ("answer", "said", "asked"),
    [
        (refused(400, SIDE_EFFECTS), f"has side effects (HTTP 400: {SIDE_EFFECTS})", 2),
        (refused(403, MAY_NOT), f"forbidden: it needs the verb patch (HTTP 403: {MAY_NOT})", 1),
        (refused(403, DENIED), f"admission refuses it as it is declared (HTTP 403: {DENIED})", 2),
        (refused(404, "no"), "does not serve its kind in the declared version (HTTP 404: no)", 2),
        (refused(405, "no"), "does not take patches of its kind (HTTP 405: no)", 1),
        (refused(409, "no"), "in conflict with what is there (HTTP 409: no)", 2),
        (refused(415, "no"), "has no server-side apply for its kind (HTTP 415: no)", 1),
        (refused(422, 'spec.a: Invalid value: "canary": no'), "as it is declared (HTTP 422: spec.a)", 2),
        (refused(500, ".a: expected string, got canary"), "(HTTP 500: .a: expected string)", 2),
        (refused(401, "no"), "the server refuses the credentials (HTTP 401: no)", 2),
        (Answer(200, b"<html>"), "(the answer is no JSON: this is not the API server)", 2),
    ],
)
def test_what_the_server_does_not_answer_is_told_and_asked_no_more_than_helps(
    fake: FakeCluster, answer: Answer, said: str, asked: int
) -> None:
    fake.answers[WEB] = fake.answers[WEB.replace("web", "other")] = answer
    dry = runs(fake)
    for name in ("web", "other"):
        assert dry.predict(deployment(name), deployment(name, version="7"), "helm") is None
    (entry,) = dry.entries()
    assert entry.state is State.PARTIAL
    assert not entry.incomplete
    assert entry.reason.startswith("no dry run, the comparison is approximate: ")
    assert entry.reason.endswith(f"{said}: Deployment shop/web, Deployment shop/other")
    assert "canary" not in entry.reason
    assert len(patched(fake)) == asked


def test_a_server_that_is_gone_is_asked_once(fake: FakeCluster) -> None:
    dry = runs(fake)
    fake.answers["/api"] = fake.answers["/apis"] = refused(500, "no")
    for name in ("web", "other"):
        assert dry.predict(deployment(name), deployment(name, version="7"), "helm") is None
    (entry,) = dry.entries()
    assert "the server does not say what it serves (HTTP 500: no): Deployment shop/web, Deployment" in entry.reason
    assert patched(fake) == []


def test_what_an_older_server_serves_is_asked_group_by_group(fake: FakeCluster) -> None:
    fake.answers["/api"] = told({"kind": "APIVersions", "versions": ["v1"]})
    groups = [{"name": name, "versions": [{"version": "v1"}]} for name in ("apps", "batch")]
    fake.answers["/apis"] = told({"kind": "APIGroupList", "groups": groups})
    fake.answers["/api/v1"] = told({"resources": []})
    for group, plural, kind in (("apps", "deployments", "Deployment"), ("batch", "jobs", "Job")):
        served = {"name": plural, "kind": kind, "namespaced": True, "verbs": ["list"]}
        fake.answers[f"/apis/{group}/v1"] = told({"resources": [served]})
    fake.answers[WEB] = told(deployment(version="7").attributes)
    job = deployment("one", "7")
    job = replace(job, type="batch/Job", attributes={**job.attributes, "apiVersion": "batch/v1", "kind": "Job"})
    fake.answers["/apis/batch/v1/namespaces/shop/jobs/one"] = told(job.attributes)
    dry = runs(fake)
    for one in (deployment(version="7"), job, deployment(version="7")):
        assert dry.predict(one, one, "helm") is not None
    assert fake.paths().count("/apis") == 2


def test_secrets_and_what_is_not_known_are_never_sent(fake: FakeCluster) -> None:
    dry = runs(fake)
    secret = Resource(
        "c/core/Secret/shop/key", "core/Secret", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}},
        Origin("manifest", "a.yaml"), "c", "shop", "key",
    )  # fmt: skip
    assert dry.predict(secret, secret, "helm") is None
    assert dry.predict(deployment(replicas=Unknown("no value")), deployment(version="7"), "helm") is None
    assert [one.reason.partition("approximate: ")[2] for one in dry.entries()] == [
        "its declaration holds values that are not known: Deployment shop/web",
        "values of Secrets are not read, so that there is nothing to send: Secret shop/key",
    ]
    assert fake.asked == []
