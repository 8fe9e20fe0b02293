"""The compiler's own samples: what it accepts, what it refuses, and what it compiles to."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.program import Missing, Program
from scanner.sources.arm.targets import Target
from scanner.sources.bicep.files import BicepFile, Tree
from scanner.sources.bicep.modules import Registry
from scanner.sources.bicep.parameters import read_parameters
from scanner.sources.bicep.templates import read_template
from scanner.sources.bicep.workspace import Workspace

_BRACED = re.compile(r"\{[^{}]*\}")
_ERROR = re.compile(r"//@\[\d+:\d+\) \[(\S+) \(Error\)\]")

_ANSWERED = "the compiled template asks the service with reference(); the Bicep itself says what it is"
_TOO_FEW = "the name has fewer segments than the type; the compiled template fails at split()"
_SPLIT = "split() of a name that is partly unknown: the compiled template loses the part that is known"
DIFFERENCES = {
    "user_submitted/101/aadds-dual-region-replica-sets": _ANSWERED,
    "user_submitted/101/sqlmi-new-vnet": _TOO_FEW,
    "user_submitted/201/api-management-create-all-resources": _SPLIT,
    "user_submitted/201/avd-backplane-with-network-and-storage-and-monitoring": _ANSWERED,
    "user_submitted/201/web-app-asev2-create": _TOO_FEW,
    "user_submitted/301/modules-vwan-to-vnet-s2s-with-fw": _ANSWERED,
}
"""Folder of a sample → why what we read in its Bicep is not what we read in the compiled template."""

UNLIKE = {"dateTimeAdd", "guid", "uniqueString", "uriComponent"}
"""Functions whose results are not those of the compiler: hashes, and how a time and reserved characters are written."""

UNDECLARED = {
    "baselines/LoadFunctions_CRLF/main.bicep": "a binary file it loads is not part of the corpus",
    "baselines/TestFramework_CRLF/samples/test.bicep": "it declares a name twice",
}
"""Sample → why it is refused though no diagnostics say so."""


def samples(corpus: Path) -> Path:
    """Return the folder of the samples."""
    return corpus / "bicep" / "Azure+bicep"


def pairs(root: Path) -> Iterator[tuple[Path, Path]]:
    """Yield every sample that is accepted with each of its compiled forms."""
    for bicep in sorted(root.rglob("*.bicep")):
        if "Invalid" not in str(bicep) and ".diagnostics" not in bicep.name:
            for suffix in (".json", ".symbolicnames.json"):
                compiled = bicep.with_name(bicep.stem + suffix)
                if compiled.exists():
                    yield bicep, compiled


def deployed(program: Program) -> list[Any]:
    """Return what is deployed in a form that two sources share: ids without case, all Unknowns alike."""
    objects = evaluate(program, target=Target(kind=program.scope or "resourceGroup")).objects
    found = [
        (one.type.lower(), _alike(one.name), _alike(dict(one.body)), _alike(one.id), one.api_version) for one in objects
    ]
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True))


def _alike(value: Any) -> Any:
    if isinstance(value, Unknown):
        return "{}"
    if isinstance(value, dict):  # the extension of Azure itself is named in experimental templates only
        return {_alike(key): _alike(item) for key, item in value.items() if key != "extension"}
    if isinstance(value, list):
        return [_alike(item) for item in value]
    if isinstance(value, str):
        text = _BRACED.sub("{}", value)
        return text.lower() if text.startswith(("/subscriptions", "/providers", "{}/providers")) else text
    return int(value) if isinstance(value, float) and value.is_integer() else value


def registry(root: Path, cache: Path) -> Registry:
    """Return a cache with the modules of the sample that has them in a registry; its compiled form holds them."""
    folder = root / "baselines" / "Registry_LF"
    compiled = json.loads((folder / "main.symbolicnames.json").read_text(encoding="utf-8-sig"))["resources"]
    aliases = json.loads((folder / "bicepconfig.json").read_text(encoding="utf-8-sig"))["moduleAliases"]["br"]
    text = (folder / "main.bicep").read_text(encoding="utf-8-sig")
    for symbol, reference in re.findall(r"module (\w+) 'br([^']+)'", text):
        path, _, tag = reference[1:].rpartition(":")
        host, _, path = path.partition("/")
        if reference[0] == "/":
            alias, _, path = f"{host}/{path}".rstrip("/").partition(":")
            host = aliases[alias]["registry"]
            path = "/".join(filter(None, (aliases[alias].get("modulePath", ""), path)))
        module = cache / "br" / host.replace(":", "$") / path.replace("/", "$") / f"{tag}$" / "main.json"
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(json.dumps(compiled[symbol]["properties"]["template"]), encoding="utf-8")
    return Registry((str(cache),))


@pytest.mark.slow
def test_every_sample_deploys_what_its_compiled_form_deploys(corpus: Path, tmp_path: Path) -> None:
    root = samples(corpus)
    tree = Tree(str(root))
    modules = registry(root, tmp_path)
    results: Counter[bool] = Counter()
    for bicep, compiled in pairs(root):
        path = bicep.relative_to(root).as_posix()
        program = Workspace(tree, modules).program(tree, path)
        template = read_template(tree, compiled.relative_to(root).as_posix())
        assert isinstance(program, Program)
        assert isinstance(template, Program)
        equal = deployed(program) == deployed(template)
        results[equal] += 1
        folder = path.rpartition("/")[0]
        assert equal or folder in DIFFERENCES, f"{path} differs from {compiled.name}"
    assert results.total() > 500
    assert results[True] / results.total() > 0.98


def test_nothing_that_the_compiler_accepts_is_refused(corpus: Path) -> None:
    root = samples(corpus)
    tree = Tree(str(root))
    refused = {}
    for bicep in sorted(root.rglob("*.bicep")):
        path = bicep.relative_to(root).as_posix()
        if "Invalid" in path or ".diagnostics" in path:
            continue
        program = Workspace(tree).program(tree, path)
        assert isinstance(program, Program)
        if program.faults:
            refused[path] = program.faults
    assert set(refused) == set(UNDECLARED)


def _errors(path: Path) -> dict[int, set[str]]:
    """Return line → the codes of the compiler's errors there."""
    found: dict[int, set[str]] = {}
    line = 0
    for text in path.read_text(encoding="utf-8-sig").split("\n"):
        match = _ERROR.match(text)
        if match is not None:
            found.setdefault(line, set()).add(match[1])
        elif not text.startswith("//@["):
            line += 1
    return found


