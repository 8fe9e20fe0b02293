"""Fingerprints: identity of a Finding that survives moved files, renamed headings and reordered lists."""

import hashlib
import json
from typing import Any

from scanner.engine.projection import NAMING_KEYS
from scanner.model.path import Path, format_path


def tag_of(attributes: Any, at: Path) -> str:
    """Return ``at`` with every list index replaced by what identifies the element: ``containers[name=web].image``.

    A naming key counts only where no other element has the same value. Without one the element's own text stands for
    it, so that reordering changes nothing.
    """
    if not any(isinstance(step, int) for step in at):
        return format_path(at)
    parts: list[str] = []
    value = attributes
    for step in at:
        if isinstance(step, int):
            siblings = value if isinstance(value, list) else []
            value = siblings[step] if step < len(siblings) else None
            parts.append(f"[{_identity(value, siblings)}]")
        else:
            value = value.get(step) if isinstance(value, dict) else None
            parts.append(format_path((step,)) if not parts else "." + format_path((step,)))
    return "".join(parts)


def fingerprint(rule: str, resource: str, tag: str) -> str:
    """Return 32 hexadecimal digits over rule id, resource key and tag."""
    return hashlib.sha256(f"{rule}\0{resource}\0{tag}".encode(errors="backslashreplace")).hexdigest()[:32]


def _identity(element: Any, siblings: list[Any]) -> str:
    if isinstance(element, dict):
        for key in NAMING_KEYS:
            named = element.get(key)
            if isinstance(named, str | int) and _count(siblings, key, named) == 1:
                return f"{key}={named}"
    try:
        text = json.dumps(element, sort_keys=True, default=str)
    except (RecursionError, ValueError, TypeError):
        text = type(element).__name__
    return text if len(text) <= 40 else hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:12]


def _count(siblings: list[Any], key: str, named: str | int) -> int:
    return sum(isinstance(other, dict) and other.get(key) == named for other in siblings)
