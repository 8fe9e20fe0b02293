"""Thousands of mutated modules through the whole of the native engine, in a process that must not die.

Run as a script it is that process: `python test_fuzz.py ROOT FIRST COUNT` tries the seeds one after the other and
writes each before it starts, so that a crash names its seed.
"""

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

DEADLINE_S = 0.1
SEEDS = 8_000

MODULES = (
    """package p
import data.lib.names as lib
default allow := false
allow if { input.user == "admin"; not lib.denied[input.user] }
deny contains {"message": message, "at": at} if {
	some index, container in input.containers
	container.privileged == true
	message := sprintf("%d: %s (%v)", [index, container.name, object.get(container, ["a", "b"], null)])
	at := array.concat(["spec"], [sprintf("%d", [index])])
}
x := {name: count(list) | some name, list in input.lists; count(list) > 1}
y := [n | some n in numbers.range(1, 20); n % 2 == 0; every m in [2, 3] { n != m }]
z := regex.replace(lower(input.text), `[^a-z0-9]+`, "-")
""",
    """package p
x := f(input.a) + g(2, 3) * -1
f(n) := n if n > 0 else := 0 if n == 0 else := -n
g(a, b) := a - b
y[k] := v if { v := input.o[k]; walk(input, [path, v]); count(path) == 2 }
z contains [a, b] if { some a in {1, 2}; some b in {"x", "y"}; [a, b] != [1, "y"] }
deny := v if { v := input.a with input.a as 5 }
allow := json.marshal({"set": {3, 1, 2}, "text": `raw\\n`, "n": 1.5e3, "u": "ä😀"})
""",
    """package p
x := $"{input.a} of {count(input.lists)}"
y := crypto.sha256(input.text)
z := net.cidr_contains("10.0.0.0/8", input.ip)
deny contains m if { m := strings.render_template("{{.a}}", {"a": input.a}) }
allow if {
	units.parse_bytes("10Mi") > 1; time.parse_rfc3339_ns("2026-01-01T00:00:00Z") > 0
	semver.compare("1.2.3", "1.2.4") == -1
}
w := graph.reachable({"a": ["b"], "b": []}, {"a"}) | {"c"} & {"c", "d"}
v := json.patch({"a": [1]}, [{"op": "add", "path": "/a/-", "value": yaml.unmarshal("b: [1, 2]")}])
u := glob.match("*.{png,jpg}", ["."], input.text)
""",
)
PIECES = (
    *'[](){},:;=|&-+*/%.\n\t"`$\\#\0_äx',
    *("\U0001f600", "\ufeff", "\ud7ff", ":=", "==", "some ", "every ", "in ", "not ", "if ", "else ", "with ", "as "),
    *("default ", "contains ", "import ", "package ", "future.keywords", "rego.v1", "null", "true", "input", "data"),
    *("data.p", "set()", "set(", "f(", "count(", "walk(", "print(", "sprintf(", "http.send(", '"%*d"', ' $"{'),
    *("1e308", "-9223372036854775808", "99999999999999999999", "0.1", "numbers.range(0, 1000000000)"),
    *("[_]", "[i]", "{k: v | ", "[y | "),
)
DOCUMENT = {
    "user": "eve", "a": 5, "text": "A photo.png, ä", "ip": "10.1.2.3", "o": {"k": 1, "l": {"m": 2}},
    "containers": [{"name": "web", "privileged": True}, {"name": "db"}], "lists": {"one": [1], "two": [1, 2]},
}  # fmt: skip
NAMES = ("allow", "deny", "x", "y", "z", "w")


def mutated(seed: int) -> str:
    """Return a module with a few chance changes, at the seams of words and signs."""
    chance = random.Random(seed)
    tokens = re.findall(r"\w+|\s+|[^\w\s]", chance.choice(MODULES))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 8))):
        at = chance.randrange(len(tokens))
        alike = [token for token in tokens if token[:1].isalnum() == tokens[at][:1].isalnum() and not token.isspace()]
        other = chance.randrange(len(tokens))
        piece = chance.choice(PIECES) * chance.choice((1, 1, 1, 2, 9, 40))
        change = chance.randrange(10)
        if change < 5 and not tokens[at].isspace():
            tokens[at] = chance.choice(alike)
        elif change < 6:
            del tokens[at : at + chance.choice((1, 1, 2, 5))]
        elif change < 7:
            tokens.insert(at, piece)
        elif change < 8:
            tokens[at] = piece
        elif change < 9:
            tokens[at:at] = tokens[other : other + chance.choice((1, 5, 20))]
        else:
            tokens[at:at] = tokens[at : at + chance.choice((1, 3, 9))] * chance.choice((1, 3))
        tokens = tokens or [" "]
    return "".join(tokens)


def run(first: int, count: int) -> None:
    """Try the seeds; writes each, and at the end what became of them."""
    from scanner.packs.rego.engine import RegoError, RegoModule
    from scanner.packs.rego.native import NativeEngine

    engine = NativeEngine(deadline_s=DEADLINE_S)
    library = RegoModule("lib.rego", 'package lib.names\ndenied := {"eve"}\n')
    refused = valued = failed = 0
    for seed in range(first, first + count):
        print(seed, flush=True)
        started = time.monotonic()
        try:
            engine.load([library, RegoModule("p.rego", mutated(seed))], {"estate": {}})
        except RegoError:
            refused += 1
            continue
        for outcome in engine.evaluate(DOCUMENT, [f"data.p.{name}" for name in NAMES]):
            failed += isinstance(outcome, RegoError)
            valued += not isinstance(outcome, RegoError)
        if time.monotonic() - started > 10 * DEADLINE_S:
            raise TimeoutError(f"seed {seed} took {time.monotonic() - started:.1f} s")
    print(f"refused {refused} valued {valued} failed {failed}", flush=True)


@pytest.mark.slow
def test_mutated_modules_end_in_a_value_or_an_error() -> None:
    from scanner.packs.rego.native import available

    if available() is not None:
        pytest.skip(f"no native Rego engine: {available()}")
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, __file__, str(root), "0", str(SEEDS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    *seeds, last = done.stdout.split("\n")[:-1]
    assert done.returncode == 0, (
        f"the process ended with status {done.returncode} at seed {last}: {done.stderr[-2000:]}"
    )
    counts = dict(zip(last.split()[::2], map(int, last.split()[1::2]), strict=True))
    assert len(seeds) == SEEDS
    # The mutations are worth something only while a good part is still a module.
    assert SEEDS // 3 < counts["refused"] < SEEDS * 0.95
    assert counts["valued"] > 500
    assert counts["failed"] > 100


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    run(int(sys.argv[2]), int(sys.argv[3]))
