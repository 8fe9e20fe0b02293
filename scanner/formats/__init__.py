"""Formats: a Report as text, SARIF or JSON, each behind :class:`scanner.formats.interface.Format`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.formats.interface import Format

FORMATS: Mapping[str, str] = {
    "text": "scanner.formats.text:TextFormat",
    "json": "scanner.formats.json_report:JsonFormat",
    "sarif": "scanner.formats.sarif:SarifFormat",
}
"""Name → ``module:Class``. A run pays only for the formats it writes."""


def format_named(name: str) -> "Format":
    """Return the Format of that name, loaded now; raises UsageError with the valid names."""
    target = FORMATS.get(name)
    if target is None:
        raise UsageError(
            f"cannot write a report: unknown format '{name}'",
            hint=f"the formats are {', '.join(FORMATS)}, as in --report sarif=out.sarif",
        )
    from importlib import import_module

    module, _, class_name = target.partition(":")
    found: Format = getattr(import_module(module), class_name)()
    return found
