"""Reads leave this process, and nothing else does."""

from typing import Any

import pytest

from scanner.sources.cluster.answers import ApiError, refusal, unanswered
from scanner.sources.cluster.client import ClusterClient
from scanner.sources.cluster.read_only import ACCESS_REVIEW, WriteRefusedError
from tests.sources.cluster.fake_cluster import FakeCluster, refused, told


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_writes_are_refused_at_the_connection(fake: FakeCluster, method: str) -> None:
    client = ClusterClient(fake.access())
    pool = client._session.pool
    with pytest.raises(WriteRefusedError, match=f"refused to send {method} "):
        pool.request(method, f"{fake.url}/api/v1/pods", headers={})
    with pytest.raises(WriteRefusedError):
        pool.connection_from_url(fake.url).urlopen(method, "/api/v1/namespaces/x/pods/y/eviction")
    assert fake.asked == []


OBJECT = "/apis/apps/v1/namespaces/shop/deployments/web"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_client_of_dry_runs_refuses_all_else(fake: FakeCluster, method: str) -> None:
    pool = ClusterClient(fake.access(), dry_runs=True)._session.pool
    with pytest.raises(WriteRefusedError):
        pool.request(method, f"{fake.url}{OBJECT}?dryRun=All", headers={})
    assert fake.asked == []


@pytest.mark.parametrize(
    "target",
    [
        OBJECT,
        f"{OBJECT}?force=true",
        f"{OBJECT}?dryRun=",
        f"{OBJECT}?dryRun=all",
        f"{OBJECT}?dryRun=All&dryRun=None",
        f"{OBJECT}?dryRun=All;fieldManager=x",
        f"{OBJECT}?fieldManager=dryRun=All",
        f"{OBJECT}/scale?dryRun=All",
        f"{OBJECT}%2fscale?dryRun=All",
        "/apis/apps/v1/namespaces/shop/deployments?dryRun=All",
        "/api/v1/namespaces/shop/services/web/proxy/api/v1/pods/x?dryRun=All",
        "/api/v1/nodes/one/proxy?dryRun=All",
        "/anything?dryRun=All",
    ],
)
def test_a_patch_that_is_no_dry_run_of_one_object_is_refused(fake: FakeCluster, target: str) -> None:
    pool = ClusterClient(fake.access(), dry_runs=True)._session.pool
    with pytest.raises(WriteRefusedError, match="refused to send PATCH "):
        pool.connection_from_url(fake.url).urlopen("PATCH", target)
    assert fake.asked == []


def test_a_dry_run_is_one_and_says_who_would_apply(fake: FakeCluster) -> None:
    fake.answers[OBJECT] = told({"kind": "Deployment"})
    client = ClusterClient(fake.access(), dry_runs=True)
    assert client.dry_run(OBJECT, "kustomize-controller", b"{}") == {"kind": "Deployment"}
    (asked,) = fake.asked
    assert asked.method == "PATCH"
    assert asked.query == {"dryRun": "All", "fieldManager": "kustomize-controller", "force": "true"}
    assert asked.headers["Content-Type"] == "application/apply-patch+yaml"
    with pytest.raises(WriteRefusedError):
        ClusterClient(fake.access()).dry_run(OBJECT, "kustomize-controller", b"{}")


def test_writes_are_refused_to_the_typed_client_too(fake: FakeCluster) -> None:
    from kubernetes.client import ApiClient, CoreV1Api

    client = ClusterClient(fake.access())
    api = ApiClient(client._session.configuration)
    api.rest_client.pool_manager = client._session.pool
    with pytest.raises(WriteRefusedError):
        CoreV1Api(api).delete_namespace("shop")
    assert fake.asked == []


def test_what_one_may_do_can_be_asked(fake: FakeCluster) -> None:
    fake.answers[ACCESS_REVIEW] = told({"status": {"allowed": True}}, 201)
    client = ClusterClient(fake.access())
    assert client.may("list", "apps", "deployments")
    fake.answers[ACCESS_REVIEW] = told({"status": {"allowed": False}}, 201)
    assert not client.may("list", "apps", "deployments", "shop")
    assert [(one.method, one.path) for one in fake.asked] == [("POST", ACCESS_REVIEW)] * 2


def test_paths_lead_to_the_server_of_the_kubeconfig_only(fake: FakeCluster) -> None:
    client = ClusterClient(fake.access())
    with pytest.raises(ValueError, match="no path of an API server"):
        client.get("@elsewhere.example/api")
    assert fake.asked == []


def test_a_token_is_read_again_for_every_page(fake: FakeCluster) -> None:
    client = ClusterClient(fake.access())
    client.get("/version")
    client._session.configuration.refresh_api_key_hook = lambda it: it.api_key.update(BearerToken="Bearer t2")
    client.get("/version")
    assert [one.headers["Authorization"] for one in fake.asked] == ["Bearer t1", "Bearer t2"]


def test_credentials_that_cannot_be_renewed_are_refused(fake: FakeCluster) -> None:
    client = ClusterClient(fake.access())
    fake.answers["/version"] = refused(401)
    (fake.folder / "kubeconfig").unlink()
    with pytest.raises(ApiError, match="cannot find a kubeconfig") as raised:
        client.get("/version")
    assert raised.value.status == 401


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason", "retry_after"),
    [
        (500, {}, b"<html>", "HTTP 500", None),
        (403, {}, b'{"kind": "Status", "message": "a\\nb"}', "HTTP 403: a b", None),
        (403, {}, b'{"kind": "Secret", "message": "canary"}', "HTTP 403", None),
        (429, {"Retry-After": "12"}, b"", "HTTP 429", 12.0),
        (503, {"Retry-After": "Tue, 01 Jan 2019 00:00:00 GMT"}, b"[[[", "HTTP 503", 0.0),
        (503, {"Retry-After": "soon"}, b"", "HTTP 503", None),
        (401, {"Date": "nonsense"}, b"", "HTTP 401", None),
    ],
)
def test_what_an_answer_says(status: int, headers: dict[str, str], body: bytes, reason: str, retry_after: Any) -> None:
    error = refusal(status, headers, body)
    assert (error.status, error.reason, error.retry_after_s) == (status, reason, retry_after)


def test_a_certificate_of_another_time_names_the_clock() -> None:
    error = unanswered(OSError("certificate verify failed: certificate is not yet valid (_ssl.c:1006)"))
    assert error.reason.endswith("; compare this machine's clock with the cluster's")
    assert error.is_passing
