"""One JSON file as the service reads it, and what kind of file it is."""

import codecs
import json
import re
from typing import Any, Final

from scanner.documents import Document, Limits, Problem
from scanner.documents.encoding import decode
from scanner.documents.json_stream import read_json_text
from scanner.model.location import Region
from scanner.model.path import Path
from scanner.sources.arm.tolerant import NOT_READ, read_blanked, read_escaped, read_tolerant

TEMPLATE: Final = "template"
PARAMETERS: Final = "parameters"
USER_INTERFACE: Final = "user interface definition"

_SCHEMA: Final = re.compile(r"(?P<scope>subscription|managementGroup|tenant)?(?P<kind>Deployment\w+)\.json#?\Z", re.I)
_KINDS: Final = {"deploymenttemplate": TEMPLATE, "deploymentparameters": PARAMETERS}
_SCOPES: Final = {"": "resourceGroup", "managementgroup": "managementGroup"}
_MARKS: Final = (b"eploymentTemplate.json", b"eploymentParameters.json", b"CreateUIDefinition")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class JsonFile:
    """A file that was read."""

    __slots__ = ("_document", "_limits", "name", "text", "value")

    def __init__(self, name: str, value: Any, text: str, limits: Limits, document: Document | None = None) -> None:
        self.name = name
        """As reports print it."""
        self.value = value
        self.text = text
        self._limits = limits
        self._document = document

    def region(self, path: Path) -> Region | None:
        """Return the place of ``path``, or of its nearest ancestor."""
        if self._document is None:
            document = read_tolerant(self.text, self._limits)
            if isinstance(document, Problem):
                return None
            self._document = document
        return self._document.region(path)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was read although it is suspicious: keys that are set twice."""
        return self._document.notes if self._document is not None else ()

    def find(self, value: str) -> Region | None:
        """Return the place of the first string that is ``value``."""
        written = json.dumps(value, ensure_ascii=False)
        for form in (written, json.dumps(value), f'"{value}"'):
            offset = self.text.find(form)
            if offset >= 0:
                line = self.text.count("\n", 0, offset) + 1
                column = offset - self.text.rfind("\n", 0, offset)
                rows = form.count("\n")
                end = column + len(form) if not rows else len(form) - form.rfind("\n")
                return Region(line, column, line + rows, end)
        return None


def read_file(data: bytes, name: str, limits: Limits) -> JsonFile | Problem:
    """Return the file, or why it cannot be read, with the place."""
    if len(data) > limits.max_bytes:
        return limits.size_problem()
    text = decode(data)
    if isinstance(text, Problem):
        return text
    documents = read_json_text(text, limits).documents
    document = documents[0] if documents else read_blanked(text, limits)
    if document is not None:
        return JsonFile(name, document.value, text, limits, document)
    value = read_escaped(text, limits)
    if value is not NOT_READ:
        return JsonFile(name, value, text, limits)
    tolerant = read_tolerant(text, limits)
    if isinstance(tolerant, Problem):
        return tolerant
    return JsonFile(name, tolerant.value, text, limits, tolerant)


def is_arm_json(data: bytes) -> bool:
    """Whether ``data`` may be a template, a parameters file or a user interface definition; cheap, never too strict."""
    if data.startswith(_UTF16):
        text = decode(data)
        data = text.encode() if isinstance(text, str) else b""
    if any(mark in data for mark in _MARKS):
        return True
    return b'"contentVersion"' in data and b'"resources"' in data


def kind_of(value: Any) -> tuple[str, str]:
    """Return what kind of file holds ``value``, and the scope a template is for; empty where it is none of ours."""
    if not isinstance(value, dict):
        return "", ""
    schema = value.get("$schema")
    if isinstance(schema, str):
        if "createuidefinition" in schema.lower():
            return USER_INTERFACE, ""
        match = _SCHEMA.match(schema.rpartition("/")[2])
        if match is not None and match["kind"].lower() in _KINDS:
            scope = (match["scope"] or "").lower()
            return _KINDS[match["kind"].lower()], _SCOPES.get(scope, scope)
    if "contentVersion" in value and isinstance(value.get("resources"), (list, dict)):
        return TEMPLATE, "resourceGroup"
    return "", ""
