"""The files that a template leads to: linked templates and parameters files, as far as they are in the tree.

Nothing is fetched. A link to somewhere else is taken for the file of the tree that its path ends with, relative to the
template that links: repositories publish their own templates under such addresses.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scanner.documents import Limits, Problem
from scanner.sources.arm.file import PARAMETERS, TEMPLATE, JsonFile, kind_of, read_file
from scanner.sources.arm.parameters import read_parameters
from scanner.sources.arm.program import Missing, Program, Supplied
from scanner.sources.arm.template import lower
from scanner.sources.arm.values import Token, text_of
from scanner.sources.files import Unreadable, read_bytes

_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]+)://(?P<rest>.*)\Z", re.DOTALL)
_JSON_PATH: Final = re.compile(r"[^{}?#]*?\.jsonc?", re.IGNORECASE)
_MAX_PARTS: Final = 30


class TreeLinks:
    """Reads linked files below one folder; nothing outside of it is opened."""

    def __init__(self, base: str, root: str, limits: Limits) -> None:
        """Take the folder that names are relative to, and the folder that links must stay in; both absolute."""
        self._base = base
        self._root = root
        self._limits = limits
        self._files: dict[str, JsonFile | Missing] = {}

    def template(self, link: Mapping[str, Any], home: str, value: Any) -> Program | Missing:
        """Return the linked template: ``link`` as it is written in the file ``home``, ``value`` where it leads."""
        found = self._open(link, home, value, "template")
        if isinstance(found, Missing):
            return found
        if kind_of(found.value)[0] != TEMPLATE:
            return Missing(f"the linked file '{found.name}' is no template")
        return lower(found, self)

    def parameters(self, link: Mapping[str, Any], home: str) -> Mapping[str, Supplied] | Missing:
        """Return the values of a linked parameters file."""
        value = next((link[key] for key in ("relativePath", "uri") if key in link), "")
        found = self._open(link, home, value, "parameters file")
        if isinstance(found, Missing):
            return found
        if kind_of(found.value)[0] != PARAMETERS:
            return Missing(f"the linked file '{found.name}' is no parameters file")
        return read_parameters(found).values

    def _open(self, link: Mapping[str, Any], home: str, value: Any, what: str) -> JsonFile | Missing:
        text = text_of(value)
        if "id" in link and "uri" not in link and "relativePath" not in link:
            return Missing(f"the template spec '{text}' is not in the tree", incomplete=False)
        path = self._find(home, value)
        if path is None:
            outside = _SCHEME.match(text) is not None and not text.lower().startswith("file:")
            where = "outside of the tree" if outside else "not in the tree"
            return Missing(f"the linked {what} '{text}' is {where}", incomplete=not outside and "{" not in text)
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _find(self, home: str, value: Any) -> str | None:
        folder = os.path.dirname(os.path.join(self._base, home))
        inside = os.path.join(os.path.realpath(self._root), "")
        for candidate in _candidates(value):
            path = os.path.realpath(os.path.join(folder, candidate))
            if path.startswith(inside) and os.path.isfile(path):
                return path
        return None

    def _read(self, path: str) -> JsonFile | Missing:
        name = os.path.relpath(path, os.path.realpath(self._base)).replace(os.sep, "/")
        data = read_bytes(path, self._limits.max_bytes)
        if isinstance(data, Unreadable):
            return Missing(f"cannot read the linked file '{name}': {data.reason}")
        file = read_file(data, name, self._limits)
        if isinstance(file, Problem):
            return Missing(f"cannot read the linked file '{name}': {file.reason}")
        return file


def _candidates(value: Any) -> Iterator[str]:
    """Yield the paths that a link may mean, relative to the file it stands in, the longest first."""
    text = text_of(value)
    known = isinstance(value, str)
    match = _SCHEME.match(text)
    if match is not None and match["scheme"].lower() == "file":
        from urllib.parse import unquote

        yield unquote(match["rest"])
        text, known = match["rest"], False
    elif match is not None:
        text, known = match["rest"].partition("/")[2], False
    elif isinstance(value, Token):
        text = text.rpartition("}")[2] if ".json" in text.rpartition("}")[2].lower() else text
    paths = [found.strip("/") for found in _JSON_PATH.findall(text)] if not known else [text]
    for path in paths[-1:]:
        parts = path.replace("\\", "/").split("/")[-_MAX_PARTS:]
        for start in range(len(parts) if not known else 1):
            yield "/".join(parts[start:])
