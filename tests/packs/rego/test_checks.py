"""The static checks: each finds what it is for, with its place, and leaves good modules alone."""

import json
import subprocess
import sys
from bisect import bisect_left
from pathlib import Path

import pytest

from scanner.packs.rego.checks import MAX_CHAIN, MAX_PRODUCTS, REFUSED, check_outlines
from scanner.packs.rego.engine import KINDS, RegoError
from scanner.packs.rego.native import available, binding

pytestmark = pytest.mark.skipif(available() is not None, reason=f"no native Rego engine: {available()}")


def check(*texts: str, data_roots: tuple[str, ...] = (), entrypoints: tuple[str, ...] = ()) -> list[str]:
    """Return "kind file:line:column: reason" for each fault; a text without package belongs to `p`."""
    engine = binding().Engine()
    for index, text in enumerate(texts):
        source = text if text.startswith("package ") else f"package p\n{text}"
        engine.add_policy(f"{index}.rego", source + "\n")
    errors = check_outlines(engine.modules(), dict(binding().builtins()), data_roots, entrypoints)
    assert all(isinstance(error, RegoError) and error.kind in KINDS for error in errors)
    return [f"{error.kind} {error}" for error in errors]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x if { input.no; nofn(1) }", "unknown-function 0.rego:2:18: unknown function nofn"),
        ("x if other.place.fn(1)", "unknown-function 0.rego:2:6: unknown function other.place.fn"),
        ("x := [1 | data.lib.f(1)]", "unknown-function 0.rego:2:11: unknown function data.lib.f"),
        ("import data.q as lib\nx if lib.f(1)", "unknown-function 0.rego:3:6: unknown function lib.f"),
        ("x if { input.no; startswith(1) }", "arity 0.rego:2:18: startswith takes 2 arguments, not 1"),
        ("f(a) := a\nx if { input.no; f(1, 2, 3) }", "arity 0.rego:3:18: f takes 1 arguments, not 3"),
        ("y := 1\nx if y(1)", "arity 0.rego:3:6: y is a rule, not a function"),
        ("x if not y == 1", "unsafe 0.rego:2:10: var y is unsafe: nothing binds it"),
        ("x if not input.a[_] == 1", "unsafe 0.rego:2:18: var _ is unsafe: nothing binds it"),
        (
            'x if { input.a; not startswith(y, "a") }',
            "unsafe 0.rego:2:32: var y is unsafe: nothing binds it",
        ),
        ("x := y", "unsafe 0.rego:2:6: var y is unsafe: nothing binds it"),
        ("x := [y | input.a]", "unsafe 0.rego:2:7: var y is unsafe: nothing binds it"),
        ("x contains [y, 1] if input.a", "unsafe 0.rego:2:13: var y is unsafe: nothing binds it"),
        ("x := 1 if input.a else := y", "unsafe 0.rego:2:27: var y is unsafe: nothing binds it"),
        ("f(x) := f(x - 1)", "recursion 0.rego:2:1: recursion: data.p.f -> data.p.f"),
        ("f(x) := g(x)\ng(x) := f(x)", "recursion 0.rego:2:1: recursion: data.p.f -> data.p.g -> data.p.f"),
        ("x := y\ny := [z | z := x]", "recursion 0.rego:2:1: recursion: data.p.x -> data.p.y -> data.p.x"),
        ("x := data.p[input.key]", "recursion 0.rego:2:1: recursion: data.p.x -> data.p.x"),
        ("x := data[input.key].x", "recursion 0.rego:2:1: recursion: data.p.x -> data.p.x"),
        ("import data.p.x as other\nx := other", "recursion 0.rego:3:1: recursion: data.p.x -> data.p.x"),
        ("x := data", "recursion 0.rego:2:1: recursion: data.p.x -> data.p.x"),
    ],
)
def test_faults_have_kind_and_place(text: str, fault: str) -> None:
    assert check(text) == [fault]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_built_ins_that_reach_out_are_refused_with_the_reason(name: str) -> None:
    (fault,) = check(f'x if {name}("a")')
    assert fault == f"refused 0.rego:2:6: {name} is refused: {REFUSED[name]}"


