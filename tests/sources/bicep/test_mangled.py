"""Broken files: nothing is raised, nothing hangs, and what is wrong has a place."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanner.sources.arm.evaluation import evaluate
from scanner.sources.bicep.declarations import lower
from scanner.sources.bicep.files import BicepFile, SourceText, Tree
from scanner.sources.bicep.parameters import lower_parameters
from scanner.sources.bicep.syntax.parser import parse, parse_parameters
from scanner.sources.bicep.workspace import Workspace

from .mangling import mangled
from .trees import write

_SMALL = """@description('a')
param a string = 'x${1}'
type t = { b: int?, *: 'c' | 'd' }
var v = [for (i, n) in range(0, 3): { '${i}': n }]
func f(x string) string => toUpper(x)
resource r 'M.A/b@2020-01-01' = if (a != 'y') {
  name: f(a)
  properties: { c: v[0].?d ?? map([1], i => i + 1), e: '''f''' }
  resource s 'c' = [for i in v: { name: 'n${i}', parent: r }]
}
module m 'main.bicep' = { name: 'm', params: { a: r::s[0].name } }
output o string = m.outputs.o
"""


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> Sequence[str]:
    """Small files: those of the corpus where it is there."""
    try:
        corpus: Path = request.getfixturevalue("corpus")
    except pytest.skip.Exception:
        return [_SMALL]
    files = sorted((corpus / "bicep").rglob("*.bicep"))
    return [_SMALL, *(path.read_text(encoding="utf-8-sig") for path in files if path.stat().st_size < 20_000)]


def read(folder: Path, text: str) -> None:
    """Read ``text`` as a template and as parameters; evaluate the template, and look up what is wrong."""
    tree = Tree(str(folder))
    workspace = Workspace(tree)
    file = BicepFile(tree, "main.bicep", SourceText(text), parse(text))
    program = lower(file, workspace)
    evaluated = evaluate(program)
    assert program.locate is not None
    for _, handle in program.faults:
        region = program.locate(program, handle)
        assert region is not None
        assert region.line >= 1
    for one in evaluated.objects:
        assert one.source.places(("properties", "x"))
    lower_parameters(BicepFile(tree, "main.bicepparam", SourceText(text), parse_parameters(text)), workspace)


def _run(folder: Path, texts: Sequence[str], seeds: range) -> None:
    write(folder, {"main.bicep": _SMALL})
    for seed in seeds:
        begin = time.process_time()
        read(folder, mangled(texts[seed % len(texts)], seed))
        assert time.process_time() - begin < 10, seed


def test_mangled_files(tmp_path: Path, texts: Sequence[str]) -> None:
    _run(tmp_path, texts, range(1_500))


@pytest.mark.slow
def test_many_mangled_files(tmp_path: Path, texts: Sequence[str]) -> None:
    _run(tmp_path, texts, range(1_500, 21_500))


@pytest.mark.parametrize(
    "text",
    [
        "resource a 'M.A/b@2020-01-01' = [for i in range(0, 1000000000): { name: '${i}' }]",
        "var a = [for i in range(0, 100000000): i]\noutput o array = a",
        "func f(x int) int => f(x)\noutput o int = f(1)",
        "func f(x int) int => g(x)\nfunc g(x int) int => f(x)\nresource a 'M.A/b@2020-01-01' = { name: '${f(1)}' }",
        "module m 'main.bicep' = { name: 'm' }",
        "var a0 = ['x', 'x']\n" + "\n".join(f"var a{n} = concat(a{n - 1}, a{n - 1})" for n in range(1, 40))
        + "\nresource r 'M.A/b@2020-01-01' = { name: 'r', tags: { a: length(a39) } }",
        "var a0 = 'xxxxxxxxxx'\n" + "\n".join(f"var a{n} = '${{a{n - 1}}}${{a{n - 1}}}'" for n in range(1, 40))
        + "\nresource r 'M.A/b@2020-01-01' = { name: a39 }",
        "type a = b\ntype b = a\nparam p a",
        "type a = { x: a }\nparam p a",
        "\n".join(f"var a{n} = a{n + 1}" for n in range(3_000)) + "\nvar a3000 = 1\noutput o int = a0",
    ],
)  # fmt: skip
def test_what_grows_is_bounded(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"main.bicep": text})
    begin = time.process_time()
    read(tmp_path, text)
    assert time.process_time() - begin < 20
