"""The scanned tree as Terraform sees it: folders of configuration files, each read and parsed once per process."""

import os
from collections.abc import Iterable, Mapping

from scanner.documents.encoding import decode
from scanner.model.location import Region
from scanner.sources.files import Unreadable, cause, read_bytes
from scanner.sources.terraform.configuration.collector import paused_collector
from scanner.sources.terraform.configuration.module import Module, SourceFile
from scanner.sources.terraform.configuration.result import Fault, Limits
from scanner.sources.terraform.syntax import LineIndex, Parsed, parse_file
from scanner.sources.terraform.syntax.nodes import Node
from scanner.sources.walk import printable

_NATIVE = (".tofu", ".tf")
_JSON = (".tofu.json", ".tf.json")
"""Of files that differ only in this, OpenTofu reads the first."""


class _Text:
    """The text of one file; its lines are counted when somebody asks for a place."""

    __slots__ = ("_lines", "content")

    def __init__(self, content: str) -> None:
        self.content = content
        self._lines: LineIndex | None = None

    def region(self, start: int, end: int) -> Region:
        if self._lines is None:
            self._lines = LineIndex(self.content)
        return self._lines.region(start, end)


class Tree:
    """Reads modules below one folder; nothing outside it is opened, but for var-files that were named.

    ``top`` is the folder that bounds it (a path to open), ``base`` the one that file names are relative to in reports.
    ``replaced`` maps real paths to content that stands in for the file (standard input, an editor's buffer).
    """

    def __init__(
        self, top: str, base: str = ".", replaced: Mapping[str, bytes] | None = None, limits: Limits | None = None
    ) -> None:
        self.top = os.path.realpath(top)
        self._base = os.path.abspath(base)
        self._real_base = os.path.realpath(base)
        self._replaced = dict(replaced or {})
        self._max_bytes = (limits or Limits()).file_bytes
        self._allowed: set[str] = set()
        self._modules: dict[str, Module] = {}
        self._texts: dict[str, _Text] = {}
        self._reals: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ...] | str] = {}

    def real(self, path: str) -> str:
        """Return ``path`` with links followed; each folder is asked once a run, since that looks at all above it."""
        known = self._reals.get(path)
        if known is None:
            folder, name = os.path.split(path)
            if not folder or name in ("", os.curdir, os.pardir) or os.path.islink(path):
                known = os.path.realpath(path)
            else:
                known = os.path.join(self.real(folder), name)
            self._reals[path] = known
        return known

    def holds(self, path: str) -> bool:
        """Whether ``path``, links followed, lies inside the tree."""
        real = self.real(path)
        return real == self.top or real.startswith(self.top.rstrip(os.sep) + os.sep)

    def allow(self, path: str) -> None:
        """Let one file be read wherever it lies: somebody has named it."""
        self._allowed.add(self.real(path))

    def is_module(self, folder: str) -> bool:
        """Whether ``folder`` holds any ``.tf``, ``.tf.json``, ``.tofu`` or ``.tofu.json`` file."""
        names = self._list(folder)
        return not isinstance(names, str) and any(_is_configuration(name) for name in names)

    def module(self, folder: str) -> Module:
        """Return the module in ``folder``; whatever cannot be read of it is among its faults."""
        real = self.real(folder)
        module = self._modules.get(real)
        if module is None:
            with paused_collector():
                module = self._modules[real] = self._read_module(real)
        return module

    def name(self, path: str) -> str:
        """Return ``path`` as reports print it: relative to the base where it lies below it."""
        absolute = os.path.abspath(path)
        for base in (self._base, self._real_base):
            if absolute == base:
                return "."
            if absolute.startswith(base.rstrip(os.sep) + os.sep):
                return printable(absolute[len(base.rstrip(os.sep)) + 1 :])
        return printable(absolute)

    def text(self, file: str) -> str:
        """Return the text of a file by its name in reports; raises KeyError if it was not read."""
        return self._texts[file].content

    def region(self, file: str, node: Node) -> Region:
        """Return where ``node`` stands in a file that was read."""
        return self._texts[file].region(node.start, node.end)

    def span(self, file: str, start: int, end: int) -> Region:
        """Return the region between two offsets of a file that was read."""
        return self._texts[file].region(start, end)

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the names in ``folder``, sorted; none where it cannot be listed."""
        names = self._list(folder)
        return () if isinstance(names, str) else names

    def read_file(self, path: str) -> SourceFile:
        """Return one file in native syntax or JSON, parsed; it is empty, with a fault, where it cannot be read."""
        name = self.name(path)
        content = self._content(path)
        if isinstance(content, Fault):
            return SourceFile(name, None, (content,))
        text = self._texts[name] = _Text(content)
        parsed = _parse(path, content)
        faults = tuple(
            Fault(name, text.region(fault.start, fault.end), f"cannot parse the file: {fault.message}")
            for fault in parsed.problems
        )
        return SourceFile(name, parsed.body, faults)

    def _read_module(self, folder: str) -> Module:
        names = self._list(folder)
        name = self.name(folder)
        if isinstance(names, str):
            return Module(folder, name, (), (Fault(name, None, f"cannot read the module folder: {names}"),), self)
        chosen = _preferred(names)
        return Module(folder, name, tuple(self.read_file(os.path.join(folder, file)) for file in chosen), (), self)

    def _list(self, folder: str) -> tuple[str, ...] | str:
        """Return the names in ``folder``, or why there are none."""
        known = self._lists.get(folder)
        if known is None:
            known = self._lists[folder] = self._listed(folder)
        return known

    def _listed(self, folder: str) -> tuple[str, ...] | str:
        try:
            names = set(os.listdir(folder))
        except OSError as error:
            return cause(error)
        real = self.real(folder)
        names.update(os.path.basename(path) for path in self._replaced if os.path.dirname(path) == real)
        return tuple(sorted(names))

    def _content(self, path: str) -> str | Fault:
        name = self.name(path)
        data: bytes | Unreadable | None = self._replaced.get(self.real(path)) if self._replaced else None
        if data is None:
            if not self.holds(path) and self.real(path) not in self._allowed:
                return Fault(name, None, "cannot read the file: it is a link to outside the scanned folder")
            data = read_bytes(path, self._max_bytes)
        if isinstance(data, Unreadable):
            return Fault(name, None, data.reason)
        text = decode(data)
        if isinstance(text, str):
            return text
        region = Region(text.line, text.column or 1, text.line, text.column or 1) if text.line else None
        return Fault(name, region, f"cannot read the file: {text.reason}")


def _is_configuration(name: str) -> bool:
    ignored = name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))
    return not ignored and name.endswith((*_NATIVE, *_JSON))


def _preferred(names: Iterable[str]) -> list[str]:
    """Return the configuration files among ``names``, without those that a file of OpenTofu's stands in for."""
    kept = [name for name in names if _is_configuration(name)]
    replaced = {name.removesuffix(".tofu") + ".tf" for name in kept if name.endswith(".tofu")}
    replaced |= {name.removesuffix(".tofu.json") + ".tf.json" for name in kept if name.endswith(".tofu.json")}
    return [name for name in kept if name not in replaced]


def _parse(path: str, text: str) -> Parsed:
    if path.endswith(".tfvars.json"):
        from scanner.sources.terraform.syntax import parse_variables_json

        return parse_variables_json(text)
    if path.endswith(".json"):
        from scanner.sources.terraform.syntax import parse_json

        return parse_json(text)
    return parse_file(text)