@pytest.mark.parametrize(
    "text",
    [
        "f(a) := count(a)\nx := f([1])",
        "f(a) := 1 if a == 1\nf(a) := 2 if a == 2\nx := f(f(1))",
        "x := n if { count([1], n) }",
        "x := n if { f(1, n) }\nf(a) := a",
        "x if walk(input, [path, value])",
        'x if print("a", 1, [])',
        "names := [1]\ng(names) := count(names)\nx := g(names)",
        "x if { y := 2; not y == 1 }",
        "x if { some i; input.a[i] == 1; not input.b[i] }",
        "x if { some [a, _] in input.pairs; not a == 1 }",
        "f(a) if not a == 1\nx if f(2)",
        "x contains y if { y := input.a[_]; not y in other }\nother := {1}",
        "x if { every k, v in input.o { not k == v } }",
        "x if { not any_bad }\nany_bad if input.list[_] == 1",
        "x contains input.a[i]",
        "x[i] := input.a[i].b",
        "x := {k: v | v := input.o[k]}",
        "x := [input.a[i] | input.b[i]]",
        "x := [y | [y, _] = input.a[_]]",
        "x := y if { some y in input.a } else := 2",
        'f([a, {"k": b}]) := a + b',
        "x if not [1 | input.list[_] == 1] == []",
        "default f(_) := 1\nf(a) := 2 if a > 1\nx := f(1)",
        "import data.lib.name as input_name\nx := input_name",
        "import rego.v1\nx if count([1]) == 1",
        'x if upper(y) == "A" with y as "a"\ny := "b"',
        "deny contains m if some m in input.list\nx := deny[_]",
        "a.b.c := 1\nx := a.b.c",
        'x := data["odd name"].y',
        "x := data[2]",
    ],
)
def test_good_modules_pass(text: str) -> None:
    assert check(text) == []


def test_names_are_resolved_across_modules_and_imports() -> None:
    library = 'package lib.names\nlower_all(list) := [lower(name) | some name in list]\nreserved := {"kube-system"}'
    good = (
        "package p\nimport data.lib.names\nimport data.lib.names.lower_all as low\n"
        'x := names.lower_all(["A"])\ny := low(["A"])\nz := data.lib.names.lower_all(["A"])\n'
        "w if not names.reserved[input.a]"
    )
    assert check(library, good) == []
    assert check(library, 'package p\nimport data.lib.names\nx := names.lower_all("A", "B", "C")') == [
        "arity 1.rego:3:6: names.lower_all takes 1 arguments, not 3"
    ]
    assert check("package p\nx := y", "package p\ny := data.q.z", "package q\nz := data.p.x") == [
        "recursion 0.rego:2:1: recursion: data.p.x -> data.p.y -> data.q.z -> data.p.x"
    ]


@pytest.mark.parametrize("kind", ["rule", "function"])
def test_chains_are_bounded(kind: str) -> None:
    def chain(length: int) -> str:
        if kind == "rule":
            return "".join(f"r{i} := r{i + 1}\n" for i in range(length - 1)) + f"r{length - 1} := 1"
        return "".join(f"r{i}(a) := r{i + 1}(a)\n" for i in range(length - 1)) + f"r{length - 1}(a) := a"

    assert check(chain(MAX_CHAIN)) == []
    assert check(chain(MAX_CHAIN + 20)) == [
        f"limit 0.rego:21:1: data.p.r19 needs a chain of more than {MAX_CHAIN} rules and functions"
    ]


def test_a_very_long_chain_needs_no_deep_stack() -> None:
    faults = check("".join(f"r{i} := r{i + 1}\n" for i in range(20_000)) + "r20000 := 1")
    assert len(faults) == 2
    assert "needs a chain of more than" in faults[0]
    assert "KB of stack" in faults[1]


LINKS = {
    "call": "r$(a) := r€(a)",
    "body": "r$(a) := y if { y := r€(a) }",
    "loops": "r$(a) := y if { some b in [a]; some c in [b]; some d in [c]; some e in [d]; y := r€(e) }",
    "indexes": "r$(a) := y if { y := r€([[[a]]][_][_][_]) }",
    "comprehensions": "r$(a) := [c | c := [d | d := [e | e := r€(a)][0]][0]][0]",
    "everys": "r$(a) := 1 if { every b in [a] { every c in [b] { every d in [c] { r€(d) == 1 } } } }",
    "negations": "r$(a) := 1 if { not r€(a) == 2 }",
    "operators": "r$(a) := " + "(" * 25 + "r€(a)" + " + 0)" * 25,
    "unions": "r$(a) := 1 if { x := {r€(a)}" + " | {1}" * 60 + " }",
    "arrays": "r$(a) := " + "[" * 5 + "r€(a)" + "]" * 5 + "[0]" * 5,
    "objects": "r$(a) := " + '{"k": ' * 5 + "r€(a)" + "}" * 5 + ".k" * 5,
    "built-ins": "r$(a) := " + "abs(" * 25 + "r€(a)" + ")" * 25,
    "mocks": "r$(a) := y if { y := r€(a) with input.q as 1 with data.q as 2 }",
    "else": "r$(a) := 2 if a == 5 else := 3 if a == 6 else := r€(a)",
    "rules": "r$ := v if { some w in [r€]; v := w }",
    "partial objects": "r$[k] := v if some k, v in r€",
}
"""One link of a chain each: `$` is its number, `€` that of the next."""


