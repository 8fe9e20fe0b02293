"""HTML written by hand: text of inputs is escaped here, and elements are built nowhere else."""

import re
from html import escape

from scanner.formats.printable import printable


def text(value: str) -> str:
    """Return ``value`` as text or the value of a quoted attribute."""
    return escape(printable(value), quote=True)


def prose(value: str) -> str:
    """Return ``value`` as text, words between backticks as code: the fix of a rule is a sentence of a Markdown page."""
    return re.sub(r"`([^`\s][^`]*)`", r"<code>\1</code>", text(value))


def link(label: str, address: str) -> str:
    """Return ``label``, which is HTML already, as a link; without a web address, the label alone."""
    if not re.match(r"https?://", address):
        return label
    return f'<a href="{text(address)}" rel="noreferrer">{label}</a>'
