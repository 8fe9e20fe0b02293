"""Rego in a child process: the same answers, and what happens when a rule ends the child."""

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.packs.rego import worker as worker_module
from scanner.packs.rego.engine import RegoError, RegoModule
from scanner.packs.rego.native import NativeEngine, available
from scanner.packs.rego.worker import STRIKES, WorkerEngine, read_frame, write_frame

pytestmark = [
    pytest.mark.skipif(available() is not None, reason=f"no native Rego engine: {available()}"),
]

posix = pytest.mark.skipif(os.name != "posix", reason="memory bounds and signals are POSIX")

HANG = (
    "s0 := [input.a]\n"
    + "".join(f"s{i + 1} := [s{i}, s{i}]\n" for i in range(45))
    + "t0 := [input.a]\n"
    + "".join(f"t{i + 1} := [t{i}, t{i}]\n" for i in range(45))
    + "hang if s45 == t45\n"
)
"""Compares two values of 2^45 parts: no timer of the engine sees it."""

GREED = "greed contains [a, b, c] if { some a in r; some b in r; some c in r }\nr := numbers.range(1, 1000)\n"
"""Builds a set of a thousand million members, until memory or the deadline ends it."""


@pytest.fixture
def engine() -> Iterator[WorkerEngine]:
    with WorkerEngine(deadline_s=0.4, memory_bytes=192 << 20) as engine:
        yield engine


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE_S", 0.3)


def load(engine: WorkerEngine, text: str) -> None:
    engine.load([RegoModule("p.rego", f"package p\n{text}\n")], {"estate": {"name": "erp"}})


def shown(outcomes: list[object]) -> list[object]:
    return [f"{outcome.kind}: {outcome.reason}" if isinstance(outcome, RegoError) else outcome for outcome in outcomes]


def test_it_answers_like_the_engine_in_process(engine: WorkerEngine) -> None:
    text = (
        "deny contains m if { some m in input.list }\nname := data.estate.name\nnever if input.no\n"
        "bad := 1 / input.zero\nu := input.u"
    )
    document = {"list": ["b", "ä"], "zero": 0, "u": Unknown("var.x has no value"), "big": 10**30, "f": 1.5}
    paths = [f"data.p.{name}" for name in ("deny", "name", "never", "bad", "u", "missing")]
    load(engine, text)
    with NativeEngine() as native:
        native.load([RegoModule("p.rego", f"package p\n{text}\n")], {"estate": {"name": "erp"}})
        expected = native.evaluate(document, paths)
    outcomes = engine.evaluate(document, paths)
    assert shown(outcomes) == shown(expected)
    assert [str(o) for o in outcomes] == [str(o) for o in expected]
    assert engine.name.startswith("regorus ")
    assert engine.name.endswith(" (worker process)")


def test_modules_are_checked_in_the_child(engine: WorkerEngine) -> None:
    for text, kind, place in (("x :=", "syntax", (3, 1)), ("x := f(1)", "unknown-function", (2, 6))):
        with pytest.raises(RegoError) as caught:
            load(engine, text)
        assert (caught.value.kind, caught.value.line, caught.value.column) == (kind, *place)
    load(engine, "x := 1")
    assert engine.evaluate({}, ["data.p.x"]) == [1]


def test_without_modules_there_is_an_error_and_no_child(engine: WorkerEngine) -> None:
    assert shown(engine.evaluate({}, ["data.p.x"])) == ["engine: no modules are loaded"]


def test_an_input_that_is_no_json_is_an_outcome(engine: WorkerEngine) -> None:
    load(engine, "x := 1")
    assert shown(engine.evaluate({"a": object()}, ["data.p.x"])) == [
        "input: cannot convert a: a object is not a Rego value"
    ]


def test_only_the_rule_that_hangs_pays(engine: WorkerEngine) -> None:
    load(engine, f"x := 1\n{HANG}y := 2")
    started = time.monotonic()
    outcomes = engine.evaluate({"a": 1}, ["data.p.x", "data.p.hang", "data.p.y"])
    assert shown(outcomes) == [1, "limit: the worker process was killed: no answer within 0.7 s", 2]
    assert time.monotonic() - started < 4
    assert engine.evaluate({"a": 1}, ["data.p.x"]) == [1]


@posix
def test_only_the_rule_that_needs_the_memory_pays(engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "deadline_s", 20.0)
    load(engine, f"x := 1\n{GREED}y := 2")
    outcomes = engine.evaluate({}, ["data.p.x", "data.p.greed", "data.p.y"])
    assert shown(outcomes) == [1, "limit: the worker process needed more than 192 MiB of memory", 2]