def linked(link: str, length: int) -> str:
    """Return `x`, which needs a chain of links and an expression with many operators and calls at its end."""
    links = "\n".join(link.replace("$", str(i)).replace("€", str(i + 1)) for i in range(length))
    last = link.replace("$", str(length)).partition(":=" if ":=" in link else "contains")[0].partition(" if ")[0]
    leaf = '{"k": 1}' if "[k]" in last else "abs(" * 25 + "1" + " + 0" * 300 + ")" * 25
    start = "r0(1)" if "(a)" in link else "r0"
    return f"{links}\n{last.replace('[k]', '')} := {leaf}\nx := {start}\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", LINKS)
def test_what_passes_the_checks_runs_in_two_megabytes_of_stack(name: str) -> None:
    length = bisect_left(range(1, 99), True, key=lambda length: bool(check(linked(LINKS[name], length))))
    code = (
        "import sys, threading; sys.path.insert(0, sys.argv[1])\n"
        "from scanner.packs.rego.native import NativeEngine\n"
        "from scanner.packs.rego.engine import RegoModule, RegoError\n"
        "def run():\n"
        "    engine = NativeEngine()\n"
        "    engine.load([RegoModule('p.rego', 'package p\\n' + sys.stdin.read())], {})\n"
        "    print(type(engine.evaluate({}, ['data.p.x'])[0]).__name__)\n"
        "threading.stack_size(2 << 20)\n"
        "thread = threading.Thread(target=run); thread.start(); thread.join()\n"
    )
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        [sys.executable, "-c", code, root],
        input=linked(LINKS[name], length),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) in ((0, "int"), (0, "dict")), f"{length} links: {done.stderr[-500:]}"


def test_multiplications_in_a_row_are_bounded() -> None:
    def tower(height: int) -> str:
        return "r0 := input.a\n" + "".join(f"r{i + 1} := r{i} * r{i}\n" for i in range(height))

    calls = "f(" * (MAX_PRODUCTS + 1) + "2" + ")" * (MAX_PRODUCTS + 1)
    assert check(tower(MAX_PRODUCTS)) == []
    first = f"limit 0.rego:{MAX_PRODUCTS + 3}:1: data.p.r{MAX_PRODUCTS + 1}"
    assert check(tower(MAX_PRODUCTS + 5)) == [f"{first} multiplies more than {MAX_PRODUCTS} times in a row"]
    assert [fault.split()[0] for fault in check(f"f(a) := a * a\nx := {calls}")] == ["limit"]
    units = 'units := {"Ki": 1024, "Gi": 1024 * 1024 * 1024, "Ti": 1024 * 1024 * 1024 * 1024}\n' * 1
    assert check(units + "".join(f"x{i} := input.n * {i}\n" for i in range(50))) == []


def test_entry_points_must_exist() -> None:
    assert check("deny contains 1", entrypoints=("data.p.deny",)) == []
    assert check("deny contains 1", entrypoints=("data.p.warn",)) == [
        "entrypoint no module defines the entry point data.p.warn"
    ]


def test_data_must_not_cover_packages() -> None:
    assert check("package estate.rules\nx := 1", data_roots=("inventory", "estate")) == [
        "conflict 0.rego:1:1: package estate.rules lies below data.estate, which holds base data"
    ]
    assert check("package estates\nx := 1", data_roots=("estate",)) == []


def test_every_fault_is_reported_not_only_the_first() -> None:
    faults = check("x if { nofn(1); count() }\ny := y\nz if http.send({})", "package q\nw := other(1)")
    assert [fault.split(":")[0] for fault in faults] == [
        "unknown-function 0.rego",
        "arity 0.rego",
        "refused 0.rego",
        "unknown-function 1.rego",
        "recursion 0.rego",
    ]


@pytest.mark.slow
def test_conformance_modules_are_not_accused(corpus: Path) -> None:
    """OPA accepts these modules; only what the engine lacks, what we refuse, and the nesting bound may be found."""
    from scanner.packs.rego.engine import RegoModule
    from scanner.packs.rego.loader import check_modules

    accused = []
    for path in sorted((corpus / "rego-conformance" / "v1").rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            if "want_result" not in case or not case.get("modules"):
                continue
            modules = [RegoModule(f"{index}.rego", text) for index, text in enumerate(case["modules"])]
            errors = check_modules(modules)
            accused += [
                (case["note"], str(error)) for error in errors if error.kind in ("recursion", "arity", "conflict")
            ]
            accused += [(case["note"], str(e)) for e in errors if e.kind == "unsafe" and "nothing binds it" in e.reason]
    assert accused == []
