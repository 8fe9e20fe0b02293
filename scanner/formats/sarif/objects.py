"""SARIF objects as plain data.

sarif-om has the classes of SARIF 2.1.0, generated from its schema, but no writer; each attribute knows its name in the
file. What is not given is left out; other defaults stay (``kind`` and ``level`` above all), since not every reader
fills them in.
"""

from collections.abc import Mapping
from typing import Any

_ABSENT = (-1, -1.0)
"""What sarif-om writes for "not given", beside None."""
_NAMES: dict[type, tuple[tuple[str, str], ...]] = {}  # a memo of what classes are like: it never changes


def plain(value: Any) -> Any:
    """Return ``value`` with every sarif-om object in it as a dict, in the order of its attributes."""
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    found: dict[str, Any] = {}
    for attribute, name in _names(type(value)):
        content = getattr(value, attribute)
        if content is not None and content not in _ABSENT:
            found[name] = plain(content)
    return found


def _names(class_: type) -> tuple[tuple[str, str], ...]:
    """Return (attribute, name in the file) of every attribute of a sarif-om class."""
    known = _NAMES.get(class_)
    if known is None:
        fields: Any = class_.__attrs_attrs__  # type: ignore[attr-defined]  # attrs sets it on its classes
        known = _NAMES[class_] = tuple((field.name, field.metadata["schema_property_name"]) for field in fields)
    return known
