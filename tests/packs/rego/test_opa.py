"""The OPA engine: with a real server where one is there, and with servers that misbehave everywhere."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.packs.rego.engine import RegoError, RegoModule
from scanner.packs.rego.opa import TOKEN_VARIABLE, OpaEngine
from scanner.packs.rego.opa_server import OpaServer
from tests.tools.oracles import find_opa

LIBRARY = RegoModule("lib.rego", 'package t.lib\n\ntext(x) := sprintf("%d", [x + data.limits.add])\n')
RULES = RegoModule(
    "rules.rego",
    """package t.rules

import data.t.lib

deny contains lib.text(input.n)

parsed contains to_number(input.text)

nothing := 1 if input.n == -1

conflict := 1 if input.n

conflict := 2 if input.text

slow := count([1 | some a in numbers.range(1, 4000); some b in numbers.range(1, 4000); a != b])
""",
)
DATA = {"limits": {"add": 1}, "list": [1]}


@pytest.fixture(scope="module")
def opa() -> Iterator[OpaEngine]:
    """A loaded engine with a server of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(find_opa().parent))
        with OpaEngine() as engine:
            engine.load([RULES, LIBRARY], DATA)
            yield engine


def kinds(outcomes: list[object]) -> list[object]:
    return [outcome.kind if isinstance(outcome, RegoError) else outcome for outcome in outcomes]


def ask(engine: OpaEngine, document: dict[str, object], *names: str) -> list[object]:
    return engine.evaluate(document, [f"data.t.rules.{name}" for name in names])


@pytest.mark.slow
class TestServer:
    def test_the_name_has_the_version(self, opa: OpaEngine) -> None:
        assert opa.name.startswith("opa 1.")

    def test_modules_may_come_before_those_they_need(self, opa: OpaEngine) -> None:
        assert ask(opa, {"n": 1}, "deny") == [["2"]]

    def test_a_rule_without_a_value_is_an_error_and_no_empty_result(self, opa: OpaEngine) -> None:
        assert kinds(ask(opa, {"n": 1}, "deny", "nothing", "not_there")) == [["2"], "undefined", "undefined"]

    def test_a_rule_that_raises_leaves_the_others_their_answers(self, opa: OpaEngine) -> None:
        outcomes = ask(opa, {"n": 1, "text": "x"}, "deny", "parsed", "conflict")
        assert kinds(outcomes) == [["2"], "builtin", "conflict"]
        error = outcomes[1]
        assert isinstance(error, RegoError)
        assert (error.file, error.line, error.column) == ("rules.rego", 7, 17)
        assert str(error).startswith("rules.rego:7:17: to_number: ")

    def test_the_deadline_is_one_for_all_rules(self, opa: OpaEngine) -> None:
        opa.deadline_s, before = 0.3, opa.deadline_s
        try:
            start = time.monotonic()
            assert kinds(ask(opa, {"n": 1}, "deny", "slow")) == ["limit", "limit"]
            assert time.monotonic() - start < 30
            assert ask(opa, {"n": 1}, "deny") == [["2"]]
        finally:
            opa.deadline_s = before

    def test_values_that_are_not_known_are_absent(self, opa: OpaEngine) -> None:
        document: dict[str, object] = {"n": 1, "text": Unknown("no value"), "list": [Unknown("no value")]}
        assert kinds(ask(opa, document, "deny", "parsed")) == [["2"], []]

    def test_an_input_that_is_no_json_is_the_fault_of_the_input(self, opa: OpaEngine) -> None:
        endless: dict[str, object] = {}
        endless["n"] = endless
        assert kinds(ask(opa, {"n": float("nan")}, "deny")) == ["input"]
        assert kinds(ask(opa, endless, "deny")) == ["input"]

    @pytest.mark.parametrize(
        ("text", "kind", "place"),
        [
            ("package x\np := y", "unsafe", "bad.rego:2:6"),
            ("package x\np := nothing(1)", "unknown-function", "bad.rego:2:6"),
            ("package x\np := 1 if {", "syntax", "bad.rego:2:11"),
            ("package x\np := count()", "arity", "bad.rego:2:6"),
            ("package x\np if q\n\nq if p", "recursion", "bad.rego:2:1"),
            ("package x\np := 1\np contains 1", "conflict", "bad.rego:2:1"),
            ('package x\np := 1 + "a"', "builtin", "bad.rego:2:6"),
            ("", "syntax", "bad.rego:1:1"),
        ],
    )
    def test_what_opa_refuses(self, opa: OpaEngine, text: str, kind: str, place: str) -> None:
        try:
            with pytest.raises(RegoError) as caught:
                opa.load([RegoModule("bad.rego", text)], {})
            assert (caught.value.kind, str(caught.value).partition(": ")[0]) == (kind, place)
            assert kinds(ask(opa, {"n": 1}, "deny")) == ["undefined"], "the engine is empty"
        finally:
            opa.load([RULES, LIBRARY], DATA)

    def test_another_load_replaces_modules_and_data(self, opa: OpaEngine) -> None:
        module = "package t.other\n\np := data.kept\n\nq := data.limits"
        try:
            opa.load([RegoModule("a.rego", module)], {"kept": [1]})
            names = ["data.t.other.p", "data.t.other.q", "data.t.rules.deny"]
            assert kinds(opa.evaluate({}, names)) == [[1], "undefined", "undefined"]
        finally:
            opa.load([RULES, LIBRARY], DATA)

    def test_names_of_every_kind_are_asked_for_one_by_one(self, opa: OpaEngine) -> None:
        module = 'package t["a.b/c d"]\n\np := 1\n\nq := to_number(input.text)'
        try:
            opa.load([RegoModule("a.rego", module)], {})
            names = ['data.t["a.b/c d"].p', 'data.t["a.b/c d"].q']
            assert kinds(opa.evaluate({"text": "x"}, names)) == [1, "builtin"]
        finally:
            opa.load([RULES, LIBRARY], DATA)


