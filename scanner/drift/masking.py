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
    r"pass(word|wd|phrase)?$|secret|token|api_?key|access_?key|private_?key|credential|conn(ection)?_?str"
    r"|authorization$|cookie$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(name|refs?|id|uri|url|path|policy|enabled|version|store|mount|type|bits)$", re.IGNORECASE)
_NO_VALUES = frozenset(("secret", "secrets", "imagePullSecrets", "automountServiceAccountToken", "serviceAccountToken"))
"""Words of the Kubernetes API for things that hold secrets elsewhere."""
_IN_TEXT = re.compile(
    r"://[^/\s:@]+:[^/\s@]+@"
    r"|(passw(or)?d|passphrase|pwd|secret|token|api_?key|accountkey|sharedaccesskey|authorization|\bsig)[\"']?\s*[=:]"
    r"|BEGIN [A-Z ]*PRIVATE KEY|\b(bearer|basic)\s+\S{8}",
    re.IGNORECASE,
)
_GENERATED = re.compile(r"(?<![A-Za-z0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{20,}")
"""Letters of both cases and digits without a pause, as generators of passwords and keys write them: no name, digest or
GUID looks so."""
_FLAG = re.compile(r"^--?[\w-]*(passw(or)?d|pwd|secret|token|api-?key|user)$|^-[up]$", re.IGNORECASE)
"""An argument after which a secret stands."""
_VARIABLES = "env"
_WORDS = ("value", "args", "command")
_ENCODED = "binaryData"


def is_secret(path: Path, above: tuple[Any, ...], *values: Any) -> bool:
    """Whether a value at ``path`` may be a secret: by the names on its way, its environment variable, or its look."""
    for step in path:
        if isinstance(step, str) and (step.lower() in NAMES or _NAME.search(step)) and not _is_reference(step):
            return True
    if _ENCODED in path or (_VARIABLES in path and path[-1] in ("value", _VARIABLES)):
        return True  # what is in a variable is anybody's guess, whatever it is called
    beside = above[-1] if above and isinstance(above[-1], dict) else {}
    name = beside.get("name")
    if path and path[-1] in _WORDS and isinstance(name, str) and _NAME.search(name):
        return True
    words = above[-1] if above and isinstance(above[-1], list) else ()
    return any(_looks_secret(value) for value in values) or any(map(_is_flag, words))


def veiled(attributes: Any, path: Path) -> Any:
    """Return ``attributes`` with the element at the end of ``path`` told by its number: its own text is not to be read.

    For what names elements by their text; everything beside the way to it is as it was.
    """
    last = max((number for number, step in enumerate(path) if isinstance(step, int)), default=None)
    return attributes if last is None else _replaced(attributes, path[: last + 1])


def _replaced(value: Any, path: Path) -> Any:
    step, *rest = path
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        if not rest and isinstance(value[step], dict) and isinstance(value[step].get("name"), str):
            return value  # it is told by its name
        below = _replaced(value[step], tuple(rest)) if rest else f"element {step + 1}"
        return [*value[:step], below, *value[step + 1 :]]
    if isinstance(value, dict) and step in value:
        return {**value, step: _replaced(value[step], tuple(rest)) if rest else value[step]}
    return value


def shown(value: Any, *, secret: bool) -> str:
    """Return ``value`` as a message has it: short, on one line, never a secret."""
    if secret:
        return HIDDEN
    text = value if isinstance(value, str) else json.dumps(_redacted(value), ensure_ascii=False, default=str)
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"'{text}'" if isinstance(value, str) else text


def written(value: Any, *, secret: bool) -> str:
    """Return ``value`` as a comparison has it: on several lines where it is large, never a secret."""
    if secret:
        return HIDDEN
    text = value if isinstance(value, str) else json.dumps(_redacted(value), ensure_ascii=False, default=str, indent=2)
    lines = [line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…" for line in text.splitlines()]
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], f"… {more} more lines"] if more > 0 else lines)


def _redacted(value: Any) -> Any:
    """Return ``value`` without what its environment variables hold."""
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [_without_value(one) for one in below]
        if key == _VARIABLES and isinstance(below, list)
        else _redacted(below)
        for key, below in value.items()
    }


def _without_value(variable: Any) -> Any:
    is_set = isinstance(variable, dict) and "value" in variable
    return {**variable, "value": HIDDEN} if is_set else variable


def _is_flag(word: Any) -> bool:
    return isinstance(word, str) and _FLAG.search(word) is not None


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
        return any(_looks_secret(one) or _is_flag(one) for one in value)
    return isinstance(value, str) and bool(_IN_TEXT.search(value) or _GENERATED.search(value))
