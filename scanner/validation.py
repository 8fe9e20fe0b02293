"""Files that people write for Bulkhead, read strictly: one document, no duplicate key, valid against its schema.

The Estate, the configuration and the exemptions share this. It knows schemas by name and nothing of what they mean.
Validation by JSON Schema costs 70 ms for the import alone, so what was found valid is remembered by digest: an empty
file in the user's cache directory, named after the hash of tool version, schema and data. Other data has another name,
so a mark can only ever vouch for exactly what was validated.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from scanner import __version__
from scanner.errors import Diagnostic
from scanner.model.path import Path, format_path
from scanner.model.unknown import Unknown

if TYPE_CHECKING:
    from scanner.documents import Document

SCHEMAS: Mapping[str, str] = {
    "baseline": "points/baseline.schema.json",
    "config": "config.schema.json",
    "estate": "estate/schema.json",
    "exemptions": "exemptions/schema.json",
}
"""Schema name → its file in the package."""

LARGEST_BYTES = 20 * 1024 * 1024
MARKS = 200
"""Marks that are kept; the oldest go first."""
_SHOWN = 60
"""Characters of an offending value that a message repeats."""


class Place(NamedTuple):
    """A place in a file; line and column are one-based, None where they are not known."""

    file: str
    line: int | None = None
    column: int | None = None


Locate = Callable[[Path], Place]
"""Where the value at a path, or its nearest existing ancestor, stands."""


class Positioned(Protocol):
    """What is validated: a value, and the place of each part of it."""

    @property
    def value(self) -> Any:
        """Plain data."""

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands."""


class Text(NamedTuple):
    """One file as it was read."""

    file: str
    """Its name as reports print it."""
    content: bytes
    document: "Document"

    @property
    def value(self) -> Any:
        """The data in it."""
        return self.document.value

    def place(self, path: Path) -> Place:
        """Where the value at ``path``, or its nearest existing ancestor, stands."""
        if not path:
            return Place(self.file, self.document.line, 1)
        region = self.document.region(path)
        return Place(self.file, region.line, region.column)


def shown(path: str) -> str:
    """Return a path as reports print it: relative to the working directory where it is below it, with ``/``."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    chosen = path if relative.startswith("..") and os.path.isabs(path) else relative
    return chosen.replace(os.sep, "/")


def read_text(path: str) -> Text | list[Diagnostic]:
    """Read a file that must hold one YAML or JSON document; or say everything that is wrong with it."""
    file = shown(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        return [Diagnostic(file, None, None, f"cannot read file: {(error.strerror or str(error)).lower()}")]
    if len(content) > LARGEST_BYTES:
        return [Diagnostic(file, None, None, f"cannot read file: it is larger than {LARGEST_BYTES // 2**20} MiB")]
    return _parsed(file, content)


def _parsed(file: str, content: bytes) -> Text | list[Diagnostic]:
    from scanner.documents import read_yaml

    stream = read_yaml(content)
    problems = [*stream.problems, *(note for document in stream.documents for note in document.notes)]
    if problems:
        return [Diagnostic(file, problem.line, problem.column, problem.reason) for problem in problems]
    if not stream.documents:
        return [Diagnostic(file, None, None, "cannot read file: it is empty")]
    if len(stream.documents) > 1:
        line = stream.documents[1].line
        return [Diagnostic(file, line, 1, f"it holds {len(stream.documents)} documents; one is expected")]
    return Text(file, content, stream.documents[0])


def validate(document: Positioned, schema_name: str) -> list[Diagnostic]:
    """Return everything in which ``document`` differs from a schema of :data:`SCHEMAS`, by position; empty if valid."""
    text = _schema_text(schema_name)
    mark = _mark(text, document.value)
    if mark is not None and os.path.exists(mark):
        return []
    found = list(_differences(json.loads(text), document))
    if not found and mark is not None:
        _remember(mark)
    return sorted(found, key=lambda d: (d.file, d.line or 0, d.column or 0, d.message))


def read_valid(path: str, schema_name: str) -> Text | list[Diagnostic]:
    """Read a file and validate it; or say everything that is wrong with it."""
    text = read_text(path)
    if not isinstance(text, Text):
        return text
    return validate(text, schema_name) or text


def faults(found: Sized) -> str:
    """Return how many faults were found, in words."""
    return "one fault" if len(found) == 1 else f"{len(found)} faults"


def schema(name: str) -> dict[str, Any]:
    """Return a schema of :data:`SCHEMAS` as data."""
    loaded: dict[str, Any] = json.loads(_schema_text(name))
    return loaded


def _schema_text(name: str) -> bytes:
    with open(os.path.join(os.path.dirname(__file__), SCHEMAS[name]), "rb") as stream:
        return stream.read()


def _mark(schema_text: bytes, value: Any) -> str | None:
    """Path of the mark for exactly this data; None where there is no cache or the data holds what JSON cannot."""
    folder = _cache_folder()
    if folder is None:
        return None
    try:
        data = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except TypeError:
        return None
    digest = hashlib.sha256()
    for part in (__version__.encode(), schema_text, data.encode()):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return os.path.join(folder, digest.hexdigest())


def _cache_folder() -> str | None:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if not base:
        home = os.path.expanduser("~")
        if home in ("~", "/"):
            return None
        base = os.path.join(home, ".cache")
    return os.path.join(base, "bulkhead", "valid") if os.path.isabs(base) else None


def _remember(mark: str) -> None:
    """Leave a mark. A cache that cannot be written only costs time, so that is no error."""
    folder = os.path.dirname(mark)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(mark, "wb"):
            pass
        marks = [os.path.join(folder, name) for name in os.listdir(folder)]
        if len(marks) > MARKS:
            for old in sorted(marks, key=os.path.getmtime)[:-MARKS]:
                os.unlink(old)
    except OSError:
        return


def _differences(schema_: Mapping[str, Any], document: Positioned) -> Iterator[Diagnostic]:
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    for name, check in _FORMATS.items():
        formats.checks(name, raises=ValueError)(check)
    errors = list(Draft202012Validator(schema_, format_checker=formats).iter_errors(document.value))
    mistyped = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    seen = set()
    for error in errors:
        if error.validator != "type" and tuple(error.absolute_path) in mistyped:
            continue
        for path, message in _messages(error):
            if (path, message) not in seen:
                seen.add((path, message))
                place, where = document.place(path), format_path(path)
                yield Diagnostic(*place, f"{where}: {message}" if where else message)


def suggestion(name: Any, known: Iterable[Any]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest of the ``known`` names, or nothing where none is near."""
    from difflib import get_close_matches

    spelled = {str(other).lower(): str(other) for other in known}
    near = get_close_matches(str(name).lower(), list(spelled), n=1, cutoff=0.55)
    return f"; did you mean '{spelled[near[0]]}'?" if near else ""


