"""Small trees of Bicep files for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.model.unknown import Unknown
from scanner.sources.arm.evaluation import evaluate
from scanner.sources.arm.program import Missing, Program
from scanner.sources.bicep.files import Tree
from scanner.sources.bicep.modules import Registry
from scanner.sources.bicep.workspace import Workspace


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write ``files`` (path → text) below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def workspace(folder: Path, registry: Registry | None = None) -> Workspace:
    """Return the workspace of a folder."""
    return Workspace(Tree(str(folder)), registry)


def lowered(folder: Path, files: Mapping[str, str] | str, path: str = "main.bicep") -> Program:
    """Return the program of ``path``; a text alone is that of ``main.bicep``."""
    write(folder, {"main.bicep": files} if isinstance(files, str) else files)
    files_ = workspace(folder)
    program = files_.program(files_.tree, path)
    assert not isinstance(program, Missing), program
    return program


def faults(folder: Path, files: Mapping[str, str] | str) -> list[tuple[int, int, str]]:
    """Return line, column and message of everything lowering objects to, in the order of places."""
    program = lowered(folder, files)
    assert program.locate is not None
    found = []
    for message, handle in program.faults:
        region = program.locate(program, handle)
        assert region is not None
        found.append((region.line, region.column, message))
    return sorted(found)


def outputs(folder: Path, files: Mapping[str, str] | str) -> dict[str, Any]:
    """Return the outputs of ``main.bicep``; those that are not known as ``?`` and why."""
    program = lowered(folder, files)
    assert not program.faults, program.faults
    evaluated = evaluate(program)
    assert not evaluated.problems, evaluated.problems
    return {name: plain(evaluated.output(name)) for name in program.outputs}


def deployed(folder: Path, files: Mapping[str, str] | str) -> list[tuple[str, str, Any]]:
    """Return type, name and body of what ``main.bicep`` deploys."""
    program = lowered(folder, files)
    return [(one.type, one.name, plain(dict(one.body))) for one in evaluate(program).objects]


def plain(value: Any) -> Any:
    """Return ``value`` with each Unknown in it as ``?`` and its reason."""
    if isinstance(value, Unknown):
        return f"? {value.reason}"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
