"""Colours for a terminal, by what they mean; without colour every text stands as it is."""

from scanner.model.severity import Severity

_CODES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "bold": "1",
    "dim": "2",
    "file": "1",
    "good": "1;32",
    "bad": "1;31",
    "warn": "1;33",
    "fix": "32",
}
"""Style → SGR parameters: the sixteen colours that every terminal theme defines, so that its contrast is the user's."""


class Paint:
    """Paints text that has been made printable; knows whether colour is wanted."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, style: str, text: str) -> str:
        """Return ``text`` in that style."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._color and text else text

    def severity(self, severity: Severity, text: str) -> str:
        """Return ``text`` in the colour of a severity."""
        return self(severity.label, text)
