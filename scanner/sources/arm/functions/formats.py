"""Composite format strings as .NET has them: ``{index[,width][:format]}``.

Of the standard number formats the ones that templates use: D, F, N, P, X, and custom formats of zeros and digits.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from scanner.model.unknown import Unknown
from scanner.sources.arm.functions.function import too_long
from scanner.sources.arm.values import MAX_TEXT, EvaluationError, first_unknown, joined, unknown_call

_HOLE: Final = re.compile(r"\{\{|\}\}|\{(\d{1,4})\s*(?:,\s*(-?\d{1,4})\s*)?(?::([^{}]*))?\}|[{}]")
_STANDARD: Final = re.compile(r"([A-Za-z])(\d{0,2})\Z")


def format_text(template: str, values: Sequence[Any], to_text: Callable[[Any], str]) -> Any:
    """Return the filled template: a str, or a Token where a value is not known."""
    parts: list[Any] = []
    end = length = 0
    for match in _HOLE.finditer(template):
        parts.append(template[end : match.start()])
        end = match.end()
        if match[0] in ("{{", "}}"):
            parts.append(match[0][0])
        elif match[1] is None:
            raise EvaluationError(f"format() cannot read its text: '{match[0]}' at character {match.start() + 1}")
        else:
            index = int(match[1])
            if index >= len(values):
                raise EvaluationError(f"format() has no value for {{{index}}}")
            parts.append(_filled(values[index], match[2], match[3], to_text))
        if isinstance(parts[-1], str):
            length += len(parts[-1])
            if length > MAX_TEXT:
                raise too_long()
    parts.append(template[end:])
    return joined(parts)


def _filled(value: Any, width: str | None, form: str | None, to_text: Callable[[Any], str]) -> Any:
    if isinstance(value, Unknown):
        return value if not form and not width else unknown_call(f"format{form or ''}", (value,))
    if isinstance(value, (list, dict)) and first_unknown([value]):
        return unknown_call("string", (value,))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    text = number_text(value, form) if form and is_number else to_text(value)
    if width is None:
        return text
    columns = int(width)
    return text.ljust(-columns) if columns < 0 else text.rjust(columns)


def number_text(value: float, form: str) -> str:
    """Return ``value`` in a number format. Raises :class:`EvaluationError` for one that is not known here."""
    match = _STANDARD.match(form)
    if match is None:
        return _custom(value, form)
    letter, digits = match[1], match[2]
    count = int(digits) if digits else None
    upper = letter.upper()
    if upper == "D" and isinstance(value, int):
        text = str(abs(value)).rjust(count or 0, "0")
        return f"-{text}" if value < 0 else text
    if upper == "X" and isinstance(value, int):
        text = f"{value & 0xFFFFFFFFFFFFFFFF if value < 0 else value:x}".rjust(count or 0, "0")
        return text.upper() if letter == "X" else text
    if upper in ("F", "N", "P"):
        places = 2 if count is None else count
        if upper == "P":
            return f"{value * 100:,.{places}f} %"
        return f"{value:,.{places}f}" if upper == "N" else f"{value:.{places}f}"
    if upper in ("G", "R"):
        return str(value)
    raise EvaluationError(f"format() does not know the number format '{form}'")


def _custom(value: float, form: str) -> str:
    if not form.strip("0#,.") and form.count(".") < 2:
        whole, _, fraction = form.partition(".")
        zeros = whole.count("0")
        text = f"{abs(value):{',' if ',' in whole else ''}.{len(fraction)}f}"
        digits, _, rest = text.partition(".")
        rest = rest[: fraction.rfind("0") + 1] + rest[fraction.rfind("0") + 1 :].rstrip("0")
        text = digits.rjust(zeros, "0") + (f".{rest}" if rest else "")
        return f"-{text}" if value < 0 else text
    raise EvaluationError(f"format() does not know the number format '{form}'")