def _is_date(value: object) -> bool:
    from datetime import date

    return not isinstance(value, str) or (len(value) == len("2026-01-31") and bool(date.fromisoformat(value)))


def _is_moment(value: object) -> bool:
    from datetime import datetime

    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def _is_pattern(value: object) -> bool:
    import re

    if isinstance(value, str):
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(str(error)) from None
    return True


def _is_network(value: object) -> bool:
    from ipaddress import ip_network

    return not isinstance(value, str) or bool(ip_network(value))


_FORMATS: Mapping[str, Callable[[object], bool]] = {
    "cidr": _is_network,
    "date": _is_date,
    "date-time": _is_moment,
    "regex": _is_pattern,
}
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}


def _messages(error: Any) -> Iterator[tuple[Path, str]]:
    """What the violated keyword of a jsonschema ValidationError means to a person, and the path it is about."""
    path: Path = tuple(error.absolute_path)
    value, wanted = error.instance, error.validator_value
    if "propertyNames" in error.absolute_schema_path:
        yield (*path, value), f"{_quoted(value)} is no {_meaning(error.schema)}{_near(value, error.schema)}"
        return
    match error.validator:
        case "additionalProperties":
            known = list(error.schema.get("properties", ()))
            for key in value:
                if key not in known:
                    yield (*path, key), f"unknown key{suggestion(key, known)}"
        case "required":
            for key in wanted:
                if key not in value:
                    yield path, f"key '{key}' is missing"
        case "type":
            types = [wanted] if isinstance(wanted, str) else wanted
            quotes = " (put it in quotes)" if "string" in types and isinstance(value, bool | int | float) else ""
            yield path, f"{_described(value)}; expected {' or '.join(_TYPES[name] for name in types)}{quotes}"
        case "enum" | "pattern" | "format":
            yield path, f"{_quoted(value)} is no {_meaning(error.schema)}{_near(value, error.schema)}"
        case "const":
            yield path, f"it is {_quoted(value)}; expected {_quoted(wanted)}"
        case "minimum" | "maximum":
            bound = "at least" if error.validator == "minimum" else "at most"
            yield path, f"it is {value}; {bound} {wanted} is required"
        case "minItems" | "minProperties" | "minLength":
            yield path, "it is empty"
        case "uniqueItems":
            twice = next(item for index, item in enumerate(value) if item in value[:index])
            yield path, f"{_quoted(twice)} is listed twice"
        case other:
            yield path, f"it does not satisfy '{other}' of the schema"


def _meaning(schema_: Mapping[str, Any]) -> str:
    """What a value should be: the title of its schema, and the choices or an example."""
    title = str(schema_.get("title", "accepted value"))
    if "enum" in schema_:
        return f"{title}: one of {', '.join(schema_['enum'])}"
    examples = schema_.get("examples")
    return f"{title}, such as {examples[0]}" if examples else title


def _near(value: Any, schema_: Mapping[str, Any]) -> str:
    return suggestion(value, schema_.get("enum", ()))


def _described(value: Any) -> str:
    if isinstance(value, Unknown):
        return f"its value is not known, since {value.reason}"
    if value is None:
        return "it is empty"
    for type_, name in ((bool, "boolean"), (str, "string"), (int, "integer"), (float, "number"), (list, "array")):
        if isinstance(value, type_):
            return f"it is {_TYPES[name]}"
    return f"it is {_TYPES['object']}"


def _quoted(value: Any) -> str:
    """A value of the file in quotes: shortened, and without characters that would disturb a terminal."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "'" + "".join(char if char.isprintable() else "?" for char in cut) + "'"
