"""``rule.md``: manifest, documentation page and SARIF help of a Rule in one file, so that they cannot disagree."""

import re
from collections.abc import Mapping
from typing import Any

from scanner.documents import Document, read_yaml
from scanner.errors import Diagnostic, PackError
from scanner.model.path import ANY, Path, parse_path
from scanner.model.rule import Rule, Scope
from scanner.model.severity import Severity
from scanner.model.types import expand_types

HEADINGS = ("What it checks", "Why it matters", "How to fix", "References")
"""The fixed headings of the body, in their order."""

NEEDS = ("inventory", "estate", "live", "clock")
WANTS = ("estate",)
POINTS = ("gate", "admission", "audit")
FIELDS = {
    "id": str,
    "title": str,
    "severity": str,
    "applies_to": list,
    "reads": list,
    "weighs": list,
    "looks_up": dict,
    "looks_for": list,
    "needs": list,
    "wants": list,
    "local": list,
    "placed": list,
    "scope": str,
    "points": list,
    "controls": dict,
    "equivalents": dict,
    "since": str,
}
"""Fields of the front matter and the type of each; all but the optional ones must be there."""

_OPTIONAL = {"weighs", "looks_up", "looks_for", "needs", "wants", "local", "placed", "scope", "equivalents", "controls"}
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3}\Z")
_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?\n)---[ \t]*\r?\n", re.DOTALL)


