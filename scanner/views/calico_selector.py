"""Calico's selectors: ``has(app) && projectcalico.org/name not in {"kube-system"}``.

Source: Calico documentation, *Selectors* in the reference of GlobalNetworkPolicy.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from scanner.views.expressions import Expression, Tokens, holds, parse

_WORD = re.compile(r"""\s+ | && | \|\| | == | != | [!(){},] | [\w./-]+ | "[^"]*" | '[^']*' """, re.VERBOSE)
_QUOTES = "\"'"
_TWO_WORDS = {"not": "in", "starts": "with", "ends": "with"}


class Requirement(NamedTuple):
    """One condition on one label; ``all()`` and ``global()`` have no label."""

    label: str
    operator: str
    """``has``, ``==``, ``!=``, ``in``, ``not in``, ``contains``, ``starts with``, ``ends with``, ``all``,
    ``global``."""
    values: tuple[str, ...] = ()


def selected(selector: str, labels: Mapping[str, str], *, complete: bool = True) -> bool | None:
    """Return whether a Calico selector matches ``labels``; the empty selector matches everything.

    Where ``labels`` are not ``complete``, one that is absent may have any value, and the answer may be None: it
    depends. Raises ValueError where the selector cannot be read.
    """
    expression = _parsed(selector.strip() or "all()")
    return holds(expression, lambda requirement: _decided(requirement, labels, complete))


@lru_cache(maxsize=1024)
def _parsed(selector: str) -> Expression:
    return parse(selector, _WORD, _requirement)


def _decided(requirement: Requirement, labels: Mapping[str, str], complete: bool) -> bool | None:
    label, operator, values = requirement
    if operator in ("all", "global"):
        return operator == "all"
    if label not in labels and not complete:
        return None
    value = labels.get(label)
    known = isinstance(value, str)
    match operator:
        case "has":
            return known
        case "!=" | "not in":
            return not known or value not in values
        case "==" | "in":
            return known and value in values
        case "contains":
            return known and values[0] in str(value)
        case "starts with":
            return known and str(value).startswith(values[0])
        case _:
            return known and str(value).endswith(values[0])


def _requirement(tokens: Tokens) -> Requirement:
    word = tokens.take()
    if word in ("all", "global", "has") and tokens.takes("("):
        label = tokens.take() if word == "has" else ""
        tokens.take(")")
        return Requirement(label, word)
    operator = tokens.take("==", "!=", "in", "not", "contains", "starts", "ends")
    if operator in _TWO_WORDS:
        operator = f"{operator} {tokens.take(_TWO_WORDS[operator])}"
    return Requirement(word, operator, _set(tokens) if operator.endswith("in") else (_value(tokens),))


def _set(tokens: Tokens) -> tuple[str, ...]:
    tokens.take("{")
    values: list[str] = []
    while not tokens.takes("}"):
        if values:
            tokens.take(",")
        values.append(_value(tokens))
    return tuple(values)


def _value(tokens: Tokens) -> str:
    word = tokens.take()
    if word[0] not in _QUOTES:
        raise ValueError(f"expected a value in quotes, found {word!r}")
    return word[1:-1]
