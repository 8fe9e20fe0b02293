"""Strings: template strings, and splitting from either end."""

import json
from collections.abc import Iterable

from scanner.packs.rego.builtins.operands import array, integer, is_set, string


def template_string(parts: object) -> str:
    """Return the text of a template string.

    `parts` are strings as they stand, and for each hole the set of its values: none is `<undefined>`, more than one is
    an error.
    """
    return "".join(_part(part) for part in array(parts, 1))


def split_n(text: object, delimiter: object, count: object) -> list[str]:
    """`strings.split_n`: the first `count` parts of a text, or the last ones where `count` is negative."""
    wanted, delimiter = integer(count, 3), string(delimiter, 2)
    parts = string(text, 1).split(delimiter) if delimiter else list(string(text, 1))
    return parts[:wanted] if wanted >= 0 else parts[wanted:]


def _part(part: object) -> str:
    if not is_set(part):
        return written(part)
    values = list(part)  # type: ignore[call-overload]
    if len(values) > 1:
        raise ValueError("template-strings must not produce multiple outputs")
    return written(values[0]) if values else "<undefined>"


def written(value: object, *, inside: bool = False) -> str:
    """Return a value as Rego writes it; a string outside of any collection without quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if inside else value
    if isinstance(value, dict):
        pairs = (f"{written(key, inside=True)}: {written(each, inside=True)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if is_set(value):
        return f"{{{_joined(value)}}}" if value else "set()"  # type: ignore[arg-type]
    if isinstance(value, list):
        return f"[{_joined(value)}]"
    return json.dumps(value)


def _joined(values: Iterable[object]) -> str:
    return ", ".join(written(value, inside=True) for value in values)
