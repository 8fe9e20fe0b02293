"""The cheap question whether a source can need any change at all: searches for fixed texts, patterns only behind them.

Nearly all modules need none, and all are asked at every start.
"""

import re
from collections.abc import Callable, Iterable

from scanner.packs.rego.rewrite.tokens import KEYWORDS

_NEGATED = re.compile(r"\bnot\b[^\n]*(?:[(.\[<>!+*/%&|-]|\bin\b)")
_MINUS = re.compile(r"-\s*[A-Za-z_]")
_BEFORE_MINUS = re.compile(r"(?:[-+*/%&|=<>,;:({\[]|\b(?:if|in|not))\s*\Z")
_IN_REFERENCE = {keyword: re.compile(rf"\.{keyword}\b|\b{keyword}\.") for keyword in KEYWORDS}


def candidate(text: str, functions: Iterable[str]) -> bool:
    """Say whether a source may need a change. `functions` are the names of the built-ins that are ours."""
    return (
        _has_template(text)
        or "walk(" in text
        or "future" in text
        or "rego.metadata." in text
        or any(f"{name}(" in text for name in functions)
        or ("not" in text and _NEGATED.search(text) is not None)
        or ("-" in text and _has_minus(text))
        or _has_keyword(text)
    )


def _has_template(text: str) -> bool:
    return "$" in text and ('$"' in text or "$`" in text)


def _has_minus(text: str) -> bool:
    """Say whether a minus stands where an operand has to be."""
    return any(
        _BEFORE_MINUS.search(text, max(0, minus.start() - 80), minus.start()) is not None
        for minus in _MINUS.finditer(text)
    )


def _has_keyword(text: str) -> bool:
    """Say whether a keyword is a part of a reference."""
    is_part: Callable[[str], bool] = lambda keyword: f".{keyword}" in text or f"{keyword}." in text  # noqa: E731
    return any(is_part(keyword) and _IN_REFERENCE[keyword].search(text) is not None for keyword in KEYWORDS)