@pytest.mark.slow
class TestLife:
    @pytest.fixture(autouse=True)
    def _path(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(find_opa().parent))

    def test_the_executable_is_found_on_the_path(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert OpaEngine.find() == find_opa()
        monkeypatch.setenv("PATH", str(tmp_path))
        assert OpaEngine.find() is None
        with pytest.raises(RegoError, match="no 'opa' is on the PATH"):
            OpaEngine().load([LIBRARY], {})

    def test_a_proxy_is_not_asked_for_the_loopback_interface(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        with OpaEngine() as engine:
            engine.load([RULES, LIBRARY], DATA)
            assert ask(engine, {"n": 1}, "deny") == [["2"]]

    def test_a_server_that_is_gone_is_an_error_of_every_rule(self) -> None:
        with OpaEngine() as engine:
            engine.load([RULES, LIBRARY], DATA)
            assert engine._server is not None
            engine._server.stop()
            assert kinds(ask(engine, {"n": 1}, "deny", "parsed")) == ["engine", "engine"]
            with pytest.raises(RegoError, match="cannot load modules into OPA"):
                engine.load([LIBRARY], {})

    def test_after_a_close_it_may_be_loaded_again(self) -> None:
        engine = OpaEngine()
        engine.close()
        engine.load([RULES, LIBRARY], DATA)
        engine.close()
        assert kinds(ask(engine, {"n": 1}, "deny")) == ["engine"]
        engine.load([RULES, LIBRARY], DATA)
        assert ask(engine, {"n": 1}, "deny") == [["2"]]
        engine.close()

    def test_nobody_without_the_token_is_heard(self) -> None:
        server = OpaServer(find_opa())
        try:
            connection = HTTPConnection(server.host, server.port)
            connection.request("PUT", "/v1/policies/x", b"package x")
            assert connection.getresponse().status == 401
            connection.close()
        finally:
            server.stop()

    def test_policies_see_no_environment(self) -> None:
        server = OpaServer(find_opa())
        try:
            connection = HTTPConnection(server.host, server.port)
            headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
            connection.request("POST", "/v1/query", json.dumps({"query": "x := opa.runtime().env"}), headers)
            assert json.loads(connection.getresponse().read()) == {"result": [{"x": {}}]}
            connection.close()
        finally:
            server.stop()

    def test_the_server_ends_when_its_parent_is_killed(self) -> None:
        script = (
            "import sys, time; from pathlib import Path; from scanner.packs.rego.opa_server import OpaServer; "
            "server = OpaServer(Path(sys.argv[1])); print(server.port, flush=True); time.sleep(60)"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", script, str(find_opa())],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert _answers(port)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        until = time.monotonic() + 5.0
        while _answers(port) and time.monotonic() < until:
            time.sleep(0.05)
        assert not _answers(port)

    def test_a_named_server_is_cleaned_of_what_an_earlier_run_has_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        server = OpaServer(find_opa())
        monkeypatch.setenv(TOKEN_VARIABLE, server.token)
        url = f"http://{server.host}:{server.port}"
        try:
            left = OpaEngine(url=url)
            left.load([RULES, LIBRARY], DATA)
            left._client.close_connection()
            with OpaEngine(url=url) as engine:
                engine.load([RegoModule("a.rego", "package t.rules\n\ndeny contains 1")], {})
                assert ask(engine, {}, "deny") == [[1]]
        finally:
            server.stop()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1.0)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("p := http.send({})", "http.send"),
        ('p := http["send"]({})', "http.send"),
        ('p := http["\\u0073end"]({})', "http.send"),
        ("p := opa[`runtime`]()", "opa.runtime"),
        ("p := 1 if time.now_ns() > 0", "time.now_ns"),
    ],
)
def test_built_ins_that_reach_out_are_refused_before_a_server_sees_them(text: str, refused: str) -> None:
    with pytest.raises(RegoError, match=f"{refused} is refused") as caught:
        OpaEngine(url="http://127.0.0.1:1").load([RegoModule("a.rego", f"package x\n\n{text}")], {})
    assert (caught.value.kind, caught.value.file, caught.value.line) == ("refused", "a.rego", 3)
    assert caught.value.column == text.index(refused.partition(".")[0]) + 1


