"""What ``loadTextContent`` and its siblings return: files of the tree, within the sizes the compiler allows.

Source of the sizes and encodings: the compiler refuses text of more than 131,072 characters, JSON and YAML of more than
1,048,576 and binaries of more than 98,304 bytes (Azure/bicep, diagnostics BCP184).
"""

from __future__ import annotations

import base64
import fnmatch
import json
import os
import re
from typing import Any, Final

from scanner.sources.bicep.files import Tree
from scanner.sources.files import Unreadable

MAX_TEXT: Final = 131_072
MAX_DATA: Final = 1_048_576
MAX_BINARY: Final = 98_304
MAX_ENTRIES: Final = 2_000
"""Files of a folder that ``loadDirectoryFileInfo`` looks at."""

_ENCODINGS: Final = {
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16-le",
    "utf-16BE": "utf-16-be",
}
_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_FORBIDDEN: Final = re.compile(r'[":*<>?|]')
_STEP: Final = re.compile(r"\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[(['\"])([^'\"\]]*)\3\]")


class ContentError(Exception):
    """The compiler would refuse the call; the message says why."""


class NotEvaluatedError(Exception):
    """The call is fine, and we do not compute it."""


def load(name: str, tree: Tree, base: str, arguments: list[Any]) -> Any:
    """Return what the function ``name`` returns, called in the file ``base``.

    Raises :class:`ContentError` or :class:`NotEvaluatedError`.
    """
    if not all(isinstance(argument, str) for argument in arguments):
        raise ContentError(f"the arguments of {name}() must be text that is written down")
    path = _path(tree, base, arguments[0])
    if name == "loadDirectoryFileInfo":
        return _folder(tree, path, base, *arguments[1:])
    if name == "loadFileAsBase64":
        return base64.b64encode(_bytes(tree, path, MAX_BINARY)).decode("ascii")
    if name == "loadTextContent":
        return _text(tree, path, MAX_TEXT, *arguments[1:])
    text = _text(tree, path, MAX_DATA, *arguments[2:])
    value = _json(text) if name == "loadJsonContent" else _yaml(text)
    return _select(value, arguments[1]) if len(arguments) > 1 else value


def check_path(path: str) -> None:
    """Raise :class:`ContentError` for a path that no file of a template may have."""
    if not path:
        raise ContentError("the path is empty")
    if "\\" in path:
        raise ContentError(r"the path has '\' in it; folders are separated by '/'")
    if path.startswith("/"):
        raise ContentError("the path is absolute; it must be relative to the file")
    if _FORBIDDEN.search(path):
        raise ContentError(f"the path holds the character '{_FORBIDDEN.findall(path)[0]}'")
    if path.endswith((" ", ".")) and path.rpartition("/")[2] not in (".", ".."):
        raise ContentError(f"the path ends with '{path[-1]}'")


def _path(tree: Tree, base: str, reference: str) -> str:
    check_path(reference)
    path = tree.resolve(base, reference)
    if path is None:
        raise NotEvaluatedError(f"'{reference}' is outside of the tree")
    return path


def _bytes(tree: Tree, path: str, limit: int) -> bytes:
    data = tree.read(path, limit)
    if isinstance(data, Unreadable):
        raise ContentError(f"'{path}': {data.reason}")
    return data


def _text(tree: Tree, path: str, limit: int, encoding: str = "utf-8") -> str:
    """Return the text of a file; a mark at its start goes before the encoding that is asked for."""
    if encoding not in _ENCODINGS:
        raise ContentError(f"the encoding '{encoding}' is not one of {', '.join(_ENCODINGS)}")
    data = _bytes(tree, path, 4 * limit)
    codec = _ENCODINGS[encoding]
    for mark, marked in _MARKS:
        if data.startswith(mark):
            data, codec = data[len(mark) :], marked
            break
    text = data.decode(codec, "replace")
    if len(text) > limit:
        raise ContentError(f"'{path}' has more than {limit} characters")
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError(f"the file is not valid JSON: {error}") from None


def _yaml(text: str) -> Any:
    from scanner.documents import read_yaml

    stream = read_yaml(text.encode("utf-8"))
    if len(stream.documents) != 1:
        raise ContentError("the file is not one valid YAML document")
    return stream.documents[0].value


def _select(value: Any, path: str) -> Any:
    """Return what a JSONPath of names and indexes selects."""
    rest = path.removeprefix("$")
    if not rest and path:
        return value
    position = 0
    while position < len(rest):
        step = _STEP.match(rest, position)
        if step is None:
            if "?" in rest or "*" in rest or ".." in rest:
                raise NotEvaluatedError("the JSONPath is one that is not evaluated")
            raise ContentError(f"the JSONPath '{path}' is not valid")
        position = step.end()
        value = _member(value, path, int(step[2]) if step[2] else step[1] or step[4])
    if not rest:
        raise ContentError(f"the JSONPath '{path}' is not valid")
    return value


def _member(value: Any, path: str, key: str | int) -> Any:
    if isinstance(key, int):
        if isinstance(value, list) and key < len(value):
            return value[key]
    elif isinstance(value, dict) and key in value:
        return value[key]
    raise ContentError(f"the JSONPath '{path}' leads to nothing")


def _folder(tree: Tree, path: str, base: str, pattern: str = "*") -> list[dict[str, str]]:
    """Return what is known of the files of a folder, sorted by name."""
    folder = os.path.realpath(os.path.join(tree.root, path))
    if os.path.commonpath((folder, tree.root)) != tree.root:
        raise NotEvaluatedError(f"'{path}' is outside of the tree")
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        raise ContentError(f"'{path}' is not a folder") from None
    if len(names) > MAX_ENTRIES:
        raise NotEvaluatedError(f"'{path}' has more than {MAX_ENTRIES} files")
    shown = os.path.relpath(path, os.path.dirname(base) or ".").replace(os.sep, "/")
    return [
        {
            "relativePath": f"{shown}/{name}",
            "baseName": name,
            "extension": os.path.splitext(name)[1],
        }
        for name in names
        if fnmatch.fnmatchcase(name, pattern)
    ]
