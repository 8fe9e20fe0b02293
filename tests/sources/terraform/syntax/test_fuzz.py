"""No input crashes the parser, and none takes it long."""

import time
from pathlib import Path
from random import Random

import pytest

from scanner.sources.terraform.syntax import (
    SyntaxFault,
    comments_with,
    parse_expression,
    parse_file,
    parse_json,
    parse_template,
)
from scanner.sources.terraform.syntax import nodes as n
from scanner.sources.terraform.syntax.bodies import Parsed
from tests.sources.terraform.syntax.mangling import SAMPLE, mangled

JSON_SAMPLE = """\
{"//": "c", "resource": {"t": {"a": {"x": [1, -2.5e3, true, null, "\\u00e9\\n"], "y": "${b.c}-%{ if d }e%{ endif }",
"lifecycle": {"ignore_changes": ["tags"]}, "dynamic": {"z": {"for_each": "${f}", "content": {"g": "${z.value}"}}}}}},
"variable": {"v": {"default": {"w": "${x}"}}}, "locals": [{"k": 1}], "provider": {"p": [{}, {"alias": "q"}]}}
"""
# fmt: off
UNITS = [
    "{", "(", "[", "a(", '"${', "a.", "a[", "-", "a+", "a?b:", "/*", "#", "<<A\n", '"', "\\", "$", "%{", "a {\n",
    "a = ", "a = (\n", "a = <<A\n", "\r", " ", "\n", "a::", "é", "1", "1.", "a b ", 'a "b\n', "/* */", "a=1\n",
    "$${", ",", "\0",
]
# fmt: on


def check(parsed: Parsed, text: str) -> None:
    """Whatever was read must lie in the text, each node inside its parent."""

    def visit(node: object, start: int, end: int) -> None:
        if isinstance(node, n.Node):
            assert start <= node.start <= node.end <= end, (type(node).__name__, node.start, node.end, start, end)
            for slot in type(node).__slots__:
                visit(getattr(node, slot), node.start, node.end)
        elif isinstance(node, tuple | list):
            for part in node:
                visit(part, start, end)
        elif isinstance(node, dict):
            for part in node.values():
                visit(part, start, end)

    visit(parsed.body, 0, len(text))
    for fault in parsed.problems:
        assert 0 <= fault.start <= fault.end <= len(text)
        assert fault.message


def read_everything(text: str) -> None:
    started = time.process_time()
    check(parse_file(text), text)
    for read in (parse_expression, parse_template):
        result = read(text)
        assert isinstance(result, SyntaxFault | n.Node)
    assert all(text[comment.start : comment.end] == comment.text for comment in comments_with("c", text))
    assert time.process_time() - started < 2, text


def fuzz(number: int, seed: int, samples: list[str]) -> None:
    random = Random(seed)
    for _ in range(number):
        read_everything(mangled(random.choice(samples), random))


def fuzz_json(number: int, seed: int) -> None:
    random = Random(seed)
    for _ in range(number):
        text = mangled(JSON_SAMPLE, random)
        check(parse_json(text), text)


def test_mangled_files() -> None:
    check(parse_file(SAMPLE), SAMPLE)
    assert not parse_file(SAMPLE).problems
    fuzz(1_500, 1, [SAMPLE])


def test_mangled_json() -> None:
    assert not parse_json(JSON_SAMPLE).problems
    fuzz_json(500, 2)


@pytest.mark.slow
def test_many_mangled_files(corpus: Path) -> None:
    files = sorted((corpus / "terraform").rglob("*.tf"))
    samples = [path.read_bytes().decode() for path in files if path.stat().st_size < 3000]
    fuzz(20_000, 3, [SAMPLE, *Random(4).sample(samples, 200)])


@pytest.mark.slow
def test_many_mangled_json_files() -> None:
    fuzz_json(10_000, 5)


@pytest.mark.parametrize("prefix", ["", "a = ", 'b {\n  a = "', "a = <<X\n"])
@pytest.mark.parametrize("unit", UNITS)
def test_repetition_takes_linear_time(prefix: str, unit: str) -> None:
    text = prefix + unit * (60_000 // len(unit))
    started = time.process_time()
    check(parse_file(text), text)
    assert time.process_time() - started < 2
