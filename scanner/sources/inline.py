"""The text of an inline exemption, as fields. Knows neither comments nor Resources.

    ISO-029,NET-003 until=2027-01-31 owner=team-x reason="vendor fixes it in 4.2" ticket=OPS-17

Which fields must be there is not decided here: the same policy holds for exemptions from files.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

EXPECTED = 'expected RULE[,RULE] until=YYYY-MM-DD owner=NAME reason="TEXT" ticket=ID'

_FIELDS = {"until": "expires", "owner": "owner", "reason": "reason", "ticket": "ticket", "approved_by": "approved_by"}
"""Field as it is written → attribute of :class:`InlineExemption`."""

_RULES = re.compile(r"\s*([A-Za-z*?][\w*?.-]*(?:\s*,\s*[A-Za-z*?][\w*?.-]*)*+)(?=\s|\Z)")
_FIELD = re.compile(r'\s*(?P<name>[^\s="]+)=(?:"(?P<quoted>(?:[^"\\]|\\.)*+)"|(?P<bare>[^\s"]*+))(?=\s|\Z)')
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class InlineExemption(NamedTuple):
    """What one comment, or one line of the annotation, says."""

    rules: tuple[str, ...]
    """Rule ids or globs."""
    reason: str = ""
    owner: str = ""
    ticket: str = ""
    approved_by: str = ""
    expires: date | None = None


class Malformed(NamedTuple):
    """Why a text is no exemption."""

    reason: str
    offset: int
    """Where in the text, from 0."""


class _MalformedError(Exception):
    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.malformed = Malformed(f"{reason}; {EXPECTED}", offset)


def parse_inline(text: str) -> InlineExemption | Malformed:
    """Return the exemption that ``text`` (what follows ``bulkhead:exempt``) states."""
    rules = _RULES.match(text)
    if rules is None:
        return Malformed(f"it names no rule; {EXPECTED}", len(text) - len(text.lstrip()))
    try:
        values = dict(_fields(text, rules.end()))
    except _MalformedError as error:
        return error.malformed
    ids = tuple(re.split(r"\s*,\s*", rules[1]))
    return InlineExemption(ids, **values)


def _fields(text: str, position: int) -> Iterator[tuple[str, Any]]:
    """Yield (attribute, value) for each field behind ``position``."""
    seen: set[str] = set()
    while rest := text[position:].lstrip():
        offset = len(text) - len(rest)
        match = _FIELD.match(text, position)
        if match is None:
            raise _MalformedError(_complaint(rest), offset)
        name, quoted = match["name"], match["quoted"]
        if name not in _FIELDS:
            raise _MalformedError(f"unknown field '{name[:40]}' (known are {', '.join(_FIELDS)})", offset)
        if name in seen:
            raise _MalformedError(f"field '{name}' is set twice", offset)
        seen.add(name)
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match["bare"]
        yield _FIELDS[name], _expiry(value, offset) if name == "until" else value
        position = match.end()


def _complaint(rest: str) -> str:
    name, equals, value = rest.partition("=")
    if not equals or " " in name:
        return "a field has no value"
    if value.startswith('"') and not re.match(r'"(?:[^"\\]|\\.)*+"', value):
        return f"the quotation mark of field '{name[:40]}' is not closed"
    return f"field '{name[:40]}' cannot be read"


def _expiry(value: str, offset: int) -> date:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _MalformedError("field 'until' is no date", offset)
