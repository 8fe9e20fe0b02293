# ruff: noqa: E501  # a case is one line
from pathlib import Path

import pytest

from .trees import faults

_HEAD = "var t = 'x'\nvar n = 1\nvar b = true\nvar a = [1]\nvar o = { k: 1 }\nparam p string\nparam q string?\nparam any_ any\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!t", "'!' needs a bool, not a string"),
        ("-b", "'-' needs an int, not a bool"),
        ("t + 'y'", "'+' needs an int, not a string; texts are joined by '${…}'"),
        ("n * a", "'*' needs an int, not an array"),
        ("b && n", "'&&' needs a bool, not an int"),
        ("p || b", "'||' needs a bool, not a string"),
        ("n < t", "'<' cannot compare an int and a string"),
        ("b >= b", "'>=' cannot compare a bool and a bool"),
        ("n =~ 1", "'=~' cannot compare an int and an int"),
        ("t ? 1 : 2", "what stands before '?' must be a bool, not a string"),
        ("t.x", "a string has no property 'x'"),
        ("a.length", "an array has no property 'length'"),
        ("o.nope", "'o' has no property 'nope'"),
        ("n[0]", "an int cannot be indexed"),
        ("a['x']", "an index into an array must be an int, not a string"),
        ("o[0]", "an index into an object must be a string, not an int"),
        ("toLower(n)", "toLower() needs a string here, not an int"),
        ("length(n)", "length() needs an object or an array or a string here, not an int"),
        ("split(t, o)", "split() needs an array or a string here, not an object"),
        ("map(t, x => x)", "map() needs an array here, not a string"),
        ("map(a, x => !t)", "'!' needs a bool, not a string"),
        ("[for x in t: x]", "what a loop runs over must be an array, not a string"),
        ("[...o]", "what '...' spreads in an array must be an array, not an object"),
        ("{ ...a }", "what '...' spreads in an object must be an object, not an array"),
        ("'${!t}'", "'!' needs a bool, not a string"),
    ],
)
def test_values_of_the_wrong_kind(tmp_path: Path, text: str, message: str) -> None:
    assert message in [found for *_, found in faults(tmp_path, f"{_HEAD}var it = {text}")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("param x int = 'a'", "the value must be an int, not a string"),
        ("param x string = true ? 1 : 'a'", "the value must be a string, not an int"),
        ("param x 'a' | 'b' = 'c'", "the value is none of 'a', 'b'"),
        ("param x string[] = ['a', 1]", "the value must be a string, not an int"),
        ("param x { k: int, l: { m: bool } } = { k: 1, l: { m: 'x' } }", "the value must be a bool, not a string"),
        ("param x { k: int, l: string? } = {}", "the value has no k, which its type requires"),
        ("param x { *: int } = { k: 'x' }", "the value must be an int, not a string"),
        ("param x string = null", "the value must be a string, not null"),
        ("var x string = 1", "the value must be a string, not an int"),
        ("output x string = n", "the value must be a string, not an int"),
        ("output x array = { }", "the value must be an array, not an object"),
        ("func f() int => 'x'", "the value must be an int, not a string"),
        ("resource r 'M.A/b@2020-01-01' = if (t) { name: 'x' }", "a condition must be a bool, not a string"),
        ("resource r 'M.A/b@2020-01-01' = { name: 'x', tags: { k: !t } }", "'!' needs a bool, not a string"),
        ("assert x = t", "an assertion must be a bool, not a string"),
        ("@minLength(1)\nparam x int", "@minLength() suits a type of string or array, not int"),
        ("@allowed([1, 'a'])\nparam x int", "the value must be of type int, not string"),
        ("type x = 'a' | 1", "the members of a union must be of one type"),
        ("type x = { y: x }", "the type 'x' needs itself: x → x"),
        ("resource r 'M.A/b@2020-01-01' = { name: 'x', dependsOn: ['y'] }", "dependsOn takes resources and modules"),
        (
            "resource r 'M.A/b@2020-01-01' = { name: 'x', scope: 'y' }",
            "scope must be a resource or the call of a function for a scope",
        ),
    ],
)
def test_values_that_do_not_fit(tmp_path: Path, text: str, message: str) -> None:
    assert message in [found for *_, found in faults(tmp_path, _HEAD + text)]


@pytest.mark.parametrize(
    "text",
    [
        "var x = [any_ + 1, any_ && b, !any_, any_.y, any_[0], q ?? 1, any(t) + 1]",
        "var x = [n + 1, n < 2, t < 'y', t == n, b == t, -n, !b, o.k, o.?nope, o['k'], a[0]]",
        "var x = map(a, t => t + 1)",
        "param x string = any(1)",
        "param x string? = null",
        "param x { k: int? } = {}",
        "param x ('a' | 'b')[] = ['a']",
        "param x object = { anything: 1 }",
        "param x resourceInput<'M.A/b@2020-01-01'>.properties = { y: 1 }",
        "var x = { ...o, y: 1 }.y",
        "var x = union(o, { y: 1 }).y",
        "var x = concat(t, 1, 'y')",
        "var x = contains(o, 'k') || contains(a, 1) || contains(t, 'x')",
        "output x array = [for i in range(0, 2): i]",
        "var x = first(a) + last('abc')",
        "var x = { '${t}': 1 }\nvar y = x.z",
    ],
)
def test_what_nobody_can_tell_is_fine(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, _HEAD + text) == []