def test_what_cannot_be_looked_through_is_refused() -> None:
    with pytest.raises(RegoError) as caught:
        OpaEngine(url="http://127.0.0.1:1").load([RegoModule("a.rego", 'package x\n\np := http["send')], {})
    assert caught.value.kind == "syntax"


@pytest.mark.parametrize("url", ["ftp://host", "http://host:port", "http://", "http://host:8181/path", "host:0x"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(RegoError, match="an address like http://host:8181 is expected"):
        OpaEngine(url=url)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(RegoError, match="cannot load modules into OPA") as caught:
        OpaEngine(url="http://127.0.0.1:1").load([LIBRARY], {})
    assert caught.value.kind == "engine"


def test_an_executable_that_is_no_opa(tmp_path: Path) -> None:
    wrong = tmp_path / "opa"
    wrong.write_text("#!/bin/sh\necho no opa at all >&2\nexit 1\n")
    wrong.chmod(0o755)
    with pytest.raises(RegoError, match=r"cannot start .*/opa: no opa at all"):
        OpaServer(wrong)


Answer = Callable[[str, str], tuple[int, bytes]]


@contextmanager
def pretended(answer: Answer) -> Iterator[OpaEngine]:
    """An engine whose server answers a request as `answer(method, path)` says, and everything else as OPA would."""

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answer(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _reply  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with OpaEngine(url=f"http://127.0.0.1:{server.server_port}") as engine:
            yield engine
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def usual(method: str, path: str) -> tuple[int, bytes]:
    return (204, b"") if method == "PATCH" else (200, b'{"result": {}}')


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (500, b"<html>", "engine", "OPA answered 500"),
        (502, b'{"code": "x"}', "engine", "None"),
        (500, b'{"code": "internal_error", "message": "m", "errors": []}', "engine", "m"),
        (500, b'{"errors": [{"code": "eval_cancel_error", "message": "late"}]}', "limit", "late"),
        (200, b"not json", "engine", "OPA gave no answer"),
        (200, b"{}", "undefined", "is undefined for this input"),
        (401, b'{"code": "unauthorized", "message": "who are you"}', "engine", "who are you"),
    ],
)
def test_answers_that_are_no_values(status: int, body: bytes, kind: str, reason: str) -> None:
    with pretended(lambda method, path: (status, body) if method == "POST" else usual(method, path)) as engine:
        engine.load([LIBRARY], {"a": 1})
        (outcome,) = engine.evaluate({}, ["data.t.lib.x"])
        assert isinstance(outcome, RegoError)
        assert outcome.kind == kind
        assert reason in outcome.reason


@pytest.mark.parametrize(
    ("method", "status", "body"),
    [("PUT", 500, b"<html>"), ("PUT", 400, b'{"message": "no"}'), ("PATCH", 400, b'{"code": "c", "message": "no"}')],
)
def test_modules_that_do_not_arrive(method: str, status: int, body: bytes) -> None:
    with pretended(lambda verb, path: (status, body) if verb == method else usual(verb, path)) as engine:
        with pytest.raises(RegoError) as caught:
            engine.load([LIBRARY], {"a": 1})
        assert caught.value.kind == "engine"


def test_a_server_that_does_not_answer_in_time() -> None:
    stop = threading.Event()

    def answer(method: str, path: str) -> tuple[int, bytes]:
        if method == "POST":
            stop.wait(5.0)
        return usual(method, path)

    with pretended(answer) as engine:
        engine.load([LIBRARY], {})
        engine.deadline_s = 0.1
        assert kinds(engine.evaluate({}, ["data.a", "data.b"])) == ["limit", "limit"]
        stop.set()
