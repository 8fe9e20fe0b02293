"""From sources to an engine: the order of the checks, bounds on the text, and what a start costs."""

import time

import pytest

from scanner.packs.rego.engine import RegoError, RegoModule
from scanner.packs.rego.loader import MAX_SOURCE_BYTES, check_modules
from scanner.packs.rego.native import NativeEngine, available, binding

pytestmark = pytest.mark.skipif(available() is not None, reason=f"no native Rego engine: {available()}")


def faults(*texts: str) -> list[str]:
    """Return "kind text" for each fault of a set of modules."""
    modules = [RegoModule(f"{index}.rego", text) for index, text in enumerate(texts)]
    return [f"{error.kind} {error}" for error in check_modules(modules)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "syntax 0.rego:1:1: "),
        ("package p\nx := [1, 2", "syntax 0.rego:2:11: "),
        ("package p\nx := 1\0\ndeny contains 1", "syntax 0.rego:2:7: NUL character"),
        ("package p\nx := " + "[" * 13 + "]" * 13, "limit 0.rego:2:18: limit exceeded: 13 open [ and {"),
        ("package p\nx := " + "(" * 33 + "1" + ")" * 33, "limit 0.rego:2:38: limit exceeded: 33 open brackets"),
        ("package p\nx := " + "- " * 9 + "1", "limit 0.rego:2:22: limit exceeded: 9 minus signs in a row"),
        ("package p\nx := 1" + " + 1" * 600, "limit 0.rego:2:2004: limit exceeded: 501 operators in one expression"),
        ("package p\nx := input" + "[0]" * 600, "limit 0.rego:2:1508: limit exceeded: 501 operators in one expression"),
        ("package p\nx := " + "set(" * 40 + ")" * 40, "limit 0.rego:2:134: limit exceeded: 33 nested calls of set"),
        (
            "package p\nx if input" + "[i].a" * 11,
            "limit 0.rego:2:63: limit exceeded: 11 variables as indexes of one reference",
        ),
        ("package p\n" + "import data.a\n" * 600, "limit 0.rego:502:1: limit exceeded: 501 imports"),
        (
            "package p\nx := [" + ",".join(["[[[[[[[[1]]]]]]]]"] * 300) + "]",
            "limit 0.rego:2:1040: limit exceeded: nested brackets make the module too costly to parse",
        ),
        (
            "package p\nx if {\n" + "\ta := b\n" * 1100 + "}",
            "limit 0.rego:1103:1: limit exceeded: too many statements in one body",
        ),
        (
            "package p\n# " + "c" * MAX_SOURCE_BYTES,
            f"limit 0.rego:1:1: {MAX_SOURCE_BYTES + 12} bytes of source; at most",
        ),
        ("package p\nx := 1 # \ud800", "syntax 0.rego:1:1: the text holds a lone surrogate"),
        ("package p\nx if y == 1", "unsafe 0.rego:2:6: use of undefined variable `y` is unsafe"),
        ("package p\nx := nofn(1)", "unknown-function 0.rego:2:6: unknown function nofn"),
    ],
)
def test_every_bound_and_check_has_a_place(text: str, fault: str) -> None:
    found = faults(text)
    assert found
    assert found[0].startswith(fault)


def test_usual_modules_are_far_from_the_bounds() -> None:
    table = ",\n".join(f'\t"k{index}": {{"a": [1, 2], "b": {{"c": {index}}}}}' for index in range(1500))
    body = "\n".join(f"\tinput.a.b.c{index} == {index} + 1" for index in range(400))
    assert faults(f"package p\ntable := {{\n{table}\n}}\nx if {{\n{body}\n}}\n") == []


def test_all_broken_modules_are_named() -> None:
    assert [fault.split(":")[0] for fault in faults("package a\nx :=", "package b\ny := 1", "package c\nz ==")] == [
        "syntax 0.rego",
        "syntax 2.rego",
    ]


def test_an_unsafe_module_does_not_hide_behind_the_others() -> None:
    good = "package a\nx := 1"
    assert [fault.split(":")[0] for fault in faults(good, "package b\ny := z", good, "package c\nw := v")] == [
        "unsafe 1.rego",
        "unsafe 3.rego",
    ]


def test_what_is_checked_is_the_module_as_the_engine_reads_it() -> None:
    assert (
        faults('package p\nx := $"{input.a} and {count(input.b)}"\ny := crypto.sha256("a")\nz := input.package.default')
        == []
    )
    assert faults('package p\n\nx := $"{nofn(1)}"')[0].startswith("unknown-function 0.rego:3:9: unknown function nofn")


def test_unchecked_loading_still_parses_and_analyses() -> None:
    engine = NativeEngine(check=False)
    engine.load([RegoModule("p.rego", 'package p\nx := crypto.md5("a")\ny if input.no == nofn(1)')], {})
    assert engine.evaluate({}, ["data.p.x"]) == ["0cc175b9c0f1b6a831c399e269772661"]
    for text in ("package p\nx :=", "package p\nx if y == 1", "package p\nx := " + "[" * 13):
        with pytest.raises(RegoError):
            engine.load([RegoModule("p.rego", text)], {})


def deepest(nest: str) -> str:
    """Return `1` in as many collections as one point of a module may be in."""
    value = "1"
    while (nest % value).count("[") + (nest % value).count("{") <= 12:
        value = nest % value
    return value


def is_accepted(text: str) -> bool:
    try:
        binding().precheck(text)
    except binding().RegoError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("nest", ["[%s]", '{"a": %s}', "{%s}", '[{"a": %s}]'])
def test_parsing_at_the_bounds_takes_seconds_at_most(nest: str) -> None:
    """The bound on cost is what keeps the parser's backtracking in check: fill it, then parse."""
    statement = f"x contains {deepest(nest)}\n"
    count = next(count for count in range(1, 10_000) if not is_accepted("package p\n" + statement * count))
    start = time.thread_time()
    engine = binding().Engine()
    engine.add_policy("p.rego", "package p\n" + statement * (count - 1))
    assert time.thread_time() - start < 4.0
