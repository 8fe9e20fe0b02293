"""Sources and inputs made to hurt, each against a worker with little memory and time: an error, never more.

Most rows ended a process, froze it or filled its memory with the bare engine. What the static checks refuse must be
refused; what they accept must end in a value or in an error of the expected kind, within seconds and with the worker
alive or replaced.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from scanner.packs.rego.engine import RegoError, RegoModule
from scanner.packs.rego.native import available
from scanner.packs.rego.worker import WorkerEngine

pytestmark = pytest.mark.skipif(available() is not None, reason=f"no native Rego engine: {available()}")


class Case(NamedTuple):
    """A rule `x` of package `p`, its input, and what must come of it."""

    text: str
    expected: object
    """The kind of the error (or several), after "load " where the module must be refused; or the value in a list."""
    input: Any = None


def nested(before: str, inner: str, after: str, depth: int) -> str:
    return f"x := {before * depth}{inner}{after * depth}"


def chain(kind: str, length: int) -> str:
    arguments = "(a)" if kind == "function" else ""
    links = "".join(f"r{i}{arguments} := r{i + 1}{arguments}\n" for i in range(length))
    return f"{links}r{length}{arguments} := 1\nx := r0{'(1)' if arguments else ''}"


def doubled(step: str, count: int, start: str) -> str:
    """`r0 := start`, then each `r` from the one before it."""
    return f"r0 := {start}\n" + "".join(f"r{i + 1} := {step.replace('$', f'r{i}')}\n" for i in range(count))


def deep(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


R = "numbers.range(1, 300)"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 10)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
CLIQUE = {str(i): [str(j) for j in range(18)] for i in range(18)}

CASES = {
    # the parser: exponential in [ and {, recursive in everything else
    "nested arrays 31": Case(nested("[\n", "1", "]\n", 31), "load limit"),
    "nested arrays 100,000": Case(nested("[", "1", "]", 100_000), "load limit"),
    "nested objects": Case(nested('{"a":', "1", "}", 31), "load limit"),
    "nested arrays of objects": Case(nested('[{"a":', "1", "}]", 10), "load limit"),
    "nested comprehensions": Case(nested("[y | y := ", "1", "]", 33), "load limit"),
    "nested parentheses": Case(nested("(", "1", ")", 100_000), "load limit"),
    "nested calls": Case(nested("count(", "[]", ")", 40), "load limit"),
    "nested set( calls": Case(nested("set(", "", ")", 100_000), "load limit"),
    "signs": Case(nested("-\n", "1", "", 5000), "load limit"),
    "sums": Case("x := 1" + "\n+ 1" * 5000, "load limit"),
    "unions": Case("x := {1}" + "\n| {1}" * 19_000, "load limit"),
    "assignments": Case("x if a0" + "".join(f" = a{i}" for i in range(5000)), "load limit"),
    "memberships": Case("x if 1" + " in [1]" * 3000, "load limit"),
    "with modifiers": Case("x if true" + " with input.a as 1" * 3000, "load limit"),
    "dots": Case("x := input" + "\n.a" * 4000, "load limit"),
    "indexes": Case("x := input" + "\n[0]" * 15_000, "load limit"),
    "variables as indexes": Case("x if input.a" + "[i]" * 40, "load limit"),
    "many references with variables as indexes": Case(
        "".join(f"x if input{''.join(f'[v{i}_{j}]' for j in range(10))}\n" for i in range(5000)), "load limit"
    ),
    "statements": Case("x if {\n" + "".join(f"a{i} := input.b\n" for i in range(20_000)) + "}", "load limit"),
    "dependent statements": Case(
        "x if {\n" + "".join(f"a{i} = a{i + 1}\n" for i in range(2000)) + "a2000 = 1\n}", "load limit"
    ),
    "imports": Case("".join(f"import data.a{i}\n" for i in range(10_000)) + "x := 1", "load limit"),
    "else branches": Case(
        "x := 1 if input.a\n" + "".join(f"else := {i} if input.a{i}\n" for i in range(3000)), "undefined"
    ),
    "two megabytes": Case("# c\n" * 500_000 + "x := 1", "load limit"),
    "a line of 100,000 characters": Case(f'x := count("{"a" * 100_000}")', [100_000]),
    "a NUL that hides rules": Case("x := 1\0\nx := 2", "load syntax"),
    "a byte order mark": Case("\ufeffx := 1", "load syntax"),
    "an unterminated string": Case('x := "abc', "load syntax"),
    "a number of a thousand million digits": Case("x := 1e999999999", "load syntax"),
    # recursion
    "function recursion": Case("f(a) := f(a - 1)\nx := f(100000)", "load recursion"),
    "mutual recursion": Case("f(a) := g(a)\ng(a) := f(a)\nx := f(1)", "load recursion"),
    "rule recursion": Case("x if y\ny if x", "load recursion"),
    "recursion through data": Case("x := data.p[input.k]", "load recursion", {"k": "x"}),
    "recursion through a mock": Case("f(a) := g(a)\ng(a) := a\nx := y if y := f(1) with g as f", [1]),
    "a chain of 4,000 rules": Case(chain("rule", 4000), "load limit"),
    "a chain of 4,000 functions": Case(chain("function", 4000), "load limit"),
    "a chain of 15,000 rules": Case(chain("rule", 15_000), "load limit"),
    "a chain of 90 functions": Case(chain("function", 90), [1]),
    # time the engine's timer sees
    "an exponential comprehension": Case(
        f"x := count({{[a, b, c, d] | some a in {R}; some b in {R}; some c in {R}; some d in {R}}})", "limit"
    ),
    "an exponential every": Case(
        f"x if {{ every a in {R} {{ every b in {R} {{ every c in {R} {{ a + b + c > 0 }} }} }} }}", "limit"
    ),
    "a million prints": Case("x if { some i in numbers.range(1, 900000); print(i); i < 0 }", "limit"),
    # time it does not see
    "a tower of multiplications": Case(doubled("$ * $", 26, "99999999999") + "x := r26 > 1", "load limit"),
    "all paths of a dense graph": Case('x := count(graph.reachable_paths(input, {"1"}))', [597], CLIQUE),
    "a path of 20,000 vertices": Case(
        'x := graph.reachable_paths(input, {"0"})', "limit", {str(i): [str(i + 1)] for i in range(20_000)}
    ),
    "equality of exponential values": Case(
        doubled("[$, $]", 45, "[input]") + doubled("[$, $]", 45, "[input]").replace("r", "q") + "x if r45 == q45",
        "limit",
    ),
    "a product of many numbers": Case("x := product([n | some n in numbers.range(1000000000, 1000100000)])", "limit"),
    # memory
    "a range of a thousand million": Case("x := count(numbers.range(1, 1000000000))", "limit"),
    "a range to the smallest integer": Case("x := numbers.range(0, -9223372036854775808)", "limit"),
    "a stepped range": Case("x := count(numbers.range_step(1, 1000000000, 2))", "limit"),
    "addresses of a /8": Case('x := count(net.cidr_expand("10.0.0.0/8"))', "limit"),
    "addresses of an IPv6 /32": Case('x := count(net.cidr_expand("2001:db8::/32"))', "limit"),
    "a huge shift": Case("x := bits.lsh(1, 100000000)", "limit"),
    "a shift beyond 64 bits": Case("x := bits.lsh(1, 99999999999999999999)", "limit"),
    "a wide sprintf": Case('x := count(sprintf("%1000000000d", [1]))', [27]),
    "a precise sprintf": Case('x := count(sprintf("%.1000000000f", [1]))', [27]),
    "a wide sprintf by argument": Case('x := count(sprintf("%*d", [1000000000, 1]))', [13]),
    "many wide sprintfs": Case(f'x := count(sprintf("{"%900000d" * 100}", numbers.range(1, 100)))', "limit"),
    "doubled strings": Case(doubled('concat("", [$, $])', 28, '"aaaaaaaaaaaaaaaa"') + "x := count(r28)", "limit"),
    "doubled arrays": Case(doubled("array.concat($, $)", 28, "[1]") + "x := count(r28)", "limit"),
    "doubled encodings": Case("x := count(" + "hex.encode(" * 29 + '"aa"' + ")" * 30, "limit"),
    "replacements of replacements": Case('x := count(replace(input, "a", input))', "limit", "a" * 20_000),
    "many replacements": Case('x := count(strings.replace_n({"a": input}, input))', "limit", "a" * 20_000),
    "pattern replacements": Case('x := count(regex.replace(input, "a", input))', "limit", "a" * 20_000),
    "exponential JSON": Case(doubled("[$, $]", 40, "[1]") + "x := count(json.marshal(r40))", "limit"),
    "an exponential message": Case(doubled("[$, $]", 40, "[1]") + 'x := sprintf("%v", [r40])', "limit"),
    "an exponential result": Case(doubled("[$, $]", 40, "[1]") + "x := r40", "limit"),
    "a thousand million laughs": Case("x := count(json.marshal(yaml.unmarshal(input)))", ("builtin", "limit"), LAUGHS),
    # patterns
    "catastrophic backtracking": Case('x := regex.match("(a+)+$", input)', [False], "a" * 40_000 + "!"),
    "a pattern that grows": Case('x := regex.match("((a{100}){100}){100}", "a")', "limit"),
    "100,000 nested groups": Case('x := regex.match(input, "a")', "builtin", "(" * 100_000 + "a" + ")" * 100_000),
    "many globs": Case(
        "x := glob.match(input.glob, [], input.text)", [False], {"glob": "*a" * 3000, "text": "a" * 3000 + "b"}
    ),
    "nested globs": Case('x := glob.match(input, [], "a")', "panic", "{" * 5000 + "a" + "}" * 5000),
    # panics of the engine
    "an empty needle": Case('x := strings.count("abc", "")', [4]),
    "an empty array in an array": Case("x := object.subset([[1]], [])", [True]),
    "an empty array in an object": Case('x := object.subset({"a": [1]}, {"a": []})', [True]),
    "a time with a two-byte character": Case('x := time.parse_ns("ä", "2006")', ("builtin", "panic")),
    "a step of zero": Case("x := numbers.range_step(1, 2, 0)", "builtin"),
    # schemas that point elsewhere
    "a schema on the network": Case('x := json.match_schema({}, {"$ref": "http://127.0.0.1:9/x.json"})', "builtin"),
    "a schema in a file": Case('x := json.match_schema({}, {"$ref": "file:///etc/passwd"})', "builtin"),
    "a schema that is its own": Case('x := json.match_schema({}, {"$ref": "#"})', "builtin"),
    # reaching out
    "the network": Case('x := http.send({"method": "get", "url": "http://127.0.0.1:9/"})', "load refused"),
    "the environment": Case("x := opa.runtime()", "load refused"),
    "the clock": Case("x := time.now_ns()", "load refused"),
    # inputs
    "an input 20,000 deep": Case("x := input", "input", deep(20_000)),
    "an input 500 deep": Case("x := count([1 | walk(input, [_, _])])", [501], deep(500)),
    "JSON text 20,000 deep": Case("x := json.unmarshal(input)", "builtin", "[" * 20_000 + "]" * 20_000),
    "YAML text 20,000 deep": Case("x := yaml.unmarshal(input)", ("builtin", "limit"), "[" * 20_000 + "]" * 20_000),
    "an input that is no number": Case("x := input", "input", float("nan")),
    "a lone surrogate": Case("x := input", "input", "\ud800"),
    "an integer of 4,001 digits": Case('x := count(sprintf("%d", [input]))', [4001], 10**4000),
    "an integer of 10,000 digits": Case("x := input", "input", 10**9999),
    "a million values": Case("x := count(input)", [1_000_000], list(range(1_000_000))),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[WorkerEngine]:
    with WorkerEngine(deadline_s=0.5, memory_bytes=256 << 20) as engine:
        yield engine


@pytest.mark.parametrize("name", CASES)
def test_hostile(engine: WorkerEngine, name: str) -> None:
    case = CASES[name]
    started = time.monotonic()
    try:
        engine.load([RegoModule("p.rego", f"package p\n{case.text}\n")], {})
    except RegoError as error:
        outcome: object = f"load {error.kind}" if error.line else f"load {error.kind} without a place"
    else:
        (result,) = engine.evaluate(case.input, ["data.p.x"])
        outcome = result.kind if isinstance(result, RegoError) else [result]
    assert outcome in case.expected if isinstance(case.expected, tuple) else outcome == case.expected
    assert time.monotonic() - started < 6
