"""The file of what was accepted of live Resources."""

import json
import os
from typing import Any

from scanner.drift.accepted import Accepted
from scanner.errors import BaselineError

_VERSION = "drift/v1"
_HINT = "write it anew with 'bulkhead drift … --accept FILE', or restore it"


def write_accepted(path: str, accepted: Accepted) -> None:
    """Write ``accepted`` to ``path``, sorted, as a whole or not at all. Raises BaselineError."""
    text = json.dumps({"version": _VERSION, "resources": accepted}, indent=1, sort_keys=True) + "\n"
    try:
        with open(f"{path}.new", "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(f"{path}.new", path)
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise BaselineError(f"cannot write {path}: {cause}", hint="choose a path that can be written") from error


def read_accepted(path: str) -> Accepted:
    """Return what the file at ``path`` holds. Raises BaselineError for what is no such file."""
    try:
        with open(path, encoding="utf-8") as stream:
            value: Any = json.load(stream)
    except OSError as error:
        raise BaselineError(f"cannot read {path}: {(error.strerror or str(error)).lower()}", hint=_HINT) from error
    except ValueError as error:
        raise BaselineError(f"cannot read {path}: it is no JSON", hint=_HINT) from error
    resources = value.get("resources") if isinstance(value, dict) and value.get("version") == _VERSION else None
    if not isinstance(resources, dict) or not all(map(_is_resource, resources.values())):
        raise BaselineError(f"cannot use {path}: it is no file of accepted drift ({_VERSION})", hint=_HINT)
    return resources


def _is_resource(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(digest, str) for digest in value.values())
