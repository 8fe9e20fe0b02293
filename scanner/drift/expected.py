"""Differences that somebody else makes on purpose: autoscalers, injectors, operators."""

from collections.abc import Mapping
from typing import Any

from scanner.drift.facts import Expected, Fact
from scanner.model.path import parse_path, value_at

_ANY_VALUE = "*"
_BESIDE = "^."


def is_written_by_others(fact: Fact, live: Mapping[str, Any], above: tuple[Any, ...], *, azure: bool) -> str:
    """Return why a difference at an attribute is meant; empty where it is not.

    ``above`` holds the live values on the way to the attribute, the nearest last.
    """
    for one in fact.expected:
        if not one.element and _holds(one, live, above, azure):
            return one.reason
    return ""


def whose_element(fact: Fact, element: Any) -> str:
    """Return who adds such an element to a list; empty where nobody is known to."""
    if not isinstance(element, dict):
        return ""
    for one in fact.expected:
        if one.element and all(element.get(key) in names for key, names in one.element.items()):
            return one.reason
    return ""


def _holds(one: Expected, live: Mapping[str, Any], above: tuple[Any, ...], azure: bool) -> bool:
    for text, wanted in one.when.items():
        if text.startswith(_BESIDE):
            beside = next((value for value in reversed(above) if isinstance(value, dict)), {})
            found = value_at(beside, parse_path(text.removeprefix(_BESIDE)))
        else:
            found = value_at(live, parse_path(text))
        if wanted == _ANY_VALUE:
            if found is None:
                return False
        elif found != wanted and not (azure and str(found).casefold() == str(wanted).casefold()):
            return False
    return True
