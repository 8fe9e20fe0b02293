"""An Estate from a file, or from the files of a folder, or everything that is wrong with them.

What cannot be resolved at all (a tier that no one declared) is an error here; what contradicts itself is told by
:mod:`scanner.estate.validate`.
"""

import os
from typing import Any, NamedTuple

from scanner.errors import Diagnostic, EstateError
from scanner.estate.estate import Estate, estate_of
from scanner.estate.merge import Merged
from scanner.estate.references import structural
from scanner.validation import Text, faults, read_text, shown, validate

SUFFIXES = (".yaml", ".yml")


class Declared(NamedTuple):
    """An Estate, and the data it was made of."""

    estate: Estate
    data: dict[str, Any]
    """All files merged, keys and values as they are written."""


def load_estate(path: str) -> Estate:
    """Return the Estate of a file, or of all ``*.yaml`` files directly in a folder, merged in the order of their names.

    Raises EstateError with one detail per fault, each with file, line and column.
    """
    return read_estate(path).estate


def read_estate(path: str) -> Declared:
    """As :func:`load_estate`, with the data itself."""
    read = [read_text(file) for file in files_of(path)]
    texts = [text for text in read if isinstance(text, Text)]
    if len(texts) < len(read):
        raise _error(path, [fault for text in read if not isinstance(text, Text) for fault in text])
    merged = Merged(texts)
    found = merged.errors + validate(merged, "estate")
    if found:
        raise _error(path, found)
    estate = estate_of(merged.value, merged.positions)
    found = [Diagnostic(*estate.place(fault.path), f"{fault.subject}: {fault.message}") for fault in structural(estate)]
    if found:
        raise _error(path, found)
    merged.positions.forget()
    return Declared(estate, merged.value)


def files_of(path: str) -> list[str]:
    """Return the files that the Estate at ``path`` is read from. Raises EstateError for a folder without any."""
    if not os.path.isdir(path):
        return [path]
    try:
        names = sorted(entry.name for entry in os.scandir(path) if entry.is_file())
    except OSError as error:
        raise EstateError(f"cannot read estate {shown(path)}: {(error.strerror or str(error)).lower()}") from None
    files = [os.path.join(path, name) for name in names if name.endswith(SUFFIXES) and not name.startswith(".")]
    if not files:
        raise EstateError(f"cannot read estate {shown(path)}: the folder holds no .yaml file")
    return files


def _error(path: str, found: list[Diagnostic]) -> EstateError:
    return EstateError(f"cannot use estate {shown(path)}: it has {faults(found)}", details=found)
