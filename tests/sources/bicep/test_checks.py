# ruff: noqa: E501  # a case is one line
from pathlib import Path

import pytest

from .trees import faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@secret()\nparam a string", (1, 1, "'secret' is not a decorator")),
        ("@concat('a')\nparam a string", (1, 1, "'concat' is a function, not a decorator")),
        ("@secure\nparam a string", (1, 1, "the decorator 'secure' needs parentheses")),
        ("@secure(1)\nparam a string", (1, 1, "@secure() has 1 arguments, which is not what it takes")),
        ("@secure()\nvar a = 1", (1, 1, "@secure() cannot be used on a variable")),
        ("@secure()\n@sys.secure()\nparam a string", (2, 1, "the decorator 'secure' is there more than once")),
        ("@export()\nparam a string", (1, 1, "@export() cannot be used on a parameter")),
        ("@batchSize(1)\nresource a 'M.A/b@2020-01-01' = { name: 'a' }", (1, 1, "@batchSize() can only be used on a loop")),
        ("@allowed(b)\nparam a string\nvar b = []", (1, 1, "@allowed() takes an array that is written down")),
        ("@allowed([])\nparam a string", (1, 1, "@allowed() takes an array that is not empty")),
        ("type a = {\n  @batchSize(1)\n  b: string\n}", (2, 3, "@batchSize() cannot be used on a property of a type")),
        ("resource a 'M.A/b@2020-01-01' = {\n  name: 'a'\n  @nope()\n  resource c 'c' = { name: 'c' }\n}", (3, 3, "'nope' is not a decorator")),
        ("param a strin", (1, 9, "there is no type 'strin'")),
        ("type a = { b: c[] }", (1, 15, "there is no type 'c'")),
        ("func f(a b) string => 'x'", (1, 10, "there is no type 'b'")),
        ("param a foo<'x'>", (1, 9, "there is no type 'foo' that takes arguments")),
        ("param a resourceInput<'x', 'y'>", (1, 9, "resourceInput takes 1 argument, 2 given")),
        ("param a 'x${1}'", (1, 9, "a type cannot be an interpolated string")),
        ("param a string | int", (1, 9, "the members of a union must be literals, and 'string' is none")),
        ("type a = { b: int, b: string }", (1, 20, "the property 'b' is declared more than once")),
        ("type resource = 'x'", (1, 6, "'resource' is reserved and cannot be the name of a type")),
        ("var copy = 1", (1, 5, "'copy' is reserved and cannot be the name of a variable")),
        (
            "resource a 'M.A/b@2020-01-01' = { name: 'x' }\nresource b 'm.a/b@2021-01-01' = { name: 'X' }",
            (2, 41, "'a' and 'b' have the same name"),
        ),
    ],
)  # fmt: skip
def test_complaints(tmp_path: Path, text: str, expected: tuple[int, int, str]) -> None:
    assert expected in faults(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "type a = string\nparam b a",
        "type string = 'x'\nparam a string = 'x'",
        "param a sys.string\nparam b resourceInput<'M.A/b@2020-01-01'>.name",
        "type a = { b: a? }",
        "@sys.description('x')\n@metadata({ a: 1 })\noutput a string = 'x'",
        "resource a 'M.A/b@2020-01-01' = { name: 'x' }\nresource b 'M.A/c@2020-01-01' = { name: 'x' }",
        "resource a 'M.A/b@2020-01-01' = if (true) { name: 'x' }\nresource b 'M.A/b@2020-01-01' = if (false) { name: 'x' }",
        "resource a 'M.A/b@2020-01-01' existing = { name: 'x' }\nresource b 'M.A/b@2020-01-01' = { name: 'x' }",
        "resource p 'M.A/b@2020-01-01' = { name: 'p' }\nresource q 'M.A/b@2020-01-01' = { name: 'q' }\n"
        "resource a 'M.A/b/c@2020-01-01' = { parent: p, name: 'x' }\n"
        "resource b 'M.A/b/c@2020-01-01' = { parent: q, name: 'x' }",
    ],
)
def test_what_is_fine(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == []
