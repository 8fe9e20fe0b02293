"""An Estate from a file, or from the files of a folder, or everything that is wrong with them.

What cannot be resolved at all (a tier that no one declared) is an error here; what contradicts itself is told by
:mod:`scanner.estate.validate`.
"""

import os

from scanner.errors import Diagnostic, EstateError
from scanner.estate.estate import Estate, estate_of
from scanner.estate.merge import Merged
from scanner.estate.references import structural
from scanner.validation import Text, faults, read_text, shown, validate

SUFFIXES = (".yaml", ".yml")


def load_estate(path: str) -> Estate:
    """Return the Estate of a file, or of all ``*.yaml`` files directly in a folder, merged in the order of their names.

    Raises EstateError with one detail per fault, each with file, line and column.
    """
    read = [read_text(file) for file in _files(path)]
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
    return estate


def _files(path: str) -> list[str]:
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
