"""Functions of text. Comparisons are with case but where the service documents them without."""

import json
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.formats import format_text
from scanner.sources.arm.functions.function import (
    Function,
    bounded_list,
    bounded_text,
    refuse,
    too_long,
    want_int,
    want_list,
    want_text,
)
from scanner.sources.arm.values import (
    MAX_TEXT,
    EvaluationError,
    Token,
    first_unknown,
    joined,
    pieces,
    unknown_call,
    written_size,
)


def concat(*values: Any) -> Any:
    """Return the arrays as one array, or everything as one text."""
    if isinstance(values[0], list):
        items: list[Any] = []
        for value in values:
            if isinstance(value, Unknown):
                return unknown_call("concat", values)
            items += want_list("concat", value)
        return bounded_list(items)
    if isinstance(values[0], Unknown) and any(isinstance(value, list) for value in values):
        return unknown_call("concat", values)
    return joined([value if isinstance(value, Unknown) else plain_text("concat", value) for value in values])


def plain_text(name: str, value: Any) -> str:
    """Return the text of a string, number or bool."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, (list, dict)):
        refuse(name, "strings or arrays", value)
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def string(value: Any) -> str:
    """Return the text of any value: JSON for arrays and objects."""
    if isinstance(value, (list, dict)):
        written_size(value)
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return plain_text("string", value)


def replace(value: Any, old_part: Any, new_part: Any) -> str:
    """Return a text with every ``old_part`` replaced."""
    text, old, new = want_text("replace", value), want_text("replace", old_part), want_text("replace", new_part)
    if not old:
        raise EvaluationError("replace() wants something to replace, not an empty string", by_value=True)
    if len(text) + text.count(old) * max(len(new) - len(old), 0) > MAX_TEXT:
        raise too_long()
    return text.replace(old, new)


def split(text: Any, delimiter: Any) -> Any:
    """Return the parts of ``text`` between delimiters; those of an id are known one by one."""
    if isinstance(text, Token) and text.is_id and delimiter == "/":
        return _split_id(text)
    if isinstance(text, Unknown) or isinstance(delimiter, Unknown):
        return unknown_call("split", (text, delimiter))
    text = want_text("split", text)
    delimiters = [delimiter] if isinstance(delimiter, str) else want_list("split", delimiter)
    if first_unknown(delimiters):
        return unknown_call("split", (text, delimiter))
    parts = [text]
    for one in delimiters:
        if want_text("split", one):
            parts = [piece for part in parts for piece in part.split(one)]
    return bounded_list(parts)


def _split_id(token: Token) -> list[Any]:
    parts = token.text.split("/")
    return [token.derived(part) if "{" in part else part for part in parts]


def join(items: Any, delimiter: Any) -> Any:
    """Return the members of an array as one text."""
    items, delimiter = want_list("join", items), want_text("join", delimiter)
    parts: list[Any] = []
    length = 0
    for item in items:
        part = item if isinstance(item, Unknown) else plain_text("join", item)
        length += len(delimiter) + (len(part) if isinstance(part, str) else 0)
        if length > MAX_TEXT:
            raise too_long()
        parts += (delimiter, part) if parts else (part,)
    return joined(parts)


def to_lower(text: Any) -> str:
    """Return ``text`` in lower case."""
    return want_text("toLower", text).lower()


def to_upper(text: Any) -> str:
    """Return ``text`` in upper case."""
    return want_text("toUpper", text).upper()


def trim(text: Any) -> str:
    """Return ``text`` without white space around it."""
    return want_text("trim", text).strip()


def substring(value: Any, first: Any, length: Any = None) -> str:
    """Return a part of a text, which must be inside it."""
    text, start = want_text("substring", value), want_int("substring", first)
    size = len(text) - start if length is None else want_int("substring", length)
    if start < 0 or size < 0 or start + size > len(text):
        raise EvaluationError(
            f"substring() wants {size} characters from {start} of a text of {len(text)} characters", by_value=True
        )
    return text[start : start + size]


def pad_left(value: Any, width: Any, character: Any = " ") -> str:
    """Return the value as text, filled from the left."""
    text, character = plain_text("padLeft", value), want_text("padLeft", character)
    if len(character) != 1:
        raise EvaluationError("padLeft() wants one character to fill with", by_value=True)
    width = want_int("padLeft", width)
    if width > MAX_TEXT:
        raise too_long()
    return text.rjust(width, character)


def starts_with(text: Any, start: Any) -> Any:
    """Whether ``text`` starts so, without case."""
    if isinstance(text, Token) and isinstance(start, str):
        known = text.text.partition("{")[0].lower()
        start = start.lower()
        if known.startswith(start):
            return True
        return unknown_call("startsWith", (text, start)) if start.startswith(known) else False
    if isinstance(text, Unknown) or isinstance(start, Unknown):
        return unknown_call("startsWith", (text, start))
    return want_text("startsWith", text).lower().startswith(want_text("startsWith", start).lower())


def ends_with(text: Any, end: Any) -> Any:
    """Whether ``text`` ends so, without case."""
    if isinstance(text, Token) and isinstance(end, str):
        known = text.text.rpartition("}")[2].lower()
        end = end.lower()
        if known.endswith(end):
            return True
        return unknown_call("endsWith", (text, end)) if end.endswith(known) else False
    if isinstance(text, Unknown) or isinstance(end, Unknown):
        return unknown_call("endsWith", (text, end))
    return want_text("endsWith", text).lower().endswith(want_text("endsWith", end).lower())


def known_part(token: Token, part: str) -> bool:
    """Whether ``part`` is in what is known of a text."""
    return any(part in piece for piece in pieces(token.text) if not piece.startswith("{"))


def format_(template: Any, *values: Any) -> Any:
    """Return ``template`` with its ``{0}`` filled in."""
    if isinstance(template, Unknown):
        return unknown_call("format", (template, *values))
    result = format_text(want_text("format", template), values, string)
    return bounded_text(result) if isinstance(result, str) else result


TABLE: Final = {
    "concat": Function(concat, 1, None, lenient=True),
    "endswith": Function(ends_with, 2, 2, lenient=True),
    "format": Function(format_, 1, None, lenient=True),
    "join": Function(join, 2, 2),
    "padleft": Function(pad_left, 2, 3),
    "replace": Function(replace, 3, 3),
    "split": Function(split, 2, 2, lenient=True),
    "startswith": Function(starts_with, 2, 2, lenient=True),
    "string": Function(string, 1, 1, deep=True),
    "substring": Function(substring, 2, 3),
    "tolower": Function(to_lower, 1, 1),
    "toupper": Function(to_upper, 1, 1),
    "trim": Function(trim, 1, 1),
}
