from pathlib import Path

from scanner.sources.arm.program import Missing, Program
from scanner.sources.bicep.files import BicepFile
from scanner.sources.bicep.names import Declared, body_of, nested
from scanner.sources.bicep.syntax import nodes
from scanner.sources.bicep.workspace import Workspace

from .trees import workspace, write

_FILES = {
    "main.bicep": "import { x } from 'lib/x.bicep'\nmodule a 'parts/a.bicep' = {}\nmodule j 'j.json' = {}\nvar y = x",
    "parts/a.bicep": "module b '../b.bicep' = {}",
    "b.bicep": "resource p 'M.A/b@2020-01-01' = [for i in [1]: if (true) {\n name: 'p'\n"
    " resource c 'c' = { name: 'c' }\n}]",
    "lib/x.bicep": "@export()\nvar x = 1",
    "j.json": "{}",
}


def opened(files: Workspace, path: str) -> BicepFile:
    """Return a file of the tree."""
    file = files.open(files.tree, path)
    assert isinstance(file, BicepFile)
    return file


def test_files_that_play_a_part(tmp_path: Path) -> None:
    files = workspace(write(tmp_path, _FILES))
    reachable = [file.path for file in files.reachable(files.tree, "main.bicep")]
    assert reachable == ["main.bicep", "lib/x.bicep", "parts/a.bicep", "b.bicep"]
    assert files.called(opened(files, "main.bicep")) == ["parts/a.bicep", "j.json"]


def test_a_file_is_read_and_lowered_once(tmp_path: Path) -> None:
    files = workspace(write(tmp_path, _FILES))
    program = files.program(files.tree, "b.bicep")
    assert isinstance(program, Program)
    assert files.program(files.tree, "b.bicep") is program
    assert files.module(opened(files, "parts/a.bicep"), "../b.bicep") is program
    assert [file.path for file in files.files()] == ["b.bicep", "parts/a.bicep"]


def test_what_is_not_there(tmp_path: Path) -> None:
    files = workspace(write(tmp_path, _FILES))
    main = opened(files, "main.bicep")
    assert files.module(main, "none.bicep") == Missing("there is no file 'none.bicep'")
    assert files.module(main, "../up.bicep") == Missing("'../up.bicep' is outside of the tree")
    assert isinstance(files.program(files.tree, "none.bicep"), Missing)


def test_names_of_nested_resources(tmp_path: Path) -> None:
    files = workspace(write(tmp_path, _FILES))
    declared = files.names(opened(files, "b.bicep"))["p"]
    assert declared.is_loop
    child = nested(declared)["c"]
    assert (child.symbol, child.title) == ("p::c", "resource")
    assert isinstance(declared.node, nodes.Resource)
    assert [resource.name.name for resource in body_of(declared.node).resources] == ["c"]
    assert nested(Declared("var", "x", nodes.Name("x", 0, 1))) == {}