def split_rule_file(text: str, file: str) -> tuple[str, str]:
    """Return (front matter, body) of the text of a ``rule.md``; raises PackError naming ``file``."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise _error(file, 1, "the file must begin with front matter between two lines '---'")
    return match[1], text[match.end() :]


def parse_rule(text: str, file: str, *, language: str, pack: str, folder: str) -> Rule:
    """Return the Rule that a ``rule.md`` describes; raises PackError with every fault's line.

    ``file`` is the path for messages; ``folder`` the absolute path of the Rule's folder.
    """
    front, body = split_rule_file(text, file)
    stream = read_yaml(front)
    if stream.problems:
        problem = stream.problems[0]
        raise _error(file, (problem.line or 1) + 1, problem.reason)
    if not stream.documents or not isinstance(stream.documents[0].value, dict):
        raise _error(file, 2, "the front matter must be a mapping of fields")
    return _Reader(stream.documents[0], body, file).rule(language, pack, folder)


def fix_hint(body: str) -> str:
    """Return the first sentence under *How to fix*, on one line."""
    match = re.search(r"^## How to fix\s*\n+(.+?)(?:\n\s*\n|\n```|\Z)", body, re.DOTALL | re.MULTILINE)
    if match is None:
        return ""
    paragraph = " ".join(match[1].split())
    sentence = re.match(r".*?[.!?](?=\s+[A-Z`]|\Z)", paragraph)
    return sentence[0] if sentence else paragraph


class _Reader:
    """Reads the fields of one front matter; collects every fault before it gives up."""

    def __init__(self, document: Document, body: str, file: str) -> None:
        self._document = document
        self._fields: Mapping[str, Any] = document.value
        self._body = body
        self._file = file
        self._faults: list[Diagnostic] = []

    def rule(self, language: str, pack: str, folder: str) -> Rule:
        self._check_shape()
        self._raise_faults()
        fields = self._fields
        severity = self._read("severity", lambda: Severity.parse(fields["severity"]))
        applies_to = self._read("applies_to", lambda: expand_types(fields["applies_to"]))
        reads = self._read("reads", lambda: _paths(fields["reads"]))
        weighs = self._read("weighs", lambda: _paths(fields.get("weighs", [])))
        looks_up = self._read("looks_up", lambda: _looked_up(fields.get("looks_up", {})))
        looks_for = self._read("looks_for", lambda: expand_types(fields.get("looks_for", [])))
        needs = self._read("needs", lambda: _choices(fields.get("needs", []), NEEDS))
        wants = self._read("wants", lambda: _choices(fields.get("wants", []), WANTS))
        local = self._read("local", lambda: expand_types(fields.get("local", [])))
        placed = self._read("placed", lambda: expand_types(fields.get("placed", [])))
        points = self._read("points", lambda: _choices(fields["points"], POINTS))
        scope = self._read("scope", lambda: Scope(fields.get("scope", "any")))
        self._check_consistency(language)
        if placed and applies_to is not None and not set(applies_to) >= set(placed):
            self._fault(("placed",), "placed names types that applies_to does not")
        if looks_for and looks_up is not None and not looks_up.keys() >= set(looks_for):
            self._fault(("looks_for",), "looks_for names types that looks_up does not")
        self._raise_faults()
        return Rule(
            id=fields["id"],
            title=fields["title"],
            severity=severity,
            language=language,
            pack=pack,
            folder=folder,
            applies_to=applies_to,
            reads=reads,
            looks_up=looks_up,
            looks_for=frozenset(looks_for),
            needs=frozenset(needs),
            scope=scope,
            points=points,
            controls=_named_lists(fields.get("controls", {})),
            equivalents=_named_lists(fields.get("equivalents", {})),
            since=fields["since"],
            fix=fix_hint(self._body),
            local=frozenset(local),
            placed=frozenset(placed),
            wants=frozenset(wants),
            weighs=weighs,
        )

    def _check_shape(self) -> None:
        for name in self._fields:
            if name not in FIELDS:
                self._fault((name,), f"unknown field '{name}'; known are {', '.join(FIELDS)}")
        for name, type_ in FIELDS.items():
            if name not in self._fields:
                if name not in _OPTIONAL:
                    self._fault((), f"field '{name}' is missing")
            elif not isinstance(self._fields[name], type_):
                self._fault((name,), f"field '{name}' must be a {_KIND[type_]}")
        rule_id = self._fields.get("id")
        if isinstance(rule_id, str) and not _ID.match(rule_id):
            self._fault(("id",), f"id '{rule_id}' must look like ISO-029: letters, a dash, three digits")
        found = tuple(re.findall(r"^## (.+?)\s*$", self._body, re.MULTILINE))
        if found != HEADINGS:
            self._fault((), f"the body must have the headings {', '.join(HEADINGS)}, in this order")

    def _check_consistency(self, language: str) -> None:
        if self._fields.get("weighs") and language != "python":
            self._fault(
                ("weighs",), "weighs is for rules in Python: Rego cannot tell an unknown value from an absent one"
            )
        if self._fields.get("looks_up") and "inventory" not in self._fields.get("needs", []):
            self._fault(("looks_up",), "looks_up is set, so needs must hold 'inventory'")
        if not set(self._fields.get("local", ())) <= set(self._fields["applies_to"]):
            self._fault(("local",), "local names types that applies_to does not")

    def _read(self, name: str, parse: Any) -> Any:
        """Return what ``parse`` makes of a field; a ValueError or TypeError becomes a fault at the field."""
        try:
            return parse()
        except (ValueError, TypeError) as error:
            self._fault((name,), str(error))
            return None

    def _fault(self, path: Path, message: str) -> None:
        line = self._document.region(path).line + 1 if path else 1  # one line for the opening '---'
        self._faults.append(Diagnostic(self._file, line, None, message))

    def _raise_faults(self) -> None:
        if self._faults:
            raise PackError(f"cannot load rule: {self._faults[0]}", details=self._faults[1:])


_KIND: Mapping[type, str] = {str: "text", list: "list", dict: "mapping"}


def _paths(texts: list[Any]) -> tuple[Path, ...]:
    return tuple(_path(text) for text in texts)


def _path(text: Any) -> Path:
    if not isinstance(text, str):
        raise TypeError(f"a path must be text, not {text!r}")
    path = parse_path(text)
    if path[:1] == ("views",) and path[1:2] not in (("pod",), ("containers",)):
        raise ValueError(f"unknown view in '{text}': there are views.pod and views.containers[*]")
    if path[:2] == ("views", "containers") and path[2:3] != (ANY,):
        raise ValueError(f"write views.containers[*]… in '{text}'")
    return path


def _looked_up(table: Mapping[str, Any]) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for name, paths in table.items():
        if not isinstance(paths, list):
            raise TypeError(f"looks_up '{name}' must be a list of paths")
        for type_ in expand_types((name,)):
            found[type_] = _paths(paths)
    return found


def _choices(values: list[Any], allowed: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in allowed:
            raise ValueError(f"unknown value {value!r}: one of {', '.join(allowed)}")
    return tuple(values)


def _named_lists(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(item) for item in (ids if isinstance(ids, list) else [ids])) for name, ids in table.items()}


def _error(file: str, line: int, message: str) -> PackError:
    return PackError(f"cannot load rule: {Diagnostic(file, line, None, message)}")