@posix
def test_a_child_that_crashes_is_started_again(engine: WorkerEngine) -> None:
    load(engine, "x := 1\ny := 2")
    child = engine._child
    assert child is not None
    os.kill(child._process.pid, signal.SIGSEGV)
    child._process.wait()
    assert engine.evaluate({}, ["data.p.x", "data.p.y"]) == [1, 2]
    child = engine._child
    assert child is not None
    os.kill(child._process.pid, signal.SIGSEGV)
    child._process.wait()
    (outcome,) = engine.evaluate({}, ["data.p.x"])
    assert isinstance(outcome, RegoError)
    assert (outcome.kind, "signal 11" in outcome.reason) == ("panic", True)


def test_a_rule_that_keeps_ending_the_child_is_not_run_any_more(engine: WorkerEngine) -> None:
    load(engine, f"x := 1\n{HANG}")
    for _ in range(STRIKES):
        assert isinstance(engine.evaluate({"a": 1}, ["data.p.hang"])[0], RegoError)
    started = time.monotonic()
    outcomes = engine.evaluate({"a": 1}, ["data.p.hang", "data.p.x"])
    assert time.monotonic() - started < 10
    assert outcomes[1] == 1
    assert f"is not run any more: it ended {STRIKES} worker processes" in str(outcomes[0])
    load(engine, "hang := 3")
    assert engine.evaluate({}, ["data.p.hang"]) == [3]


def test_when_all_rules_hang_the_rest_is_not_waited_for(engine: WorkerEngine) -> None:
    load(engine, HANG + "".join(f"hang{i} if {{ hang; {i} }}\n" for i in range(8)))
    started = time.monotonic()
    outcomes = engine.evaluate({"a": 1}, [f"data.p.hang{i}" for i in range(8)])
    assert time.monotonic() - started < 5
    assert all(isinstance(outcome, RegoError) and outcome.kind == "limit" for outcome in outcomes)
    assert str(outcomes[-1]) == "data.p.hang7 was not evaluated: other rules used up its time"


def test_a_module_that_hangs_the_checks_is_an_error(engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "LOAD_TIMEOUT_S", 0.01)
    with pytest.raises(RegoError) as caught:
        load(engine, "x := 1")
    assert str(caught.value) == "the worker process was killed: no answer within 0.01 s"


def test_closing_ends_the_child_and_a_load_starts_another(engine: WorkerEngine) -> None:
    load(engine, "x := 1")
    assert engine._child is not None
    process = engine._child._process
    engine.close()
    assert process.returncode is not None
    engine.close()
    load(engine, "x := 2")
    assert engine.evaluate({}, ["data.p.x"]) == [2]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads the child's environment from /proc")
def test_the_child_gets_no_environment_and_bounded_resources(
    engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "do-not-pass-on")
    load(engine, "x := 1")
    assert engine._child is not None
    process = Path("/proc", str(engine._child._process.pid))
    assert b"AZURE" not in (process / "environ").read_bytes()
    limits = {line[:26].strip(): line[26:].split()[0] for line in (process / "limits").read_text().splitlines()[1:]}
    assert limits["Max core file size"] == limits["Max file size"] == "0"
    assert 192 << 20 < int(limits["Max address space"]) < 2 << 30


def test_the_child_ends_with_its_parent(engine: WorkerEngine) -> None:
    load(engine, "x := 1")
    assert engine._child is not None
    process = engine._child._process
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=5) == 0


@posix
def test_the_kernel_ends_a_child_whose_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    alarms: list[float] = []
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: alarms.append(seconds))
    monkeypatch.setattr(sys, "argv", ["", "", "2.0", str(1 << 30)])
    monkeypatch.setattr(worker_module, "restrict", lambda _: None)
    requests, answers = io.BytesIO(), io.BytesIO()
    write_frame(requests, {"op": "load", "modules": [["p.rego", "package p\nx := 1"]], "data": {}})
    write_frame(requests, {"op": "evaluate", "input": {}, "entrypoints": ["data.p.x", "data.p.y"]})
    requests.seek(0)
    monkeypatch.setattr(worker_module, "_take_pipes", lambda: (requests, answers))
    worker_module.serve()
    answers.seek(0)
    assert read_frame(answers) == {"error": None}
    answer = read_frame(answers)
    assert answer is not None
    assert answer["outcomes"][0] == {"value": 1}
    assert answer["outcomes"][1]["error"]["kind"] == "entrypoint"
    assert alarms == [worker_module.LOAD_TIMEOUT_S + 1.5, 0, 2.0 + 0.3 + 1.5, 0]


@pytest.mark.parametrize(
    ("raw", "result"),
    [(b"", None), (b"\0\0", None), (b"\0\0\0\x05[]", None), (b"\0\0\0\x02{}", {}), (b'\0\0\0\x07{"a":1}', {"a": 1})],
)
def test_frames(raw: bytes, result: Any) -> None:
    assert read_frame(io.BytesIO(raw)) == result


@pytest.mark.parametrize("raw", [b"\xff\xff\xff\xff", b"\0\0\0\x01{"])
def test_frames_that_are_none(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_frame(io.BytesIO(raw))
