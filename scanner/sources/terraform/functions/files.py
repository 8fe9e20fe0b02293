"""Paths, and the content of files inside of the scanned tree."""

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.model.unknown import Unknown
from scanner.sources.terraform.functions.digests import digest, to_base64
from scanner.sources.terraform.functions.function import Function, FunctionError, Reach
from scanner.sources.terraform.values.convert import convert
from scanner.sources.terraform.values.types import ANY, STRING
from scanner.sources.terraform.values.value import (
    Sensitive,
    SetValue,
    Value,
    ValueFault,
    derive,
    hide,
    normal,
)

if TYPE_CHECKING:
    from scanner.sources.terraform.functions.context import Context

_MAX_MATCHES = 10_000
"""Files that ``fileset`` looks at; in a larger folder its result is Unknown."""


def _clean(path: str) -> str:
    """Return the shortest path that means the same, as Go's filepath.Clean."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _base_name(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _folder_name(path: str) -> str:
    return _clean(path.rpartition("/")[0] + ("/" if path.rpartition("/")[0] == "" and path.startswith("/") else ""))


def _absolute(context: "Context", path: str) -> Value:
    return _clean(f"{context.folder.as_posix()}/{path}" if not path.startswith("/") else path)


def _expand(path: str) -> Value:
    if path.startswith("~"):
        return Unknown("pathexpand() asks for the home folder, which is not read")
    return path


def _text(context: "Context", path: str) -> Value:
    data = context.read(path)
    if isinstance(data, Unknown):
        return data
    try:
        return normal(data.decode())
    except UnicodeDecodeError:
        raise FunctionError(f'contents of "{path}" are not valid UTF-8', 0) from None


def _exists(context: "Context", path: str) -> Value:
    target = context.locate(path)
    if isinstance(target, Unknown):
        return target
    if target.is_dir():
        raise FunctionError(f'"{path}" is a directory, not a file', 0)
    return target.is_file()


def _of_bytes(function: Callable[[bytes], str]) -> "Callable[[Context, str], Value]":
    def run(context: "Context", path: str) -> Value:
        data = context.read(path)
        return data if isinstance(data, Unknown) else function(data)

    return run


def _hex(algorithm: str) -> "Callable[[Context, str], Value]":
    return _of_bytes(lambda data: digest(algorithm, data).hex())


def _base64(algorithm: str) -> "Callable[[Context, str], Value]":
    return _of_bytes(lambda data: to_base64(digest(algorithm, data)))


def _file_set(context: "Context", path: str, pattern: str) -> Value:
    folder = context.locate(path)
    if isinstance(folder, Unknown):
        return folder
    if ".." in pattern.split("/"):
        return Unknown(f'the pattern "{pattern}" leaves its folder')
    expression = re.compile(_glob(posixpath.normpath(pattern) if pattern else pattern))
    found: list[str] = []
    for count, file in enumerate(_files(folder, 0)):
        if count >= _MAX_MATCHES:
            return Unknown(f'"{path}" holds more than {_MAX_MATCHES} files')
        name = file.relative_to(folder).as_posix()
        if expression.fullmatch(name) and file.is_file():
            found.append(normal(name))
    return SetValue(sorted(set(found)), STRING)


def _files(folder: Path, depth: int) -> "list[Path]":
    """Return the files below ``folder``; links to folders are not followed."""
    if depth > 64 or not folder.is_dir():
        return []
    found: list[Path] = []
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            found += _files(entry, depth + 1)
        else:
            found.append(entry)
        if len(found) > _MAX_MATCHES:
            break
    return found


_GLOB = re.compile(r"(?P<deep>(?:(?<=/)|^)(?:\*\*/)+(?!\*\*$)|(?:(?<=/)|^)\*\*(?:/|$))|(?P<char>[\s\S])")


def _glob(pattern: str) -> str:
    """Translate a pattern with ``*``, ``**``, ``?``, ``[a-z]`` and ``{a,b}`` for paths with slashes."""
    out: list[str] = []
    place = braces = 0
    while place < len(pattern):
        match = _GLOB.match(pattern, place)
        assert match is not None
        if match["deep"]:
            out.append(_deep(match["deep"]))
            place = match.end()
            continue
        char = pattern[place]
        if char == "[":
            text, place = _glob_class(pattern, place)
            out.append(text)
            continue
        if char == "\\" and place + 1 < len(pattern):
            place += 1
            out.append(re.escape(pattern[place]))
        elif char == "{":
            braces += 1
            out.append("(?:")
        elif char == "/" and braces:
            raise FunctionError("failed to glob pattern: syntax error in pattern", 1)
        elif char == "}" and braces:
            braces -= 1
            out.append(")")
        else:
            out.append("|" if char == "," and braces else _GLOB_CHARS.get(char, re.escape(char)))
        place += 1
    if braces:
        raise FunctionError("failed to glob pattern: syntax error in pattern", 1)
    return "".join(out)


def _deep(stars: str) -> str:
    """Translate ``**``: any folders before a slash, at least one where it is repeated, or all files at the end."""
    if not stars.endswith("/"):
        return "(?:[^/]+/)*[^/]+"
    return "(?:[^/]+/)*" if stars == "**/" else "(?:[^/]+/)+"


_GLOB_CHARS = {"*": "[^/]*", "?": "[^/]"}


def _glob_class(pattern: str, place: int) -> tuple[str, int]:
    end = pattern.find("]", place + 1)
    inside = pattern[place + 1 : max(end, 0)]
    negative = inside.startswith("^")
    if end < 0 or not inside[negative:]:
        raise FunctionError("failed to glob pattern: syntax error in pattern", 1)
    members = re.sub(r"([\[\]\\^&~|])", r"\\\1", inside[1:] if negative else inside)
    return f"(?!/)[{'^' if negative else ''}{members}]", end + 1


def _template_file(context: "Context", path: Value, variables: Value) -> Value:
    marked = isinstance(path, Sensitive)
    shown = path.value if isinstance(path, Sensitive) else path
    if isinstance(shown, Unknown):
        return derive(shown)
    if shown is None:
        raise FunctionError("argument must not be null", 0)
    name = convert(shown, STRING)
    text = _text(context, name)
    if isinstance(text, Unknown):
        return text
    return _rendered(context, text, variables, name, marked)


def _template_string(context: "Context", template: Value, variables: Value) -> Value:
    marked = isinstance(template, Sensitive)
    shown = template.value if isinstance(template, Sensitive) else template
    if isinstance(shown, Unknown):
        return derive(shown)
    if shown is None:
        raise FunctionError("argument must not be null", 0)
    result = _rendered(context, convert(shown, STRING), variables, "", marked)
    return convert(result, STRING)


def _rendered(context: "Context", text: str, variables: Value, name: str, marked: bool) -> Value:
    if isinstance(variables, Sensitive):
        variables, marked = variables.value, True
    if isinstance(variables, Unknown):
        return derive(variables)
    if not isinstance(variables, dict):
        raise FunctionError("invalid vars value: must be a map", 1)
    if context.render is None:
        return Unknown("templates are not rendered here")
    for variable in variables:
        if re.fullmatch(r"[^\W\d][\w-]*", variable) is None:
            raise FunctionError(f'invalid template variable name "{variable}"', 1)
    try:
        result = context.render(text, variables, name)
    except ValueFault as fault:
        raise FunctionError(str(fault), 0) from None
    return hide(result) if marked else result


FUNCTIONS = {
    "abspath": Function(_absolute, STRING, context=True),
    "basename": Function(_base_name, STRING),
    "dirname": Function(_folder_name, STRING),
    "file": Function(_text, STRING, context=True),
    "filebase64": Function(_of_bytes(to_base64), STRING, context=True),
    "filebase64sha256": Function(_base64("sha256"), STRING, context=True),
    "filebase64sha512": Function(_base64("sha512"), STRING, context=True),
    "fileexists": Function(_exists, STRING, context=True),
    "filemd5": Function(_hex("md5"), STRING, context=True),
    "fileset": Function(_file_set, STRING, STRING, context=True),
    "filesha1": Function(_hex("sha1"), STRING, context=True),
    "filesha256": Function(_hex("sha256"), STRING, context=True),
    "filesha512": Function(_hex("sha512"), STRING, context=True),
    "pathexpand": Function(_expand, STRING),
    "templatefile": Function(_template_file, STRING, ANY, context=True, reach=Reach.ALL),
    "templatestring": Function(_template_string, STRING, ANY, context=True, reach=Reach.ALL),
}
