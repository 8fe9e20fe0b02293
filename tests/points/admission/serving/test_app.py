"""What the webhook answers to which request, without sockets."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from scanner.points.admission.reviewer import BUDGET_S, Reviewer
from scanner.points.admission.serving.app import MAX_HELD_BYTES, App, budget
from scanner.points.admission.serving.figures import Figures
from scanner.points.admission.serving.journal import Journal
from scanner.points.admission.wire import MAX_BYTES
from tests.points.admission.reviews import PRIVILEGED, body, deployment, review, reviewer

JSON = [(b"content-type", b"application/json")]
GOOD, BAD = body(review(deployment())), body(review(deployment(containers=PRIVILEGED)))

UNFINISHED = {"type": "http.request", "body": b"{", "more_body": True}


@pytest.fixture(scope="module")
def asked() -> Iterator[Reviewer]:
    found = reviewer()
    yield found
    found.close()


class Served:
    """An App, what it wrote, and a way to ask it."""

    def __init__(self, asked: Reviewer, log: str = "findings") -> None:
        self.lines: list[bytes] = []
        self.reason = ""
        figures = Figures({"/validate": asked}, lambda: 1_800_000_000.0)
        self.app = App({"/validate": asked}, figures, Journal(log, self.lines.append), lambda: self.reason)

    def ask(
        self,
        content: bytes | list[Mapping[str, Any]] = b"",
        path: str = "/validate",
        method: str = "POST",
        headers: list[tuple[bytes, bytes]] = JSON,
        query: bytes = b"",
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        messages = [{"type": "http.request", "body": content}] if isinstance(content, bytes) else list(content)
        sent: list[Mapping[str, Any]] = []

        async def receive() -> Mapping[str, Any]:
            if not messages:
                await asyncio.sleep(60)
            return messages.pop(0)

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "path": path, "method": method, "headers": headers, "query_string": query}
        asyncio.run(self.app(scope, receive, send))
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.fixture
def served(asked: Reviewer) -> Served:
    return Served(asked)


def test_02_a_denial_is_http_200(served: Served) -> None:
    code, headers, content = served.ask(BAD, query=b"timeout=3s")
    assert (code, headers[b"content-type"]) == (200, b"application/json")
    assert json.loads(content)["response"]["allowed"] is False


@pytest.mark.parametrize(
    ("request_", "code", "said"),
    [
        ({"content": b"{"}, 400, b"cannot read review: the body is no valid JSON"),
        ({"content": b"{}"}, 400, b"apiVersion is missing"),
        ({"content": GOOD, "method": "PUT"}, 405, b"POST"),
        ({"content": GOOD, "headers": []}, 415, b"application/json"),
        ({"content": GOOD, "path": "/other"}, 404, b"nothing here"),
        ({"path": "/metrics", "method": "POST"}, 405, b"GET"),
        ({"headers": [*JSON, (b"content-length", str(MAX_BYTES + 1).encode())]}, 413, b"16 MiB"),
        ({"content": [{"type": "http.disconnect"}]}, 400, b"broke off"),
        (
            {"content": [{"type": "http.request", "body": b"{", "more_body": True}], "query": b"timeout=200ms"},
            408,
            b"slow",
        ),
    ],
)
def test_whatever_is_no_review_is_refused_and_never_approved(
    served: Served, request_: dict[str, Any], code: int, said: bytes
) -> None:
    found, _, content = served.ask(**request_)
    assert found == code
    assert said in content


def test_a_body_is_not_read_beyond_the_limit(served: Served) -> None:
    chunks = [{"type": "http.request", "body": b" " * (1 << 20), "more_body": True} for _ in range(40)]
    messages = list(chunks)
    code, headers, _ = served.ask(messages)
    assert code == 413
    assert headers[b"connection"] == b"close"


def test_an_internal_error_is_no_approval_and_tells_nothing_of_the_object(
    served: Served, asked: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary-secret")

    monkeypatch.setattr(Reviewer, "decide", broken)
    code, _, content = served.ask(GOOD)
    assert (code, content) == (500, b"internal error")
    assert b"RuntimeError" in served.lines[0]
    assert b"canary" not in b"".join(served.lines)


def test_beyond_what_it_can_do_it_says_so_at_once(served: Served) -> None:
    served.app.figures.in_flight = served.app.max_in_flight
    code, headers, _ = served.ask(GOOD)
    assert (code, headers[b"connection"]) == (503, b"close")


def test_bodies_that_come_slowly_keep_nobody_out(asked: Reviewer) -> None:
    served = Served(asked)

    async def held(number: int) -> list[int]:
        codes: list[int] = []

        async def never() -> Mapping[str, Any]:
            await asyncio.sleep(60)
            raise AssertionError

        async def send(message: Mapping[str, Any]) -> None:
            codes.extend([message["status"]] if "status" in message else [])

        scope = {
            "type": "http",
            "path": "/validate",
            "method": "POST",
            "headers": JSON,
            "query_string": b"timeout=400ms",
        }
        slow = [asyncio.create_task(served.app(scope, never, send)) for _ in range(number)]
        await asyncio.sleep(0)
        whole = [{"type": "http.request", "body": GOOD}]

        async def receive() -> Mapping[str, Any]:
            return whole.pop()

        await served.app(scope, receive, send)
        await asyncio.gather(*slow)
        return codes

    codes = asyncio.run(held(served.app.max_in_flight * 2))
    assert codes[0] == 200
    assert set(codes[1:]) == {408}
    assert served.app.held_bytes == 0


def test_bodies_do_not_fill_the_memory(served: Served) -> None:
    served.app.held_bytes = MAX_HELD_BYTES
    assert served.ask(GOOD)[0] == 503
    assert served.app.held_bytes == MAX_HELD_BYTES, "only its own is given back"


def test_while_it_ends_every_response_closes_its_connection(served: Served) -> None:
    served.app.draining = True
    code, headers, _ = served.ask(GOOD)
    assert (code, headers[b"connection"]) == (200, b"close")


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        (b"timeout=3s", 2.5),
        (b"timeout=10s", 9.5),
        (b"timeout=1m0s", 59.5),
        (b"timeout=1s", 0.5),
        (b"timeout=500ms", 0.25),
        (b"timeout=100ms", 0.1),
        (b"timeout=1.5s", 1.0),
        (b"", None),
        (b"timeout=", None),
        (b"timeout=3", None),
        (b"timeout=3s5", None),
        (b"timeout=\xff", None),
    ],
)
def test_of_the_time_there_is_some_is_left_for_the_way_back(query: bytes, seconds: float | None) -> None:
    assert budget(query) == seconds
    assert BUDGET_S < 3


def test_health_and_readiness(served: Served) -> None:
    assert served.ask(path="/healthz", method="GET")[::2] == (200, b"ok")
    assert served.ask(path="/readyz", method="GET")[::2] == (200, b"ok")
    served.reason = "not read yet: core/Namespace"
    assert served.ask(path="/healthz", method="GET")[0] == 200
    assert served.ask(path="/readyz", method="GET")[::2] == (503, b"not read yet: core/Namespace")


def test_26_metrics_tell_what_was_decided(served: Served) -> None:
    for content in (GOOD, BAD, body(review(None, deployment(), operation="DELETE"))):
        served.ask(content)
    served.ask(b"{")
    invented = {"apiVersion": "made.up/v1", "kind": "Invented", "metadata": {"name": "x"}}
    served.ask(body(review(invented)))
    text = served.ask(path="/metrics", method="GET")[2].decode()
    for line in (
        'bulkhead_webhook_reviews_total{hook="all",operation="CREATE",type="apps/Deployment",decision="allowed"} 1',
        'bulkhead_webhook_reviews_total{hook="all",operation="CREATE",type="apps/Deployment",decision="denied"} 1',
        'bulkhead_webhook_reviews_total{hook="all",operation="DELETE",type="apps/Deployment",decision="passed"} 1',
        'bulkhead_webhook_reviews_total{hook="all",operation="CREATE",type="other",decision="allowed"} 1',
        'bulkhead_webhook_review_seconds_bucket{hook="all",le="10"} 4',
        'bulkhead_webhook_review_seconds_bucket{hook="all",le="+Inf"} 4',
        'bulkhead_webhook_review_seconds_count{hook="all"} 4',
        'bulkhead_webhook_findings_total{rule="ISO-029",action="deny"} 1',
        'bulkhead_webhook_responses_total{code="200"} 4',
        'bulkhead_webhook_responses_total{code="400"} 1',
        "bulkhead_webhook_in_flight 0",
        "bulkhead_webhook_certificate_expiry_seconds 1800000000",
        "# TYPE bulkhead_webhook_review_seconds histogram",
    ):
        assert line in text.splitlines(), line
    assert 'bulkhead_webhook_pack_info{pack="rego/tenant_isolation",version=' in text


def test_the_log_is_json_with_the_decision_and_no_values(asked: Reviewer) -> None:
    served = Served(asked)
    served.ask(GOOD)
    assert served.lines == [], "nothing to tell"
    bad = deployment(containers=PRIVILEGED)
    bad["metadata"]["annotations"] = {"token": "canary"}
    served.ask(body(review(bad)))
    line = json.loads(served.lines[0])
    assert line["event"] == "decision"
    assert (line["allowed"], line["user"], line["namespace"], line["name"]) == (False, "jane", "shop", "web")
    assert [found["rule"] for found in line["deny"]] == ["ISO-029", "ISO-030"]
    assert b"canary" not in served.lines[0]
    everything = Served(asked, "all")
    everything.ask(GOOD)
    assert json.loads(everything.lines[0])["allowed"] is True
