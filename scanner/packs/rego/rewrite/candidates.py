"""The cheap question what a source can need: searches for fixed texts, patterns only behind them.

Nearly all modules need nothing, and all are asked at every start.
"""

import re
from enum import Flag, auto

from scanner.packs.rego.builtins import ARITIES
from scanner.packs.rego.rewrite.tokens import KEYWORDS

_NEGATION = re.compile(
    # Not followed by a name or a reference alone, which stays as it is.
    r"""not\b(?![ \t]+[A-Za-z_][\w.]*(?:\[(?:\w+|"[^"\\\n]*")\])*[ \t\r]*(?:$|[;}\]#]))""",
    re.MULTILINE,
)
_MINUS = re.compile(r"-\s*[A-Za-z_]")
_WANT_OPERAND = frozenset("-+*/%&|=<>,;:({[")
_WANT_OPERAND_WORDS = ("if", "in", "not")
_PARTS = [(f".{keyword}", f"{keyword}.", keyword) for keyword in sorted(KEYWORDS)]
_CALLS = ("walk(", *(f"{name}(" for name in ARITIES))


class Need(Flag):
    """Kinds of changes."""

    NOTHING = 0
    TEMPLATES = auto()
    IMPORTS = auto()
    KEYWORDS = auto()
    CALLS = auto()
    METADATA = auto()
    NEGATION = auto()


def needs(text: str) -> Need:
    """Return what a source may need."""
    found = Need.NOTHING
    if "$" in text and ('$"' in text or "$`" in text):
        found |= Need.TEMPLATES
    if "future" in text:
        found |= Need.IMPORTS
    if "rego.metadata." in text:
        found |= Need.METADATA
    if any(call in text for call in _CALLS) or ("-" in text and _has_minus(text)):
        found |= Need.CALLS
    if "not" in text and _has_negation(text):
        found |= Need.NEGATION
    if any((behind in text or before in text) and _is_part(text, keyword) for behind, before, keyword in _PARTS):
        found |= Need.KEYWORDS
    return found


def _has_minus(text: str) -> bool:
    """Say whether a minus stands where an operand has to be."""
    ends = (_before(text, found.start(), " \t\r\n") for found in _MINUS.finditer(text))
    return any(text[end - 1 : end] in _WANT_OPERAND or text.endswith(_WANT_OPERAND_WORDS, 0, end) for end in ends)


def _has_negation(text: str) -> bool:
    """Say whether a negation of more than a reference stands where a statement starts."""
    ends = (_before(text, found.start(), " \t") for found in _NEGATION.finditer(text))
    return any(text[end - 1 : end] in "\n{;|" or text[end - 2 : end] == "if" for end in ends)


def _before(text: str, at: int, spaces: str) -> int:
    """Return the offset behind the last character before an offset that is no space."""
    while at > 0 and text[at - 1] in spaces:
        at -= 1
    return at


def _is_part(text: str, keyword: str) -> bool:
    """Say whether a keyword, and not a longer name, is a part of a reference."""
    return re.search(rf"\.{keyword}\b|\b{keyword}\.", text) is not None
