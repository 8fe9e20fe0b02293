"""Values that may be secrets, and how values are written in messages."""

import json
import re
from typing import Any

from scanner.model.path import Path
from scanner.sources.azure.secrets import NAMES

HIDDEN = "(not shown)"
_LONGEST = 60
_WIDEST = 200
_MOST_LINES = 30
_NAME = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|api_?key|access_?key|private_?key|credential|conn(ection)?_?str",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(name|refs?|id|uri|url|path|policy|enabled|version|store|mount|type|bits)$", re.IGNORECASE)
_NO_VALUES = frozenset(("secret", "secrets", "imagePullSecrets", "automountServiceAccountToken", "serviceAccountToken"))
"""Words of the Kubernetes API for things that hold secrets elsewhere."""
_IN_TEXT = re.compile(
    r"://[^/\s:@]+:[^/\s@]+@|(password|pwd|secret|token|accountkey|sharedaccesskey|sig)\s*[=:]"
    r"|BEGIN [A-Z ]*PRIVATE KEY",
    re.IGNORECASE,
)


def is_secret(path: Path, above: tuple[Any, ...], *values: Any) -> bool:
    """Whether a value at ``path`` may be a secret: by the names on its way, its environment variable, or its look."""
    for step in path:
        if isinstance(step, str) and (step.lower() in NAMES or _NAME.search(step)) and not _is_reference(step):
            return True
    beside = above[-1] if above and isinstance(above[-1], dict) else {}
    name = beside.get("name")
    if path and path[-1] in ("value", "args", "command") and isinstance(name, str) and _NAME.search(name):
        return True
    return any(_looks_secret(value) for value in values)


def shown(value: Any, *, secret: bool) -> str:
    """Return ``value`` as a message has it: short, on one line, never a secret."""
    if secret:
        return HIDDEN
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"'{text}'" if isinstance(value, str) else text


def written(value: Any, *, secret: bool) -> str:
    """Return ``value`` as a comparison has it: on several lines where it is large, never a secret."""
    if secret:
        return HIDDEN
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str, indent=2)
    lines = [line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…" for line in text.splitlines()]
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], f"… {more} more lines"] if more > 0 else lines)


def _is_reference(step: str) -> bool:
    """Whether a key speaks of where a secret is, not of the secret: ``secretName``, ``secretKeyRef``."""
    return step in _NO_VALUES or _REFERENCE.search(step) is not None


def _names_secret(key: str, value: Any) -> bool:
    """Whether a key says that its value is a secret: by the list, or, of a text, by its sound."""
    sounds = isinstance(value, str) and _NAME.search(key) is not None and not _is_reference(key)
    return key.lower() in NAMES or sounds


def _looks_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(
            (isinstance(key, str) and _names_secret(key, below)) or _looks_secret(below) for key, below in value.items()
        ) or bool(isinstance(value.get("name"), str) and "value" in value and _NAME.search(value["name"]))
    if isinstance(value, list):
        return any(map(_looks_secret, value))
    return isinstance(value, str) and bool(_IN_TEXT.search(value))
