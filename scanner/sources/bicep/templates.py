"""ARM templates that Bicep calls as modules, or imports from: read by :mod:`scanner.sources.arm`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.sources.arm.program import Missing, Program
from scanner.sources.bicep.files import MAX_BYTES, Tree
from scanner.sources.files import Unreadable

if TYPE_CHECKING:
    from scanner.sources.arm.file import JsonFile


def read_template(tree: Tree, path: str) -> Program | Missing:
    """Return the program of an ARM template of ``tree``."""
    from scanner.documents import Limits, Problem
    from scanner.sources.arm.file import read_file

    shown = tree.display(path)
    data = tree.read(path, MAX_BYTES)
    if isinstance(data, Unreadable):
        return Missing(data.reason, input=shown)
    file = read_file(data, shown, Limits(max_bytes=MAX_BYTES))
    if isinstance(file, Problem):
        return Missing(f"cannot read the template: {file.reason}", input=shown)
    return _lower(file, tree)


def inline_template(value: Any, reason: str, shown: str, tree: Tree) -> Program | Missing:
    """Return the program of a template that stands in a Bicep file as an object; ``value`` is that object.

    ``reason`` says in a word what it is where it is none.
    """
    from scanner.documents import Limits
    from scanner.sources.arm.file import JsonFile

    if not isinstance(value, dict):
        return Missing(f"the template of the deployment is {reason}", incomplete=False, input=shown)
    program = _lower(JsonFile(shown, value, "", Limits()), tree)
    if isinstance(program, Program):
        program.locate = None  # its text is not that of a file
    return program


def _lower(file: JsonFile, tree: Tree) -> Program | Missing:
    from scanner.documents import Limits
    from scanner.sources.arm.file import TEMPLATE, kind_of
    from scanner.sources.arm.links import TreeLinks
    from scanner.sources.arm.template import lower

    if kind_of(file.value)[0] != TEMPLATE:
        return Missing("it is no ARM template", input=file.name)
    return lower(file, TreeLinks(tree.base, tree.root, Limits(max_bytes=MAX_BYTES)))
