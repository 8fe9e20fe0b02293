"""Formats written to a string."""

from typing import Any

from scanner.formats import format_named
from scanner.formats.interface import Presentation
from scanner.report import Report


def rendered(name: str, about: Report, **choices: Any) -> str:
    """Return what the format of that name writes of ``about``."""
    return "".join(format_named(name).render(about, Presentation(**choices)))
