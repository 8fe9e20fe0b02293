"""What a function may see of the world: the tree that is scanned, and nothing else.

Reads are relative to the folder that Terraform would run in, and stay inside of the tree.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.function import FunctionError

Render: TypeAlias = Callable[[str, dict[str, Any], str], Any]
"""Renders a template: its text, the variables, the name of the file (empty for a string); raises ValueFault."""

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files are not read into a value."""


class Context:
    """Where a call is made."""

    def __init__(self, root: Path, folder: Path, render: Render | None = None) -> None:
        self._root = root
        self._folder = folder
        self.render = render

    @cached_property
    def root(self) -> Path:
        """Nothing outside of it is read."""
        return self._root.resolve()

    @cached_property
    def folder(self) -> Path:
        """Folder of the root module; what file functions take is relative to it."""
        return self._folder.resolve()

    def locate(self, path: str) -> "Path | Unknown":
        """Return the file or folder that ``path`` means; Unknown where it is outside of the tree."""
        if path.startswith("~"):
            return Unknown("the home folder is not read")
        try:
            target = (self.folder / path).resolve()
        except (OSError, ValueError, RuntimeError):
            raise FunctionError(f'cannot resolve the path "{path}"', 0) from None
        if not target.is_relative_to(self.root):
            return Unknown(f'"{path}" is outside of the scanned tree')
        return target

    def read(self, path: str) -> "bytes | Unknown":
        """Return the content of a file; FunctionError where there is none, Unknown where it must not be read."""
        target = self.locate(path)
        if isinstance(target, Unknown):
            return target
        try:
            if target.is_dir():
                raise FunctionError(f'"{path}" is a directory, not a file', 0)
            if target.stat().st_size > MAX_FILE_BYTES:
                return Unknown(f'"{path}" is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB')
            return target.read_bytes()
        except FileNotFoundError:
            raise FunctionError(f'no file exists at "{path}"', 0) from None
        except OSError as error:
            raise FunctionError(f'cannot read "{path}": {error.strerror}', 0) from None
