"""JSON written piece by piece: the large arrays of a report one entry a line, never the whole text at once.

Output is ASCII, so that a control character from an input stays an escape wherever the output is printed.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_SURROGATE = re.compile(r"\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(?P<lone>\\ud[89a-f][0-9a-f]{2})")
"""An escaped backslash, a pair, or half a pair, in the JSON that Python writes."""
_COMMAND = re.compile(r"#(?=#(?:vso)?\[)", re.IGNORECASE)
"""The first character of ``##vso[`` or ``##[``, which Azure Pipelines and GitHub Actions act on anywhere in a line."""


def json_document(members: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield a JSON object with ``members`` in their order; a value that is an iterator becomes an array."""
    separator = "{\n"
    for name, value in members:
        yield f"{separator}  {json.dumps(name)}: "
        if isinstance(value, Iterator):
            yield from json_array(value)
        else:
            yield to_json(value)
        separator = ",\n"
    yield "\n}\n"


def to_json(value: Any) -> str:
    """Return ``value`` as JSON on one line that every parser accepts.

    Half a surrogate pair stands for a byte of a file name that is no UTF-8; strict parsers would reject the whole
    report for it, so U+FFFD is written instead. What a build agent would take for a command is written with an
    escape; it reads as the same text.
    """
    text = json.dumps(value)
    if "##" in text:
        text = _COMMAND.sub(r"\\u0023", text)
    if "\\ud" not in text:
        return text
    return _SURROGATE.sub(lambda match: "\\ufffd" if match["lone"] else match[0], text)


def json_array(entries: Iterator[Any], indent: str = "  ") -> Iterator[str]:
    """Yield a JSON array with one entry a line; ``indent`` is that of the line it begins on."""
    separator = f"[\n{indent}  "
    for entry in entries:
        yield separator + to_json(entry)
        separator = f",\n{indent}  "
    yield "[]" if separator.startswith("[") else f"\n{indent}]"
