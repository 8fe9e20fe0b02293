"""The real Terraform as judge: it must accept what is accepted here, reject what is rejected, and mean the same."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scanner.sources.terraform.syntax import Parsed, parse_file, parse_json, parse_variables_json
from tests.sources.terraform.syntax.mangling import SAMPLE, mangled
from tests.sources.terraform.syntax.small_evaluator import evaluate
from tests.sources.terraform.syntax.written import Writer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def terraform() -> str:
    found = shutil.which("terraform")
    if found is None:
        pytest.skip("terraform is not on the PATH: nobody to compare with")
    return found


def run(command: list[str], folder: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    return subprocess.run(
        command,
        cwd=folder,
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=300,
        env=environment,
    )


def rejected(terraform: str, folder: Path) -> set[str]:
    """Return the files below ``folder`` that ``terraform fmt`` cannot read, relative to it."""
    result = run([terraform, "fmt", "-no-color", "-write=false", "-list=false", "-recursive", "."], folder)
    return {os.path.normpath(name) for name in re.findall(r"^  on (.+) line \d+", result.stderr, re.MULTILINE)}


def read(path: Path) -> Parsed:
    text = path.read_bytes().decode()
    if path.name.endswith(".tfvars.json"):
        return parse_variables_json(text)
    return parse_json(text) if path.suffix == ".json" else parse_file(text)


def below(folder: Path, *endings: str) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.name.endswith(endings) and path.is_file())


def test_the_corpus_is_read_as_terraform_reads_it(terraform: str, corpus: Path) -> None:
    folder = corpus / "terraform"
    files = list(below(folder, ".tf", ".tfvars"))
    ours = {str(path.relative_to(folder)) for path in files if read(path).problems}
    assert len(files) > 1000
    assert ours == rejected(terraform, folder)


def test_the_json_of_the_corpus_is_read(corpus: Path) -> None:
    files = list(below(corpus / "terraform", ".tf.json", ".tfvars.json"))
    assert len(files) >= 10
    assert [path for path in files if read(path).problems] == []


@pytest.mark.parametrize("seed", [11, 12])
def test_mangled_files_are_rejected_by_both_or_by_none(terraform: str, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    ours = set()
    for number in range(1_500):
        text = mangled(SAMPLE, random)
        path = tmp_path / f"{number}.tf"
        path.write_bytes(text.encode())
        if parse_file(text).problems:
            ours.add(path.name)
    theirs = rejected(terraform, tmp_path)
    assert {name: (tmp_path / name).read_text() for name in ours ^ theirs} == {}
    assert 300 < len(theirs) < 1_400


def plain(value: Any) -> Any:
    """Return ``value`` with every number a Fraction, as JSON's decoder gives them."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def values(terraform: str, folder: Path, names: list[str]) -> dict[str, Any]:
    """Return what ``terraform console`` says of the locals in ``folder``."""
    question = "jsonencode({" + ",".join(f"{name}=local.{name}" for name in names) + "})\n"
    result = run([terraform, "console"], folder, question)
    lines = result.stdout.strip().splitlines()
    assert lines, result.stderr
    found: dict[str, Any] = json.loads(json.loads(lines[-1]), parse_float=Fraction, parse_int=Fraction)
    return found


@pytest.mark.parametrize("seed", [21, 22])
def test_generated_expressions_mean_the_same(terraform: str, tmp_path: Path, seed: int) -> None:
    writer = Writer(Random(seed))
    written = {f"v{number}": writer.any_value(4) for number in range(2_000)}
    text = "locals {\n" + "".join(f"{name} = {expression}\n" for name, expression in written.items()) + "}\n"
    (tmp_path / "main.tf").write_bytes(text.encode())
    parsed = parse_file(text)
    assert parsed.problems == ()
    attributes = parsed.body.blocks[0].body.attributes
    ours = {name: plain(evaluate(attributes[name].value, {})) for name in written}
    theirs = values(terraform, tmp_path, list(written))
    assert {written[name]: (ours[name], theirs[name]) for name in written if ours[name] != theirs[name]} == {}


@pytest.mark.parametrize(
    "literal",
    ["0.1", "1e100", "1E-30", "007.50", "1.e3", "12345678901234567890.12345", "9" * 160, "0." + "3" * 200, "1e-200"],
)
def test_numbers_have_the_same_precision(terraform: str, tmp_path: Path, literal: str) -> None:
    (tmp_path / "main.tf").write_text(f"locals {{\n  a = {literal}\n}}\n")
    value = parse_file((tmp_path / "main.tf").read_text()).body.blocks[0].body.attributes["a"].value.value  # type: ignore[union-attr]
    said = values(terraform, tmp_path, ["a"])["a"]
    # What is printed is the shortest decimal that gives the number back, so read it as the parser does.
    (attribute,) = parse_file(f"a = {said if said.denominator == 1 else _decimal(said)}\n").body.attributes.values()
    assert attribute.value.value == value  # type: ignore[union-attr]


def _decimal(value: Fraction) -> str:
    places = 0
    while value.denominator != 1:
        value *= 10
        places += 1
    return f"{value}e-{places}"


@pytest.mark.parametrize(
    "text",
    [
        '{"locals": {"a": "x${1 + 1}\\"${\\"q\\"}\\"\\u00e9", "b": {"c${1}": [1e2, 1.50]}}}',
        '[{"locals": {"a": 1}}, {"locals": {"b": "$${x}"}}]',
        '{"locals": [{"a": "%{ if true }y%{ endif }"}, {"b": null, "//": 1}]}',
        '{"locals": {"a": 1}, "locals": {"b": {"//": "kept"}}}',
        '{"locals": {"a": "${~ 1 ~}", "b": " ${~ 1 ~} "}}',
    ],
)
def test_json_means_the_same(terraform: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf.json").write_text(text)
    blocks = parse_json(text).body.blocks
    attributes = {name: attribute for block in blocks for name, attribute in block.body.attributes.items()}
    ours = {name: plain(evaluate(attribute.value, {})) for name, attribute in attributes.items()}
    assert ours == values(terraform, tmp_path, sorted(attributes))


@pytest.mark.parametrize(
    "text",
    [
        '{"locals": {"a": 1, "a": 2}}',
        '{"locals": {"a": {"x": 1, "x": 2}}}',
        '{"locals": {"a": "${"}}',
        '{"locals": {"a": 01}}',
        '{"locals": {"a": [1,]}}',
        '{"locals": {"a": "b\tc"}}',
        '{"nonsense": {}}',
        '{"output": {"//": "c"}}',
        '{"locals": 1}',
        "// c\n{}",
        "3",
        "\ufeff{}",
    ],
)
def test_json_that_terraform_rejects_is_rejected(terraform: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf.json").write_text(text)
    assert "Error: " in re.sub(r"\x1b\[\d*m", "", run([terraform, "console"], tmp_path, "1\n").stderr)
    assert parse_json(text).problems