def test_everything_that_the_compiler_refuses_is_refused(corpus: Path) -> None:
    expected: Counter[bool] = Counter()
    for diagnostics in sorted(samples(corpus).rglob("*.diagnostics.bicep")):
        errors = _errors(diagnostics)
        name = diagnostics.name.replace(".diagnostics", "")
        tree = Tree(str(diagnostics.parent))
        program = Workspace(tree).program(tree, name)
        assert isinstance(program, Program)
        assert bool(errors) is bool(program.faults), diagnostics
        assert program.locate is not None
        regions = [program.locate(program, handle) for _, handle in program.faults]
        lines = {region.line for region in regions if region is not None}
        expected.update(line in lines for line, codes in errors.items() for _ in codes)
    assert expected.total() > 1_600
    assert expected[True] / expected.total() > 0.65


@pytest.mark.parametrize("name", ["Expressions", "Extends", "Extensions", "Parameters", "Variables"])
def test_values_of_parameters_files(corpus: Path, name: str) -> None:
    root = samples(corpus)
    tree = Tree(str(root))
    files = Workspace(tree)
    path = f"baselines_bicepparam/{name}/parameters.bicepparam"
    file = files.open(tree, path)
    assert isinstance(file, BicepFile)
    found = read_parameters(file, files)
    compiled = json.loads((root / path).with_name("parameters.json").read_text(encoding="utf-8-sig"))
    for parameter, given in compiled["parameters"].items():
        value = found.values[parameter].value
        if isinstance(value, Unknown):
            continue
        if isinstance(value, dict):
            assert {key for key, item in value.items() if item != given["value"][key]} <= UNLIKE
        else:
            assert value == given["value"]
    assert not any(program.faults for program in found.programs)


def test_a_module_that_is_missing_is_told(corpus: Path) -> None:
    tree = Tree(str(samples(corpus)))
    missing = Workspace(tree).module(_file(tree, "baselines/Registry_LF/main.bicep"), "br/demo-two:site:v3")
    assert isinstance(missing, Missing)
    assert missing.reason == "the module 'br/demo-two:site:v3' is not in the tree"


def _file(tree: Tree, path: str) -> BicepFile:
    file = Workspace(tree).open(tree, path)
    assert isinstance(file, BicepFile)
    return file
