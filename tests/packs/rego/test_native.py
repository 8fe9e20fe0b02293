"""The extension module and the engine over it: conversion, errors, deadlines, threads, and what it answers like OPA."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.packs.rego import native
from scanner.packs.rego.engine import KINDS, RegoError, RegoModule
from scanner.packs.rego.native import BINDING_VERSION, NativeEngine, available, binding

ROOT = Path(__file__).resolve().parents[3]
FACTS = Path(__file__).parent / "facts"

needs_native = pytest.mark.skipif(available() is not None, reason=f"no native Rego engine: {available()}")


@pytest.fixture(scope="module")
def rego() -> Any:
    if available() is not None:
        pytest.skip(f"no native Rego engine: {available()}")
    return binding()


def evaluate(rego: Any, text: str, document: object = None, path: str = "data.p.x") -> Any:
    """Return the value or error of one rule of one module, by the binding alone."""
    engine = rego.Engine()
    engine.add_policy("p.rego", f"package p\n{text}\n")
    engine.set_deadline(2.0)
    return engine.eval_rules({} if document is None else document, [path])[0]


def loaded(text: str, data: Mapping[str, object] | None = None, deadline_s: float = 5.0) -> NativeEngine:
    engine = NativeEngine(deadline_s=deadline_s)
    engine.load([RegoModule("p.rego", f"package p\n{text}\n")], data or {})
    return engine


class Absent:
    __rego_absent__ = True


# ---- the seam to the extension


def test_a_missing_extension_is_a_reason_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scanner._rego", None)
    assert available() == "not built: this installation has no compiled extension"
    with pytest.raises(RegoError) as caught:
        NativeEngine()
    assert caught.value.kind == "engine"


def test_an_extension_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = ModuleType("scanner._rego")
    stale.BINDING_VERSION = BINDING_VERSION - 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scanner._rego", stale)
    monkeypatch.setattr("scanner._rego", stale, raising=False)
    assert (
        available()
        == f"stale: binding version {BINDING_VERSION - 1}, but {BINDING_VERSION} is needed; install the package again"
    )


@needs_native
def test_the_version_in_the_manifest_is_the_version_reported(rego: Any) -> None:
    import tomllib

    manifest = tomllib.loads((ROOT / "native" / "Cargo.toml").read_text(encoding="utf-8"))
    assert manifest["dependencies"]["regorus"]["version"] == f"={rego.REGORUS_VERSION}"
    assert NativeEngine().name == f"regorus {rego.REGORUS_VERSION}"


def test_policies_reach_neither_network_nor_environment(rego: Any) -> None:
    names = {name for name, _ in rego.builtins()}
    assert not names & {"http.send", "opa.runtime"}
    assert len(names) > 100


def test_the_extension_does_not_name_the_folder_it_was_built_in(rego: Any) -> None:
    compiled = Path(rego.__file__).read_bytes()
    assert str(Path.home()).encode() + b"/.cargo" not in compiled


# ---- conversion


@pytest.mark.parametrize(
    ("given", "back"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
        (10**40, 10**40),
        (1.5, 1.5),
        (2.0, 2),
        ("ä😀", "ä😀"),
        ((1, [2, {"k": "v"}]), [1, [2, {"k": "v"}]]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({1: "a", (1, 2): "b"}, {"1": "a", "[1,2]": "b"}),
        ({"deep": Absent(), "kept": 1}, {"kept": 1}),
        ([1, Absent(), 2], [1, None, 2]),
        ({"u": Unknown("var.x has no value")}, {}),
    ],
)
def test_values_survive_the_way_in_and_out(rego: Any, given: object, back: object) -> None:
    assert rego.Value(given).to_python() == back


def test_booleans_stay_booleans(rego: Any) -> None:
    assert rego.Value([True, 1, 1.0]).to_python() == [True, 1, 1]
    assert [type(value) for value in rego.Value([True, 1]).to_python()] == [bool, int]


def test_any_mapping_is_an_object(rego: Any) -> None:
    from types import MappingProxyType

    assert rego.Value(MappingProxyType({"a": {"b": 1}})).to_python() == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"a": {"b": [1, float("nan")]}}, "cannot convert a.b.1: NaN and infinity are not Rego numbers"),
        ({"a": object()}, "cannot convert a: a object is not a Rego value"),
        ({"a": "\ud800"}, "cannot convert a: text holds a lone surrogate"),
        (b"bytes", "cannot convert the value: a bytes is not a Rego value"),
    ],
)
def test_what_cannot_be_converted_is_named_with_its_path(rego: Any, given: object, message: str) -> None:
    with pytest.raises(rego.RegoError) as caught:
        rego.Value(given)
    assert (caught.value.kind, caught.value.reason) == ("input", message)


def test_an_endless_input_ends(rego: Any) -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(rego.RegoError, match=r"cannot convert 0.0.0.0.….0.0.0.0: nested deeper than 512"):
        rego.Value(cycle)


@pytest.mark.slow
def test_an_input_of_shared_parts_ends(rego: Any) -> None:
    shared: object = ["x"]
    for _ in range(40):
        shared = [shared, shared]
    with pytest.raises(rego.RegoError, match="more than 10000000 values"):
        rego.Value(shared)


def test_an_exponentially_large_result_is_an_error(rego: Any) -> None:
    doubling = "r0 := [1]\n" + "".join(f"r{i + 1} := [r{i}, r{i}]\n" for i in range(40))
    outcome = evaluate(rego, f"{doubling}x := r40")
    assert (outcome.kind, outcome.reason) == ("limit", "the result holds more than 1000000 values")


# ---- outcomes and errors


def test_an_outcome_for_every_entry_point_in_order() -> None:
    engine = loaded(
        "deny contains m if { some m in input.list }\none := 1\nnever if input.missing\nbad := 1 / input.zero"
    )
    outcomes = engine.evaluate(
        {"list": ["b", "a"], "zero": 0},
        ["data.p.deny", "data.p.one", "data.p.never", "data.p.bad", "data.p.nothing", "data.p.one"],
    )
    assert outcomes[:2] == [["a", "b"], 1]
    kinds = [outcome.kind if isinstance(outcome, RegoError) else None for outcome in outcomes]
    assert kinds == [None, None, "undefined", "builtin", "entrypoint", None]
    assert str(outcomes[3]) == "p.rego:5:10: divide by zero"


def test_an_input_that_is_no_json_fails_every_entry_point() -> None:
    outcomes = loaded("x := 1").evaluate({"a": float("inf")}, ["data.p.x", "data.p.x"])
    assert [outcome.kind for outcome in outcomes if isinstance(outcome, RegoError)] == ["input", "input"]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("x := ", "syntax", "p.rego:3:1"),
        ("x if y == 1", "unsafe", "p.rego:2:6"),
        ("x := f(1)\nf(a) := a if input.x\nf(a) := nofn(a)", "unknown-function", "p.rego:4:9"),
        ("x := [1, 2\n", "syntax", "p.rego:4:1"),
        ("ä := 1", "syntax", "p.rego:2:1"),
    ],
)
def test_load_errors_have_kind_and_place(text: str, kind: str, place: str) -> None:
    with pytest.raises(RegoError) as caught:
        loaded(text)
    assert (caught.value.kind, str(caught.value).rsplit(": ", 1)[0].split(": ")[0]) == (kind, place)


def test_an_error_is_placed_in_the_text_the_author_wrote() -> None:
    engine = loaded('x := {\n\t"ä": $"{input.a}", "b": to_number("abc"),\n}')
    outcome = engine.evaluate({"a": 1}, ["data.p.x"])[0]
    assert isinstance(outcome, RegoError)
    assert (outcome.line, outcome.column) == (3, 37)  # inside the quotes of the argument


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x := 1 if true\nx := 2 if true", "conflict"),
        ("x := data[input.a].x", "recursion"),
        ('x := startswith(1, "a")', "builtin"),
        ("x := numbers.range(1, 1000000000)", "limit"),
        ("x := nofn(1)", "unknown-function"),
        ("x := startswith(1)", "arity"),
        ("f(a) := a\nx := f(1, 2, 3)", "arity"),
        ('x := time.parse_ns("ä", "2006")', "panic"),
    ],
)
def test_kinds_of_evaluation_errors(rego: Any, text: str, kind: str) -> None:
    assert evaluate(rego, text, {"a": "p"}).kind == kind
    assert kind in KINDS


def test_errors_are_strict_so_that_not_never_turns_one_into_a_pass(rego: Any) -> None:
    assert evaluate(rego, "x if not 1 / input.zero == 1", {"zero": 0}).kind == "builtin"
    lax = rego.Engine(strict=False)
    lax.add_policy("p.rego", 'package p\nx := count(1)\ny := concat("", [1])\n')
    assert lax.eval_rules({}, ["data.p.x", "data.p.y"]) == [rego.Undefined, rego.Undefined]


def test_undefined_is_false_and_one_object(rego: Any) -> None:
    outcome = evaluate(rego, "x if input.no")
    assert outcome is rego.Undefined
    assert not outcome
    assert repr(outcome) == "Undefined"


def test_data_and_modules_stay_apart() -> None:
    with pytest.raises(RegoError) as caught:
        loaded("x := 1", {"p": {"x": 5}})
    assert caught.value.kind == "conflict"
    assert loaded("x := data.estate.name", {"estate": {"name": "erp"}}).evaluate({}, ["data.p.x"]) == ["erp"]


def test_a_failed_load_leaves_an_empty_engine() -> None:
    engine = loaded("x := 1")
    with pytest.raises(RegoError):
        engine.load([RegoModule("p.rego", "package p\nx :=")], {})
    assert [outcome.kind for outcome in engine.evaluate({}, ["data.p.x"]) if isinstance(outcome, RegoError)]


def test_v0_and_v1_modules_live_in_one_engine(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy("old.rego", 'package old\ndeny[msg] { msg := "old" }', v0=True)
    engine.add_policy("new.rego", 'package new\ndeny contains "new"')
    assert engine.eval_rules({}, ["data.old.deny", "data.new.deny"]) == [["old"], ["new"]]


# ---- panics, deadlines, threads

PANIC = 'panics := glob.match(input.glob, [], "a")'


def test_a_panic_is_an_error_of_that_rule_only(capfd: pytest.CaptureFixture[str]) -> None:
    engine = loaded(f"{PANIC}\nx := count(input.list)")
    document = {"glob": "{" * 5000 + "a" + "}" * 5000, "list": [1, 2]}
    for _ in range(3):
        first, panicked, last = engine.evaluate(document, ["data.p.x", "data.p.panics", "data.p.x"])
        assert isinstance(panicked, RegoError)
        assert panicked.kind == "panic"
        assert (first, last) == (2, 2)
    assert capfd.readouterr() == ("", "")


SLOW = "slow := count([1 | some a in r; some b in r; some c in r; a + b + c < 0])\nr := numbers.range(1, 1000)"


def test_the_deadline_is_for_the_whole_call() -> None:
    engine = loaded(f"{SLOW}\nx := 1", deadline_s=0.2)
    started = time.monotonic()
    outcomes = engine.evaluate({}, ["data.p.x", "data.p.slow", "data.p.slow", "data.p.x"])
    assert time.monotonic() - started < 30, "without a deadline each of the slow rules takes minutes"
    assert outcomes[0] == 1
    reason = "limit exceeded: evaluation took longer than the deadline of 0.2 s"
    late = [(o.kind, o.reason) for o in outcomes[1:] if isinstance(o, RegoError)]
    assert late == [("limit", reason)] * 3
    assert engine.evaluate({}, ["data.p.x"]) == [1]


def test_evaluation_releases_the_interpreter_lock() -> None:
    engine = loaded(SLOW, deadline_s=0.5)
    ticks = 0
    thread = threading.Thread(target=engine.evaluate, args=({}, ["data.p.slow"]))
    thread.start()
    while thread.is_alive():
        ticks += 1
        time.sleep(0.005)
    assert ticks > 20


def test_clones_work_in_threads_of_their_own() -> None:
    engine = loaded("x := count([n | some n in input.list; n > 1])")
    results: dict[int, set[str]] = {}

    def run(number: int, own: NativeEngine) -> None:
        document = {"list": list(range(number))}
        results[number] = {str(own.evaluate(document, ["data.p.x"])) for _ in range(300)}

    threads = [threading.Thread(target=run, args=(number, engine.clone())) for number in (5, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {5: {"[3]"}, 9: {"[7]"}}


def test_an_engine_in_use_says_so_instead_of_waiting_for_itself(rego: Any) -> None:
    engine = rego.Engine()

    def again() -> object:
        return engine.eval_rules({}, ["data.p.y"])

    engine.add_builtin("again", 0, again)
    engine.add_policy("p.rego", "package p\nx := again()\ny := 1")
    outcome = engine.eval_rules({}, ["data.p.x"])[0]
    assert "the engine is in use" in outcome.reason


def test_memory_does_not_grow_with_evaluations(rego: Any) -> None:
    import resource

    engine = loaded('deny contains sprintf("%s is bad", [c]) if { some c in input.list }')
    document = {"list": [f"item {number}" for number in range(50)]}

    def peak() -> int:
        for _ in range(2000):
            engine.evaluate(document, ["data.p.deny"])
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    first = peak()
    assert peak() - first < 4_000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_an_engine_survives_fork(rego: Any) -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from scanner.packs.rego.native import NativeEngine\n"
        "from scanner.packs.rego.engine import RegoModule\n"
        "e = NativeEngine()\n"
        "e.load([RegoModule('p', 'package p\\nx := input.a + 1')], {})\n"
        "e.evaluate({'a': 1}, ['data.p.x'])\n"
        "child = os.fork()\n"
        "os.write(1, b'%r;' % e.evaluate({'a': 2}, ['data.p.x']))\n"
        "os._exit(0) if child == 0 else sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[3];[3];"


# ---- Python built-ins, coverage, outline


def test_python_builtins(rego: Any) -> None:
    seen = []

    def join(members: Any, separator: str) -> object:
        seen.append((type(members), list(members)))
        if separator == "!":
            raise ValueError("no exclamation marks")
        return {separator.join(members), Absent()}

    engine = rego.Engine()
    engine.add_builtin("my.join", 2, join)
    engine.add_builtin("count", 1, lambda value: -1)
    engine.add_policy(
        "p.rego",
        'package p\nx := my.join({"b", "a"}, "-")\ny := my.join({"a"}, "!")\nz := count([1])\nw := my.join(["a"], "-")',
    )
    x, y, z, w = engine.eval_rules({}, [f"data.p.{name}" for name in "xyzw"])
    assert (x, z, w) == (["a-b"], -1, ["a"])
    assert str(y) == "p.rego:3:13: my.join: no exclamation marks"
    assert y.kind == "builtin"
    assert [kind for kind, _ in seen] == [rego.Set, rego.Set, list]
    with pytest.raises(rego.RegoError, match="already added"):
        engine.add_builtin("my.join", 2, join)


def test_coverage_names_the_lines_that_ran(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy("p.rego", "package p\nx := 1 if {\n\tinput.a\n\tinput.b\n}\n")
    engine.set_coverage(True)
    engine.eval_rules({"a": False}, ["data.p.x"])
    executed, other = engine.coverage()["p.rego"]
    assert 3 in executed
    assert 4 in other


def test_the_outline_of_a_module(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy(
        "p.rego",
        'package a.b\nimport data.lib.x as y\nf(v) := upper(v) if not v == input["odd name"]\n'
        "deny contains n if { some n in data.c[input.k].d; not n == other; n * 2 > 3 * 4 }\ndefault z := 1\n",
    )
    (module,) = engine.modules()
    assert (module["file"], module["package"], module["line"]) == ("p.rego", "data.a.b", 1)
    assert module["imports"] == [{"path": "data.lib.x", "alias": "y", "line": 2, "col": 1}]
    function, deny, default = module["rules"]
    assert [(rule["name"], rule["arity"], rule["default"]) for rule in module["rules"]] == [
        ("f", 1, False),
        ("deny", None, False),
        ("z", None, True),
    ]
    (call,) = function["calls"]
    assert (call["name"], call["nargs"], call["line"], call["col"]) == ("upper", 1, 3, 9)
    assert [reference["path"] for reference in function["refs"]] == ['input["odd name"]']
    assert [(reference["path"], reference["pattern"]) for reference in deny["refs"]] == [
        ("data.c", ["data", "c", None, "d"]),
        ("input.k", None),
        ("other", None),
    ]
    assert [variable["name"] for variable in deny["unbound"]] == ["other"]
    assert (function["products"], deny["products"], default["products"]) == (0, 1, 0)


def test_eval_query_gives_bindings(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy("p.rego", "package p\nx := {1, 2}")
    assert engine.eval_query("data.p.x[y]; z := input.a", {"a": 3}) == [
        {"bindings": {"y": 1, "z": 3}, "expressions": [1, True]},
        {"bindings": {"y": 2, "z": 3}, "expressions": [2, True]},
    ]


# ---- like OPA: overrides against what Go answers


def _value(argument: Any) -> Any:
    if isinstance(argument, dict):
        return int(argument["big"]) if "big" in argument else argument["float"]
    return argument


def test_sprintf_is_gos_sprintf(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy("p.rego", "package p\nx := sprintf(input.format, input.arguments)")
    wrong = []
    for line, arguments, expected in json.loads((FACTS / "fmt.json").read_text(encoding="utf-8")):
        got = engine.eval_rules({"format": line, "arguments": [_value(a) for a in arguments]}, ["data.p.x"])[0]
        if got != expected:
            wrong.append((line, arguments, expected, got))
    assert wrong == []


def test_regular_expressions_are_gos(rego: Any) -> None:
    engine = rego.Engine()
    engine.add_policy(
        "p.rego",
        "package p\nvalid := regex.is_valid(input.pattern)\nmatch := regex.match(input.pattern, input.text)\n"
        "found := regex.find_n(input.pattern, input.text, -1)\n"
        "groups := regex.find_all_string_submatch_n(input.pattern, input.text, -1)\n"
        "pieces := regex.split(input.pattern, input.text)\n"
        'replaced := regex.replace(input.text, input.pattern, "<$0$1${n}$$>")',
    )
    names = ("match", "found", "groups", "pieces", "replaced")
    defaults = {"found": [], "groups": [], "pieces": [], "replaced": ""}
    wrong = []
    for fact in json.loads((FACTS / "regexp.json").read_text(encoding="utf-8")):
        valid, *rest = engine.eval_rules(fact, ["data.p.valid", *(f"data.p.{name}" for name in names)])
        if not fact["valid"]:
            agrees = valid is False and all(isinstance(outcome, rego.RegoError) for outcome in rest)
        else:
            agrees = valid is True and rest == [{**defaults, **fact}[name] for name in names]
        if not agrees:
            wrong.append((fact, valid, rest))
    assert wrong == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            'sprintf("%v %v", [{"b": [1, null], "a": {true, "x\\"y"}}, set()])',
            '{"a": {true, "x\\"y"}, "b": [1, null]} set()',
        ),
        ('sprintf("%s %d %t", [true, false, null])', "true %!d(string=false) %!t(string=null)"),
        ('sprintf("%5.1f|%-5s|%05d", [3.14159, "ab", -42])', "  3.1|ab   |-0042"),
        ('count("😀ä")', 2),
        ('strings.count("aaaa", "aa")', 2),
        ('strings.count("äb", "")', 3),
        ('strings.replace_n({"": "-", "a": "b", "b": "c"}, "xaby")', "-x-b-c-y-"),
        ('strings.replace_n({"a": "2", "aa": "1"}, "aaa")', "222"),
        ("object.subset([1], [])", True),
        ('object.subset({"a": [1, 2]}, {"a": []})', True),
        ("object.subset([1, 2, 3], {2})", True),
        ('regex.match(`^\\bä`, "ä")', False),
        ('regex.match(`^[\\w\\s]{20,512}$`, "a perfectly usual description")', True),
        ('regex.split("", "abc")', ["a", "b", "c"]),
        ('regex.template_match("urn:{.*}:x", "urn:a:b:x", "{", "}")', True),
        ('regex.template_match("urn:{[a-z]+}", "urn:1", "{", "}")', False),
        ("numbers.range_step(0, -10, 4)", [0, -4, -8]),
        ("numbers.range_step(0, 10, 99999999999999999999)", [0]),
        ('graph.reachable_paths({"a": ["b", "c"], "b": ["c"], "c": ["b"]}, {"a"})', [["a", "b", "c"], ["a", "c", "b"]]),
        ('graph.reachable_paths({"a": ["a"]}, ["a"])', [["a", "a"]]),
        ("yaml.is_valid(1)", False),
        ('yaml.is_valid("a: [")', False),
        ('json.is_valid("{}")', True),
        ('net.cidr_expand("10.0.0.0/30")', ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ('concat(",", {"b", "a"})', "a,b"),
    ],
)
def test_builtins_answer_like_opa(rego: Any, expression: str, expected: object) -> None:
    assert evaluate(rego, f"x := {expression}") == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("count(1)", "count: operand 1 must be one of {array, object, set, string} but got number"),
        ('regex.match("(", "a")', "regex.match: cannot parse regular expression `(`: unclosed group"),
        (
            'regex.match("a**", "a")',
            "regex.match: cannot parse regular expression `a**`: invalid nested repetition operator",
        ),
        ('object.subset({1}, ["a"])', "object.subset: both arguments must be of the same type, or an array and a set"),
        ("numbers.range_step(1, 2, 0)", "numbers.range_step: step must be a positive integer"),
        ('concat("", [1])', "concat: `concat` expects string collection. Element 0 is not a string."),
    ],
)
def test_builtins_fail_with_a_sentence(rego: Any, expression: str, message: str) -> None:
    outcome = evaluate(rego, f"x := {expression}")
    assert (outcome.kind, outcome.reason) == ("builtin", message)


def test_interrupts_reach_python(rego: Any) -> None:
    """Ctrl-C during a long evaluation is seen when it ends, not lost."""
    if not hasattr(signal, "setitimer"):
        pytest.skip("no interval timers on this platform")
    engine = loaded(SLOW, deadline_s=0.3)
    handled = []
    before = signal.signal(signal.SIGALRM, lambda *_: handled.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        engine.evaluate({}, ["data.p.slow"])
        time.sleep(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert handled == [1]


def test_the_binding_version_is_the_one_of_the_crate() -> None:
    source = (ROOT / "native" / "src" / "lib.rs").read_text(encoding="utf-8")
    assert f"BINDING_VERSION: u32 = {native.BINDING_VERSION};" in source
