"""The rewrite of sources: what comes out, that lines stay, and that errors find the way back."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.packs.rego.rewrite import restore, rewrite
from tests.packs.rego.outcomes import probes

PLAIN = """package a.b

import rego.v1

# must not be privileged; walk through -all of it, if.any
deny contains {"message": message} if {
	some container in input.views.containers
	not container.spec.securityContext.runAsNonRoot
	not allowed.proxy
	message := sprintf("container %q may run as root - which is not allowed", [container.name])
}

allowed contains "proxy" if input.resource.attributes["in"] == 3 - 1
"""


def body(text: str) -> str:
    """Return what becomes of the lines behind a package statement."""
    return rewrite(f"package a\n{text}").removeprefix("package a\n")


def test_a_module_that_needs_nothing_is_the_same_object() -> None:
    assert rewrite(PLAIN) is PLAIN


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('p := $"a{x}b"', 'p := internal.template_string(["a", {bulkhead__ | bulkhead__ := x}, "b"])'),
        (r'p := $"\{x} \"\\"', r'p := internal.template_string(["{x} \"\\"])'),
        (
            "p := $`a\n{x}`",
            "p := internal.template_string([`a\n`, {bulkhead__ | bulkhead__ := x}, ``])",
        ),
        (
            'p := $"{$"{x}"}"',
            'p := internal.template_string(["", {bulkhead__ | bulkhead__ := internal.template_string(["", '
            '{bulkhead__ | bulkhead__ := x}, ""])}, ""])',
        ),
        ('p := $"{{"a": 1}}"', 'p := internal.template_string(["", {bulkhead__ | bulkhead__ := {"a": 1}}, ""])'),
        ('p := "$" # $"{x}"', 'p := "$" # $"{x}"'),
    ],
)
def test_template_strings(text: str, wanted: str) -> None:
    assert body(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("p := input.if.in.x", 'p := input["if"]["in"].x'),
        ("p := input[0].not", 'p := input[0]["not"]'),
        ("foo.as := 1", 'foo["as"] := 1'),
        ("some.foo := 1", "keyword__some.foo := 1"),
        ("default some.foo(_) := 1", "default keyword__some.foo(_) := 1"),
        ("lib.contains(x) := x", "lib.keyword__contains(x) := x"),
        ("p := data.lib.contains(1)", "p := data.lib.keyword__contains(1)"),
        ("import data.a.if.b as c", 'import data.a["if"].b as c'),
        ('p := "input.if" # input.if', 'p := "input.if" # input.if'),
        ("p := input.iffy.inner", "p := input.iffy.inner"),
    ],
)
def test_keywords_in_references(text: str, wanted: str) -> None:
    assert body(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import future.keywords.in\np := 1", "\np := 1"),
        ("import future.keywords # all\np := 1", " # all\np := 1"),
        ("import future.keywords.in as isin", "import future.keywords.in as isin"),
        ("import rego.v1", "import rego.v1"),
    ],
)
def test_needless_imports(text: str, wanted: str) -> None:
    assert body(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("p if crypto.md5(x, y)", "p if crypto.md5(x) = y"),
        ("p := crypto.md5(x)", "p := crypto.md5(x)"),
        ("p if net.cidr_intersects(\n\ta,\n\tb,\n\t[c, d],\n)", "p if net.cidr_intersects(\n\ta,\n\tb) =\n\t[c, d]\n"),
        ("import data.lib.crypto\np if crypto.md5(x, y)", "import data.lib.crypto\np if crypto.md5(x, y)"),
        ("p if { [a, b] := walk(x) }", "p if { [a, b] := [bulkhead__ | walk(x, bulkhead__)][_] }"),
        ("p if walk(x, [a, b])", "p if walk(x, [a, b])"),
        ("p := walk(x)[1]", "p := [bulkhead__ | walk(x, bulkhead__)][_][1]"),
        ("p := -x.y[0].z + 1", "p := (0 -x.y[0].z) + 1"),
        ("p := 3 - -f(x)", "p := 3 - (0 -f(x))"),
        ("p := [1, -x, -1, a -b]", "p := [1, (0 -x), -1, a -b]"),
    ],
)
def test_calls(text: str, wanted: str) -> None:
    assert body(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("p if { not f(a.b) }", "p if { negated__0_0 = a.b; not f(negated__0_0) }"),
        ("p if not f(a.b)", "p if { negated__0_0 = a.b; not f(negated__0_0) }"),
        ("p if not a.b in {1}", "p if { negated__0_0 = a.b; not negated__0_0 in {1} }"),
        ("p := 1 if not a.b > 1\nelse := 2", "p := 1 if { negated__0_0 = a.b; not negated__0_0 > 1 }\nelse := 2"),
        ("p if { x := a; not f(x) }", "p if { x := a; not f(x) }"),
        ("q := a.b\np if not f(q)", "q := a.b\np if { negated__0_0 = q; not f(negated__0_0) }"),
        ("p if not a.b == c.d", "p if not a.b == c.d"),
        ("p if not count(a.b) == 1", "p if { negated__0_0 = count(a.b); not negated__0_0 == 1 }"),
        ("p if not a[b.c].d == 1", "p if { negated__0_0 = b.c; not a[negated__0_0].d == 1 }"),
        ("p if { not a.b; c }", "p if { not a.b; c }"),
        ("p if not f(a.b) with input as 1", "p if not f(a.b) with input as 1"),
        ("p if { not f(a[i]) }", "p if { not f(a[i]) }"),
        (
            "p if { some i; a[i].c; not f(a[i].b) }",
            "p if { some i; a[i].c; negated__0_0 = a[i].b; not f(negated__0_0) }",
        ),
        ("p if { not f(a[_].b) }", "p if { not f(a[_].b) }"),
        ("p if {\n\tnot f(\n\t\ta.b,\n\t)\n}", "p if {\n\tnegated__0_0 = a.b; not f(\n\t\tnegated__0_0,\n\t)\n}"),
        (
            "p if {\n\tnot f({\n\t\t1: a.b,\n\t})\n}",
            "p if {\n\tnegated__0_0 = { 1: a.b, }; not f(negated__0_0\n\n)\n}",
        ),
        ("p if { not (a.b > 1) }", "p if { negated__0_0 = a.b; not (negated__0_0 > 1) }"),
        (
            "p if { not count([x | some x in y; not f(x.a)]) > 1 }",
            "p if { negated__0_0 = count([x | some x in y; negated__1_0 = x.a; not f(negated__1_0)]); "
            "not negated__0_0 > 1 }",
        ),
    ],
)
def test_operands_of_negations(text: str, wanted: str) -> None:
    assert body(text) == wanted


def test_metadata_becomes_a_constant() -> None:
    text = "# METADATA\n# title: T\n# custom:\n#   level: 3\np := rego.metadata.rule()\nq := rego.metadata.rule()"
    assert body(text).splitlines()[4:] == ['p := {"scope": "rule", "title": "T", "custom": {"level": 3}}', "q := {}"]


def test_a_chain_of_metadata_reads_the_other_modules() -> None:
    text = "package a.b\np := rego.metadata.chain()"
    other = "# METADATA\n# scope: subpackages\n# title: Around\npackage a\n"
    assert rewrite(text) is text
    assert rewrite(text, [text, other]) == (
        'package a.b\np := [{"path": ["a", "b", "p"]}, '
        '{"path": ["a"], "annotations": {"scope": "subpackages", "title": "Around"}}]'
    )


@pytest.mark.parametrize(
    "text",
    [
        'package a\np := $"{x',
        "package a\np := $`{x}",
        'package a\np := "a\n" if not f(a.b)',
        "package a\np if { not f(a.b }",
        "package a\n# METADATA\n# - a\n# b: [\np := rego.metadata.rule()",
        "package a\np if { not f(" + "[" * 100 + "a.b" + "]" * 100 + ") }",
    ],
)
def test_what_is_no_rego_is_left_alone(text: str) -> None:
    assert rewrite(text) == text


@pytest.mark.parametrize(
    ("line", "shown", "meant"),
    [
        ('p := $"é{foo(1)}"', "foo(1)", "foo(1)"),
        ("\tp := [input.if.x, foo(1)]", "foo(1)", "foo(1)"),
        ("p if { not f(a.b); foo(1) }", "foo(1)", "foo(1)"),
        ("p if { not f(a.b) }", "f(negated__0_0)", "f(a.b)"),
        ("p if { not f(a.b) }", "negated__0_0 =", "not"),
        ("p := -x + foo(1)", "foo(1)", "foo(1)"),
    ],
)
def test_the_way_back_from_a_place(line: str, shown: str, meant: str) -> None:
    text = f"package a\n{line}\n"
    changed = rewrite(text).splitlines()[1]
    # The engine counts bytes, and a tab as four.
    column = len(changed[: changed.index(shown)].encode()) + 3 * changed[: changed.index(shown)].count("\t") + 1
    assert restore(text, 2, column) == (2, line.index(meant) + 1)


def test_the_way_back_in_a_module_that_was_not_changed() -> None:
    assert restore('package a\n\tp := "é" + foo(1)', 2, 17) == (2, 13)
    assert restore("package a", 7, 40) == (7, 10)


def test_all_probes_keep_their_lines_and_can_be_rewritten_again() -> None:
    for probe in probes():
        changed = rewrite(probe.text)
        assert changed.count("\n") == probe.text.count("\n"), probe.name
        assert rewrite(changed) == changed, probe.name


WORDS = st.sampled_from(
    (
        *('$"', '"', "$`", "`", "{", "}", "(", ")", "[", "]", "not", "walk(", "-", "a.b", "x", "_", "if", "some", "in"),
        *("==", ">", ",", ";", "\n", "# c", "input.if", "crypto.md5(", "import", "future.keywords.in", "\\", "é", "|"),
        *("package", "default", "with", "else", ":=", "=", "1", '"s"', ".", " ", "# METADATA\n# title: x\n"),
        "rego.metadata.rule()",
    )
)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_any_words_keep_their_lines(text: str) -> None:
    changed = rewrite(f"package a\n{text}", [])
    assert changed.count("\n") == text.count("\n") + 1
    for line in range(1, changed.count("\n") + 2):
        restore(f"package a\n{text}", line, 12, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "package a\np if { " + "not f(a.b); " * 20_000 + "}",
        "package a\np if { " + "not " * 60_000 + "}",
        "package a\np if { " + "not [not {" * 30_000,
        "package a\np := " + "walk(" * 50_000,
        "package a\np := " + '$"{' * 50_000,
        "package a\np if not f(" + "a.b, " * 50_000 + ")",
        "package a\np := [" + "-a, " * 50_000 + "]",
        "package a\n" + "# METADATA\n# title: x\np := rego.metadata.rule()\n" * 2_000,
    ],
)
def test_the_time_grows_with_the_text_only(text: str) -> None:
    start = time.process_time()
    rewrite(text)
    assert time.process_time() - start < 10.0
