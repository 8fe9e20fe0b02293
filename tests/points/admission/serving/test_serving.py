"""The webhook as a process: TLS, renewal under load, an end that loses nothing, clients that mean harm."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import bulkhead
from tests.points.admission.reviews import PRIVILEGED, body, deployment, review
from tests.points.admission.serving.pki import authority, write
from tests.points.admission.serving.running import Connection, Load, Webhook, ask_once, load, webhook

pytestmark = pytest.mark.filterwarnings(
    # clients here break off connections in the middle of what they send, and leave them as they are
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)

GOOD, BAD = body(review(deployment())), body(review(deployment(containers=PRIVILEGED)))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webhook]:
    found = webhook(tmp_path_factory.mktemp("webhook"), "--drain", "0.3", "--renew", "0.1")
    yield found
    assert found.end() == 0


def ask(running: Webhook, content: bytes, path: str = "/validate?timeout=5s") -> tuple[int, bytes]:
    return ask_once(running.port, running.tls(), content, path)


def health(running: Webhook, path: str, method: str = "GET") -> tuple[int, bytes]:
    return ask_once(running.health, None, b"", path, method)


def test_reviews_go_over_tls_and_health_does_not_need_it(running: Webhook) -> None:
    code, answer = ask(running, BAD)
    assert (code, json.loads(answer)["response"]["allowed"]) == (200, False)
    assert health(running, "/readyz") == (200, b"ok")
    metrics = health(running, "/metrics")[1]
    assert b"bulkhead_webhook_reviews_total" in metrics
    assert b'bulkhead_webhook_rule_seconds_count{rule="ISO-029"} 1' in metrics, "a first review is timed by rule"
    assert health(running, "/validate", "POST")[0] == 404, "nobody's objects are taken without TLS"


def test_two_hooks_ask_different_rules(running: Webhook) -> None:
    assert json.loads(ask(running, BAD, "/validate/blocking")[1])["response"]["allowed"] is False
    assert json.loads(ask(running, BAD, "/validate/advisory")[1])["response"]["allowed"] is True


def test_a_client_that_the_ca_did_not_sign_may_be_kept_out(tmp_path: Path) -> None:
    clients = authority("clients")
    (tmp_path / "clients.crt").write_bytes(clients.pem)
    found = webhook(tmp_path, "--client-ca", str(tmp_path / "clients.crt"), "--drain", "0")
    try:
        tls = found.tls()
        with pytest.raises((ssl.SSLError, OSError, asyncio.IncompleteReadError)):
            ask_once(found.port, tls, GOOD)
        (tmp_path / "client").mkdir()
        tls.load_cert_chain(*write(tmp_path / "client", clients.leaf(client=True)))
        assert ask_once(found.port, tls, GOOD)[0] == 200
        assert health(found, "/readyz")[0] == 200, "probes need no certificate"
    finally:
        found.end()


@pytest.mark.slow
def test_certificates_are_renewed_under_load_and_no_request_fails(running: Webhook) -> None:
    wanted, renewals = 20_000, 0

    def go_on(found: Load) -> bool:
        nonlocal renewals
        if found.answered // 1500 > renewals:
            renewals += 1
            running.renew(days=30 + renewals)
        return found.answered < wanted

    found = asyncio.run(load(running, GOOD, 8, go_on, renewing=50))
    assert found.failures == []
    assert found.answered >= wanted
    assert found.opened > 200, "new connections were made with the certificate of their moment"
    reloads = [line for line in running.lines if line["event"] == "certificate" and line["outcome"] == "renewed"]
    assert len(reloads) > 5
    ends = ssl.cert_time_to_seconds(_served(running)["notAfter"])
    assert 30 + renewals - 1 < (ends - time.time()) / 86400 < 30 + renewals + 1, "the newest one is served"


def _served(running: Webhook) -> dict[str, str]:
    time.sleep(0.3)
    with (
        socket.create_connection(("127.0.0.1", running.port)) as plain,
        running.tls().wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        return connection.getpeercert()  # type: ignore[return-value]


@pytest.mark.slow
def test_an_end_under_load_loses_no_request(tmp_path: Path) -> None:
    found = webhook(tmp_path, "--drain", "1.5")
    ended = time.monotonic() + 60

    def go_on(made: Load) -> bool:
        nonlocal ended
        if made.answered > 500 and ended > time.monotonic() + 10:
            found.process.terminate()
            ended = time.monotonic() + 1.0  # as a client does whose endpoint is taken away
        return time.monotonic() < ended

    made = asyncio.run(load(found, GOOD, 8, go_on))
    assert made.failures == []
    assert made.answered > 500
    assert made.opened > 8, "responses closed their connections"
    assert found.end() == 0
    assert [line["event"] for line in found.lines][-2:] == ["draining", "ended"]


class Service:
    """What a Service is to the API server: requests go to any of the endpoints that are ready."""

    def __init__(self, endpoints: list[Webhook]) -> None:
        self.endpoints = endpoints
        self.ready = list(endpoints)
        self.made = Load()
        self.over = False

    async def look(self) -> None:
        """Take out who is not ready, as kubelet and endpoint controller do."""
        while not self.over:
            ready = []
            for one in self.endpoints:
                with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                    connection = Connection(one.health, None)
                    if (await connection.ask(b"", "/readyz", "GET"))[0] == 200:
                        ready.append(one)
                    connection.close()
            self.ready = ready or self.ready
            await asyncio.sleep(0.05)

    async def ask(self) -> None:
        """Ask whoever is ready, over connections that are kept."""
        kept: dict[int, Connection] = {}
        number = 0
        while not self.over:
            number += 1
            one = self.ready[number % len(self.ready)]
            connection = kept.setdefault(one.port, Connection(one.port, one.tls()))
            try:
                code, _ = await connection.ask(GOOD)
                self.made.answered += 1
                if code != 200:
                    self.made.failures.append(f"HTTP {code}")
            except (OSError, asyncio.IncompleteReadError) as error:
                self.made.failures.append(repr(error))
                connection.close()
        for connection in kept.values():
            connection.close()


@pytest.mark.slow
def test_two_replicas_are_replaced_one_after_the_other_and_no_request_fails(tmp_path: Path) -> None:
    ca = authority()
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    first = [webhook(folder, "--drain", "2", ca=ca) for folder in folders[:2]]
    service = Service(list(first))
    second: list[Webhook] = []

    async def roll_out() -> None:
        for index, folder in enumerate(folders[2:]):
            await asyncio.sleep(0.5)
            second.append(await asyncio.to_thread(webhook, folder, "--drain", "2", ca=ca))
            service.endpoints.append(second[-1])
            await asyncio.sleep(0.5)
            assert await asyncio.to_thread(first[index].end) == 0
            service.endpoints.remove(first[index])
        await asyncio.sleep(0.5)
        service.over = True

    async def everything() -> None:
        await asyncio.gather(roll_out(), service.look(), *(service.ask() for _ in range(6)))

    try:
        asyncio.run(everything())
    finally:
        for one in second:
            one.end()
    assert service.made.failures == []
    assert service.made.answered > 500


HOSTILE = [
    b"",
    b"\r\n\r\n",
    b"\x16\x03\x01 no tls",
    b"GET / HTTP/1.1\r\n\r\n",
    b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999999999\r\n\r\n{",
    b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    b"POST /validate HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 4\r\n\r\nzz\r\n",
    b"POST /validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"POST /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
    b"POST /validate HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
    b"POST /validate HTTP/1.1\r\nx: " + b"y" * 200_000 + b"\r\n\r\n",
    b"POST /" + b"y" * 200_000 + b" HTTP/1.1\r\n\r\n",
]


def bodies() -> list[bytes]:
    """Bodies that are no review, or hardly one."""
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    whole = GOOD.decode()
    odd = [
        b"null",
        b"[" * 100_000,
        b"\xff\xfe",
        GOOD[: len(GOOD) // 2],
        b'{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": []}',
        GOOD.replace(b'"object": {', b'"object": {"x": ' + deep + b", "),
        GOOD.replace(b'"containers": [', b'"containers": [' + b"[" * 400 + b"]" * 400 + b", "),
        whole.replace('"name": "web"', '"name": {"a": 1}').encode(),
        whole.replace('"containers": [', '"containers": [null, 7, "x", ').encode(),
        whole.replace('"replicas": 2', '"replicas": 1e400').encode(),
        whole.replace('"replicas": 2', '"replicas": 99999999999999999999999999').encode(),
        whole.replace('"image": "', '"image": "\\ud800').encode(),
        whole.replace("web", "\\u0000").encode(),
    ]
    return [*odd, b'{"x": "' + b"y" * (2 << 20) + b'"}']


@pytest.mark.slow
def test_20000_hostile_requests_neither_end_it_nor_make_it_fail_nor_grow(running: Webhook) -> None:
    """Half of them are broken bodies over keep-alive, half broken HTTP over connections of their own."""
    codes: dict[int, int] = {}
    small = [content for content in bodies() if len(content) < 1 << 20]

    async def broken_bodies(number: int) -> None:
        connection = Connection(running.port, running.tls())
        for index in range(number):
            content = small[index % len(small)] if index % 100 else bodies()[-1]
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                code, answer = await connection.ask(content)
                codes[code] = codes.get(code, 0) + 1
                assert code != 200 or b"allowed" in answer
        connection.close()

    async def broken_http(number: int) -> None:
        tls = running.tls()
        for index in range(number):
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(5):
                    reader, writer = await asyncio.open_connection(
                        "127.0.0.1", running.port, ssl=tls, server_hostname="127.0.0.1"
                    )
                    writer.write(HOSTILE[index % len(HOSTILE)])
                    if index % 3:
                        await writer.drain()
                        with contextlib.suppress(TimeoutError):
                            async with asyncio.timeout(0.01):
                                await reader.read(100)
                    writer.transport.abort()

    async def everything(times: int) -> None:
        await asyncio.gather(*(broken_bodies(times) for _ in range(4)), *(broken_http(times) for _ in range(4)))

    asyncio.run(everything(400))
    warm = running.resident_kb()
    asyncio.run(everything(2100))
    assert running.process.poll() is None
    assert set(codes) <= {200, 400, 413}, codes
    assert sum(codes.values()) > 9_000
    assert running.resident_kb() - warm < 16_000, "kB: a kilobyte for each would be 17,000 and more"
    assert ask(running, GOOD)[0] == 200


@pytest.mark.slow
def test_connections_that_are_held_do_not_keep_real_requests_waiting(running: Webhook) -> None:
    """1,000 connections: a third sends nothing, a third half a head, a third half a body."""
    beginnings = [b"", b"POST /validate HTTP/1.1\r\nhos", HOSTILE[4]]

    async def held() -> Load:
        tls = running.tls()
        streams = [
            await asyncio.open_connection("127.0.0.1", running.port, ssl=tls, server_hostname="127.0.0.1")
            for _ in range(1000)
        ]
        for index, (_, writer) in enumerate(streams):
            writer.write(beginnings[index % 3])
        stop = time.monotonic() + 2
        slowest = 0.0
        connection, made = Connection(running.port, tls), Load()
        while time.monotonic() < stop:
            began = time.monotonic()
            code, _ = await connection.ask(GOOD)
            slowest = max(slowest, time.monotonic() - began)
            made.answered += code == 200
        made.failures = [f"{slowest:.3f} s"] if slowest > 0.5 else []
        connection.close()
        for _, writer in streams:
            writer.transport.abort()
        return made

    _raise_limit()
    made = asyncio.run(held())
    assert made.failures == []
    assert made.answered > 100


def test_a_head_that_does_not_come_ends_the_connection(running: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow() -> bytes:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", running.port, ssl=running.tls(), server_hostname="127.0.0.1"
        )
        try:
            writer.write(b"POST /validate HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 100_000)
            return await reader.read(1000)
        finally:
            writer.close()

    assert asyncio.run(slow()).startswith(b"HTTP/1.1 400")


def _raise_limit() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 4000:
        if hard < 4000:
            pytest.skip(f"only {hard} files may be open here; 4000 are needed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (4000, hard))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--listen", "8443"), "write HOST:PORT"),
        (("--listen", "::1:8443"), "write HOST:PORT"),
        (("--listen", "127.0.0.1:99999"), "write HOST:PORT"),
        (("--listen", "192.0.2.1:8443"), "cannot listen on 192.0.2.1:8443"),
        (("--tls-cert", "absent"), "cannot use certificate absent"),
        (("--inventory", "absent"), "there is no such file or folder"),
        (("--inventory", ".", "--context", "c"), "leave out --inventory"),
        (("--estate", "absent.yaml"), "absent.yaml"),
        (("--kubeconfig", "absent"), "kubeconfig"),
    ],
)
def test_what_keeps_it_from_starting_is_a_clear_error(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    certificate, key = write(tmp_path, authority().leaf())
    defaults = ("--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key)
    run = bulkhead("webhook", "serve", *defaults, *arguments, cwd=tmp_path)
    assert run.code == 2, run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_no_secret_of_a_review_is_in_what_it_writes(running: Webhook) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"p": "Y2FuYXJ5"}}
    ask(running, body(review(secret)))
    ask(running, body(review(secret))[:-20])
    assert "Y2FuYXJ5" not in json.dumps(running.lines) + os.fsdecode(health(running, "/metrics")[1])
