"""Writes a syntax tree as nested parentheses, so that a test can state a whole tree in one line."""

from typing import Any

from scanner.sources.bicep.syntax.nodes import Node


def outline(value: Any) -> str:
    """Return ``value`` as text: class names and what is in the slots, in their alphabetic order."""
    if isinstance(value, Node):
        parts = (outline(getattr(value, slot)) for slot in type(value).__slots__)
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(outline, value))}]"
    return repr(value)
